"""Trusting: how much of an exact search's answers the index returns, and what a wider search would give."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.shared.background import answered, ask
from pages.shared.compare.sides import Chosen
from prodsim.evaluation.index_recall import IndexRecall, Recall, measure_index_recall, measure_search_recall
from prodsim.jobs import Job
from prodsim.output.charts import recall_figure

Measured = tuple[IndexRecall, Recall]


def draw_trust(chosen: Chosen) -> None:
    """A button that measures, then recall by kind of search and the ladder of widths."""
    question = chosen.question
    st.text(
        f"The index of {chosen.opened.name} looks at some of the products only, so a search may miss a close one. "
        "Measuring compares its answers with those of an exact search."
    )
    st.button(
        "Measure",
        icon=":material/speed:",
        on_click=ask,
        args=("trust", question, "Measuring recall", lambda job: _measure(chosen, job)),
        key="measure",
    )
    measured: Measured | None = answered("trust", question, 420)
    if measured is None:
        return
    trust, search = measured
    st.text(f"The vector index returns {trust.overall.sentence}")
    st.text(f"A search with all parts of A returns {search.sentence}")
    left, right = st.columns(2, gap="medium")
    with left:
        _draw_table("Products asked by", trust.by_category)
        _draw_table("Searches narrowed to", trust.filtered)
    with right:
        _draw_ladder(trust)


def _measure(chosen: Chosen, job: Job) -> Measured:
    side = chosen.side()
    trust = measure_index_recall(chosen.opened.index, side.catalog, progress=job)
    return trust, measure_search_recall(side.engine, side.catalog, side.weights, progress=job)


def _draw_table(title: str, recalls: Sequence[Recall]) -> None:
    rows = [(one.of, one.recall, f"{one.low:.1%} to {one.high:.1%}", one.n_queries) for one in recalls]
    columns = st.column_config
    st.dataframe(
        pd.DataFrame(rows, columns=["of", "recall", "within", "asked"]),
        hide_index=True,
        alt=title,
        column_config={
            "of": columns.TextColumn(title, width="medium"),
            "recall": columns.NumberColumn(
                "Recall", format="percent", help="Share of an exact search's ten best returned."
            ),
            "within": columns.TextColumn("95 % within"),
            "asked": columns.NumberColumn("Asked", help="Products asked by."),
        },
    )


def _draw_ladder(trust: IndexRecall) -> None:
    if not trust.ladder:
        st.caption("This index compares with every product, so nothing is missed.")
        return
    st.caption(
        f"Recall against time by search width, the number of vectors looked at. In use is {trust.ef:,}, chosen when "
        "the catalog was built so that at least 98 % is found; *Exact* on the Search page compares with every product."
    )
    st.plotly_chart(
        recall_figure(trust.ladder, trust.ef), key="ladder", config={"displayModeBar": False}, alt="Recall by width"
    )
