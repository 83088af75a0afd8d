"""Cells of single fields into their normal form."""

import html
import json
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from prodsim.catalog.category_paths import path_of
from prodsim.catalog.cell_words import days, stock_words, weeks
from prodsim.catalog.plain_names import plain_name, split_words
from prodsim.spreadsheets import unguard
from prodsim.text import clean_text

MAX_STOCK_LENGTH = 80
"""Characters from which on a cell of stock is a text that only mentions it."""
MAX_DAYS = 14
"""Days of delivery up to which a product counts as in stock."""

ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")

_ARROWS = re.compile(r"\s*(?:>+|»|›|→|＞|》|->|=>|::|\\+)\s*")
_LEVELS = re.compile(r"\s*\|+\s*")
_COLONS = re.compile(r"(?<=[^\W\d_]):(?=[^\W\d_])")
_SLASHES = re.compile(r"\s*/+\s*")
_LISTED = re.compile(r"\s*[;\n\r]+\s*|(?<=\S)@(?=\S)")
_COMMAS = re.compile(r"(?<!\\)\s*,\s*")
_CODE_LIST = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*(?:,[a-z0-9]+(?:[_-][a-z0-9]+)*)+")
_ROOTS = ("default category", "root catalog", "root category", "root")
_SLUG_END = re.compile(r"[-_](?:[a-z]?\d{5,}|p\d+)$", re.IGNORECASE)
_ADDRESS = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
_BETWEEN_ADDRESSES = re.compile(r"[\s|;]+|,\s*(?=(?:https?:)?//)|,\s+")
_BETWEEN_FILES = re.compile(r"\s*[|;\n\r]+\s*|,\s*(?=\S+\.\w{3,4}(?:$|[,\s]))")
_FILE = re.compile(r"\.\w{3,4}$")
LISTING = re.compile(r"[\s|;,\[{\"'&]")
"""What a cell has that is more than one address or file name."""
_TEXT_CELL = re.compile(r'="(.*)"', re.DOTALL)
_COUNT = re.compile(r"[-−–]?\d[\d.,' ]*")
_SCHEMA = re.compile(r"https?://schema\.org/", re.IGNORECASE)
_NEGATIONS = frozenset((
    "not", "no", "non", "nicht", "kein", "keine", "pas", "plus", "sin", "nao", "não", "niet", "geen", "nie",
    "brak", "neni", "není", "nincs", "nem", "ei", "ikke", "inte", "ej", "nu", "не", "нет", "немає", "нема", "δεν",
    "μη", "yok", "değil", "غير", "لا", "לא", "אין", "khong", "tidak",
))  # fmt: skip


def unwrapped(cell: str) -> str:
    """Return a cell without what spreadsheets put around it to keep it as text: ``="00123"``, or an apostrophe."""
    if cell[:2] == '="' and (wrapped := _TEXT_CELL.fullmatch(cell.strip())):
        return wrapped[1].replace('""', '"')
    return unguard(cell)


def unescaped(text: str) -> str:
    """Return a text with its HTML entities decoded; ``&copy=1`` in an address is none."""
    return ENTITY.sub(lambda match: html.unescape(match[0]), text) if "&" in text else text


def availability(cell: str) -> str:
    """Return ``in stock``, ``out of stock``, ``preorder``, or ``""`` where it is unclear; a number counts pieces.

    Words of all the languages of ``cell_words.toml`` count, with a number of pieces beside them or without, and
    schema.org's addresses. What is delivered in weeks counts as ``preorder``.
    """
    text = _SCHEMA.sub("", cell.strip())
    if not text or len(text) > MAX_STOCK_LENGTH:
        return ""
    return _stock_of(text)


@lru_cache(maxsize=50_000)
def _stock_of(text: str) -> str:
    known = stock_words()
    written = unicodedata.normalize("NFKC", unescaped(text))
    for word in (plain_name(written), plain_name(split_words(written)), written.casefold()):
        if word in known:
            return known[word]
    counted = re.fullmatch(r"[<>≥≤~+\s]*([-−–]?\d[\d.,' ]*?)(?:[.,]0+)?\s*\+?", written)
    if counted:
        return _by_count(counted[1])
    numbers = _COUNT.findall(written)
    words = plain_name(_COUNT.sub(" ", split_words(written)))
    if words in known:
        return _by_words(known[words], words, numbers)
    return _by_contained(words, numbers) or _by_delivery(words, numbers) or _by_label(written)


