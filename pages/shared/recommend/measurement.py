"""How well recommendations predict what shoppers took next, beside popularity and implicit's models."""

from typing import get_args

import pandas as pd
import streamlit as st

from pages.shared import texts as shared
from pages.shared.background import answered, ask
from pages.shared.histories import shoppers_of
from pages.shared.recommend import texts
from prodsim.evaluation import Estimate
from prodsim.output.charts import intervals_figure
from prodsim.phrases import joined
from prodsim.recommend import SOURCES, Histories, Measurement, Split
from prodsim.workspace import OpenCatalog

LEAST_WEIGHT = 0.005
"""Sources that count less are not listed."""


def draw_measurement(opened: OpenCatalog, histories: Histories | None) -> None:
    """Draw the choice of what to hold out, the lead over the best other method, and all measures."""
    if histories is None:
        st.info(texts.MEASURE_NEEDS_HISTORIES(), icon=":material/history:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        split: Split = st.selectbox(
            texts.HOLD_OUT(), get_args(Split), format_func=lambda each: texts.SPLITS[each](), key="split"
        )
        question = (opened.name, opened.info.built, shoppers_of(opened).version, split)
        work = lambda job: shoppers_of(opened).measure(opened, histories, split, job)  # noqa: E731 - runs as a job
        st.button(
            shared.MEASURE(),
            icon=":material/speed:",
            on_click=ask,
            args=("measured", question, texts.MEASURING(), work),
            key="measure lists",
        )
    measurement: Measurement | None = answered("measured", question, 420)
    if measurement is None:
        return
    st.text(_lead(measurement))
    st.plotly_chart(
        intervals_figure([(method.name, method.metrics["ndcg@10"]) for method in measurement.methods], "nDCG@10"),
        key="ways",
        config={"displayModeBar": False},
        alt=texts.METHODS_CHART(),
    )
    st.dataframe(_table(measurement), hide_index=True, alt=texts.METHODS_TABLE())
    weights = {name: weight for name, weight in measurement.weights.items() if weight >= LEAST_WEIGHT}
    listed = joined(texts.WEIGHT(source=SOURCES[name](), weight=weight) for name, weight in weights.items())
    st.caption(texts.LEARNED_WEIGHTS(weights=listed))


def _lead(measurement: Measurement) -> str:
    """Return prodsim's lead over the best other method, and what its interval means, as a sentence."""
    gain = measurement.gains["ndcg@10"]
    return texts.LEAD(
        shoppers=measurement.shoppers,
        mean=gain.mean,
        low=gain.low,
        high=gain.high,
        verdict=_verdict(gain),
        cold=measurement.cold_wanted,
    )


def _verdict(gain: Estimate) -> str:
    if gain.low > 0:
        return texts.BETTER()
    return texts.WORSE() if gain.high < 0 else texts.NO_DIFFERENCE()


def _table(measurement: Measurement) -> pd.DataFrame:
    rows = []
    for method in measurement.methods:
        recall = method.metrics["recall@10"]
        rows.append(
            {
                texts.METHOD(): method.name,
                **{texts.METRICS[name](): round(value.mean, 3) for name, value in method.metrics.items()},
                texts.RECALL_INTERVAL(): texts.RANGE(low=recall.low, high=recall.high),
                texts.COVERAGE(): texts.SHARE(share=method.coverage),
                texts.NEW_PRODUCTS(): texts.SHARE(share=method.cold),
            }
        )
    return pd.DataFrame(rows)
