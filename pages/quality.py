"""Quality: what is wrong in the catalog, decided one finding at a time."""

from collections.abc import Sequence

import streamlit as st

from pages.shared import frame, state
from pages.shared.quality.checks import ask_level, checked, draw_scores, with_decisions
from pages.shared.quality.exchange import offer_exports, offer_import, tell_taken
from pages.shared.quality.finding_card import Found
from pages.shared.quality.health import Tile, change_since_last, draw_health, draw_worst
from pages.shared.quality.queue import COMPARED, draw_list, draw_queue
from prodsim.records import Records, State
from prodsim.workspace import OpenCatalog

SECTIONS: dict[str, State] = {
    "Open": "open", "Decided": "decided", "Changed since decided": "changed", "Grouped already": "grouped",
}  # fmt: skip
OPTIONAL = "Grouped already"  # there only where it holds something


def show_kind(opened: OpenCatalog, records: Records, tile: Tile, found: Sequence[Found]) -> None:
    """The findings of the chosen tile: those to decide, those decided, and those that need no decision."""
    own = narrowed(tile, [one for one in found if one.finding.kind in tile.kinds])
    by_name = {name: [one for one in own if one.state == state] for name, state in SECTIONS.items()}
    names = [name for name in SECTIONS if by_name[name] or name != OPTIONAL]
    section = st.segmented_control(
        "Show", names, key="section", bind="query-params", default="Open", required=True,
        format_func=lambda name: f"{name} {len(by_name[name]):,}", label_visibility="collapsed",
    )  # fmt: skip
    if SECTIONS[section] in ("decided", "grouped"):
        draw_list(opened, records, by_name[section])
    else:
        draw_queue(opened, records, by_name[section], len(by_name["Decided"]))


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
    found = with_decisions(report, records.decisions(), opened.catalog)
    with head, st.container(horizontal=True, width="content"):
        offer_import(records, report)
        offer_exports(opened, records, report, found)
    tell_taken()
    tile = draw_health(report, found, change_since_last(records.summaries(level)))
    deciding, beside = st.columns([3, 1], gap="medium")
    with deciding:
        show_kind(opened, records, tile, found)
    with beside:
        if tile.name in COMPARED:
            draw_scores(opened, level)
        draw_worst(report, found)
