"""How likely a text is, judged by the letters of the languages that it may be in: which reading of bytes is right."""

import math
import unicodedata
from functools import cache, lru_cache

from prodsim.catalog.letters import (
    CHINESE_FREQUENT,
    CHINESE_TRADITIONAL_FREQUENT,
    CJK_PUNCTUATION,
    JAPANESE_FREQUENT,
    KANA,
    KOREAN_FREQUENT,
    LETTERS,
    SYMBOLS,
)

OTHER_LETTER, OTHER_SIGN, NO_CHARACTER = math.log(1e-5), math.log(1e-6), math.log(1e-9)
"""Log-probabilities of a letter and a sign that the language does not use, and of what no text holds."""
MISPLACED = 5.0
"""Nats off for a sign inside a word, a capital behind a small letter, or two alphabets in a word."""
ASCII_LETTER = 3.0
"""Nats that a letter of ASCII costs; owed where a reading takes one for half of another character."""

_VOWELS = "aeiouyæøœıəơư"

Weights = dict[str, float]


def log_likelihood(text: str, language: str, in_context: list[float]) -> float:
    """Return the log-probability of a text's characters beyond ASCII, in nats, as if it were in a language.

    Args:
        text: lines of a file.
        language: a key of ``LETTERS``, or one of ``ja``, ``ko``, ``zh``, ``zh-TW``.
        in_context: what ``misplacements`` returns for the text.
    """
    weights = letter_weights(language)
    return sum(weights.get(c) or _unlisted(c, language) for c in foreign(text)) - sum(in_context)


def foreign(text: str) -> list[str]:
    """Return the characters beyond ASCII, in small letters."""
    return [c for c in text.lower() if c > "\x7f"]


@cache
def letter_weights(language: str) -> Weights:
    """Return the log-probability of each character that a language uses, among its characters beyond ASCII."""
    shares = {
        "en": [(LETTERS["en"], 0.15), (SYMBOLS, 0.84)],
        "ja": [(KANA, 0.62), (JAPANESE_FREQUENT, 0.25), (CJK_PUNCTUATION, 0.06)],
        "ko": [(KOREAN_FREQUENT, 0.85), (CJK_PUNCTUATION, 0.02)],
        "zh": [(CHINESE_FREQUENT, 0.72), (CJK_PUNCTUATION, 0.06)],
        "zh-TW": [(CHINESE_TRADITIONAL_FREQUENT, 0.72), (CJK_PUNCTUATION, 0.06)],
    }.get(language) or [(LETTERS[language], 0.93), (SYMBOLS, 0.06)]
    weights: Weights = {}
    for characters, share in shares:
        listed = list(dict.fromkeys(characters))
        flat = 2 if len(listed) < 80 else 60  # of an alphabet few letters make most of a text, of a script hundreds do
        total = sum(1 / (rank + flat) for rank in range(len(listed)))
        for rank, c in enumerate(listed):
            weights.setdefault(c, math.log(share / total / (rank + flat)))
    return weights


@lru_cache(maxsize=100_000)
def _unlisted(c: str, language: str) -> float:
    """Return the log-probability of a character that the language's list lacks."""
    match language:
        case "zh":
            return _by_level(c, "gb2312", b"\xd7", 3755)
        case "zh-TW":
            return _by_level(c, "big5", b"\xc6", 5401)
        case "ja":
            if "\uff61" <= c <= "\uff9f":
                return math.log(0.005 / 63)
            return _by_level(c, "euc_jp", b"\xcf", 2965)
        case "ko":
            return _by_level(c, "euc_kr", b"\xc8", 2350)
    category = unicodedata.category(c)
    return NO_CHARACTER if category[0] == "C" else OTHER_LETTER if category[0] in "LM" else OTHER_SIGN


