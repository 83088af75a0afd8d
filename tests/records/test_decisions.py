import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from prodsim.catalog import PRODUCT_FIELDS, Catalog, make_catalog, propose_columns, read_table
from prodsim.errors import CatalogError
from prodsim.findings import Finding
from prodsim.output.export import to_csv, to_xlsx
from prodsim.records import CheckSummary, Decision, Records, finding_key, states_of
from prodsim.records.decisions import digests_of_decided, proposed_action, state_of
from prodsim.records.exchange import EXPORTED, decisions_table, read_decisions, sort_incoming

TWINS = Finding("duplicates", "A and B are one product.", ("A", "B"))
CUPS = Finding("variants", "杯子有三种颜色。", ("杯1", "杯2", "=3"))
PRICE = Finding("field", "The price 0 of A.", ("A",), column="price")


def shop(**changes):
    skus = ["A", "B", "杯1", "杯2", "=3"]
    frame = pd.DataFrame({name: "" for name in PRODUCT_FIELDS}, index=range(len(skus)))
    frame["sku"], frame["title"], frame["price"] = skus, [f"product {sku}" for sku in skus], 5.0
    for sku, (name, value) in changes.items():
        frame.loc[frame["sku"] == sku, name] = value
    return Catalog(frame)


@pytest.fixture
def records(tmp_path):
    return Records(tmp_path / "decided" / "店.sqlite")


def actions(records):
    return {decision.skus: decision.action for decision in records.decisions().values()}


# What is decided


def test_the_newest_decision_counts_whichever_way_the_products_are_listed(records):
    records.decide(TWINS, "dismissed", shop())
    records.decide(replace(TWINS, skus=("B", "A"), what="another sentence", score=0.5), "keep", shop(), keep="A")

    assert actions(records) == {("B", "A"): "keep"}
    assert records.decisions()[finding_key(TWINS)].keep == "A"


def test_another_kind_column_or_product_is_another_finding():
    others = [replace(TWINS, kind="variants"), replace(TWINS, column="title"), replace(TWINS, skus=("A", "B", "杯1"))]
    merges = [Finding("misfiled", f"{name} and Tees are one category.") for name in ("T-Shirts", "Tshirts")]

    assert len({finding_key(finding) for finding in [TWINS, *others, *merges]}) == 6


def test_a_finding_without_products_is_recognised_whatever_its_sentence_says():
    first = Finding("constant column", 'All 60 values of "origin" are "Norway".', column="origin")
    reworded = replace(first, what='"origin" is "Norway" for all 60 products.', identity=first.what)

    assert finding_key(reworded) == finding_key(first)
    assert finding_key(replace(reworded, what="原产地都是挪威。")) == finding_key(first)
    assert finding_key(replace(reworded, identity="another")) != finding_key(first)


def test_undo_forgets_the_last_of_ones_own_and_brings_the_one_before_back(records):
    records.decide(TWINS, "dismissed", shop(), who="Ana", session="1")
    records.decide(TWINS, "variants", shop(), who="Ana", session="1")
    records.decide(CUPS, "later", shop(), who="Ana", session="2")

    assert [each.action for each in records.undo(who="Ana", session="1")] == ["variants"]
    assert actions(records) == {("A", "B"): "dismissed", CUPS.skus: "later"}
    assert [each.action for each in records.undo(who="Ana", session="1")] == ["dismissed"]
    assert records.undo(who="Ana", session="1") == ()
    assert actions(records) == {CUPS.skus: "later"}


def test_many_decided_at_once_are_taken_back_at_once(records):
    records.decide(TWINS, "dismissed", shop(), session="1")
    both = [(TWINS, *proposed_action(TWINS)), (CUPS, *proposed_action(CUPS))]
    kept = records.decide_all(both, shop(), note="sure", session="1")
    records.decide(PRICE, "dismissed", shop(), session="2")
    assert actions(records) == {("A", "B"): "keep", CUPS.skus: "variants", ("A",): "dismissed"}
    assert list(records.decisions().values())[:2] == kept
    assert proposed_action(PRICE) is None

    assert records.undo(session="1") == tuple(kept)
    assert actions(records) == {("A", "B"): "dismissed", ("A",): "dismissed"}
    assert len(records.undo(session="1")) == 1


def test_two_tabs_that_decide_at_once_lose_nothing(records):
    def decide(number):
        finding = Finding("odd", "", (f"S{number}",))
        records.decide(finding, "dismissed", shop(), session=str(number % 2))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(decide, range(40)))

    assert set(actions(records)) == {(f"S{number}",) for number in range(40)}


