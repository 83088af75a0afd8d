"""Findings are decided one after the other on a small shop."""

import io
import sqlite3
from contextlib import closing

import numpy as np
import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.shared.checks import CheckResults, ReviewItem, with_decisions
from pages.shared.quality.exchange import describe_import
from pages.shared.quality.health import change_since_last, describe_health, describe_tile
from pages.shared.quality.queue import ReviewSession, describe_progress, in_turn
from pages.shared.reports import make_report
from pages.shared.side_by_side import side_by_side_html
from prodsim.findings import Finding
from prodsim.output.export import to_csv, to_xlsx
from prodsim.records import CheckSummary, Decision, Records
from prodsim.similarity import Setting, Weights
from prodsim.workspace import BuildRequest
from prodsim.workspace.checks import CheckReport
from prodsim.workspace.imports import preview_decisions, read_decisions_file
from tests.pages.cards import cards
from tests.pages.conftest import open_link
from tests.pages.test_compare import click, settled, texts


def queue_alone() -> None:
    """A page with the queue of a pair, a group and a placeholder, and what was decided of them."""
    import streamlit as st

    from pages.shared import state
    from pages.shared.checks import CheckResults, with_decisions
    from pages.shared.quality.decided import draw_list
    from pages.shared.quality.queue import draw_queue
    from prodsim.findings import Finding
    from prodsim.workspace.checks import CheckReport

    findings = (
        Finding("duplicates", "J0 and J1 are one product.", ("J0", "J1"), proposal="Keep J1."),
        Finding("duplicates", "Three of one.", ("M0", "M1", "M2"), score=0.9),
        Finding(
            "odd", "<b>*Far*</b> from all.", ("L0",), evidence={"neighbours": ["L1", {"sku": "L2"}]}, proposal="Look."
        ),
    )
    opened, records = state.open_catalog("shop"), state.workspace().records("shop")
    checked = CheckResults.of(CheckReport(findings, ("duplicates", "odd"), "usual", "v", len(opened.catalog)), opened)
    found = with_decisions(checked, records.decisions(), opened.catalog)
    of_state = st.session_state.get("show", "open")
    own = [one for one in found if one.state == of_state]
    if of_state == "decided":
        draw_list(opened, records, own)
    else:
        draw_queue(opened, records, own, sum(one.state == "decided" for one in found))


@pytest.fixture
def queue(built):
    app = AppTest.from_function(queue_alone, default_timeout=60).run()
    assert not app.exception
    return app


def _written(path, data):
    path.write_bytes(data)
    return path


def decided(built):
    return [(one.skus, one.action, one.keep) for one in built.records("shop").decisions().values()]


def test_a_pair_is_shown_side_by_side_with_what_differs(queue):
    shown = texts(queue)

    assert "J0 and J1 are one product." in shown
    assert "number <mark>0</mark>" in shown
    assert "number <mark>1</mark>" in shown
    assert "Identical: Description: Keeps you dry" in shown
    assert "Keep J1. Confidence: 100 %" in shown


def test_findings_are_decided_in_turn_and_taken_back(queue, built):
    click(queue, "Keep right")
    assert "Three of one." in texts(queue)
    queue.selectbox[0].set_value("M2").run()
    click(queue, "Keep this")
    click(queue, "Accept the proposal")
    everything = [(("J0", "J1"), "keep", "J1"), (("M0", "M1", "M2"), "keep", "M2"), (("L0",), "accepted", "")]
    assert decided(built) == everything
    assert "Nothing is left to decide here" in texts(queue)

    click(queue, "Undo")
    assert decided(built) == everything[:2]
    assert "from all." in texts(queue)
    click(queue, "Undo")
    click(queue, "Undo")
    assert decided(built) == []
    assert next(button for button in queue.button if button.label == "Undo").disabled


