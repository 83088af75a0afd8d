"""Textual faults: what a person would not have written, or what a program did to it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from prodsim.findings import Finding
from prodsim.progress import Progress
from prodsim.quality.statistics import surest_first
from prodsim.quality.subject import Subject
from prodsim.quality.text.damage import find_markup, find_mojibake, find_truncated
from prodsim.quality.text.languages import find_wrong_language
from prodsim.quality.text.wording import (
    find_boilerplate,
    find_keyword_stuffing,
    find_nearly_empty,
    find_placeholders,
    find_shouting,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A textual fault.

    Attributes:
        kind: of its findings.
        find: its findings.
    """

    kind: str
    find: Callable[[Subject], Iterator[Finding]]


RULES = (
    Rule("placeholder", find_placeholders),
    Rule("nearly empty", find_nearly_empty),
    Rule("boilerplate", find_boilerplate),
    Rule("capitals", find_shouting),
    Rule("keyword stuffing", find_keyword_stuffing),
    Rule("wrong language", find_wrong_language),
    Rule("mojibake", find_mojibake),
    Rule("markup", find_markup),
    Rule("truncated", find_truncated),
)
"""All textual faults. To add one: a function and a row."""


def check_texts(subject: Subject, progress: Progress) -> Sequence[Finding]:
    """All textual faults, surest first; one finding for a fault that hundreds of products share."""
    found: list[Finding] = []
    for rule in RULES:
        found += rule.find(subject)
        progress.advance(len(subject.catalog) // len(RULES))
    return surest_first(found)
