"""The results of a search: how to search, the weights, the list. A moved slider draws this part of the page alone."""

from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.shared import search_form
from pages.shared import texts as shared_texts
from pages.shared.chosen_cards import bulk_actions
from pages.shared.frame import errors_shown
from pages.shared.grid import Action, draw_single
from pages.shared.product_link import HIGHLIGHT
from pages.shared.results import (
    details_sentence,
    draw_hits,
    draw_no_results,
    moves_sentence,
    nothing_left,
    offer_exports,
    sentence,
)
from pages.shared.rules_form import rule_actions
from pages.shared.search import texts
from pages.shared.search.judgements import offer_learning, read_judging
from pages.shared.search.order import SIMILAR, choose_order, in_order
from pages.shared.search.why import ask_why, show_why
from pages.shared.shortlist import shortlist_marker
from pages.shared.weights_form import MOVED, chosen_metric, chosen_weights, chosen_width, draw_tuning, tuned_weights
from prodsim.output.export import hits_table
from prodsim.search import (
    Arrangement,
    Filters,
    Query,
    SearchEngine,
    SearchOptions,
    SearchResult,
    rank_moves,
    weights_of_mode,
)
from prodsim.similarity import Weights
from prodsim.workspace import OpenCatalog

N_HITS = 120
WHOLE = "the whole page is drawn"
DEFAULT_HITS = "hits by the default weights"


def actions() -> tuple[Action, ...]:
    """Return what a card offers before and after a search."""
    return (
        Action(":material/hub:", texts.SIMILAR_HELP(), search_form.search_like, shared_texts.SIMILAR()),
        Action(":material/add:", texts.LIKE(), search_form.like),
    )


def _rare_actions() -> tuple[Action, ...]:
    return (
        Action(":material/remove:", texts.UNLIKE(), search_form.unlike, place="menu"),
        Action(":material/help:", texts.WHY(), ask_why, place="score"),
    )


@dataclass(frozen=True, slots=True)
class Request:
    """All of a search but the weights, and the order of its cards."""

    query: Query
    filters: Filters
    arrangement: Arrangement
    how: search_form.How
    order: str

    def find(self, engine: SearchEngine, weights: Weights | None = None) -> SearchResult:
        """Search by an engine, with its own weights or others."""
        how = self.how
        options = SearchOptions(weights, self.filters, self.arrangement, how.mode, how.exact)
        return engine.search(self.query, N_HITS, options)


def draw_results(opened: OpenCatalog, query: Query, filters: Filters, arrangement: Arrangement) -> None:
    """Search, and draw the results."""
    st.session_state[WHOLE] = True
    _draw(opened, query, filters, arrangement)


@dataclass(frozen=True, slots=True)
class Places:
    """Containers of the page: above the list, the line below that, beside the list if there is one, and the list."""

    head: DeltaGenerator
    line: DeltaGenerator
    side: DeltaGenerator | None
    main: DeltaGenerator


@st.fragment
def _draw(opened: OpenCatalog, query: Query, filters: Filters, arrangement: Arrangement) -> None:
    is_whole, has_moved = st.session_state.pop(WHOLE, False), st.session_state.pop(MOVED, False)
    if not (is_whole or has_moved):
        st.rerun()  # what else is pressed here changes the page around it too
    head, line = st.container(horizontal=True, vertical_alignment="center"), st.container()
    with head:
        order = choose_order(SIMILAR)
        how = search_form.ask_how()
    request = Request(query, filters, arrangement, how, order)
    side, main = st.columns([1, 3], gap="medium") if how.is_tuned else (None, st.container())
    tuning = None if side is None else side.container()
    with tuning or main:
        weights = tuned_weights(opened) if how.is_tuned else chosen_weights(opened)
    with main, errors_shown():
        _draw_result(opened, request, weights, Places(head, line, side, main))
    if tuning is not None:
        with tuning:  # after the list, which is waited for
            draw_tuning(opened, weights)
            offer_learning(opened, weights)