@pytest.mark.parametrize("words", [{"action": "keep"}, {"action": "keep", "keep": "C"}, {"action": "drop"}])
def test_what_is_no_decision_is_refused_and_makes_no_file(records, words):
    with pytest.raises(ValueError, match="kept|action must be"):
        records.decide(TWINS, catalog=shop(), **words)

    assert not records.exists()


# What became of it


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, "decided"),
        ({"A": ("title", "产品甲")}, "changed"),
        ({"B": ("sku", "gone")}, "changed"),
        ({"杯1": ("title", "other")}, "decided"),
        ({"A": ("availability", "out of stock")}, "decided"),
    ],
)
def test_a_decision_stands_until_a_product_of_it_changes(records, change, state):
    records.decide(TWINS, "keep", shop(), keep="A")

    assert states_of([TWINS, CUPS], records.decisions(), shop(**change)) == (state, "open")


def test_a_column_that_is_empty_does_not_change_a_product(records):
    decision = records.decide(CUPS, "dismissed", shop())
    wider = Catalog(shop().products.assign(colour=["red", "", "", "", ""]))

    assert state_of(CUPS, decision, digests_of_decided(wider, [decision])) == "decided"


def test_later_leaves_it_open(records):
    decision = records.decide(CUPS, "later", shop())

    assert state_of(CUPS, decision, digests_of_decided(shop(), [decision])) == "open"
    with pytest.raises(ValueError, match="about variants of 杯1"):
        state_of(TWINS, decision, {})


def test_variants_that_share_a_group_wait_for_nobody_until_somebody_decides(records):
    declared = replace(CUPS, evidence={"declared": True})
    assert states_of([declared, CUPS], {}, shop()) == ("grouped", "open")

    records.decide(declared, "dismissed", shop())
    assert states_of([declared], records.decisions(), shop()) == ("decided",)


# Out and in


def decide_all(records):
    records.decide(TWINS, "keep", shop(), keep="B", note="has a picture", who="Ana")
    records.decide(CUPS, "variants", shop(), keep="杯2", who="李")
    records.decide(PRICE, "accepted", shop(), note="=cmd|'/C calc'!A0")


def test_the_table_says_for_each_product_what_to_do(records):
    decide_all(records)
    table = records.decisions_table()

    assert tuple(table.columns) == EXPORTED
    assert table[["sku", "action"]].values.tolist() == [
        ["A", "remove"],
        ["B", "keep"],
        ["杯1", "variant of 杯2"],
        ["杯2", "none"],
        ["=3", "variant of 杯2"],
        ["A", "change"],
    ]
    assert table["finding"].str.rsplit(" ", n=1).str[0].tolist() == ["duplicates"] * 2 + ["variants"] * 3 + ["field"]


@pytest.mark.parametrize(("write", "name"), [(to_csv, "out.csv"), (to_xlsx, "out.xlsx")])
def test_what_goes_out_comes_back_once(records, tmp_path, write, name):
    decide_all(records)
    (tmp_path / name).write_bytes(write(records.decisions_table()))
    other = Records(tmp_path / "other.sqlite")

    assert other.import_decisions(tmp_path / name) == (3, [])
    assert other.decisions() == records.decisions()
    assert other.import_decisions(tmp_path / name) == (0, [])


def test_cells_that_look_like_formulas_are_defused(records):
    decide_all(records)
    read = pd.read_csv(io.BytesIO(to_csv(records.decisions_table())), dtype=str)

    assert read["sku"].tolist()[4] == "'=3"
    assert read["note"].tolist()[5] == "'=cmd|'/C calc'!A0"


def test_an_apostrophe_of_its_own_comes_back_from_csv(records, tmp_path):
    records.decide(PRICE, "dismissed", shop(), note="'=同")
    (tmp_path / "out.csv").write_bytes(to_csv(records.decisions_table()))
    other = Records(tmp_path / "other.sqlite")
    other.import_decisions(tmp_path / "out.csv")

    assert other.decisions() == records.decisions()


