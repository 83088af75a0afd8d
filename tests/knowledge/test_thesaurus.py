"""Thesauri: names of the same, of something narrower and of something wider."""

from prodsim.knowledge import Concept, Knowledge, Thesaurus, built_in

SEATS = Thesaurus(
    "seats",
    (
        Concept(("sofa", "couch", "沙发"), ("seating",)),
        Concept(("sofa bed", "day bed"), ("sofa",)),
        Concept(("seating", "seats")),
    ),
)


def alternatives(knowledge, text):
    return {one.name: one.relation for mention in knowledge.mentions(text) for one in mention.alternatives}


def test_a_name_has_the_same_the_narrower_and_the_wider_ones():
    assert alternatives(Knowledge([SEATS]), "a red Couch") == {
        "couch": "same", "sofa": "same", "沙发": "same", "sofa bed": "narrower", "day bed": "narrower",
        "seating": "broader", "seats": "broader",
    }  # fmt: skip


def test_plurals_and_chinese_are_found_with_their_places():
    knowledge = Knowledge([SEATS])

    assert [(one.start, one.end) for one in knowledge.mentions("two day-beds, 布艺沙发")] == [(4, 12), (16, 18)]


def test_the_first_thesaurus_decides_how_names_relate():
    own = Thesaurus("own", (Concept(("sofa bed",), ("couch",)), Concept(("couch",))))
    (first, *_) = Knowledge([own, SEATS]).mentions("couch")

    assert {one.name: one.source for one in first.alternatives}["sofa bed"] == "own"


def test_the_built_in_words_know_both_languages_and_each_kind_of_shop():
    knowledge = Knowledge([built_in()])

    for typed, other in {
        "couch": "sofa", "aubergine": "eggplant", "nappy": "diaper", "spanner": "wrench", "sneaker": "trainer",
        "rucksack": "backpack", "flashlight": "torch", "windscreen": "windshield", "土豆": "马铃薯", "汽水": "soda",
        "aluminium": "aluminum", "kitty litter": "cat litter", "usb stick": "flash drive", "biro": "ballpoint pen",
    }.items():  # fmt: skip
        assert alternatives(knowledge, typed).get(other) == "same", typed


def test_no_built_in_concept_repeats_a_name():
    concepts = built_in().concepts

    assert len(concepts) > 1500
    assert [concept for concept in concepts if len(set(concept.names)) < len(concept.names)] == []
