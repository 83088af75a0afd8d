"""Pictures: missing where usual, and one on products that have nothing to do with each other."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from prodsim.findings import Finding
from prodsim.index import Rows
from prodsim.progress import Progress
from prodsim.quality.checks.fields import missing_where_usual
from prodsim.quality.picture_files import same_pictures
from prodsim.quality.statistics import cell, is_shared_by_many, quoted, surest_first
from prodsim.quality.subject import Subject
from prodsim.similarity import Setting, Weights

UNLIKE = {"strict": 0.3, "usual": 0.5, "loose": 0.75}
"""Two products are unlike where they are less close than this share of random pairs."""
SYMBOLS = 0.2
"""Share of the shared pictures on unlike products from which on pictures are symbols in this catalog."""
COMPARED = 200
"""Products of one picture that are compared with its first one's kind; more tell no more."""


def check_pictures(subject: Subject, progress: Progress) -> Sequence[Finding]:
    """Findings of kind ``picture``, surest first.

    Pictures on the web are told apart by their address, as the catalog gives it, and are not fetched; local ones by
    their bytes.
    """
    found = [*_missing(subject)]
    progress.advance(len(subject.catalog) // 2)
    found += _shared(subject, progress)
    progress.advance(len(subject.catalog) - len(subject.catalog) // 2)
    return surest_first(found)


def _missing(subject: Subject) -> Iterator[Finding]:
    products = subject.catalog.products
    share = missing_where_usual(subject, "image")
    rows = np.flatnonzero(~np.isnan(share))
    if is_shared_by_many(len(rows), subject.catalog):
        what = f"{len(rows):,} products have no picture; {np.mean(share[rows]):.0%} of their categories have one."
        yield _finding(what, tuple(products["sku"].iloc[rows]), 0.6, float(np.mean(share[rows])), "Add pictures.")
        return
    for row in rows.tolist():
        what = f"{cell(products, row, 'sku')} has no picture; {share[row]:.0%} of its category have one."
        yield _finding(what, (cell(products, row, "sku"),), 0.6, float(share[row]), "Add a picture.")


def _shared(subject: Subject, progress: Progress) -> Iterator[Finding]:
    """One finding per picture; its unlike products are named after the one that is most like the others."""
    products = subject.catalog.products
    setting = Setting(Weights(meaning=1.0), subject.comparer.metric)
    least = subject.calibration.least_score(UNLIKE[subject.level], setting, is_text=False)
    same = same_pictures(products["image"], subject.base, progress) if subject.base else {}
    shared = _rows_of(products["image"].map(lambda image: same.get(image, image)) if same else products["image"])
    found = []
    for rows in shared:
        progress.check()
        unlike, medoid = _unlike(subject, rows, least)
        if len(unlike):
            found.append(_shared_finding(products, rows, medoid, unlike))
    if len(found) <= max(SYMBOLS * len(shared), 3):
        yield from found


def _rows_of(images: "pd.Series[str]") -> list[Rows]:
    """The products of each picture that several have."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row in np.flatnonzero((images != "") & images.duplicated(keep=False)).tolist():
        rows[str(images.iat[row])].append(row)
    return [np.array(own) for own in rows.values()]


def _unlike(subject: Subject, rows: Rows, least: float) -> tuple[Rows, int]:
    """The products unlike the medoid of a picture's products and of another category, and that medoid."""
    vectors = subject.comparer.index.vectors_of(rows[:COMPARED])
    centre = vectors.mean(axis=0, keepdims=True)
    scores = subject.comparer.index.scores(centre, rows[:COMPARED], subject.comparer.metric)[0]
    medoid = int(rows[int(np.argmax(scores))])
    close = subject.comparer.product_vector_parts(medoid, rows)["meaning"]
    category = subject.catalog.products["category"].iloc[rows].to_numpy()
    own = cell(subject.catalog.products, medoid, "category")
    return rows[(close < least) & ((category != own) | (category == ""))], medoid


def _shared_finding(products: pd.DataFrame, rows: Rows, medoid: int, unlike: Rows) -> Finding:
    names = list(dict.fromkeys(products["image"].iloc[rows]))
    also = f", the same file as {quoted(names[1][-60:])}," if len(names) > 1 else ""
    one, other = (quoted(cell(products, row, "title")) for row in (medoid, int(unlike[0])))
    what = f"The picture {quoted(names[0][-60:])}{also} is on {len(rows):,} products, among them {one} and {other}."
    skus = tuple(products["sku"].iloc[[medoid, *unlike.tolist()]])
    share = len(unlike) / len(rows)
    return _finding(what, skus, 0.5, 0.7 + 0.25 * share, "Give each product its own picture.", names)


def _finding(
    what: str, skus: tuple[str, ...], severity: float, score: float, proposal: str, images: Sequence[str] = ()
) -> Finding:
    evidence = {"image": images[0]} | ({"files": [*images]} if len(images) > 1 else {}) if images else {}
    return Finding("picture", what, skus, severity, score, column="image", evidence=evidence, proposal=proposal)
