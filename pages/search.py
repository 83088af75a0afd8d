"""Search: by words, by SKU, or by liked and disliked products."""

from pathlib import Path

import streamlit as st

from pages.shared import asking, frame, state
from pages.shared.cards import draw_card
from pages.shared.grid import Action, Card, draw_cards, products_shown
from pages.shared.judging import offer_learning, read_judging
from pages.shared.results import SCORE_HELP, draw_hits, nothing_found, nothing_left, offer_exports, sentence, told_moves
from pages.shared.ruling import rule_actions
from pages.shared.tuning import ask_weights, chosen_metric, chosen_weights, chosen_width
from pages.shared.why import ask_why, show_why
from prodsim.export import hits_table
from prodsim.search import SearchEngine, SearchResult, of_mode, rank_moves
from prodsim.similarity import Weights

N_HITS = 120
ACTIONS = (
    Action(":material/hub:", "More like this, and nothing else", asking.search_like, "Similar"),
    Action(":material/add:", "Closer to this one", asking.like),
)
RARE_ACTIONS = (
    Action(":material/remove:", "Further from this one", asking.unlike, is_rare=True),
    Action(":material/help:", "Why it is here", ask_why, is_rare=True),
)
EXAMPLES = ("warm waterproof jacket", "gift for a coffee lover", "quiet fan for the bedroom", "敏感肌 补水面霜")

frame.title("Search", "Find products by words, by SKU, or by examples you like and dislike.")
opened = state.require_catalog()
base = Path(opened.info.base)
query = asking.ask_query(opened)
filters, arrangement = asking.ask_limits(opened)

if query.is_empty:
    st.caption("Try: " + " · ".join(EXAMPLES) + " — or start from one of these products.")
    rows = filters.rows(opened.catalog)
    first = range(len(opened.catalog)) if rows is None else rows
    if rows is not None and not len(rows):
        nothing_found(opened, filters)
        st.stop()
    step = max(1, len(first) // 24)
    some = products_shown(opened.catalog, first[::step][:24])
    draw_cards([Card(product, ACTIONS) for product in some], base)
    st.stop()

head = st.container(horizontal=True, vertical_alignment="center")
below = st.container()
with head:
    how = asking.ask_how()
side, place = st.columns([1, 3], gap="medium") if how.is_tuned else (None, st.container())
if side is not None:
    with side:
        weights = ask_weights(opened)
else:
    weights = chosen_weights(opened)
usual_engine, opened = opened.engine, opened.by(chosen_metric(opened))
width = chosen_width()
opened = opened if width is None else opened.at(width)


def find(engine: SearchEngine, weights: Weights | None = None) -> SearchResult:
    """What was asked, of an engine with its own weights or others."""
    return engine.search(query, N_HITS, filters, weights, exact=how.exact, mode=how.mode, arrangement=arrangement)


result = find(opened.engine, weights)
moves = {}
if weights != usual_engine.weights or opened.engine.comparer.metric != usual_engine.comparer.metric:
    moves = rank_moves(find(usual_engine).hits, result.hits)
if not result.hits:
    if result.left_out:
        nothing_left(result)
    else:
        nothing_found(opened, filters)
    st.stop()
judging = read_judging(opened, query)
if side is not None:
    with side:
        offer_learning(opened, weights)
told = sentence(result, opened, width, "closest first" if arrangement.diversity == 0 else "close and diverse")
counted = of_mode(weights, how.mode)
below.caption(told, help=SCORE_HELP)
with head:
    st.space("stretch")
    offer_exports(
        f"{opened.name} search",
        lambda: hits_table(opened.catalog, result, opened.in_short(query, result.hits, counted)),
        told,
    )
with place:
    if result.note:
        st.text(result.note)
    if moves:
        st.caption(told_moves(moves))
    if len(query.like) == 1 and not query.text:
        left, place = (side, place) if side is not None else st.columns([1, 3])
        with left:
            row = opened.engine.lookup.row(query.like[0])
            st.caption("The product itself")
            draw_card(opened.catalog.products.iloc[row], base)
            st.text(opened.catalog.products["description"].iat[row])
with place:
    draw_hits(
        opened.catalog,
        result.hits,
        base,
        lambda sku: (*ACTIONS, *judging.actions(sku), *RARE_ACTIONS, *rule_actions(opened, query)),
        how.as_table,
        moves,
    )
show_why(opened, query, counted, result.hits)
