"""Textual faults: what a person would not have written, or what a program did to it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from prodsim.findings import Finding
from prodsim.phrases import Text
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
class TextRule:
    """A textual fault.

    Attributes:
        kind: of its findings.
        title: of the kind, on the screen.
        find: yields its findings.
    """

    kind: str
    title: Text
    find: Callable[[Subject], Iterator[Finding]]


TEXT_RULES = (
    TextRule("placeholder", Text("Placeholders"), find_placeholders),
    TextRule("nearly empty", Text("Nearly empty texts"), find_nearly_empty),
    TextRule("boilerplate", Text("Boilerplate"), find_boilerplate),
    TextRule("capitals", Text("Capitals and exclamation marks"), find_shouting),
    TextRule("keyword stuffing", Text("Keyword stuffing"), find_keyword_stuffing),
    TextRule("wrong language", Text("Texts in another language"), find_wrong_language),
    TextRule("mojibake", Text("Garbled characters"), find_mojibake),
    TextRule("markup", Text("Leftover markup"), find_markup),
    TextRule("truncated", Text("Truncated texts"), find_truncated),
)
"""All textual faults. To add one: a function and a row."""


def check_texts(subject: Subject, progress: Progress) -> Sequence[Finding]:
    """Find all textual faults, surest first; one finding for a fault that hundreds of products share."""
    findings: list[Finding] = []
    for rule in TEXT_RULES:
        findings += rule.find(subject)
        progress.advance(len(subject.catalog) // len(TEXT_RULES))
    return surest_first(findings)
