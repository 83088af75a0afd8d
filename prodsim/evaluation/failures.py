"""The queries with the worst results, each with the scores that decided, as a table or a page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from prodsim.catalog import Catalog
from prodsim.search import Query, SearchEngine
from prodsim.search.prepared_query import PreparedQuery
from prodsim.similarity import Weights

N_FAILURES = 20


@dataclass(frozen=True, slots=True)
class FailedQuery:
    """A query whose first hit is no partner.

    Attributes:
        query: of the search.
        wanted, first: SKUs of the partner of the highest grade, and of the first hit; ``""`` without any hit.
        rank: of the first partner, from 2; infinite when none was among the hits.
        ndcg: of the hits, in [0, 1].
    """

    query: Query
    wanted: str
    first: str
    rank: float
    ndcg: float


@dataclass(frozen=True, slots=True)
class Failure:
    """Why another product came before the wanted one.

    Attributes:
        query, wanted, found: the query's text, or SKU and title; ``found``, the first hit, is ``""`` without hits.
        rank: of the first partner among the hits; ``None`` when it was not among them.
        ndcg: of the hits, in [0, 1].
        wanted_score, found_score: what the search gives the two; 0 without hits.
        wanted_parts, found_parts: what each part adds; together the score.
    """

    query: str
    wanted: str
    found: str
    rank: int | None
    ndcg: float
    wanted_score: float
    found_score: float
    wanted_parts: Mapping[str, float]
    found_parts: Mapping[str, float]

    @property
    def behind(self) -> float:
        """Return how much higher the score of the first hit is than that of the wanted product."""
        return self.found_score - self.wanted_score

    @property
    def scores_line(self) -> str:
        """Write both scores and their parts in one line, largest part first."""
        first = f"first {_summed(self.found_score, self.found_parts)}" if self.found else "no hit"
        return f"{first}; wanted {_summed(self.wanted_score, self.wanted_parts)}"


def worst_failures(
    engine: SearchEngine, catalog: Catalog, queries: Sequence[FailedQuery], weights: Weights
) -> tuple[Failure, ...]:
    """Return at most 20, worst first: by rank of the first partner, then nDCG, then how far the wanted one is behind.

    Among equals the order of ``queries`` is kept. Where no partner is among the ten hits, scores alone decide, because
    exact ranks would take a comparison with every product.
    """
    parts = _parts(engine, queries, weights)
    scored = [_failure(catalog, failed, wanted, first) for failed, (wanted, first) in zip(queries, parts, strict=True)]
    scored.sort(key=lambda failure: (-(failure.rank or np.inf), failure.ndcg, -failure.behind))
    return tuple(scored[:N_FAILURES])


def failures_table(failures: Sequence[Failure]) -> pd.DataFrame:
    """Return a row per failure, in order: query, wanted and first product, rank, nDCG, both scores, and ``why``."""
    names = ("query", "wanted", "found", "rank", "ndcg", "wanted_score", "found_score")
    rows = [{name: getattr(failure, name) for name in names} | {"why": failure.scores_line} for failure in failures]
    return pd.DataFrame(rows, columns=[*names, "why"]).astype({"rank": "Int64"})


def _parts(
    engine: SearchEngine, queries: Sequence[FailedQuery], weights: Weights
) -> Iterator[tuple[dict[str, float], dict[str, float]]]:
    """Yield what each part adds to the wanted product and to the first hit; texts are encoded together."""
    prepared_queries = engine.prepared_queries([failed.query for failed in queries], weights)
    for failed, prepared in zip(queries, prepared_queries, strict=True):
        first = _parts_of(engine, prepared, failed.first) if failed.first else {}
        yield _parts_of(engine, prepared, failed.wanted), first


def _parts_of(engine: SearchEngine, prepared: PreparedQuery, sku: str) -> dict[str, float]:
    return {name: float(part[0]) for name, part in prepared.parts(np.array([engine.lookup.row(sku)])).items()}


def _failure(catalog: Catalog, failed: FailedQuery, wanted: Mapping[str, float], first: Mapping[str, float]) -> Failure:
    return Failure(
        query=failed.query.text or _sku_and_title(catalog, failed.query.like[0]),
        wanted=_sku_and_title(catalog, failed.wanted),
        found=_sku_and_title(catalog, failed.first) if failed.first else "",
        rank=int(failed.rank) if np.isfinite(failed.rank) else None,
        ndcg=failed.ndcg,
        wanted_score=sum(wanted.values()),
        found_score=sum(first.values()),
        wanted_parts=wanted,
        found_parts=first,
    )


def _sku_and_title(catalog: Catalog, sku: str) -> str:
    return f"{sku}: {catalog.products['title'].iat[catalog.row_of[sku]]}"


def _summed(score: float, parts: Mapping[str, float]) -> str:
    largest = sorted(parts.items(), key=lambda part: -abs(part[1]))
    return f"{score:.3f}: {', '.join(f'{name} {value:+.3f}' for name, value in largest)}"
