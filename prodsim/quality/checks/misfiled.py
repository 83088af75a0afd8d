"""Products that are filed in a category where they do not belong.

Each product is judged by others only: its title by a classifier that is fitted without it, and by the categories of
its neighbours in the full space. Its own vector holds the name of its category (see ``recipe``) and so speaks for the
category it has; therefore the title counts most, and neighbours count by how close their titles are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.findings import Finding
from prodsim.index import Rows
from prodsim.lexical.occurrences import Occurrences
from prodsim.lexical.terms import runs
from prodsim.progress import SILENT, Progress
from prodsim.quality.neighbour_pairs import CHUNK, neighbour_pairs
from prodsim.quality.statistics import Numbers, surest_first
from prodsim.quality.subject import Level, Subject
from prodsim.quality.text.wording import is_placeholder

SEPARATOR = " > "
"""Between the levels of a category path."""

LEAST: Mapping[Level, float] = {"strict": 0.98, "usual": 0.95, "loose": 0.8}
"""Doubt from which on a product is told as misfiled."""
REACH: Mapping[Level, float] = {"strict": 1.0, "usual": 0.5, "loose": 0.25}
"""What the proposed category must reach for that, over its threshold; half of its own products do not reach 1."""
FEWEST = 4
"""Products that a category needs to be judged; a smaller one counts as its parent."""
NEIGHBOURS = 20
PROOFS = 5
"""Neighbours that a finding names."""
SIZES = (1, 2, 3)
"""Characters of the n-grams that titles are read by."""
BUCKETS = 4096
"""Columns; where there are more n-grams, common and rare ones share them, with random signs, which on average cancel
(Weinberger et al. 2009)."""
PARTS = 5
"""The title of a product is judged by the products of the other parts."""
RIDGE = 1.0
SURE = 0.95
"""Probability of another category from which on a product does not count when all are judged again. ``FLOOR`` lets it
be reached among some 50 categories at most; where there are more, too many would be sure without being wrong."""
SHARPNESS = (2.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0)
"""Tried as the factor that makes the classifier's values probabilities."""
WARMTH = 0.1
"""A neighbour whose title is closer by this much in cosine counts e times as much."""
TITLE_SHARE = 0.8
"""What the title says counts four times what the neighbours say."""
FLOOR = 1e-3
"""Probability that neither can go below, so that one of them alone is not certain."""
TYPICAL = 2
"""So many products as certain as the whole catalog's are added to each category for its threshold: the few of a small
one, some of which may be misfiled, tell little."""


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


def check_misfiled(subject: Subject, progress: Progress) -> Sequence[Finding]:
    """Find products in a category that is not theirs, and propose one."""
    filing = judge_filing(subject, progress)
    titles = subject.catalog.products["title"].tolist()
    found = np.flatnonzero(is_misfiled(filing, subject.level)).tolist()
    # A placeholder reads like the other placeholders, wherever these are.
    findings = (_finding(subject, filing, at) for at in found if not is_placeholder(titles[filing.rows[at]]))
    return surest_first(filter(None, findings))


def is_misfiled(filing: Filing, level: Level) -> NDArray[np.bool_]:
    """Whether each of the products judged is told, shape (m,)."""
    return np.asarray((filing.doubt >= LEAST[level]) & (filing.reach >= REACH[level]))


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
    near = _closeness(subject, rows, features, progress)
    guesses = _guessed(features, near, own, n, progress)
    sums, sizes = np.bincount(own, guesses.mine, n), np.bincount(own, minlength=n)
    threshold = (sums + TYPICAL * guesses.mine.mean()) / (sizes + TYPICAL)
    doubt = np.clip(1 - guesses.mine / threshold[own], 0, 1)
    return Filing(rows, tuple(names), own, guesses.other, doubt, guesses.likely / threshold[guesses.other])


def judged_paths(paths: "pd.Series[str]") -> "pd.Series[str]":
    """Each product's category, or the nearest one above it with ``FEWEST`` products; ``""`` where none has."""
    while True:
        sizes = paths.value_counts()
        small = sizes.index[(sizes < FEWEST) & (sizes.index != "")]
        if not len(small):
            return paths
        above = {path: path.rpartition(SEPARATOR)[0] for path in small}
        paths = paths.replace(above)


