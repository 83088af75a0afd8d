"""Knowledge from files as others publish or keep it."""

import json

import pytest

from prodsim.errors import CatalogError
from prodsim.knowledge import Concept, Node, Taxonomy, Thesaurus, cycles, read_knowledge

GOOGLE = """# Google_Product_Taxonomy_Version: 2021-09-21
1 - Animals & Pet Supplies
166 - Apparel & Accessories
1604 - Apparel & Accessories > Clothing
"""
SHOPIFY = {
    "version": "2024-10",
    "verticals": [
        {
            "name": "Animals",
            "categories": [
                {"id": "gid://shopify/TaxonomyCategory/ap", "name": "Animals", "full_name": "Animals"},
                {
                    "id": "gid://shopify/TaxonomyCategory/ap-1",
                    "name": "Live Animals",
                    "full_name": "Animals > Live Animals",
                    "attributes": [{"name": "Age group"}],
                },
            ],
        }
    ],
}
WORDNET = (
    "  1 This software and database is being provided\n"
    "04256520 06 n 03 sofa 0 couch 0 lounge 1 001 @ 04161981 n 0000 | an upholstered seat  \n"
    "04161981 06 n 01 seat 3 000 | furniture that is designed for sitting on  \n"
)


def written(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_googles_taxonomy_is_read_with_and_without_numbers(tmp_path):
    read = read_knowledge(written(tmp_path, "taxonomy.txt", GOOGLE))
    plain = read_knowledge(written(tmp_path, "plain.txt", GOOGLE.replace("166 - ", "").replace("1604 - ", "")))

    assert isinstance(read, Taxonomy)
    assert isinstance(plain, Taxonomy)
    assert read.version == "2021-09-21"
    assert read.nodes[2] == Node("1604", ("Apparel & Accessories", "Clothing"))
    assert plain.nodes[2].path == read.nodes[2].path


def test_shopifys_taxonomy_is_read_with_its_attributes(tmp_path):
    read = read_knowledge(written(tmp_path, "categories.json", json.dumps(SHOPIFY)))

    assert isinstance(read, Taxonomy)
    assert (read.version, read.nodes[1].name) == ("2024-10", "Animals > Live Animals")
    assert read.nodes[1].attributes == ("Age group",)


def test_wordnet_is_read_with_what_is_wider(tmp_path):
    read = read_knowledge(written(tmp_path, "data.noun", WORDNET))

    assert isinstance(read, Thesaurus)
    assert read.concepts == (Concept(("sofa", "couch", "lounge"), ("seat",)), Concept(("seat",)))


@pytest.mark.parametrize(
    "text",
    [
        "term,same,broader\nsofa,couch | settee,seating\n",
        "prefLabel;altLabel;broader\nsofa;couch | settee;seating\n",
        "\ufeffTerm\tSynonyms\tParent\nsofa\tcouch; settee\tseating\n",
    ],
)
def test_a_table_of_terms_is_read_however_its_columns_are_called(tmp_path, text):
    read = read_knowledge(written(tmp_path, "words.csv", text))

    assert isinstance(read, Thesaurus)
    assert read.concepts[0] == Concept(("sofa", "couch", "settee"), ("seating",))


def test_lines_as_search_engines_read_them_are_read(tmp_path):
    read = read_knowledge(written(tmp_path, "synonyms.txt", "# ours\nsofa, couch\nipod => i-pod\n土豆，马铃薯\n"))

    assert isinstance(read, Thesaurus)
    assert [own.names for own in read.concepts] == [("sofa", "couch"), ("ipod", "i-pod"), ("土豆", "马铃薯")]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no terms"),
        ("sofa\n", "Line 1 has one word alone"),
        ("{]", "no JSON"),
        ('{"nodes": []}', "no “verticals”"),
        ("term,same\n,\n", "no terms"),
        ("1 - Animals\n - > \n", "Line 2 is no category"),
        (f"sofa,{'x' * 300}\n", "longer than a name"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(tmp_path, text, problem):
    with pytest.raises(CatalogError, match=problem):
        read_knowledge(written(tmp_path, "file.txt", text))


def test_what_is_no_text_or_not_there_is_refused(tmp_path):
    (tmp_path / "words.csv").write_bytes(b"term,same\nsof\xe4,couch\n")

    with pytest.raises(CatalogError, match="UTF-8"):
        read_knowledge(tmp_path / "words.csv")
    with pytest.raises(CatalogError, match="cannot be read"):
        read_knowledge(tmp_path / "none.csv")


def test_rings_are_found():
    sound = Thesaurus.of("sound", [Concept(("sofa",), ("seat",)), Concept(("seat",), ("furniture",))])
    ring = Thesaurus.of("ring", [Concept(("sofa",), ("seat",)), Concept(("seat",), ("sofa",))])

    assert cycles(sound) == []
    assert cycles(ring) == [("sofa", "seat", "sofa")]


def test_a_refused_line_is_named_by_its_number_in_the_file(tmp_path):
    path = written(tmp_path, "words.txt", "# ours\n\nsofa, couch\n\nlonely\n")

    with pytest.raises(CatalogError, match="Line 5 has one word alone"):
        read_knowledge(path)


def test_a_table_may_begin_with_notes(tmp_path):
    read = read_knowledge(written(tmp_path, "terms.csv", "# of 2026\n\nterm,same\nsofa,couch\n"))

    assert read.concepts == (Concept(("sofa", "couch")),)


@pytest.mark.parametrize(
    "given",
    [
        {"verticals": ["animals", {"categories": "all"}, {"categories": ["a", None]}]},
        {"verticals": [{"categories": [{"name": ["x"], "attributes": [1, "size"]}]}]},
    ],
)
def test_a_taxonomy_of_another_shape_is_no_crash(tmp_path, given):
    path = written(tmp_path, "categories.json", json.dumps(given))

    try:
        read = read_knowledge(path)
    except CatalogError as error:
        assert "no categories" in str(error)
    else:
        assert [node.attributes for node in read.nodes] == [()]


def test_a_cut_line_of_wordnet_is_refused_with_its_number(tmp_path):
    path = written(tmp_path, "data.noun", WORDNET.replace("0 couch 0 lounge 1 001 @ 04161981 n 0000", "0 cou"))

    with pytest.raises(CatalogError, match="Line 2 ends before its words do"):
        read_knowledge(path)


SKOS = "http://www.w3.org/2004/02/skos/core#"
TURTLE = f"""@prefix skos: <{SKOS}> .
@prefix : <http://shop.example/> .
:sofa a skos:Concept ; skos:prefLabel "sofa"@en, "Sofa"@de ; skos:altLabel "couch"@en ; skos:broader :furniture .
:furniture a skos:Concept ; skos:prefLabel "furniture"@en .
"""
RDF_XML = f"""<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="{SKOS}">
<skos:Concept rdf:about="http://shop.example/furniture"><skos:prefLabel xml:lang="en">furniture</skos:prefLabel>
<skos:narrower rdf:resource="http://shop.example/sofa"/></skos:Concept>
<skos:Concept rdf:about="http://shop.example/sofa"><skos:prefLabel xml:lang="en">sofa</skos:prefLabel>
<skos:prefLabel xml:lang="de">Sofa</skos:prefLabel><skos:altLabel xml:lang="en">couch</skos:altLabel></skos:Concept>
</rdf:RDF>
"""


@pytest.mark.parametrize("text", [TURTLE, RDF_XML], ids=["Turtle", "RDF/XML"])
def test_skos_is_read_with_labels_of_all_languages_and_what_is_wider(tmp_path, text):
    path = tmp_path / "things.rdf"
    path.write_text(text, encoding="utf-8")

    assert list(read_knowledge(path).concepts) == [
        Concept(("furniture",)),
        Concept(("sofa", "Sofa", "couch"), ("furniture",)),
    ]


def test_damaged_skos_is_refused(tmp_path):
    path = tmp_path / "things.ttl"
    path.write_text(TURTLE[:-20], encoding="utf-8")

    with pytest.raises(CatalogError, match="It is no SKOS"):
        read_knowledge(path)
