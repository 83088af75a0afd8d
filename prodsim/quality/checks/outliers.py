"""Products that do not belong: far from everything, or far from their own category."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.findings import Finding
from prodsim.index import Metric, Rows
from prodsim.progress import Progress
from prodsim.quality.statistics import Numbers, cell, quoted, sureness, surest_first
from prodsim.quality.subject import Subject
from prodsim.similarity import Setting, Weights

NEAREST = 5
"""Nearest others whose mean closeness is judged; a copy or two of an odd product do not hide it."""
LEAST = 30
"""Products that a catalog must have, so that the nearest ones of a usual product are no random ones."""
ALONE = {"strict": 0.9, "usual": 0.95, "loose": 0.98}
"""A product is alone where the mean of its nearest others is less close than this share of random pairs."""
FAR = 2.0
"""How many times farther from its nearest others than the catalog's products usually are it must be."""
WORDS = {"strict": 0.15, "usual": 0.2, "loose": 0.3}
"""Mean cosine of its nearest others' n-grams up to which they have no words in common; what a vector does not tell."""
LOOKED_AT = 20
"""Near others of which those nearest by words are taken."""
MEMBERS = 10
"""Products that a category must have to tell what is like it."""
TIGHT = 0.95
"""A category is tight where its products are closer to each other than this share of random pairs."""
STRANGE = {"strict": 0.5, "usual": 0.75, "loose": 0.85}
"""A product is strange in it where it is less close to the others than this share of random pairs."""
MISFILED = 3
"""Of its ``ASKED`` nearest others so many in one other category make a product misfiled rather than odd."""
ASKED = 10

Shares = NDArray[np.float64]


def check_odd(subject: Subject, progress: Progress) -> Sequence[Finding]:
    """Findings of kind ``odd``, surest first, at most one per product; none in a catalog below ``LEAST`` products."""
    n = len(subject.catalog)
    if n < LEAST:
        progress.advance(n)
        return ()
    alone, limit = _closeness(subject), ALONE[subject.level]
    progress.advance(n // 2)
    found = {row: _alone_finding(subject, row, float(alone[row]), limit) for row in _alone(subject, alone, limit)}
    for row, own, members in _strange(subject, progress):
        found.setdefault(row, _strange_finding(subject, row, own, members))
    progress.advance(n - n // 2)
    # A title that stands in for an empty one reads unlike titles; that is told already.
    made_up = {sku for finding in subject.catalog.findings if finding.kind == "empty title" for sku in finding.skus}
    return surest_first(found[row] for row in sorted(found) if found[row].skus[0] not in made_up)


def _closeness(subject: Subject) -> Shares:
    """How close each product's nearest others are: the share of random pairs that are less close."""
    metric = subject.comparer.index.metric
    return subject.calibration.closer_than(
        _mean_of_nearest(subject), Setting(Weights(meaning=1.0), metric), is_text=False
    )


def _mean_of_nearest(subject: Subject) -> Numbers:
    scores = np.asarray(subject.graph.scores[:, :NEAREST], np.float64)
    known = np.isfinite(scores)
    mean = np.where(known, scores, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return np.asarray(mean[subject.comparer.index.group_of], np.float64)


def _alone(subject: Subject, closeness: Shares, limit: float) -> list[int]:
    """Rows of products that are far from everything, against random pairs and against the catalog's other products."""
    distance = _distance(_mean_of_nearest(subject), subject.comparer.index.metric)
    far = np.flatnonzero((closeness < limit) & (distance > FAR * np.median(distance)))
    return [int(row) for row in far if _common_words(subject, int(row)) <= WORDS[subject.level]]


def _common_words(subject: Subject, row: int) -> float:
    """How much of its text a product has in common with near others, 0 to 1: the mean of the nearest by n-grams."""
    others = subject.neighbours_of(row)[0][:LOOKED_AT]
    return float(np.sort(subject.comparer.lexical.product_grams(row, others))[::-1][:NEAREST].mean())


def _distance(scores: Numbers, metric: Metric) -> Numbers:
    """How far away what has a score is; an inner product has no zero distance, so the best score counts as it."""
    if metric == "l2":
        return np.asarray(1.0 / np.maximum(scores, 1e-9) - 1.0, np.float64)
    return np.asarray((1.0 if metric == "cosine" else scores.max()) - scores, np.float64)


def _alone_finding(subject: Subject, row: int, closeness: float, limit: float) -> Finding:
    products = subject.catalog.products
    sku, title = cell(products, row, "sku"), cell(products, row, "title")
    nearest = int(subject.neighbours_of(row)[0][0])
    what = (
        f"{sku}, {quoted(title)}, is like nothing else here: {1 - closeness:.0%} of random pairs are as close "
        f"as it is to its nearest ones, such as {quoted(cell(products, nearest, 'title'))}."
    )
    return _finding(
        what,
        sku,
        sureness(1 - closeness, 1 - limit),
        {"closer than": round(closeness, 4), "nearest": cell(products, nearest, "sku")},
    )


def _strange(subject: Subject, progress: Progress) -> Iterator[tuple[int, float, float]]:
    """Rows far from their tight category, how close they are to it, and how close its products are to each other."""
    setting = Setting(Weights(meaning=1.0), "cosine")
    limit = STRANGE[subject.level]
    for rows in _categories(subject):
        progress.check()
        mean = _mean_to_others(subject, rows)
        closeness = subject.calibration.closer_than(mean, setting, is_text=False)
        usual = float(np.median(closeness))
        if usual >= TIGHT:
            for place in np.flatnonzero(closeness < limit).tolist():
                if not _is_misfiled(subject, int(rows[place])):
                    yield int(rows[place]), float(closeness[place]), usual


def _categories(subject: Subject) -> list[Rows]:
    """The rows of each category that is large enough, in order of first appearance."""
    category = subject.catalog.products["category"]
    codes, _ = pd.factorize(category.where(category != ""))
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(codes.max(initial=-1) + 1))
    return [rows for rows in np.split(order, starts)[1:] if len(rows) >= MEMBERS]


def _mean_to_others(subject: Subject, rows: Rows) -> Numbers:
    """The mean cosine between each product and the others, shape (len(rows),)."""
    vectors = subject.comparer.index.vectors_of(rows)
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.finfo(np.float32).tiny)
    return np.asarray((unit @ unit.sum(axis=0) - 1.0) / (len(rows) - 1), np.float64)


def _is_misfiled(subject: Subject, row: int) -> bool:
    """Whether the nearest others agree on another category: then that is what is wrong."""
    category = subject.catalog.products["category"]
    others = category.iloc[subject.neighbours_of(row)[0][:ASKED]]
    others = others[(others != category.iloc[row]) & (others != "")]
    return int(others.value_counts().max() if len(others) else 0) >= MISFILED


def _strange_finding(subject: Subject, row: int, own: float, members: float) -> Finding:
    products = subject.catalog.products
    sku = cell(products, row, "sku")
    what = (
        f"{sku}, {quoted(cell(products, row, 'title'))}, is unlike its category {cell(products, row, 'category')}: "
        f"{1 - own:.0%} of random pairs are as close as it is to the others, {1 - members:.0%} as those among them."
    )
    score = sureness(1 - own, 1 - STRANGE[subject.level])
    return _finding(what, sku, score, {"closer than": round(own, 4), "others": round(members, 4)})


def _finding(what: str, sku: str, score: float, evidence: dict[str, object]) -> Finding:
    proposal = "Find out whether it belongs into this catalog; if so, its title or category may be wrong."
    return Finding("odd", what, (sku,), 0.6, score, evidence=evidence, proposal=proposal)
