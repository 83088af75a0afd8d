"""Two small shops against each other."""

import pytest
import streamlit as st

from pages.shared import state
from prodsim.records import CategoryDecision, MatchDecision
from prodsim.settings import Settings
from prodsim.workspace import Workspace
from prodsim.workspace.category_alignment import align_catalogs
from prodsim.workspace.matches import match_catalogs
from tests.pages.conftest import open_link

PAGE = "pages/match.py"


@pytest.fixture
def matched(pair_home):
    """Both shops, matched."""
    st.cache_resource.clear()
    st.cache_data.clear()
    workspace = Workspace(Settings(pair_home))
    match_catalogs(workspace, workspace.open("shop"), workspace.open("rival"))
    return workspace


def open_match(**params):
    app = open_link(PAGE, catalog=["shop"], other=["rival"], **params)
    return settled(app)


def settled(app):
    for job in state.job_runner().jobs():
        job.wait(60)
    app.run()
    assert not app.exception
    return app


def press(app, label):
    next(button for button in app.button if button.label == label).click().run()
    return settled(app)


def numbers(app):
    return [metric.value for metric in app.metric][:4]


def verdicts(workspace):
    return {(each.sku_a, each.sku_b): each.verdict for each in workspace.records("shop").match_decisions("rival")}


def test_the_counts_follow_the_threshold_of_the_link(matched):
    few, many = open_match(certainty=["0.95"]), open_match(certainty=["0.2"])

    assert numbers(many) == ["12", "0", "12", "4"]
    assert int(numbers(few)[0]) < 12
    assert int(numbers(few)[0]) + int(numbers(few)[1]) == 12


def test_a_rejected_pair_leaves_and_undo_brings_it_back(matched):
    app = press(open_match(certainty=["0.99"]), "Different")

    assert [*verdicts(matched).values()] == ["rejected"]
    assert app.segmented_control[1].options[2] == "Rejected (1)"
    press(app, "Undo")
    assert verdicts(matched) == {}
    assert app.segmented_control[1].options[2] == "Rejected (0)"


def test_an_accepted_pair_is_sure(matched):
    before = open_match(certainty=["0.99"])
    after = press(before, "Same product")

    assert [*verdicts(matched).values()] == ["accepted"]
    assert numbers(after)[0] == "1"


def test_a_postponed_pair_comes_last(matched):
    app = press(open_match(certainty=["0.99"]), "Later")

    ((sku_a, _),) = verdicts(matched)
    assert f">{sku_a}</div>" not in next(html.body for html in app.get("html") if "pq-table" in html.body)
    assert numbers(app)[1] == "12"


def test_what_only_one_has_is_listed_by_category(matched):
    app = open_match(section=["only b"])

    categories, _, products = (table.value for table in app.dataframe)
    assert categories[["category", "missing", "products"]].values.tolist() == [["Camping", 4, 4]]
    assert products["sku"].tolist() == ["t0", "t1", "t2", "t3"]


def test_rejected_pairs_are_listed(matched):
    matched.records("shop").decide_match(MatchDecision("rival", "J0", "r0", "rejected"))
    app = open_match(section=["rejected"])

    assert app.dataframe[0].value["title_a"].tolist() == ["Waterproof rain jacket number 0"]


def test_without_a_match_yet_a_button_makes_one(pair_home):
    st.cache_resource.clear()
    app = press(open_match(), "Match the catalogs")

    assert numbers(app)[2:] == ["12", "4"]


def test_one_catalog_alone_says_what_is_needed(built):
    app = open_link(PAGE)

    assert "A second catalog is needed" in app.info[0].value


def test_categories_are_listed_with_their_certainty(matched):
    table = open_match(what=["categories"]).dataframe[0].value

    assert len(table) == matched.open("shop").catalog.products["category"].nunique()
    assert set(table["state"]) == {"to decide"}
    assert table["certainty"].is_monotonic_decreasing


def test_decisions_on_categories_count_in_place_of_proposals(matched):
    a, b = matched.open("shop"), matched.open("rival")
    first, second, *_ = align_catalogs(matched, a, b)
    matched.records("shop").decide_category(CategoryDecision("rival", first.proposal.path, second.proposal.other))
    matched.records("shop").decide_category(CategoryDecision("rival", second.proposal.path, ""))
    decided = {one.proposal.path: (one.state, one.other) for one in align_catalogs(matched, a, b)}
    matched.records("shop").reopen_category("rival", second.proposal.path)

    assert decided[first.proposal.path] == ("accepted", second.proposal.other)
    assert decided[second.proposal.path] == ("none", "")
    assert open_match(what=["categories"]).dataframe[0].value["state"].tolist()[-1] == "accepted"
