"""Long work, one job of a kind at a time: named, shared, watched, cancelled."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from prodsim.artifacts import storage_error
from prodsim.errors import Cancelled, ProdsimError
from prodsim.phrases import phrase
from prodsim.roles import OWNER, Actor, acting_as, actor, is_own, require_role

Status = Literal["waiting", "running", "done", "failed", "cancelled"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class JobState:
    """What a job is doing at one moment.

    Attributes:
        key: what the job makes; one job per key at a time.
        title: one line for the person.
        step, done, total, unit: the running step and its units; ``total`` is ``None`` when unknown.
        fraction: share of the whole job done, in [0, 1], by the expected cost of its steps.
        rate: units per second in the running step; 0 when unknown.
        left_s: seconds left in the running step; ``None`` when unknown.
        steps: seconds each finished step took.
        notes: sentences said on the way.
        waits_for: the job before it, or what outside of this process it waits for, as a sentence; ``""`` while it
            works.
        error: why it failed or stopped.
        result: what the work returned.
    """

    key: str
    title: str
    status: Status = "waiting"
    step: str = ""
    done: int = 0
    total: int | None = None
    unit: str = ""
    fraction: float = 0.0
    rate: float = 0.0
    left_s: float | None = None
    steps: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    waits_for: str = ""
    error: ProdsimError | None = None
    result: Any = None

    @property
    def is_active(self) -> bool:
        """Return whether it waits or runs."""
        return self.status in ("waiting", "running")


class _Turns:
    """One job works at a time, in the order in which they came."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._queue: list[Job] = []
        self._working: Job | None = None

    def queue(self, job: "Job", *, first: bool = False) -> None:
        """Put a job at the end of the queue, or at its beginning."""
        with self._changed:
            self._queue.insert(0 if first else len(self._queue), job)

    def take(self, job: "Job") -> None:
        """Wait until it is the job's turn, or until the job is asked to stop; it leaves the queue."""
        with self._changed:
            self._changed.wait_for(lambda: job.is_asked_to_stop or (self._working is None and self._queue[0] is job))
            self._queue.remove(job)
            if not job.is_asked_to_stop:
                self._working = job
            self._changed.notify_all()

    def leave(self, job: "Job") -> None:
        """End the job's turn, if it has it."""
        with self._changed:
            if self._working is job:
                self._working = None
            self._changed.notify_all()

    @property
    def working(self) -> "Job | None":
        """Return the job that works; ``None`` where none does."""
        return self._working

    def look_again(self) -> None:
        """Let those that wait see that one is asked to stop."""
        with self._changed:
            self._changed.notify_all()


