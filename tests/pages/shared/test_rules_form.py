"""Rules on the Search page: chosen, written, added from a card, in the link."""

from prodsim.search import Arrangement, Rule, RuleSet
from tests.pages.cards import cards, press, skus
from tests.pages.conftest import open_link

PINNED = RuleSet(only="price > 1", arrangement=Arrangement(rules=(Rule("pin", "M3"), Rule("boost", "J1", by=0.5))))


def test_a_link_opens_with_the_rules_it_names_and_cards_say_what_moved_them(built):
    built.records("shop").save_rules("autumn", PINNED)
    app = open_link(q="rain jacket", rules="autumn")

    assert not app.exception
    assert skus(app)[:2] == ["M3", "J1"]
    assert "pinned · ▲" in cards(app)[0]
    assert "boost: J1" in cards(app)[1]
    assert skus(open_link(q="rain jacket"))[0] != "M3"


def test_rules_that_this_catalog_lacks_in_the_link_are_ignored_and_named(built):
    app = open_link(q="rain jacket", rules="gone")

    assert not app.exception
    assert "rules" not in app.query_params
    assert any("the rules “gone”, which this catalog does not have" in caption.value for caption in app.caption)


def test_a_product_is_pinned_from_its_card_for_this_search_only(built):
    app = open_link(q="rain jacket")
    wanted = skus(app)[5]
    press(app, wanted, "keep")

    assert skus(app)[0] == wanted
    assert built.records("shop").rules("my rules").rules.arrangement.rules == (Rule("pin", wanted, when="rain jacket"),)
    app.text_input(key="q").set_value("coffee mug").run()
    assert "pinned" not in "".join(cards(app))


def test_a_product_is_put_last_and_then_pinned_instead(built):
    app = open_link(like=["J0"])
    press(app, "J1", "vertical_align_bottom")
    assert skus(app)[-1] == "J1"

    press(app, "J1", "keep")
    assert skus(app)[0] == "J1"
    assert built.records("shop").rules("my rules").version == 2


def test_rules_are_written_checked_and_used(built):
    app = open_link(q="rain jacket")
    next(b for b in app.button if b.label == "Write rules").click().run()
    app.toggle(key="rules as text").set_value(True).run()
    app.text_area(key="rules text").set_value("rules:\n- pin: M99\n")
    next(b for b in app.button if b.label == "Save and use").click().run()
    assert "M99" in "".join(text.value for text in app.text)
    assert built.records("shop").rule_names() == []

    app.text_area(key="rules text").set_value("rules:\n- pin: M2\n")
    next(b for b in app.button if b.label == "Save and use").click().run()
    assert not app.exception
    assert skus(app)[0] == "M2"
    assert app.selectbox(key="rules").value == "my rules"


def test_rules_that_no_longer_fit_are_named_and_the_search_goes_on(built):
    built.records("shop").save_rules("old", RuleSet(arrangement=Arrangement(rules=(Rule("bury", "margin < 3"),))))
    app = open_link(q="rain jacket", rules="old")

    assert not app.exception
    assert any("margin" in text.value for text in app.text)
    assert skus(app)[0].startswith("J")


def test_rules_are_made_by_choices_and_say_what_they_would_move(built):
    app = open_link(q="rain jacket")
    next(b for b in app.button if b.label == "Write rules").click().run()
    next(b for b in app.button if b.label == "Add a rule").click().run()
    assert "1 rule is not complete and is left out." in [caption.value for caption in app.caption]
    next(box for box in app.selectbox if box.label == "Do what").set_value("bury").run()
    next(box for box in app.selectbox if box.label == "Which products").set_value("price_max").run()
    next(box for box in app.number_input if box.label == "Price").set_value(52.0).run()
    assert any("higher, " in caption.value and "Of the first 24" in caption.value for caption in app.caption)

    next(b for b in app.button if b.label == "Save and use").click().run()
    assert not app.exception
    (rule,) = built.records("shop").rules("my rules").rules.arrangement.rules
    assert rule == Rule("bury", "price <= 52")
    assert {*skus(app)[:5]} == {f"J{number}" for number in range(3, 8)}