def title_features(titles: Sequence[str]) -> Any:
    """Character n-grams of words by TF-IDF: sparse float32, shape (n, at most BUCKETS), rows of length 1.

    N-grams of one title only are left out: they tell nothing of another. Short ones hold for titles whose words are
    all new, and are few, so that the common ones have a column each.
    """
    from scipy.sparse import csr_array, diags_array

    runs_of = Occurrences.of(runs(title.lower()) for title in titles)
    grams_of = Occurrences.of(map(_grams, runs_of.distinct))
    held = csr_array(runs_of.matrix()) @ csr_array(grams_of.matrix())
    held.data[:] = 1
    common = np.bincount(held.indices, minlength=len(grams_of.distinct))
    weights = np.where(common > 1, np.log((1 + len(titles)) / (1 + common)) + 1, 0)
    found = held @ _columns(weights)
    lengths = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
    return (diags_array(1 / np.maximum(lengths, 1e-6)) @ found).astype(np.float32)


def _grams(run: str) -> list[str]:
    """Pieces of a run of letters, its ends marked."""
    marked = f" {run} "
    return [marked[start : start + size] for size in SIZES for start in range(len(marked) - size + 1)]


def _columns(weights: Numbers) -> Any:
    """Puts weighted n-grams into columns: sparse, shape (n-grams, columns); those of weight 0 into none."""
    from scipy.sparse import csr_array

    kept = np.flatnonzero(weights)
    kept = kept[np.argsort(weights[kept], kind="stable")]  # the commonest first: none of them shares with another
    n = min(len(kept), BUCKETS)
    signs = np.random.default_rng(0).choice([-1, 1], len(kept))
    places = (kept, np.arange(len(kept)) % max(n, 1))
    return csr_array((weights[kept] * signs, places), shape=(len(weights), n), dtype=np.float32)


def _closeness(subject: Subject, rows: Rows, features: Any, progress: Progress) -> Any:
    """How much each product's neighbours count, by how close their titles are: sparse, shape (m, m)."""
    from scipy.sparse import csr_array

    place_of = np.full(len(subject.catalog), -1, np.int64)
    place_of[rows] = np.arange(len(rows))
    found: list[tuple[Numbers, Rows, Rows]] = []
    for asked, of, others in neighbour_pairs(subject, NEIGHBOURS, rows):
        mine, theirs = place_of[of], place_of[others]
        mine, theirs = mine[theirs >= 0], theirs[theirs >= 0]
        close = np.asarray(features[mine].multiply(features[theirs]).sum(axis=1)).ravel()
        found.append((np.exp(close / WARMTH), mine, theirs))
        progress.advance(len(asked))
    values, mine, theirs = (np.concatenate(each) for each in zip(*found, strict=True))
    return csr_array((values, (mine, theirs)), shape=(len(rows), len(rows)))


@dataclass(frozen=True, slots=True)
class _Guesses:
    """What the titles and the neighbours together say of every product.

    Attributes:
        mine: probability of its own category.
        other: the likeliest other category.
        likely: probability of that.
    """

    mine: Numbers
    other: Rows
    likely: Numbers


def _guessed(features: Any, near: Any, own: Rows, n: int, progress: Progress) -> _Guesses:
    """What is surely misfiled teaches the wrong thing: all are judged once more without it."""
    from scipy.sparse import csr_array, hstack

    everything = np.arange(len(own))
    filed = csr_array((np.ones(len(own), np.float32), (everything, own)), shape=(len(own), n))
    both, part = hstack([features, filed], format="csr"), _dealt(own)
    taught = [_products(features, both, part == k) for k in range(PARTS)]
    progress.check()
    first = _together(_Titles(features, own, part, taught), near @ filed, own)
    sure = first.likely >= SURE
    if not sure.any():
        return first
    for k, each in enumerate(taught):
        each -= _products(features, both, sure & (part == k))
    progress.check()
    filed.data[sure] = 0
    return _together(_Titles(features, own, part, taught), near @ filed, own)


