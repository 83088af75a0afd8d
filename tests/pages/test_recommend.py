"""The Recommend page: a history clicked together, a shopper, what goes with a product, the histories."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared import search_form
from prodsim.search import Arrangement, Rule, RuleSet
from tests.pages.cards import cards, press, skus
from tests.pages.conftest import ROOT
from tests.pages.waiting import wait_for


@pytest.fixture
def with_histories(built, tmp_path):
    lines = ["user,sku,event,order_id"]
    for number in range(24):
        shelf = "ML"[number % 2]
        lines += [f"u{number},{shelf}{(number + step) % 8},buy,o{number}" for step in range(3)]
        lines += [f"u{number},J0,buy,p{number}", f"u{number},M0,buy,p{number}"]
    path = tmp_path / "events.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    shoppers, opened = built.shoppers("shop"), built.open("shop")
    shoppers.keep(shoppers.read(path, opened))
    shoppers.recommender(opened)
    return built


def open_recommend(**params):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, values in params.items():
        app.query_params[name] = values
    app.switch_page("pages/recommend.py").run()
    assert not app.exception
    return app


def test_without_histories_a_clicked_history_gives_what_is_similar(built):
    app = open_recommend()
    assert "Add a product" in app.info[0].value
    app.text_input(key="add to history").set_value("desk lamp").run()
    offered = next(button for button in app.button if "· L" in button.label)
    offered.click().run()

    assert not app.exception
    assert app.session_state[search_form.HISTORY] == [offered.label[-2:]]
    assert all(sku.startswith("L") for sku in skus(app)[:5])
    assert (
        f"because of “Brass desk lamp number {offered.label[-1]}” (similar to products in this history)"
        in cards(app)[0]
    )


def test_a_card_is_added_to_the_history_and_the_list_follows(built):
    app = open_recommend(history=["L3"])
    press(app, "L4", "add")

    assert app.session_state[search_form.HISTORY] == ["L3", "L4"]
    assert not {"L3", "L4"} & set(skus(app))
    assert any("based on a history of 2 products" in caption.value for caption in app.caption)


def test_a_shopper_is_chosen_by_the_id_of_the_file(with_histories):
    app = open_recommend(whose="a shopper")
    app.text_input(key="shopper id").set_value("u3").run()

    assert not app.exception
    assert "Brass desk lamp number 5" in "".join(caption.value for caption in app.caption)
    assert not {"L3", "L4", "L5"} & set(skus(app))
    app.text_input(key="shopper id").set_value("nobody").run()
    assert any("no events for this shopper" in text.value for text in app.text)


def test_what_is_bought_together_is_not_what_is_similar(with_histories):
    app = open_recommend(history=["J0"], **{"recommend view": "Goes with"})

    assert skus(app)[0] == "M0"
    assert not any(sku.startswith("J") for sku in skus(app))


def test_rules_in_the_link_hold_and_are_shown(with_histories):
    with_histories.records("shop").save_rules("autumn", RuleSet(arrangement=Arrangement(rules=(Rule("pin", "L7"),))))
    app = open_recommend(history=["M1"], rules="autumn")

    assert skus(app)[0] == "L7"
    assert "pinned" in cards(app)[0]


def test_histories_are_counted_and_a_shopper_is_erased(with_histories):
    app = open_recommend(**{"recommend view": "Histories"})
    assert any("120 events of 24 shoppers are kept" in text.value for text in app.text)

    app.text_input(key="person").set_value("u3").run()
    next(button for button in app.button if button.label == "Erase this shopper").click().run()
    assert not app.exception
    assert with_histories.shoppers("shop").histories().n_users == 23


def test_measuring_says_the_lead_over_the_other_methods(with_histories):
    app = open_recommend(**{"recommend view": "How good it is"})
    app.button(key="measure lists").click().run()
    wait_for(app, "best other method in nDCG@10")

    assert not app.exception
    assert any("24 shoppers" in text.value for text in app.text)
