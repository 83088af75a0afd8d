"""What a file may take while it is read: small files can grow to more than a machine holds."""

from dataclasses import dataclass

from prodsim.errors import CatalogError
from prodsim.phrases import Text, phrase
from prodsim.settings import Budget

_MAX_RATIO = 300
"""Text shrinks by ten to thirty times; what grows more than 300 times, beyond 50 MB, is meant to harm."""
_SUSPECT_FROM = 50_000_000
_VALUE_BYTES = 64
"""Memory of a value, such as an empty list, while a whole JSON document is held."""

TOO_MANY_ROWS = Text("{name} has more than {most:,} rows, which is the most that prodsim reads.")
TOO_MANY_COLUMNS = Text("{name} has more than {most:,} columns, which is the most that prodsim reads.")
TOO_MANY_CELLS = Text("The rows and columns of {name} have more than {most:,} cells, the most that prodsim reads.")
TOO_MUCH_TEXT = Text("{name} needs more than {most:,.0f} MB of memory for its text, the most that prodsim takes.")
IMPLAUSIBLE = Text("{name} grows to more than {size:,.0f} MB from {packed:,.1f} MB; that is implausible for a catalog.")


def is_implausible(n_bytes: int, packed: int) -> bool:
    """Return whether ``packed`` bytes grow to more than a catalog's would when they are unpacked."""
    return n_bytes > max(_SUSPECT_FROM, _MAX_RATIO * packed)


@dataclass(frozen=True, slots=True)
class FileBudget:
    """Refuses a file before it takes more than it may; every reader asks it before it takes memory.

    Attributes:
        budget: the most that a file may take.
        name: the file's, for the message.
        packed: bytes of the file as it lies on the disk.
    """

    budget: Budget
    name: str
    packed: int

    def check_table(self, n_rows: int, n_columns: int) -> None:
        """Refuse a table of this size if it is too large; raises ``CatalogError``."""
        if n_rows > self.budget.rows:
            raise self._refusal(TOO_MANY_ROWS, self.budget.rows, "PRODSIM_MAX_ROWS")
        if n_columns > self.budget.columns:
            raise self._refusal(TOO_MANY_COLUMNS, self.budget.columns, "PRODSIM_MAX_COLUMNS")
        self.check_cells(n_rows * n_columns)

    def check_cells(self, n_cells: int) -> None:
        """Refuse so many cells, empty ones too, if they are too many; raises ``CatalogError``."""
        if n_cells > self.budget.cells:
            raise self._refusal(TOO_MANY_CELLS, self.budget.cells, "PRODSIM_MAX_CELLS")

    def check_text(self, n_bytes: int) -> None:
        """Refuse so many bytes of text if they are too many, or far too many for the file; raises ``CatalogError``."""
        if n_bytes > self.budget.megabytes * 1e6:
            raise self._refusal(TOO_MUCH_TEXT, self.budget.megabytes, "PRODSIM_MAX_TEXT_MB")
        if is_implausible(n_bytes, self.packed):
            raise CatalogError(
                IMPLAUSIBLE(name=self.name, size=n_bytes / 1e6, packed=self.packed / 1e6),
                phrase("If it is a catalog, unpack it first and choose the file inside, or save it as CSV."),
            )

    def check_document(self, text: str) -> None:
        """Refuse a JSON document whose values would take too much memory; raises ``CatalogError``."""
        n_values = text.count(",") + text.count("[") + text.count("{")
        if len(text) + _VALUE_BYTES * n_values > self.budget.megabytes * 1e6:
            raise self._refusal(TOO_MUCH_TEXT, self.budget.megabytes, "PRODSIM_MAX_TEXT_MB")

    def _refusal(self, what: Text, most: float, variable: str) -> CatalogError:
        return CatalogError(
            what(name=self.name, most=most),
            phrase("Leave out what you do not need, or set {variable} to a higher number.", variable=variable),
        )