def test_all_that_are_sure_are_accepted_and_taken_back_at_once(queue, built):
    assert "2 of the 3 findings listed here are at least 98 % sure." in texts(queue)
    queue.number_input(key="least sure").set_value(90).run()
    click(queue, "Accept 3 proposals")
    assert [action for _, action, _ in decided(built)] == ["keep", "keep", "accepted"]
    assert decided(built)[1] == (("M0", "M1", "M2"), "keep", "M0")

    click(queue, "Undo")
    assert decided(built) == []
    click(queue, "Mark 3 as not a problem")
    assert [action for _, action, _ in decided(built)] == ["dismissed"] * 3


def test_decisions_are_narrowed_by_person_and_kind(queue, built):
    opened, records = built.open("shop"), built.records("shop")
    for skus, action, who in ((("J0", "J1"), "keep", "Ana"), (("M0", "M1", "M2"), "dismissed", "Ben")):
        keep = skus[0] if action == "keep" else ""
        records.decide(Finding("duplicates", "", skus), action, opened.catalog, keep=keep, who=who)
    queue.session_state["show"] = "decided"
    queue.run()
    assert sorted(queue.dataframe[0].value["who"]) == ["Ana", "Ben"]

    queue.selectbox(key="person").set_value("Ana").run()
    assert queue.dataframe[0].value["decision"].tolist() == ["keep J0"]
    queue.query_params["person"], queue.query_params["decision"] = "Ben", "dismissed"
    assert queue.run().dataframe[0].value["who"].tolist() == ["Ben"]


def test_what_is_put_off_comes_last(queue, built):
    click(queue, "Later")
    assert "Three of one." in texts(queue)
    click(queue, "Variants")
    click(queue, "Not a problem")

    assert "J0 and J1 are one product." in texts(queue)
    assert [action for _, action, _ in decided(built)] == ["later", "variants", "dismissed"]


def test_a_note_goes_with_the_next_decision_only(queue, built):
    queue.text_input[0].set_value("同一件商品").run()
    click(queue, "Keep left")
    click(queue, "Not a problem")

    assert [one.note for one in built.records("shop").decisions().values()] == ["同一件商品", ""]


def test_neighbours_are_small_cards_and_texts_are_never_markup(queue):
    click(queue, "Keep left")
    click(queue, "Variants")

    assert ["number 1" in card for card in cards(queue, "ps-grid ps-small")] == [True, False]
    assert "&lt;b&gt;*Far*&lt;/b&gt; from all." in texts(queue)


def test_a_decision_can_be_seen_and_made_anew(queue, built):
    click(queue, "Keep left")
    queue.session_state["show"] = "decided"
    queue.run()

    assert queue.dataframe[0].value["decision"].tolist() == ["keep J0"]
    assert "Keep left" not in [button.label for button in queue.button]


def test_what_changed_since_is_asked_again(queue, built, shop):
    click(queue, "Keep left")
    shop.write_text(shop.read_text().replace("rain jacket number 1,", "rain jacket number one,"))
    built.build(BuildRequest(shop, encoder="hashing"))
    queue.session_state["show"] = "changed"
    queue.run()

    assert "Its products have changed since." in texts(queue)
    assert "number <mark>one</mark>" in texts(queue)


def test_two_tabs_take_back_their_own_decisions_only(queue, built):
    other = AppTest.from_function(queue_alone, default_timeout=60).run()
    click(queue, "Keep left")
    settled(other)
    click(other, "Variants")
    click(queue, "Undo")

    assert decided(built) == [(("M0", "M1", "M2"), "variants", "M0")]


def test_what_was_decided_about_one_catalog_is_not_taken_back_in_another(queue, built):
    click(queue, "Keep left")
    own = next(iter(queue.session_state["review sessions"].values()))
    queue.session_state["review sessions"] = {"another catalog": own}
    queue.run()

    assert next(button for button in queue.button if button.label == "Undo").disabled


