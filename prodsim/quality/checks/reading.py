"""What was imperfect when the file was read, with what to do about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from prodsim.findings import Finding
from prodsim.phrases import Text
from prodsim.progress import Progress
from prodsim.quality.statistics import surest_first
from prodsim.quality.subject import Subject


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """A kind of what reading finds.

    Attributes:
        title: on the screen.
        proposal: what to do at the source; None where there is nothing to do.
    """

    title: Text
    proposal: Text | None


_WRITE_TITLE = Text("Write a title that says what the product is.")
IMPORT_PROBLEMS: Mapping[str, ImportProblem] = {
    "repeated sku": ImportProblem(
        Text("Repeated SKUs"), Text("Give each product a SKU of its own, or remove the older lines.")
    ),
    "empty title": ImportProblem(Text("Missing titles"), _WRITE_TITLE),
    "unreadable price": ImportProblem(Text("Unreadable prices"), Text("Write the price as a number.")),
    "invalid gtin": ImportProblem(Text("Invalid GTINs"), Text("Correct the GTIN, or leave it empty.")),
    "placeholder gtin": ImportProblem(Text("Placeholders for GTINs"), Text("Leave the GTIN empty.")),
    "damaged gtin": ImportProblem(
        Text("Damaged GTINs"), Text("Format the column as text in the spreadsheet, and export it again.")
    ),
    "repaired gtin": ImportProblem(
        Text("Repaired GTINs"), Text("Format the column as text in the spreadsheet, so that leading zeros stay.")
    ),
    "shared gtin": ImportProblem(Text("GTINs of many products"), Text("Give each product its own GTIN, or none.")),
    "missing sku": ImportProblem(Text("Missing SKUs"), Text("Give it a SKU, so that decisions about it stay with it.")),
    "no text": ImportProblem(Text("Products without text"), _WRITE_TITLE),
    "unreadable line": ImportProblem(Text("Unreadable lines"), Text("Correct the line in the file.")),
    "reading": ImportProblem(Text("Import notes"), None),
    "markup removed": ImportProblem(Text("Removed markup"), Text("Export it as plain text.")),
    "mojibake repaired": ImportProblem(Text("Repaired characters"), Text("Export it again as UTF-8.")),
}
"""What reading finds, by kind."""


def check_reading(subject: Subject, progress: Progress) -> Sequence[Finding]:
    """Return what was imperfect when the file was read; surest first."""
    progress.advance(len(subject.catalog))
    return surest_first(
        finding if finding.proposal else replace(finding, proposal=_proposal(finding.kind))
        for finding in subject.catalog.findings
    )


def _proposal(kind: str) -> str:
    """Return what to do about a kind of problem."""
    problem = IMPORT_PROBLEMS.get(kind)
    return problem.proposal() if problem and problem.proposal else ""
