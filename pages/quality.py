"""Quality: what is wrong in the catalog, decided one finding at a time."""

from collections.abc import Sequence

import streamlit as st

from pages.shared import frame, state
from pages.shared.checking import (
    Tile,
    ask_level,
    category_shares,
    change_since_last,
    draw_tiles,
    found_in,
    offer_decisions,
)
from pages.shared.deciding import Found, draw_decided, draw_queue
from prodsim.charts import shares_figure
from prodsim.records import Records
from prodsim.workspace import OpenCatalog

OPEN, DECIDED, CHANGED = "Open", "Decided", "Changed since decided"


def show_kind(opened: OpenCatalog, records: Records, tile: Tile, found: Sequence[Found]) -> None:
    """The findings of the chosen tile: those to decide, and those decided."""
    own = narrowed(tile, [one for one in found if one.finding.kind in tile.kinds])
    by_state = {state: [one for one in own if one.state == state] for state in ("open", "decided", "changed")}
    labels = dict(zip((OPEN, DECIDED, CHANGED), by_state.values(), strict=True))
    section = st.segmented_control(
        "Show", tuple(labels), key="section", bind="query-params", default=OPEN, required=True,
        format_func=lambda name: f"{name} {len(labels[name]):,}", label_visibility="collapsed",
    )  # fmt: skip
    if section == DECIDED:
        draw_decided(opened, records, by_state["decided"])
    else:
        draw_queue(opened, records, labels[section], len(by_state["decided"]))


def narrowed(tile: Tile, own: list[Found]) -> list[Found]:
    """The findings of one kind, where a tile has several."""
    counts = {kind: sum(one.finding.kind == kind for one in own) for kind in tile.kinds}
    there = [kind for kind in tile.kinds if counts[kind]]
    if len(there) < 2:
        return own
    chosen = st.pills(
        "Kind", there, key=f"kind {tile.name}", format_func=lambda kind: f"{kind} {counts[kind]:,}",
        label_visibility="collapsed",
    )  # fmt: skip
    return [one for one in own if chosen in (None, one.finding.kind)]


def show_worst(opened: OpenCatalog, found: Sequence[Found]) -> None:
    """The categories with most trouble."""
    shares = category_shares(opened.catalog.products, found)
    if shares:
        figure = shares_figure(shares, "Worst categories")
        st.plotly_chart(figure, key="worst", config={"displayModeBar": False}, alt="Worst categories")
        st.caption("Share of a category's products that something was found of; what is no problem is left out.")


frame.title(
    "Quality", "What is wrong in the catalog: decide one finding after the other; what is decided stays decided."
)
opened = state.require_catalog()
records = state.workspace().records(opened.name)
with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
    level = ask_level()
    offer_decisions(records, opened.name)
found = found_in(opened, records, level)
if found is not None:
    tile = draw_tiles(opened, found, change_since_last(records.summaries(level)))
    deciding, beside = st.columns([3, 1], gap="medium")
    with deciding:
        show_kind(opened, records, tile, found)
    with beside:
        show_worst(opened, found)
