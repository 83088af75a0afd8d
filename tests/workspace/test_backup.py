import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from prodsim.artifacts import seal
from prodsim.errors import StorageError
from prodsim.findings import Finding
from prodsim.records.database import open_file
from prodsim.search import Query
from prodsim.settings import Settings
from prodsim.workspace import Workspace
from prodsim.workspace.backup import CONTENTS, back_up, restore_workspace
from prodsim.workspace.catalog_info import save_head

FINDING = Finding("duplicates", "M0 and M1 are the same mug.", ("M0", "M1"))


@pytest.fixture
def workspace(first_home, tmp_path):
    shutil.copytree(first_home, tmp_path / "home")
    return Workspace(Settings(tmp_path / "home"))


@pytest.fixture
def saved(workspace, tmp_path):
    records = workspace.records()
    records.judge("M0", "M1", 1.0, who="eve")
    records.decide(FINDING, "dismissed", workspace.open().catalog, who="eve")
    back_up(workspace.layout, tmp_path / "saved" / "shop.zip")
    return tmp_path / "saved" / "shop.zip"


def hits(workspace):
    result = workspace.open().search(Query(text="jacket"), 10)
    return [(hit.sku, hit.score, hit.parts) for hit in result.hits]


def restored(backup, home):
    workspace = Workspace(Settings(home))
    restore_workspace(backup, workspace.layout)
    return workspace


def test_a_restored_workspace_answers_and_remembers_as_the_one_saved(workspace, saved, tmp_path):
    other = restored(saved, tmp_path / "elsewhere" / "home")

    assert hits(other) == hits(workspace)
    assert len(other.records().judgements()) == 1
    assert [each.action for each in other.records().decisions().values()] == ["dismissed"]


def test_files_of_the_workspace_are_found_in_its_new_place(workspace, tmp_path):
    info = workspace.info()
    moved = replace(info, base=str(workspace.layout.uploads / "a"), origin={"path": str(workspace.layout.home / "u")})
    save_head(workspace.layout.catalog(info.name), moved)
    back_up(workspace.layout, tmp_path / "shop.zip")

    other = restored(tmp_path / "shop.zip", tmp_path / "new")

    assert other.info().base == str(tmp_path / "new" / "uploads" / "a")
    assert other.info().origin == {"path": str(tmp_path / "new" / "u")}


def test_what_is_decided_while_a_backup_is_taken_is_whole(workspace, tmp_path):
    records = workspace.records()
    records.judge("M0", "M1", 1.0, who="eve")
    with open_file(Path(records.place)) as connection:
        connection.execute("DELETE FROM judgement")
        back_up(workspace.layout, tmp_path / "shop.zip")  # as it was before the change that is not finished yet

    assert len(restored(tmp_path / "shop.zip", tmp_path / "new").records().judgements()) == 1
    assert not records.judgements()


def test_locks_and_half_written_files_are_left_out(workspace, tmp_path):
    (workspace.layout.home / "vectors" / ".segment-1.ab.tmp").mkdir(parents=True)
    (workspace.layout.home / "vectors" / ".segment-1.ab.tmp" / "v.npy").write_bytes(b"half")
    back_up(workspace.layout, tmp_path / "shop.zip")

    names = zipfile.ZipFile(tmp_path / "shop.zip").namelist()
    assert not [name for name in names if name.endswith((".lock", ".tmp")) or ".tmp/" in name]
    assert names[-1] == CONTENTS


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_a_backup_with_one_changed_byte_is_refused_and_leaves_nothing(saved, tmp_path, place):
    content = bytearray(saved.read_bytes())
    content[int(place * len(content))] ^= 0x10
    saved.write_bytes(content)

    with pytest.raises(StorageError, match="no whole backup"):
        restored(saved, tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".restoring")]


def test_a_backup_that_was_cut_and_a_file_that_is_none_are_refused(saved, tmp_path):
    saved.write_bytes(saved.read_bytes()[:-2000])
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("photo.txt", "hello")

    for path in (saved, tmp_path / "other.zip"):
        with pytest.raises(StorageError, match="no whole backup"):
            restored(path, tmp_path / "new")


def test_no_name_leaves_the_folder(saved, tmp_path):
    with zipfile.ZipFile(saved) as archive:
        contents = json.loads(archive.read(CONTENTS))
    del contents["sha256"]
    for name in ("../evil.txt", "/evil.txt", "a\\evil.txt", "c:evil.txt"):
        with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
            archive.writestr(name, "evil")
            archive.writestr(CONTENTS, seal({**contents, "files": {name: (4, "0")}}))

        with pytest.raises(StorageError, match="leave its folder"):
            restored(tmp_path / "evil.zip", tmp_path / "new")
    assert not (tmp_path / "evil.txt").exists()


def test_nothing_that_is_there_is_replaced(saved, workspace):
    with pytest.raises(StorageError, match="holds something already"):
        restore_workspace(saved, workspace.layout)
    assert hits(workspace)


def test_a_backup_of_a_later_version_says_so(saved, tmp_path):
    with zipfile.ZipFile(tmp_path / "later.zip", "w") as archive:
        archive.writestr(CONTENTS, json.dumps({"format": 99}))

    with pytest.raises(StorageError, match="another version"):
        restored(tmp_path / "later.zip", tmp_path / "new")


def test_a_backup_is_not_saved_into_what_it_saves(workspace, tmp_path):
    with pytest.raises(StorageError, match="lies in the workspace"):
        back_up(workspace.layout, workspace.layout.home / "shop.zip")
    with pytest.raises(StorageError, match="no workspace"):
        back_up(Workspace(Settings(tmp_path / "none")).layout, tmp_path / "shop.zip")