def test_a_note_outlives_a_decision_that_could_not_be_kept(queue, built, monkeypatch):
    records = built.records("shop")
    records.save_setting("mine", Setting(Weights(meaning=1.0), "cosine"))  # makes the file
    queue.text_input[0].set_value("同一件商品").run()
    with monkeypatch.context() as patience, closing(sqlite3.connect(records.place, isolation_level=None)) as holder:
        patience.setattr("prodsim.records.database.WRITE_TIMEOUT_S", 0)
        holder.execute("BEGIN IMMEDIATE")
        next(button for button in queue.button if button.label == "Keep left").click().run()
    assert "is being written by another program" in " ".join(text.value for text in queue.text)
    click(queue, "Keep left")

    assert [one.note for one in built.records("shop").decisions().values()] == ["同一件商品"]


def test_the_pace_leaves_pauses_out():
    steady = ReviewSession("a", [0.0, 5.0, 10.0, 4000.0, 4005.0])

    assert steady.pace_s == 5.0
    assert ReviewSession("a", [0.0, 5.0]).pace_s is None
    assert describe_progress(12, 84, 5.0) == "12 of 84 decided · about 6 minutes left at your pace"
    assert describe_progress(83, 84, 5.0) == "83 of 84 decided · about 5 seconds left at your pace"
    assert describe_progress(1200, 8400, None) == "1,200 of 8,400 decided"


def test_put_off_findings_are_in_the_order_they_were_put_off():
    def item(sku, when=""):
        decision = Decision(sku, "odd", (sku,), "later", when=when) if when else None
        return ReviewItem(Finding("odd", sku, (sku,)), sku, "open", decision)

    late, early = item("A", "2026-01-02T00:00:00+00:00"), item("B", "2026-01-01T00:00:00+00:00")
    assert [one.key for one in in_turn([late, early, item("C")])] == ["C", "B", "A"]


def test_only_differing_fields_have_rows_and_nothing_is_markup(tmp_path):
    products = pd.DataFrame(
        {
            "sku": ["1", "2"],
            "title": ["洁面乳 <i>", "面霜 <i>"],
            "brand": ["雅", "雅"],
            "price": [1.5, 2.0],
            "image": ["", ""],
        }
    )
    page = side_by_side_html(products, ["brand", "price"], [tmp_path] * len(products))

    assert "<th>Price</th><td><mark>1.50</mark>" in page
    assert "<th>Brand" not in page
    assert "Identical: Brand: 雅" in page
    assert "<mark>洁</mark>面<mark>乳</mark> &lt;i&gt;" in page  # signs are in both
    assert "<i>" not in page


def test_declared_variants_and_what_is_decided_leave_the_open_number(built):
    opened, records = built.open("shop"), built.records("shop")
    findings = (
        Finding("odd", "", ("L0",)),
        Finding("odd", "", ("L1",)),
        Finding("variants", "", ("J0", "J1"), 0.1, evidence={"declared": True}),
    )
    checked = CheckResults.of(CheckReport(findings, ("odd", "variants"), "usual", "v", len(opened.catalog)), opened)
    records.decide(findings[1], "accepted", opened.catalog)
    found = with_decisions(checked, records.decisions(), opened.catalog)
    n, which = len(opened.catalog), np.array([one.state == "open" for one in found])

    assert [one.state for one in found] == ["open", "decided", "grouped"]
    assert describe_health(checked, found, which, {"odd": -2}) == (
        f"**{100 - 100 / n:.1f} %** of {n} products have no open issue · **1** open finding "
        "(-2 since the previous upload) · 1 decided · 1 variant group in the catalog"
    )
    assert describe_tile(checked, which, 2) == f"{100 / n:.1f} % · +2"
    assert describe_tile(checked, which & False, 0) == "none open"


