"""Terms in a table that people write: a thing on each line, with its other names and what it is a kind of."""

import csv
import io

from prodsim.knowledge.thesaurus import Concept

COLUMNS = ("term", "same", "broader")
"""Of the table; the last two hold several names between bars."""


def read_terms(text: str) -> tuple[Concept, ...]:
    """Return the concepts of a table with ``COLUMNS``, in its order."""
    rows = csv.DictReader(io.StringIO(text))
    return tuple(
        Concept((row["term"].strip(), *_names(row["same"])), _names(row["broader"])) for row in rows if row["term"]
    )


def _names(cell: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (cell or "").split("|") if name.strip())
