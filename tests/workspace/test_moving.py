import shutil
from dataclasses import replace

import pytest

from prodsim.errors import AccessDenied, QueryError, StorageError
from prodsim.findings import Finding
from prodsim.roles import Actor, acting_as
from prodsim.settings import Settings
from prodsim.similarity import Setting, Weights
from prodsim.workspace import Workspace
from prodsim.workspace.backup import back_up, restore_workspace
from prodsim.workspace.moving import kept_records, move_records

FINDING = Finding("duplicates", "M0 and M1 are the same mug.", ("M0", "M1"))


@pytest.fixture
def url(postgresql, request):
    """A database of the test's own."""
    name = f"moving_{abs(hash(request.node.name)):x}"
    postgresql.psql(f"CREATE DATABASE {name};")
    return postgresql.get_uri(name)


@pytest.fixture
def before(first_home, tmp_path):
    """A workspace whose records are in files."""
    workspace = Workspace(Settings(shutil.copytree(first_home, tmp_path / "home")))
    records, catalog = workspace.records(), workspace.open().catalog
    records.judge("M0", "M1", 1.0, who="eve")
    records.decide(FINDING, "later", catalog, who="eve", session="tab")
    records.decide(FINDING, "dismissed", catalog, who="eve", session="tab")
    records.save_setting("mine", Setting(Weights(words=1), "cosine"))
    records.set_default("mine")
    records.shortlist("summer", ["M0", "M1"], session="tab")
    return workspace


@pytest.fixture
def after(before, url):
    """The same workspace, once a server is set."""
    return Workspace(replace(before.settings, records=url))


def kept(workspace):
    records = workspace.records()
    return records.judgements(), records.decisions(), records.default_setting(), records.shortlists()


def test_everything_is_moved_and_counted_and_the_file_says_where_it_went(before, after):
    was = kept(before)
    with pytest.raises(StorageError, match="shop.sqlite still holds .*prodsim records move"):
        after.records().judgements()
    assert kept_records(after).left == ("shop",)

    moved = move_records(after)

    assert kept(after) == was
    assert {name: n for name, n in moved.counts["shop"].items() if n} == {
        "judgements": 1, "decisions": 2, "settings": 1, "shortlisted": 2,
    }  # fmt: skip
    assert kept_records(after) == moved
    assert move_records(after).counts == {}
    with pytest.raises(StorageError, match=f"was moved to {after.records_server.place}.*PRODSIM_RECORDS"):
        before.records().judge("M0", "M2", 1)
    after.records().undo(who="eve", session="tab")
    assert [each.action for each in after.records().decisions().values()] == ["later"]


def test_a_move_that_was_killed_goes_on_and_other_records_are_not_mixed(before, after, tmp_path):
    file = before.layout.records("shop")
    shutil.copy(file, tmp_path / "copy.sqlite")
    move_records(after)
    shutil.copy(tmp_path / "copy.sqlite", file)  # killed after the server had it and before the file said so
    assert move_records(after).counts["shop"]["decisions"] == 2

    shutil.copy(tmp_path / "copy.sqlite", file)
    before.records().judge("M0", "M5", 1)
    was = kept(before)
    with pytest.raises(StorageError, match="other records of “shop” already"):
        move_records(after)
    assert kept(before) == was


def test_a_move_into_a_server_that_is_down_leaves_the_file_as_it_is(before):
    was = kept(before)
    with pytest.raises(StorageError, match="does not answer"):
        move_records(Workspace(replace(before.settings, records="postgresql://u@127.0.0.1:1/db")))
    assert kept(before) == was


def test_only_an_admin_moves_records_and_only_to_a_server(before, after):
    with acting_as(Actor("eve", "editor")), pytest.raises(AccessDenied):
        move_records(after)
    with pytest.raises(QueryError, match="PRODSIM_RECORDS"):
        move_records(before)


def test_a_backup_has_the_records_of_the_server_as_files(before, after, tmp_path):
    was = kept(before)
    move_records(after)
    with after.records_server.records_of("shop", tmp_path / "absent").opened() as open_meanwhile:
        open_meanwhile.execute("SELECT 1")
        back_up(after.layout, tmp_path / "shop.zip", records=after.records_server)

    restored = Workspace(Settings(tmp_path / "new"))
    restore_workspace(tmp_path / "shop.zip", restored.layout)
    assert kept(restored) == was
    restored.records().undo(who="eve", session="tab")
    assert [each.action for each in restored.records().decisions().values()] == ["later"]
