"""Every error a person can act on.

    ProdsimError            what is wrong, and how to mend it
    ├── CatalogError        a catalog file cannot be read or understood
    ├── QueryError          a search asks for something that is not there
    ├── RulesError          rules for lists cannot be understood
    ├── EncoderError        a model cannot be found, loaded or run
    ├── TrainingError       a model cannot be trained on what there is
    ├── StorageError        a file or folder cannot be read or written, the disk is full
    ├── StaleArtifact       something saved does not fit what is asked of it
    ├── MissingPackage      an optional package is not installed
    ├── AccessDenied        the person's role or key does not allow it
    └── Cancelled           the person stopped the work

A caller's mistake is a ``ValueError`` or ``TypeError``. Imperfect data is a ``Finding``, never an exception.
"""

import difflib
from collections.abc import Iterable

from prodsim.phrases import phrase


class ProdsimError(Exception):
    """A problem the person can act on; show both ``what`` and ``fix``."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(f"{what} {fix}")
        self.what = what
        self.fix = fix


class CatalogError(ProdsimError):
    """A catalog file cannot be read or understood."""


class QueryError(ProdsimError):
    """A search asks for something that is not there."""


class RulesError(ProdsimError):
    """Rules for lists cannot be understood."""


class EncoderError(ProdsimError):
    """A model cannot be found, loaded or run."""


class TrainingError(ProdsimError):
    """A model cannot be trained on what there is."""


class StorageError(ProdsimError):
    """A file or folder cannot be read or written, or the disk is full."""


class StaleArtifact(ProdsimError):
    """Something saved does not fit what is asked of it; it is rebuilt."""


class MissingPackage(ProdsimError):
    """An optional package is not installed."""


class AccessDenied(ProdsimError):
    """The person's role or key does not allow it, or there is none."""


class Cancelled(ProdsimError):
    """The person stopped the work; what was finished is kept."""

    def __init__(self) -> None:
        super().__init__(phrase("The work was cancelled."), phrase("Start it again and it goes on where it stopped."))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a sentence that names the known name nearest to a mistyped one; "" where none is near."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return phrase("Did you mean “{name}”?", name=near[0]) if near else ""
