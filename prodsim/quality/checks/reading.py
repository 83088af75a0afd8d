"""What was imperfect when the file was read, with what to do about it."""

from collections.abc import Sequence
from dataclasses import replace

from prodsim.findings import Finding
from prodsim.progress import Progress
from prodsim.quality.statistics import surest_first
from prodsim.quality.subject import Subject

PROPOSALS = {
    "repeated sku": "Give each product a SKU of its own, or take the older lines out.",
    "empty title": "Write a title that says what it is.",
    "unreadable price": "Write the price as a number.",
    "invalid gtin": "Correct the GTIN, or leave it empty.",
    "missing sku": "Give it a SKU, so that decisions about it last.",
    "no text": "Write a title that says what it is.",
    "unreadable line": "Correct the line in the file.",
    "reading": "",
    "markup removed": "Export it as plain text.",
    "mojibake repaired": "Export it again as UTF-8.",
}
"""Kinds of what reading finds, and what to do at the source; ``""`` where there is nothing to do."""
READING = tuple(PROPOSALS)


def check_reading(subject: Subject, progress: Progress) -> Sequence[Finding]:
    """What was imperfect when the file was read; surest first."""
    progress.advance(len(subject.catalog))
    found = (replace(each, proposal=each.proposal or PROPOSALS.get(each.kind, "")) for each in subject.catalog.findings)
    return surest_first(found)
