"""Judging hits: whether a product is a good match for the query; and learning weights from judgements."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st

from pages.shared import frame, state
from pages.shared import texts as shared_texts
from pages.shared.grid import Action
from pages.shared.search import texts
from pages.shared.weights_form import use_weights
from prodsim.errors import QueryError
from prodsim.jobs import Job
from prodsim.learn import Learned
from prodsim.phrases import retold
from prodsim.records import Judgement, Records
from prodsim.roles import why_not
from prodsim.search import Query, SearchEngine
from prodsim.similarity import Weights
from prodsim.workspace import OpenCatalog
from prodsim.workspace.learning import learn_from_judgements

GOOD, BAD = 1.0, 0.0


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """What hits are judged for: a product by its SKU, or a text; the other is empty."""

    sku: str
    text: str


@dataclass(frozen=True, slots=True)
class Judging:
    """The judgements of a catalog that concern one search.

    Attributes:
        catalog: its name.
        judged: what the hits are judged for; ``None`` where a query consists of several.
        grades: of the products judged for it, by SKU.
        why: the person's role does not let them judge; ``None`` where it does.
    """

    catalog: str
    judged: JudgedQuery | None
    grades: Mapping[str, float]
    why: str | None = None

    def actions(self, sku: str) -> tuple[Action, Action]:
        """Return the two thumbs of a hit, the pressed one drawn as on."""
        return self._thumb(sku, GOOD), self._thumb(sku, BAD)

    def _thumb(self, sku: str, grade: float) -> Action:
        is_good = grade == GOOD
        icon = ":material/thumb_up:" if is_good else ":material/thumb_down:"
        if self.judged is None or self.judged.sku == sku:
            reason = texts.ONE_QUERY_ONLY if self.judged is None else texts.IS_QUERY
            return Action(icon, reason(), lambda _: None, why_off=reason())
        is_pressed = self.grades.get(sku) == grade
        good, bad = (
            (texts.UNDO_GOOD, texts.UNDO_BAD) if is_pressed else (shared_texts.GOOD_MATCH, shared_texts.BAD_MATCH)
        )
        label = good() if is_good else bad()
        judge = partial(_judge, self.catalog, self.judged, grade)
        return Action(icon, label, judge, is_pressed=is_pressed, why_off=self.why)


def read_judging(opened: OpenCatalog, query: Query) -> Judging:
    """Read what was judged for this query."""
    judged = _judged_query(opened, query)
    if judged is None:
        return Judging(opened.name, None, {})
    judgements = state.workspace().records(opened.name).judgements_of(judged.sku, query=judged.text)
    grades = {_judged_sku(judgement, judged): judgement.grade for judgement in judgements}
    return Judging(opened.name, judged, grades, why_not("judge"))


def offer_learning(opened: OpenCatalog, weights: Weights) -> None:
    """Draw how many judgements there are, a button that learns weights from them, and what was learned last."""
    job = state.job_runner().find(_key(opened.name))
    n = state.workspace().records(opened.name).n_judgements()
    is_running = job is not None and job.state.is_active
    st.caption(shared_texts.N_JUDGEMENTS(n), help=texts.JUDGEMENTS_HELP())
    st.button(
        shared_texts.LEARN_FROM_JUDGEMENTS(),
        on_click=_start_learning,
        args=(opened, weights),
        disabled=is_running,
        icon=":material/school:",
        width="stretch",
        wrap=True,
    )
    if job is not None and isinstance(job.state.result, QueryError):
        st.text(f"{retold(job.state.result.what)} {retold(job.state.result.fix)}")
    elif job is not None and isinstance(job.state.result, Learned):
        _show_learned(opened, job.state.result, weights)


def _show_learned(opened: OpenCatalog, learned: Learned, weights: Weights) -> None:
    summary = shared_texts.LEARNED_FROM_SOME if learned.n_left_out else shared_texts.LEARNED
    line = summary(learned.n, left_out=learned.n_left_out, verdict=learned.verdict)
    st.caption(line, help=texts.PRECISION_HELP())
    if learned.is_better:
        st.button(
            texts.USE_WEIGHTS(),
            on_click=use_weights,
            args=(opened, learned.weights),
            disabled=weights == learned.weights,
            type="primary",
            icon=":material/check:",
            width="stretch",
        )


def _start_learning(opened: OpenCatalog, weights: Weights) -> None:
    work = partial(_learn, opened.engine, state.workspace().records(opened.name), weights)
    state.job_runner().submit(_key(opened.name), texts.LEARNING(catalog=opened.name), work, {"learn": 1.0})


def _learn(engine: SearchEngine, records: Records, weights: Weights, job: Job) -> Learned | QueryError:
    """Learn weights, or return why that is impossible: too few judgements are an answer, not a job that failed."""
    try:
        return learn_from_judgements(engine, records, weights, job)
    except QueryError as error:
        return error


def _key(catalog: str) -> str:
    return f"learn {catalog}"


def _judge(catalog: str, judged: JudgedQuery, grade: float, sku: str) -> None:
    """Save the grade, or withdraw it where it is the saved one."""
    with frame.errors_shown():
        records = state.workspace().records(catalog)
        saved = records.judgement_of(judged.sku, sku, query=judged.text)
        if saved is not None and saved.grade == grade:
            records.withdraw(judged.sku, sku, query=judged.text)
        else:
            records.judge(judged.sku, sku, grade, query=judged.text)


def _judged_query(opened: OpenCatalog, query: Query) -> JudgedQuery | None:
    """Return what a query alone consists of; a text that names a product stands for that product, as in the search."""
    if query.unlike or query.picture or query.is_empty:
        return None
    rows, text = opened.engine.lookup.resolve(query)
    if text:
        return None if rows else JudgedQuery("", " ".join(text.split()))
    return JudgedQuery(str(opened.catalog.products["sku"].iat[rows[0]]), "") if len(rows) == 1 else None


def _judged_sku(judgement: Judgement, judged: JudgedQuery) -> str:
    """Return the product that a judgement is about."""
    return judgement.sku_a if judgement.sku_b == judged.sku else judgement.sku_b
