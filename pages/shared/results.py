"""Results: as cards or as a table, page by page, and taken away."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.shared.cards import picture_url
from pages.shared.download import XLSX, Download, draw_downloads
from pages.shared.grid import Action, Card, draw_cards, products_shown
from pages.shared.search_form import clear_arrangement, clear_filters
from prodsim.catalog import Catalog
from prodsim.output.export import to_csv, to_page, to_xlsx
from prodsim.search import Filters, Hit, SearchResult, closeness_word, left_out_text, loosen
from prodsim.workspace import OpenCatalog

PER_PAGE = 24


def draw_hits(
    catalog: Catalog,
    hits: Sequence[Hit],
    base: Path,
    actions_of: Callable[[str], tuple[Action, ...]],
    as_table: bool,
    moves: Mapping[str, int | None],
) -> None:
    """The hits of the chosen page of 24, as cards or as a table.

    ``actions_of`` gives what can be done with a SKU; ``moves`` are as ``rank_moves`` gives them, or empty.
    """
    pages = -(-len(hits) // PER_PAGE)
    page = min(st.session_state.get("page", 1), pages)
    shown = hits[(page - 1) * PER_PAGE : page * PER_PAGE]
    if as_table:
        draw_table(catalog, shown, base)
    else:
        products = products_shown(catalog, [hit.row for hit in shown])
        draw_cards(
            [
                Card(
                    product,
                    actions_of(hit.sku),
                    hit.score,
                    hit.parts,
                    move_mark(moves[hit.sku]) if hit.sku in moves else "",
                    hit.closer_than,
                    told_rules(hit),
                )
                for hit, product in zip(shown, products, strict=True)
            ],
            base,
        )
    if pages > 1:
        st.pagination(pages, key="page", bind="query-params")


def sentence(result: SearchResult, opened: OpenCatalog, width: int | None, order: str) -> str:
    """What was found, in which order, what was left out and how it was found, in one line.

    Args:
        result: of the search.
        opened: the catalog.
        width: of the search, if it was chosen; ``None`` for the one whose recall is known.
        order: in words.
    """
    recall = f"looks at {width:,}" if width else f"returns {opened.info.recall:.1%} of an exact search"
    trust = (
        "every product was compared"
        if result.exact
        else f"{result.candidates:,} scored: {result.from_words:,} by words, {result.from_meaning:,} by meaning; "
        f"the index {recall}"
    )
    told = [
        f"{len(result.hits):,} of {result.n_allowed:,} products",
        order,
        left_out_text(result.left_out),
        f"{result.took_ms:.0f} ms",
        trust,
    ]
    return " · ".join(filter(None, told))


def told_moves(moves: Mapping[str, int | None]) -> str:
    """What the weights change against the catalog's usual ones, in one line."""
    n_new = sum(move is None for move in moves.values())
    rose, fell = (sum(move is not None and sign * move > 0 for move in moves.values()) for sign in (1, -1))
    if not (rose or fell or n_new):
        return "Other weights than usual, the same list; typed words tell no category, brand, price or attribute."
    return f"Against the usual weights: {rose:,} rose, {fell:,} fell, {n_new:,} came and as many went."


def nothing_found(opened: OpenCatalog, filters: Filters) -> None:
    """Say why, and what the nearest loosening would give."""
    options = loosen(opened.catalog, filters)
    hint = "; ".join(f"{count:,} {words}" for words, count in options[:3])
    st.info(
        f"No product passes the filters. {hint or 'Clear them to see all products.'}", icon=":material/filter_alt_off:"
    )
    st.button("Clear the filters", on_click=clear_filters)


def nothing_left(result: SearchResult) -> None:
    """Say which rules of the list left nothing."""
    st.info(f"The rules of Arrange leave no product: {left_out_text(result.left_out)}.", icon=":material/view_list:")
    st.button("Clear the rules", on_click=clear_arrangement)


def move_mark(move: int | None) -> str:
    """A move as a small mark: "▲3", "▼2", "new", or nothing."""
    if move is None:
        return "new"
    return f"▲{move}" if move > 0 else f"▼{-move}" if move < 0 else ""


def told_rules(hit: Hit) -> str:
    """Which rules moved a hit, and how far all of them and the limits of the list did; nothing where none did."""
    if not hit.rules:
        return ""
    moved = f"{move_mark(hit.moved)} by rules" if hit.moved else ""
    return " · ".join(filter(None, [*hit.rules, moved]))


def draw_table(catalog: Catalog, hits: Sequence[Hit], base: Path) -> None:
    """Hits as a sortable table with pictures and score bars."""
    products = catalog.products.iloc[[hit.row for hit in hits]]
    table = pd.DataFrame(
        {
            "picture": [picture_url(image, base) or None for image in products["image"]],
            "score": [hit.score for hit in hits],
            "closeness": [closeness_word(hit.closer_than) for hit in hits],
            "sku": products["sku"].tolist(),
            "title": products["title"].tolist(),
            "brand": products["brand"].tolist(),
            "category": products["category"].tolist(),
            "price": products["price"].tolist(),
            "availability": products["availability"].tolist(),
            **{
                part: [hit.parts.get(part, 0.0) for hit in hits]
                for part in dict.fromkeys(p for h in hits for p in h.parts)
            },
        }
    )
    if any(hit.rules for hit in hits):
        table.insert(5, "rules", [told_rules(hit) for hit in hits])
    st.dataframe(
        table,
        hide_index=True,
        row_height=56,
        height=min(640, 60 + 56 * len(table)),
        column_config={
            "picture": st.column_config.ImageColumn("Picture", width="small"),
            "score": st.column_config.ProgressColumn("Score", min_value=0, max_value=1, format="%.3f", help=SCORE_HELP),
            "closeness": st.column_config.TextColumn("Closeness", help=CLOSENESS_HELP),
            "title": st.column_config.TextColumn("Title", width="large"),
            "price": st.column_config.NumberColumn("Price", format="%.2f"),
        },
        alt="Products found, best first",
    )


def offer_exports(name: str, make_table: Callable[[], pd.DataFrame], subtitle: str) -> None:
    """Buttons for CSV, XLSX and one self-contained page; each is made when asked for."""
    with st.popover("Export", icon=":material/download:"):
        draw_downloads(
            name,
            [
                Download("CSV", lambda: to_csv(make_table()), f"{name}.csv", "text/csv"),
                Download("XLSX", lambda: to_xlsx(make_table()), f"{name}.xlsx", XLSX),
                Download("HTML page", lambda: to_page(make_table(), name, subtitle), f"{name}.html", "text/html"),
            ],
        )
        st.caption("The address in the browser reopens exactly this view.")


SCORE_HELP = "How close the product is: the sum of its parts; 1 is the same text. Higher is closer."
CLOSENESS_HELP = "How many random pairs of this catalog are less close: very close is 999.5 of 1,000, close 995."
