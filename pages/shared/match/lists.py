"""The lists of the Match page: the queue of doubtful matches, the sure ones, the rejected ones."""

import numpy as np
import pandas as pd
import streamlit as st

from pages.shared.match import texts
from pages.shared.match.compared import MatchView
from pages.shared.match.pair import ShownPair, draw_pair
from prodsim.index import Rows

MOST_LISTED = 1_000
"""Rows of a list that are sent to the browser."""


def doubtful_places(view: MatchView, threshold: float) -> Rows:
    """Return the places of the matches that wait, the surest first; postponed ones come last, longest ago first."""
    places = np.flatnonzero(~view.matching.sure(threshold))
    postponed, skus_a, skus_b = view.postponed, view.table["sku_a"], view.table["sku_b"]
    when = [postponed.get((skus_a.iloc[place], skus_b.iloc[place]), "") for place in places]
    return np.asarray(places[np.argsort(np.array(when, dtype=object), kind="stable")], np.int64)


def draw_queue(view: MatchView, places: Rows) -> None:
    """Draw the first of the matches that wait."""
    if not len(places):
        st.info(texts.NOTHING_DOUBTFUL(), icon=":material/task_alt:")
        return
    st.caption(texts.LEFT(len(places)))
    draw_pair(view, ShownPair.of(view, int(places[0])))


def draw_sure(view: MatchView, threshold: float) -> None:
    """Draw the table of the sure matches, and the pair of a selected row."""
    places = np.flatnonzero(view.matching.sure(threshold))
    if not len(places):
        st.info(texts.NOTHING_SURE(), icon=":material/pending_actions:")
        return
    chosen = _draw_table(view, view.table.iloc[places], "sure matches")
    if chosen is not None:
        draw_pair(view, ShownPair.of(view, int(places[chosen])))


def draw_rejected(view: MatchView) -> None:
    """Draw the table of the rejected pairs, the latest first, and the pair of a selected row."""
    rejected, a, b = view.rejected, view.a.catalog, view.b.catalog
    if not rejected:
        st.info(texts.NOTHING_REJECTED(), icon=":material/pending_actions:")
        return
    rows = [(a.row_of[each.sku_a], b.row_of[each.sku_b]) for each in rejected]
    titles = {
        "title_a": [a.products["title"].iloc[row] for row, _ in rows],
        "title_b": [b.products["title"].iloc[row] for _, row in rows],
    }
    chosen = _draw_table(view, pd.DataFrame(titles), "rejected matches")
    if chosen is not None:
        draw_pair(view, ShownPair(*rows[chosen], certainty=None))


def _draw_table(view: MatchView, table: pd.DataFrame, key: str) -> int | None:
    """Draw matches, and return the place of the selected one."""
    wanted = ("title_a", "title_b", "certainty", "price_a", "price_b", "difference")
    columns = st.column_config
    event = st.dataframe(
        table[[name for name in wanted if name in table]].head(MOST_LISTED),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key=key,
        alt=texts.TABLE_ALT(),
        column_config={
            "title_a": columns.TextColumn(texts.TITLE_OF(catalog=view.a.name), width="medium"),
            "title_b": columns.TextColumn(texts.TITLE_OF(catalog=view.b.name), width="medium"),
            "certainty": columns.NumberColumn(texts.CERTAINTY_COLUMN(), format="percent"),
            "price_a": columns.NumberColumn(texts.PRICE_OF(catalog=view.a.name), format="%.2f"),
            "price_b": columns.NumberColumn(texts.PRICE_OF(catalog=view.b.name), format="%.2f"),
            "difference": columns.NumberColumn(texts.DIFFERENCE_COLUMN(), format="percent"),
        },
    )
    if len(table) > MOST_LISTED:
        st.caption(texts.SOME_LISTED(listed=MOST_LISTED, n=len(table)))
    st.caption(texts.SELECT_ROW())
    rows = event["selection"]["rows"]
    return int(rows[0]) if rows and rows[0] < len(table) else None
