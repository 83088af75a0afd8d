"""Why a product was found: its score taken apart, beside what was asked for."""

import html
from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

from pages.shared.cards import PART_COLOURS, draw_card
from prodsim.errors import ProdsimError
from prodsim.explain import Explanation, PartReason, WhatIf
from prodsim.search import Hit, Query
from prodsim.similarity import Weights
from prodsim.workspace import OpenCatalog

KEY = "why"
BY_WORDS, BY_MEANING = "#d97706", "#0f766e"


def ask_why(sku: str) -> None:
    """Open the explanation of this product on the next run."""
    st.session_state[KEY] = sku


def show_why(opened: OpenCatalog, query: Query, weights: Weights, hits: Sequence[Hit] = ()) -> None:
    """The explanation that was asked for, once, in a dialog; with the search's hits also what would change its rank."""
    sku = st.session_state.pop(KEY, None)
    if sku is not None and sku in opened.catalog.row_of:
        _dialog(opened, query, sku, weights, hits)


@st.dialog("Why this product", width="large")
def _dialog(opened: OpenCatalog, query: Query, sku: str, weights: Weights, hits: Sequence[Hit]) -> None:
    found = opened.explain(query, sku, weights, hits=hits or None)
    asked, hit, reasons = st.columns([1, 1, 2], gap="medium")
    with asked:
        _draw_asked(opened, query)
    with hit:
        st.caption("This was found")
        product = opened.catalog.products.iloc[opened.engine.lookup.row(sku)]
        parts = {part.name: part.contribution for part in found.parts}
        draw_card(product, Path(opened.info.base), score=found.score, parts=parts)
    with reasons:
        st.caption("The parts add up to the score")
        st.html(parts_html(found))
    pieces = [piece for piece, _ in found.spans]
    if any(amount > 0 for _, amount in found.spans):
        st.caption("What the spelling has in common; the stronger the colour, the more it adds")
        st.html(pieces_html(pieces, [amount for _, amount in found.spans], BY_WORDS))
    found = _with_meaning(opened, query, sku, weights, hits, found)
    if found.what_if is not None:
        _draw_changes(found.what_if)


def _draw_asked(opened: OpenCatalog, query: Query) -> None:
    """What was asked for, as the search reads it: a text that names a product stands for that product."""
    st.caption("You asked for")
    rows, text = opened.engine.lookup.resolve(query)
    for row in rows[:2]:
        draw_card(opened.catalog.products.iloc[row], Path(opened.info.base))
    if len(rows) > 2:
        st.caption(f"and {len(rows) - 2} more")
    if text:
        st.text(text)
    if query.unlike:
        st.caption(f"far from {', '.join(query.unlike)}")


def _with_meaning(
    opened: OpenCatalog, query: Query, sku: str, weights: Weights, hits: Sequence[Hit], found: Explanation
) -> Explanation:
    """The explanation with each word's meaning, once the button is pressed: it needs the encoder."""
    if not any(part.name == "meaning" for part in found.parts):
        return found
    place = st.empty()
    if not place.button("What in the text means it?", icon=":material/psychology:", key="why meaning"):
        return found
    place.empty()
    try:
        with st.spinner("Leaving out one word after the other"):
            found = opened.explain(query, sku, weights, by_meaning=True, hits=hits or None)
    except ProdsimError as error:
        st.warning(f"{error.what} {error.fix}")
        return found
    if found.meaning is not None:
        st.caption(
            "What the encoder understands: how much closer the text is with a word than without it. "
            + found.meaning.sentence,
            help="Words are left out one by one. What two words mean together is lost with either, so the sum may be "
            "more or less than the whole.",
        )
        st.html(meaning_html(found))
    return found


def _draw_changes(differing: WhatIf) -> None:
    """What would have to differ, a sentence per change."""
    if not differing.changes:
        return
    st.caption(f"What would have to differ; it is {differing.rank} of {differing.n_hits} hits")
    lines = "".join(f"<li>{html.escape(differing.sentence(change))}</li>" for change in differing.changes)
    st.html(f'<ul style="margin:0;padding-left:1.2rem;line-height:1.7">{lines}</ul>')


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
            f'<div class="ps-soft" style="white-space:normal;margin:0 0 .35rem 6.7rem">{html.escape(part.sentence)} · '
            f"{_counted(part)}</div>"
        )
    total = f'<div style="text-align:right;font-weight:650">score {found.score:.3f}</div>'
    return "".join(lines) + total


def _counted(part: PartReason) -> str:
    return f"{part.share:.0%} of the weights" if part.share else "on top"


def meaning_html(found: Explanation) -> str:
    """The product's text with each word coloured by what it adds to meaning; every occurrence alike."""
    of: Mapping[str, float] = {word.casefold(): amount for word, amount in found.meaning.words} if found.meaning else {}
    pieces = [piece for piece, _ in found.spans]
    return pieces_html(pieces, [of.get(piece.casefold(), 0.0) for piece in pieces], BY_MEANING)


def pieces_html(pieces: Sequence[str], amounts: Sequence[float], colour: str) -> str:
    """Pieces of a text, each coloured by what it adds, and underlined where it takes away."""
    most = max((abs(amount) for amount in amounts), default=0.0) or 1.0
    marks = []
    for piece, amount in zip(pieces, amounts, strict=True):
        shade = f"color-mix(in srgb,{colour} {70 * max(amount, 0) / most:.0f}%,transparent)"
        line = "border-bottom:2px dotted #dc2626;" if amount < -0.05 * most else ""
        style = f"padding:.1rem .3rem;border-radius:.3rem;{line}background:{shade}"
        marks.append(f'<span title="{amount:+.3f}" style="{style}">{html.escape(piece)}</span>')
    return f'<div style="line-height:2">{" ".join(marks)}</div>'
