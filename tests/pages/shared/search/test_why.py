"""The dialog that takes a score apart."""

from streamlit.testing.v1 import AppTest

from pages.shared.search.why import meaning_html, pieces_html
from prodsim.explain import Explanation, Meaning


def ask(home: str, text: str, like: str, sku: str) -> None:
    """A page that has just been asked why a product was found."""
    from pathlib import Path

    from pages.shared.search.why import ask_why, show_why
    from prodsim.search import Query
    from prodsim.settings import Settings
    from prodsim.workspace import Workspace

    opened = Workspace(Settings(Path(home))).open()
    query = Query(text, (like,) if like else ())
    ask_why(sku)  # in every run, because a test cannot run the dialog alone
    show_why(opened, query, opened.engine.weights, opened.search(query, 24).hits)


def dialog(home, text="", like="", sku="J1"):
    app = AppTest.from_function(ask, default_timeout=60, args=(str(home), text, like, sku)).run()
    assert not app.exception
    return app


def markup(app):
    return " ".join(html.body for html in app.get("html"))


def test_two_products_stand_side_by_side_with_what_would_change_the_rank(built, home):
    app = dialog(home, like="J0")

    assert "Waterproof rain jacket number 0" in markup(app)
    assert "Waterproof rain jacket number 1" in markup(app)
    assert "With another brand: " in markup(app)
    assert "Without" not in markup(app)  # words need the encoder


def test_the_meaning_of_words_is_told_when_asked_for(built, home):
    app = dialog(home, text="rain jacket")
    next(button for button in app.button if "Which words" in button.label).click().run()

    assert not app.exception
    assert any("Together, the words explain" in caption.value for caption in app.caption)
    assert "Without “jacket”" in markup(app)


def test_texts_are_shown_and_never_read_as_markup():
    found = Explanation("A", 1.0, (), (("<b>", 0.1), ("革", 0.0)), Meaning(0.5, (("<b>", 0.2), ("革", -0.2)), 0.5, 0))

    assert "<b>" not in meaning_html(found) + pieces_html(["<b>"], [0.1], "#d97706")
    assert "dotted" in meaning_html(found)
