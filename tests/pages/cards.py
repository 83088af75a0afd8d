"""What a person sees and presses on the cards, which are one element of the page."""

import html
import json
import re

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

ARTICLE = re.compile("<article.*?</article>", re.DOTALL)


def cards(app: AppTest) -> list[str]:
    """The markup of each card, in order."""
    return [card for grid in _grids(app) for card in ARTICLE.findall(json.loads(grid.json)["html"])]


def skus(app: AppTest) -> list[str]:
    """The SKU of each card, in order."""
    return [html.unescape(re.search('data-sku="(.*?)"', card)[1]) for card in cards(app)]


def button(app: AppTest, sku: str, icon: str) -> str:
    """The markup of a card's button, by its icon."""
    card = cards(app)[skus(app).index(sku)]
    return next(markup for markup in re.findall("<button.*?</button>", card) if f">{icon}</span>" in markup)


def press(app: AppTest, sku: str, icon: str) -> AppTest:
    """Press a card's button; Streamlit's own tests cannot press in a component."""
    chosen = button(app, sku, icon)
    assert " disabled" not in chosen
    pressed = {"sku": sku, "action": int(re.search('data-action="(.*?)"', chosen)[1])}
    states = app._tree.get_widget_states()
    events = json.dumps([{"event": "pressed", "value": pressed}])
    states.widgets.append(WidgetState(id=_make_trigger_id(_grids(app)[0].id, "events"), json_trigger_value=events))
    app._run(states)
    assert not app.exception
    return app


def _grids(app: AppTest) -> list[BidiComponent]:
    components = [found.proto for found in app.get("bidi_component")]
    return [component for component in components if component.component_name == "prodsim_cards"]
