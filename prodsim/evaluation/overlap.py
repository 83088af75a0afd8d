"""How far the results of two settings differ."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from prodsim.errors import CatalogError
from prodsim.evaluation.evaluate import K
from prodsim.evaluation.sides import Estimate, Side, estimate, hits_of
from prodsim.phrases import phrase
from prodsim.progress import SILENT, Progress
from prodsim.search import Hit, Query

PERSISTENCE = 0.9
"""How likely a reader of one rank reads the next, in rank-biased overlap: the first ten ranks hold most of it."""


@dataclass(frozen=True, slots=True)
class RankedHit:
    """A hit with its rank from 1, and its rank on the other side; None where it is not among the k there."""

    hit: Hit
    rank: int
    rank_there: int | None


@dataclass(frozen=True, slots=True)
class ComparedProduct:
    """The results of both sides for a product.

    Attributes:
        sku, title: the product searched by.
        a, b: the k hits of each side, best first.
        overlap: share of the longer list that both have in common, in [0, 1].
        rbo: see ``rank_biased_overlap``.
    """

    sku: str
    title: str
    a: tuple[RankedHit, ...]
    b: tuple[RankedHit, ...]
    overlap: float
    rbo: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """How far two settings differ.

    Attributes:
        k: hits per product.
        overlap, rbo: over the products; 1 where both sides always return the same (rbo: in the same order).
        products: what moved most first: least rbo first, equal ones in the order given.
        left_out: SKUs given that one of the catalogs lacks.
        n_foreign: hits shown that the other catalog lacks, so that they cannot be in common.
    """

    k: int
    overlap: Estimate
    rbo: Estimate
    products: tuple[ComparedProduct, ...]
    left_out: tuple[str, ...]
    n_foreign: int


def compare_settings(a: Side, b: Side, skus: Sequence[str], k: int = K, progress: Progress = SILENT) -> Comparison:
    """Search both sides by the same products, and compare the k closest to each.

    Args:
        a: one side.
        b: the other.
        skus: products to search by, such as ``sample_skus`` gives.
        k: hits per product.
        progress: advanced by queries, in two steps.

    Raises:
        CatalogError: no product is in both catalogs.
    """
    shared = [sku for sku in dict.fromkeys(skus) if sku in a.catalog.row_of and sku in b.catalog.row_of]
    if not shared:
        raise CatalogError(
            phrase("None of these products is in both catalogs."), phrase("Compare catalogs with SKUs in common.")
        )
    hits_a, hits_b = (hits_of(side, [Query(like=(sku,)) for sku in shared], k, progress) for side in (a, b))
    products = [_compared(a, *both) for both in zip(shared, hits_a, hits_b, strict=True)]
    return Comparison(
        k=k,
        overlap=estimate(np.array([product.overlap for product in products])),
        rbo=estimate(np.array([product.rbo for product in products])),
        products=tuple(sorted(products, key=lambda product: product.rbo)),
        left_out=tuple(sku for sku in dict.fromkeys(skus) if sku not in set(shared)),
        n_foreign=_n_foreign(hits_a, b.catalog.row_of) + _n_foreign(hits_b, a.catalog.row_of),
    )


def rank_biased_overlap(ranking: Sequence[str], other: Sequence[str], p: float = PERSISTENCE) -> float:
    """Return how similar two rankings are, in [0, 1]; the first ranks count most.

    RBO_ext of Webber, Moffat and Zobel 2010, equation 32. With L the longer list (length l), S the shorter (length s)
    and X_d what the first d of both have in common::

        (1 - p) / p * (sum_{d=1..l} X_d / d * p^d  +  sum_{d=s+1..l} X_s (d - s) / (s d) * p^d)
            + ((X_l - X_s) / l + X_s / s) * p^l

    It assumes that what follows agrees as the lists did. Two empty lists are equal (1); an empty one
    and another are not (0).

    Raises:
        ValueError: p is not between 0 and 1.
    """
    if not 0 < p < 1:
        raise ValueError(f"p must be between 0 and 1, got {p}")
    short, long = sorted((list(ranking), list(other)), key=len)
    if not short:
        return float(not long)
    n_short, n_long = len(short), len(long)
    depth = np.arange(1, n_long + 1)
    common = np.array([len(set(long[:d]) & set(short[:d])) for d in depth], np.float64)
    at_short, at_long = common[n_short - 1], common[-1]
    beyond = at_short * np.maximum(depth - n_short, 0) / (n_short * depth)
    agreed = float(((common / depth + beyond) * p**depth).sum())
    return (1 - p) / p * agreed + float((at_long - at_short) / n_long + at_short / n_short) * p**n_long


def _compared(a: Side, sku: str, hits_a: Sequence[Hit], hits_b: Sequence[Hit]) -> ComparedProduct:
    skus_a, skus_b = [hit.sku for hit in hits_a], [hit.sku for hit in hits_b]
    longest = max(len(skus_a), len(skus_b))
    return ComparedProduct(
        sku=sku,
        title=str(a.catalog.products["title"].iloc[a.catalog.row_of[sku]]),
        a=_ranked(hits_a, skus_b),
        b=_ranked(hits_b, skus_a),
        overlap=len({*skus_a} & {*skus_b}) / longest if longest else 1.0,
        rbo=rank_biased_overlap(skus_a, skus_b),
    )


def _ranked(hits: Sequence[Hit], there: Sequence[str]) -> tuple[RankedHit, ...]:
    ranks = {sku: rank for rank, sku in enumerate(there, 1)}
    return tuple(RankedHit(hit, rank, ranks.get(hit.sku)) for rank, hit in enumerate(hits, 1))


def _n_foreign(results: Sequence[Sequence[Hit]], known: Collection[str]) -> int:
    return sum(hit.sku not in known for hits in results for hit in hits)
