"""How well products fit their categories, each judged by others only.

A product's title is judged by a classifier that is fitted without it, and by the categories of its neighbours in the
full space. Its own vector holds the name of its category (see ``recipe``) and so speaks for the category it has;
therefore the title counts most, and neighbours count by how close their titles are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.index import Rows
from prodsim.lexical.occurrences import Occurrences
from prodsim.lexical.terms import runs
from prodsim.progress import SILENT, Progress
from prodsim.quality.categories.paths import judged_paths
from prodsim.quality.neighbour_pairs import PRODUCT_BATCH, neighbour_pairs
from prodsim.quality.statistics import Numbers
from prodsim.quality.subject import Subject

N_FILING_NEIGHBOURS = 20
"""Nearest products whose categories count."""
GRAM_SIZES = (1, 2, 3)
"""Characters of the n-grams that titles are read by."""
MAX_FEATURES = 4096
"""Columns; where there are more n-grams, common and rare ones share them, with random signs, which on average cancel
(Weinberger et al. 2009)."""
N_FILING_FOLDS = 5
"""The title of a product is judged by the products of the other folds."""
FILING_RIDGE = 1.0
CERTAIN_PROBABILITY = 0.95
"""Probability of another category from which a product does not count when all are judged again. ``FLOOR`` lets it be
reached among some 50 categories at most; where there are more, too many would be certain without being wrong."""
SHARPNESS_GRID = (2.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0)
"""Tried as the factor that makes the classifier's values probabilities."""
VOTE_TEMPERATURE = 0.1
"""A neighbour whose title is closer by this much in cosine counts e times as much."""
TITLE_SHARE = 0.8
"""What the title says counts four times what the neighbours say."""
FLOOR = 1e-3
"""Probability that neither can go below, so that one of them alone is not certain."""
PRIOR_PRODUCTS = 2
"""So many products as certain as the whole catalog's are added to each category for its threshold: the few of a small
category, some of which may be misfiled, show little."""


@dataclass(frozen=True, slots=True)
class Filing:
    """How well products fit their categories.

    Attributes:
        rows: int64, shape (m,): the products judged, ascending.
        categories: paths of the categories they are judged by.
        own: int64, shape (m,): the product's category.
        proposed: int64, shape (m,): the likeliest other category.
        doubt: shape (m,), 0 to 1: 1 - p / threshold, of the own category, but at least 0. A threshold is the mean
            probability that the products of a category have of being in it (Northcutt et al. 2021), drawn towards
            that of all products: it is low where categories are confused all the time.
        reach: shape (m,): p / threshold of the proposed category.
    """

    rows: Rows
    categories: Sequence[str]
    own: Rows
    proposed: Rows
    doubt: Numbers
    reach: Numbers


def judge_filing(subject: Subject, progress: Progress = SILENT) -> Filing:
    """Judge every product that has a category, by the others.

    Args:
        subject: the catalog; its graph must be of vectors in the full space.
        progress: advanced by products.
    """
    paths = judged_paths(subject.catalog.products["category"])
    rows = np.flatnonzero((paths != "").to_numpy())
    codes, names = pd.factorize(paths.iloc[rows], sort=True)
    own, n = np.asarray(codes, np.int64), len(names)
    if n < 2:
        progress.advance(len(paths))
        return Filing(rows, tuple(names), own, own, np.zeros(len(rows)), np.zeros(len(rows)))
    progress.check()
    features = title_features(subject.catalog.products["title"].iloc[rows].tolist())
    progress.check()
    closeness = _closeness(subject, rows, features, progress)
    guesses = _guess_categories(features, closeness, own, n, progress)
    sums, sizes = np.bincount(own, guesses.of_own, n), np.bincount(own, minlength=n)
    threshold = (sums + PRIOR_PRODUCTS * guesses.of_own.mean()) / (sizes + PRIOR_PRODUCTS)
    doubt = np.clip(1 - guesses.of_own / threshold[own], 0, 1)
    return Filing(rows, tuple(names), own, guesses.other, doubt, guesses.of_other / threshold[guesses.other])


