import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from filelock import FileLock

from prodsim.artifacts import load_artifact
from prodsim.errors import Cancelled, CatalogError, QueryError, StaleArtifact, StorageError
from prodsim.jobs import Job
from prodsim.progress import Silent
from prodsim.search import Query
from prodsim.settings import Settings
from prodsim.workspace import BUILD_SHARES, BuildRequest, Workspace, request_of
from prodsim.workspace.build import BUILD_LOCK
from prodsim.workspace.catalog_info import save_head
from prodsim.workspace.removal import remove_catalog
from sample_data.generate import generate_products

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def workspace(home):
    return Workspace(Settings(home))


def request(shop, **changes):
    return BuildRequest(**{"path": shop, "encoder": "hashing"} | changes)


def families(result):
    return {hit.sku[0] for hit in result.hits}


def test_a_file_becomes_a_searchable_mapped_catalog(workspace, shop):
    report = workspace.build(request(shop))
    opened = workspace.open()

    assert (report.info.products, report.encoded, report.reused) == (24, 24, 0)
    assert set(report.steps) == set(BUILD_SHARES)
    assert families(opened.search(Query(like=("J3",)), k=7)) == {"J"}
    assert families(opened.search(Query(text="coffee mug"), k=8)) == {"M"}
    assert opened.map.xy.shape == (24, 2)
    assert np.isfinite(opened.map.xy).all()


def test_a_second_build_encodes_nothing_and_changes_nothing(workspace, shop):
    first = workspace.build(request(shop)).info
    before = sorted(p.name for p in (workspace.layout.catalog("shop")).iterdir())

    second = workspace.build(request(shop))

    assert (second.encoded, second.reused) == (0, 24)
    assert second.info.artifacts == first.artifacts
    assert sorted(p.name for p in (workspace.layout.catalog("shop")).iterdir()) == before


def test_only_edited_rows_are_encoded_also_for_another_catalog(workspace, shop):
    workspace.build(request(shop))
    shop.write_text(shop.read_text().replace("coffee mug number 3", "tea bowl number 3"))

    edited = workspace.build(request(shop))
    another = workspace.build(request(shop, name="another"))

    assert (edited.encoded, edited.reused) == (1, 23)
    assert (another.encoded, another.reused) == (0, 24)
    assert workspace.open("shop").search(Query(text="tea bowl"), k=1).hits[0].sku == "M3"


def test_what_the_newest_upload_changed_is_known_also_after_a_build_that_changes_nothing(workspace, shop):
    workspace.build(request(shop))
    assert workspace.open("shop").changes is None

    shop.write_text(shop.read_text().replace("coffee mug number 3", "tea bowl number 3"))
    workspace.build(request(shop))
    workspace.build(request(shop, metric="ip"))

    changes = workspace.open("shop").changes
    assert (changes.new, changes.changed, changes.gone, changes.n_same) == ((), ("M3",), (), 23)
    assert dict(changes.fields) == {"title": 1}


@pytest.fixture
def large(tmp_path):
    """A shop of 600 different products, and the same with four reworded, three removed, five new, in another order."""
    table = generate_products(605)
    table.head(600).to_csv(tmp_path / "large.csv", index=False)
    table.loc[100:103, "title"] += " second edition"
    table.drop(index=range(300, 303)).sample(frac=1, random_state=0).to_csv(tmp_path / "edited.csv", index=False)
    return tmp_path / "large.csv", tmp_path / "edited.csv"


def reused(workspace, info):
    """By part: vectors taken from the build before."""
    folder = workspace.layout.catalog(info.name)
    return {step: load_artifact(folder / info.artifacts[step])["reused"] for step in ("index", "graph", "map")}


def test_after_an_edit_what_did_not_change_is_kept(workspace, large):
    file, edited = large
    first = workspace.build(request(file)).info
    before = workspace.open().map_table().set_index("sku")

    again = workspace.build(request(edited, name="large")).info
    anew = workspace.build(request(edited, name="anew")).info

    assert reused(workspace, again) == dict.fromkeys(("index", "graph", "map"), first.vectors - 7)
    assert reused(workspace, anew) == dict.fromkeys(("index", "graph", "map"), 0)
    graphs = [workspace.open(name).graph for name in ("large", "anew")]
    assert (
        graphs[0].scores == graphs[1].scores
    ).mean() > 0.99  # both are of indexes that miss one neighbour in a hundred at most
    after = workspace.open("large").map_table().set_index("sku").loc[before.index.drop(before.index[300:303])]
    stayed = (after[["x", "y"]] == before.loc[after.index, ["x", "y"]]).all(axis=1)
    assert set(after.index[~stayed]) == set(before.index[100:104])
    assert (after["label"] == before.loc[after.index, "label"]).mean() > 0.9


