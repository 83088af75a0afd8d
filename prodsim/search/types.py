"""The values a search takes and gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Mode = Literal["both", "meaning", "words"]
"""What is compared: all parts, the encoder's vectors alone, or words and identifiers alone (needs no encoder)."""


@dataclass(frozen=True, slots=True)
class Query:
    """What a person searches for; a text or a product to be close to is given.

    Attributes:
        text: words, a SKU, a model number.
        like: SKUs of products to be close to; a SKU alone finds similar products.
        unlike: SKUs of products to be far from.
        picture: the bytes of a picture's file, for products that look like it; words beside it count, too.
    """

    text: str = ""
    like: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    picture: bytes = field(default=b"", repr=False)

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to search by."""
        return not (self.text.strip() or self.like or self.picture)


@dataclass(frozen=True, slots=True)
class Hit:
    """A product of a result, with its score and what the score is made of.

    Attributes:
        row: position in the catalog.
        score: higher is closer; the exact sum of ``parts``.
        parts: contribution of each part, named as in ``Weights`` ("meaning", "words", …); with "exact match" only where
            the query is the product's SKU, GTIN, MPN or brand.
        closer_than: share of the catalog's random pairs with a lower score by the same setting, in [0, 1]; comparable
            between settings, models and catalogs (see ``ScoreCalibration``).
        rules: labels of the rules that moved it, see ``Rule.label``; empty without an ``Arrangement`` that has rules.
        moved: by how many places it stands higher (above 0) or lower than without boosts, pins and what was left out
            of the list.
        variants: SKUs of the products that it stands for beside itself, where the list shows families; see
            ``Arrangement.families``.
    """

    sku: str
    row: int
    title: str
    score: float
    parts: Mapping[str, float]
    closer_than: float
    rules: tuple[str, ...] = ()
    moved: int = 0
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first (equal scores keep catalog order) or as an ``Arrangement`` says, and how the search went.

    Attributes:
        exact: whether every allowed product was compared.
        took_ms: time from query to result.
        candidates: products whose exact score was computed.
        n_allowed: products that pass the filters.
        n_products: products in the catalog.
        note: a sentence to show, such as "“AC-100” is a SKU: that product comes first."; ``""`` for none.
        left_out: why products do not stand in the list, and how many; see ``left_out_text``.
        from_words, from_meaning, from_look: of the candidates, how many the indexes of words, texts' vectors and
            pictures proposed; a product that several propose counts in each, and all are 0 where every allowed product
            was compared.
        lacking: parts that have a weight, but that this catalog gives nothing of; the others share it. See
            ``lacking_note``.
        n_families: how many families the products that pass the filters are of, where the list shows families.
    """

    hits: tuple[Hit, ...]
    exact: bool
    took_ms: float
    candidates: int
    n_allowed: int
    n_products: int
    note: str = ""
    left_out: Mapping[str, int] = field(default_factory=dict)
    from_words: int = 0
    from_meaning: int = 0
    lacking: tuple[str, ...] = ()
    from_look: int = 0
    n_families: int | None = None


def rank_moves(before: Sequence[Hit], after: Sequence[Hit]) -> dict[str, int | None]:
    """Return by how many places each hit of ``after`` rose (above 0) or fell; ``None`` for a new one."""
    old = {hit.sku: rank for rank, hit in enumerate(before)}
    return {hit.sku: old[hit.sku] - rank if hit.sku in old else None for rank, hit in enumerate(after)}
