"""Comparing: two settings as chosen, and what each finds for the same products."""

import html
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd
import streamlit as st

from pages.shared import state
from pages.shared import texts as shared_texts
from pages.shared.cards import picture_url
from pages.shared.link import read_weights, write_weights
from pages.shared.results import move_mark
from pages.shared.weights_form import OVERALL, known_settings
from prodsim.evaluation import ComparedProduct, Comparison, Estimate, RankedHit, Side
from prodsim.index import Metric
from prodsim.similarity import MAX_WEIGHT, Setting, Weights
from prodsim.workspace import OpenCatalog

SAME_PRODUCT = "same product"
OPEN, KEPT = "compared catalog", "compared kept"
A_COLOUR, B_COLOUR = "#0f766e", "#d97706"
ROW_PX = 52
"""Height of a listed product, which the lines between two lists are drawn by."""
STYLE = f"""<style>
.pc-lists{{display:grid;grid-template-columns:minmax(0,1fr) 5.5rem minmax(0,1fr);font-family:inherit}}
.pc-head{{font-weight:650;height:1.9rem;border-bottom:2px solid}}
.pc-lines{{padding-top:1.9rem}}
.pc-lines img{{width:100%;display:block}}
.pc-row{{display:flex;align-items:center;gap:.55rem;height:{ROW_PX}px}}
.pc-rank{{flex:none;width:1.3rem;text-align:right;opacity:.65}}
.pc-text{{flex:1;min-width:0}}
.pc-text>:first-child{{font-size:.9rem;font-weight:600;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}}
.pc-mark{{flex:none;font-size:.78rem;opacity:.8}}
.pc-score{{flex:none;width:2.2rem;text-align:right;font-size:.85rem}}
.pc-pic{{flex:none;border-radius:.4rem;overflow:hidden;display:flex;align-items:center;justify-content:center;
font-weight:650;background:color-mix(in srgb,currentColor 8%,transparent)}}
.pc-pic img{{width:100%;height:100%;object-fit:contain;background:#fff}}
.pc-pair{{display:flex;gap:1rem;min-height:150px;font-family:inherit}}
.pc-pair>:last-child{{min-width:0;overflow-wrap:anywhere}}
.pc-title{{font-size:1.05rem;font-weight:620;line-height:1.4}}
.pc-pair mark{{background:color-mix(in srgb,#d97706 32%,transparent);color:inherit}}
</style>"""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One side as chosen on the page.

    Attributes:
        letter: a or b.
        opened: the catalog.
        setting: name of the preset or saved setting.
        weights, metric: what is compared by, as the sliders stand.
        is_changed: whether that differs from what the setting says.
    """

    letter: str
    opened: OpenCatalog
    setting: str
    weights: Weights
    metric: Metric
    is_changed: bool

    @property
    def name(self) -> str:
        """What verdicts call it."""
        return f"{self.letter.upper()} ({self.setting}{', changed' if self.is_changed else ''})"

    @property
    def question(self) -> Hashable:
        """All that its answers depend on."""
        built = tuple(sorted(self.opened.info.artifacts.values()))
        return self.opened.name, built, self.setting, self.weights, self.metric

    def side(self) -> Side:
        """As it is asked."""
        return Side(self.name, self.opened.catalog, self.opened.by(self.metric).engine, self.weights)


def ask_sides(opened: OpenCatalog) -> tuple[Chosen, Chosen]:
    """What A and B are, side by side; both start on the open catalog and stand in the link."""
    _start_afresh_on_another_catalog(opened.name)
    default = state.workspace().records(opened.name).default_name() or OVERALL
    left, right = st.columns(2, gap="medium", border=True)
    with left:
        a = _ask_side("a", opened, default)
    with right:
        b = _ask_side("b", opened, SAME_PRODUCT)
    return a, b


def use_as_b(a: Chosen, weights: Weights) -> None:
    """Make B what A is, but with these weights."""
    _forget_sliders("b")
    for what, value in (("catalog", a.opened.name), ("setting", a.setting), ("metric", state.METRICS[a.metric])):
        st.session_state[f"b_{what}"] = value
    st.session_state[KEPT] = st.session_state.get(KEPT, {}) | {"b": weights.as_dict()}


def told_comparison(found: Comparison) -> str:
    """How far both sides differ, in a sentence."""
    n, k = len(found.products), found.k
    told = (
        f"Of the {k} closest to each of {n:,} products, A and B share {_told(found.overlap)}. In order they agree to "
        f"{found.rbo.mean:.2f} ({found.rbo.low:.2f} to {found.rbo.high:.2f}), where 1 is the same order."
    )
    if found.n_foreign:
        told += f" {found.n_foreign:,} of the products found are in one catalog only, so they cannot be shared."
    return told


def choose_product(found: Comparison) -> ComparedProduct:
    """A table of the products asked by, what moved most first; the chosen one, else the first."""
    table = pd.DataFrame(
        {
            "title": [product.title for product in found.products],
            "sku": [product.sku for product in found.products],
            "overlap": [product.overlap for product in found.products],
            "rbo": [product.rbo for product in found.products],
        }
    )
    columns = st.column_config
    event = st.dataframe(
        table,
        hide_index=True,
        height=215,
        on_select="rerun",
        selection_mode="single-row",
        key="moved",
        alt="Products whose lists differ most first",
        column_config={
            "title": columns.TextColumn("Products that moved most", width="large"),
            "sku": columns.TextColumn("SKU", width="small"),
            "overlap": columns.ProgressColumn(
                "Shared", min_value=0, max_value=1, format="percent", help="Share of the ten closest that both find."
            ),
            "rbo": columns.ProgressColumn("Same order", min_value=0, max_value=1, format="%.2f", help=RBO_HELP),
        },
    )
    rows = event["selection"]["rows"]
    return found.products[rows[0] if rows and rows[0] < len(found.products) else 0]


def draw_lists(product: ComparedProduct, a: Chosen, b: Chosen) -> None:
    """What both sides find for one product, best first, with a line from each product to where the other ranks it."""
    lines = _lines(product, max(len(product.a), len(product.b)))
    lists = _list(product.a, a, A_COLOUR), _list(product.b, b, B_COLOUR)
    st.html(f'{STYLE}<div class="pc-lists">{lists[0]}<div class="pc-lines">{lines}</div>{lists[1]}</div>')


def picture_html(product: "pd.Series[Any]", base: Path, size: str) -> str:
    """A product's picture, or the first letter of its title, in a square."""
    picture = picture_url(str(product["image"]), base)
    letter = html.escape(str(product["title"])[:1].upper())
    inner = f'<img src="{html.escape(picture)}" alt="" loading="lazy">' if picture else letter
    return f'<span class="pc-pic" style="width:{size};height:{size}">{inner}</span>'


