"""Training pairs of texts that belong together, and the products that are held out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import Catalog, comparable_gtin
from prodsim.graph import NeighbourGraph
from prodsim.index import Rows
from prodsim.phrases import Text
from prodsim.progress import SILENT, Progress
from prodsim.search import SearchEngine
from prodsim.similarity import SAME_PRODUCT, Weights

MAYBE_SAME_SHARE = 0.9
"""Of the closest product's score by *same product*: from there on a neighbour may be the same, and does not compete."""
NEAR = 12
"""Neighbours of a product that compete with it."""

PAIR_SOURCES: Mapping[str, Text] = {
    "two views": Text("two overlapping halves of one text"),
    "description": Text("a title and the beginning of its description"),
    "same code": Text("two products with the same GTIN"),
    "twins": Text("two products that are each other's closest match by words, numbers and meaning"),
    "said to be the same": Text("two products that people judged to be the same"),
    "had together": Text("two products bought together or by the same shoppers"),
}
"""Source of training pairs to its description."""


@dataclass(frozen=True)
class TrainingPairs:
    """Texts that belong together.

    Attributes:
        a, b: texts, of equal length.
        row_a, row_b: the products they are of, int64, shape (n,).
        source: of ``PAIR_SOURCES``, one each.
    """

    a: Sequence[str]
    b: Sequence[str]
    row_a: Rows
    row_b: Rows
    source: Sequence[str]

    def __len__(self) -> int:
        return len(self.a)

    def __getitem__(self, chosen: NDArray[np.int64]) -> "TrainingPairs":
        """Return those at some positions."""
        a, b, source = ([one[i] for i in chosen.tolist()] for one in (self.a, self.b, self.source))
        return TrainingPairs(a, b, self.row_a[chosen], self.row_b[chosen], source)

    @classmethod
    def of(cls, texts: Sequence[str], others: Sequence[str], rows: Iterable[tuple[int, int]], source: str) -> Self:
        """Return the pairs of ``texts[i]`` and ``others[j]``."""
        numbers = np.array(list(rows), np.int64).reshape(-1, 2)
        a, b = numbers[:, 0], numbers[:, 1]
        return cls([texts[i] for i in a.tolist()], [others[j] for j in b.tolist()], a, b, [source] * len(a))

    @classmethod
    def joined(cls, several: Sequence["TrainingPairs"]) -> Self:
        """Join all of several."""
        rows = [np.concatenate([np.empty(0, np.int64), *(getattr(one, name) for one in several)]) for name in _ROWS]
        a, b, source = ([x for one in several for x in getattr(one, name)] for name in ("a", "b", "source"))
        return cls(a, b, rows[0], rows[1], source)

    def without(self, rows: Rows) -> "TrainingPairs":
        """Return those of which neither product is among some."""
        return self[np.flatnonzero(~(np.isin(self.row_a, rows) | np.isin(self.row_b, rows)))]

    def counts(self) -> dict[str, int]:
        """Count the pairs of each source."""
        return {name: n for name in PAIR_SOURCES if (n := self.source.count(name))}

    def table(self, catalog: Catalog) -> pd.DataFrame:
        """Return a table sku_a, sku_b, source, text_a, text_b."""
        skus = catalog.products["sku"].to_numpy()
        return pd.DataFrame(
            {
                "sku_a": skus[self.row_a],
                "sku_b": skus[self.row_b],
                "source": self.source,
                "text_a": self.a,
                "text_b": self.b,
            }
        )


_ROWS = ("row_a", "row_b")


@dataclass(frozen=True)
class Labels:
    """Known relations between products: judgements, decisions, or shared shoppers.

    Attributes:
        same, apart: rows of pairs that are the same product, and of pairs that are not, int64, shape (n, 2).
    """

    same: Rows
    apart: Rows

    @classmethod
    def of(cls, same: Iterable[tuple[int, int]], apart: Iterable[tuple[int, int]] = ()) -> Self:
        """Exclude pairs of rows; each pair once, the smaller row first."""
        return cls(_distinct(same), _distinct(apart))


def _distinct(pairs: Iterable[tuple[int, int]]) -> Rows:
    return np.array(sorted({(min(a, b), max(a, b)) for a, b in pairs if a != b}), np.int64).reshape(-1, 2)


def catalog_pairs(
    catalog: Catalog,
    engine: SearchEngine,
    texts: Sequence[str],
    descriptions: Sequence[str],
    progress: Progress = SILENT,
) -> TrainingPairs:
    """Return what the catalog gives without labels: views, descriptions, equal codes, twins."""
    first = np.sort(np.unique(np.array(texts, object).astype(str), return_index=True)[1])
    views = TrainingPairs.of(texts, texts, ((row, row) for row in first.tolist()), "two views")
    described = ((row, row) for row in first.tolist() if descriptions[row] and descriptions[row] not in texts[row])
    same = same_code(catalog)
    return TrainingPairs.joined(
        [
            views,
            TrainingPairs.of(texts, descriptions, described, "description"),
            TrainingPairs.of(texts, texts, same, "same code"),
            TrainingPairs.of(texts, texts, twins(engine, texts, progress), "twins"),
        ]
    )


