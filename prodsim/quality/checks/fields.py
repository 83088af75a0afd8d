"""Faults of single fields: missing, constant, out of range, contradictory."""

from collections.abc import Sequence

from prodsim.findings import Finding
from prodsim.progress import Progress
from prodsim.quality.fields.missing import find_missing
from prodsim.quality.fields.prices import find_prices
from prodsim.quality.fields.title_conflicts import find_contradictions, find_unit_conflicts
from prodsim.quality.fields.uniform import find_constant_columns, find_currencies
from prodsim.quality.statistics import surest_first
from prodsim.quality.subject import Subject

FIELD_FINDERS = (
    find_missing,
    find_constant_columns,
    find_prices,
    find_unit_conflicts,
    find_contradictions,
    find_currencies,
)
"""All faults of fields. To add one: a function and a place here."""


def check_fields(subject: Subject, progress: Progress) -> Sequence[Finding]:
    """Find all faults of fields, surest first; one finding for a fault that hundreds of products share."""
    findings: list[Finding] = []
    for find in FIELD_FINDERS:
        findings += find(subject)
        progress.advance(len(subject.catalog) // len(FIELD_FINDERS))
    return surest_first(findings)
