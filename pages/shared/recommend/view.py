"""The lists: what to show next, each product with its reason, and what is bought together."""

from pathlib import Path

import pandas as pd
import streamlit as st

from pages.shared import search_form
from pages.shared import texts as shared
from pages.shared.background import answer
from pages.shared.cards import move_mark
from pages.shared.frame import as_written
from pages.shared.grid import Card, draw_cards, products_shown
from pages.shared.histories import ready_recommender, shoppers_of
from pages.shared.link import a_switch, binding
from pages.shared.recommend import texts
from pages.shared.recommend.history_form import card_actions
from pages.shared.results import offer_exports, variants_notes
from pages.shared.shortlist import shortlist_marker
from prodsim.output.tables import column_names
from prodsim.recommend import (
    SOURCES,
    Histories,
    Recommendation,
    RecommendationList,
    Recommender,
    UserProfile,
    shown_count,
)
from prodsim.search import left_out_text
from prodsim.workspace import OpenCatalog

N_LISTED = 24
N_TOGETHER = 12


def learned_recommender(opened: OpenCatalog, histories: Histories | None) -> Recommender | None:
    """Return what recommends; ``None`` while it still learns, which is shown."""
    ready, shoppers = ready_recommender(opened, histories), shoppers_of(opened)
    if ready is not None:
        return ready
    work = lambda job: shoppers.recommender(opened, histories, job)  # noqa: E731 - runs as a job
    question = (opened.name, shoppers.learned_name(opened, histories))
    return answer("learned", question, texts.LEARNING(), work, 420)


def draw_list(opened: OpenCatalog, recommender: Recommender, profile: UserProfile) -> None:
    """Draw the list with its reasons, and the limits and rules for it."""
    filters, arrangement = search_form.ask_limits(opened)
    if not len(profile) and recommender.sources.collaborative is None:
        st.info(texts.START(), icon=":material/ads_click:")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        again = st.toggle(texts.AGAIN(), key="again", bind=binding("again", a_switch))
        recommended = recommender.recommend(profile, N_LISTED, filters, arrangement, again=again)
        summary = _summary(recommended)
        st.caption(summary, help=_source_weights(recommender))
        st.space("stretch")
        offer_exports(texts.EXPORT_NAME(catalog=opened.name), lambda: _table(recommended), summary)
    if recommended.note:
        st.text(recommended.note)
    products, mark = products_shown(opened.catalog, [hit.row for hit in recommended.hits]), shortlist_marker(opened)
    cards = [
        Card(
            product,
            (*card_actions(), mark(hit.sku)),
            hit.score,
            hit.parts,
            move_mark(hit.moved) if hit.moved else "",
            note=_note(hit),
            variants=variants,
        )
        for product, hit, variants in zip(
            products, recommended.hits, variants_notes(opened.catalog, recommended.hits), strict=True
        )
    ]
    draw_cards(cards, Path(opened.info.base))


def draw_bought_together(opened: OpenCatalog, recommender: Recommender, profile: UserProfile) -> None:
    """Draw what is bought together with the last product; similar ones are the Search page's."""
    if recommender.sources.collaborative is None:
        st.info(texts.NEEDS_HISTORIES(), icon=":material/history:")
        return
    if not len(profile):
        st.info(texts.NEEDS_PRODUCT(), icon=":material/ads_click:")
        return
    row = int(profile.rows[0])
    together = recommender.bought_together(row, N_TOGETHER)
    st.caption(texts.BOUGHT_WITH(title=as_written(str(opened.catalog.products["title"].iat[row]))))
    if not together:
        st.text(texts.NOTHING_BOUGHT_WITH())
        return
    products = products_shown(opened.catalog, [each.row for each in together])
    cards = [Card(product, card_actions(), each.score) for product, each in zip(products, together, strict=True)]
    draw_cards(cards, Path(opened.info.base))


def _note(hit: Recommendation) -> str:
    if hit.because:
        first = hit.because[0]
        reason = texts.BECAUSE(title=first.title[:60], why=_source_name(first.why))
    else:
        strongest = max(hit.parts, key=lambda name: hit.parts[name], default="")
        reason = _source_name(strongest)
    return " · ".join([reason, *hit.rules, *([texts.IS_NEW()] if hit.is_new else [])])


def _source_name(source: str) -> str:
    """Return the description of a source; the name of another part, such as boosts, as it is."""
    return SOURCES[source]() if source in SOURCES else source


def _source_weights(recommender: Recommender) -> str:
    """Return what the parts of a score mean, and how much each counts."""
    weights = recommender.source_weights.weights
    lines = [
        texts.SOURCE_WEIGHT(source=description(), weight=weights[name])
        for name, description in SOURCES.items()
        if weights.get(name)
    ]
    n = recommender.source_weights.n
    learned = [texts.LEARNED_FROM(count=shown_count(n))] if n else []
    return "\n\n".join([*lines, *learned])


def _summary(recommended: RecommendationList) -> str:
    products = shared.N_PRODUCTS(len(recommended.hits))
    history = shared.N_PRODUCTS(len(recommended.history))
    if not recommended.history:
        listed = texts.LIST_WITHOUT_HISTORY(products=products)
    elif recommended.n_interests > 1:
        listed = texts.LIST_INTERESTS(recommended.n_interests, products=products, history=history)
    else:
        listed = texts.LIST(products=products, history=history)
    left_out = left_out_text(recommended.left_out) if any(recommended.left_out.values()) else ""
    return " · ".join(filter(None, [listed, left_out, shared.TOOK(ms=recommended.took_ms)]))


def _table(recommended: RecommendationList) -> pd.DataFrame:
    """Return the list as it is exported."""
    hits = recommended.hits
    own = {
        "rank": range(1, len(hits) + 1),
        "sku": [hit.sku for hit in hits],
        "title": [hit.title for hit in hits],
        "score": [hit.score for hit in hits],
        "because": ["; ".join(f"{why.sku} ({why.why}, {why.share:.0%})" for why in hit.because) for hit in hits],
        "rules": ["; ".join(hit.rules) for hit in hits],
        "variants": ["; ".join(hit.variants) for hit in hits],
    }
    parts = pd.DataFrame([hit.parts for hit in hits])
    return pd.concat([pd.DataFrame(own), parts], axis=1).set_axis(column_names([*own], [*map(str, parts)]), axis=1)
