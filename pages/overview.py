"""Overview: what the catalog holds, how it stands, what is worth doing next, and what the last upload changed."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.shared import frame, state
from pages.shared import texts as shared
from pages.shared.changes import show_changes
from pages.shared.checks import DEFAULT_LEVEL, get_results, with_decisions
from pages.shared.overview import texts
from pages.shared.overview.contents import describe_contents, draw_missing, draw_numbers, draw_spread
from pages.shared.overview.standing import draw_health, draw_opportunities, draw_worst
from pages.shared.reports import offer_reports
from prodsim.output.health import waiting
from prodsim.output.standing import Standing
from prodsim.records import Records
from prodsim.workspace import OpenCatalog


def draw_changes(opened: OpenCatalog) -> None:
    """Draw what the last upload changed."""
    st.subheader(texts.CHANGES(), anchor=False)
    changes = opened.changes
    if changes is None:
        st.caption(texts.FIRST_UPLOAD())
    elif changes.is_empty:
        st.caption(texts.NOTHING_CHANGED())
    else:
        show_changes(changes)


def get_standing(opened: OpenCatalog, records: Records, head: DeltaGenerator) -> Standing | None:
    """Return how the catalog stands, and offer its report in ``head``; None after a way to run the checks was drawn."""
    results = get_results(opened, records, DEFAULT_LEVEL)
    if results is None:
        return None
    items = with_decisions(results, records.decisions(), opened.catalog)
    with head, st.popover(shared.EXPORT(), icon=":material/download:"):
        offer_reports(opened, records, results, items)
    which = waiting([item.state for item in items])
    return Standing.of(results.health, which, records.summaries(DEFAULT_LEVEL))


frame.title(shared.OVERVIEW(), texts.PURPOSE())
opened = state.require_catalog()
summary = state.summary_of(opened)
draw_numbers(opened.info.products, summary)
head = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
head.caption(frame.as_written(describe_contents(opened.info, summary)))
standing = get_standing(opened, state.workspace().records(opened.name), head)
if standing is not None:
    draw_health(standing)
    draw_opportunities(opened, standing)
left, right = st.columns(2, gap="medium")
if standing is not None:
    with left:
        draw_worst(standing)
with left if standing is None else right:
    draw_missing(summary, opened.info.products)
draw_changes(opened)
draw_spread(summary)
