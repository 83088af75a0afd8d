"""What similar means: named parts with weights; the weighted parts add up to the score."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from prodsim.errors import did_you_mean
from prodsim.index import Metric
from prodsim.phrases import Text

Scores = NDArray[np.float32]


PART_NAMES: Mapping[str, Text] = {
    "meaning": Text("Meaning"),
    "description": Text("Description"),
    "words": Text("Words"),
    "identifiers": Text("Identifiers"),
    "quantities": Text("Quantities"),
    "category": Text("Category"),
    "brand": Text("Brand"),
    "price": Text("Price"),
    "attributes": Text("Attributes"),
    "look": Text("Look"),
    "reranker": Text("Re-ranker"),
    "exact match": Text("Exact match"),
    "newness": Text("Newness"),
}
"""What people read for each part of a score; boosts are named by their rules."""


def part_name(part: str) -> str:
    """Return what people read for a part of a score; a part that a rule adds keeps its label."""
    return PART_NAMES[part]() if part in PART_NAMES else part


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part counts; only their ratio matters.

    Attributes:
        meaning: closeness of the encoder's vectors.
        description: closeness of the vectors of the descriptions alone.
        words: words of the query, or character sequences of the product, in common.
        identifiers: the rarest model number, code or word in common; numbers that contradict each other count against.
        quantities: numbers with units in titles that are the same, whatever the unit.
        category: levels of the category path in common.
        brand: the same brand.
        price: prices close to each other.
        attributes: the same values in the catalog's other columns.
        look: how alike the pictures are.
        reranker: the score of a cross-encoder that reads both texts, if one is set up.
    """

    meaning: float = 0.0
    description: float = 0.0
    words: float = 0.0
    identifiers: float = 0.0
    quantities: float = 0.0
    category: float = 0.0
    brand: float = 0.0
    price: float = 0.0
    attributes: float = 0.0
    look: float = 0.0
    reranker: float = 0.0

    def __post_init__(self) -> None:
        try:
            values = self.as_dict()
        except OverflowError as error:  # whole numbers of hundreds of digits
            raise ValueError(f"weights must be numbers of 0 or more; one of them is too large: {error}") from error
        wrong = {name: value for name, value in values.items() if not (np.isfinite(value) and value >= 0)}
        if wrong or not any(values.values()) or not np.isfinite(sum(values.values())):
            raise ValueError(f"weights must be numbers of 0 or more, not all 0, of a finite sum; got {values}")

    def as_dict(self) -> dict[str, float]:
        """Return each part with its weight."""
        return {field.name: float(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def preset(cls, name: str) -> Self:
        """Return a named setting of ``PRESETS``; raise ``ValueError`` listing them for another name."""
        if name not in PRESETS:
            known = ", ".join(PRESETS)
            raise ValueError(f"there is no preset {name!r}; there are {known}. {did_you_mean(name, PRESETS)}".strip())
        return cls(**PRESETS[name])

    def only(self, *parts: str) -> Self:
        """Return these weights with every other part at 0; raise ``ValueError`` when nothing is left."""
        return replace(self, **{name: 0.0 for name in self.as_dict() if name not in parts})

    def parse(self, text: str) -> Self:
        """Return these weights with ``"meaning=1,words=0.5"`` applied; ``title`` is another name of meaning.

        Raises:
            ValueError: an unknown part, or no number.
        """
        known = self.as_dict()
        changes = {}
        for item in filter(None, text.split(",")):
            name, _, value = (part.strip() for part in item.partition("="))
            name = "meaning" if name == "title" else name
            if name not in known:
                raise ValueError(f"there is no part {name!r}; the parts are {', '.join(known)}")
            try:
                changes[name] = float(value)
            except ValueError:
                raise ValueError(f"the weight of {name} must be a number, got {value!r}") from None
        return replace(self, **changes)


SAME_PRODUCT = "same product"
"""The preset that finds offers of one product."""
PRESETS: Mapping[str, Mapping[str, float]] = {
    "overall": {
        "meaning": 0.5, "description": 0.1, "words": 1.0, "identifiers": 0.7, "quantities": 0.1, "category": 0.1,
        "brand": 0.05, "price": 0.1, "look": 2.0,
    },
    SAME_PRODUCT: {
        "meaning": 0.25, "description": 0.15, "words": 1.0, "identifiers": 1.0, "quantities": 0.1, "category": 0.1,
        "brand": 0.05, "price": 0.1, "look": 0.25,
    },
    "same style": {
        "meaning": 1.0, "description": 0.3, "words": 0.25, "category": 0.3, "attributes": 0.1, "look": 1.5,
    },
    "substitutes": {
        "meaning": 1.0, "description": 0.3, "words": 0.5, "quantities": 0.1, "category": 0.5, "price": 0.3,
        "attributes": 0.1, "look": 1.0,
    },
}  # fmt: skip
"""Named settings. Meaning, description, words, identifiers, quantities and price were chosen on labelled sets by
``benchmarks/similarity.py``; no such set judges category and brand, so they count little. Attributes count
nothing where offers are matched, because a column such as *vendor* sets true partners apart. The weights of the look
are from ``benchmarks/look.py``: those at which either of two sets finds the most are right for the other, too. They say
nothing of the same product, whose sizes look alike."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What similar means in a search: the weights, and how vectors are compared."""

    weights: Weights
    metric: Metric = "cosine"


MAX_WEIGHT = 2.0
"""The highest weight a person can give."""

UNREADABLE = 0.1
"""Share of unknown characters above which an encoder cannot set a catalog's products apart."""
UNREADABLE_MEANING = 0.05
"""The most that meaning counts then."""


def suited_weights(preset: str, unknown_share: float, baseline: float = 0.0, *, has_pictures: bool = False) -> Weights:
    """Return a preset as it suits a catalog: with little meaning where the encoder cannot read the texts.

    Meaning counts 1 / (1 - baseline) as much for an encoder whose unrelated texts already have that cosine: the ranking
    is that of (cosine - baseline) / (1 - baseline). All weights are scaled down if that takes one above ``MAX_WEIGHT``.
    The look counts in a catalog with pictures alone.

    Args:
        preset: a name of ``PRESETS``.
        unknown_share: of the catalog's characters, those that the encoder does not know.
        baseline: see ``EncoderSpec``.
        has_pictures: whether pictures are compared.

    Raises:
        ValueError: there is no such preset; lists them.
    """
    weights = Weights.preset(preset)
    weights = weights if has_pictures else replace(weights, look=0.0)
    if unknown_share > UNREADABLE:
        return replace(weights, meaning=min(weights.meaning, UNREADABLE_MEANING))
    scaled = {**weights.as_dict(), "meaning": weights.meaning / (1 - baseline)}
    scale = min(1.0, MAX_WEIGHT / max(scaled.values()))
    return Weights(**{name: round(weight * scale, 3) for name, weight in scaled.items()})


def contributions(parts: Mapping[str, Scores], weights: Weights) -> dict[str, Scores]:
    """Return what each part adds to the score: part * weight / sum of weights; parts of weight 0 are left out."""
    used = {name: weight for name, weight in weights.as_dict().items() if name in parts and weight > 0}
    total = sum(used.values())
    return {name: parts[name] * np.float32(weight / total) for name, weight in used.items()}
