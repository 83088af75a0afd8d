"""Products that are filed in a category where they do not belong."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodsim.findings import Finding
from prodsim.phrases import phrase
from prodsim.progress import Progress
from prodsim.quality.categories.filing import N_FILING_NEIGHBOURS, Filing, judge_filing
from prodsim.quality.categories.paths import is_on_path, path_agreement
from prodsim.quality.sentences import cell_text
from prodsim.quality.statistics import surest_first
from prodsim.quality.subject import Level, Subject
from prodsim.quality.text.wording import is_placeholder

MIN_DOUBT: Mapping[Level, float] = {"strict": 0.98, "usual": 0.95, "loose": 0.8}
"""Doubt from which a product is reported as misfiled."""
MIN_REACH: Mapping[Level, float] = {"strict": 1.0, "usual": 0.5, "loose": 0.25}
"""What the proposed category must reach for that, over its threshold; half of its own products do not reach 1."""
N_SHOWN_NEIGHBOURS = 5
"""Neighbours that a finding shows as evidence."""


def check_misfiled(subject: Subject, progress: Progress) -> Sequence[Finding]:
    """Find products in a category that is not theirs, and propose another."""
    filing = judge_filing(subject, progress)
    titles = subject.catalog.products["title"].tolist()
    places = np.flatnonzero(is_misfiled(filing, subject.level)).tolist()
    # A placeholder reads like the other placeholders, wherever these are.
    findings = (_finding(subject, filing, place) for place in places if not is_placeholder(titles[filing.rows[place]]))
    return surest_first(filter(None, findings))


def is_misfiled(filing: Filing, level: Level) -> NDArray[np.bool_]:
    """Return whether each of the products judged is misfiled at a level, shape (m,)."""
    return np.asarray((filing.doubt >= MIN_DOUBT[level]) & (filing.reach >= MIN_REACH[level]))


def _finding(subject: Subject, filing: Filing, place: int) -> Finding | None:
    """Make a finding; None where the proposed category lies on the product's own path: only the depth differs then."""
    products, row = subject.catalog.products, int(filing.rows[place])
    own, proposed = cell_text(products, row, "category"), filing.categories[int(filing.proposed[place])]
    if is_on_path(own, proposed):
        return None
    neighbours, share = _neighbours_in(subject, row, proposed)
    sku, title = cell_text(products, row, "sku"), cell_text(products, row, "title")
    return Finding(
        "misfiled",
        phrase(
            '{sku} “{title}” is filed under “{category}”, but it reads like the products in “{proposed}”.',
            sku=sku, title=title, category=own, proposed=proposed,
        ),
        (sku, *(str(neighbour["sku"]) for neighbour in neighbours)),
        round(1 - 0.9 * path_agreement(own, proposed), 3),
        round(float(filing.doubt[place]), 6),
        column="category",
        evidence={"category": own, "proposed": proposed, "share": share, "neighbours": neighbours},
        proposal=phrase('Move it to “{category}”.', category=proposed),
    )  # fmt: skip


def _neighbours_in(subject: Subject, row: int, category: str) -> tuple[list[dict[str, Any]], float]:
    """Return the nearest products in a category, and the share of the nearest products that are in it."""
    products = subject.catalog.products
    rows, scores = subject.neighbours_of(row)
    rows, scores = rows[:N_FILING_NEIGHBOURS], scores[:N_FILING_NEIGHBOURS]
    is_there = np.array([is_on_path(category, str(path)) for path in products["category"].iloc[rows]], bool)
    neighbours = [
        {**products.iloc[other][["sku", "title", "category"]].to_dict(), "score": round(float(score), 4)}
        for other, score in zip(rows[is_there][:N_SHOWN_NEIGHBOURS], scores[is_there][:N_SHOWN_NEIGHBOURS], strict=True)
    ]
    return neighbours, round(float(is_there.mean()), 3) if len(is_there) else 0.0