def test_a_build_killed_between_index_and_map_loses_neither_the_old_map_nor_the_work(workspace, large):
    file, edited = large
    vectors = workspace.build(request(file)).info.vectors
    before = workspace.open().map_table().set_index("sku")

    class Killed(Silent):
        def step(self, name, total=None, unit=""):
            if name == "graph":
                raise Cancelled

    with pytest.raises(Cancelled):
        workspace.build(request(edited, name="large"), Killed())
    info = workspace.build(request(edited, name="large")).info

    assert reused(workspace, info) == dict.fromkeys(("index", "graph", "map"), vectors - 7)
    after = workspace.open().map_table().set_index("sku")
    assert (after.loc[before.index[:100], ["x", "y"]] == before[["x", "y"]][:100]).all(axis=None)


def test_after_many_edits_index_and_map_are_made_as_a_whole_again_and_it_is_told(workspace, large, monkeypatch):
    monkeypatch.setattr("prodsim.workspace.reuse.MOST_CHANGED", 0.01)
    file, edited = large
    notes = []

    class Listening(Silent):
        def note(self, message):
            notes.append(message)

    workspace.build(request(file))
    info = workspace.build(request(edited, name="large"), Listening()).info

    assert load_artifact(workspace.layout.catalog("large") / info.artifacts["index"])["reused"] == 0
    assert [" ".join(note.split()[:4]) for note in notes] == ["The index is rebuilt:", "The map is redrawn:"]
    assert "1 % of its vectors changed" in notes[0]


def test_another_metric_or_encoder_takes_nothing_from_the_build_before(workspace, large):
    file, _ = large
    workspace.build(request(file))

    info = workspace.build(request(file, metric="l2")).info

    assert reused(workspace, info) == dict.fromkeys(("index", "graph", "map"), 0)


def test_two_products_with_one_text_are_both_there(workspace, shop):
    shop.write_text(
        shop.read_text() + "J9,Waterproof rain jacket number 3,Again,Nordvik,Clothing > Jackets,9,in stock,red\n"
    )

    report = workspace.build(request(shop))
    hits = workspace.open().search(Query(like=("J9",)), k=1).hits

    assert (report.info.products, report.info.vectors) == (25, 24)
    assert hits[0].sku == "J3"


def test_a_cancelled_build_leaves_the_catalog_as_it_was_and_goes_on_later(workspace, shop, monkeypatch):
    monkeypatch.setattr("prodsim.workspace.build.N_TEXTS", 6)
    job = Job("a", "A", {})
    advance = job.advance

    def stop_after_twelve(n=1):
        advance(n)
        if job.state.step == "encode" and job.state.done >= 12:
            job.cancel()

    monkeypatch.setattr(job, "advance", stop_after_twelve)
    with pytest.raises(Cancelled):
        workspace.build(request(shop), job)
    assert workspace.catalogs() == []

    report = workspace.build(request(shop))

    assert report.reused >= 6
    assert report.encoded + report.reused == 24


class StoppedAt(Silent):
    """Work that is stopped before a step."""

    def __init__(self, last):
        self.last = last

    def step(self, name, total=None, unit=""):
        if name == self.last:
            raise Cancelled


def test_an_update_that_stops_leaves_the_catalog_with_its_map_and_descriptions(workspace, shop):
    before = workspace.build(request(shop)).info
    expected = workspace.open().search(Query(like=("J3",)), k=24).hits
    shop.write_text(shop.read_text().replace("coffee mug number 3", "tea bowl number 3"))

    for step in ("graph", "map", "describe"):
        with pytest.raises(Cancelled):
            workspace.build(request(shop), StoppedAt(step))

        assert workspace.info() == before
        assert workspace.open().search(Query(like=("J3",)), k=24).hits == expected


def test_a_new_catalog_can_be_searched_before_its_map_is_drawn(workspace, shop):
    with pytest.raises(Cancelled):
        workspace.build(request(shop), StoppedAt("graph"))

    assert families(workspace.open().search(Query(like=("J3",)), k=7)) == {"J"}
    assert not workspace.info().has_map