def facts_html(product: "pd.Series[Any]") -> str:
    """Brand, last part of the category, price, as far as they are known."""
    price = product["price"]
    amount = f"{price:,.2f} {product['currency']}".strip() if isinstance(price, float) and price == price else ""
    told = (str(product["brand"]), str(product["category"]).rpartition(" > ")[2], amount)
    return html.escape(" · ".join(part for part in told if part)) or "&nbsp;"


def _list(placed: Sequence[RankedHit], chosen: Chosen, colour: str) -> str:
    head = f'<div class="pc-head" style="border-color:{colour}">{html.escape(chosen.name)}</div>'
    return f"<div>{head}{''.join(_row(one, chosen) for one in placed)}</div>"


def _row(one: RankedHit, chosen: Chosen) -> str:
    product = chosen.opened.catalog.products.iloc[one.hit.row]
    title, sku = html.escape(one.hit.title), html.escape(one.hit.sku)
    mark, told = "only here", "Not among the ten of the other list"
    if one.rank_there is not None:
        mark, told = move_mark(one.rank_there - one.rank), f"Number {one.rank_there} in the other list"
    return (
        f'<div class="pc-row" title="{title} · {sku}"><span class="pc-rank">{one.rank}</span>'
        f"{picture_html(product, Path(chosen.opened.info.base), '40px')}"
        f'<span class="pc-text"><div>{title}</div><div class="ps-soft">{facts_html(product)}</div></span>'
        f'<span class="pc-mark" title="{told}">{mark}</span>'
        f'<span class="pc-score" title="Score">{one.hit.score:.2f}</span></div>'
    )


def _lines(product: ComparedProduct, n: int) -> str:
    """A line for each product in both lists, as a picture: markup of a page may hold no drawing."""
    strokes = "".join(
        f'<line x1="4" x2="96" y1="{(one.rank - 0.5) * ROW_PX:g}" y2="{(one.rank_there - 0.5) * ROW_PX:g}" '
        f'stroke="{"#8a8f8c" if one.rank == one.rank_there else A_COLOUR}" stroke-width="2" stroke-linecap="round"/>'
        for one in product.a
        if one.rank_there is not None
    )
    height = n * ROW_PX
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 {height}" width="100" height="{height}" '
        f'preserveAspectRatio="none">{strokes}</svg>'
    )
    return (
        f'<img alt="Lines between the same products" src="data:image/svg+xml,{quote(drawing)}" '
        f'style="height:{height}px">'
    )