def test_what_comes_from_a_clock_ahead_can_be_decided_anew_and_from_the_future_is_left_out(records, tmp_path):
    ahead, far = datetime.now(UTC) + timedelta(hours=8), datetime(2999, 1, 1, tzinfo=UTC)
    read = [Decision(finding_key(TWINS), "duplicates", TWINS.skus, "dismissed", when=ahead.isoformat())]
    read.append(Decision(finding_key(PRICE), "field", PRICE.skus, "dismissed", when=far.isoformat()))
    (tmp_path / "ahead.csv").write_bytes(to_csv(decisions_table(read)))
    taken, (left,) = records.import_decisions(tmp_path / "ahead.csv")
    kept = records.decide(TWINS, "keep", shop(), keep="A")

    assert (taken, left.line) == (1, 4)
    assert "is in the future, got 2999" in left.what
    assert actions(records) == {("A", "B"): "keep"}
    assert records.decisions()[kept.key] == kept
    records.undo()
    assert actions(records) == {("A", "B"): "dismissed"}


def test_an_older_decision_does_not_replace_a_newer_one(records, tmp_path):
    old = Decision(finding_key(TWINS), "duplicates", TWINS.skus, "dismissed", when="2020-01-01")
    (tmp_path / "old.csv").write_bytes(to_csv(decisions_table([old])))
    records.decide(TWINS, "keep", shop(), keep="A")

    assert records.import_decisions(tmp_path / "old.csv") == (1, [])
    assert actions(records) == {("A", "B"): "keep"}


def test_a_table_written_by_hand_is_told_by_its_actions():
    key = "0123456789abcdef"
    rows = [
        "A,1,keep",
        "B,1,remove",
        "C,2,none",
        "D,2,variant of C",
        "E,3,none",
        "F,4,change",
        "G,5,delete",
        "H,6,remove",
    ]
    table = pd.DataFrame([row.split(",") for row in rows], columns=["sku", "finding", "action"])
    table["finding"] = [f"odd {number}{key[1:]}" for number in table["finding"]]

    read, findings = read_decisions(table, range(2, 10))

    assert [(one.skus, one.action, one.keep) for one in read] == [
        (("A", "B"), "keep", "A"),
        (("C", "D"), "variants", "C"),
        (("E",), "dismissed", ""),
        (("F",), "accepted", ""),
    ]
    assert [finding.line for finding in findings] == [8, 9]
    assert "got 'delete'" in findings[0].what


def test_a_table_of_something_else_is_refused(records, tmp_path):
    (tmp_path / "x.csv").write_text("sku,price\nA,5\n", encoding="utf-8")

    with pytest.raises(CatalogError, match="lacks finding, action; its columns are sku, price"):
        records.import_decisions(tmp_path / "x.csv")
    assert not records.exists()


def test_what_a_file_would_change_is_told_before():
    def decision(number, when, action="dismissed"):
        return Decision(f"{number}", "odd", ("杯1",), action, when=when)

    kept = [decision(1, "2026-05-01"), decision(2, "2026-05-01"), decision(3, "2026-05-01")]
    read = [kept[0], decision(2, "2026-04-01"), decision(3, "2026-06-01"), decision(4, "2026-01-01")]
    incoming = sort_incoming(read, {one.key: one for one in kept})

    assert [[one.key for one in part] for part in (incoming.new, incoming.older, incoming.known)] == [
        ["3", "4"],
        ["2"],
        ["1"],
    ]


# The trend


def test_a_summary_is_kept_for_each_version_and_level(records):
    for version, n, when in [("v1", 5, "2026-05-01"), ("v2", 4, "2026-05-08"), ("v2", 3, "2026-05-09")]:
        records.keep_summary(CheckSummary(version, "usual", 100, {"duplicates": n, "odd": 0}, when, faulty=2 * n))
    records.keep_summary(CheckSummary("v2", "loose", 100, {"duplicates": 9}))

    assert [(one.version, one.counts["duplicates"]) for one in records.summaries()] == [("v1", 5), ("v2", 3)]
    assert [one.faulty for one in records.summaries()] == [10, 6]
    assert [(one.counts["duplicates"], one.faulty) for one in records.summaries("loose")] == [(9, None)]


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("title\nMug\nLamp\n", "No column holds SKUs; they are made of the line numbers, such as line-2."),
        ("sku,title\nA,Mug\nB,\nC,Lamp\n", "B on line 3 has no title, description or readable link; it is kept out."),
    ],
)
def test_findings_of_reading_without_products_keep_what_they_were_first_recognised_by(tmp_path, text, identity):
    path = tmp_path / "shop.csv"
    path.write_text(text, encoding="utf-8")
    table = read_table(path)
    findings = make_catalog(table, propose_columns(table).mapping).findings

    assert identity in [finding.identity for finding in findings if not finding.skus]
