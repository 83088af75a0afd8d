"""How long work reports what it is doing, and learns that it should stop."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol, TypeVar

from prodsim.phrases import Plural

Result = TypeVar("Result")


class Progress(Protocol):
    """Receives named steps and the units done in each.

    Work calls ``step`` once per step, then ``advance`` as units are finished. Both raise
    ``Cancelled`` once the person asked to stop; ``check`` does only that.
    """

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Begin the step ``name`` of ``total`` units, or of unknown length."""

    def advance(self, n: int = 1) -> None:
        """Report ``n`` more units done in the running step."""

    def note(self, message: str) -> None:
        """Keep one sentence that the person can read afterwards."""

    def check(self) -> None:
        """Raise ``Cancelled`` if the person asked to stop."""

    def waiting(self, message: str) -> AbstractContextManager[None]:
        """Show in the block what is waited for outside of this process, and let other work go first meanwhile."""


class Silent:
    """Progress that nobody watches."""

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Ignore the step."""

    def advance(self, n: int = 1) -> None:
        """Ignore the units."""

    def note(self, message: str) -> None:
        """Ignore the message."""

    def check(self) -> None:
        """Do nothing: it is never cancelled."""

    def waiting(self, message: str) -> AbstractContextManager[None]:
        """Do nothing: no other work is here."""
        return nullcontext()


SILENT = Silent()


class ForwardingProgress:
    """Passes everything on; a subclass adds to some of it.

    Args:
        inner: receives what is passed on.
    """

    def __init__(self, inner: Progress) -> None:
        self._inner = inner

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Pass on."""
        self._inner.step(name, total, unit)

    def advance(self, n: int = 1) -> None:
        """Pass on."""
        self._inner.advance(n)

    def note(self, message: str) -> None:
        """Pass on."""
        self._inner.note(message)

    def check(self) -> None:
        """Pass on."""
        self._inner.check()

    def waiting(self, message: str) -> AbstractContextManager[None]:
        """Pass on."""
        return self._inner.waiting(message)


class TimedProgress(ForwardingProgress):
    """Measures the seconds of each step on the way.

    Attributes:
        seconds: by step, in the order of their first calls; the running step is added by ``close``.
    """

    def __init__(self, inner: Progress) -> None:
        super().__init__(inner)
        self._name = ""
        self._started = time.perf_counter()
        self.seconds: dict[str, float] = {}

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Begin a step; the same name again resumes it."""
        self.close()
        self._name = name
        super().step(name, total, unit)

    def close(self) -> None:
        """End the running step."""
        now = time.perf_counter()
        if self._name:
            self.seconds[self._name] = self.seconds.get(self._name, 0.0) + now - self._started
        self._started = now


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """Return the work's result and the seconds it took."""
    started = time.perf_counter()
    return work(), time.perf_counter() - started


SECONDS = Plural("{n} second", "{n} seconds")
MINUTES = Plural("{n} minute", "{n} minutes")
HOURS = Plural("{n} hour", "{n} hours")
LONG = 90
"""Seconds, and minutes, from which on the next unit reads better."""


def duration(seconds: float) -> str:
    """Return a rough time as people say it: in seconds, minutes or hours, never 0."""
    if seconds < LONG:
        return SECONDS(n=max(1, round(seconds)))
    minutes = seconds / 60
    return MINUTES(n=round(minutes)) if minutes < LONG else HOURS(n=round(minutes / 60))