def _ask_side(letter: str, opened: OpenCatalog, default: str) -> Chosen:
    names = [info.name for info in state.workspace().catalogs()]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.markdown(f"### {letter.upper()}", width=24)
        if len(names) > 1:
            name = _choose("Catalog", names, opened.name, f"{letter}_catalog", CATALOG_HELP)
            opened = opened if name == opened.name else state.open_catalog(name)
        settings = known_settings(opened)
        setting = _choose("Setting", list(settings), default, f"{letter}_setting", SETTING_HELP, _forget, (letter,))
        base = settings[setting]
        with st.popover(":material/tune:", help="Weights, and closeness of meaning"):
            weights = _ask_weights(letter, base.weights, opened.parts)
            metric = _ask_metric(letter, base.metric)
            st.button("Back to the setting", key=f"{letter} back", on_click=_forget, args=(letter,))
    return Chosen(letter, opened, setting, weights, metric, Setting(weights, metric) != base)


def _ask_metric(letter: str, usual: Metric) -> Metric:
    names = list(state.METRICS.values())
    told = _choose("Closeness of meaning", names, state.METRICS[usual], f"{letter}_metric", METRIC_HELP)
    return next(metric for metric, name in state.METRICS.items() if name == told)


def _choose(
    label: str,
    options: Sequence[str],
    default: str,
    key: str,
    told: str,
    on_change: Callable[..., None] | None = None,
    args: tuple[str, ...] = (),
) -> str:
    """One of the options, kept in the link and over a visit to another page."""
    is_afresh = st.session_state.pop(f"{key} afresh", False)
    before = default if is_afresh else st.session_state.get(key, st.session_state.get(f"{key} kept", default))
    is_told = key in st.session_state or key in st.query_params
    if is_afresh or not is_told or before not in options:
        st.session_state[key] = before if before in options else default if default in options else options[0]
    chosen = st.selectbox(label, options, key=key, bind="query-params", help=told, on_change=on_change, args=args)
    st.session_state[f"{key} kept"] = chosen
    return str(chosen)


def _ask_weights(letter: str, base: Weights, parts: Sequence[str]) -> Weights:
    """A slider per part that the catalog has; what differs from the setting stands in the link."""
    usual = base.as_dict()
    kept = _linked(letter, base) or st.session_state.get(KEPT, {}).get(letter, {})
    for part in parts:
        key = _slider(letter, part)
        if key not in st.session_state:
            st.session_state[key] = min(kept.get(part, usual[part]), MAX_WEIGHT)
        st.slider(part.capitalize(), 0.0, MAX_WEIGHT, step=0.01, key=key, help=shared_texts.PARTS_HELP[part]())
    chosen = {part: float(st.session_state[_slider(letter, part)]) for part in parts}
    _keep(letter, {part: weight for part, weight in chosen.items() if weight != min(usual[part], MAX_WEIGHT)})
    if not any(chosen.values()):
        st.caption("Every slider is at 0, which leaves nothing to compare by; the setting is used.")
        return base
    return Weights(**{**usual, **chosen})


def _linked(letter: str, base: Weights) -> dict[str, float]:
    """The weights of a link that was just opened."""
    linked = read_weights(f"{letter}_weights", base)
    if linked:
        _forget_sliders(letter)
    return linked


def _keep(letter: str, changed: dict[str, float]) -> None:
    st.session_state[KEPT] = st.session_state.get(KEPT, {}) | {letter: changed}
    write_weights(f"{letter}_weights", changed)


def _start_afresh_on_another_catalog(name: str) -> None:
    """Both sides begin on the open catalog; a link just opened says otherwise and is heard."""
    before = st.session_state.get(OPEN)
    if before not in (None, name):
        for letter in "ab":
            _forget(letter)
            for what in ("catalog", "setting"):
                st.session_state[f"{letter}_{what} afresh"] = True
    st.session_state[OPEN] = name


def _forget(letter: str) -> None:
    """Back to what the setting says."""
    _forget_sliders(letter)
    st.session_state[KEPT] = st.session_state.get(KEPT, {}) | {letter: {}}
    st.query_params.pop(f"{letter}_weights", None)
    st.session_state[f"{letter}_metric afresh"] = True  # what is bound to the link cannot be taken out of it


def _forget_sliders(letter: str) -> None:
    for part in shared_texts.PARTS_HELP:
        st.session_state.pop(_slider(letter, part), None)


def _slider(letter: str, part: str) -> str:
    return f"{letter} weight {part}"


def _told(share: Estimate) -> str:
    return f"{share.mean:.0%} (95 % within {share.low:.0%} to {share.high:.0%})"


CATALOG_HELP = "The same file built with another encoder can be compared too, by the products that both have."
SETTING_HELP = "A preset, or a setting that was saved for this catalog."
METRIC_HELP = "How vectors are compared. Euclidean counts as 1 / (1 + distance), so higher is closer there too."
RBO_HELP = (
    "Rank-biased overlap of both lists, 0 to 1: 1 is the same products in the same order; the first ranks count most."
)
