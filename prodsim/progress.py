"""How long work tells what it is doing, and learns that it should stop."""

from typing import Protocol


class Progress(Protocol):
    """Told about named steps and the units done in each.

    The one who works calls ``step`` once per step, then ``advance`` as units are finished. Both raise
    ``Cancelled`` once the person asked to stop; ``check`` does only that.
    """

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Begin the step ``name`` of ``total`` units, or of unknown length."""

    def advance(self, n: int = 1) -> None:
        """Report ``n`` more units done in the running step."""

    def note(self, message: str) -> None:
        """Say one sentence the person should be able to read afterwards."""

    def check(self) -> None:
        """Raise ``Cancelled`` if the person asked to stop."""


class Silent:
    """Progress that nobody watches."""

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Ignore the step."""

    def advance(self, n: int = 1) -> None:
        """Ignore the units."""

    def note(self, message: str) -> None:
        """Ignore the message."""

    def check(self) -> None:
        """Never cancel."""


SILENT = Silent()
