"""Imperfections of data, reported rather than dropped."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """One imperfection of a catalog.

    Attributes:
        kind: a short stable name such as ``"repeated sku"`` or ``"unreadable price"``.
        what: one sentence with the values seen and the rule that was applied.
        skus: the products concerned, the main one first; empty when no product came of the row.
        severity: 0 (cosmetic) to 1 (the product cannot be used).
        score: how sure the finding is, 0 to 1.
        line: line of the file (the header is line 1), if it concerns one.
        column: column of the file, if it concerns one.
        evidence: values that prove it, JSON-able.
        proposal: what to do about it, in one sentence; ``""`` when the rule that was applied is all.
        identity: what decisions recognise it by where it has no products. It never changes, nor is it translated,
            whatever becomes of the sentence; ``""`` where the sentence itself is as it always was.
    """

    kind: str
    what: str
    skus: tuple[str, ...] = ()
    severity: float = 0.5
    score: float = 1.0
    line: int | None = None
    column: str | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    proposal: str = ""
    identity: str = ""
