"""Products that are filed in a category where they do not belong.

Each product is judged by the others only: its title by a classifier that is fitted without it, and by the categories
of its neighbours in the full space. Its own vector holds the name of its category (see ``recipe``) and so speaks for
the category it has; therefore neighbours count by the words of the titles alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.findings import Finding
from prodsim.index import Rows
from prodsim.lexical.terms import gram_terms, word_terms
from prodsim.progress import SILENT, Progress
from prodsim.quality.check import Level, Subject
from prodsim.quality.nearby import CHUNK, neighbour_pairs

Numbers = NDArray[np.float64]

SEPARATOR = " > "
"""Between the levels of a category path."""

LEAST: Mapping[Level, float] = {"strict": 0.98, "usual": 0.93, "loose": 0.8}
"""Doubt from which on a product is told as misfiled."""
REACH: Mapping[Level, float] = {"strict": 1.0, "usual": 0.5, "loose": 0.25}
"""What the proposed category must reach for that, over its threshold; half of its own products do not reach 1."""
FEWEST = 5
"""Products that a category needs to be judged; a smaller one counts as its parent."""
NEIGHBOURS = 20
PROOFS = 5
"""Neighbours that a finding names."""
BUCKETS = 2048
"""Terms are hashed into so many columns, with a random sign (Weinberger et al. 2009), so that one matrix is solved."""
RIDGE = 1.0
SUSPECT = 0.5
"""Doubt and reach from which on a product does not count when the others are judged again."""
SHARPNESS = (2.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0)
"""Tried as the factor that makes the classifier's values probabilities."""
WARMTH = 0.1
"""A neighbour whose title is closer by this much in cosine counts e times as much."""
TITLE_SHARE = 2 / 3
"""What the title says counts twice what the neighbours say."""
FLOOR = 1e-3
"""Probability that neither can go below, so that one of them alone is not certain."""


