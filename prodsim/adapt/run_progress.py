"""Progress of a run, shown to the person who waits and written down for everybody else."""

import time
from collections.abc import Mapping

from prodsim.adapt.runs import RunFolder
from prodsim.errors import Cancelled
from prodsim.progress import ForwardingProgress, Progress


class RunProgress(ForwardingProgress):
    """Progress that is also noted in the run's folder.

    Args:
        run: begun.
        inner: who waits.
    """

    def __init__(self, run: RunFolder, inner: Progress) -> None:
        super().__init__(inner)
        self._run = run
        self._step = 0
        self._is_training = False
        self._began, self._first = 0.0, 0  # of the training in this sitting

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Begin a step."""
        self.check()
        self._run.tell("running", name)
        super().step(name, total, unit)

    def advance(self, n: int = 1) -> None:
        """Pass on, unless the run is asked to stop."""
        self.check()
        super().advance(n)

    def check(self) -> None:
        """Pass on; before there is anything to keep, the wish to stop ends the run.

        Raises:
            Cancelled: it is so.
        """
        if not self._is_training and self._run.is_stop_requested:
            raise Cancelled
        super().check()

    def watch(self, step: int, total: int, numbers: Mapping[str, float]) -> bool:
        """Pass on what training reports; return whether the person wants it to stop."""
        if not self._is_training:
            self._is_training = True
            self._began, self._first = time.monotonic(), step
            self._inner.step("train", total, "batches")
        left_s = (time.monotonic() - self._began) / (step - self._first) * (total - step) if step > self._first else 0.0
        self._run.tell("running", "train", step, total, left_s=left_s)
        self._run.log(step, numbers)
        self._inner.advance(step - self._step)
        self._step = step
        return self._run.is_stop_requested
