"""Shortlists on the page: put on by the bookmark, with a note, taken back by undo."""

from tests.pages.cards import button, press, press_for_all
from tests.pages.conftest import open_link


def test_the_bookmark_puts_a_product_on_the_shortlist_until_that_is_undone(built):
    app = open_link(q="coffee mug")
    press(app, "M3", "bookmark")
    assert 'aria-pressed="true"' in button(app, "M3", "bookmark")
    assert built.records().shortlists()["Shortlist"][0].sku == "M3"

    next(field for field in app.text_input if field.label == "Note").set_value("for the cover").run()
    assert built.records().shortlists()["Shortlist"][0].note == "for the cover"

    for _ in range(2):
        next(each for each in app.button if each.label == "Undo").click().run()
    assert not app.exception
    assert built.records().shortlists() == {}


def test_chosen_cards_are_put_on_compared_and_exported(built):
    app = open_link()
    press(app, "M3", "bookmark")
    press_for_all(app, ["M3", "J1", "L2"], "Put on")
    assert [each.sku for each in built.records().shortlists()["Shortlist"]] == ["M3", "J1", "L2"]
    next(each for each in app.button if each.label == "Undo").click().run()
    assert [each.sku for each in built.records().shortlists()["Shortlist"]] == ["M3"]

    press_for_all(app, ["J1", "L2"], "Side by side")
    assert next(each for each in app.multiselect if each.label == "Products side by side").value == ["J1", "L2"]
    press_for_all(app, ["J1", "L2"], "Export")
    assert "2 chosen" in [caption.value for caption in app.caption]
