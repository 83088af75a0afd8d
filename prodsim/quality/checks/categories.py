"""Categories that are two names of one: alike by name and by what is in them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.findings import Finding
from prodsim.lexical.terms import word_terms
from prodsim.progress import Progress
from prodsim.quality.checks.misfiled import SEPARATOR
from prodsim.quality.neighbour_pairs import neighbour_pairs
from prodsim.quality.statistics import counted, surest_first
from prodsim.quality.subject import Level, Subject
from prodsim.text import has_chinese, words

Pair = tuple[int, int]

LEAST: Mapping[Level, float] = {"strict": 0.75, "usual": 0.55, "loose": 0.45}
"""Likeness of two categories from which on they are told: the mean of name and contents."""
MIXED: Mapping[Level, float] = {"strict": 0.9, "usual": 0.7, "loose": 0.5}
"""How well the products of categories with unlike names must be mixed to be told."""
ALIKE, CLOSE = 1.0, 0.8
"""Likeness of names that differ in spelling only, and of names with another letter."""
NEIGHBOURS = 20
"""Nearest others of each product that are counted by category."""
FEWEST = 10
"""Products that a category needs for its contents alone to tell; of fewer, a handful lies among others by chance."""
LONG = 5
"""Letters from which on one other letter may be a slip; "mug" and "rug" are two things."""
EXAMPLES = 3
"""Titles of each category that the evidence tells."""


def check_categories(subject: Subject, progress: Progress) -> Sequence[Finding]:
    """Find pairs of categories to be merged, surest first, and propose to keep the larger one."""
    paths = subject.catalog.products["category"]
    codes, names = pd.factorize(paths.where(paths != ""), sort=True)
    mixed = _mixing(subject, np.asarray(codes, np.int64), len(names), progress)
    named = dict(_alike([str(name) for name in names]))
    sizes = np.bincount(codes[codes >= 0], minlength=len(names))
    found = []
    for pair in sorted({*mixed, *named}):
        name, contents = named.get(pair, 0.0), mixed.get(pair, 0.0)
        by_both = name > 0 and (name + contents) / 2 >= LEAST[subject.level]
        by_contents = contents >= MIXED[subject.level] and sizes[list(pair)].min() >= FEWEST
        if by_both or by_contents:
            first, second = sorted(pair, key=lambda code: (-sizes[code], code))
            found.append(_finding(subject, paths, (str(names[first]), str(names[second])), name, contents))
    return surest_first(found)


def _mixing(subject: Subject, codes: NDArray[np.int64], n: int, progress: Progress) -> dict[Pair, float]:
    """How far pairs of categories are mixed, 0 to 1; only pairs that are each other's neighbours.

    Among the neighbours of a category's products that lie in either of the two, the share of the other's, over what it
    would be if products of both stood in no order. Of the two directions the lower one counts: a small category inside
    a large one has neighbours there, but not the other way round.
    """
    from scipy.sparse import csr_matrix

    counts = csr_matrix((n, n))
    for rows, of, others in neighbour_pairs(subject, NEIGHBOURS):
        known = (codes[of] >= 0) & (codes[others] >= 0)
        pairs = (codes[of[known]], codes[others[known]])
        counts = counts + csr_matrix((np.ones(int(known.sum())), pairs), shape=(n, n))
        progress.advance(len(rows))
    own, sizes = counts.diagonal(), np.bincount(codes[codes >= 0], minlength=n)
    there, back = counts.tocoo(), counts.T.tocsr()
    found = {}
    for a, b, count in zip(there.row.tolist(), there.col.tolist(), there.data.tolist(), strict=True):
        returned = float(back[a, b])
        if a < b and returned:
            forth = count / (count + own[a]) * (sizes[a] + sizes[b] - 1) / sizes[b]
            over = returned / (returned + own[b]) * (sizes[a] + sizes[b] - 1) / sizes[a]
            found[a, b] = min(forth, over, 1.0)
    return found


def _alike(paths: Sequence[str]) -> Iterator[tuple[Pair, float]]:
    """Pairs of paths whose last parts have one name under one parent, or names with another letter."""
    names = [path.rpartition(SEPARATOR)[2] for path in paths]
    keys = [name_key(name) for name in names]
    parents = [path.rpartition(SEPARATOR)[0].casefold() for path in paths]
    near: dict[tuple[str, str], set[int]] = defaultdict(set)
    for code, (key, parent) in enumerate(zip(keys, parents, strict=True)):
        for form in {key, *_shortened(key)}:
            near[parent, form].add(code)
    pairs = {pair for codes in near.values() for pair in combinations(sorted(codes), 2)}
    for a, b in sorted(pairs):
        if keys[a] == keys[b] or _is_slip(_plain_words(names[a]), _plain_words(names[b])):
            yield (a, b), ALIKE if keys[a] == keys[b] else CLOSE


def _is_slip(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether names a letter apart differ in one long word; "SG bats" and "GM bats", or two numbers, are two things."""
    if len(some) != len(others):
        return not any(letter.isdigit() for word in (*some, *others) for letter in word)
    apart = [word for pair in zip(some, others, strict=True) if pair[0] != pair[1] for word in pair]
    return len(apart) == 2 and all(len(word) >= LONG and word.isalpha() for word in apart)