def test_a_catalog_that_is_open_outlives_its_update(workspace, shop):
    workspace.build(request(shop))
    opened = workspace.open()
    shop.write_text(shop.read_text().replace("J3,Waterproof rain jacket", "J3,Ceramic tea bowl"))
    workspace.build(request(shop))

    assert families(opened.search(Query(like=("J3",)), k=7)) == {"J"}
    assert opened.map.xy.shape == (24, 2)


def test_the_head_of_another_catalog_is_refused(workspace, shop):
    workspace.build(request(shop, name="one"))
    workspace.build(request(shop, name="two"))
    head = workspace.layout.catalog("one") / "current.json"
    head.write_bytes((workspace.layout.catalog("two") / "current.json").read_bytes())

    with pytest.raises(StaleArtifact, match="it is that of two"):
        workspace.open("one")


def test_a_folder_in_place_of_a_file_is_said(workspace, shop):
    workspace.build(request(shop))
    head = workspace.layout.catalog("shop") / "current.json"
    head.unlink()
    head.mkdir()

    with pytest.raises(StorageError, match=r"current\.json cannot be read or written") as told:
        workspace.open()
    assert "move it away" in told.value.fix
    assert list(workspace.problems()) == ["shop"]


def test_a_file_in_place_of_the_folder_of_catalogs_is_said(workspace, home):
    home.mkdir()
    (home / "catalogs").write_text("in the way")

    with pytest.raises(StorageError, match="catalogs cannot be read or written"):
        workspace.catalogs()


@pytest.mark.parametrize("part", ["catalog", "index", "words", "graph", "map"])
def test_a_damaged_part_is_refused_and_rebuilt_without_encoding(workspace, shop, part):
    info = workspace.build(request(shop)).info
    victim = max((workspace.layout.catalog("shop") / info.artifacts[part]).iterdir(), key=lambda p: p.stat().st_size)
    victim.write_bytes(victim.read_bytes()[:-20])

    def use_everything():
        opened = workspace.open()
        opened.search(Query(like=("J3",)), k=3)
        assert opened.map.xy.shape == (24, 2)

    if part != "graph":  # only the map is made from it
        with pytest.raises(StaleArtifact, match="does not fit"):
            use_everything()
    assert workspace.build(request(shop)).encoded == 0
    use_everything()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("step", list(BUILD_SHARES))
