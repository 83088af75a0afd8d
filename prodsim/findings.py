"""Imperfections of data, reported rather than dropped."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from prodsim.phrases import Sentence, in_english


@dataclass(frozen=True, slots=True)
class Finding:
    """One imperfection of a catalog.

    Attributes:
        kind: a short stable name such as ``"repeated sku"`` or ``"unreadable price"``.
        what: one sentence with the values seen and the rule that was applied, in English whoever looked for it;
            ``retold`` gives it in the reader's language.
        skus: the products concerned, the main one first; empty when no product came of the row.
        severity: 0 (cosmetic) to 1 (the product cannot be used).
        score: how sure the finding is, 0 to 1.
        line: line of the file (the header is line 1), if it concerns one.
        column: column of the file, if it concerns one.
        evidence: values that prove it, JSON-able.
        proposal: what to do about it, as ``what``; ``""`` when the rule that was applied is all.
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

    def __post_init__(self) -> None:
        object.__setattr__(self, "what", in_english(self.what))
        object.__setattr__(self, "proposal", in_english(self.proposal))

    def saved(self) -> dict[str, Any]:
        """Return the finding as JSON can hold it, with what its sentences were made of."""
        sentences = {"what": self.what, "proposal": self.proposal}
        made_of = {name: text.parts() for name, text in sentences.items() if isinstance(text, Sentence)}
        return asdict(self) | {"made_of": made_of}

    @classmethod
    def of_saved(cls, saved: Mapping[str, Any]) -> "Finding":
        """Return the finding that ``saved`` gave; those of earlier versions do not say what they were made of."""
        fields = {**saved, "skus": tuple(saved["skus"])}
        made_of = fields.pop("made_of", {})
        return cls(**fields | {name: Sentence.of_parts(fields[name], parts) for name, parts in made_of.items()})