def name_key(name: str) -> str:
    """A category's name without case, signs, plural endings and filler: "T-Shirts", "Tshirt", "T shirts" are one."""
    joined = "".join(_plain_words(name))
    return joined.removesuffix("类") if has_chinese(joined) and len(joined) > 2 else joined


def _plain_words(name: str) -> list[str]:
    plain = name.casefold().replace("&", " ").replace("-", " ")
    return [_singular(word) for word in words(plain) if word not in _FILLER]


_FILLER = frozenset(("and", "und", "et", "the", "of", "及", "和", "与"))


def _singular(word: str) -> str:
    """The word without an English plural ending, told by the rule that words of texts are compared by."""
    for ending in ("ies", "es", "s"):
        stem = word.removesuffix(ending) + ("y" if ending == "ies" else "e" if ending == "es" else "")
        if word.endswith(ending) and len(stem) > 1 and np.array_equal(word_terms(stem), word_terms(word)):
            return stem
    return word


def _shortened(key: str) -> set[str]:
    """The key without any one of its letters: keys that share one are at most one letter apart, or two exchanged."""
    if len(key) < LONG:
        return set()
    return {key[:i] + key[i + 1 :] for i in range(len(key))}


def _finding(
    subject: Subject, paths: "pd.Series[str]", names: tuple[str, str], name: float, contents: float
) -> Finding:
    kept, merged = names
    examples = [subject.catalog.products[paths == each].head(EXAMPLES) for each in names]
    n_kept, n_merged = (int((paths == each).sum()) for each in names)
    how = "have one name in two spellings" if name == ALIKE else "have nearly one name" if name else "hold the same"
    evidence: dict[str, Any] = {
        "categories": list(names),
        "products": [n_kept, n_merged],
        "name": round(name, 3),
        "contents": round(contents, 3),
        "examples": [each["title"].tolist() for each in examples],
    }
    return Finding(
        "similar categories",
        f"{_pair_told(names, (n_kept, n_merged))} {how}; their products lie {contents:.0%} mixed.",
        tuple(examples[1]["sku"].tolist() + examples[0]["sku"].tolist()),
        0.4,
        round(max((name + contents) / 2, contents * 0.9), 4),
        column="category",
        evidence=evidence,
        proposal=f'Move the products of "{merged}" to "{kept}".',
    )


def _pair_told(names: tuple[str, str], sizes: tuple[int, int]) -> str:
    """Both names with their numbers of products, a common parent once."""
    parents = {name.rpartition(SEPARATOR)[0] for name in names}
    shown = [name.rpartition(SEPARATOR)[2] for name in names] if len(parents) == 1 else names
    where = f" in {parents.pop()}" if len(parents) == 1 and "" not in parents else ""
    return f'"{shown[0]}" ({counted(sizes[0])}) and "{shown[1]}" ({sizes[1]:,}){where}'
