"""Product text: cleaning, words, and what an encoder reads of a product."""

import hashlib
import html
import re
import unicodedata
from collections.abc import Iterable

RULES_VERSION = 1
"""Raised whenever ``clean_text`` gives another result; part of every encoder's fingerprint."""

_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"\s+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[^\W_]+(?:[.'’/-][^\W_]+)*")


def clean_text(text: str) -> str:
    """Readable plain text: no markup, entities decoded, NFKC, no control characters, single spaces.

    Cleaning twice gives the same as cleaning once.
    """
    text = html.unescape(_TAG.sub(" ", text))
    text = unicodedata.normalize("NFKC", text)
    text = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    return _SPACE.sub(" ", text).strip()


def has_chinese(text: str) -> bool:
    """Whether any character is a Chinese one."""
    return _HAN.search(text) is not None


def words(text: str) -> list[str]:
    """Lower-case words in order; Chinese is segmented by jieba."""
    found: list[str] = []
    for match in _WORD.finditer(text.lower()):
        token = match.group()
        found.extend(_segment(token) if has_chinese(token) else [token])
    return found


def text_digests(texts: Iterable[str]) -> list[bytes]:
    """16 bytes per text: the key of its vector, together with the encoder's fingerprint."""
    return [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16] for text in texts]


def _segment(token: str) -> list[str]:
    import jieba  # its dictionary takes half a second; only Chinese catalogs pay

    return [part for part in jieba.cut_for_search(token) if part.strip()]
