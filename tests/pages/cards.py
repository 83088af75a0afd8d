"""What a person sees and presses on the cards, which are one element of the page."""

import html
import json
import re

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

ARTICLE = re.compile("<article.*?</article>", re.DOTALL)


def cards(app: AppTest, look: str = "ps-grid") -> list[str]:
    """The markup of each card of the page that is drawn in a look, in order."""
    return [card for grid in _grids(app, look) for card in ARTICLE.findall(_data(grid)["html"])]


def opened_product(app: AppTest) -> str:
    """The markup of the product that is open over the page; "" where none is."""
    return next((_data(drawn)["html"] for drawn in _grids(app, "pp-product")), "")


def skus(app: AppTest) -> list[str]:
    """The SKU of each card, in order."""
    return [html.unescape(re.search('data-sku="(.*?)"', card)[1]) for card in cards(app)]


def button(app: AppTest, sku: str, icon: str) -> str:
    """The markup of a card's button, by its icon."""
    card = cards(app)[skus(app).index(sku)]
    return next(markup for markup in re.findall("<button.*?</button>", card) if f">{icon}</span>" in markup)


def press(app: AppTest, sku: str, icon: str) -> AppTest:
    """Press a card's button."""
    chosen = button(app, sku, icon)
    assert " disabled" not in chosen
    return _trigger(app, "pressed", {"sku": sku, "action": int(re.search('data-action="(.*?)"', chosen)[1])})


def press_for_all(app: AppTest, skus: list[str], label: str) -> AppTest:
    """Press a button of the bar below the cards while these are chosen."""
    bar = _data(_grids(app)[0])["html"].partition('class="ps-bulk')[2]
    buttons = re.findall('data-bulk="(.*?)"(.*?)>.*?</span>(.*?)</button>', bar)
    action, state = next((n, state) for n, state, text in buttons if label in text)
    assert " disabled" not in state
    return _trigger(app, "bulk", {"skus": skus, "action": int(action)})


def click(app: AppTest, sku: str) -> AppTest:
    """Click on a card's picture or title."""
    assert f'data-open="{sku}"' in cards(app)[skus(app).index(sku)]
    return _trigger(app, "opened", sku)


def _trigger(app: AppTest, event: str, value: object) -> AppTest:
    """Do to the cards what a browser does; Streamlit's own tests cannot press in a component."""
    states = app._tree.get_widget_states()
    events = json.dumps([{"event": event, "value": value}])
    states.widgets.append(WidgetState(id=_make_trigger_id(_grids(app)[0].id, "events"), json_trigger_value=events))
    app._run(states)
    assert not app.exception
    return app


def _grids(app: AppTest, look: str = "ps-grid") -> list[BidiComponent]:
    """The elements of products that are drawn in a look."""
    components = [found.proto for found in app.get("bidi_component")]
    return [each for each in components if each.component_name == "prodsim_cards" and _data(each)["look"] == look]


def _data(grid: BidiComponent) -> dict[str, str]:
    return json.loads(grid.json)
