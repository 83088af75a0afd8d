"""What columns are called in the exports of shops, in many languages: read from ``column_names.toml``."""

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from prodsim.catalog.currencies import currency_of_token

Tax = Literal["gross", "net", ""]

STRONG, STRONG_RANGE = 1.0, 0.25
"""Fit of a field's best name, and how much less its last one fits."""
WEAK, WEAK_RANGE = 0.62, 0.12
"""The same of names that give way to better columns."""
JOINED_FIT = 0.8
"""Fit of a name that means the field only beside a word for "product"."""
DETOUR = 0.97
"""What is left of a fit when a prefix, a note or a word for "product" had to be taken off the name."""
CONTAINED = 0.45
"""Fit of a longer name that contains a name of the field."""
NUMBERED_FIT = 0.5
"""What is left of the fit of a second, third … column of one name: Image 2."""
MIN_KNOWN_FIT = 0.46
"""Fit from which a name is a field's name rather than one that contains it."""

_NAMES_FILE = Path(__file__).with_name("column_names.toml")
_TABLES = ("product_words", "gross", "net", "notes", "orders")
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ة": "ه", "ى": "ي", "ـ": "", "ð": "d", "þ": "th"}
)
_PUNCTUATION = re.compile(r"[\W_]+")
_BRACKETS = re.compile(r"[(\[{<（【「［]([^()\[\]{}<>（）【】「」［］]*)[)\]}>）】」］]")
_PREFIX = re.compile(
    r"^\s*(?:[a-z]{1,3}:|attribute:|meta:|tax:|offers?[./]|product[./:]|variants?[./\[]\d*\]?[./]?)\s*", re.IGNORECASE
)
_LOCALE = re.compile(
    r"^(.+?)[\s._:\-\[(]+([a-z]{2})(?:[-_]([a-z]{2}))?[)\]]*(?:[-_](?:ecommerce|web|print|mobile|default))?$",
    re.IGNORECASE,
)
_NO_LANGUAGE = {"id", "no", "nr", "is", "to", "in", "co", "vk", "ek", "vc"}
"""Two letters at the end of a name that mean something else more often than a language."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_CAMEL_NAME = re.compile(r"[a-z]+(?:[A-Z][a-z]+)+")
_NUMBER_AT_END = re.compile(r"^(.*\D)\s*0*(\d{1,2})$")
_ELSE = frozenset(
    [
        "type",
        "typ",
        "id",
        "ids",
        "alt",
        "position",
        "date",
        "from",
        "until",
        "start",
        "starts",
        "end",
        "ends",
        "status",
        "count",
        "currency",
        "unit",
        "units",
        "seo",
        "meta",
        "tax",
        "class",
        "weight",
        "length",
        "width",
        "height",
        "level",
        "max",
        "min",
        "rate",
        "rating",
        "review",
        "reviews",
        "note",
        "notes",
        "discount",
        "percent",
        "time",
    ]
)
"""Words that turn a name which contains a field's name into the name of something else."""
_CONTAINED_FIELDS = frozenset(
    ("title", "description", "brand", "category", "price", "image", "url", "gtin", "availability")
)
_PRICES = frozenset(("price", "sale_price", "list_price", "other_price"))
_NO_SPACES = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class ColumnName:
    """What the name of a column says.

    Attributes:
        fits: field to how well the name fits it, in (0, 1]; beside ``PRODUCT_FIELDS`` also ``sale_price``,
            ``list_price`` (a price before a reduction), ``other_price`` (costs and the like) and ``nothing``.
        currency: ISO code that the name gives, such as EUR in "Preis [EUR]", else ``""``.
        tax: whether the name says that the price is with tax (``gross``) or without (``net``).
        locale: language, with the country where one is given, such as ``de_DE`` in "name-de_DE", else ``""``.
        languages: that have the name.
    """

    fits: Mapping[str, float]
    currency: str = ""
    tax: Tax = ""
    locale: str = ""
    languages: frozenset[str] = frozenset()


def field_of_name(column: str) -> str | None:
    """Return what a column is by its name, one of ``ColumnName.fits``; ``None`` for a name that is not known."""
    fits = read_name(column).fits
    best = max(fits, key=lambda field: fits[field], default=None)
    return best if best is not None and fits[best] >= MIN_KNOWN_FIT else None


def is_order_name(column: str) -> bool:
    """Return whether a column names an order or a customer, so that the table lists what was bought."""
    return plain_name(column).replace(" ", "") in _order_names()


def language_of_names(columns: Iterable[str]) -> str:
    """Return the language that most columns are named in, such as ``de`` or ``zh-CN``; ``""`` where none is clear."""
    votes: dict[str, float] = defaultdict(float)
    for column in columns:
        languages = read_name(column).languages
        for language in languages:
            votes[language] += 1 / len(languages)
    best = sorted(votes, key=lambda language: -votes[language])[:2]
    if not best or (len(best) > 1 and votes[best[0]] < votes[best[1]] + 0.25):
        return ""
    return best[0] if votes[best[0]] >= 1 else ""


