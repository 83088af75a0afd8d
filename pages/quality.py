"""Quality: what is wrong in the catalog, decided one finding at a time."""

from collections.abc import Sequence

import streamlit as st

from pages.shared import frame, state
from pages.shared.checking import (
    Tile,
    ask_level,
    change_since_last,
    checked,
    draw_scores,
    draw_tiles,
    draw_worst,
    offer_exports,
    with_decisions,
)
from pages.shared.deciding import COMPARED, Found, draw_decided, draw_queue
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


frame.title(
    "Quality", "What is wrong in the catalog: decide one finding after the other; what is decided stays decided."
)
opened = state.require_catalog()
records = state.workspace().records(opened.name)
head = st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute")
with head:
    level = ask_level()
report = checked(opened, records, level)
if report is not None:
    found = with_decisions(report.findings, records.decisions(), opened)
    with head:
        offer_exports(opened, records, report, found)
    tile = draw_tiles(opened, found, change_since_last(records.summaries(level)))
    deciding, beside = st.columns([3, 1], gap="medium")
    with deciding:
        show_kind(opened, records, tile, found)
    with beside:
        if tile.name in COMPARED:
            draw_scores(opened, level)
        draw_worst(opened, found)
