import pytest

from prodsim.catalog import header_key, read_table
from prodsim.errors import StorageError
from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, Workspace
from prodsim.workspace.mappings import MAPPINGS_FILE, recall_mapping, remember_mapping


@pytest.fixture
def workspace(home):
    return Workspace(Settings(home))


def table_of(folder, header, name="a.csv"):
    path = folder / name
    path.write_text(f"{header}\n1,Blue mug,Kaffa\n2,红色杯子,咖啡\n", encoding="utf-8")
    return read_table(path)


def test_a_confirmed_mapping_is_proposed_for_the_next_file_with_the_same_header(workspace, tmp_path):
    workspace.confirm(table_of(tmp_path, "nr,wie es heißt,商家"), {"sku": "nr", "title": "商家"})
    again = table_of(tmp_path, "nr,wie es heißt,商家", "b.csv")

    assert workspace.remembers(again)
    assert workspace.propose(again).mapping == {"sku": "nr", "title": "商家"}


def test_another_header_is_guessed_afresh(workspace, tmp_path):
    workspace.confirm(table_of(tmp_path, "sku,title,brand"), {"sku": "sku", "title": "brand"})
    other = table_of(tmp_path, "sku,brand,title")

    assert not workspace.remembers(other)
    assert workspace.propose(other).mapping["title"] == "title"


def test_a_newer_mapping_replaces_an_older_one_and_no_other(home):
    remember_mapping(home, "a", {"title": "old"})
    remember_mapping(home, "b", {"title": "other"})
    remember_mapping(home, "a", {"title": "new"})

    assert recall_mapping(home, "a") == {"title": "new"}
    assert recall_mapping(home, "b") == {"title": "other"}


@pytest.mark.parametrize("damage", ["", "{", "[1, 2]", '{"a": '])
def test_a_damaged_file_counts_as_empty_and_is_written_anew(home, damage):
    home.mkdir(parents=True)
    (home / MAPPINGS_FILE).write_text(damage)

    assert recall_mapping(home, "a") is None
    remember_mapping(home, "a", {"title": "new"})
    assert recall_mapping(home, "a") == {"title": "new"}


def test_a_build_without_a_mapping_uses_the_remembered_one(workspace, tmp_path):
    table = table_of(tmp_path, "sku,title,brand")
    workspace.confirm(table, {"sku": "sku", "title": "brand"})

    workspace.build(BuildRequest(tmp_path / "a.csv", encoder="hashing"))

    assert workspace.open().catalog.products["title"].tolist() == ["Kaffa", "咖啡"]


def test_a_named_column_wins_over_the_remembered_one(workspace, tmp_path):
    workspace.confirm(table_of(tmp_path, "sku,title,brand"), {"sku": "sku", "title": "brand"})

    workspace.build(BuildRequest(tmp_path / "a.csv", mapping={"title": "title", "sku": ""}, encoder="hashing"))

    products = workspace.open().catalog.products
    assert products["title"].tolist() == ["Blue mug", "红色杯子"]
    assert products["sku"].tolist() == ["line-2", "line-3"]


def test_the_key_depends_on_names_and_order_but_not_on_rows(tmp_path):
    key = header_key(table_of(tmp_path, "a,b,c"))
    (tmp_path / "more.csv").write_text("a,b,c\n9,9,9\n8,8,8\n")

    assert header_key(read_table(tmp_path / "more.csv")) == key
    assert header_key(table_of(tmp_path, "b,a,c")) != key


def test_a_home_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(StorageError, match="cannot be read or written"):
        remember_mapping(tmp_path / "file", "a", {})
