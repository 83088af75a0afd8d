"""Results: as cards or as a table, page by page, and their export."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.shared import state, texts
from pages.shared.cards import level_name, move_mark, part_name, picture_url
from pages.shared.download import XLSX, Download, draw_downloads
from pages.shared.filters_form import clear_filters
from pages.shared.grid import Action, BulkAction, Card, draw_cards, products_shown
from pages.shared.link import a_whole_number, binding
from pages.shared.search_form import clear_arrangement
from prodsim.catalog import Catalog
from prodsim.formats import stock_name
from prodsim.output.export import to_csv, to_xlsx
from prodsim.output.products_page import products_page
from prodsim.phrases import reader_profile
from prodsim.recommend import Recommendation
from prodsim.search import BURIED, PINNED, Filters, Hit, SearchResult, closeness_word, left_out_text, loosen
from prodsim.search.families import family_texts
from prodsim.workspace import OpenCatalog

PER_PAGE = 24
PAGE, PAGE_ABOUT = "page", "page about"


def draw_hits(
    catalog: Catalog,
    hits: Sequence[Hit],
    base: Path,
    actions_of: Callable[[str], tuple[Action, ...]],
    as_table: bool,
    moves: Mapping[str, int | None],
    about: Hashable,
    bulk: Sequence[BulkAction] = (),
) -> None:
    """Draw the hits of the chosen page of 24, as cards or as a table.

    ``actions_of`` gives what can be done with a SKU, ``bulk`` with several; ``moves`` are as ``rank_moves`` gives them,
    or empty; ``about`` is what was searched for, see ``page_of``.
    """
    with page_of(len(hits), about) as part:
        shown = hits[part]
        if as_table:
            draw_table(catalog, shown, base)
            return
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
                    rules_note(hit),
                    variants,
                )
                for hit, product, variants in zip(shown, products, variants_notes(catalog, shown), strict=True)
            ],
            base,
            bulk=bulk,
        )


@contextmanager
def page_of(n: int, about: Hashable) -> Iterator[slice]:
    """Yield which of the n products of a list the chosen page shows, and draw the choice of the page below.

    ``about`` is what the list depends on: where it changes, the list begins with its first page.
    """
    pages = max(-(-n // PER_PAGE), 1)
    bound = binding(PAGE, a_whole_number(1, pages))
    if st.session_state.setdefault(PAGE_ABOUT, about) != about or st.session_state.get(PAGE, 1) > pages:
        st.session_state[PAGE] = 1
    st.session_state[PAGE_ABOUT] = about
    first = (st.session_state.get(PAGE, 1) - 1) * PER_PAGE
    yield slice(first, first + PER_PAGE)
    if pages > 1:
        st.pagination(pages, key=PAGE, bind=bound)


def sentence(result: SearchResult, order: str) -> str:
    """Return how many products were found, in which order (in words), and what was left out, in one line."""
    n, n_families, n_shown = result.n_allowed, result.n_families, len(result.hits)
    if n_families is not None and n_families < n:
        counted = texts.N_OF_FAMILIES(n_families, shown=n_shown)
    else:
        counted = texts.N_OF_PRODUCTS(n, shown=n_shown)
    return " · ".join(filter(None, [counted, order, left_out_text(result.left_out)]))


def details_sentence(result: SearchResult, opened: OpenCatalog, width: int | None) -> str:
    """Return how the products were found and how long it took, in one line.

    Args:
        result: of the search.
        opened: the catalog.
        width: of the search, if it was chosen; ``None`` for the one whose recall is known.
    """
    statements = [texts.TOOK(ms=result.took_ms)]
    if result.exact:
        statements.append(texts.ALL_COMPARED())
    else:
        found = {"by_words": result.from_words, "by_meaning": result.from_meaning, "by_look": result.from_look}
        candidates = texts.CANDIDATES_BY_LOOK if result.from_look else texts.CANDIDATES
        statements += [
            candidates(n=result.candidates, **found),
            texts.INDEX_WIDTH(n=width) if width else texts.INDEX_RECALL(share=opened.info.recall),
        ]
    return " · ".join(statements)


def moves_sentence(moves: Mapping[str, int | None]) -> str:
    """Return what the weights change, compared with the catalog's default ones, in one line."""
    n_new = sum(move is None for move in moves.values())
    up, down = (sum(move is not None and sign * move > 0 for move in moves.values()) for sign in (1, -1))
    return texts.MOVES(up=up, down=down, new=n_new) if up or down or n_new else texts.NO_MOVES()


def draw_no_results(opened: OpenCatalog, filters: Filters) -> None:
    """Show why, and how many products would pass without one of the filters."""
    options = loosen(opened.catalog, filters)
    hints = " ".join(texts.WITHOUT_FILTER[name](count) for name, count in options[:3])
    reason = texts.NOTHING_PASSES_HINT(hints=hints) if hints else texts.NOTHING_PASSES()
    st.info(reason, icon=":material/filter_alt_off:")
    st.button(texts.CLEAR_FILTERS(), on_click=clear_filters)