@lru_cache(maxsize=20_000)
def read_name(column: str) -> ColumnName:
    """Return what a column's name says, whatever its case, accents, width, punctuation, prefixes and notes."""
    written = plain_name(column)
    if not written:
        return ColumnName({})
    qualified = _without_qualifiers(column)
    name = _listed_name(written, 1.0) or _listed_name(written.replace(" ", ""), DETOUR) or _localised(column)
    if name is None:
        wordings = (_listed_name(wording, DETOUR) for wording in _wordings(qualified.rest))
        name = next(filter(None, wordings), None)
    name = name or _joined(qualified) or _numbered(qualified) or _containing(qualified)
    if not _PRICES & name.fits.keys():
        return name
    return replace(name, currency=name.currency or qualified.currency, tax=name.tax or qualified.tax)


def _listed_name(name: str, factor: float) -> ColumnName | None:
    entry = _names().get(name)
    return ColumnName(_scaled(entry.fits, factor), languages=entry.languages) if entry else None


def plain_name(name: str) -> str:
    """Return a name as names are compared: lower case, no accents, signs or full-width forms, single spaces."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Mn").translate(_LETTERS)
    text = _PUNCTUATION.sub(" ", unicodedata.normalize("NFC", text)).strip()
    return " ".join(_without_article(word) for word in text.split(" "))


def split_words(name: str) -> str:
    """Return a name with a space before each capital inside a word: ``productName`` gives ``product Name``."""
    return _CAMEL.sub(" ", name)


@dataclass(frozen=True, slots=True)
class _Entry:
    fits: Mapping[str, float]
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Qualified:
    """A name without its prefixes, notes, tax and currency, and what these say."""

    rest: str
    currency: str
    tax: Tax


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    return tomllib.loads(_NAMES_FILE.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _names() -> Mapping[str, _Entry]:
    """Map each plain name, also without its spaces, to the fields that have it and to its languages."""
    fits: dict[str, dict[str, float]] = defaultdict(dict)
    languages: dict[str, set[str]] = defaultdict(set)
    for field, language, name, fit in _listed(("", "weak")):
        for written in {name, name.replace(" ", "")}:
            fits[written][field] = max(fit, fits[written].get(field, 0.0))
            if language != "platforms":
                languages[written].add(language)
    return {name: _Entry(own, frozenset(languages[name])) for name, own in fits.items()}


@lru_cache(maxsize=1)
def _joined_names() -> Mapping[str, _Entry]:
    listed = list(_listed(("joined",)))
    return {name: _Entry({field: fit}, frozenset((language,))) for field, language, name, fit in listed}


def _listed(kinds: tuple[str, ...]) -> Iterator[tuple[str, str, str, float]]:
    """Yield field, language, plain name and fit of all names of these kinds; ``""`` is that of the usual ones."""
    for field, table in _tables().items():
        if field in _TABLES:
            continue
        for kind in kinds:
            best, span = {"": (STRONG, STRONG_RANGE), "weak": (WEAK, WEAK_RANGE), "joined": (JOINED_FIT, 0.0)}[kind]
            for language, names in (table.get(kind, {}) if kind else table).items():
                if isinstance(names, list):
                    for place, name in enumerate(names):
                        yield field, language, plain_name(name), best - span * place / len(names)


@lru_cache(maxsize=1)
def _product_words() -> frozenset[str]:
    return frozenset(plain_name(word) for words in _tables()["product_words"].values() for word in words)


@lru_cache(maxsize=1)
def _product_parts() -> tuple[frozenset[str], tuple[int, ...]]:
    """Return the words for "product" that may be written together with the rest, and their lengths, longest first."""
    own = {word for word in _product_words() if len(word) >= 4 or (_NO_SPACES.search(word) and len(word) >= 2)}
    return frozenset(own), tuple(sorted({len(word) for word in own}, reverse=True))


@lru_cache(maxsize=1)
def _taxes() -> tuple[tuple[str, Tax], ...]:
    """Return the words for with and without tax, the longest first."""
    sides: tuple[Tax, ...] = ("gross", "net")
    words = {plain_name(word): side for side in sides for word in _tables()[side]["words"]}
    return tuple(sorted(words.items(), key=lambda item: -len(item[0])))


@lru_cache(maxsize=1)
def _notes() -> frozenset[str]:
    return frozenset(plain_name(word) for word in _tables()["notes"]["words"])


@lru_cache(maxsize=1)
def _languages() -> frozenset[str]:
    """Return the two-letter codes of the languages that names are listed in."""
    codes = {key.partition("-")[0] for table in _tables().values() for key in table}
    return frozenset(code for code in codes if len(code) == 2) | {"nb"}


@lru_cache(maxsize=1)
def _order_names() -> frozenset[str]:
    return frozenset(plain_name(word).replace(" ", "") for word in _tables()["orders"]["words"])


def _without_article(word: str) -> str:
    return word[2:] if word.startswith("ال") and len(word) > 4 else word


def _scaled(fits: Mapping[str, float], factor: float) -> dict[str, float]:
    return {field: fit * factor for field, fit in fits.items()}


def _without_qualifiers(column: str) -> _Qualified:
    text = unicodedata.normalize("NFKC", column)
    text = _PREFIX.sub("", text)
    if _CAMEL_NAME.fullmatch(text):
        text = split_words(text)
    currency, tax = "", ""
    for inside in _BRACKETS.findall(text):
        note = plain_name(inside)
        tax = tax or next((side for word, side in _taxes() if word == note), "")
        currency = currency or _currency_in(inside)
    rest = _BRACKETS.sub(" ", text) if plain_name(_BRACKETS.sub(" ", text)) else text
    rest = re.sub(r"\b(?:in|en|em|w|v|в)\s+(?=\S{1,4}\s*$)", " ", rest)
    currency = currency or _currency_in(rest)
    if currency:
        rest = " ".join(token for token in re.split(r"[\s_\-/,:;*]+", rest) if not currency_of_token(token))
    words = f" {plain_name(rest)} "
    for word, side in _taxes():
        if f" {word} " in words and words.strip() != word:
            words, tax = words.replace(f" {word} ", " ", 1), tax or side
    kept = [word for word in words.split() if word not in _notes()] or words.split()
    return _Qualified(" ".join(kept), currency, _tax(tax))


def _tax(side: str) -> Tax:
    return "gross" if side == "gross" else "net" if side == "net" else ""


def _currency_in(text: str) -> str:
    tokens = re.split(r"[\s_\-/,:;*]+", text.strip())
    return next((code for token in tokens if (code := currency_of_token(token))), "")


def _wordings(name: str) -> Iterator[str]:
    """Yield the ways in which a name may be listed: as it is, without spaces, with umlauts, without "product"."""
    yield name
    yield name.replace(" ", "")
    folded = re.sub("([aou])e", r"\1", name)
    if folded != name:
        yield folded
        yield folded.replace(" ", "")
    for shorter in _without_product(name):
        yield shorter
        yield shorter.replace(" ", "")


def _without_product(name: str) -> Iterator[str]:
    words = name.split()
    rest = [word for word in words if word not in _product_words()]
    if rest and len(rest) < len(words):
        yield " ".join(rest)
    parts, sizes = _product_parts()
    for size in sizes:
        for part, cut in ((name[:size], name[size:]), (name[-size:], name[:-size])):
            if part in parts and len(cut.strip()) >= (1 if _NO_SPACES.search(cut) else 2):
                yield cut.strip()


def _localised(column: str) -> ColumnName | None:
    """Return what a name with a language at its end says: name-de_DE, title_en, "Name [fr]"."""
    match = _LOCALE.match(column.strip())
    if not match:
        return None
    base, language, country = match[1], match[2].lower(), match[3]
    if language not in _languages() or (language in _NO_LANGUAGE and not country):
        return None
    name = read_name(base)
    if not name.fits or max(name.fits.values()) < MIN_KNOWN_FIT:
        return None
    locale = language + (f"_{country.upper()}" if country else "")
    return ColumnName(_scaled(name.fits, DETOUR), locale=locale)


def _joined(qualified: _Qualified) -> ColumnName | None:
    for shorter in _without_product(qualified.rest):
        entry = _joined_names().get(shorter)
        if entry:
            return ColumnName(entry.fits, languages=entry.languages)
    return None


def _numbered(qualified: _Qualified) -> ColumnName | None:
    match = _NUMBER_AT_END.match(qualified.rest)
    if not match:
        return None
    for name in _wordings(match[1].strip()):
        entry = _names().get(name)
        if entry:
            factor = DETOUR if match[2] in ("0", "1") else NUMBERED_FIT
            return ColumnName(_scaled(entry.fits, factor), languages=entry.languages)
    return None


def _containing(qualified: _Qualified) -> ColumnName:
    """Return the fields of which a name contains a usual one, as whole words or at its end where it has no spaces."""
    words = qualified.rest.split()
    fits: dict[str, float] = {}
    if not _ELSE & set(words):
        for size in range(min(3, len(words) - 1), 0, -1):
            for start in range(len(words) - size + 1):
                part = " ".join(words[start : start + size])
                if len(part) >= 4 and part in _names():
                    _add_contained(fits, _names()[part].fits)
            if fits:
                break
    squeezed = qualified.rest.replace(" ", "")
    if not fits and _NO_SPACES.search(squeezed):
        for start in range(1, len(squeezed) - 1):
            if squeezed[start:] in _names():
                _add_contained(fits, _names()[squeezed[start:]].fits)
                break
    return ColumnName(fits)


def _add_contained(fits: dict[str, float], own: Mapping[str, float]) -> None:
    for field, fit in own.items():
        if fit > WEAK and field in _CONTAINED_FIELDS | _PRICES | {"nothing"}:
            fits[field] = CONTAINED