@pytest.mark.parametrize(("write", "name"), [(to_csv, "a.csv"), (to_xlsx, "a.xlsx")])
def test_a_file_is_looked_into_before_it_is_taken_in(built, tmp_path, write, name):
    opened, here, other = built.open("shop"), built.records("shop"), Records(tmp_path / "other.sqlite")
    findings = tuple(Finding("odd", sku, (sku,)) for sku in ("L0", "L1"))
    checked = CheckResults.of(CheckReport(findings, ("odd",), "usual", "v", len(opened.catalog)), opened)
    for finding in (*findings, Finding("odd", "gone", ("杯",))):
        other.decide(finding, "dismissed", opened.catalog, note="=1+1")
    table = other.decisions_table()
    wrong = table.iloc[[0]].assign(finding="nothing")
    (tmp_path / name).write_bytes(write(pd.concat([table, wrong])))
    here.import_decisions(_written(tmp_path / "first.csv", to_csv(table.head(1))))
    preview = preview_decisions(read_decisions_file(tmp_path / name), here, checked.places)

    assert describe_import(preview) == [
        "2 new decisions: 2 not a problem",
        "1 of them concerns a finding that is not there now; it is kept in case the finding returns",
        "1 already here",
        "1 left out",
    ]
    assert [one.line for one in preview.left_out] == [5]
    assert len(here.decisions()) == 1


def test_change_is_against_the_upload_before():
    old, new = CheckSummary("v1", "usual", 10, {"odd": 5}), CheckSummary("v2", "usual", 10, {"odd": 3, "new": 1})

    assert change_since_last([old, new]) == {"odd": -2}
    assert change_since_last([new]) == {}


def test_an_unchecked_catalog_is_checked_when_asked(built):
    app = settled(open_link().switch_page("pages/quality.py").run())
    assert "has not been checked yet" in app.info[0].value
    click(app, "Check the catalog")

    assert app.button(key="tile duplicates").label.endswith("Duplicates")
    assert len(built.records("shop").summaries()) == 1
    again = settled(open_link().switch_page("pages/quality.py").run())
    assert again.button(key="tile duplicates").label.endswith("Duplicates")


def test_after_an_upload_the_findings_are_stale(built, shop):
    app = settled(open_link().switch_page("pages/quality.py").run())
    click(app, "Check the catalog")
    shop.write_text(shop.read_text() + "N1,Another mug,Holds tea,Kaffa,Kitchen > Mugs,4,in stock,green\n")
    built.build(BuildRequest(shop, encoder="hashing"))
    settled(app)
    assert "has changed since the last check" in app.info[0].value
    click(app, "Check again")

    assert len(built.records("shop").summaries()) == 2


@pytest.fixture
def faulty(built, shop):
    """The small shop with a jacket that is listed twice and a mug whose title is a placeholder."""
    twice = "J9,Waterproof rain jacket number 1,Keeps you dry,Nordvik,Clothing > Jackets,51,in stock,red\n"
    shop.write_text(shop.read_text() + twice + "M9,test product,Holds coffee,Kaffa,Kitchen > Mugs,9,in stock,blue\n")
    built.build(BuildRequest(shop, encoder="hashing"))
    return built


def tile_alone() -> None:
    from pages.shared.quality.health import chosen_tile

    chosen_tile([])


def test_a_link_to_findings_of_no_kind_is_said(home):
    app = AppTest.from_function(tile_alone)
    app.query_params["found"] = "gone"

    assert "The link says found = “gone”, which cannot be used here. It is ignored." in texts(app.run())


def test_a_tile_opens_its_queue_and_tells_what_is_left(faulty):
    app = settled(open_link().switch_page("pages/quality.py").run())
    click(app, "Check the catalog")
    settled(app.button(key="tile texts").click().run())
    assert app.query_params["found"] in ("texts", ["texts"])
    assert "is a placeholder" in texts(app)

    n = len([one for one in faulty.open("shop").check(("texts",)).findings])
    assert f"0 of {n} decided" in " ".join(str(one.proto.text) for one in app.get("progress"))
    click(app, "Accept the proposal")
    assert [one.kind for one in faulty.records("shop").decisions().values()] == ["placeholder"]
    assert app.segmented_control(key="section").options[:2] == [f"Open ({n - 1})", "Decided (1)"]


