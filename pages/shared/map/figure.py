"""The map's figure and what is selected on it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from pages.shared.frame import as_written
from pages.shared.grid import draw_single
from pages.shared.language import reader_language
from pages.shared.link import a_switch, binding, choose
from pages.shared.map import texts
from prodsim.index import Rows
from prodsim.map.selection import rows_in_selection
from prodsim.output.chart_labels import label_places
from prodsim.output.charts import Colouring, colour_by_amount, colour_by_kind, drawn_rows, map_figure
from prodsim.workspace import OpenCatalog

FIGURE_KEY = "map"
HEIGHT = 640
MOST_LIT = 200
"""Matches that are drawn larger, over all others; more would hide the map."""


def draw_map(opened: OpenCatalog) -> tuple[Mapping[str, Any], Rows]:
    """Draw the toolbar, the figure and a line on it; return the selection event and the rows drawn."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        colours = {field: label() for field, label in texts.COLOURS.items()}
        colour = choose(st.segmented_control, texts.COLOUR_BY(), colours, "colour", "cluster", required=True)
        labels = st.toggle(
            texts.LABELS(), value=True, key="names", bind=binding("names", a_switch), help=texts.LABELS_HELP()
        )
        placeholder = texts.HIGHLIGHT_PLACEHOLDER()
        wanted = st.text_input(
            texts.HIGHLIGHT(), key="highlight", placeholder=placeholder, bind="query-params", width=150
        )
    dark = st.context.theme.type == "dark"
    version = opened.info.artifacts["map"]
    with st.spinner(texts.DRAWING()):
        figure, drawn = _figure(version, opened.name, colour, labels, dark, wanted or "", reader_language(), opened)
    event = st.plotly_chart(
        figure,
        key=FIGURE_KEY,
        height=HEIGHT,
        on_select="rerun",
        selection_mode=("points", "box", "lasso"),
        config={"scrollZoom": True, "displaylogo": False},
        theme=None,
        alt=texts.ALT(opened.info.products),
    )
    n = opened.info.products
    statements = [
        texts.ALL_DRAWN(n) if len(drawn) == n else texts.SOME_DRAWN(drawn=len(drawn), n=n),
        texts.MATCHES(int(_matching(opened, wanted).sum()), word=wanted) if wanted else "",
        texts.CLUSTERS(len(opened.map.labels)),
        texts.UNCLUSTERED(int((opened.map.cluster < 0).sum())),
    ]
    st.caption(as_written(" · ".join(filter(None, statements))))
    return event, drawn


def selected_rows(event: Mapping[str, Any], opened: OpenCatalog) -> Rows:
    """Return the products inside the drawn shapes, also those not drawn; or the clicked ones."""
    return rows_in_selection(opened.map.xy, event["selection"])


def draw_product(opened: OpenCatalog, row: int) -> None:
    """Draw one product as a card, with its description."""
    product = opened.catalog.products.iloc[row]
    draw_single(product, Path(opened.info.base), "map product")
    st.text(str(product["description"])[:400])


def _matching(opened: OpenCatalog, word: str) -> "pd.Series[bool]":
    return opened.catalog.products["title"].str.contains(word, case=False, regex=False)


@st.cache_resource(max_entries=12, show_spinner=False)
def _figure(
    version: str, name: str, colour: str, labels: bool, dark: bool, highlight: str, language: str, _opened: OpenCatalog
) -> tuple[Any, Rows]:
    """Draw the figure, once per language, since names in its legend are translated; return also the rows drawn."""
    data = _opened.map
    drawn = drawn_rows(data.cluster)
    colouring, lit = _colouring(_opened, colour), None
    if highlight:
        is_match = _matching(_opened, highlight).to_numpy()
        matches = np.flatnonzero(is_match)
        lit = matches if len(matches) <= MOST_LIT else None
        colouring = Colouring(np.where(is_match, 0, 1), (highlight, texts.OTHERS()))
        drawn = np.union1d(drawn, np.flatnonzero(is_match)[:20_000])
    places = label_places(data.xy, data.cluster, data.labels) if labels else []
    return map_figure(data.xy, colouring, places, drawn, dark, lit), drawn


def _colouring(opened: OpenCatalog, colour: str) -> Colouring:
    if colour == "price":
        return colour_by_amount(opened.catalog.products["price"])
    if colour == "cluster":
        return colour_by_kind(pd.Series(["" if n == "unclustered" else n for n in opened.map.cluster_names()]))
    values = opened.catalog.products[colour]
    return colour_by_kind(values.str.split(" > ").str[:2].str.join(" > ") if colour == "category" else values)
