"""One person's slow question: asked as a job, shown while it runs, its answer kept while the question stays."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar, cast
from uuid import uuid4

import streamlit as st

from pages.shared import state
from pages.shared.frame import STEP_NAMES, show_error
from prodsim.errors import Cancelled, ProdsimError
from prodsim.jobs import Job
from prodsim.quality import CHECKS

T = TypeVar("T")
PATIENCE_S = 0.3
"""What is answered within it comes without a bar that flickers."""

LEARNING = {"shoppers alike": 0.4, "products in common": 0.1, "weights": 0.5}
SHARES = {
    "search": 1.0,
    "recall": 1.0,
    "learn": 1.0,
    "measure": 0.5,
    **LEARNING,
    **{check.name: 1 / len(CHECKS) for check in CHECKS},
}
"""Of the time of a question that each of its steps takes."""


@dataclass(slots=True)
class _Asked(Generic[T]):
    """A question and its job. The answer is kept here, not in the job, so that it goes when the question changes."""

    question: Hashable
    job: Job | None = None
    answers: list[T | ProdsimError] = field(default_factory=list)


def answer(place: str, question: Hashable, title: str, work: Callable[[Job], T], height: int) -> T | None:
    """What the work returns for the question, once it is there; until then its bar over a skeleton of that height.

    Args:
        place: where on a page it is asked; one question is asked there at a time, another one stops it.
        question: all that the answer depends on.
        title: one line for the person.
        work: as ``JobRunner.submit``; an error that the person can act on is shown in its place.
        height: of what will be drawn, in pixels.
    """
    ask(place, question, title, work)
    return answered(place, question, height, PATIENCE_S)


def ask(place: str, question: Hashable, title: str, work: Callable[[Job], T]) -> None:
    """Start the work, unless that very question was asked there last."""
    if not is_asked(place, question):
        ask_anew(place, question, title, work)


def ask_anew(place: str, question: Hashable, title: str, work: Callable[[Job], T]) -> None:
    """Start the work also where that very question was asked last: what it depends on may have changed elsewhere."""
    before = st.session_state.get(_key(place))
    if before is not None:
        before.job.cancel()
    asked: _Asked[T] = _Asked(question)

    def run(job: Job) -> None:
        try:
            asked.answers.append(work(job))
        except Cancelled:
            raise
        except ProdsimError as error:  # told where it was asked, and not to everybody, as a failed job is
            asked.answers.append(error)

    asked.job = state.job_runner().submit(f"{place} {uuid4()}", title, run, SHARES)
    st.session_state[_key(place)] = asked


def answered(place: str, question: Hashable, height: int, patience_s: float = 0.0) -> T | None:
    """The answer, if that question was asked there last and answered; else what there is to see meanwhile."""
    asked = cast("_Asked[T] | None", st.session_state.get(_key(place)))
    if asked is None or asked.job is None or asked.question != question:
        return None
    if asked.job.wait(patience_s).is_active:
        _watch(place, asked.job)
        st.skeleton(height=height)
        return None
    if not asked.answers:
        st.info("This was stopped.", icon=":material/stop_circle:")
        st.button("Start again", key=f"again {place}", on_click=st.session_state.pop, args=(_key(place), None))
        return None
    if isinstance(asked.answers[0], ProdsimError):
        show_error(asked.answers[0])
        return None
    return asked.answers[0]


def is_asked(place: str, question: Hashable) -> bool:
    """Whether that very question was asked there last."""
    asked = st.session_state.get(_key(place))
    return asked is not None and asked.question == question


@st.fragment(run_every=0.5)
def _watch(place: str, job: Job) -> None:
    """The running job's bar; when it ends, the page is drawn anew."""
    now = job.state
    if not now.is_active:
        st.rerun(scope="app")
    told = STEP_NAMES.get(now.step, "Waiting for another job")
    counted = f" · {now.done:,} of {now.total:,} {now.unit}" if now.total else ""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.progress(now.fraction, text=f"{now.title}: {told.lower()}{counted}", width="stretch")
        st.button("Stop", key=f"stop {place}", on_click=job.cancel, icon=":material/stop_circle:")


def _key(place: str) -> str:
    return f"asked {place}"
