"""What a search found: how it was searched, the weights, the list. A moved slider draws this part of the page alone."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.shared import search_form
from pages.shared.cards import draw_card
from pages.shared.frame import errors_shown
from pages.shared.grid import Action
from pages.shared.results import SCORE_HELP, draw_hits, nothing_found, nothing_left, offer_exports, sentence, told_moves
from pages.shared.rules_form import rule_actions
from pages.shared.search.judgements import offer_learning, read_judging
from pages.shared.search.why import ask_why, show_why
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
USUAL = "hits by the usual weights"
ACTIONS = (
    Action(":material/hub:", "More like this, and nothing else", search_form.search_like, "Similar"),
    Action(":material/add:", "Closer to this one", search_form.like),
)
RARE_ACTIONS = (
    Action(":material/remove:", "Further from this one", search_form.unlike, is_rare=True),
    Action(":material/help:", "Why it is here", ask_why, is_rare=True),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """All that was asked but the weights."""

    query: Query
    filters: Filters
    arrangement: Arrangement
    how: search_form.How

    def find(self, engine: SearchEngine, weights: Weights | None = None) -> SearchResult:
        """What an engine finds, with its own weights or others."""
        how = self.how
        options = SearchOptions(weights, self.filters, self.arrangement, how.mode, how.exact)
        return engine.search(self.query, N_HITS, options)


def draw_found(opened: OpenCatalog, query: Query, filters: Filters, arrangement: Arrangement) -> None:
    """Search, and draw what was found."""
    st.session_state[WHOLE] = True
    _draw(opened, query, filters, arrangement)


@dataclass(frozen=True, slots=True)
class Places:
    """Where things stand: above the list, the line below that, beside the list if something does, and the list."""

    head: DeltaGenerator
    line: DeltaGenerator
    side: DeltaGenerator | None
    main: DeltaGenerator


@st.fragment
def _draw(opened: OpenCatalog, query: Query, filters: Filters, arrangement: Arrangement) -> None:
    is_whole, is_moved = st.session_state.pop(WHOLE, False), st.session_state.pop(MOVED, False)
    if not (is_whole or is_moved):
        st.rerun()  # what else is pressed here changes the page around it too
    head, line = st.container(horizontal=True, vertical_alignment="center"), st.container()
    with head:
        how = search_form.ask_how()
    asked = Asked(query, filters, arrangement, how)
    side, main = st.columns([1, 3], gap="medium") if how.is_tuned else (None, st.container())
    tuning = None if side is None else side.container()
    with tuning or main:
        weights = tuned_weights(opened) if how.is_tuned else chosen_weights(opened)
    with main, errors_shown():
        _draw_result(opened, asked, weights, Places(head, line, side, main))
    if tuning is not None:
        with tuning:  # after the list, which is waited for
            draw_tuning(opened, weights)
            offer_learning(opened, weights)


def _draw_result(opened: OpenCatalog, asked: Asked, weights: Weights, places: Places) -> None:
    """Search, and draw the list first, then how it was found; called where the list stands."""
    usual, width = opened.engine, chosen_width()
    opened = opened.by(chosen_metric(opened))
    opened = opened if width is None else opened.at(width)
    result = asked.find(opened.engine, weights)
    if not result.hits:
        return nothing_left(result) if result.left_out else nothing_found(opened, asked.filters)
    counted = weights_of_mode(weights, asked.how.mode)
    is_usual = weights == usual.weights and opened.engine.comparer.metric == usual.comparer.metric
    moves = {} if is_usual else rank_moves(_usual_hits(opened, asked, usual).hits, result.hits)
    _draw_list(opened, asked, result, moves, places)
    told = sentence(result, opened, width, "closest first" if asked.arrangement.diversity == 0 else "close and diverse")
    places.line.caption(told, help=SCORE_HELP)
    with places.head:
        st.space("stretch")
        offer_exports(
            f"{opened.name} search",
            lambda: hits_table(opened.catalog, result, opened.short_explanations(asked.query, result.hits, counted)),
            told,
        )
    show_why(opened, asked.query, counted, result.hits)


def _draw_list(
    opened: OpenCatalog, asked: Asked, result: SearchResult, moves: dict[str, int | None], places: Places
) -> None:
    """The hits, what the weights moved, and beside them the product itself where one alone was asked by."""
    base, query, place = Path(opened.info.base), asked.query, places.main
    with place:
        if result.note:
            st.text(result.note)
        if moves:
            st.caption(told_moves(moves))
        if len(query.like) == 1 and not query.text:
            left, place = (places.side, place) if places.side is not None else st.columns([1, 3])
            with left:
                row = opened.engine.lookup.row(query.like[0])
                st.caption("The product itself")
                draw_card(opened.catalog.products.iloc[row], base)
                st.text(opened.catalog.products["description"].iat[row])
    judging = read_judging(opened, query)
    rules = rule_actions(opened, query)
    with place:
        draw_hits(
            opened.catalog,
            result.hits,
            base,
            lambda sku: (*ACTIONS, *judging.actions(sku), *RARE_ACTIONS, *rules),
            asked.how.as_table,
            moves,
        )


def _usual_hits(opened: OpenCatalog, asked: Asked, usual: SearchEngine) -> SearchResult:
    """What the usual weights find, which stays the same while sliders move."""
    key = (opened.name, opened.info.built, usual.weights, usual.comparer.metric, asked)
    if st.session_state.get(USUAL, (None, None))[0] != key:
        st.session_state[USUAL] = (key, asked.find(usual))
    found: SearchResult = st.session_state[USUAL][1]
    return found
