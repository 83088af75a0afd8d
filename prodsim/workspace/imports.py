"""A file of decisions: what it holds, and what taking it in would change."""

import tempfile
from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path

from prodsim.findings import Finding
from prodsim.records import Decision, Records
from prodsim.records.exchange import Incoming, sort_incoming


@dataclass(frozen=True, slots=True)
class DecisionsFile:
    """What a file of decisions holds.

    Attributes:
        decisions: the one that counts of each finding.
        left_out: a finding for each decision or line that does not fit, by line.
    """

    decisions: Sequence[Decision]
    left_out: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class DecisionsPreview:
    """What taking a file of decisions in would change.

    Attributes:
        incoming: its decisions, by what they would change.
        left_out: as ``DecisionsFile``.
        unmatched: new decisions about findings that the catalog does not have at present.
    """

    incoming: Incoming
    left_out: Sequence[Finding]
    unmatched: Sequence[Decision]


def read_decisions_file(path: Path) -> DecisionsFile:
    """Read a file of decisions; of several about one finding only the one that would count is given.

    Raises:
        CatalogError: the file cannot be read, or a column is missing.
    """
    with tempfile.TemporaryDirectory() as folder:
        trial = Records(Path(folder) / "trial.sqlite")  # records of their own sort out what counts
        _, left_out = trial.import_decisions(path)
        return DecisionsFile(tuple(trial.decisions().values()), left_out)


def preview_decisions(read: DecisionsFile, records: Records, present: Container[str] | None = None) -> DecisionsPreview:
    """Return what the decisions of a file would change in a catalog's records, which stay as they are.

    Args:
        read: the file.
        records: of the catalog.
        present: keys of the findings that the catalog has now; ``None`` where it was not checked.
    """
    incoming = sort_incoming(read.decisions, records.decisions())
    unmatched = [one for one in incoming.new if present is not None and one.key not in present]
    return DecisionsPreview(incoming, read.left_out, unmatched)