def same_code(catalog: Catalog) -> list[tuple[int, int]]:
    """Pair products with one GTIN, each with the next one that has it."""
    codes = catalog.products["gtin"].map(comparable_gtin)
    own = codes[codes != ""]
    groups = (group.tolist() for _, group in own.index.to_series().groupby(own.to_numpy()) if len(group) > 1)
    return [pair for rows in groups for pair in pairwise(rows)]


def twins(engine: SearchEngine, texts: Sequence[str], progress: Progress = SILENT) -> list[tuple[int, int]]:
    """Pair products that are each other's nearest by *same product* and have different texts.

    Where labels tell, between 39 and 86 % of them are the same product; their score does not tell which.
    """
    table = engine.neighbours(1, Weights.preset(SAME_PRODUCT), progress=progress)
    row_of = engine.lookup.row
    nearest = {row_of(a): row_of(b) for a, b in zip(table["sku"], table["neighbour_sku"], strict=True)}
    return sorted((a, b) for a, b in nearest.items() if a < b and nearest.get(b) == a and texts[a] != texts[b])


class Counterexamples:
    """For a row, its nearest others by meaning that are surely another product, closest first; computed when called.

    A neighbour that is nearly as close by *same product* as the closest one may be the same product and is left out,
    unless it is labelled as another; one labelled as the same is left out, too.

    Args:
        engine: of the catalog.
        graph: of its vectors.
        rows: among which they are searched, ascending.
        labels: what is known.
    """

    def __init__(self, engine: SearchEngine, graph: NeighbourGraph, rows: Rows, labels: Labels) -> None:
        self._comparer, self._graph = engine.comparer, graph
        last_first = rows[::-1]
        groups = engine.comparer.index.group_of[last_first].tolist()
        self._member = dict(zip(groups, last_first.tolist(), strict=True))  # the first row of each vector
        self._same = partners_of(labels.same.tolist())
        self._apart = partners_of(labels.apart.tolist())

    def __call__(self, row: int) -> list[int]:
        """Return the counterexamples of a row, those that people judged first."""
        groups = self._graph.rows[self._comparer.index.group_of[row]].tolist()
        near = np.array([self._member[group] for group in groups if group in self._member], np.int64)
        scores = self._comparer.pair_scores(np.full(len(near), row), near, Weights.preset(SAME_PRODUCT))
        sure = near[scores < MAYBE_SAME_SHARE * scores.max(initial=0)][:NEAR].tolist()
        known, same = self._apart.get(row, []), self._same.get(row, [])
        return [*known, *(other for other in sure if other not in known and other not in same)]


def partners_of(pairs: Iterable[Sequence[int]]) -> dict[int, list[int]]:
    """Map each row to those it has a pair with, in the order of the pairs."""
    partners: dict[int, list[int]] = {}
    for a, b in pairs:
        partners.setdefault(a, []).append(b)
        partners.setdefault(b, []).append(a)
    return partners


def families(catalog: Catalog, pairs: TrainingPairs, labels: Labels, texts: Sequence[str]) -> NDArray[np.int64]:
    """Number the products, equally for those that a pair, a label, a variant group or an equal text links.

    So that a product is kept out together with all that would give it away.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    n = len(catalog)
    links = [np.stack([pairs.row_a, pairs.row_b], axis=1), labels.same]
    for values in (catalog.products["group_id"].to_numpy(object), np.array(texts, object)):
        codes, _ = pd.factorize(values)
        codes[values == ""] = -1
        # Equal values are linked as a chain: n links join a group as well as all of its pairs would.
        order = np.argsort(codes, kind="stable")
        linked = (codes[order][1:] == codes[order][:-1]) & (codes[order][1:] >= 0)
        links.append(np.stack([order[:-1][linked], order[1:][linked]], axis=1))
    every = np.concatenate(links)
    matrix = csr_array((np.ones(len(every)), (every[:, 0], every[:, 1])), shape=(n, n))
    return np.asarray(connected_components(matrix, directed=False)[1], np.int64)


def keep_out(family: NDArray[np.int64], share: float, seed: int) -> Rows:
    """Return the products of families drawn one after the other, a share of all at most, ascending.

    A family that is too large is passed over, the largest one in any case; if all are, the smallest one is drawn.
    """
    names, sizes = np.unique(family, return_counts=True)
    order = np.random.default_rng(seed).permutation(np.argsort(-sizes, kind="stable")[1:])
    left, drawn = share * len(family), list[int]()
    for place in order.tolist():
        if sizes[place] <= left:
            left -= sizes[place]
            drawn.append(place)
    if not drawn and len(order):
        drawn.append(min(order.tolist(), key=lambda place: sizes[place]))
    return np.flatnonzero(np.isin(family, names[drawn]))
