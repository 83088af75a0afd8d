"""What columns are called in the exports of shops, in many languages: read from ``column_names.toml``."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from prodsim.catalog.currencies import currency_of_token
from prodsim.catalog.name_table import (
    NO_SPACES,
    WEAK,
    Tax,
    joined_names,
    languages,
    names,
    note_words,
    order_names,
    product_parts,
    product_words,
    taxes,
)
from prodsim.catalog.plain_names import plain_name, split_words

DETOUR = 0.97
"""What is left of a fit when a prefix, a note or a word for "product" had to be taken off the name."""
CONTAINED = 0.45
"""Fit of a longer name that contains a name of the field."""
NUMBERED_FIT = 0.5
"""What is left of the fit of a second, third … column of one name: Image 2."""
MIN_KNOWN_FIT = 0.46
"""Fit from which a name is a field's name rather than one that contains it."""

_BRACKETS = re.compile(r"[(\[{<（【「［]([^()\[\]{}<>（）【】「」［］]*)[)\]}>）】」］]")
_STATED_CURRENCY = re.compile(r"\bcurrency\s*[=:]\s*([A-Za-z]{3})\b", re.IGNORECASE)
_PREFIX = re.compile(
    r"^\s*(?:[a-z]{1,3}:|attribute:|meta:|tax:|offers?[./]|product[./:]|variants?[./\[]\d*\]?[./]?)\s*", re.IGNORECASE
)
_LOCALE = re.compile(
    r"^(.+?)[\s._:\-\[(]+([a-z]{2})(?:[-_]([a-z]{2}))?[)\]]*(?:[-_](?:ecommerce|web|print|mobile|default))?$",
    re.IGNORECASE,
)
_LOCALE_BEFORE = re.compile(r"([A-Z]{2})_(\D.*)")
_NO_LANGUAGE = {"id", "no", "nr", "is", "to", "in", "co", "vk", "ek", "vc"}
"""Two letters at the end of a name that mean something else more often than a language."""
_MACHINE_NAME = re.compile(r"\[([A-Z][A-Za-z]{3,})\]$")
_CAMEL_NAME = re.compile(r"[a-z]+(?:[A-Z][a-z]+)+")
_NUMBER_AT_END = re.compile(r"^(.*\D)\s*0*(\d{1,2})$")
_ELSE = frozenset({
    "type", "typ", "id", "ids", "alt", "position", "date", "from", "until", "start", "starts", "end", "ends",
    "status", "count", "currency", "unit", "units", "seo", "meta", "tax", "class", "weight", "length", "width",
    "height", "level", "max", "min", "rate", "rating", "review", "reviews", "note", "notes", "discount", "percent",
    "time",
})  # fmt: skip
"""Words that turn a name which contains a field's name into the name of something else."""
_CONTAINED_FIELDS = frozenset(
    ("title", "description", "brand", "category", "price", "image", "url", "gtin", "availability")
)
_PRICES = frozenset(("price", "sale_price", "list_price", "other_price"))


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
    return plain_name(column).replace(" ", "") in order_names()


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


def stated_currency(columns: Iterable[str]) -> str:
    """Return the currency that a name states for the whole file, such as ``Action(Currency=USD)``; else ``""``."""
    stated = (_STATED_CURRENCY.search(column) for column in columns)
    return next((code for match in stated if match and (code := currency_of_token(match[1]))), "")


@lru_cache(maxsize=20_000)
def read_name(column: str) -> ColumnName:
    """Return what a column's name says, whatever its case, accents, width, punctuation, prefixes and notes."""
    written = plain_name(column)
    if not written:
        return ColumnName({})
    qualified = _without_qualifiers(column)
    name = _listed_name(written, 1.0) or _listed_name(written.replace(" ", ""), DETOUR)
    name = name or _by_machine_name(column) or _localised(column)
    if name is None:
        wordings = (_listed_name(wording, DETOUR) for wording in _wordings(qualified.rest))
        name = next(filter(None, wordings), None)
    name = name or _joined(qualified) or _numbered(qualified) or _containing(qualified)
    if not _PRICES & name.fits.keys():
        return name
    return replace(name, currency=name.currency or qualified.currency, tax=name.tax or qualified.tax)


