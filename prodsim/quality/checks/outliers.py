"""Unusual products: far from everything, or far from their own category."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.findings import Finding
from prodsim.index import Metric, Rows
from prodsim.phrases import phrase
from prodsim.progress import Progress
from prodsim.quality.sentences import cell_text, name_category, quote
from prodsim.quality.statistics import Numbers, confidence, surest_first
from prodsim.quality.subject import Level, Subject
from prodsim.similarity import Setting, Weights

N_NEAREST = 5
"""Nearest others whose mean closeness is judged; a copy or two of an outlier do not hide it."""
MIN_CATALOG = 30
"""Products that a catalog must have, so that the nearest ones of a usual product are no random ones."""
ALONE_SHARE: Mapping[Level, float] = {"strict": 0.9, "usual": 0.95, "loose": 0.98}
"""A product is alone where the mean of its nearest others is less close than this share of random pairs."""
MIN_DISTANCE = 2.0
"""How many times farther from its nearest others than the catalog's products usually are it must be."""
MAX_COMMON_WORDS: Mapping[Level, float] = {"strict": 0.15, "usual": 0.2, "loose": 0.3}
"""Mean cosine of its nearest others' n-grams up to which they have no words in common, which a vector does not show."""
N_NEAR_BY_MEANING = 20
"""Near others of which those nearest by words are taken."""
MIN_OUTLIER_CATEGORY = 10
"""Products that a category must have to show what is usual in it."""
TIGHT = 0.95
"""A category is tight where its products are closer to each other than this share of random pairs."""
STRANGE: Mapping[Level, float] = {"strict": 0.5, "usual": 0.75, "loose": 0.85}
"""A product is strange in it where it is less close to the others than this share of random pairs."""
N_VOTERS, MIN_VOTES = 10, 3
"""Of so many nearest others so many in one other category make a product misfiled rather than unusual."""

Shares = NDArray[np.float64]