@dataclass(frozen=True, slots=True)
class Filing:
    """How well products fit their categories.

    Attributes:
        rows: int64, shape (m,): the products judged, ascending.
        categories: paths of the categories they are judged by.
        own: int64, shape (m,): the product's category.
        proposed: int64, shape (m,): the likeliest other category.
        doubt: shape (m,), 0 to 1: 1 - p / threshold, of the own category, but at least 0. A threshold is the mean
            probability that the products of a category have of being in it (Northcutt et al. 2021): it is low where
            categories are confused all the time.
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
    found = np.flatnonzero(is_misfiled(filing, subject.level))
    findings = (_finding(subject, filing, int(place)) for place in found)
    return sorted(filter(None, findings), key=lambda finding: -finding.score)


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
    votes = _Votes(subject, rows, own, features, n)
    trust = np.ones(len(rows), np.float32)
    first = _judged(rows, tuple(names), own, _Titles(features, own, trust, n), votes.chunks(trust, SILENT))
    # What is misfiled teaches the wrong thing: the others are judged once more without it.
    trust = np.where((first.reach > SUSPECT) & (first.doubt > SUSPECT), 0, 1).astype(np.float32)
    return _judged(rows, tuple(names), own, _Titles(features, own, trust, n), votes.chunks(trust, progress))


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
    """Words and character n-grams of titles by TF-IDF: sparse float32, shape (n, BUCKETS), rows of length 1."""
    from scipy.sparse import csr_matrix

    terms = [np.unique(np.concatenate([gram_terms(title), word_terms(title)])) for title in titles]
    lengths = np.array([len(each) for each in terms], np.int64)
    known, columns = np.unique(np.concatenate(terms), return_inverse=True)
    weights = np.log((1 + len(titles)) / (1 + np.bincount(columns))) + 1
    signs = np.where((known >> np.uint64(40)) & np.uint64(1), 1.0, -1.0)
    buckets = (known % np.uint64(BUCKETS)).astype(np.int32)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    found = csr_matrix(
        ((weights * signs)[columns].astype(np.float32), buckets[columns], starts), shape=(len(titles), BUCKETS)
    )
    found.sum_duplicates()
    squares = np.add.reduceat(np.append(found.data**2, 0), found.indptr[:-1]) if found.nnz else np.ones(len(titles))
    found.data /= np.repeat(np.sqrt(np.maximum(squares, 1e-12)), np.diff(found.indptr)).astype(np.float32)
    return found


class _Titles:
    """A ridge classifier that tells each product's categories as if it had been fitted without that product.

    For least squares that is exact and costs nothing more: (f - h y) / (1 - h), h being the product's leverage (Allen
    1974). Products count by ``trust``, 0 or 1.
    """

    def __init__(self, features: Any, own: Rows, trust: NDArray[np.float32], n: int) -> None:
        from scipy.sparse import csr_matrix, diags_array

        self._features, self._own, self._trust = features, own, trust
        labels = csr_matrix((trust, (np.arange(len(own)), own)), shape=(len(own), n))
        gram = (features.T @ (diags_array(trust) @ features)).toarray().astype(np.float64)
        inverse = np.linalg.inv(gram + RIDGE * np.eye(BUCKETS))
        self._inverse = inverse.astype(np.float32)
        self._weights = (inverse @ (features.T @ labels).toarray()).astype(np.float32)
        sample = np.random.default_rng(0).permutation(len(own))[:CHUNK]
        values = self._values(sample)
        self._sharpness = max(SHARPNESS, key=lambda factor: _likelihood(_softmax(values * factor), own[sample]))

    def of(self, places: Rows) -> Numbers:
        """Probabilities, shape (len(places), categories)."""
        return _softmax(self._values(places) * self._sharpness)

    def _values(self, places: Rows) -> Numbers:
        features = self._features[places]
        values = np.asarray(features @ self._weights, np.float64)
        leverage = np.asarray(features.multiply(features @ self._inverse).sum(axis=1), np.float64).ravel()
        leverage *= self._trust[places]
        values[np.arange(len(places)), self._own[places]] -= leverage
        return values / np.maximum(1 - leverage, 1e-6)[:, None]


class _Votes:
    """The neighbours' categories, counted by how close their titles are."""

    def __init__(self, subject: Subject, rows: Rows, own: Rows, features: Any, n: int) -> None:
        self._subject, self._rows, self._own, self._features, self._n = subject, rows, own, features, n
        self._place_of = np.full(len(subject.catalog), -1, np.int64)
        self._place_of[rows] = np.arange(len(rows))

    def chunks(self, trust: NDArray[np.float32], progress: Progress) -> Iterator[tuple[Rows, Numbers]]:
        """Places of products, ascending, and probabilities of shape (len(places), categories); 0 without neighbours."""
        for rows, of, others in neighbour_pairs(self._subject, NEIGHBOURS, self._rows):
            judged = self._place_of[others] >= 0
            places, votes = self._place_of[rows], np.zeros((len(rows), self._n))
            mine, theirs = self._place_of[of[judged]], self._place_of[others[judged]]
            close = np.asarray(self._features[mine].multiply(self._features[theirs]).sum(axis=1)).ravel()
            np.add.at(votes, (mine - places[0], self._own[theirs]), np.exp(close / WARMTH) * trust[theirs])
            yield places, votes / np.maximum(votes.sum(axis=1, keepdims=True), 1e-12)
            progress.advance(len(rows))


def _judged(
    rows: Rows, names: Sequence[str], own: Rows, titles: _Titles, votes: Iterator[tuple[Rows, Numbers]]
) -> Filing:
    best, likely, mine = [], [], []
    for places, voted in votes:
        found = np.exp(TITLE_SHARE * np.log(titles.of(places) + FLOOR) + (1 - TITLE_SHARE) * np.log(voted + FLOOR))
        found /= found.sum(axis=1, keepdims=True)
        mine.append(found[np.arange(len(places)), own[places]])
        found[np.arange(len(places)), own[places]] = 0
        best.append(found.argmax(axis=1))
        likely.append(found.max(axis=1))
    probability, proposed = np.concatenate(mine), np.concatenate(best)
    threshold = np.bincount(own, probability, len(names)) / np.bincount(own, minlength=len(names))
    doubt = np.clip(1 - probability / threshold[own], 0, 1)
    return Filing(rows, names, own, proposed, doubt, np.concatenate(likely) / threshold[proposed])


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
        round(float(filing.doubt[place]), 4),
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
