"""One person's slow question: answered by a job, with a bar while it runs; the answer is kept for that question."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar, cast
from uuid import uuid4
from weakref import finalize

import streamlit as st

from pages.shared import state, texts
from pages.shared.frame import show_error, step_name, unit_name
from pages.shared.language import in_language, reader_words
from prodsim.errors import Cancelled, ProdsimError
from prodsim.jobs import Job
from prodsim.phrases import retold
from prodsim.quality import CHECKS
from prodsim.workspace.matches import MATCH_SHARES

Answer = TypeVar("Answer")
PATIENCE_S = 0.3
"""What is answered within it comes without a bar that flickers."""

LEARNING = {"shoppers alike": 0.4, "products in common": 0.1, "weights": 0.5}
SHARES = {
    "search": 1.0,
    "recall": 1.0,
    "learn": 1.0,
    "measure": 0.5,
    **LEARNING,
    **MATCH_SHARES,
    **{check.name: 1 / len(CHECKS) for check in CHECKS},
}
"""Of the time of a question that each of its steps takes."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class _Request(Generic[Answer]):
    """A question and its job. The answer is kept here, not in the job, so that it goes when the question changes."""

    question: Hashable
    job: Job
    answers: list[Answer | ProdsimError]


def answer(place: str, question: Hashable, title: str, work: Callable[[Job], Answer], height: int) -> Answer | None:
    """Return what the work returns for the question; until it is there, draw a bar over a skeleton of that height.

    Args:
        place: where on a page the answer stands; another question for the same place stops the work.
        question: all that the answer depends on.
        title: one line for the person.
        work: as ``JobRunner.submit``; an error that the person can act on is shown in its place.
        height: of what will be drawn, in pixels.
    """
    ask(place, question, title, work)
    return answered(place, question, height, PATIENCE_S)


def ask(
    place: str, question: Hashable, title: str, work: Callable[[Job], Answer], *, is_for_everybody: bool = False
) -> None:
    """Start the work, unless that very question was the last one of the place; see ``ask_anew``."""
    if not is_current(place, question):
        ask_anew(place, question, title, work, is_for_everybody=is_for_everybody)


def ask_anew(
    place: str, question: Hashable, title: str, work: Callable[[Job], Answer], *, is_for_everybody: bool = False
) -> None:
    """Start the work also for the same question: what it depends on may have changed elsewhere.

    Once the person has left it is cancelled, unless it ``is_for_everybody``: what it makes is saved with the catalog.
    """
    before = st.session_state.get(_key(place))
    if before is not None:
        before.job.cancel()
    answers: list[Answer | ProdsimError] = []
    language = reader_words()

    def run(job: Job) -> None:
        try:
            with in_language(language):
                answers.append(work(job))
        except Cancelled:
            raise
        except ProdsimError as error:  # shown in its place alone, not in everybody's sidebar, as a failed job is
            answers.append(error)

    job = state.job_runner().submit(f"{place} {uuid4()}", title, run, SHARES, is_kept=False, is_interactive=True)
    request = _Request(question, job, answers)
    if not is_for_everybody:  # else it would keep others waiting, and its catalog in memory
        finalize(request, job.abandon)  # only the session holds the request
    st.session_state[_key(place)] = request


def answered(place: str, question: Hashable, height: int, patience_s: float = 0.0) -> Answer | None:
    """Return the answer to the last question of a place; else draw its progress, or why there is no answer."""
    request = cast("_Request[Answer] | None", st.session_state.get(_key(place)))
    if request is None or request.question != question:
        return None
    if request.job.wait(patience_s).is_active:
        _watch(place, request.job)
        st.skeleton(height=height)
        return None
    if (problem := request.job.state.error) is not None and request.job.state.status == "failed":
        show_error(problem)
        return None
    if not request.answers:
        st.info(texts.STOPPED(), icon=":material/stop_circle:")
        st.button(texts.START_AGAIN(), key=f"again {place}", on_click=st.session_state.pop, args=(_key(place), None))
        return None
    if isinstance(request.answers[0], ProdsimError):
        show_error(request.answers[0])
        return None
    return request.answers[0]


def is_current(place: str, question: Hashable) -> bool:
    """Return whether that very question was the last one of the place."""
    request = st.session_state.get(_key(place))
    return request is not None and request.question == question


@st.fragment(run_every=0.5)
def _watch(place: str, job: Job) -> None:
    """Draw the running job's bar; when the job ends, draw the page again."""
    now = job.state
    if not now.is_active:
        st.rerun(scope="app")
    line = texts.STEP_PROGRESS if now.total else texts.STEP_OF
    progress = line(
        title=retold(now.title),
        step=retold(now.waits_for) or step_name(now.step),
        done=now.done,
        total=now.total,
        unit=unit_name(now.unit),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.progress(now.fraction, text=progress, width="stretch")
        st.button(texts.STOP(), key=f"stop {place}", on_click=job.cancel, icon=":material/stop_circle:")


def _key(place: str) -> str:
    return f"asked {place}"
