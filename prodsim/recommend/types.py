"""The values of a recommendation."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reason:
    """A product of the history that led to a recommendation.

    Attributes:
        share: of the recommendation's score, in (0, 1].
        why: the source that contributes most, such as "similar", "same shoppers" or "kind"; see ``SOURCES``.
    """

    sku: str
    title: str
    share: float
    why: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A recommended product.

    Attributes:
        row: position in the catalog.
        score: higher is better; the exact sum of ``parts``, comparable within one list only.
        parts: what each source adds, see ``SOURCES``, and boosts.
        because: products of the history that led to it, largest share first; empty where none did, see ``parts``.
        interest: which of the shopper's interests it serves, from 0; -1 where it serves none.
        rules: labels of the rules that moved it.
        moved: by how many places the rules and limits of the list moved it up.
        is_new: whether no shopper had it yet.
        variants: SKUs of the products that it stands for beside itself, where the list shows families.
    """

    sku: str
    row: int
    title: str
    score: float
    parts: Mapping[str, float]
    because: tuple[Reason, ...] = ()
    interest: int = -1
    rules: tuple[str, ...] = ()
    moved: int = 0
    is_new: bool = False
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecommendationList:
    """A list for one shopper, best first or as an ``Arrangement`` says.

    Attributes:
        history: SKUs that were used, the last one first.
        n_interests: interests among the products whose neighbours were searched.
        took_ms: time to make the list.
        left_out: reason to the number of products it kept out of the list.
        note: one sentence to show; ``""`` when there is none.
    """

    hits: tuple[Recommendation, ...]
    history: tuple[str, ...]
    n_interests: int
    took_ms: float
    left_out: Mapping[str, int] = field(default_factory=dict)
    note: str = ""
