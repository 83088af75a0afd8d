"""The questions a similarity answers worst, each with the scores that decided, as a table or a page."""

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
class Asked:
    """A query that was not answered by a partner first.

    Attributes:
        query: as it was searched by.
        wanted, found: SKUs of the partner of the highest grade, and of the first answer; ``""`` without any answer.
        rank: of the first partner, from 2; infinite when none was among the answers.
        ndcg: of the answers, in [0, 1].
    """

    query: Query
    wanted: str
    found: str
    rank: float
    ndcg: float


@dataclass(frozen=True, slots=True)
class Failure:
    """Why another product came before the wanted one.

    Attributes:
        query, wanted, found: the query's text, or SKU and title; ``found`` is ``""`` where nothing was.
        rank: of the first partner among the answers; ``None`` when it was not among them.
        ndcg: of the answers, in [0, 1].
        wanted_score, found_score: what the search gives the two; 0 where nothing was found.
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
        """How much higher the first answer's score is than the wanted one's."""
        return self.found_score - self.wanted_score

    @property
    def told(self) -> str:
        """Both scores and their parts in one line, largest part first."""
        found = f"found {_summed(self.found_score, self.found_parts)}; " if self.found else "nothing found; "
        return f"{found}wanted {_summed(self.wanted_score, self.wanted_parts)}"


def worst_failures(
    engine: SearchEngine, catalog: Catalog, asked: Sequence[Asked], weights: Weights
) -> tuple[Failure, ...]:
    """At most 20, worst first: by rank of the first partner, then nDCG, then how far the wanted one is behind.

    Among equals the order of ``asked`` is kept. Queries beyond ten answers are told apart by scores alone, because
    their exact ranks would take a comparison with every product.
    """
    parts = _parts(engine, asked, weights)
    scored = [_failure(catalog, one, wanted, found) for one, (wanted, found) in zip(asked, parts, strict=True)]
    scored.sort(key=lambda failure: (-(failure.rank or np.inf), failure.ndcg, -failure.behind))
    return tuple(scored[:N_FAILURES])


def failures_table(failures: Sequence[Failure]) -> pd.DataFrame:
    """A row per failure, in order: what was asked, wanted and found, rank, nDCG, both scores, and ``why`` in a line."""
    names = ("query", "wanted", "found", "rank", "ndcg", "wanted_score", "found_score")
    rows = [{name: getattr(failure, name) for name in names} | {"why": failure.told} for failure in failures]
    return pd.DataFrame(rows, columns=[*names, "why"]).astype({"rank": "Int64"})


def _parts(
    engine: SearchEngine, asked: Sequence[Asked], weights: Weights
) -> Iterator[tuple[dict[str, float], dict[str, float]]]:
    """What each part adds to the wanted and to the found product; texts are encoded together."""
    for one, prepared in zip(asked, engine.prepared_queries([one.query for one in asked], weights), strict=True):
        found = _parts_of(engine, prepared, one.found) if one.found else {}
        yield _parts_of(engine, prepared, one.wanted), found


def _parts_of(engine: SearchEngine, prepared: PreparedQuery, sku: str) -> dict[str, float]:
    return {name: float(part[0]) for name, part in prepared.parts(np.array([engine.lookup.row(sku)])).items()}


def _failure(catalog: Catalog, one: Asked, wanted: Mapping[str, float], found: Mapping[str, float]) -> Failure:
    return Failure(
        query=one.query.text or _told(catalog, one.query.like[0]),
        wanted=_told(catalog, one.wanted),
        found=_told(catalog, one.found) if one.found else "",
        rank=int(one.rank) if np.isfinite(one.rank) else None,
        ndcg=one.ndcg,
        wanted_score=sum(wanted.values()),
        found_score=sum(found.values()),
        wanted_parts=wanted,
        found_parts=found,
    )


def _told(catalog: Catalog, sku: str) -> str:
    return f"{sku}: {catalog.products['title'].iat[catalog.row_of[sku]]}"


def _summed(score: float, parts: Mapping[str, float]) -> str:
    largest = sorted(parts.items(), key=lambda part: -abs(part[1]))
    return f"{score:.3f}: {', '.join(f'{name} {value:+.3f}' for name, value in largest)}"
