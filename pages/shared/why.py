"""Why a product was found: its score taken apart, beside what was asked for."""

import html
from pathlib import Path

import streamlit as st

from pages.shared.cards import PART_COLOURS, draw_card
from prodsim.explain import Explanation
from prodsim.search import Query
from prodsim.similarity import Weights
from prodsim.workspace import OpenCatalog

KEY = "why"


def ask_why(sku: str) -> None:
    """Open the explanation of this product on the next run."""
    st.session_state[KEY] = sku


def show_why(opened: OpenCatalog, query: Query, weights: Weights) -> None:
    """The explanation that was asked for, once, in a dialog."""
    sku = st.session_state.pop(KEY, None)
    if sku is not None and sku in opened.catalog.row_of:
        _dialog(opened, query, sku, weights)


@st.dialog("Why this product", width="large")
def _dialog(opened: OpenCatalog, query: Query, sku: str, weights: Weights) -> None:
    found = opened.explain(query, sku, weights)
    products, base = opened.catalog.products, Path(opened.info.base)
    asked, hit, reasons = st.columns([1, 1, 2], gap="medium")
    with asked:
        st.caption("You asked for")
        for liked in query.like[:2]:
            draw_card(products.iloc[opened.engine.lookup.row(liked)], base)
        if query.text:
            st.text(query.text)
    with hit:
        st.caption("This was found")
        draw_card(products.iloc[opened.engine.lookup.row(sku)], base, score=found.score)
    with reasons:
        st.caption("The parts add up to the score")
        st.html(parts_html(found))
    if any(amount > 0 for _, amount in found.pieces):
        st.caption("What the spelling has in common; the stronger the colour, the more it adds")
        st.html(pieces_html(found))


def parts_html(found: Explanation) -> str:
    """A line per part: name, bar, contribution, and the sentence; then the sum."""
    longest = max((abs(part.contribution) for part in found.parts), default=0.0) or 1.0
    lines = []
    for part in found.parts:
        width = 100 * abs(part.contribution) / longest
        colour = PART_COLOURS.get(part.name, "#78716c")
        shade = "opacity:.45;" if part.contribution < 0 else ""
        lines.append(
            f'<div style="display:grid;grid-template-columns:6.2rem 1fr 3.6rem;gap:.5rem;align-items:center">'
            f"<span>{html.escape(part.name)}</span>"
            f'<span style="height:.6rem;border-radius:1rem;background:{colour};{shade}width:{width:.1f}%"></span>'
            f'<span style="text-align:right">{part.contribution:+.3f}</span></div>'
            f'<div class="ps-soft" style="white-space:normal;margin:0 0 .35rem 6.7rem">{html.escape(part.told)} · '
            f"{part.share:.0%} of the weights</div>"
        )
    total = f'<div style="text-align:right;font-weight:650">score {found.score:.3f}</div>'
    return "".join(lines) + total


def pieces_html(found: Explanation) -> str:
    """The product's text with each piece coloured by what it adds."""
    most = max((amount for _, amount in found.pieces), default=0.0) or 1.0
    marks = []
    for piece, amount in found.pieces:
        colour = f"color-mix(in srgb,#d97706 {70 * max(amount, 0) / most:.0f}%,transparent)"
        style = f"padding:.1rem .3rem;border-radius:.3rem;background:{colour}"
        marks.append(f'<span title="{amount:.3f}" style="{style}">{html.escape(piece)}</span>')
    return f'<div style="line-height:2">{" ".join(marks)}</div>'
