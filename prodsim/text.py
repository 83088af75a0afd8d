"""Product text: cleaning, words, and what an encoder reads of a product."""

import hashlib
import html
import logging
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, pairwise
from typing import Any, Literal

from prodsim.extras import is_installed, optional_packages

RULES_VERSION = 1
"""Raised whenever ``clean_text`` gives another result; part of every encoder's fingerprint."""

_TAG = re.compile(r"<[a-zA-Z!/?][^<>]*>")
_PLAIN_TAG = re.compile(
    r"</?(?:a|b|br|div|em|h[1-6]|hr|i|img|li|ol|p|small|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul)"
    r"""(?:\s+[a-z][a-z-]*(?:=(?:"[^"<>]*"|'[^'<>]*'))?)*\s*/?>""",
    re.IGNORECASE | re.ASCII,
)
"""A tag that all parsers read alike, and that hides no text."""
_MOJIBAKE_STARTS = "\u00c2\u00c3\u00e2\u00e5\u00e6\u00e7"
_MOJIBAKE = re.compile(rf"[{_MOJIBAKE_STARTS}][\u0080-\u00bf\u2010-\u203a\u20ac\u0152-\u0178]")
CHINESE = r"\u3400-\u9fff\uf900-\ufaff"
"""Chinese characters, for use within the brackets of a regular expression."""
_HAN = re.compile(f"[{CHINESE}]")
_HAN_RUN = re.compile(f"[{CHINESE}]+|[^{CHINESE}]+")
FOLDING_VERSION = 1
"""Raised whenever ``folded`` gives another result; a word index says whether its texts were folded."""
_HAN_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000))
_ACCENTED = ((0xC0, 0x250), (0x370, 0x400), (0x1E00, 0x2000))
"""Latin and Greek letters; the marks of other scripts are more than accents."""
_VARIANTS = {
    "l": "łŀ", "L": "Ł", "o": "ø", "O": "Ø", "d": "đð", "D": "ĐÐ", "h": "ħ", "H": "Ħ", "i": "ı", "t": "ŧ", "T": "Ŧ",
    "е": "ё", "Е": "Ё", "г": "ґ", "Г": "Ґ", "ا": "أإآٱ", "ي": "ىیئ", "و": "ؤ", "ه": "ةە", "ك": "ک",
}  # fmt: skip
"""Letters that Unicode does not take apart, and those that are written for one another, as Lucene normalises Arabic."""
_TOGETHER = 64
"""Texts that are looked at together before each is: too many, and one that is not clean costs the glance at all."""
_SPELT_WORD = re.compile(r"[^\W_]+(?:[.'’/-][^\W_]+)*")
_INVISIBLE = {code: " " for code in (*range(32), *range(127, 160), 0x2028, 0x2029)} | dict.fromkeys(
    (
        0xAD,
        0xFEFF,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2065),
        *range(0xD800, 0xE000),
        0xFFFD,
    )
)


def clean_text(text: str) -> str:
    """Return plain text: no markup, entities decoded, mojibake repaired, NFKC, no control characters, single spaces.

    Cleaning twice gives the same as cleaning once: the steps are repeated until nothing changes, because an entity
    may hide markup and the other way round.
    """
    while not _is_clean(text) and (cleaned := _clean_once(text)) != text:
        text = cleaned
    return text


def clean_texts(texts: Sequence[str]) -> list[str]:
    """Return the texts as ``clean_text`` does each; quickly where most are clean."""
    cleaned = list(texts)
    for place, text in unclean_texts(texts):
        cleaned[place] = clean_text(text)
    return cleaned