def _draw_result(opened: OpenCatalog, request: Request, weights: Weights, places: Places) -> None:
    """Search, and draw the list first, then the line on how the index was used; called where the list stands."""
    opened = opened.as_typed() if request.how.is_as_typed else opened
    default, width = opened.engine, chosen_width()
    opened = opened.by(chosen_metric(opened))
    opened = opened if width is None else opened.at(width)
    result = request.find(opened.engine, weights)
    if not result.hits:
        return nothing_left(result) if result.left_out else draw_no_results(opened, request.filters)
    used = weights_of_mode(weights, request.how.mode)
    is_default = weights == default.weights and opened.engine.comparer.metric == default.comparer.metric
    moves = {} if is_default else rank_moves(_default_hits(opened, request, default).hits, result.hits)
    result = replace(result, hits=in_order(opened, result.hits, request.order))
    _draw_list(opened, request, result, moves, places)
    summary = sentence(result, _describe_order(request))
    places.line.caption(summary, help=shared_texts.SCORE_HELP())
    if request.how.is_detailed:
        places.line.caption(details_sentence(result, opened, width))
    with places.head:
        st.space("stretch")
        words = request.query.text.strip()
        if words and opened.info.has_map:
            label = shared_texts.ON_THE_MAP()
            st.page_link("pages/map.py", label=label, icon=":material/scatter_plot:", query_params={HIGHLIGHT: words})
        offer_exports(
            texts.EXPORT_NAME(catalog=opened.name),
            lambda: hits_table(opened.catalog, result, opened.short_explanations(request.query, result.hits, used)),
            summary,
        )
    show_why(opened, request.query, used, result.hits)


def _describe_order(request: Request) -> str:
    """Say which products are listed and in which order."""
    if request.order != SIMILAR:
        return texts.MOST_SIMILAR_IN_ORDER(order=texts.ORDERS[request.order]())
    diverse = request.arrangement.diversity
    return shared_texts.SIMILAR_AND_DIVERSE() if diverse else shared_texts.MOST_SIMILAR_FIRST()


def _draw_list(
    opened: OpenCatalog, request: Request, result: SearchResult, moves: dict[str, int | None], places: Places
) -> None:
    """Draw the hits and what the weights moved, and beside them the query product where the query is one alone."""
    base, query, place = Path(opened.info.base), request.query, places.main
    with place:
        if result.note:
            st.text(result.note)
        if moves:
            st.caption(moves_sentence(moves))
        if query.picture:
            left, place = (places.side, place) if places.side is not None else st.columns([1, 3])
            with left:
                st.image(query.picture, texts.QUERY_PHOTO())
        elif len(query.like) == 1 and not query.text:
            left, place = (places.side, place) if places.side is not None else st.columns([1, 3])
            with left:
                row = opened.engine.lookup.row(query.like[0])
                st.caption(texts.QUERY_PRODUCT())
                draw_single(opened.catalog.products.iloc[row], base, "query product")
                st.text(opened.catalog.products["description"].iat[row])
    judging = read_judging(opened, query)
    rules, offered, rare = rule_actions(opened, query), actions(), _rare_actions()
    mark = shortlist_marker(opened)
    with place:
        draw_hits(
            opened.catalog,
            result.hits,
            base,
            lambda sku: (*offered, *judging.actions(sku), *rare, *rules, mark(sku)),
            request.how.as_table,
            moves,
            request,
            bulk_actions(opened),
        )


def _default_hits(opened: OpenCatalog, request: Request, default: SearchEngine) -> SearchResult:
    """Search by the default weights, once while sliders move."""
    key = (opened.name, opened.info.built, default.weights, default.comparer.metric, request)
    if st.session_state.get(DEFAULT_HITS, (None, None))[0] != key:
        st.session_state[DEFAULT_HITS] = (key, request.find(default))
    result: SearchResult = st.session_state[DEFAULT_HITS][1]
    return result
