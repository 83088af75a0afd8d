"""Sliders change the list and travel in the link."""

from tests.pages.cards import cards, press
from tests.pages.conftest import open_link


def test_a_link_with_weights_opens_its_sliders_and_its_order(built):
    app = open_link(like=["J0"], tune="true", weights="price=2,words=0,meaning=0,identifiers=0,quantities=0")

    assert app.slider(key="weight price").value == 2
    assert [card[card.index("number") + 7] for card in cards(app)[:3]] == ["1", "2", "3"]  # by price
    assert not app.exception


def test_a_moved_slider_is_written_into_the_link_and_marks_what_moved(built):
    app = open_link(like=["J0"], tune="true")
    app.slider(key="weight words").set_value(0.0).run()
    app.slider(key="weight price").set_value(2.0).run()

    assert app.query_params["weights"] in (["words=0,price=2"], "words=0,price=2")
    assert any("Compared with the default weights" in caption.value for caption in app.caption)
    assert any("▲" in card or "▼" in card for card in cards(app))


def test_reset_changes_takes_the_weights_out_of_the_link(built):
    app = open_link(like=["J0"], tune="true", weights="price=2")
    next(button for button in app.button if button.label == "Reset changes").click().run()

    assert "weights" not in app.query_params
    assert app.slider(key="weight price").value == 0.1


def test_weights_that_are_none_are_ignored_and_shown(built):
    app = open_link(like=["J0"], tune="true", weights="colour=3")

    assert any("no part 'colour'" in caption.value for caption in app.caption)
    assert cards(app)


def test_the_score_of_a_hit_is_taken_apart(built):
    app = open_link(like=["J0"])
    press(app, "J1", "help")

    markup = " ".join(html.body for html in app.get("html"))
    assert not app.exception
    assert "both Nordvik" in markup
    assert "2 % higher: 51.00 vs. 50.00" in markup


def test_closeness_travels_in_the_link_also_when_the_sliders_are_hidden(built):
    first = [
        open_link(like=["J0"], **more)
        for more in ({}, {"closeness": "Euclidean"}, {"closeness": "Euclidean", "tune": "true"})
    ]

    usual, hidden, shown = (cards(app)[0] for app in first)
    assert hidden == shown
    assert hidden != usual


def test_by_words_alone_the_score_taken_apart_is_the_one_shown(built):
    app = open_link(like=["J0"], by="words")
    shown = next(card for card in cards(app) if ">J1<" in card)
    press(app, "J1", "help")

    reasons = next(html.body for html in app.get("html") if "of the weights" in html.body)
    score = reasons[reasons.rindex("Score ") + 6 :][:5]
    assert f'= {score}"' in shown
    assert "Meaning" not in reasons


def test_a_weight_beyond_the_sliders_counts_as_the_most_and_is_shown(built):
    app = open_link(like=["J0"], tune="true", weights="words=50")

    assert not app.exception
    assert app.slider(key="weight words").value == 2
    assert any("count as 2" in caption.value for caption in app.caption)


def test_a_link_brings_the_search_width(built):
    app = open_link(like=["J0"], tune="true", ef="100")
    assert app.select_slider(key="ef").value == 100
    assert not app.exception


def test_a_width_that_is_none_counts_as_built(built):
    app = open_link(like=["J0"], tune="true", ef="<b>")

    assert app.select_slider(key="ef").value is None
    assert cards(app)


def test_weights_that_a_text_cannot_be_searched_by_are_mended_by_the_sliders(built):
    nothing = ",".join(f"{part}=0" for part in ("meaning", "description", "words", "identifiers", "quantities"))
    app = open_link(q="jacket", tune="true", weights=f"{nothing},price=1")

    assert any("did not work" in text.value for text in app.markdown)
    app.slider(key="weight words").set_value(1.0).run()

    assert cards(app)
