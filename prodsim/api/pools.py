"""Threads for the work of requests: few of them, and those that search never wait for those that take longer."""

from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread

from prodsim.api.problems import Busy
from prodsim.phrases import Plural, phrase

BUSY = Plural("The server is busy: {n:,} request is waiting.", "The server is busy: {n:,} requests are waiting.")
T = TypeVar("T")


class Pool:
    """Some threads, and a queue of limited length before them.

    Args:
        threads: that work at once.
        waiting: requests that may wait for one.
    """

    def __init__(self, threads: int, waiting: int) -> None:
        self._limiter = anyio.CapacityLimiter(threads)
        self._waiting = waiting

    async def run(self, work: Callable[[], T]) -> T:
        """Do the work in a thread, on behalf of whoever acts here, and return its result.

        Raises:
            Busy: too many wait already.
        """
        if self.n_waiting >= self._waiting:
            raise Busy(
                BUSY(self.n_waiting),
                phrase("Try again in a second."),
            )
        return await anyio.to_thread.run_sync(work, limiter=self._limiter)

    @property
    def n_working(self) -> int:
        """Return the number of threads at work."""
        return int(self._limiter.statistics().borrowed_tokens)

    @property
    def n_waiting(self) -> int:
        """Return the number of requests that wait."""
        return int(self._limiter.statistics().tasks_waiting)
