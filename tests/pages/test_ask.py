"""The Ask page: a question, its chips, follow-ups, the link."""

from streamlit.testing.v1 import AppTest

from tests.pages.cards import cards, press, skus
from tests.pages.conftest import ROOT


def open_ask(**params):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, values in params.items():
        app.query_params[name] = values
    app.switch_page("pages/ask.py").run()
    assert not app.exception
    return app


def button(app, label):
    return next(button for button in app.button if button.label == label)


def test_a_question_is_answered_with_reasons_and_goes_into_the_link(built):
    app = open_ask()
    app.chat_input(key="question").set_value("rain jacket under 52").run()

    assert not app.exception
    assert set(skus(app)) == {"J0", "J1", "J2"}
    assert "in stock" in cards(app)[0]
    assert app.query_params["ask"] in ("rain jacket under 52", ["rain jacket under 52"])


def test_a_chip_is_taken_away_and_the_answer_follows(built):
    app = open_ask(ask="rain jacket under 52")
    button(app, "at most 52").click().run()

    assert not app.exception
    assert len(skus(app)) == 8
    assert not [one for one in app.button if one.label == "at most 52"]


def test_a_link_of_several_questions_gives_the_last_answer(built):
    app = open_ask(ask=["mug", "under 7"])

    assert set(skus(app)) == {"M0", "M1", "M2"}
    assert any("mug" in caption.value and "→" in caption.value for caption in app.caption)


def test_the_last_of_the_products_shown_can_be_followed_too(built):
    app = open_ask(ask="rain jacket under 500")
    last = skus(app)[-1]
    press(app, last, "hub")

    assert not app.exception
    assert last not in skus(app)
    assert [one.label for one in app.button if one.label == "at most 500"]


def test_an_empty_link_leaves_the_page_as_it_is(built):
    app = open_ask(ask=" ")
    app.chat_input(key="question").set_value("costs $20 or $30: *mug*").run()
    app.chat_input(key="question").set_value("under 7").run()

    assert any(r"\$20 or \$30: \*mug\*" in caption.value for caption in app.caption)


def test_buttons_follow_up_and_a_new_conversation_begins_anew(built):
    app = open_ask(ask="rain jacket over 53")
    first = skus(app)[0]
    button(app, "Cheaper").click().run()
    assert not app.exception
    assert first == "J3" or first not in skus(app)
    assert any(one.label.startswith("at most") for one in app.button)

    button(app, "New conversation").click().run()
    assert not app.exception
    assert skus(app) == []
    assert "ask" not in app.query_params


def test_similar_products_are_asked_for_from_a_card(built):
    app = open_ask(ask="desk lamp")
    second = skus(app)[1]
    press(app, second, "hub")

    assert second not in skus(app)
    assert all(sku.startswith("L") for sku in skus(app))


def test_phrasing_is_offered_only_where_a_model_is_connected_and_shows_what_leaves(built, monkeypatch):
    assert not [one for one in open_ask(ask="rain jacket").button if one.label == "Send"]
    monkeypatch.setenv("PRODSIM_CHAT_URL", "http://127.0.0.1:9/v1")
    app = open_ask(ask="rain jacket")

    assert any("sent to http://127.0.0.1:9/v1" in caption.value for caption in app.caption)
    assert any("Question: rain jacket" in text.value for text in app.text)
    button(app, "Send").click().run()
    assert not app.exception
    assert any("did not answer as expected" in text.value for text in app.text)


def test_what_is_chosen_is_remembered_where_that_is_wanted(built):
    app = open_ask(ask="desk lamp", learn="true")
    press(app, skus(app)[2], "check")
    assert [choice.words for choice in built.records("shop").choices()] == [frozenset({"desk", "lamp"})]

    button(app, "Delete choices").click().run()
    assert built.records("shop").choices() == []