def _by_count(number: str) -> str:
    digits = re.sub(r"[^\d]", "", number)
    is_positive = digits.strip("0") != "" and not number.startswith(("-", "−", "–"))
    return "in stock" if is_positive else "out of stock"


def _by_words(state: str, words: str, numbers: list[str]) -> str:
    """Return what words with numbers say: none of a product are left, or it takes long to come."""
    if weeks() & set(words.split()) and state != "out of stock":
        return "preorder"
    if state != "in stock":
        return state
    if len(numbers) == 1 and _by_count(numbers[0]) == "out of stock":
        return "out of stock"
    return _by_delivery(words, numbers) if days() & set(words.split()) else state


def _by_delivery(words: str, numbers: list[str]) -> str:
    """Return what a time of delivery says, ``""`` where a text gives none: some days, or weeks."""
    spans = set(words.split())
    if not numbers or not spans & (weeks() | days()):
        return ""
    longest = max(int(re.sub(r"\D", "", number)) for number in numbers)
    hours = spans & {"h", "hour", "hours", "hrs", "stunden"}
    return "preorder" if spans & weeks() or (longest > MAX_DAYS and not hours) else "in stock"


def _by_label(text: str) -> str:
    """Return what "Lager: 4" says: a number of pieces behind a colon."""
    labelled = re.fullmatch(r"[^\d:=]+[:=]\s*([-−–]?\d+)\s*[^\W\d_]{0,6}\.?", text)
    return _by_count(labelled[1]) if labelled else ""


def _by_contained(words: str, numbers: list[str]) -> str:
    """Return what the longest known words inside a text say, where only one state is named."""
    known, tokens = stock_words(), words.split()
    for size in range(min(len(tokens), 6), 0, -1):
        states = set()
        for start in range(len(tokens) - size + 1):
            part = " ".join(tokens[start : start + size])
            if part in known and (size > 1 or len(part) >= 5 or not part.isascii()):
                is_denied = bool(_NEGATIONS & set(tokens[max(start - 2, 0) : start]))
                states.add("out of stock" if is_denied and known[part] == "in stock" else known[part])
        if len(states) == 1:
            return _by_words(states.pop(), words, numbers)
        if states:
            return ""
    return ""


def category_roots(cells: Iterable[str]) -> frozenset[str]:
    """Return the first levels of a column's paths, in lower case.

    Where most of what follows a bar also begins a cell, as with genres in "Comedy|Drama" and "Drama|Romance", bars
    stand between equals, and all of them are first levels.
    """
    texts = [cell.strip().casefold() for cell in cells if cell]
    roots = {_ARROWS.split(text, maxsplit=1)[0].strip() for text in texts}
    barred = [_LEVELS.split(text) for text in texts if "|" in text and not _ARROWS.search(text)]
    firsts = roots | {parts[0] for parts in barred}
    later = [part for parts in barred for part in parts[1:]]
    are_equals = sum(part in firsts for part in later) > len(later) / 2
    return frozenset(roots.union(*barred) if are_equals else roots)


