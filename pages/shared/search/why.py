"""Why a product was found: the parts of its score, beside the query."""

import html
from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

from pages.shared.cards import draw_card
from pages.shared.frame import as_written
from pages.shared.product_link import close_product
from pages.shared.score_parts import parts_html
from pages.shared.search import texts
from prodsim.errors import ProdsimError
from prodsim.explain import Explanation, WhatIf
from prodsim.output.heat_maps import heat_map
from prodsim.phrases import retold
from prodsim.search import Hit, Query
from prodsim.similarity import Weights
from prodsim.workspace import OpenCatalog

WHY_KEY = "why"
BY_WORDS, BY_MEANING = "#d97706", "#0f766e"


def ask_why(sku: str) -> None:
    """Open the explanation of this product in the next run."""
    close_product()
    st.session_state[WHY_KEY] = sku


def show_why(opened: OpenCatalog, query: Query, weights: Weights, hits: Sequence[Hit] = ()) -> None:
    """Open the requested explanation, once, in a dialog; with the search's hits also what would change its rank."""
    sku = st.session_state.pop(WHY_KEY, None)
    if sku is not None and sku in opened.catalog.row_of:
        # made here, so that the title is in the reader's language
        st.dialog(texts.WHY(), width="large")(_explain)(opened, query, sku, weights, hits)


def _explain(opened: OpenCatalog, query: Query, sku: str, weights: Weights, hits: Sequence[Hit]) -> None:
    explanation = opened.explain(query, sku, weights, hits=hits or None)
    query_side, hit_side, reasons = st.columns([1, 1, 2], gap="medium")
    with query_side:
        _draw_query(opened, query)
    with hit_side:
        st.caption(texts.RESULT())
        product = opened.catalog.products.iloc[opened.engine.lookup.row(sku)]
        parts = {part.name: part.contribution for part in explanation.parts}
        draw_card(product, Path(opened.info.base), score=explanation.score, parts=parts)
    with reasons:
        st.caption(texts.ADD_UP())
        st.html(parts_html(explanation))
    pieces = [piece for piece, _ in explanation.spans]
    if any(amount > 0 for _, amount in explanation.spans):
        st.caption(texts.WORDS_IN_COMMON())
        st.html(pieces_html(pieces, [amount for _, amount in explanation.spans], BY_WORDS))
    if any(part.name == "look" and part.share for part in explanation.parts):
        _offer_regions(opened, query, sku)
    explanation = _with_meaning(opened, query, sku, weights, hits, explanation)
    if explanation.what_if is not None:
        _draw_changes(explanation.what_if)


def _draw_query(opened: OpenCatalog, query: Query) -> None:
    """Draw the query as the search reads it: a text that names a product stands for that product."""
    st.caption(texts.QUERY())
    rows, text = opened.engine.lookup.resolve(query)
    for row in rows[:2]:
        draw_card(opened.catalog.products.iloc[row], Path(opened.info.base))
    if len(rows) > 2:
        st.caption(texts.MORE_PRODUCTS(len(rows) - 2))
    if text:
        st.text(text)
    if query.picture:
        st.image(query.picture, texts.QUERY_PHOTO())
    if query.unlike:
        st.caption(texts.LESS_LIKE(skus=as_written(", ".join(query.unlike))))


def _with_meaning(
    opened: OpenCatalog, query: Query, sku: str, weights: Weights, hits: Sequence[Hit], explanation: Explanation
) -> Explanation:
    """Return the explanation with each word's meaning once the button is pressed: that needs the encoder."""
    if not any(part.name == "meaning" for part in explanation.parts):
        return explanation
    place = st.empty()
    if not place.button(texts.WHICH_WORDS(), icon=":material/psychology:", key="why meaning"):
        return explanation
    place.empty()
    try:
        with st.spinner(texts.LEAVING_OUT()):
            explanation = opened.explain(query, sku, weights, by_meaning=True, hits=hits or None)
    except ProdsimError as error:
        st.warning(f"{retold(error.what)} {retold(error.fix)}")
        return explanation
    if explanation.meaning is not None:
        st.caption(texts.MEANING(summary=explanation.meaning.sentence), help=texts.MEANING_HELP())
        st.html(meaning_html(explanation))
    return explanation


def _offer_regions(opened: OpenCatalog, query: Query, sku: str) -> None:
    """Draw the two pictures that are most alike, with the regions that make them so, once the button is pressed."""
    place = st.empty()
    if not place.button(texts.WHICH_REGIONS(), icon=":material/image_search:", key="why look"):
        return
    place.empty()
    try:
        with st.spinner(texts.COVERING()):
            pictures = opened.explain_look(query, sku)
            most = max((float(picture.regions.max()) for picture in pictures or ()), default=0.0)
            addresses = [heat_map(picture.data, picture.regions, most) for picture in pictures or ()]
    except ProdsimError as error:
        st.warning(f"{retold(error.what)} {retold(error.fix)}")
        return
    if pictures is None or most <= 0:
        st.caption(texts.NO_REGION())
        return
    st.caption(texts.REGIONS(), help=texts.REGIONS_HELP())
    names = texts.PICTURE_OF_QUERY, texts.PICTURE_OF_RESULT
    for column, name, picture, address in zip(
        st.columns([1, 1, 2], gap="medium"), names, pictures, addresses, strict=False
    ):
        caption = name(number=picture.number, n=picture.n_pictures) if picture.n_pictures > 1 else None
        column.image(address, caption)


def _draw_changes(what_if: WhatIf) -> None:
    """Draw what would change the rank, a sentence for each change."""
    if not what_if.changes:
        return
    st.caption(texts.CHANGES(rank=what_if.rank, n=what_if.n_hits))
    lines = "".join(f"<li>{html.escape(what_if.sentence(change))}</li>" for change in what_if.changes)
    st.html(f'<ul style="margin:0;padding-left:1.2rem;line-height:1.7">{lines}</ul>')


def meaning_html(explanation: Explanation) -> str:
    """Return the product's text with each word coloured by what it adds to meaning, all its occurrences alike."""
    words = explanation.meaning.words if explanation.meaning else ()
    amounts: Mapping[str, float] = {word.casefold(): amount for word, amount in words}
    pieces = [piece for piece, _ in explanation.spans]
    return pieces_html(pieces, [amounts.get(piece.casefold(), 0.0) for piece in pieces], BY_MEANING)


def pieces_html(pieces: Sequence[str], amounts: Sequence[float], colour: str) -> str:
    """Return pieces of a text, each coloured by what it adds, and underlined where it takes away."""
    most = max((abs(amount) for amount in amounts), default=0.0) or 1.0
    marks = []
    for piece, amount in zip(pieces, amounts, strict=True):
        shade = f"color-mix(in srgb,{colour} {70 * max(amount, 0) / most:.0f}%,transparent)"
        line = "border-bottom:2px dotted #dc2626;" if amount < -0.05 * most else ""
        style = f"padding:.1rem .3rem;border-radius:.3rem;{line}background:{shade}"
        marks.append(f'<span title="{amount:+.3f}" style="{style}">{html.escape(piece)}</span>')
    return f'<div style="line-height:2">{" ".join(marks)}</div>'
