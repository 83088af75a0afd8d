"""Progress on a terminal."""

import time
from contextlib import AbstractContextManager, nullcontext
from typing import Self, TextIO


class ConsoleProgress:
    """Writes the running step on one line of a terminal; only steps and notes where nobody looks at a terminal.

    Use it in a ``with`` block, so that the line is ended.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_terminal = stream.isatty()
        self._name, self._total, self._unit, self._done = "", None, "", 0  # type: tuple[str, int | None, str, int]
        self._started = self._drawn = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._end_line()

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Begin a line for the step."""
        if name != self._name:
            self._end_line()
        self._name, self._total, self._unit, self._done = name, total, unit, 0
        self._started = time.monotonic()
        self._draw()

    def advance(self, n: int = 1) -> None:
        """Count, and redraw at most five times a second."""
        self._done += n
        if self._is_terminal and time.monotonic() - self._drawn > 0.2:
            self._draw()

    def note(self, message: str) -> None:
        """Write the sentence on a line of its own."""
        self._end_line()
        print(message, file=self._stream, flush=True)

    def check(self) -> None:
        """Do nothing: a terminal is stopped by Ctrl-C."""

    def waiting(self, message: str) -> AbstractContextManager[None]:
        """Write the sentence."""
        self.note(message)
        return nullcontext()

    def _draw(self) -> None:
        self._drawn = time.monotonic()
        text = f"{self._name}"
        if self._total:
            rate = self._done / max(self._drawn - self._started, 1e-6)
            left_s = (self._total - self._done) / rate if rate else 0
            text += f" {self._done:,} of {self._total:,} {self._unit}, {rate:,.0f} a second, {left_s:,.0f} s left"
        if self._is_terminal:
            print(f"\r\x1b[K{text}", end="", file=self._stream, flush=True)
        elif self._done == 0:
            print(
                text.partition(",")[0] if self._total is None else f"{self._name} {self._total:,} {self._unit}",
                file=self._stream,
                flush=True,
            )

    def _end_line(self) -> None:
        if self._is_terminal and self._name:
            self._draw()
            print(file=self._stream, flush=True)
        self._name = ""