def nothing_left(result: SearchResult) -> None:
    """Show which limits of the list left nothing."""
    st.info(texts.NOTHING_LEFT(left_out=left_out_text(result.left_out)), icon=":material/view_list:")
    st.button(texts.CLEAR_LIMITS(), on_click=clear_arrangement)


def variants_notes(catalog: Catalog, hits: Sequence[Hit | Recommendation]) -> list[str]:
    """Return for each hit in what the products differ that it stands for: "in 6 sizes"; nothing for one alone."""
    return family_texts(catalog, [[hit.row, *(catalog.row_of[sku] for sku in hit.variants)] for hit in hits])


def rules_note(hit: Hit) -> str:
    """Return which rules moved a hit, and how far they and the limits of the list did; nothing where none did."""
    if not hit.rules:
        return ""
    moved = texts.MOVED_BY_RULES(move=move_mark(hit.moved)) if hit.moved else ""
    return " · ".join(filter(None, [*map(_rule_name, hit.rules), moved]))


def _rule_name(rule: str) -> str:
    if rule == PINNED:
        return texts.PINNED()
    return texts.BURIED(target=rule.removeprefix(BURIED)) if rule.startswith(BURIED) else part_name(rule)


def draw_table(catalog: Catalog, hits: Sequence[Hit], base: Path) -> None:
    """Draw hits as a sortable table with pictures and score bars."""
    products = catalog.products.iloc[[hit.row for hit in hits]]
    lacking = [field for field in reader_profile().absent if field in ("price", "availability")]
    parts = {f"part {part}": part for part in dict.fromkeys(part for hit in hits for part in hit.parts)}
    table = pd.DataFrame(
        {
            "picture": [picture_url(image, base) or None for image in products["image"]],
            "score": [hit.score for hit in hits],
            "closeness": [level_name(closeness_word(hit.closer_than)) for hit in hits],
            "sku": products["sku"].tolist(),
            "title": products["title"].tolist(),
            "brand": products["brand"].tolist(),
            "category": products["category"].tolist(),
            "price": products["price"].tolist(),
            "availability": [stock_name(stock) for stock in products["availability"]],
            **{column: [hit.parts.get(part, 0.0) for hit in hits] for column, part in parts.items()},
        }
    ).drop(columns=lacking)
    if any(hit.variants for hit in hits):
        table.insert(5, "variants", variants_notes(catalog, hits))
    if any(hit.rules for hit in hits):
        table.insert(5, "rules", [rules_note(hit) for hit in hits])
    st.dataframe(
        table,
        hide_index=True,
        row_height=56,
        height=min(640, 60 + 56 * len(table)),
        column_config={
            "picture": st.column_config.ImageColumn(texts.PICTURE(), width="small"),
            "score": st.column_config.ProgressColumn(
                texts.SCORE(), min_value=0, max_value=1, format="%.3f", help=texts.SCORE_HELP()
            ),
            "closeness": st.column_config.TextColumn(texts.SIMILARITY(), help=texts.SIMILARITY_HELP()),
            "sku": texts.SKU(),
            "title": st.column_config.TextColumn(texts.TITLE(), width="large"),
            "variants": texts.VARIANTS(),
            "rules": texts.RULES(),
            **{field: texts.FIELD_NAMES[field]() for field in ("brand", "category", "availability")},
            "price": st.column_config.NumberColumn(texts.PRICE(), format="%.2f"),
            **{
                column: st.column_config.NumberColumn(texts.PART_COLUMN(part=part_name(part)), format="%.3f")
                for column, part in parts.items()
            },
        },
        alt=texts.RESULTS_TABLE(),
    )


def offer_exports(name: str, make_table: Callable[[], pd.DataFrame], subtitle: str) -> None:
    """Draw a menu of ``offer_files``."""
    with st.popover(texts.EXPORT(), icon=":material/download:"):
        offer_files(name, make_table, subtitle)
        st.caption(texts.LINK_REOPENS())


def offer_files(name: str, make_table: Callable[[], pd.DataFrame], subtitle: str) -> None:
    """Draw buttons for CSV, XLSX and a page with pictures; each file is made when its button is pressed."""
    info = state.current()
    make_page = partial(products_page, title=name, subtitle=subtitle, base=Path(info.base if info else ""))
    draw_downloads(
        name,
        [
            Download(texts.CSV(), lambda: to_csv(make_table()), f"{name}.csv", "text/csv"),
            Download(texts.XLSX(), lambda: to_xlsx(make_table()), f"{name}.xlsx", XLSX),
            Download(texts.HTML_PAGE(), lambda: make_page(make_table()), f"{name}.html", "text/html"),
        ],
    )
