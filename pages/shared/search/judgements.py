"""Judging hits: whether a product found is a good match, kept for what was asked; and weights learned from that."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st

from pages.shared import frame, state
from pages.shared.grid import Action
from pages.shared.weights_form import use_weights
from prodsim.errors import QueryError
from prodsim.jobs import Job
from prodsim.learn import Judged, Learned, learn_weights
from prodsim.records import Judgement, Records
from prodsim.search import Query, SearchEngine
from prodsim.similarity import Weights
from prodsim.workspace import OpenCatalog

GOOD, BAD = 1.0, 0.0
AP_HELP = (
    "AP, average precision: how purely the good matches come first when the judged pairs are sorted by their score. "
    "Between 0 and 1, higher is better. Better is only said where the whole 95 % interval lies above 0."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What hits are judged for: a product by its SKU, or a text; the other is empty."""

    sku: str
    text: str


@dataclass(frozen=True, slots=True)
class Judging:
    """What was judged in a catalog, as one search sees it.

    Attributes:
        catalog: its name.
        asked: what the hits are judged for; ``None`` where a search has several wishes at once.
        grades: of the products judged for ``asked``, by SKU.
    """

    catalog: str
    asked: Asked | None
    grades: Mapping[str, float]

    def actions(self, sku: str) -> tuple[Action, Action]:
        """The two thumbs of a hit, the one that was pressed drawn as on."""
        return self._thumb(sku, GOOD), self._thumb(sku, BAD)

    def _thumb(self, sku: str, grade: float) -> Action:
        icon, told = (":material/thumb_up:", "good") if grade == GOOD else (":material/thumb_down:", "bad")
        if self.asked is None or self.asked.sku == sku:
            return Action(icon, self._why_off, lambda _: None, is_off=True)
        is_pressed = self.grades.get(sku) == grade
        told = f"Judged a {told} match; press to take it back" if is_pressed else f"Judge it a {told} match"
        return Action(icon, told, partial(_judge, self.catalog, self.asked, grade), is_pressed=is_pressed)

    @property
    def _why_off(self) -> str:
        if self.asked is None:
            return "Matches are judged for one wish: a text alone, or one product alone"
        return "This is the product asked by"


def read_judging(opened: OpenCatalog, query: Query) -> Judging:
    """What was judged for this query."""
    asked = _asked(opened, query)
    if asked is None:
        return Judging(opened.name, None, {})
    found = state.workspace().records(opened.name).judgements_of(asked.sku, query=asked.text)
    return Judging(opened.name, asked, {_judged_sku(judgement, asked): judgement.grade for judgement in found})


def offer_learning(opened: OpenCatalog, weights: Weights) -> None:
    """How many judgements there are, a button that learns weights from them, and what was learned last."""
    job = state.job_runner().find(_key(opened.name))
    n = state.workspace().records(opened.name).n_judgements()
    is_running = job is not None and job.state.is_active
    st.caption(
        f"{n:,} judgement{'' if n == 1 else 's'}",
        help="The thumbs under the cards. They stay with the catalog, also when it is built anew.",
    )
    st.button(
        "Learn from my judgements",
        on_click=_start_learning,
        args=(opened, weights),
        disabled=is_running,
        icon=":material/school:",
        width="stretch",
        wrap=True,
    )
    if job is not None and isinstance(job.state.result, QueryError):
        st.text(f"{job.state.result.what} {job.state.result.fix}")
    elif job is not None and isinstance(job.state.result, Learned):
        _show_learned(opened, job.state.result, weights)


def _show_learned(opened: OpenCatalog, learned: Learned, weights: Weights) -> None:
    left_out = f", {learned.n_left_out:,} left out" if learned.n_left_out else ""
    st.caption(f"From {learned.n:,} judgements{left_out}: {learned.verdict}.", help=AP_HELP)
    if learned.is_better:
        st.button(
            "Use these weights",
            on_click=use_weights,
            args=(opened, learned.weights),
            disabled=weights == learned.weights,
            type="primary",
            icon=":material/check:",
            width="stretch",
        )


def _start_learning(opened: OpenCatalog, weights: Weights) -> None:
    work = partial(_learn, opened.engine, state.workspace().records(opened.name), weights)
    state.job_runner().submit(_key(opened.name), f"Weights for {opened.name}", work, {"learn": 1.0})


def _learn(engine: SearchEngine, records: Records, weights: Weights, job: Job) -> Learned | QueryError:
    """What was learned, or why nothing can be: too few judgements are an answer, not a job that failed."""
    judged = [*map(Judged.of, records.judgements())]
    try:
        return learn_weights(engine, judged, weights, progress=job)
    except QueryError as error:
        return error


def _key(catalog: str) -> str:
    return f"learn {catalog}"


def _judge(catalog: str, asked: Asked, grade: float, sku: str) -> None:
    """Keep the grade, or withdraw it where it is the one kept."""
    with frame.errors_shown():
        records = state.workspace().records(catalog)
        kept = records.judgement_of(asked.sku, sku, query=asked.text)
        if kept is not None and kept.grade == grade:
            records.withdraw(asked.sku, sku, query=asked.text)
        else:
            records.judge(asked.sku, sku, grade, query=asked.text)


def _asked(opened: OpenCatalog, query: Query) -> Asked | None:
    """The one wish of a query; a text that names a product stands for that product, as in the search."""
    if query.unlike or query.is_empty:
        return None
    rows, text = opened.engine.lookup.resolve(query)
    if text:
        return None if rows else Asked("", " ".join(text.split()))
    return Asked(str(opened.catalog.products["sku"].iat[rows[0]]), "") if len(rows) == 1 else None


def _judged_sku(judgement: Judgement, asked: Asked) -> str:
    """The product that a judgement of what was asked says something of."""
    return judgement.sku_a if judgement.sku_b == asked.sku else judgement.sku_b
