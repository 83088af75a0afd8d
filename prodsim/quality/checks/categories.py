"""Categories that are two names of one: similar by name and by what is in them."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog.category_paths import leaf_of, parent_of
from prodsim.findings import Finding
from prodsim.phrases import Plural, Text, phrase
from prodsim.progress import Progress
from prodsim.quality.categories.names import SAME_NAME, CodePair, similar_names
from prodsim.quality.neighbour_pairs import neighbour_pairs
from prodsim.quality.statistics import surest_first
from prodsim.quality.subject import Level, Subject

MIN_SIMILARITY: Mapping[Level, float] = {"strict": 0.75, "usual": 0.55, "loose": 0.45}
"""Similarity of two categories from which they are reported: the mean of name and contents."""
MIN_OVERLAP: Mapping[Level, float] = {"strict": 0.9, "usual": 0.7, "loose": 0.5}
"""How much the products of categories with different names must overlap to be reported."""
N_OVERLAP_NEIGHBOURS = 20
"""Nearest others of each product that are counted by category."""
MIN_OVERLAP_PRODUCTS = 10
"""Products that a category needs to be reported by its contents alone; a handful lies among others by chance."""
N_EXAMPLE_TITLES = 3
"""Titles of each category in the evidence."""

NAME_AND_SIZE = Plural("“{name}” ({n:,} product)", "“{name}” ({n:,} products)")
ONE_NAME = Text("{first} and {second} are two spellings of one name, and their products overlap by {share:.0%}.")
NEAR_NAMES = Text("{first} and {second} have nearly the same name, and their products overlap by {share:.0%}.")
ONE_CONTENT = Text("{first} and {second} hold similar products, which overlap by {share:.0%}.")


def check_categories(subject: Subject, progress: Progress) -> Sequence[Finding]:
    """Find pairs of categories to be merged, surest first, and propose to keep the larger one."""
    paths = subject.catalog.products["category"]
    codes, names = pd.factorize(paths.where(paths != ""), sort=True)
    overlaps = _overlaps(subject, np.asarray(codes, np.int64), len(names), progress)
    by_name = dict(similar_names([str(name) for name in names]))
    sizes = np.bincount(codes[codes >= 0], minlength=len(names))
    findings = []
    for pair in sorted({*overlaps, *by_name}):
        name, contents = by_name.get(pair, 0.0), overlaps.get(pair, 0.0)
        is_similar = name > 0 and (name + contents) / 2 >= MIN_SIMILARITY[subject.level]
        is_mixed = contents >= MIN_OVERLAP[subject.level] and sizes[list(pair)].min() >= MIN_OVERLAP_PRODUCTS
        if is_similar or is_mixed:
            first, second = sorted(pair, key=lambda code: (-sizes[code], code))
            findings.append(_finding(subject, paths, (str(names[first]), str(names[second])), name, contents))
    return surest_first(findings)


def _overlaps(subject: Subject, codes: NDArray[np.int64], n: int, progress: Progress) -> dict[CodePair, float]:
    """Return how much pairs of categories overlap, 0 to 1; only pairs that are each other's neighbours.

    Among the neighbours of a category's products that lie in either of the two, the share of the other's, over what it
    would be if products of both stood in no order. Of the two directions the lower one counts: a small category inside
    a large one has neighbours there, but not the other way round.
    """
    from scipy.sparse import csr_matrix

    counts = csr_matrix((n, n))
    for rows, products, neighbours in neighbour_pairs(subject, N_OVERLAP_NEIGHBOURS):
        known = (codes[products] >= 0) & (codes[neighbours] >= 0)
        pairs = (codes[products[known]], codes[neighbours[known]])
        counts = counts + csr_matrix((np.ones(int(known.sum())), pairs), shape=(n, n))
        progress.advance(len(rows))
    own, sizes = counts.diagonal(), np.bincount(codes[codes >= 0], minlength=n)
    forth, back = counts.tocoo(), counts.T.tocsr()
    overlaps = {}
    for a, b, count in zip(forth.row.tolist(), forth.col.tolist(), forth.data.tolist(), strict=True):
        count_back = float(back[a, b])
        if a < b and count_back:
            of_a = count / (count + own[a]) * (sizes[a] + sizes[b] - 1) / sizes[b]
            of_b = count_back / (count_back + own[b]) * (sizes[a] + sizes[b] - 1) / sizes[a]
            overlaps[a, b] = min(of_a, of_b, 1.0)
    return overlaps


def _finding(
    subject: Subject, paths: "pd.Series[str]", names: tuple[str, str], name: float, contents: float
) -> Finding:
    """Make the finding of two categories, the one to keep first."""
    kept, merged = names
    examples = [subject.catalog.products[paths == path].head(N_EXAMPLE_TITLES) for path in names]
    sizes = [int((paths == path).sum()) for path in names]
    return Finding(
        "similar categories",
        _sentence(names, sizes, name, contents),
        tuple(examples[1]["sku"].tolist() + examples[0]["sku"].tolist()),
        0.4,
        round(max((name + contents) / 2, contents * 0.9), 4),
        column="category",
        evidence={
            "categories": list(names),
            "products": sizes,
            "name": round(name, 3),
            "contents": round(contents, 3),
            "examples": [products["title"].tolist() for products in examples],
        },
        proposal=phrase("Move the products of “{merged}” to “{kept}”.", merged=merged, kept=kept),
    )


def _sentence(names: tuple[str, str], sizes: Sequence[int], name: float, overlap: float) -> str:
    """Say why two categories look like one; a parent that they have in common is named once, at the beginning."""
    parents = {parent_of(path) for path in names}
    shown = [leaf_of(path) for path in names] if len(parents) == 1 else names
    first, second = (NAME_AND_SIZE(n, name=short) for short, n in zip(shown, sizes, strict=True))
    text = ONE_NAME if name == SAME_NAME else NEAR_NAMES if name else ONE_CONTENT
    sentence = text(first=first, second=second, share=overlap)
    if len(parents) == 1 and "" not in parents:
        return phrase("In {parent}: {sentence}", parent=parents.pop(), sentence=sentence)
    return sentence