def test_a_build_killed_in_any_step_is_right_after_the_next_start(workspace, shop, step):
    command = [
        sys.executable,
        "-m",
        "prodsim",
        "build",
        str(shop),
        "--encoder",
        "hashing",
        "--home",
        str(workspace.settings.home),
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        for line in process.stderr:
            if line.startswith(step):
                process.kill()

    report = workspace.build(request(shop))

    assert report.encoded == (24 if step in ("read", "encode") and not report.reused else 0)
    assert families(workspace.open().search(Query(like=("J3",)), k=7)) == {"J"}
    assert not [p for p in workspace.layout.catalog("shop").iterdir() if p.name.endswith(".tmp")]


@pytest.mark.parametrize("part", ["catalog", "index", "words", "traits", "graph", "map"])
def test_a_part_that_rotted_without_changing_its_size_is_mended_by_the_next_build(workspace, shop, part):
    info = workspace.build(request(shop)).info
    expected = workspace.open().search(Query(like=("J3",), text="jacket"), k=24)
    for victim in (workspace.layout.catalog("shop") / info.artifacts[part]).iterdir():
        victim.write_bytes(b"\xab" * victim.stat().st_size)

    assert workspace.build(request(shop)).encoded == 0

    opened = workspace.open()
    assert opened.search(Query(like=("J3",), text="jacket"), k=24).hits == expected.hits
    assert len(opened.map.labels) >= 0


@pytest.mark.parametrize(("part", "file"), [("catalog", "products.arrow"), ("map", "xy.npy")])
def test_a_file_that_was_changed_is_told(workspace, shop, part, file):
    info = workspace.build(request(shop)).info
    victim = workspace.layout.catalog("shop") / info.artifacts[part] / file
    victim.write_bytes(b"\xab" * victim.stat().st_size)

    with pytest.raises(StaleArtifact, match="was changed"):
        workspace.open().map_table()


def test_catalogs_are_listed_and_removed(workspace, shop):
    workspace.build(request(shop, name="Schuhe 鞋"))
    workspace.build(request(shop, name="b"))
    assert [info.name for info in workspace.catalogs()] == ["Schuhe 鞋", "b"]

    remove_catalog(workspace, "b")

    assert [info.name for info in workspace.catalogs()] == ["Schuhe 鞋"]
    with pytest.raises(QueryError, match="no catalog “b”"):
        workspace.open("b")


def test_several_catalogs_need_a_name(workspace, shop):
    workspace.build(request(shop, name="a"))
    workspace.build(request(shop, name="b"))

    with pytest.raises(QueryError, match="There are 2 catalogs: “a”, “b”"):
        workspace.open()


def test_a_catalog_of_an_older_version_says_so_and_is_mended_by_a_build(workspace, shop):
    info = workspace.build(request(shop)).info
    older = {step: part for step, part in info.artifacts.items() if step not in ("chance", "describe")}
    save_head(workspace.layout.catalog("shop"), replace(info, artifacts=older))

    with pytest.raises(StaleArtifact, match="older version.*chance is missing") as caught:
        workspace.open().search(Query(text="coffee mug"))
    assert "“Refresh” on the Catalog page" in caught.value.fix

    workspace.build(request_of(workspace.info()))
    assert families(workspace.open().search(Query(text="coffee mug"), k=8)) == {"M"}


def test_a_damaged_head_is_told_and_hurts_nobody_else(workspace, shop):
    workspace.build(request(shop, name="a"))
    workspace.build(request(shop, name="b"))
    head = workspace.layout.catalog("a") / "current.json"
    head.write_text(head.read_text().replace('"products": 24', '"products": 23'))

    assert [info.name for info in workspace.catalogs()] == ["b"]
    assert "does not fit" in workspace.problems()["a"].what


@pytest.mark.parametrize("name", ["../evil", "a/b", ".hidden", " ", "x" * 200, "鞋" * 90, "a\nb", "a\udcff"])
def test_a_name_never_leaves_the_folder(workspace, shop, name):
    with pytest.raises(CatalogError, match="cannot be named"):
        workspace.build(request(shop, name=name))


def test_neighbours_and_map_are_tables_in_catalog_order(workspace, shop):
    workspace.build(request(shop))
    opened = workspace.open()

    table = opened.neighbours(k=3)
    placed = opened.map_table()

    assert list(table.columns) == ["sku", "neighbour_sku", "rank", "score"]
    assert len(table) == 24 * 3
    assert (table["sku"].str[0] == table["neighbour_sku"].str[0]).all()
    assert (table["sku"] != table["neighbour_sku"]).all()
    assert list(placed["sku"]) == list(pd.read_csv(shop)["sku"])


@pytest.mark.parametrize("n", [1, 2, 5])
def test_tiny_catalogs_work(workspace, shop, n):
    lines = shop.read_text().splitlines()[: n + 1]
    shop.write_text("\n".join(lines) + "\n")

    workspace.build(request(shop))
    opened = workspace.open()

    assert len(opened.search(Query(text="jacket"), k=50).hits) == n
    assert len(opened.map.xy) == n


def test_a_missing_file_leaves_nothing_behind(workspace, tmp_path):
    with pytest.raises(CatalogError, match="is not a file"):
        workspace.build(request(tmp_path / "nope.csv"))

    assert workspace.unfinished() == {}
    assert not workspace.layout.catalog("nope").exists()


def test_a_catalog_that_is_being_built_is_not_removed(workspace, shop):
    workspace.build(request(shop))

    with FileLock(workspace.layout.catalog("shop") / BUILD_LOCK), pytest.raises(QueryError, match="is being built"):
        remove_catalog(workspace, "shop")

    assert families(workspace.open("shop").search(Query(like=("J3",)), k=7)) == {"J"}
    remove_catalog(workspace, "shop")
    assert workspace.catalogs() == []


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file names are Unicode there")
def test_a_file_name_that_is_no_text_can_be_built_under_another_name(workspace, shop):
    odd = shop.with_name(os.fsdecode(b"sh\xffp.csv"))
    shop.rename(odd)

    workspace.build(request(odd, name="shop"))

    assert workspace.info().source == odd.name
    assert families(workspace.open().search(Query(like=("J3",)), k=7)) == {"J"}
