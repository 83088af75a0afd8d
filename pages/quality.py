"""Quality: what is wrong in the catalog, decided one finding at a time."""

from collections.abc import Sequence

import streamlit as st

from pages.shared import frame, link, state
from pages.shared import texts as shared
from pages.shared.checks import ReviewItem, get_results, with_decisions
from pages.shared.product import show_product
from pages.shared.quality import texts
from pages.shared.quality.decided import draw_list
from pages.shared.quality.exchange import offer_exports, offer_import, show_imported
from pages.shared.quality.health import change_since_last, draw_health, draw_worst
from pages.shared.quality.queue import draw_queue
from pages.shared.quality.threshold import choose_level, draw_scores
from pages.shared.tiles import COMPARED, EVERY_KIND, KIND_LINK, Tile
from prodsim.quality import kind_title
from prodsim.records import Records, State
from prodsim.workspace import OpenCatalog

STATE_OF_SECTION: dict[str, State] = {
    "Open": "open", "Decided": "decided", "Changed since decided": "changed", "Grouped already": "grouped",
}  # fmt: skip
"""The sections by their names in the link."""
OPTIONAL = "Grouped already"
"""Offered only where it holds something."""


def show_kind(opened: OpenCatalog, records: Records, tile: Tile, items: Sequence[ReviewItem]) -> None:
    """Draw the findings of the chosen tile: those to decide, those decided, or those that need no decision."""
    own = narrow([item for item in items if item.finding.kind in tile.kinds], tile)
    by_name = {name: [item for item in own if item.state == state] for name, state in STATE_OF_SECTION.items()}
    labels = {
        name: texts.STATE_SECTIONS[name](n=len(listed))
        for name, listed in by_name.items()
        if listed or name != OPTIONAL
    }
    section = link.choose(
        st.segmented_control, shared.SHOW(), labels, "section", "Open", required=True, label_visibility="collapsed"
    )
    if STATE_OF_SECTION[section] in ("decided", "grouped"):
        draw_list(opened, records, by_name[section])
    else:
        alike = [item for item in items if item.state == STATE_OF_SECTION[section]]
        draw_queue(opened, records, by_name[section], len(by_name["Decided"]), alike)


def narrow(items: list[ReviewItem], tile: Tile) -> list[ReviewItem]:
    """Return the findings of the chosen kind, where the tile has several."""
    counts = {kind: sum(item.finding.kind == kind for item in items) for kind in tile.kinds}
    labels = {kind: shared.KIND_COUNT(kind=kind_title(kind), n=n) for kind, n in counts.items() if n}
    if len(labels) < 2:
        return items
    labels = {EVERY_KIND: shared.KIND_COUNT(kind=texts.EVERY_KIND(), n=len(items)), **labels}
    look = {"required": True, "label_visibility": "collapsed"}
    chosen = link.choose(st.pills, shared.KIND(), labels, KIND_LINK, EVERY_KIND, **look)
    return [item for item in items if chosen in (EVERY_KIND, item.finding.kind)]


frame.title(shared.QUALITY(), texts.PURPOSE())
opened = state.require_catalog()
show_product(opened)
records = state.workspace().records(opened.name)
head = st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute")
with head:
    level = choose_level()
results = get_results(opened, records, level)
if results is not None:
    items = with_decisions(results, records.decisions(), opened.catalog)
    with head, st.container(horizontal=True, width="content"):
        offer_import(records, results)
        offer_exports(opened, records, results, items)
    show_imported()
    tile = draw_health(results, items, change_since_last(records.summaries(level)))
    deciding, beside = st.columns([3, 1], gap="medium")
    with deciding:
        show_kind(opened, records, tile, items)
    with beside:
        if tile.name in COMPARED:
            draw_scores(opened, level)
        draw_worst(results, items)
