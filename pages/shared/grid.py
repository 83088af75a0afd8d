"""Products side by side in one element: two hundred of Streamlit's own would take most of the time of a search."""

import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from pages.shared import texts
from pages.shared.cards import FIELDS_SHOWN, Product, card_html
from prodsim.catalog import Catalog

GRID_KEY = "cards"


@dataclass(frozen=True, slots=True)
class Action:
    """What can be done with a product from its card.

    Attributes:
        icon: of its button, as Streamlit writes icons.
        help: what it does, in the tooltip or as the line of the menu.
        run: given the SKU.
        label: beside the icon; most have none, so that five fit side by side on a narrow card.
        is_rare: stands in the menu at the end instead of having a button.
        is_pressed: drawn as on.
        is_off: cannot be pressed; ``help`` says why.
    """

    icon: str
    help: str
    run: Callable[[str], None]
    label: str = ""
    is_rare: bool = False
    is_pressed: bool = False
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A product as it is drawn.

    Attributes:
        product: its row of the catalog.
        actions: what can be done with it.
        score, parts, move, closer_than, note: see ``card_html``.
    """

    product: Product
    actions: tuple[Action, ...]
    score: float | None = None
    parts: Mapping[str, float] = field(default_factory=dict)
    move: str = ""
    closer_than: float | None = None
    note: str = ""


def products_shown(catalog: Catalog, rows: Iterable[int]) -> Sequence[Product]:
    """Return what cards show of products; reading whole rows one by one takes ten times as long."""
    return catalog.products[list(FIELDS_SHOWN)].iloc[list(rows)].to_dict("records")


def draw_cards(cards: Sequence[Card], base: Path) -> None:
    """Draw products as cards, as many side by side as fit; a press runs its action before the page is drawn again."""
    actions = {str(card.product["sku"]): card.actions for card in cards}

    def run_pressed() -> None:
        pressed = st.session_state[GRID_KEY]["pressed"]
        actions[pressed["sku"]][pressed["action"]].run(pressed["sku"])

    _mount(data={"html": "".join(_card(card, base) for card in cards)}, key=GRID_KEY, on_pressed_change=run_pressed)


def _card(card: Card, base: Path) -> str:
    body = card_html(card.product, base, card.score, card.parts, card.move, card.closer_than, card.note)
    visible: list[str] = []
    in_menu: list[str] = []
    for number, action in enumerate(card.actions):
        (in_menu if action.is_rare else visible).append(_button(number, action))
    menu = ""
    if in_menu:
        name = html.escape(texts.CARD_MENU())
        dots = f'<summary title="{name}" aria-label="{name}">{_icon(":material/more_horiz:")}</summary>'
        menu = f'<details class="ps-menu" name="ps-menu">{dots}<div>{"".join(in_menu)}</div></details>'
    buttons = f'<div class="ps-actions">{"".join(visible)}{menu}</div>'
    return f'<article class="ps-item" data-sku="{html.escape(str(card.product["sku"]))}">{body}{buttons}</article>'


def _button(number: int, action: Action) -> str:
    label = action.help if action.is_rare else action.label
    kinds = " ".join(["ps-named"] * bool(action.label) + ["ps-pressed"] * action.is_pressed)
    return (
        f'<button data-action="{number}" class="{kinds}" title="{html.escape(action.help)}" '
        f'aria-label="{html.escape(label or action.help)}" aria-pressed="{str(action.is_pressed).lower()}"'
        f"{' disabled' * action.is_off}>{_icon(action.icon)}{html.escape(label)}</button>"
    )


def _icon(name: str) -> str:
    return f'<span class="ps-icon">{name.removeprefix(":material/").removesuffix(":")}</span>'


CSS = """
.ps-grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(220px,1fr));gap:.75rem}
.ps-item{display:flex;flex-direction:column;gap:.75rem;padding:calc(1rem - 1px);border:1px solid var(--st-border-color);
border-radius:var(--st-base-radius,.5rem);min-width:0;content-visibility:auto;contain-intrinsic-size:auto 24rem}
.ps-item:focus-within,.ps-item:hover{content-visibility:visible}
.ps-actions{display:flex;align-items:center;justify-content:space-between;margin-top:auto}
.ps-actions button,.ps-actions summary{display:flex;align-items:center;gap:.35rem;min-height:2rem;padding:.15rem .35rem;
font:inherit;font-size:.875rem;color:inherit;background:none;border:1px solid transparent;
border-radius:var(--st-button-radius,.5rem);cursor:pointer;list-style:none}
.ps-actions .ps-named{padding:.15rem .6rem;border-color:var(--st-border-color)}
.ps-actions button:hover,.ps-actions summary:hover{color:var(--st-primary-color)}
.ps-actions .ps-named:hover{border-color:var(--st-primary-color)}
.ps-actions :focus-visible{outline:2px solid var(--st-primary-color);outline-offset:1px}
.ps-actions .ps-pressed{color:var(--st-primary-color);
background:color-mix(in srgb,var(--st-primary-color) 18%,transparent)}
.ps-actions button:disabled{opacity:.35;cursor:not-allowed;color:inherit}
.ps-icon{font-family:"Material Symbols Rounded";font-size:1.2em;line-height:1;font-weight:400;white-space:nowrap;
font-feature-settings:"liga";user-select:none}
.ps-menu{position:relative}
.ps-menu summary::-webkit-details-marker{display:none}
.ps-menu div{position:absolute;right:0;bottom:calc(100% + .25rem);z-index:10;min-width:12rem;padding:.25rem;
background:var(--st-background-color);border:1px solid var(--st-border-color);border-radius:var(--st-base-radius,.5rem);
box-shadow:0 4px 16px rgb(0 0 0/.18)}
.ps-menu div button{width:100%;white-space:nowrap}
.ps-menu div button:hover{background:var(--st-secondary-background-color)}
"""

JS = """
export default ({ parentElement, data, setTriggerValue }) => {
  const grid = parentElement.querySelector(".ps-grid");
  if (grid.shown !== data.html) grid.innerHTML = grid.shown = data.html;
  grid.onclick = event => {
    const button = event.target.closest("button");
    if (button) setTriggerValue("pressed",
      { sku: button.closest("article").dataset.sku, action: Number(button.dataset.action) });
  };
  grid.onfocusout = event => {
    const menu = event.target.closest("details");
    if (menu && !menu.contains(event.relatedTarget)) menu.open = false;
  };
};
"""

_mount = st.components.v2.component(
    "prodsim_cards", html='<div class="ps-grid"></div>', css=CSS, js=JS, isolate_styles=False
)