def _by_level(c: str, charset: str, last_frequent: bytes, n_frequent: int) -> float:
    """Return the log-probability of a character by the level of the national standard that it is in."""
    try:
        lead = c.encode(charset)[:1]
    except UnicodeEncodeError:
        return math.log(1e-7) if unicodedata.category(c)[0] in "LPSNZ" else NO_CHARACTER
    if unicodedata.category(c) != "Lo":
        return math.log(1e-5)
    return math.log(0.2 / n_frequent) if lead <= last_frequent else math.log(0.01 / 3000)


def misplacements(text: str) -> list[float]:
    """Return the nats that each character beyond ASCII costs by where it stands."""
    padded = f"\n\n{text}\n"
    return [
        cost
        for place, c in enumerate(padded)
        if c > "\x7f" and (cost := _misplaced(c, padded[place - 2 : place], padded[place + 1]))
    ]


@lru_cache(maxsize=100_000)
def _misplaced(c: str, before: str, behind: str) -> float:
    previous = before[1]
    if unicodedata.category(c)[0] not in "LM":
        return _misplaced_sign(c, previous, behind)
    if _is_cjk(c):
        return 0.0
    cost = 0.0
    if c.isupper():
        cost += MISPLACED if previous.islower() else 0.0
        cost += MISPLACED / 2 if behind.isdigit() and not behind.isspace() else 0.0
    elif c.islower():
        cost += MISPLACED / 2 if previous.isupper() and before[0].isupper() else 0.0
        cost += MISPLACED if behind.isupper() else 0.0
    if c < "\u0250":
        cost += _crowded(c, previous, behind)
    if c > "\u036f" and unicodedata.category(c)[0] != "M":
        cost += MISPLACED * sum(n.isascii() and n.isalpha() for n in (previous, behind))
    elif unicodedata.category(c)[0] == "M" and not _carries_mark(previous):
        cost += MISPLACED
    return cost


def _carries_mark(c: str) -> bool:
    """Return whether a mark can stand on a character: of Latin letters, on vowels."""
    if c < "\u0250":
        return unicodedata.normalize("NFD", c.lower())[0] in _VOWELS
    return unicodedata.category(c)[0] in "LM"


def _crowded(c: str, previous: str, behind: str) -> float:
    """Return the nats for a consonant among consonants, or a vowel among vowels, in a Latin word."""
    own, before, after = (unicodedata.normalize("NFD", letter.lower())[0] for letter in (c, previous, behind))
    if own in _VOWELS:
        return 1.5 if before in _VOWELS and after in _VOWELS else 0.0
    return 1.5 if before.isalpha() and before not in _VOWELS and after not in _VOWELS else 0.0


def _misplaced_sign(c: str, previous: str, behind: str) -> float:
    inside = previous.isalpha() and behind.isalpha()
    if c == "’":
        return 0.0 if previous.isalnum() or not behind.isalpha() else MISPLACED / 2
    if c in "‘·\u00ad\u00a0/" or _is_cjk(c):
        return 0.0
    if c in "²³":
        return 0.0 if previous in "mM" and not behind.isalpha() else MISPLACED
    if c in "«“„‹¡¿":
        return MISPLACED if previous.isalpha() else 0.0
    if c in "½¼¾±¹":
        return MISPLACED if previous.isalpha() or behind.isalpha() else 0.0
    if c in "°£€¥$" and previous.isdigit():
        return 0.0
    if c == "…":
        return MISPLACED / 2 if behind.isalpha() else 0.0
    if c in "–—":
        return 1.5 if previous.isalpha() != behind.isalpha() else 0.0
    return MISPLACED if inside else MISPLACED / 2 if behind.isalpha() and c not in "®™©»”×•№§µ°€£¥ªº" else 0.0


@lru_cache(maxsize=100_000)
def _is_cjk(c: str) -> bool:
    return "\u2e80" <= c <= "\ua4cf" or "\uac00" <= c <= "\ud7a3" or "\uf900" <= c <= "\ufaff" or c >= "\uff00"