def test_decisions_are_brought_seen_and_taken_in(faulty, tmp_path):
    opened, other = faulty.open("shop"), Records(tmp_path / "other.sqlite")
    for finding in opened.check().findings[:2]:
        other.decide(finding, "dismissed", opened.catalog, note="一样")
    app = settled(open_link().switch_page("pages/quality.py").run())
    click(app, "Check the catalog")
    app.file_uploader[0].set_value(("决定.xlsx", to_xlsx(other.decisions_table()), "")).run()
    assert "2 new decisions: 2 not a problem" in [text.value for text in app.text]
    assert not faulty.records("shop").decisions()
    click(app, "Import 2 decisions")

    assert faulty.records("shop").decisions() == other.decisions()
    assert "**Decisions imported**" in " ".join(one.value for one in app.markdown)
    assert not any(button.label.startswith("Import ") for button in app.button)


def test_a_threshold_is_tried_applied_and_taken_back(faulty):
    app = settled(open_link(found=["duplicates"]).switch_page("pages/quality.py").run())
    click(app, "Check the catalog")
    settled(app.button(key="tile duplicates").click().run())
    settled(app.button(key="scores").click().run())
    found = [one.skus for one in faulty.open("shop").check(("duplicates",)).findings]
    assert [len(skus) for skus in found] == [2, 7, 8, 8]
    assert "At 0.40: 4 groups of duplicates, 21 products that repeat another, 0 groups of variants." in texts(app)

    app.slider[0].set_value(1.0).run()
    assert set(found[0]) == {"J1", "J9"}  # the only ones with one title
    assert "At 1.00: 1 group of duplicates (-3), 1 product that repeats another (-20), 0 groups of variants." in texts(
        app
    )
    assert "threshold" not in app.query_params
    click(app, "Apply 1.00")
    assert np.atleast_1d(app.query_params["threshold"]).tolist() == ["1"]
    assert "is 1, chosen by hand" in texts(app)
    assert len(faulty.records("shop").summaries()) == 1
    click(app, "Reset to 0.40")
    assert "threshold" not in app.query_params


@pytest.mark.parametrize("text", ["2", "nan", "半", ""])
def test_a_threshold_that_cannot_be_is_told_and_left_out(built, text):
    app = settled(open_link(threshold=text).switch_page("pages/quality.py").run())

    assert f"The threshold “{text}” in the link is ignored: it must be between 0 and 1." in texts(app)
    assert "chosen by hand" not in texts(app)
    assert "Check the catalog" in [button.label for button in app.button]


def test_the_report_holds_what_was_decided(faulty):
    opened, records = faulty.open("shop"), faulty.records("shop")
    report = opened.check()
    twice = next(one for one in report.findings if {"J1", "J9"} <= {*one.skus})
    records.decide(twice, "keep", opened.catalog, keep="J1", note="一样")
    checked = CheckResults.of(report, opened)
    items = with_decisions(checked, records.decisions(), opened.catalog)
    page = make_report(opened, records, checked, items, ".html").decode()

    assert "decided: keep J1" in page
    assert "一样" in page


EVIL = ["</script><script>alert(1)</script>", '=HYPERLINK("//x","杯")', "+1", "-1", "@SUM(1)", "\t=1", "\r=1"]


@pytest.mark.parametrize("text", EVIL)
def test_text_of_products_neither_runs_on_the_page_nor_in_what_is_taken_along(built, tmp_path, text):
    opened, records = built.open("shop"), built.records("shop")
    twins = Finding("duplicates", text, ("J0", "J1"), column=text, proposal=text, evidence={text: [text]})
    opened.catalog.products.loc[:, ["title", "brand"]] = text
    records.decide(twins, "keep", opened.catalog, keep="J0", note=text)
    checked = CheckResults.of(CheckReport((twins,), ("duplicates",), "usual", "v", len(opened.catalog)), opened)
    found = with_decisions(checked, records.decisions(), opened.catalog)
    shown = side_by_side_html(opened.catalog.products.iloc[:2], ["brand"], [tmp_path] * 2, "brand")
    notes = pd.read_csv(io.BytesIO(to_csv(records.decisions_table())), dtype=str, lineterminator="\n")["note"]
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(records.decisions_table()))).active

    assert "<script" not in shown + make_report(opened, records, checked, found, ".html").decode()
    assert all(note.startswith(("'", "</")) for note in notes)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