def _by_machine_name(column: str) -> ColumnName | None:
    """Return what the machine's name behind the people's says, as in "Produkt-Code [UPCEAN]"."""
    match = _MACHINE_NAME.search(column)
    return _listed_name(plain_name(match[1]), DETOUR) if match else None


def _listed_name(name: str, factor: float) -> ColumnName | None:
    entry = names().get(name)
    return ColumnName(_scaled(entry.fits, factor), languages=entry.languages) if entry else None


@dataclass(frozen=True, slots=True)
class _Qualified:
    """A name without its prefixes, notes, tax and currency, and what these say."""

    rest: str
    currency: str
    tax: Tax


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
        tax = tax or next((side for word, side in taxes() if word == note), "")
        currency = currency or _currency_in(inside)
    rest = _BRACKETS.sub(" ", text) if plain_name(_BRACKETS.sub(" ", text)) else text
    rest = re.sub(r"\b(?:in|en|em|w|v|в)\s+(?=\S{1,4}\s*$)", " ", rest)
    currency = currency or _currency_in(rest)
    if currency:
        rest = " ".join(token for token in re.split(r"[\s_\-/,:;*]+", rest) if not currency_of_token(token))
    words = f" {plain_name(rest)} "
    for word, side in taxes():
        if f" {word} " in words and words.strip() != word:
            words, tax = words.replace(f" {word} ", " ", 1), tax or side
    kept = [word for word in words.split() if word not in note_words()] or words.split()
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
    rest = [word for word in words if word not in product_words()]
    if rest and len(rest) < len(words):
        yield " ".join(rest)
    parts, sizes = product_parts()
    for size in sizes:
        for part, cut in ((name[:size], name[size:]), (name[-size:], name[:-size])):
            if part in parts and len(cut.strip()) >= (1 if NO_SPACES.search(cut) else 2):
                yield cut.strip()


def _localised(column: str) -> ColumnName | None:
    """Return what a name with a language at its end or beginning says: name-de_DE, title_en, "Name [fr]", NL_Title."""
    if before := _LOCALE_BEFORE.fullmatch(column.strip()):
        language, base, country = before[1].lower(), before[2], None
    elif match := _LOCALE.match(column.strip()):
        base, language, country = match[1], match[2].lower(), match[3]
    else:
        return None
    if language not in languages() or (language in _NO_LANGUAGE and not country):
        return None
    name = read_name(base)
    if not name.fits or max(name.fits.values()) < MIN_KNOWN_FIT:
        return None
    locale = language + (f"_{country.upper()}" if country else "")
    return ColumnName(_scaled(name.fits, DETOUR), locale=locale)


def _joined(qualified: _Qualified) -> ColumnName | None:
    for shorter in _without_product(qualified.rest):
        entry = joined_names().get(shorter)
        if entry:
            return ColumnName(entry.fits, languages=entry.languages)
    return None


def _numbered(qualified: _Qualified) -> ColumnName | None:
    match = _NUMBER_AT_END.match(qualified.rest)
    if not match:
        return None
    for name in _wordings(match[1].strip()):
        entry = names().get(name)
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
                if len(part) >= 4 and part in names():
                    _add_contained(fits, names()[part].fits)
            if fits:
                break
    squeezed = qualified.rest.replace(" ", "")
    if not fits and NO_SPACES.search(squeezed):
        for start in range(1, len(squeezed) - 1):
            if squeezed[start:] in names():
                _add_contained(fits, names()[squeezed[start:]].fits)
                break
    return ColumnName(fits)


def _add_contained(fits: dict[str, float], own: Mapping[str, float]) -> None:
    for field, fit in own.items():
        if fit > WEAK and field in _CONTAINED_FIELDS | _PRICES | {"nothing"}:
            fits[field] = CONTAINED
