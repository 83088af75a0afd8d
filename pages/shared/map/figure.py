"""The map's figure and what is selected on it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from pages.shared.cards import draw_card
from prodsim.index import Rows
from prodsim.map.selection import rows_in_selection
from prodsim.output.charts import Colouring, colour_by_amount, colour_by_kind, drawn_rows, label_places, map_figure
from prodsim.workspace import OpenCatalog

KEY = "map"
HEIGHT = 640
COLOURS = ("cluster", "category", "brand", "price")


def draw_map(opened: OpenCatalog) -> tuple[Mapping[str, Any], Rows]:
    """The toolbar, the figure and a sentence on what is drawn; returns the selection event and the rows drawn."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        colour = st.segmented_control(
            "Colour by", COLOURS, default="cluster", key="colour", bind="query-params", required=True
        )
        labels = st.toggle(
            "Names", value=True, key="names", bind="query-params", help="Words that set each cluster apart."
        )
        wanted = st.text_input(
            "Highlight", key="highlight", placeholder="word in the title", bind="query-params", width=150
        )
    dark = st.context.theme.type == "dark"
    version = opened.info.artifacts["map"]
    figure, drawn = _figure(version, opened.name, colour, labels, dark, wanted or "", opened)
    event = st.plotly_chart(
        figure,
        key=KEY,
        height=HEIGHT,
        on_select="rerun",
        selection_mode=("points", "box", "lasso"),
        config={"scrollZoom": True, "displaylogo": False},
        theme=None,
        alt=f"Map of {opened.info.products:,} products",
    )
    n = opened.info.products
    all_drawn = f"All {n:,} products are drawn"
    told = (
        all_drawn
        if len(drawn) == n
        else f"{len(drawn):,} of {n:,} are drawn, spread over the clusters, on a density of all; a selection counts all"
    )
    matches = f" · {_matching(opened, wanted).sum():,} match “{wanted}”" if wanted else ""
    n_alone = int((opened.map.cluster < 0).sum())
    st.text(f"{told}{matches} · {len(opened.map.labels):,} clusters, {n_alone:,} products in none")
    return event, drawn


def selected_rows(event: Mapping[str, Any], opened: OpenCatalog) -> Rows:
    """Products inside the drawn shapes, also those not drawn; or the clicked ones."""
    return rows_in_selection(opened.map.xy, event["selection"])


def hovered_products(opened: OpenCatalog, rows: Rows) -> None:
    """One product as a card, with its nearest neighbours' titles."""
    product = opened.catalog.products.iloc[int(rows[0])]
    draw_card(product, Path(opened.info.base))
    st.text(str(product["description"])[:400])


def _matching(opened: OpenCatalog, word: str) -> "pd.Series[bool]":
    return opened.catalog.products["title"].str.contains(word, case=False, regex=False)


@st.cache_resource(max_entries=12, show_spinner="Drawing the map")
def _figure(
    version: str, name: str, colour: str, labels: bool, dark: bool, highlight: str, _opened: OpenCatalog
) -> tuple[Any, Rows]:
    data = _opened.map
    drawn = drawn_rows(data.cluster)
    colouring = _colouring(_opened, colour)
    if highlight:
        hit = _matching(_opened, highlight).to_numpy()
        colouring = Colouring(np.where(hit, 0, 1), (highlight, "other"))
        drawn = np.union1d(drawn, np.flatnonzero(hit)[:20_000])
    places = label_places(data.xy, data.cluster, data.labels) if labels else []
    return map_figure(data.xy, colouring, places, drawn, dark), drawn


def _colouring(opened: OpenCatalog, colour: str) -> Colouring:
    if colour == "price":
        return colour_by_amount(opened.catalog.products["price"])
    if colour == "cluster":
        return colour_by_kind(pd.Series(["" if n == "unclustered" else n for n in opened.map.cluster_names()]))
    values = opened.catalog.products[colour]
    return colour_by_kind(values.str.split(" > ").str[:2].str.join(" > ") if colour == "category" else values)