def title_features(titles: Sequence[str]) -> Any:
    """Count character n-grams of words by TF-IDF: sparse float32, shape (n, at most MAX_FEATURES), rows of length 1.

    N-grams of one title only are left out: they say nothing about another. Short ones work for titles whose words are
    all new, and are few, so that the common ones have a column each.
    """
    from scipy.sparse import csr_array, diags_array

    runs_of = Occurrences.of(runs(title.lower()) for title in titles)
    grams_of = Occurrences.of(map(_grams, runs_of.distinct))
    counts = csr_array(runs_of.matrix()) @ csr_array(grams_of.matrix())
    counts.data[:] = 1
    common = np.bincount(counts.indices, minlength=len(grams_of.distinct))
    weights = np.where(common > 1, np.log((1 + len(titles)) / (1 + common)) + 1, 0)
    weighted = counts @ _columns(weights)
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return (diags_array(1 / np.maximum(lengths, 1e-6)) @ weighted).astype(np.float32)


def _grams(run: str) -> list[str]:
    """Return the n-grams of a run of letters, its ends marked."""
    marked = f" {run} "
    return [marked[start : start + size] for size in GRAM_SIZES for start in range(len(marked) - size + 1)]


def _columns(weights: Numbers) -> Any:
    """Put weighted n-grams into columns: sparse, shape (n-grams, columns); those of weight 0 into none."""
    from scipy.sparse import csr_array

    kept = np.flatnonzero(weights)
    kept = kept[np.argsort(weights[kept], kind="stable")]  # the commonest first: none of them shares with another
    n = min(len(kept), MAX_FEATURES)
    signs = np.random.default_rng(0).choice([-1, 1], len(kept))
    places = (kept, np.arange(len(kept)) % max(n, 1))
    return csr_array((weights[kept] * signs, places), shape=(len(weights), n), dtype=np.float32)


def _closeness(subject: Subject, rows: Rows, features: Any, progress: Progress) -> Any:
    """Weigh each product's neighbours by how close their titles are: sparse, shape (m, m)."""
    from scipy.sparse import csr_array

    place_of = np.full(len(subject.catalog), -1, np.int64)
    place_of[rows] = np.arange(len(rows))
    parts: list[tuple[Numbers, Rows, Rows]] = []
    for batch, products, neighbours in neighbour_pairs(subject, N_FILING_NEIGHBOURS, rows):
        mine, theirs = place_of[products], place_of[neighbours]
        mine, theirs = mine[theirs >= 0], theirs[theirs >= 0]
        cosines = np.asarray(features[mine].multiply(features[theirs]).sum(axis=1)).ravel()
        parts.append((np.exp(cosines / VOTE_TEMPERATURE), mine, theirs))
        progress.advance(len(batch))
    values, mine, theirs = (np.concatenate(each) for each in zip(*parts, strict=True))
    return csr_array((values, (mine, theirs)), shape=(len(rows), len(rows)))


@dataclass(frozen=True, slots=True)
class _Guesses:
    """What the titles and the neighbours together say about every product.

    Attributes:
        of_own: probability of its own category.
        other: the likeliest other category.
        of_other: probability of that.
    """

    of_own: Numbers
    other: Rows
    of_other: Numbers


def _guess_categories(features: Any, closeness: Any, own: Rows, n: int, progress: Progress) -> _Guesses:
    """Guess the category of every product twice: the second time without the products that are surely misfiled."""
    from scipy.sparse import csr_array, hstack

    rows = np.arange(len(own))
    filed = csr_array((np.ones(len(own), np.float32), (rows, own)), shape=(len(own), n))
    both, fold = hstack([features, filed], format="csr"), _deal_folds(own)
    equations = [_normal_equations(features, both, fold == k) for k in range(N_FILING_FOLDS)]
    progress.check()
    first = _combine(_TitleClassifier(features, own, fold, equations), closeness @ filed, own)
    # A misfiled product teaches the classifier, and tells its neighbours, that its wrong category is right. Where
    # several of a kind are misfiled together they vouch for each other. So the certain ones are taken out, and all
    # are judged once more.
    is_certain = first.of_other >= CERTAIN_PROBABILITY
    if not is_certain.any():
        return first
    for k, sums in enumerate(equations):
        # The equations are sums over products, so these can be subtracted: nothing is counted anew.
        sums -= _normal_equations(features, both, is_certain & (fold == k))
    progress.check()
    filed.data[is_certain] = 0
    return _combine(_TitleClassifier(features, own, fold, equations), closeness @ filed, own)


