"""The thesauri of a workspace."""

import pytest

from prodsim import Query, Settings, Workspace
from prodsim.errors import CatalogError, QueryError
from prodsim.knowledge import read_knowledge
from prodsim.workspace.knowledge import add_knowledge, knowledge_files, notes_on, remove_knowledge


@pytest.fixture
def workspace(shop_home):
    return Workspace(Settings(shop_home))


@pytest.fixture
def words(tmp_path):
    path = tmp_path / "our words.csv"
    path.write_text("term,same\nmug,gizmotron\nfruit,Kaffa\n", encoding="utf-8")
    return path


def test_added_words_are_used_and_named_at_once_and_removed_ones_no_more(workspace, words):
    opened = workspace.open("shop")
    before = opened.engine.comparer.readings_of("gizmotron")

    add_knowledge(workspace.layout, words)
    hits = opened.search(Query("gizmotron"), 3).hits
    reason = next(
        part.sentence for part in opened.explain(Query("gizmotron"), hits[0].sku).parts if part.name == "words"
    )
    listed = [(file.name, file.holds, file.entries) for file in knowledge_files(workspace.layout)]
    as_typed = opened.as_typed().engine.comparer.readings_of("gizmotron")
    remove_knowledge(workspace.layout, "our words")

    assert [hit.sku[0] for hit in hits] == ["M"] * 3
    assert "“gizmotron” was read as “mug” (our words)" in reason
    assert sum(hits[0].parts.values()) == hits[0].score
    assert listed == [("our words", "thesaurus", 2)]
    assert len(before) == len(as_typed) == len(opened.engine.comparer.readings_of("gizmotron")) == 1


def test_brands_and_what_the_catalog_lacks_are_told(workspace, words):
    notes = notes_on(read_knowledge(words), workspace.open("shop"))

    assert any("never read as anything else" in note and "“Kaffa”" in note for note in notes)
    assert any("Of 2 things, 2 are named" in note for note in notes)


def test_a_wrong_file_or_name_changes_nothing(workspace, tmp_path):
    (tmp_path / "wrong.csv").write_text("sofa", encoding="utf-8")

    with pytest.raises(CatalogError):
        add_knowledge(workspace.layout, tmp_path / "wrong.csv")
    with pytest.raises(QueryError, match="No knowledge is called “none”"):
        remove_knowledge(workspace.layout, "none")
    assert knowledge_files(workspace.layout) == []


def test_a_search_says_which_words_it_read_as_others(workspace):
    note = workspace.open("shop").search(Query("beaker"), 3).note

    assert note == "Hardly any product has “beaker”; it is also read as “mug”, “coffee mug” (built-in words)."
