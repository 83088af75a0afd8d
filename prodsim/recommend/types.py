"""The values that recommending gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Because:
    """A product of the history that a recommendation comes of.

    Attributes:
        share: of the recommendation's score, in (0, 1].
        why: the source that gives most of it, such as "similar", "same shoppers" or "kind".
    """

    sku: str
    title: str
    share: float
    why: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A product recommended.

    Attributes:
        row: position in the catalog.
        score: higher is better; the exact sum of ``parts``, comparable within one list only.
        parts: what each source adds, see ``SOURCES``, and boosts.
        because: products of the history, most telling first; empty where it comes of none, see ``parts``.
        interest: which of the shopper's interests it serves, from 0; -1 where it comes of none.
        rules: labels of the rules that moved it.
        moved: by how many places the rules and limits of the list moved it up.
        is_new: nobody had it yet.
    """

    sku: str
    row: int
    title: str
    score: float
    parts: Mapping[str, float]
    because: tuple[Because, ...] = ()
    interest: int = -1
    rules: tuple[str, ...] = ()
    moved: int = 0
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Recommended:
    """A list for one shopper, best first or as an ``Arrangement`` says.

    Attributes:
        history: SKUs that were used, the last one first.
        n_interests: interests among those that similar products were looked up for.
        took_ms: time from question to answer.
        left_out: why products do not stand in the list, and how many.
        note: one sentence to show; ``""`` when there is none.
    """

    hits: tuple[Recommendation, ...]
    history: tuple[str, ...]
    n_interests: int
    took_ms: float
    left_out: Mapping[str, int] = field(default_factory=dict)
    note: str = ""
