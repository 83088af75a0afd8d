"""Products side by side in one element: two hundred of Streamlit's own would take most of the time of a search."""

import html
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import streamlit as st

from pages.shared import texts
from pages.shared.cards import FIELDS_SHOWN, Product, card_html, legend_html
from pages.shared.product_link import open_product
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
        place: of its button: the row below the product, the menu at the row's end, beside the score that it explains,
            or the corner of the picture.
        is_pressed: drawn as on.
        why_off: why it cannot be pressed, in the tooltip; ``None`` where it can.
    """

    icon: str
    help: str
    run: Callable[[str], None]
    label: str = ""
    place: Literal["row", "menu", "score", "corner"] = "row"
    is_pressed: bool = False
    why_off: str | None = None


@dataclass(frozen=True, slots=True)
class BulkAction:
    """What can be done with all products whose cards are chosen.

    Attributes:
        icon: of its button, as Streamlit writes icons.
        label: beside the icon.
        run: given the SKUs, in the order in which they were chosen.
        why_off: as of an action of one card.
    """

    icon: str
    label: str
    run: Callable[[list[str]], None]
    why_off: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A product as it is drawn.

    Attributes:
        product: its row of the catalog.
        actions: what can be done with it.
        score, parts, move, closer_than, note, variants: see ``card_html``.
    """

    product: Product
    actions: tuple[Action, ...]
    score: float | None = None
    parts: Mapping[str, float] = field(default_factory=dict)
    move: str = ""
    closer_than: float | None = None
    note: str = ""
    variants: str = ""


def products_shown(catalog: Catalog, rows: Iterable[int]) -> Sequence[Product]:
    """Return what cards show of products; reading whole rows one by one takes ten times as long."""
    return catalog.products[list(FIELDS_SHOWN)].iloc[list(rows)].to_dict("records")


def draw_cards(
    cards: Sequence[Card],
    base: Path,
    key: str = GRID_KEY,
    *,
    is_small: bool = False,
    bulk: Sequence[BulkAction] = (),
) -> None:
    """Draw products as cards, as many side by side as fit; a press runs its action before the page is drawn again.

    Args:
        cards: of different products.
        base: the folder that paths of pictures start from.
        key: of the element; another for each grid of a page.
        is_small: drawn smaller, where they stand below something else.
        bulk: what can be done with several at once; with it cards have a box to choose them by. The browser keeps
            which are chosen, also from page to page of a list, until the catalog is left.
    """
    actions = {str(card.product["sku"]): card.actions for card in cards}

    def run_pressed() -> None:
        pressed = st.session_state[key]["pressed"]
        actions[pressed["sku"]][pressed["action"]].run(pressed["sku"])

    def run_bulk() -> None:
        pressed = st.session_state[key]["bulk"]
        bulk[pressed["action"]].run(pressed["skus"])

    look = "ps-grid ps-small" if is_small else "ps-grid"
    box = _box() if bulk else ""
    markup = _legend(cards) + "".join(_card(card, base, box) for card in cards) + _bulk_bar(bulk)
    mount_products(markup, look, key, run_pressed, run_bulk)


def draw_single(product: Product, base: Path, key: str) -> None:
    """Draw one product by itself as a card without actions; a click opens it."""
    mount_products(_card(Card(product, ()), base), "ps-single", key)


def mount_products(
    markup: str,
    look: str,
    key: str,
    run_pressed: Callable[[], None] = lambda: None,
    run_bulk: Callable[[], None] = lambda: None,
) -> None:
    """Draw markup with products in it as one element; a click on a link with ``data-open`` opens that product.

    Args:
        markup: with all texts of the catalog escaped. A button with ``data-action`` in an article with ``data-sku`` is
            an action, one with ``data-copy`` copies that text, one with ``data-picture`` shows its picture large.
        look: classes of the element.
        key: of the element.
        run_pressed: runs the action, which stands in the session's state under the key.
        run_bulk: runs what is done with the chosen ones, see ``_bulk_bar``; it stands there, too.
    """

    def run_opened() -> None:
        open_product(st.session_state[key]["opened"])

    _mount(
        data={"html": markup, "look": look},
        key=key,
        on_pressed_change=run_pressed,
        on_opened_change=run_opened,
        on_bulk_change=run_bulk,
    )


