"""Thumbs under the cards: kept for what was asked, taken back, learned from."""

from pages.shared import state
from prodsim.learn import HeldOutComparison, Learned
from prodsim.similarity import Weights
from tests.pages.cards import button, press, skus
from tests.pages.conftest import open_link

GOOD, BAD = "thumb_up", "thumb_down"


def kept(built):
    return [(one.sku_a, one.sku_b, one.query, one.grade) for one in built.records().judgements()]


def pressed(app):
    thumbs = [(sku, icon) for sku in skus(app) for icon in (GOOD, BAD)]
    return {thumb for thumb in thumbs if 'aria-pressed="true"' in button(app, *thumb)}


def test_a_thumb_judges_the_hit_for_the_product_asked_by(built):
    app = press(open_link(like=["J0"]), "J1", GOOD)
    press(app, "M1", BAD)

    assert kept(built) == [("J0", "J1", "", 1.0), ("J0", "M1", "", 0.0)]
    assert pressed(app) == {("J1", GOOD), ("M1", BAD)}
    assert ("J0", GOOD) in pressed(open_link(like=["J1"]))  # the same pair, asked the other way


def test_a_thumb_judges_the_hit_for_the_text(built):
    app = press(open_link(q="雨 jacket"), "J1", GOOD)

    assert kept(built) == [("", "J1", "雨 jacket", 1.0)]
    assert pressed(app) == {("J1", GOOD)}
    assert not pressed(open_link(q="mug"))


def test_a_text_that_names_a_product_is_judged_as_that_product(built):
    app = press(open_link(q="J0"), "J1", GOOD)

    assert kept(built) == [("J0", "J1", "", 1.0)]
    assert " disabled" in button(app, "J0", GOOD)


def test_a_second_press_takes_it_back_and_the_other_thumb_replaces_it(built):
    app = press(press(open_link(like=["J0"]), "J1", GOOD), "J1", BAD)
    assert kept(built) == [("J0", "J1", "", 0.0)]

    press(app, "J1", BAD)
    assert kept(built) == []
    assert not pressed(app)


def test_several_queries_at_once_cannot_be_judged_and_it_says_why(built):
    for several in ({"like": ["J0", "J1"]}, {"like": ["J0"], "q": "mug"}, {"like": ["J0"], "unlike": ["M0"]}):
        thumb = button(open_link(**several), "J2", GOOD)

        assert " disabled" in thumb
        assert "only for a single query" in thumb


def test_too_few_judgements_say_how_many_more_are_needed(built):
    app = press(open_link(like=["J0"], tune="true"), "J1", GOOD)
    next(button for button in app.button if button.label == "Learn from judgements").click().run()
    state.job_runner().find(f"learn {built.info().name}").wait(60)
    app.run()

    assert not app.exception
    assert any(caption.value == "1 judgement" for caption in app.caption)
    assert any("too few" in text.value and "29 more pairs in total" in text.value for text in app.text)


def learned(built, low):
    usual = built.open().engine.weights
    compared = HeldOutComparison(0.5, 0.8, low, 0.4)
    result = Learned(Weights(words=0.37, price=1.0), usual, 40, 0, 40, compared, compared)
    name = built.info().name
    state.job_runner().submit(f"learn {name}", name, lambda job: result).wait(60)
    return open_link(like=["J0"], tune="true")


def test_better_weights_are_offered_and_set_the_sliders(built):
    app = learned(built, low=0.1)
    next(button for button in app.button if button.label == "Use these weights").click().run()

    assert not app.exception
    assert any("better on held-out judgements" in caption.value for caption in app.caption)
    assert (app.slider(key="weight words").value, app.slider(key="weight price").value) == (0.37, 1.0)
    assert app.slider(key="weight meaning").value == 0
    assert "words=0.37" in str(app.query_params["weights"])


def test_weights_that_are_no_better_are_not_offered(built):
    app = learned(built, low=-0.1)

    assert any("keep the current weights" in caption.value for caption in app.caption)
    assert not any(button.label == "Use these weights" for button in app.button)