class Job:
    """One piece of work; the Progress its work is given, and the state everybody else reads."""

    def __init__(
        self, key: str, title: str, shares: Mapping[str, float], turns: _Turns | None = None, owner: Actor = OWNER
    ) -> None:
        self.owner = owner
        self._state = JobState(key, title)
        self._shares = shares
        self._turns = turns or _Turns()
        self._stop = threading.Event()
        self._finished = threading.Event()
        self._step_started = 0.0

    @property
    def state(self) -> JobState:
        """Return a consistent picture of this moment."""
        state, before = self._state, self._turns.working
        if state.status != "waiting" or before is None or before is self:
            return state
        return replace(state, waits_for=phrase("Waiting for “{title}”", title=before._state.title))

    @property
    def is_asked_to_stop(self) -> bool:
        """Return whether it was cancelled."""
        return self._stop.is_set()

    @property
    def is_shown(self) -> bool:
        """Return whether who acts now sees the job and may stop it: it is their own, or they are an admin."""
        return is_own(self.owner.name)

    def abandon(self) -> None:
        """Ask the work to stop on behalf of who started it: nobody waits for it any more, whoever notices that."""
        with acting_as(self.owner):
            self.cancel()

    def cancel(self) -> None:
        """Ask the work, one's own or as an admin anybody's, to stop at its next step or chunk; at once where it waits.

        Raises:
            AccessDenied: somebody else started it, and who acts is no admin.
        """
        if not self.is_shown:
            require_role("administer")
        self._stop.set()
        self._turns.look_again()

    def wait(self, timeout_s: float | None = None) -> JobState:
        """Wait until the job ended, or the time is over; returns its state then."""
        self._finished.wait(timeout_s)
        return self._state

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Begin a step."""
        self.check()
        now = time.monotonic()
        steps = dict(self._state.steps)
        if self._state.step:
            steps[self._state.step] = steps.get(self._state.step, 0.0) + now - self._step_started
        self._step_started = now
        before = sum(self._shares.get(step, 0.0) for step in steps)
        self._state = replace(
            self._state,
            step=name,
            done=0,
            total=total,
            unit=unit,
            steps=steps,
            rate=0.0,
            left_s=None,
            fraction=min(before, 1.0),
        )

    def advance(self, n: int = 1) -> None:
        """Report units done."""
        self.check()
        state = self._state
        done = state.done + n
        rate = done / max(time.monotonic() - self._step_started, 1e-6)
        left_s = None if state.total is None or not done else max(state.total - done, 0) / max(rate, 1e-9)
        share = self._shares.get(state.step, 0.0)
        before = sum(self._shares.get(step, 0.0) for step in state.steps if step != state.step)
        part = done / state.total if state.total else 0.0
        fraction = min(before + share * min(part, 1.0), 1.0)
        self._state = replace(state, done=done, rate=rate, left_s=left_s, fraction=fraction)

    def note(self, message: str) -> None:
        """Say a sentence."""
        self._state = replace(self._state, notes=(*self._state.notes, message))

    def check(self) -> None:
        """Raise ``Cancelled`` once asked to stop."""
        if self._stop.is_set():
            raise Cancelled

    @contextmanager
    def waiting(self, message: str) -> Iterator[None]:
        """Show what is waited for in the block; other jobs work meanwhile, and the next turn is this job's."""
        self._state = replace(self._state, waits_for=message)
        self._turns.leave(self)
        try:
            yield
        finally:
            self._turns.queue(self, first=True)
            self._turns.take(self)
            self._state = replace(self._state, waits_for="")

    def run(self, work: Callable[["Job"], Any], at_end: Callable[["Job"], None] = lambda job: None) -> None:
        """Do the work when it is this job's turn, keeping its result or its error; then ``at_end``, within the turn."""
        self._turns.take(self)
        try:
            self.check()
            self._state = replace(self._state, status="running")
            result = work(self)
            self._state = replace(self._state, status="done", result=result, fraction=1.0)
        except Cancelled as error:
            self._state = replace(self._state, status="cancelled", error=error)
        except ProdsimError as error:
            self._state = replace(self._state, status="failed", error=error)
        except Exception as error:  # the worker must live on; the person sees the error, the log has the trace
            log.exception("job %s failed", self._state.key)
            self._state = replace(self._state, status="failed", error=_unexpected(error))
        finally:
            at_end(self)
            self._turns.leave(self)
            self._finished.set()


class JobRunner:
    """Runs jobs one after the other, in the order in which they came; those that a person waits for beside the others.

    So a check of seconds does not wait for a build of minutes, and yet no more than two jobs share the processor.
    """

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._turns, self._interactive_turns = _Turns(), _Turns()

    def submit(
        self,
        key: str,
        title: str,
        work: Callable[[Job], Any],
        shares: Mapping[str, float] | None = None,
        *,
        is_kept: bool = True,
        is_interactive: bool = False,
    ) -> Job:
        """Start the work, or return the job of that key which already waits or runs.

        Args:
            key: what the job makes, such as ``"build shoes"``.
            title: one line for the person.
            work: called with the job as its Progress.
            shares: expected share of the whole time per step, adding up to 1.
            is_kept: whether the job can be found by its key after its end, until another has this key.
            is_interactive: whether a person waits for it; it takes turns with others of that kind alone.
        """
        with self._lock:
            job = self._jobs.get(key)
            if job is None or not job.state.is_active:
                turns = self._interactive_turns if is_interactive else self._turns
                job = self._jobs[key] = Job(key, title, shares or {}, turns, actor())
                turns.queue(job)
                # A daemon, so that stopping the server does not wait for a long build: a build may end at any moment.
                arguments = (job, work, *(() if is_kept else (self._forget,)))
                threading.Thread(target=_run, args=arguments, name=f"prodsim-{key}", daemon=True).start()
            return job

    def _forget(self, job: Job) -> None:
        with self._lock:
            if self._jobs.get(job.state.key) is job:
                del self._jobs[job.state.key]

    def find(self, key: str) -> Job | None:
        """Return the latest job of that key, or ``None``."""
        return self._jobs.get(key)

    def jobs(self) -> tuple[Job, ...]:
        """Return the latest job of each key, oldest first; ended ones only where they are kept."""
        with self._lock:
            return tuple(self._jobs.values())


def _run(job: Job, *arguments: Any) -> None:
    """Run a job on behalf of the person who started it."""
    with acting_as(job.owner):
        job.run(*arguments)


def _unexpected(error: Exception) -> ProdsimError:
    if isinstance(error, OSError) and error.filename:
        return storage_error(Path(), error)
    return ProdsimError(
        phrase("Something unexpected went wrong: {name}: {reason}.", name=type(error).__name__, reason=error),
        phrase("Try again. If the problem persists, see the server's log for details."),
    )