def _box() -> str:
    """Return the box by which a card is chosen."""
    name = html.escape(texts.CHOOSE_CARD())
    return f'<input type="checkbox" class="ps-choose" title="{name}" aria-label="{name}">'


def _bulk_bar(bulk: Sequence[BulkAction]) -> str:
    """Return the bar that is shown once cards are chosen: how many, what can be done with them, and none chosen."""
    if not bulk:
        return ""
    count, page, none = (
        html.escape(text) for text in (texts.N_CHOSEN(n="{n}"), texts.CHOOSE_ALL_CARDS(), texts.CHOOSE_NO_CARD())
    )
    buttons = "".join(
        f'<button class="ps-named" data-bulk="{number}"{_off(action.why_off)}>{_icon(action.icon)}'
        f"{html.escape(action.label)}</button>"
        for number, action in enumerate(bulk)
    )
    return (
        f'<div class="ps-bulk ps-actions" hidden><b data-count="{count}"></b>'
        f'<button data-choose="all">{page}</button>{buttons}'
        f'<button data-choose="none" title="{none}" aria-label="{none}">{_icon(":material/close:")}</button></div>'
    )


def _legend(cards: Sequence[Card]) -> str:
    """Return what the colours of the cards' bars stand for, those that add most first; nothing without bars."""
    sums: Counter[str] = Counter()
    for card in cards:
        sums.update({part: value for part, value in card.parts.items() if value > 0})
    parts = [part for part, _ in sums.most_common()]
    return f'<div class="ps-legend">{legend_html(parts)}</div>' if parts else ""


def _card(card: Card, base: Path, box: str = "") -> str:
    buttons_at: dict[str, str] = {}
    for number, action in enumerate(card.actions):
        buttons_at[action.place] = buttons_at.get(action.place, "") + _button(number, action)
    body = card_html(
        card.product,
        base,
        card.score,
        card.parts,
        card.move,
        card.closer_than,
        card.note,
        card.variants,
        buttons_at.get("score", ""),
        box + buttons_at.get("corner", ""),
    )
    menu = ""
    if "menu" in buttons_at:
        name = html.escape(texts.CARD_MENU())
        dots = f'<summary title="{name}" aria-label="{name}">{_icon(":material/more_horiz:")}</summary>'
        menu = f'<details class="ps-menu" name="ps-menu">{dots}<div>{buttons_at["menu"]}</div></details>'
    buttons = f'<div class="ps-actions">{buttons_at.get("row", "")}{menu}</div>' if card.actions else ""
    return f'<article class="ps-item" data-sku="{html.escape(str(card.product["sku"]))}">{body}{buttons}</article>'


def _button(number: int, action: Action) -> str:
    label = action.help if action.place == "menu" else action.label
    kinds = " ".join(["ps-named"] * bool(action.label) + ["ps-pressed"] * action.is_pressed)
    return (
        f'<button data-action="{number}" class="{kinds}"{_off(action.why_off, action.help)} '
        f'aria-label="{html.escape(label or action.help)}" aria-pressed="{str(action.is_pressed).lower()}">'
        f"{_icon(action.icon)}{html.escape(label)}</button>"
    )


def _off(why: str | None, otherwise: str = "") -> str:
    """Return the tooltip of a button, and that it cannot be pressed where there is a reason."""
    title = html.escape(why or otherwise)
    return f' title="{title}"' * bool(title) + " disabled" * bool(why)


def _icon(name: str) -> str:
    return f'<span class="ps-icon">{name.removeprefix(":material/").removesuffix(":")}</span>'


_FOLDER = Path(__file__).parent
_mount = st.components.v2.component(
    "prodsim_cards",
    html='<div class="ps-products"></div>',
    css=(_FOLDER / "grid.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "grid.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)
