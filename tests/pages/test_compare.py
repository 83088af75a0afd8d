"""Two settings side by side on a small shop."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared import state
from pages.shared.compare import labelling
from pages.shared.compare.labelling import JudgingRound
from prodsim.evaluation.pair_queue import PairToJudge
from prodsim.records import Records
from prodsim.similarity import Setting, Weights
from prodsim.workspace import BuildRequest
from tests.pages.conftest import open_link

ONLY_PRICE = "words=0,meaning=0,identifiers=0,quantities=0,brand=0,category=0,price=2"


def open_compare(**params):
    """The page as a link opens it, once its jobs have ended."""
    app = open_link(**params)
    return settled(app.switch_page("pages/compare.py").run())


def settled(app):
    for job in state.job_runner().jobs():
        job.wait(60)
    app.run()
    assert not app.exception
    return app


def texts(app):
    found = [*app.text, *app.caption, *app.info, *app.subheader, *app.success]
    return " ".join([*(one.value for one in found), *(html.body for html in app.get("html"))])


def click(app, label):
    next(button for button in app.button if button.label == label).click().run()
    return settled(app)


@pytest.fixture
def judged(built):
    """What costs about the same is alike within a family, and two families are not."""
    records = built.records("shop")
    for letter, other in ("JM", "ML", "LJ"):
        for n in range(8):
            records.judge(f"{letter}{n}", f"{letter}{(n + 1) % 8}", 1.0)
            records.judge(f"{letter}{n}", f"{other}{n}", 0.0)
    return records


def test_both_lists_of_what_moved_most_stand_side_by_side(built):
    app = open_compare(b_weights=[ONLY_PRICE])

    assert "For 24 products, the 10 best results of A and B overlap by " in texts(app)
    lists = next(html.body for html in app.get("html") if "pc-lists" in html.body)
    assert "A (Overall)" in lists
    assert "B (Same product, changed)" in lists
    assert "only here" in lists
    shown = app.dataframe[0].value
    assert shown["rbo"].is_monotonic_increasing
    assert shown["rbo"].iloc[0] < 1


def test_a_setting_and_itself_find_the_same_everywhere(built):
    app = open_compare(b_setting=["overall"])

    assert "overlap by 100 % (95 % interval 100–100 %). Their rank agreement is 1.00" in texts(app)
    assert "A and B give the same results" in texts(app)


def test_the_link_holds_both_sides_and_another_session_reads_it(built):
    built.records("shop").save_setting("价格", Setting(Weights(price=1.0)))
    app = open_compare(a_setting=["价格"], b_metric=["Euclidean"], b_weights=["price=2"])

    assert app.selectbox(key="a_setting").value == "价格"
    assert app.selectbox(key="b_metric").value == "Euclidean"
    assert app.slider(key="b weight price").value == 2
    click(app, "Reset changes")
    app.button(key="b back").click().run()
    assert app.selectbox(key="b_metric").value == "cosine"
    assert app.slider(key="b weight price").value == 0.1
    assert "b_weights" not in app.query_params


def test_a_starts_with_the_default_of_the_catalog(built):
    records = built.records("shop")
    records.save_setting("ours", Setting(Weights(price=1.0)))
    records.set_default("ours")

    app = open_compare()

    assert [app.selectbox(key=f"{side}_setting").value for side in "ab"] == ["ours", "same product"]


def test_the_same_file_by_another_encoder_can_be_compared(built, shop):
    built.build(BuildRequest(shop, name="again", encoder="lsa"))
    app = open_compare(catalog=["shop"], b_catalog=["again"])

    assert app.selectbox(key="a_catalog").value == "shop"
    assert app.selectbox(key="b_catalog").value == "again"
    assert "For 24 products, the 10 best results of A and B overlap by " in texts(app)


def test_without_judgements_the_page_says_how_to_judge(built):
    app = open_compare(section=["Which is better"])

    assert "There are no judgements yet" in app.info[0].value
    assert "thumbs on the Search page" in " ".join(one.value for one in app.markdown)


def test_the_better_side_is_named_on_what_was_judged(judged):
    app = open_compare(section=["Which is better"], b_weights=[ONLY_PRICE])

    assert "B (Same product, changed) is better than A (Overall) (nDCG@10 " in app.subheader[0].value
    assert "Based on 48 judgements for 24 queries." in texts(app)


def test_pairs_are_judged_one_after_the_other_and_taken_back(built):
    app = open_compare(section=["Judge pairs"])
    records = built.records("shop")

    first = next(html.body for html in app.get("html") if "pc-pair" in html.body)
    click(app, "Good match")
    click(app, "Bad match")
    assert [one.grade for one in records.judgements()] == [1.0, 0.0]
    click(app, "Undo")
    click(app, "Undo")
    assert records.judgements() == ()
    assert next(html.body for html in app.get("html") if "pc-pair" in html.body) == first


def test_what_is_skipped_is_not_asked_again_in_the_round(built):
    app = open_compare(section=["Judge pairs"])
    shown = [next(html.body for html in app.get("html") if "pc-pair" in html.body)]
    for _ in range(3):
        click(app, "Skip")
        shown.append(next(html.body for html in app.get("html") if "pc-pair" in html.body))

    assert len(set(shown)) == 4
    assert built.records("shop").judgements() == ()


def test_another_setting_begins_a_round_that_takes_nothing_of_the_last_back(built):
    app = open_compare(section=["Judge pairs"])
    click(app, "Good match")
    settled(app.selectbox(key="b_setting").set_value("same style").run())

    assert next(button for button in app.button if button.label == "Undo").disabled
    assert [one.grade for one in built.records("shop").judgements()] == [1.0]


def test_a_second_press_on_a_pair_answers_no_other(tmp_path):
    records, pairs = Records(tmp_path / "decided.sqlite"), [PairToJudge("A", "B", 1, 2, 1.0)]
    now = JudgingRound((), 1, ())

    for _ in range(2):
        labelling._judge(records, now, pairs, 0, 1.0)
    assert (now.grades, len(records.judgements())) == ([1.0], 1)
    for _ in range(2):
        labelling._undo(records, now, pairs, 1)
    assert (now.grades, records.judgements()) == ([], ())


def test_learned_weights_are_offered_only_when_they_are_better(built):
    records = built.records("shop")
    for n in range(8):
        for m in (n + 4, n + 5, n + 6):  # alike within a family, though the prices of mugs lie far apart
            records.judge(f"M{n}", f"M{m % 8}", 1.0)
            records.judge(f"L{n}", f"J{m % 8}", 0.0)
    app = open_compare(section=["Judge pairs"], a_weights=[ONLY_PRICE])
    click(app, "Learn from judgements")

    assert "on held-out judgements: AP " in texts(app)
    assert ("judgements: better on held-out judgements" in texts(app)) == any(
        button.label == "Use as B" for button in app.button
    )


def sides_alone() -> None:
    """A page with both sides and a button that makes B what A is, by price."""
    import streamlit as st

    from pages.shared import state
    from pages.shared.compare.sides import choose_sides, use_as_b
    from prodsim.similarity import Weights

    a, _ = choose_sides(state.open_catalog("shop"))
    st.button("Use as B", on_click=use_as_b, args=(a, Weights(price=1.37)))


def test_b_becomes_what_a_is_with_other_weights(built):
    app = AppTest.from_function(sides_alone, default_timeout=60).run()
    app.selectbox(key="a_metric").set_value("Euclidean").run()
    next(button for button in app.button if button.label == "Use as B").click().run()

    assert not app.exception
    assert [app.selectbox(key=f"b_{what}").value for what in ("setting", "metric")] == ["overall", "Euclidean"]
    assert [app.slider(key=f"b weight {part}").value for part in ("price", "words")] == [1.37, 0]


def test_a_catalog_that_is_not_there_is_said_also_where_there_is_no_choice(built):
    app = AppTest.from_function(sides_alone, default_timeout=60)
    app.query_params["a_catalog"] = "gone"

    assert "The link says a_catalog = “gone”, which cannot be used here. It is ignored." in texts(app.run())


def test_recall_is_measured_on_demand(built):
    app = open_compare(section=["Trust in the index"])
    assert "The vector index returns" not in texts(app)
    click(app, "Measure")

    assert "The vector index returns 100.0 % of the exact results" in texts(app)
    assert sorted(app.dataframe[0].value["of"]) == ["Clothing", "Home", "Kitchen"]


def test_a_judgement_by_text_can_be_compared_too(built):
    built.records("shop").judge("", "M1", 1.0, query="coffee mug")
    app = open_compare(section=["Which is better"])

    assert "Based on 1 judgement for 1 query." in texts(app)
