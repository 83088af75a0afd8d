"""The categories of the two catalogs, or of one and a taxonomy: proposals with certainty and examples, decided here."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.shared import link, state
from pages.shared import texts as shared
from pages.shared.background import PATIENCE_S, answered, ask
from pages.shared.download import Download, draw_downloads
from pages.shared.frame import as_written, errors_shown
from pages.shared.match import texts
from pages.shared.permission import permitted
from prodsim.jobs import Job
from prodsim.output.export import to_csv
from prodsim.records import CategoryDecision
from prodsim.workspace import OpenCatalog
from prodsim.workspace.category_alignment import (
    TAXONOMY,
    AlignedCategory,
    align_catalogs,
    align_with_taxonomy,
    aligned_table,
    with_decisions,
)
from prodsim.workspace.knowledge import knowledge_files

PLACE = "categories"
SIDE = "beside"
"""Name in the link of what the categories are aligned with."""
NONE = ""
"""The choice of no category."""


def draw_categories(a: OpenCatalog, b: OpenCatalog) -> None:
    """Draw the categories of A beside those of B or of a taxonomy, and what can be decided about the selected one."""
    other = _choose_side(b)
    if not (a.catalog.products["category"] != "").any():
        st.info(texts.NO_CATEGORIES(catalog=a.name), icon=":material/category:")
        return
    question = (other, *((one.name, one.info.built) for one in (a, b)), *_files())
    ask(PLACE, question, texts.ALIGNING(), lambda job: _align(a, b, other, job))
    proposed: list[AlignedCategory] | None = answered(PLACE, question, 420, PATIENCE_S)
    if proposed is None:
        return
    aligned = _in_order(with_decisions(proposed, state.workspace().records(a.name).category_decisions(other)))
    n_open = sum(one.state == "open" for one in aligned)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(texts.N_ALIGNED(len(aligned), open=n_open, without=sum(not one.other for one in aligned)))
        st.space("stretch")
        name = f"{texts.CATEGORIES_FILE(a=a.name, b=_plain(other))}.csv"
        draw_downloads(
            "categories",
            [Download(texts.CATEGORIES_CSV(), lambda: to_csv(aligned_table(aligned)), name, "text/csv")],
            "content",
        )
    chosen = _draw_table(aligned, a.name, _plain(other))
    if chosen is None:
        st.caption(texts.SELECT_A_CATEGORY())
        return
    _draw_pair(a, other, chosen, sorted({one.proposal.other for one in aligned} | _paths(b, other)))


def _choose_side(b: OpenCatalog) -> str:
    """Draw what the categories are aligned with, where a taxonomy was added; return it as decisions name it."""
    taxonomies = [file.name for file in knowledge_files(state.workspace().layout) if file.holds == "taxonomy"]
    options = {b.name: b.name} | {f"{TAXONOMY}{name}": name for name in taxonomies}
    if len(options) == 1:
        return b.name
    return link.choose(st.segmented_control, texts.BESIDE(), options, SIDE, b.name, required=True)


def _files() -> list[str]:
    return [file.name for file in knowledge_files(state.workspace().layout)]


def _align(a: OpenCatalog, b: OpenCatalog, other: str, job: Job) -> list[AlignedCategory]:
    job.step("align")
    if other == b.name:
        return align_catalogs(state.workspace(), a, b)
    return align_with_taxonomy(state.workspace(), a, _plain(other))


def _plain(other: str) -> str:
    return other.removeprefix(TAXONOMY)


def _in_order(aligned: Sequence[AlignedCategory]) -> list[AlignedCategory]:
    """Return those that wait first, the surest first."""
    return sorted(aligned, key=lambda one: (one.state != "open", -one.proposal.certainty))


def _draw_table(aligned: Sequence[AlignedCategory], a: str, b: str) -> AlignedCategory | None:
    """Draw all categories; return the selected one."""
    rows = [(one.proposal.path, one.other, one.proposal.certainty, texts.STATES[one.state]()) for one in aligned]
    columns = st.column_config
    event = st.dataframe(
        pd.DataFrame(rows, columns=["own", "other", "certainty", "state"]),
        hide_index=True,
        height=360,
        on_select="rerun",
        selection_mode="single-row",
        key="aligned categories",
        alt=texts.CATEGORIES_ALT(),
        column_config={
            "own": columns.TextColumn(a, width="medium"),
            "other": columns.TextColumn(b, width="medium"),
            "certainty": columns.ProgressColumn(
                texts.CERTAINTY_COLUMN(),
                format="percent",
                min_value=0,
                max_value=1,
                help=texts.CATEGORY_CERTAINTY_HELP(),
            ),
            "state": texts.DECISION(),
        },
    )
    rows_chosen = event["selection"]["rows"]
    return aligned[rows_chosen[0]] if rows_chosen and rows_chosen[0] < len(aligned) else None


def _draw_pair(a: OpenCatalog, other: str, one: AlignedCategory, paths: Sequence[str]) -> None:
    """Draw a category beside its counterpart, each with products, and the decision."""
    path = one.proposal.path
    with st.container(border=True, gap="small"):
        own, theirs = st.columns(2, gap="medium")
        _draw_side(own, path, one.proposal.examples)
        with theirs:
            options = [NONE, *paths]
            taken = st.selectbox(
                texts.COUNTERPART(catalog=_plain(other)),
                options,
                options.index(one.other) if one.other in options else 0,
                format_func=lambda each: each or texts.NO_COUNTERPART(),
                key=f"counterpart {other} {path}",
            )
        if taken == one.proposal.other:
            _draw_side(theirs, "", one.proposal.other_examples)
        if one.proposal.rival:
            theirs.caption(texts.RIVAL(path=as_written(one.proposal.rival)))
        with st.container(horizontal=True):
            st.button(
                texts.DECIDE_CATEGORY(), type="primary", icon=":material/check:", key=f"decide {path}",
                on_click=_decide, args=(a.name, other, path, taken), **permitted("decide"),
            )  # fmt: skip
            st.button(
                texts.NO_COUNTERPART(), icon=":material/block:", key=f"none {path}",
                on_click=_decide, args=(a.name, other, path, NONE), **permitted("decide"),
            )  # fmt: skip
            st.button(
                shared.UNDO(), icon=":material/undo:", type="tertiary", key=f"undo {path}",
                **permitted("decide", is_off=one.decision is None),
                on_click=_reopen, args=(a.name, other, path),
            )  # fmt: skip


def _draw_side(place: "st.delta_generator.DeltaGenerator", path: str, examples: Sequence[str]) -> None:
    if path:
        place.markdown(f"**{as_written(path)}**")
    for title in examples:
        place.text(title)


def _paths(b: OpenCatalog, other: str) -> set[str]:
    """Return the categories of the other catalog; of a taxonomy only the proposed ones are offered."""
    return set(b.catalog.products["category"].unique()) - {""} if other == b.name else set()


def _decide(name: str, other: str, path: str, counterpart: str) -> None:
    with errors_shown():
        state.workspace().records(name).decide_category(CategoryDecision(other, path, counterpart))


def _reopen(name: str, other: str, path: str) -> None:
    with errors_shown():
        state.workspace().records(name).reopen_category(other, path)