def check_outliers(subject: Subject, progress: Progress) -> Sequence[Finding]:
    """Find unusual products, kind ``odd``, surest first, at most one finding per product.

    None in a catalog below ``MIN_CATALOG`` products.
    """
    n = len(subject.catalog)
    if n < MIN_CATALOG:
        progress.advance(n)
        return ()
    closeness, limit = _closeness(subject), ALONE_SHARE[subject.level]
    progress.advance(n // 2)
    finding_of = {
        row: _alone_finding(subject, row, float(closeness[row]), limit)
        for row in _alone_products(subject, closeness, limit)
    }
    for row, own, members in _strange_products(subject, progress):
        finding_of.setdefault(row, _strange_finding(subject, row, own, members))
    progress.advance(n - n // 2)
    # A title that stands in for an empty one is unlike other titles; reading has reported that.
    untitled = {sku for finding in subject.catalog.findings if finding.kind == "empty title" for sku in finding.skus}
    return surest_first(finding_of[row] for row in sorted(finding_of) if finding_of[row].skus[0] not in untitled)


def _closeness(subject: Subject) -> Shares:
    """Return how close each product's nearest others are: the share of random pairs that are less close."""
    metric = subject.comparer.index.metric
    return subject.calibration.closer_than(
        _mean_of_nearest(subject), Setting(Weights(meaning=1.0), metric), is_text=False
    )


def _mean_of_nearest(subject: Subject) -> Numbers:
    """Return the mean score of each product's nearest others, shape (n,)."""
    scores = np.asarray(subject.graph.scores[:, :N_NEAREST], np.float64)
    known = np.isfinite(scores)
    mean = np.where(known, scores, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return np.asarray(mean[subject.comparer.index.group_of], np.float64)


def _alone_products(subject: Subject, closeness: Shares, limit: float) -> list[int]:
    """Return rows of products far from everything, against random pairs and against the catalog's other products."""
    distance = _distance(_mean_of_nearest(subject), subject.comparer.index.metric)
    far = np.flatnonzero((closeness < limit) & (distance > MIN_DISTANCE * np.median(distance)))
    # A vector may place a product far away for its wording alone; that others use its words shows that it belongs.
    return [int(row) for row in far if _common_words(subject, int(row)) <= MAX_COMMON_WORDS[subject.level]]


def _common_words(subject: Subject, row: int) -> float:
    """Return how much of its text a product shares with near others, 0 to 1: the mean of the nearest by n-grams."""
    others = subject.neighbours_of(row)[0][:N_NEAR_BY_MEANING]
    return float(np.sort(subject.comparer.lexical.product_grams(row, others))[::-1][:N_NEAREST].mean())


def _distance(scores: Numbers, metric: Metric) -> Numbers:
    """Turn scores into distances; an inner product has no zero distance, so the best score counts as it."""
    if metric == "l2":
        return np.asarray(1.0 / np.maximum(scores, 1e-9) - 1.0, np.float64)
    return np.asarray((1.0 if metric == "cosine" else scores.max()) - scores, np.float64)


def _alone_finding(subject: Subject, row: int, closeness: float, limit: float) -> Finding:
    """Make the finding of a product that is far from everything."""
    products = subject.catalog.products
    sku, nearest = cell_text(products, row, "sku"), int(subject.neighbours_of(row)[0][0])
    what = phrase(
        "{sku} {title} is unlike anything else in the catalog. Even its nearest products, such as {nearest}, are less "
        "similar to it than {share:.0%} of random pairs are to each other.",
        sku=sku, title=quote(cell_text(products, row, "title")), share=1 - closeness,
        nearest=quote(cell_text(products, nearest, "title")),
    )  # fmt: skip
    evidence = {"closer than": round(closeness, 4), "nearest": cell_text(products, nearest, "sku")}
    return _finding(what, sku, confidence(1 - closeness, 1 - limit), evidence)


def _strange_products(subject: Subject, progress: Progress) -> Iterator[tuple[int, float, float]]:
    """Yield rows far from their tight category, how close they are to it, and its products to each other."""
    setting = Setting(Weights(meaning=1.0), "cosine")
    limit = STRANGE[subject.level]
    for rows in _large_categories(subject):
        progress.check()
        mean = _mean_to_others(subject, rows)
        closeness = subject.calibration.closer_than(mean, setting, is_text=False)
        usual = float(np.median(closeness))
        if usual >= TIGHT:
            for place in np.flatnonzero(closeness < limit).tolist():
                if not _is_misfiled(subject, int(rows[place])):
                    yield int(rows[place]), float(closeness[place]), usual


def _large_categories(subject: Subject) -> list[Rows]:
    """Return the rows of each category that is large enough, in order of first appearance."""
    category = subject.catalog.products["category"]
    codes, _ = pd.factorize(category.where(category != ""))
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(codes.max(initial=-1) + 1))
    return [rows for rows in np.split(order, starts)[1:] if len(rows) >= MIN_OUTLIER_CATEGORY]


def _mean_to_others(subject: Subject, rows: Rows) -> Numbers:
    """Return the mean cosine between each product and the others, shape (len(rows),)."""
    vectors = subject.comparer.index.vectors_of(rows)
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.finfo(np.float32).tiny)
    return np.asarray((unit @ unit.sum(axis=0) - 1.0) / (len(rows) - 1), np.float64)


def _is_misfiled(subject: Subject, row: int) -> bool:
    """Return whether the nearest others agree on another category: then that is what is wrong."""
    category = subject.catalog.products["category"]
    others = category.iloc[subject.neighbours_of(row)[0][:N_VOTERS]]
    others = others[(others != category.iloc[row]) & (others != "")]
    return int(others.value_counts().max() if len(others) else 0) >= MIN_VOTES


def _strange_finding(subject: Subject, row: int, own: float, members: float) -> Finding:
    """Make the finding of a product that is far from its category."""
    products = subject.catalog.products
    sku = cell_text(products, row, "sku")
    what = phrase(
        "{sku} {title} is unlike the rest of {category}. {own:.0f} % of random pairs are more similar than this "
        "product is to its category; for the other products there it is {usual:.0f} %.",
        sku=sku, title=quote(cell_text(products, row, "title")),
        category=name_category(cell_text(products, row, "category")),
        own=100 * (1 - own), usual=100 * (1 - members),
    )  # fmt: skip
    score = confidence(1 - own, 1 - STRANGE[subject.level])
    return _finding(what, sku, score, {"closer than": round(own, 4), "others": round(members, 4)})


def _finding(what: str, sku: str, score: float, evidence: dict[str, object]) -> Finding:
    """Make a finding about a product."""
    proposal = phrase("Check whether it belongs in this catalog. If it does, its title or category may be wrong.")
    return Finding("odd", what, (sku,), 0.6, score, evidence=evidence, proposal=proposal)
