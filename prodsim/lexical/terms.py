"""The three ways a text is taken apart: words, character n-grams, identifiers."""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from prodsim.lexical.occurrences import Occurrences
from prodsim.text import CHINESE, has_chinese, words

Terms = NDArray[np.uint64]
"""64-bit hashes of terms; two of a catalog's terms share one with a chance below one in a million."""

_INNER_MARKS = re.compile(r"[^\w]+|_")
_RUN = re.compile(r"[^\W_]+")
_SCRIPT_RUN = re.compile(f"[{CHINESE}]+|[^{CHINESE}]+")
_IDENTIFIER = re.compile(
    # Letters and digits joined by single signs, as far as they go, with a digit; words without one are not entered.
    r"(?<![a-z0-9])(?:[a-z]++(?:[-./][a-z]++)*+[-./]?)?[0-9][a-z0-9]*(?:[-./][a-z0-9]+)*"
)


def word_terms(text: str) -> Terms:
    """Return the words without English plural endings; "WM-3470/B" counts whole, joined, and in its pieces."""
    return _joined(_word_hashes, words(text))


def gram_terms(text: str) -> Terms:
    """Return the character 3- to 5-grams within words, word ends marked; 1- to 3-grams where Chinese."""
    return _joined(_gram_hashes, runs(text.lower()))


def identifiers(text: str) -> list[str]:
    """Return the model numbers, capacities and sizes of a text as they are compared, in order.

    Tokens with a digit and three or more characters, "WM-3470/B" as "wm3470b".
    """
    tokens = (_INNER_MARKS.sub("", token) for token in _IDENTIFIER.findall(text.lower()))
    return [token for token in tokens if len(token) >= 3]


def runs(text: str) -> list[str]:
    """Return the runs of letters and digits of a text, Chinese apart, in order; every n-gram lies in one of them."""
    mixed = _RUN.findall(text)
    return [part for run in mixed for part in _SCRIPT_RUN.findall(run)] if has_chinese(text) else mixed


def word_forms(word: str) -> list[str]:
    """Return the terms of a word."""
    pieces = [_singular(piece) for piece in _INNER_MARKS.split(word) if piece]
    return pieces if len(pieces) < 2 else [*pieces, "".join(pieces)]


def grams(run: str) -> list[str]:
    """Return the terms of one of ``runs``."""
    sizes, padded = ((1, 2, 3), run) if has_chinese(run) else ((3, 4, 5), f" {run} ")
    return [padded[i : i + size] for size in sizes for i in range(len(padded) - size + 1)] or [padded]


def hashed(terms: Iterable[str]) -> Terms:
    """Return the terms' hashes, in order."""
    digests = (hashlib.blake2b(term.encode(), digest_size=8).digest() for term in terms)
    return np.array([int.from_bytes(digest, "little") for digest in digests], np.uint64)


def counted(tokens: Occurrences, forms: Callable[[str], Sequence[str]]) -> tuple[Terms, csr_matrix]:
    """Return the distinct terms of the distinct tokens, ascending, and how often each token has each.

    Args:
        tokens: of the texts.
        forms: the terms of a token.
    """
    spelled = Occurrences.of(map(forms, tokens.distinct))
    terms, columns = np.unique(hashed(spelled.distinct), return_inverse=True)
    counts = spelled.matrix()
    counts = csr_matrix(
        (counts.data, columns[counts.indices].astype(np.int32), counts.indptr),
        shape=(len(counts.indptr) - 1, len(terms)),
    )
    return terms, counts


def _joined(hashes: Callable[[str], Terms], tokens: Sequence[str]) -> Terms:
    return np.concatenate([hashes(token) for token in tokens]) if tokens else np.empty(0, np.uint64)


@lru_cache(maxsize=200_000)
def _word_hashes(word: str) -> Terms:
    return hashed(word_forms(word))


@lru_cache(maxsize=200_000)
def _gram_hashes(run: str) -> Terms:
    return hashed(grams(run))


def _singular(word: str) -> str:
    """Apply Harman's S-stemmer (1991): three rules for English plurals, nothing else."""
    if len(word) > 3 and word.endswith("ies") and word[-4] not in "ae":
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("es") and word[-3] not in "aeo":
        return word[:-1]
    if len(word) > 3 and word.endswith("s") and word[-2] not in "us":
        return word[:-1]
    return word
