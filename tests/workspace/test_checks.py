import json
from dataclasses import replace

import pytest

from prodsim.artifacts import load_artifact
from prodsim.errors import Cancelled
from prodsim.findings import Finding
from prodsim.phrases import Text
from prodsim.quality import CheckSpec
from prodsim.records import Decision
from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, Workspace, checks
from prodsim.workspace.checks import judged_pairs

MUGS = Finding("twins", "M0 和 M1 是同一个杯子。", ("M0", "M1"), 0.5, 0.9, evidence={"close": [0.97, "杯"]})
BARE = Finding("bare", "J0 has no picture.", ("J0",), 0.2, 0.95, column="image", proposal="Add one.")
FAR = Finding("far", "L0 is odd.", ("L0",))


class Watched:
    """Counts how often each check ran."""

    def __init__(self, monkeypatch):
        self.ran = []
        specs = [("twins", ("twins", "bare"), [BARE, MUGS]), ("odd", ("far",), [FAR])]
        registry = tuple(
            CheckSpec(name, dict.fromkeys(kinds, Text("")), Text(name), Text(""), self.run(name, found))
            for name, kinds, found in specs
        )
        monkeypatch.setattr(checks, "CHECKS", registry)

    def run(self, name, found):
        def check(subject, progress):
            progress.check()
            self.ran.append((name, subject.level, len(subject.catalog), subject.graph.rows.shape[0]))
            return found

        return check


@pytest.fixture
def workspace(home, shop):
    workspace = Workspace(Settings(home))
    workspace.build(BuildRequest(path=shop, encoder="hashing"))
    return workspace


@pytest.fixture
def watched(monkeypatch):
    return Watched(monkeypatch)


def test_checks_see_the_catalog_and_run_once(workspace, watched):
    first = workspace.open().check()
    again = workspace.open().check()

    assert watched.ran == [("twins", "usual", 24, 24), ("odd", "usual", 24, 24)]
    assert first == again
    assert first.findings == (FAR, BARE, MUGS)
    assert first.summary.counts == {"twins": 1, "bare": 1, "far": 1}
    assert first.is_whole


def test_only_what_is_asked_for_is_run(workspace, watched):
    report = workspace.open().check(["bare"], "strict")

    assert (report.findings, report.summary.counts, report.is_whole) == ((BARE,), {"bare": 1}, False)
    assert [name for name, level, *_ in watched.ran] == ["twins"]
    assert workspace.open().check(["twins"], "strict").findings == (MUGS,)
    assert workspace.open().check(["odd"], "strict").findings == (FAR,)
    assert len(watched.ran) == 2
    with pytest.raises(ValueError, match=r"no kind of finding 'bear'.*“bare”"):
        workspace.open().check(["bear"])


def test_another_level_and_another_file_are_checked_anew(workspace, watched, shop):
    workspace.open().check()
    workspace.open().check(level="loose")
    version = workspace.open().check().version
    shop.write_text(shop.read_text().replace("mug number 3", "bowl"), encoding="utf-8")
    workspace.build(BuildRequest(path=shop, encoder="hashing"))
    assert workspace.open().check().version != version

    assert [level for name, level, *_ in watched.ran if name == "odd"] == ["usual", "loose", "usual"]


def test_a_build_keeps_what_still_fits_and_sweeps_the_rest(workspace, watched, shop):
    kept = lambda: {path.name for path in workspace.layout.catalog("shop").glob("check-*")}  # noqa: E731
    workspace.open().check()
    before = kept()
    workspace.build(BuildRequest(path=shop, encoder="hashing"))
    assert kept() == before
    assert len(before) == 2

    shop.write_text(shop.read_text().replace("mug number 3", "bowl"), encoding="utf-8")
    workspace.build(BuildRequest(path=shop, encoder="hashing"))
    assert kept() == set()


@pytest.mark.parametrize("damage", ["", '{"kind": "twins"}\n', None])
def test_findings_that_were_damaged_are_found_again(workspace, watched, damage):
    first = workspace.open().check()
    for path in workspace.layout.catalog("shop").glob("check-*/findings.jsonl"):
        path.unlink() if damage is None else path.write_text(damage, encoding="utf-8")

    assert workspace.open().check() == first
    assert len(watched.ran) == 4
    assert all(load_artifact(folder) for folder in workspace.layout.catalog("shop").glob("check-*"))


def test_a_cancelled_run_keeps_the_checks_that_ended(workspace, watched, monkeypatch):
    def cancel(subject, progress):
        raise Cancelled

    whole = checks.CHECKS
    monkeypatch.setattr(checks, "CHECKS", (whole[0], replace(whole[1], run=cancel)))
    with pytest.raises(Cancelled):
        workspace.open().check()
    monkeypatch.setattr(checks, "CHECKS", whole)

    assert len(workspace.open().check().findings) == 3
    assert [name for name, *_ in watched.ran] == ["twins", "odd"]


def test_findings_are_readable_lines_of_json(workspace, watched):
    workspace.open().check(["twins"])
    (path,) = workspace.layout.catalog("shop").glob("check-*/findings.jsonl")

    assert [json.loads(line)["what"] for line in path.read_text(encoding="utf-8").splitlines()] == [
        BARE.what,
        MUGS.what,
    ]


def test_a_threshold_has_findings_of_its_own_and_a_build_keeps_them(workspace, shop):
    kept = lambda: {path.name for path in workspace.layout.catalog("shop").glob("check-*")}  # noqa: E731
    opened = workspace.open()
    opened.check(["duplicates", "texts"])
    level = kept()
    opened.check(["duplicates", "texts"], threshold=0.52)
    opened.check(["duplicates"], judged=(("M0", "M1", True),))
    moved = kept() - level

    assert len(moved) == 2
    workspace.build(BuildRequest(path=shop, encoder="hashing"))
    assert kept() == level | moved
    shop.write_text(shop.read_text().replace("mug number 3", "bowl"), encoding="utf-8")
    workspace.build(BuildRequest(path=shop, encoder="hashing"))
    assert kept() == set()


def decided(kind, action, *skus, **more):
    return Decision("k", kind, skus, action, **more)


def test_decisions_tell_what_is_one_product_from_twenty_on(workspace):
    catalog = workspace.open().catalog
    said = [
        decided("duplicates", "keep", "M0", "M1", "M2", keep="M1"),
        decided("duplicates", "dismissed", "J0", "J1"),
        decided("variants", "variants", "L0", "L1"),
    ]
    silent = [
        decided("duplicates", "dismissed", "J0", "J1", "J2"),
        decided("variants", "dismissed", "L0", "L1"),
        decided("duplicates", "keep", "M3", "M4", keep="M3", looked={"M3": "otherwise"}),
        decided("odd", "accepted", "M5"),
    ]

    assert judged_pairs(said * 6 + silent * 9, catalog) == ()
    assert len(set(judged_pairs(said * 13, catalog))) == 4
    assert set(judged_pairs([*silent, *said * 7], catalog)) == {
        ("M1", "M0", True), ("M1", "M2", True), ("J0", "J1", False), ("L0", "L1", False)
    }  # fmt: skip
    assert judged_pairs(said * 13, catalog) == judged_pairs(said * 7, catalog)  # 39 are heard as the first 20
    assert len(judged_pairs(said * 13, catalog, every=True)) == 4 * 13
