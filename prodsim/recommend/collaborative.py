"""What everybody did, as numbers that recommend: factors, products in common, baskets, what is liked."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from prodsim.extras import optional_packages
from prodsim.index import Rows
from prodsim.progress import SILENT, Progress
from prodsim.recommend.user_profile import UserProfile

FACTORS = 16
"""Of a product; more remember single shoppers where there are few."""
ROUNDS = 15
CONFIDENCE = 10.0
"""How much surer a product in a history is liked than others are not (Hu, Koren and Volinsky 2008)."""
DAMPING = 0.05
SURE = 2.0
"""Baskets that hold two products at which half of their cosine counts: one basket tells little."""
PER_PRODUCT = 100
"""Products in common that are kept of each."""

if TYPE_CHECKING:
    from scipy.sparse import csr_array, csr_matrix

Scores = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class CollaborativeModel:
    """Learned of all histories.

    Attributes:
        factors: float32, shape (n_products, ``FACTORS``); a product nobody had is all 0.
        together: cosine of the sets of shoppers of two products, ``PER_PRODUCT`` of each.
        baskets: the same of the sets of baskets bought, times n / (n + ``SURE``) where n baskets hold both.
        shoppers: int64, shape (n_products,), how many had it.
    """

    factors: NDArray[np.float32]
    together: "csr_array"
    baskets: "csr_array"
    shoppers: NDArray[np.int64]

    @classmethod
    def learn(
        cls, tastes: Sequence[UserProfile], baskets: Sequence[Rows], n_products: int, progress: Progress = SILENT
    ) -> Self:
        """Learn of tastes, and of the products of each basket; the same input gives the same result.

        ``implicit`` does the learning: alternating least squares, and item-item cosine.
        """
        with optional_packages():
            from implicit.als import AlternatingLeastSquares  # only learning pays
            from implicit.nearest_neighbours import CosineRecommender
        from threadpoolctl import threadpool_limits

        had = matrix_of([taste.rows for taste in tastes], n_products)
        bought = matrix_of(baskets, n_products)
        with threadpool_limits(1, "blas"):  # implicit has threads of its own
            progress.step("shoppers alike", ROUNDS, "rounds")
            model = AlternatingLeastSquares(
                factors=FACTORS, regularization=DAMPING, alpha=CONFIDENCE, iterations=ROUNDS, random_state=0
            )
            fit(model, had, callback=lambda *_: progress.advance())
            progress.step("products in common", 2)
            found = []
            for matrix in (had, bought):
                neighbours = CosineRecommender(K=PER_PRODUCT + 1)
                fit(neighbours, matrix)
                found.append(_without_itself(neighbours.similarity))
                progress.advance()
        together, baskets = found
        return cls(
            np.asarray(model.item_factors, np.float32), together, _surely(baskets, _counts(bought)), _counts(had)
        )

    def alike(self, taste: UserProfile) -> Scores:
        """How well products fit what shoppers alike had, shape (n_products,): the folded-in factors of the taste.

        Hu, Koren and Volinsky 2008, equation 4, with the taste's weights as how often a product was had.
        """
        own = self.factors[taste.rows]
        confidence = CONFIDENCE * taste.weights * len(taste)
        gram = self._gram + (own.T * confidence) @ own + DAMPING * np.eye(FACTORS, dtype=np.float32)
        return np.asarray(self.factors @ np.linalg.solve(gram, own.T @ (1 + confidence)), np.float32)

    def in_common(self, taste: UserProfile) -> Scores:
        """Sum over the taste of the cosines of shoppers in common, shape (n_products,)."""
        return _spread(self.together, taste)

    def bought_with(self, taste: UserProfile) -> Scores:
        """Sum over the taste of the cosines of baskets in common, shape (n_products,)."""
        return _spread(self.baskets, taste)

    @property
    def liked(self) -> Scores:
        """The logarithm of how many shoppers had each product, shape (n_products,)."""
        return np.log1p(self.shoppers).astype(np.float32)

    def save(self, folder: Path) -> None:
        """Write all into a folder."""
        from scipy.sparse import save_npz

        np.save(folder / "factors.npy", self.factors)
        np.save(folder / "shoppers.npy", self.shoppers)
        save_npz(folder / "together.npz", self.together)
        save_npz(folder / "baskets.npz", self.baskets)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what ``save`` wrote."""
        from scipy.sparse import csr_array, load_npz

        together, baskets = (csr_array(load_npz(folder / f"{name}.npz")) for name in ("together", "baskets"))
        return cls(np.load(folder / "factors.npy"), together, baskets, np.load(folder / "shoppers.npy"))

    @cached_property
    def _gram(self) -> NDArray[np.float32]:
        return np.asarray(self.factors.T @ self.factors, np.float32)


def fit(model: Any, matrix: "csr_matrix", **options: Any) -> None:
    """Fit a model of implicit, without its warnings of the matrices that it passes to itself."""
    with optional_packages():
        from implicit.utils import ParameterWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ParameterWarning)
        model.fit(matrix, show_progress=False, **options)


def matrix_of(rows: Sequence[Rows], n_products: int) -> "csr_matrix":
    """1 where a history or basket holds a product."""
    from scipy.sparse import csr_matrix  # only recommending pays for scipy

    lengths = np.array([len(one) for one in rows], np.int64)
    where = np.concatenate([np.empty(0, np.int64), *rows])
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    return csr_matrix((np.ones(len(where), np.float32), where, indptr), shape=(len(rows), n_products))


def _counts(matrix: "csr_matrix") -> NDArray[np.int64]:
    """How many histories or baskets hold each product."""
    return np.asarray(np.diff(matrix.tocsc().indptr), np.int64)


def _surely(cosines: "csr_array", counts: NDArray[np.int64]) -> "csr_array":
    """Cosines of sets, less where few are in both; how many are follows from the cosine and the sizes."""
    rows = np.repeat(np.arange(cosines.shape[0]), np.diff(cosines.indptr))
    both = cosines.data * np.sqrt(counts[rows] * counts[cosines.indices])
    cosines.data *= np.asarray(both / (both + SURE), np.float32)
    return cosines


def _without_itself(similarity: "csr_matrix") -> "csr_array":
    from scipy.sparse import csr_array

    found = csr_array(similarity, dtype=np.float32)
    rows = np.repeat(np.arange(found.shape[0]), np.diff(found.indptr))
    found.data[found.indices == rows] = 0
    found.eliminate_zeros()
    return found


def _spread(similarity: "csr_array", taste: UserProfile) -> Scores:
    """The taste's weighted sum of rows of a sparse matrix."""
    found = np.zeros(similarity.shape[0], np.float32)
    for row, weight in zip(taste.rows.tolist(), taste.weights.tolist(), strict=True):
        start, end = similarity.indptr[row], similarity.indptr[row + 1]
        found[similarity.indices[start:end]] += weight * similarity.data[start:end]
    return found
