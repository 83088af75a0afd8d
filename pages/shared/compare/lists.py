"""How the results of both sides differ: a sentence, the products that differ most, and both lists side by side."""

import html
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import pandas as pd
import streamlit as st

from pages.shared import texts as shared
from pages.shared.cards import move_mark
from pages.shared.compare import texts
from pages.shared.compare.sides import ChosenSide
from pages.shared.pair_html import PAIR_STYLE, facts_html, picture_html
from prodsim.evaluation import ComparedProduct, Comparison, RankedHit

A_COLOUR, B_COLOUR = "#0f766e", "#d97706"
ROW_PX = 52
"""Height of a listed product, which the lines between two lists are drawn by."""
LISTS_STYLE = f"""{PAIR_STYLE}<style>
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
</style>"""


def describe_comparison(comparison: Comparison) -> str:
    """Say how far both sides differ."""
    overlap, agreement = comparison.overlap, comparison.rbo
    sentence = texts.COMPARISON(
        len(comparison.products),
        k=comparison.k,
        overlap=overlap.mean,
        low=100 * overlap.low,
        high=100 * overlap.high,
        agreement=agreement.mean,
        agreement_low=agreement.low,
        agreement_high=agreement.high,
    )
    foreign = texts.N_FOREIGN(comparison.n_foreign) if comparison.n_foreign else ""
    return " ".join(filter(None, [sentence, foreign]))


def choose_product(comparison: Comparison) -> ComparedProduct:
    """Draw a table of the products searched by, what differs most first; return the selected one, else the first."""
    products = comparison.products
    table = pd.DataFrame(
        {
            "title": [product.title for product in products],
            "sku": [product.sku for product in products],
            "overlap": [100 * product.overlap for product in products],
            "rbo": [product.rbo for product in products],
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
        alt=texts.DIFFER_MOST(),
        column_config={
            "title": columns.TextColumn(texts.DIFFER_MOST(), width="large"),
            "sku": columns.TextColumn(shared.SKU(), width="small"),
            "overlap": columns.ProgressColumn(
                texts.OVERLAP(), min_value=0, max_value=100, format="%d %%", help=texts.OVERLAP_HELP()
            ),
            "rbo": columns.ProgressColumn(
                texts.AGREEMENT(), min_value=0, max_value=1, format="%.2f", help=texts.AGREEMENT_HELP()
            ),
        },
    )
    rows = event["selection"]["rows"]
    return products[rows[0] if rows and rows[0] < len(products) else 0]


def draw_lists(product: ComparedProduct, a: ChosenSide, b: ChosenSide) -> None:
    """Draw the results of both sides for a product, with a line from each to where the other side ranks it."""
    lines = _lines(product, max(len(product.a), len(product.b)))
    lists = _list(product.a, a, A_COLOUR), _list(product.b, b, B_COLOUR)
    st.html(f'{LISTS_STYLE}<div class="pc-lists">{lists[0]}<div class="pc-lines">{lines}</div>{lists[1]}</div>')


def _list(hits: Sequence[RankedHit], side: ChosenSide, colour: str) -> str:
    head = f'<div class="pc-head" style="border-color:{colour}">{html.escape(side.name)}</div>'
    return f"<div>{head}{''.join(_row(ranked, side) for ranked in hits)}</div>"


def _row(ranked: RankedHit, side: ChosenSide) -> str:
    product = side.opened.catalog.products.iloc[ranked.hit.row]
    title, sku = html.escape(ranked.hit.title), html.escape(ranked.hit.sku)
    mark, there = texts.ONLY_HERE(), texts.NOT_IN_OTHER_LIST()
    if ranked.rank_there is not None:
        mark, there = move_mark(ranked.rank_there - ranked.rank), texts.RANK_IN_OTHER_LIST(rank=ranked.rank_there)
    return (
        f'<div class="pc-row" title="{title} · {sku}"><span class="pc-rank">{ranked.rank}</span>'
        f"{picture_html(product, Path(side.opened.info.base), '40px')}"
        f'<span class="pc-text"><div>{title}</div><div class="ps-soft">{facts_html(product)}</div></span>'
        f'<span class="pc-mark" title="{html.escape(there)}">{html.escape(mark)}</span>'
        f'<span class="pc-score" title="{html.escape(shared.SCORE())}">{ranked.hit.score:.2f}</span></div>'
    )


def _lines(product: ComparedProduct, n: int) -> str:
    """Return a line for each product in both lists, as a picture: markup of a page may hold no drawing."""
    strokes = "".join(
        f'<line x1="4" x2="96" y1="{(ranked.rank - 0.5) * ROW_PX:g}" y2="{(ranked.rank_there - 0.5) * ROW_PX:g}" '
        f'stroke="{"#8a8f8c" if ranked.rank == ranked.rank_there else A_COLOUR}" stroke-width="2" '
        'stroke-linecap="round"/>'
        for ranked in product.a
        if ranked.rank_there is not None
    )
    height = n * ROW_PX
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 {height}" width="100" height="{height}" '
        f'preserveAspectRatio="none">{strokes}</svg>'
    )
    alt = html.escape(texts.LINES_ALT())
    return f'<img alt="{alt}" src="data:image/svg+xml,{quote(drawing)}" style="height:{height}px">'
