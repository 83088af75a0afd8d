"""Names of categories, and which of them are spellings of one."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from prodsim.catalog.category_paths import leaf_of, parent_of
from prodsim.lexical.terms import word_terms
from prodsim.text import has_chinese, words

CodePair = tuple[int, int]
"""Two categories by their numbers, the lower one first."""

SAME_NAME, NEAR_NAME = 1.0, 0.8
"""Similarity of names that differ in spelling only, and of names with another letter."""
MIN_LETTERS = 5
"""Letters from which another letter may be a slip; "mug" and "rug" are different things."""

_FILLER = frozenset(("and", "und", "et", "the", "of", "及", "和", "与"))


def similar_names(paths: Sequence[str]) -> Iterator[tuple[CodePair, float]]:
    """Yield pairs of paths under one parent whose last parts are one name, or names with another letter."""
    names = [leaf_of(path) for path in paths]
    keys = [name_key(name) for name in names]
    parents = [parent_of(path).casefold() for path in paths]
    near: dict[tuple[str, str], set[int]] = defaultdict(set)
    for code, (key, parent) in enumerate(zip(keys, parents, strict=True)):
        for form in {key, *_shortened(key)}:
            near[parent, form].add(code)
    pairs = {pair for codes in near.values() for pair in combinations(sorted(codes), 2)}
    for a, b in sorted(pairs):
        if keys[a] == keys[b] or _is_slip(_plain_words(names[a]), _plain_words(names[b])):
            yield (a, b), SAME_NAME if keys[a] == keys[b] else NEAR_NAME


def name_key(name: str) -> str:
    """Reduce a name by case, signs, plural endings and filler: "T-Shirts", "Tshirt", "T shirts" have one key."""
    joined = "".join(_plain_words(name))
    return joined.removesuffix("类") if has_chinese(joined) and len(joined) > 2 else joined


def _is_slip(some: Sequence[str], others: Sequence[str]) -> bool:
    """Return whether names a letter apart differ in one long word.

    "SG bats" and "GM bats", or names with two numbers, are different things.
    """
    if len(some) != len(others):
        return not any(letter.isdigit() for word in (*some, *others) for letter in word)
    differing = [word for pair in zip(some, others, strict=True) if pair[0] != pair[1] for word in pair]
    return len(differing) == 2 and all(len(word) >= MIN_LETTERS and word.isalpha() for word in differing)


def _plain_words(name: str) -> list[str]:
    """Split a name into words in lower case and singular, without filler."""
    plain = name.casefold().replace("&", " ").replace("-", " ")
    return [_singular(word) for word in words(plain) if word not in _FILLER]


def _singular(word: str) -> str:
    """Return the word without an English plural ending, by the rule that words of texts are compared by."""
    for ending in ("ies", "es", "s"):
        stem = word.removesuffix(ending) + ("y" if ending == "ies" else "e" if ending == "es" else "")
        if word.endswith(ending) and len(stem) > 1 and np.array_equal(word_terms(stem), word_terms(word)):
            return stem
    return word


def _shortened(key: str) -> set[str]:
    """Return the key without any one of its letters: keys that share one are a letter apart, or two exchanged."""
    if len(key) < MIN_LETTERS:
        return set()
    return {key[:i] + key[i + 1 :] for i in range(len(key))}
