import os

import pytest

from prodsim.errors import CatalogError
from prodsim.sources import Folder, fetch
from prodsim.sources.folder import files_of


@pytest.fixture
def exports(tmp_path):
    """Files of a folder, the last one named being the newest."""
    folder = tmp_path / "exports"
    folder.mkdir()

    def write(*names):
        for second, name in enumerate(names, start=1):
            (folder / name).write_text(f"sku,title\n1,{name}\n", encoding="utf-8")
            os.utime(folder / name, (second, second))
        return folder

    return write


def test_the_newest_file_is_taken(exports):
    folder = exports("c.csv", "a.csv", "b.csv")

    assert files_of(Folder(folder))[-1].name == "b.csv"
    assert files_of(Folder(folder, "[ac]*.csv"))[-1].name == "a.csv"


def test_files_that_are_hidden_unfinished_or_empty_do_not_count(exports):
    folder = exports("a.csv", ".b.csv", "~$a.xlsx", "c.csv.part", "d.csv.crdownload", "e.tmp")
    (folder / "f.csv").touch()
    (folder / "g.csv").mkdir()

    assert files_of(Folder(folder))[-1].name == "a.csv"


def test_of_files_of_one_time_the_last_by_name_is_taken(exports):
    folder = exports("a.csv", "b.csv")
    os.utime(folder / "a.csv", (2, 2))

    assert files_of(Folder(folder))[-1].name == "b.csv"


@pytest.mark.parametrize(
    ("pattern", "words"), [("*.xml", r"no file that matches \*\.xml"), ("../*", "no file that matches")]
)
def test_a_folder_without_such_a_file_is_told(exports, pattern, words):
    with pytest.raises(CatalogError, match=words):
        files_of(Folder(exports("a.csv"), pattern))[-1]


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(CatalogError, match="There is no folder"):
        files_of(Folder(tmp_path / "absent"))[-1]


def test_a_file_that_was_only_touched_is_no_change(exports, tmp_path):
    folder = exports("a.csv")
    first = fetch(Folder(folder), tmp_path)
    same = fetch(Folder(folder), tmp_path, first.facts)
    os.utime(folder / "a.csv", (9, 9))
    touched = fetch(Folder(folder), tmp_path, same.facts)
    (folder / "a.csv").write_text("sku,title\n1,new\n", encoding="utf-8")
    edited = fetch(Folder(folder), tmp_path, touched.facts)

    assert [each.is_changed for each in (first, same, touched, edited)] == [True, False, False, True]
    assert (first.catalog_name, first.path) == ("exports", folder / "a.csv")