def unclean_texts(texts: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield the texts that cleaning may change, with their places; several are looked at in one glance."""
    remaining = iter(texts)
    start = 0
    while own := list(islice(remaining, _TOGETHER)):
        if not _is_clean("~".join(own)):
            yield from ((place, text) for place, text in enumerate(own, start) if not _is_clean(text))
        start += len(own)


def repairs(text: str) -> tuple[str, ...]:
    """Return what ``clean_text`` mends that a person would want to mend at its source: "markup", "mojibake"."""
    mended = ["markup"] if "<" in text and _TAG.search(text) else []
    if _may_be_mojibake(text):
        import ftfy  # only damaged texts pay

        mended += ["mojibake"] if ftfy.fix_encoding(text) != text else []
    return tuple(mended)


def _is_clean(text: str) -> bool:
    """Return whether cleaning would change nothing, as far as that can be seen at a glance."""
    if "<" in text or "&" in text or "  " in text or text[:1] == " " or text[-1:] == " " or not text.isprintable():
        return False
    return text.isascii() or not (
        "\ufffd" in text or _may_be_mojibake(text) or not unicodedata.is_normalized("NFKC", text)
    )


def _may_be_mojibake(text: str) -> bool:
    """Return whether a text has two characters as mojibake has; few texts have the first of them at all."""
    if text.isascii() or not any(map(text.__contains__, _MOJIBAKE_STARTS)):
        return False
    return _MOJIBAKE.search(text) is not None


def _clean_once(text: str) -> str:
    text = html.unescape(text)
    if "<" in text and _TAG.search(text):
        text = _without_markup(text)
    if _may_be_mojibake(text):
        import ftfy  # only damaged texts pay

        text = ftfy.fix_encoding(text)
    if not text.isprintable() or "\ufffd" in text:  # the only invisible character that counts as printable
        text = text.translate(_INVISIBLE)
    text = unicodedata.normalize("NFKC", text)
    return " ".join(text.split())


def _without_markup(text: str) -> str:
    if "&" not in text and "<" not in (plain := _PLAIN_TAG.sub(" ", text)) and not _may_be_mojibake(plain):
        return plain  # as the parser's but for the number of spaces, in a fraction of its time
    from bs4 import BeautifulSoup  # only texts with markup pay

    soup = BeautifulSoup(text, "html.parser")
    for hidden in soup(["script", "style"]):
        hidden.decompose()
    # What the parser does not take for markup still must not stay as such, or cleaning twice would differ.
    return _TAG.sub(" ", soup.get_text(" "))


def has_chinese(text: str) -> bool:
    """Return whether any character is a Chinese one."""
    return _HAN.search(text) is not None


def folded(text: str) -> str:
    """Return the text with each character replaced by the one that it is searched by; its length stays.

    Accents of Latin and Greek letters go, traditional Chinese characters become simplified ones, variants of an Arabic
    or a Cyrillic letter one letter, and digits of all scripts 0 to 9.
    """
    if text.isascii():
        return text
    text = text.translate(_plain_characters())
    return text.translate(_simplified_characters()) if has_chinese(text) else text


def words(text: str) -> list[str]:
    """Return the lower-case words in order; Chinese is cut as ``chinese_words`` says."""
    tokens: list[str] = _SPELT_WORD.findall(text.lower())
    if not has_chinese(text):
        return tokens
    return [part for token in tokens for part in (_segment(token) if has_chinese(token) else [token])]


@lru_cache(maxsize=1)
def chinese_words() -> Literal["jieba", "pairs"]:
    """Return how ``words`` cuts Chinese: by jieba, or into overlapping pairs of characters where it is missing.

    Pairs find what words find, and some that only look alike. What was saved by one way does not fit the other.
    """
    return "jieba" if is_installed("jieba") else "pairs"


def segmentation() -> tuple[str, ...]:
    """Return what a key of something made of ``words`` holds beside the texts; nothing where jieba cuts them."""
    return () if chinese_words() == "jieba" else (chinese_words(),)


def pieces(text: str) -> list[str]:
    """Return the text as written, cut at its spaces and, where it is Chinese, between its words; only spaces get lost.

    Raises:
        MissingPackage: the text is Chinese and jieba is not installed.
    """
    cut: list[str] = []
    for token in text.split():
        cut += _jieba().lcut(token) if has_chinese(token) else [token]
    return cut


def excerpt(text: str, length: int = 80) -> str:
    """Return a text for a message: on one line, cut to a length with "…" at its end; half a character becomes "?"."""
    line = " ".join(text[: 4 * length].split()).encode("utf-8", "replace").decode()
    return line if len(line) <= length and len(text) <= 4 * length else line[: length - 1] + "…"


def has_half_character(text: str) -> bool:
    """Return whether a text holds half of a character (a surrogate), which no file or database takes."""
    return any("\ud800" <= character <= "\udfff" for character in text)


def text_digests(texts: Iterable[str]) -> list[bytes]:
    """Return 16 bytes per text: the key of its vector, together with the encoder's fingerprint."""
    return [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16] for text in texts]


@lru_cache(maxsize=1)
def _plain_characters() -> dict[int, str]:
    plain = {code: str(unicodedata.decimal(chr(code))) for code in range(0x660, 0x10000) if chr(code).isdecimal()}
    for code in (code for start, stop in _ACCENTED for code in range(start, stop)):
        apart = unicodedata.normalize("NFD", chr(code))
        if len(apart) > 1 and all(map(unicodedata.combining, apart[1:])):
            plain[code] = apart[0]
    variants = {ord(letter): base for base, letters in _VARIANTS.items() for letter in letters}
    return {code: base.translate(variants) for code, base in plain.items()} | variants


@lru_cache(maxsize=1)
def _simplified_characters() -> dict[int, str]:
    from opencc import OpenCC  # only Chinese texts pay

    characters = [chr(code) for start, stop in _HAN_BLOCKS for code in range(start, stop)]
    simplified = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = zip(characters, simplified, strict=True)
    table = {ord(character): simple for character, simple in pairs if simple != character and len(simple) == 1}
    return {code: simple.translate(table) for code, simple in table.items()}


def _segment(token: str) -> list[str]:
    if chinese_words() == "pairs":
        return [part for run in _HAN_RUN.findall(token) for part in (_pairs(run) if has_chinese(run) else [run])]
    return [part for part in _jieba().cut_for_search(token) if part.strip()]


def _pairs(run: str) -> list[str]:
    return ["".join(pair) for pair in pairwise(run)] or [run]


@lru_cache(maxsize=1)
def _jieba() -> Any:
    with optional_packages():
        import jieba  # its dictionary takes half a second; only Chinese catalogs pay

    jieba.setLogLevel(logging.WARNING)  # it tells on standard error how it loads its dictionary
    return jieba
