"""The recall of the index: which share of an exact search's results it returns, and what a wider search would."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.shared import texts as shared
from pages.shared.background import answered, ask
from pages.shared.compare import texts
from pages.shared.compare.sides import ChosenSide
from prodsim.evaluation.index_recall import IndexRecall, Recall, measure_index_recall, measure_search_recall
from prodsim.jobs import Job
from prodsim.output.charts import recall_figure

RecallOfBoth = tuple[IndexRecall, Recall]
"""Of the vector index, and of a search with all parts."""


def draw_recall(chosen: ChosenSide) -> None:
    """Draw a button that measures, then recall by kind of search and by search width."""
    question = chosen.question
    st.text(texts.WHY_MEASURE(catalog=chosen.opened.name))
    st.button(
        shared.MEASURE(),
        icon=":material/speed:",
        on_click=ask,
        args=("trust", question, texts.MEASURING_RECALL(), lambda job: _measure(chosen, job)),
        key="measure",
    )
    measured: RecallOfBoth | None = answered("trust", question, 420)
    if measured is None:
        return
    of_index, of_search = measured
    st.text(texts.INDEX_RETURNS(recall=of_index.overall.sentence))
    st.text(texts.SEARCH_RETURNS(recall=of_search.sentence))
    left, right = st.columns(2, gap="medium")
    with left:
        _draw_table(texts.QUERIES_FROM(), of_index.by_category)
        _draw_table(texts.LIMITED_TO(), of_index.filtered)
    with right:
        _draw_widths(of_index)


def _measure(chosen: ChosenSide, job: Job) -> RecallOfBoth:
    side = chosen.side()
    of_index = measure_index_recall(chosen.opened.index, side.catalog, progress=job)
    return of_index, measure_search_recall(side.engine, side.catalog, side.weights, progress=job)


def _draw_table(title: str, recalls: Sequence[Recall]) -> None:
    rows = [
        (each.of, 100 * each.recall, texts.INTERVAL_VALUE(low=100 * each.low, high=100 * each.high), each.n_queries)
        for each in recalls
    ]
    columns = st.column_config
    st.dataframe(
        pd.DataFrame(rows, columns=["of", "recall", "interval", "queries"]),
        hide_index=True,
        alt=title,
        column_config={
            "of": columns.TextColumn(title, width="medium"),
            "recall": columns.NumberColumn(texts.RECALL(), format="%.1f %%", help=texts.RECALL_HELP()),
            "interval": columns.TextColumn(shared.INTERVAL()),
            "queries": columns.NumberColumn(texts.QUERIES(), help=texts.QUERIES_HELP()),
        },
    )


def _draw_widths(recall: IndexRecall) -> None:
    if not recall.ladder:
        st.caption(texts.ALL_COMPARED())
        return
    st.caption(texts.RECALL_BY_WIDTH(ef=recall.ef))
    figure = recall_figure(recall.ladder, recall.ef)
    st.plotly_chart(figure, key="ladder", config={"displayModeBar": False}, alt=texts.RECALL_ALT())