def _products(features: Any, both: Any, taken: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Both sides of the normal equations of some products, shape (columns, columns + categories)."""
    return np.asarray((features[taken].T @ both[taken]).toarray(), np.float32)


def _together(titles: "_Titles", votes: Any, own: Rows) -> _Guesses:
    """Probabilities of what titles and neighbours say, the one times the other, raised to their shares."""
    found = _Guesses(np.empty(len(own)), np.empty(len(own), np.int64), np.empty(len(own)))
    for start in range(0, len(own), CHUNK):
        places = np.arange(start, min(start + CHUNK, len(own)))
        voted = votes[places].toarray()
        voted /= np.maximum(voted.sum(axis=1, keepdims=True), 1e-12)
        product = (titles.of(places) + FLOOR) ** TITLE_SHARE * (voted + FLOOR) ** (1 - TITLE_SHARE)
        product /= product.sum(axis=1, keepdims=True)
        cells = np.arange(len(places)), own[places]
        found.mine[places], product[cells] = product[cells], 0
        found.other[places], found.likely[places] = product.argmax(axis=1), product.max(axis=1)
    return found


class _Titles:
    """A ridge classifier of titles; it tells a product's categories by the products of the other parts.

    Args:
        taught: both sides of the normal equations of each part.
    """

    def __init__(self, features: Any, own: Rows, part: Rows, taught: Sequence[NDArray[np.float32]]) -> None:
        self._features, self._part = features, part
        everything = reduce(np.add, taught)
        everything[np.diag_indices(features.shape[1])] += RIDGE
        self._weights = [_solved(everything - each) for each in taught]
        sample = np.random.default_rng(0).permutation(len(own))[:CHUNK]
        values = self._values(sample)
        self._sharpness = max(SHARPNESS, key=lambda factor: _likelihood(_softmax(values * factor), own[sample]))

    def of(self, places: Rows) -> Numbers:
        """Probabilities, shape (len(places), categories)."""
        return _softmax(self._values(places) * self._sharpness)

    def _values(self, places: Rows) -> Numbers:
        part, values = self._part[places], np.empty((len(places), self._weights[0].shape[1]))
        for k, weights in enumerate(self._weights):
            values[part == k] = self._features[places[part == k]] @ weights
        return values


def _solved(equations: NDArray[np.float32]) -> NDArray[np.float32]:
    """The weights, shape (columns, categories)."""
    from scipy.linalg import cho_factor, cho_solve

    n = len(equations)
    factor = cho_factor(equations[:, :n], overwrite_a=True, check_finite=False)
    return np.asarray(cho_solve(factor, equations[:, n:], check_finite=False))


def _dealt(own: Rows) -> Rows:
    """A part for each product: those of a category are dealt out in random order."""
    shuffled = np.random.default_rng(0).permutation(len(own))
    order = shuffled[np.argsort(own[shuffled], kind="stable")]
    return np.argsort(order) % PARTS


def _finding(subject: Subject, filing: Filing, place: int) -> Finding | None:
    """None where the proposed category lies on the product's own path: that is another depth, not another place."""
    products, row = subject.catalog.products, int(filing.rows[place])
    own, proposed = str(products["category"].iat[row]), filing.categories[int(filing.proposed[place])]
    if _is_on_path(own, proposed):
        return None
    proofs, share = _proofs(subject, row, proposed)
    sku, title = str(products["sku"].iat[row]), str(products["title"].iat[row])
    return Finding(
        "misfiled",
        f'{sku} "{title}" is in "{own}", but it reads like the products in "{proposed}".',
        (sku, *(str(proof["sku"]) for proof in proofs)),
        round(1 - 0.9 * path_agreement(own, proposed), 3),
        round(float(filing.doubt[place]), 6),
        column="category",
        evidence={"category": own, "proposed": proposed, "share": share, "neighbours": proofs},
        proposal=f'Move it to "{proposed}".',
    )


def _proofs(subject: Subject, row: int, proposed: str) -> tuple[list[dict[str, Any]], float]:
    """The nearest products in a category, and the share of the nearest products that are in it."""
    products = subject.catalog.products
    rows, scores = subject.neighbours_of(row)
    rows, scores = rows[:NEIGHBOURS], scores[:NEIGHBOURS]
    there = np.array([_is_on_path(proposed, str(path)) for path in products["category"].iloc[rows]], bool)
    proofs = [
        {**products.iloc[other][["sku", "title", "category"]].to_dict(), "score": round(float(score), 4)}
        for other, score in zip(rows[there][:PROOFS], scores[there][:PROOFS], strict=True)
    ]
    return proofs, round(float(there.mean()), 3) if len(there) else 0.0


def path_agreement(a: str, b: str) -> float:
    """Levels in common over the mean depth of two category paths, 0 to 1 (Wu and Palmer 1994)."""
    first, second = a.split(SEPARATOR), b.split(SEPARATOR)
    common = next(
        (i for i, (x, y) in enumerate(zip(first, second, strict=False)) if x != y), min(len(first), len(second))
    )
    return 2 * common / (len(first) + len(second))


def _is_on_path(a: str, b: str) -> bool:
    """Whether one of two paths is the other, or lies above it."""
    return f"{a}{SEPARATOR}".startswith(f"{b}{SEPARATOR}") or f"{b}{SEPARATOR}".startswith(f"{a}{SEPARATOR}")


def _likelihood(probabilities: Numbers, own: Rows) -> float:
    """Mean log likelihood, where one label in twenty is random."""
    fits = probabilities[np.arange(len(own)), own]
    return float(np.log(0.95 * fits + 0.05 / probabilities.shape[1]).mean())


def _softmax(values: Numbers) -> Numbers:
    raised = np.exp(values - values.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float64)