def _normal_equations(features: Any, both: Any, which: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Sum both sides of the normal equations of some products, shape (columns, columns + categories)."""
    return np.asarray((features[which].T @ both[which]).toarray(), np.float32)


def _combine(titles: "_TitleClassifier", votes: Any, own: Rows) -> _Guesses:
    """Multiply the probabilities by titles and by neighbours, each raised to its share."""
    guesses = _Guesses(np.empty(len(own)), np.empty(len(own), np.int64), np.empty(len(own)))
    for start in range(0, len(own), PRODUCT_BATCH):
        places = np.arange(start, min(start + PRODUCT_BATCH, len(own)))
        by_votes = votes[places].toarray()
        by_votes /= np.maximum(by_votes.sum(axis=1, keepdims=True), 1e-12)
        product = (titles.probabilities(places) + FLOOR) ** TITLE_SHARE * (by_votes + FLOOR) ** (1 - TITLE_SHARE)
        product /= product.sum(axis=1, keepdims=True)
        cells = np.arange(len(places)), own[places]
        guesses.of_own[places], product[cells] = product[cells], 0
        guesses.other[places], guesses.of_other[places] = product.argmax(axis=1), product.max(axis=1)
    return guesses


class _TitleClassifier:
    """A ridge classifier of titles; a product's categories are predicted by the products of the other folds.

    Args:
        equations: both sides of the normal equations of each fold.
    """

    def __init__(self, features: Any, own: Rows, fold: Rows, equations: Sequence[NDArray[np.float32]]) -> None:
        self._features, self._fold = features, fold
        total = reduce(np.add, equations)
        total[np.diag_indices(features.shape[1])] += FILING_RIDGE
        self._weights = [_solve(total - of_fold) for of_fold in equations]
        sample = np.random.default_rng(0).permutation(len(own))[:PRODUCT_BATCH]
        values = self._values(sample)
        self._sharpness = max(SHARPNESS_GRID, key=lambda factor: _likelihood(_softmax(values * factor), own[sample]))

    def probabilities(self, places: Rows) -> Numbers:
        """Return probabilities, shape (len(places), categories)."""
        return _softmax(self._values(places) * self._sharpness)

    def _values(self, places: Rows) -> Numbers:
        """Return the classifier's values, shape (len(places), categories)."""
        fold, values = self._fold[places], np.empty((len(places), self._weights[0].shape[1]))
        for k, weights in enumerate(self._weights):
            values[fold == k] = self._features[places[fold == k]] @ weights
        return values


def _solve(equations: NDArray[np.float32]) -> NDArray[np.float32]:
    """Solve normal equations: the weights, shape (columns, categories)."""
    from scipy.linalg import cho_factor, cho_solve

    n = len(equations)
    factor = cho_factor(equations[:, :n], overwrite_a=True, check_finite=False)
    return np.asarray(cho_solve(factor, equations[:, n:], check_finite=False))


def _deal_folds(own: Rows) -> Rows:
    """Return a fold for each product: those of a category are dealt out in random order."""
    shuffled = np.random.default_rng(0).permutation(len(own))
    order = shuffled[np.argsort(own[shuffled], kind="stable")]
    return np.argsort(order) % N_FILING_FOLDS


def _likelihood(probabilities: Numbers, own: Rows) -> float:
    """Return the mean log likelihood, where one label in twenty is random."""
    of_own = probabilities[np.arange(len(own)), own]
    return float(np.log(0.95 * of_own + 0.05 / probabilities.shape[1]).mean())


def _softmax(values: Numbers) -> Numbers:
    """Turn each row of values into probabilities."""
    exponentials = np.exp(values - values.max(axis=1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True), np.float64)