@lru_cache(maxsize=100_000)
def categories(cell: str, roots: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the paths of a cell, each joined by `` > ``, in order and without repetition; none for a list of codes.

    Any usual separator of levels is understood, and JSON lists of names or objects. Between whole paths stand
    semicolons, line ends or bars. A comma stands between paths where what follows it begins like a path of the column:
    not so in "Books, Stationery > Notebooks" and "Women > Lingerie, Sleep & Swimwear > Shorts".

    Args:
        cell: of one product.
        roots: the first levels of the column's paths; see ``category_roots``.
    """
    names = _json_names(cell) if cell[:1] in "[{" else None
    if names and not any(_ARROWS.search(name) for name in names):
        return _paths([path_of(names)])
    if names:
        return _paths(names)
    text = unescaped(cell).strip()
    if _CODE_LIST.fullmatch(text) and "_" in text:
        return ()
    return _paths(_separate_paths(text, roots))


def _separate_paths(text: str, roots: frozenset[str]) -> list[str]:
    listed = [part for part in _LISTED.split(text) if part]
    if len(listed) > 1:
        return [path for part in listed for path in _separate_paths(part, roots)]
    bars = [part for part in _LEVELS.split(text) if part]
    is_listed = all(_ARROWS.search(part) or "/" in part for part in bars) or {*map(str.casefold, bars)} <= roots
    if len(bars) > 1 and is_listed:
        return [path for part in bars for path in _separate_paths(part, roots)]
    commas = [part for part in _COMMAS.split(text) if part]
    if len(commas) > 1:
        separator = _ARROWS if _ARROWS.search(text) else _SLASHES
        firsts = [separator.split(part, maxsplit=1)[0].strip().casefold() for part in commas]
        is_path = [separator.search(part) is not None for part in commas]
        if all(first in roots or (own and first == firsts[0]) for first, own in zip(firsts, is_path, strict=True)):
            return commas if any(is_path) else [text]
    return [text]


def _paths(texts: list[str]) -> tuple[str, ...]:
    paths = (_path(text) for text in texts)
    return tuple(dict.fromkeys(path for path in paths if path))


def _path(text: str) -> str:
    # A slash separates only where nothing clearer does: "Food > Tea/Coffee" is two levels, "Home/Kitchen" too. A colon
    # does where no space follows it, as in "Food:Tea".
    text = text.replace("\\,", ",")
    separator = next((each for each in (_ARROWS, _LEVELS, _COLONS) if each.search(text)), _SLASHES)
    cleaned = [clean_text(part).strip('"[] ') for part in separator.split(text)]
    levels = [part for part in cleaned if part]
    if len(levels) > 1 and levels[0].casefold() in _ROOTS:
        levels = levels[1:]
    return path_of(levels)


def images(cell: str) -> tuple[str, ...]:
    """Return the addresses or file names of the pictures in a cell, of a JSON list or separated ones, in order."""
    text = unescaped(cell).strip()
    if not LISTING.search(text):
        return (text,) if text else ()
    if text[:1] in ("[", "{"):
        parts = _json_names(text)
        if parts is not None:
            return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
        text = text.strip("[]{}\"' ")
    separator = _BETWEEN_ADDRESSES if _ADDRESS.match(text) else _BETWEEN_FILES
    parts = [part.strip("\"' ,") for part in separator.split(text)]
    if any(map(_ADDRESS.match, parts)):  # what stands beside addresses and is no file is a picture's number
        parts = [part for part in parts if _ADDRESS.match(part) or _FILE.search(part)]
    return tuple(dict.fromkeys(part for part in parts if part))


def plain_text(cell: str) -> str:
    """Return a short text such as a brand; of JSON objects their names."""
    if cell[:1] in ("[", "{") and (names := _json_names(cell)) is not None:
        return clean_text(", ".join(name for name in names if name))
    return clean_text(cell)


def title_from_url(url: str) -> str:
    """Return the readable part of a link: ".../p/malm-bed-frame-white-s79012991/" gives "malm bed frame white"."""
    pieces = [unquote(piece) for piece in urlsplit(url).path.split("/") if piece]
    if not pieces:
        return ""
    slug = max(pieces, key=lambda piece: len(re.findall(r"[^\W\d_]+", piece)))
    slug = _SLUG_END.sub("", re.sub(r"\.\w{2,5}$", "", slug))
    return clean_text(re.sub(r"[-_+]+", " ", slug))


def link_end(url: str) -> str:
    """Return the last piece of a link's path, without its ending: ".../p/s79012991.html?x=1" gives "s79012991"."""
    pieces = [unquote(piece) for piece in urlsplit(url.strip()).path.split("/") if piece]
    return re.sub(r"\.\w{2,5}$", "", pieces[-1]) if pieces else ""


def _json_names(cell: str) -> list[str] | None:
    """Return the texts of a JSON list; of objects their name, title or url."""
    try:
        value = json.loads(cell)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, dict):
        value = [value]
    names = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            keys = ("name", "title", "label", "category_name", "url", "src", "href", "link", "value")
            item = next((item[key] for key in keys if item.get(key)), "")
        names.append(str(item))
    return names
