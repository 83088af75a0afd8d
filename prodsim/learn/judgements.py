"""Judgements as the numbers that weights are learned from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from prodsim.errors import QueryError
from prodsim.index import Rows
from prodsim.records import Judgement
from prodsim.search import Query, SearchEngine
from prodsim.similarity import Weights

MIN_MATCH_GRADE = 0.5
"""Grade from which a judgement counts as a good match, for metrics that know only yes and no."""
NAMES = tuple(Weights.preset("overall").as_dict())

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement of one product as a result of a query.

    Attributes:
        query: SKU of the query product, or the query text.
        sku: the result.
        grade: in [0, 1]; 1 is a good match, 0 a bad match.
        is_text: whether ``query`` is a text; a text that names a product counts as that product, as in a search.
    """

    query: str
    sku: str
    grade: float
    is_text: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.grade <= 1:
            raise ValueError(f"grade must be in [0, 1], got {self.grade}")

    @classmethod
    def of(cls, judgement: Judgement) -> Self:
        """Return a recorded judgement, with the first product or the text as the query."""
        return cls(judgement.query or judgement.sku_a, judgement.sku_b, judgement.grade, bool(judgement.query))


@dataclass(frozen=True, slots=True)
class Judgements:
    """Judgements as numbers, one per row.

    Attributes:
        ends: int64, shape (n, 2): the query and the result, as numbers of products or texts.
        parts: float64, shape (n, len(NAMES)); 0 where a part has no value.
        known: bool, the same shape: the parts that a search of this kind compares by.
        is_text: bool, shape (n,).
        grade: float64, shape (n,).
    """

    ends: Rows
    parts: Values
    known: NDArray[np.bool_]
    is_text: NDArray[np.bool_]
    grade: Values

    def __len__(self) -> int:
        return len(self.grade)

    def __getitem__(self, rows: NDArray[np.bool_]) -> "Judgements":
        return Judgements(self.ends[rows], self.parts[rows], self.known[rows], self.is_text[rows], self.grade[rows])

    @property
    def together(self) -> NDArray[np.bool_]:
        """Return whether the grade is at least ``MIN_MATCH_GRADE``."""
        return self.grade >= MIN_MATCH_GRADE

    @property
    def of_each_kind(self) -> tuple[int, int]:
        """Return the numbers of good and of bad matches."""
        return int(self.together.sum()), int((~self.together).sum())

    def score(self, weights: Values) -> Values:
        """Return the score that a search shows: the mean of the known parts by their weights."""
        return np.asarray(self.parts @ weights / np.maximum(self.known @ weights, 1e-9))


def read_judgements(engine: SearchEngine, judged: Sequence[Judged]) -> tuple[Judgements, int]:
    """Return the usable judgements as numbers, those of product queries first, and how many cannot be used."""
    by_product: list[tuple[int, int, float]] = []
    by_text: dict[str, list[tuple[int, float]]] = {}
    for judgement in judged:
        query = Query(text=judgement.query) if judgement.is_text else Query(like=(judgement.query,))
        try:
            row = engine.lookup.row(judgement.sku)
            rows, text = engine.lookup.resolve(query)
        except QueryError:
            continue
        if text:
            by_text.setdefault(text, []).append((row, judgement.grade))
        elif rows and rows[0] != row:
            by_product.append((rows[0], row, judgement.grade))
    data = _as_numbers(engine, by_product, by_text)
    return data, len(judged) - len(data)


def _as_numbers(
    engine: SearchEngine, by_product: list[tuple[int, int, float]], by_text: Mapping[str, list[tuple[int, float]]]
) -> Judgements:
    """Return judgements as numbers; texts are numbered after all products."""
    comparer, n_products = engine.comparer, len(engine.comparer.index)
    a = np.array([query for query, _, _ in by_product], np.int64)
    b = np.array([result for _, result, _ in by_product], np.int64)
    ends, grades = [np.column_stack([a, b])], [grade for _, _, grade in by_product]
    parts_of = [(len(a), comparer.pair_parts(a, b))]
    vectors = dict(zip(by_text, engine.encode(list(by_text)), strict=True)) if by_text else {}
    for place, (text, answers) in enumerate(by_text.items()):
        rows = np.array([row for row, _ in answers], np.int64)
        ends.append(np.column_stack([np.full(len(rows), n_products + place), rows]))
        grades += [grade for _, grade in answers]
        parts_of.append((len(rows), comparer.text_parts(text, vectors[text][None], rows)))
    parts = np.vstack([np.column_stack([of.get(name, np.full(n, np.nan)) for name in NAMES]) for n, of in parts_of])
    every = np.vstack(ends)
    return Judgements(
        every,
        np.nan_to_num(parts).astype(np.float64),
        np.isfinite(parts),
        every[:, 0] >= n_products,
        np.array(grades),
    )
