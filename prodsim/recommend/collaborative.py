"""What all shoppers did, as a model that recommends: factors, shared shoppers, shared baskets, popularity."""

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

N_FACTORS = 16
"""Latent factors per product; with few shoppers, more of them only memorise single people."""
ALS_ROUNDS = 15
ALS_CONFIDENCE = 10.0
"""How much surer a product in a history is liked than others are not (Hu, Koren and Volinsky 2008)."""
ALS_REGULARIZATION = 0.05
BASKET_SHRINKAGE = 2.0
"""With this many shared baskets half of the cosine counts: a single basket is weak evidence."""
N_CO_OCCURRING = 100
"""Co-occurring products that are kept for each product."""

if TYPE_CHECKING:
    from scipy.sparse import csr_array, csr_matrix

Scores = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class CollaborativeModel:
    """A collaborative-filtering model of all histories.

    Attributes:
        factors: float32, shape (n_products, ``N_FACTORS``); all 0 for a product without shoppers.
        co_shoppers: cosine of the sets of shoppers of two products, ``N_CO_OCCURRING`` per product.
        baskets: cosine of the sets of baskets, times n / (n + ``BASKET_SHRINKAGE``) where n baskets hold both.
        shoppers: int64, shape (n_products,), the number of shoppers of each product.
    """

    factors: NDArray[np.float32]
    co_shoppers: "csr_array"
    baskets: "csr_array"
    shoppers: NDArray[np.int64]

    @classmethod
    def learn(
        cls, profiles: Sequence[UserProfile], baskets: Sequence[Rows], n_products: int, progress: Progress = SILENT
    ) -> Self:
        """Learn from profiles and from the products of each basket; the same input gives the same result.

        ``implicit`` does the learning: alternating least squares, and item-item cosine.
        """
        with optional_packages():
            from implicit.als import AlternatingLeastSquares  # only learning pays
            from implicit.nearest_neighbours import CosineRecommender
        from threadpoolctl import threadpool_limits

        had = matrix_of([profile.rows for profile in profiles], n_products)
        bought = matrix_of(baskets, n_products)
        with threadpool_limits(1, "blas"):  # implicit has threads of its own
            progress.step("shoppers alike", ALS_ROUNDS, "rounds")
            model = AlternatingLeastSquares(
                factors=N_FACTORS,
                regularization=ALS_REGULARIZATION,
                alpha=ALS_CONFIDENCE,
                iterations=ALS_ROUNDS,
                random_state=0,
            )
            fit(model, had, callback=lambda *_: progress.advance())
            progress.step("products in common", 2)
            cosines = []
            for matrix in (had, bought):
                neighbours = CosineRecommender(K=N_CO_OCCURRING + 1)
                fit(neighbours, matrix)
                cosines.append(_off_diagonal(neighbours.similarity))
                progress.advance()
        co_shoppers, baskets = cosines
        return cls(
            np.asarray(model.item_factors, np.float32), co_shoppers, _shrunk(baskets, _counts(bought)), _counts(had)
        )

    def als_scores(self, profile: UserProfile) -> Scores:
        """Return the ALS score of each product for this profile, shape (n_products,), by folding the profile in.

        Hu, Koren and Volinsky 2008, equation 4, with the profile's weights in place of counts.
        """
        own = self.factors[profile.rows]
        confidence = ALS_CONFIDENCE * profile.weights * len(profile)
        gram = self._gram + (own.T * confidence) @ own + ALS_REGULARIZATION * np.eye(N_FACTORS, dtype=np.float32)
        return np.asarray(self.factors @ np.linalg.solve(gram, own.T @ (1 + confidence)), np.float32)

    def co_shopper_scores(self, profile: UserProfile) -> Scores:
        """Return the sum over the profile of the cosines of shared shoppers, shape (n_products,)."""
        return _weighted_sum(self.co_shoppers, profile)

    def co_basket_scores(self, profile: UserProfile) -> Scores:
        """Return the sum over the profile of the cosines of shared baskets, shape (n_products,)."""
        return _weighted_sum(self.baskets, profile)

    @property
    def popularity(self) -> Scores:
        """Return the logarithm of the number of shoppers of each product, shape (n_products,)."""
        return np.log1p(self.shoppers).astype(np.float32)

    def save(self, folder: Path) -> None:
        """Write all into a folder."""
        from scipy.sparse import save_npz

        np.save(folder / "factors.npy", self.factors)
        np.save(folder / "shoppers.npy", self.shoppers)
        save_npz(folder / "together.npz", self.co_shoppers)
        save_npz(folder / "baskets.npz", self.baskets)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what ``save`` wrote."""
        from scipy.sparse import csr_array, load_npz

        co_shoppers, baskets = (csr_array(load_npz(folder / f"{name}.npz")) for name in ("together", "baskets"))
        return cls(np.load(folder / "factors.npy"), co_shoppers, baskets, np.load(folder / "shoppers.npy"))

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
    """Return a matrix with 1 where a history or basket holds a product, shape (len(rows), n_products)."""
    from scipy.sparse import csr_matrix  # only recommending pays for scipy

    lengths = np.array([len(products) for products in rows], np.int64)
    where = np.concatenate([np.empty(0, np.int64), *rows])
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    return csr_matrix((np.ones(len(where), np.float32), where, indptr), shape=(len(rows), n_products))


def _counts(matrix: "csr_matrix") -> NDArray[np.int64]:
    """Return the number of histories or baskets that hold each product."""
    return np.asarray(np.diff(matrix.tocsc().indptr), np.int64)


def _shrunk(cosines: "csr_array", counts: NDArray[np.int64]) -> "csr_array":
    """Shrink cosines of sets towards 0 where the sets share few members."""
    # The size of the intersection is not kept, but follows from the cosine and the sizes of both sets.
    rows = np.repeat(np.arange(cosines.shape[0]), np.diff(cosines.indptr))
    both = cosines.data * np.sqrt(counts[rows] * counts[cosines.indices])
    cosines.data *= np.asarray(both / (both + BASKET_SHRINKAGE), np.float32)
    return cosines


def _off_diagonal(similarity: "csr_matrix") -> "csr_array":
    from scipy.sparse import csr_array

    others = csr_array(similarity, dtype=np.float32)
    rows = np.repeat(np.arange(others.shape[0]), np.diff(others.indptr))
    others.data[others.indices == rows] = 0
    others.eliminate_zeros()
    return others


def _weighted_sum(similarity: "csr_array", profile: UserProfile) -> Scores:
    """Return the sum of a sparse matrix's rows, weighted by the profile."""
    scores = np.zeros(similarity.shape[0], np.float32)
    for row, weight in zip(profile.rows.tolist(), profile.weights.tolist(), strict=True):
        start, end = similarity.indptr[row], similarity.indptr[row + 1]
        scores[similarity.indices[start:end]] += weight * similarity.data[start:end]
    return scores
