"""Settings by name: saved, chosen, made the default, deleted."""

import sqlite3

import pytest

from prodsim.similarity import Setting, Weights
from tests.pages.cards import cards
from tests.pages.conftest import open_link

BY_PRICE = Setting(Weights(price=2), "l2")


def menu(app, option):
    app.menu_button(key="change setting").click(option).run()
    assert not app.exception


def test_what_is_chosen_is_saved_under_a_name_and_travels_in_the_link(built):
    app = open_link(like=["J0"], tune="true", weights="price=2", closeness="Euclidean")
    app.text_input(key="setting name").set_value("按价格")
    next(button for button in app.button if button.label == "Save").click().run()

    assert not app.exception
    saved = built.records().setting("按价格")
    assert (saved.weights.price, saved.metric) == (2, "l2")
    assert app.selectbox(key="preset").value == "按价格"
    assert app.slider(key="weight price").value == 2
    assert "weights" not in app.query_params
    assert app.query_params["preset"] in (["按价格"], "按价格")


def test_a_link_opens_a_saved_setting_with_its_weights_and_its_metric(built):
    built.records().save_setting("mine", BY_PRICE)
    for shown in ({"tune": "true"}, {}):
        app = open_link(like=["J0"], preset="mine", **shown)

        assert [card[card.index("number") + 7] for card in cards(app)[:3]] == ["1", "2", "3"]  # by price
    assert open_link(like=["J0"], preset="mine", tune="true").selectbox(key="closeness").value == "Euclidean"


def test_saved_settings_stand_after_overall(built):
    built.records().save_setting("mine", BY_PRICE)
    app = open_link(like=["J0"], tune="true")

    assert app.selectbox(key="preset").options[:3] == ["Overall", "mine", "Same product"]


def test_a_default_is_used_at_once_where_nothing_is_chosen(built):
    built.records().save_setting("mine", BY_PRICE)
    app = open_link(like=["J0"])
    menu(open_link(like=["J0"], preset="mine", tune="true"), "Make default for this catalog")
    app.run()

    assert built.open().engine.weights == BY_PRICE.weights
    assert not any('title="words' in card for card in cards(app))
    again = open_link(like=["J0"], tune="true")
    assert again.selectbox(key="preset").value == "mine"
    menu(again, "Remove as default")
    assert built.records().default_name() is None


def test_a_deleted_setting_is_gone_and_overall_is_back(built):
    built.records().save_setting("mine", BY_PRICE)
    app = open_link(like=["J0"], preset="mine", tune="true")
    menu(app, "Delete this setting")

    assert built.records().settings() == {}
    assert app.selectbox(key="preset").value == "overall"


def test_a_setting_that_is_not_there_is_left_out_and_told(built):
    app = open_link(like=["J0"], preset="gone", tune="true")

    assert not app.exception
    assert app.selectbox(key="preset").value == "overall"
    assert any("preset = “gone”" in text.value for text in app.text)


@pytest.mark.parametrize("name", ["mine", "按价格"])
def test_a_default_that_cannot_be_used_is_told_passed_over_and_can_be_deleted(built, name):
    records = built.records()
    records.save_setting(name, BY_PRICE)
    records.set_default(name)
    with sqlite3.connect(records.place) as connection:
        connection.execute('UPDATE setting SET value = \'{"weights": {"aura": 2}, "metric": "cosine"}\'')
    connection.close()

    app = open_link(like=["J0"], tune="true")

    told = [text.value for text in app.text]
    assert not app.exception
    assert any(f"“{name}” cannot be used" in text for text in told)
    assert any(f'settings --delete "{name}"' in text for text in told)
    assert app.selectbox(key="preset").value == "overall"
    assert any("ps-score" in card for card in cards(app))
    for page in ("map", "quality", "compare", "catalog"):
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception
        assert not any("This did not work" in text.value for text in app.markdown)
    app.switch_page("pages/search.py").run()
    app.button(key=f"delete {name}").click().run()
    assert built.records().default_name() is None
    assert not any("cannot be used" in text.value for text in app.text)


def test_a_presets_name_is_refused_and_told(built):
    app = open_link(like=["J0"], tune="true")
    app.text_input(key="setting name").set_value("overall")
    next(button for button in app.button if button.label == "Save").click().run()

    assert built.records().settings() == {}
    assert any("name of a preset" in text.value for text in app.text)
