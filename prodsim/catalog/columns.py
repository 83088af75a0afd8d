"""Which column of a file holds which field of a product: guessed from names and contents."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from prodsim.artifacts import fingerprint
from prodsim.catalog.facts import RawTable
from prodsim.catalog.names import NAMES
from prodsim.catalog.prices import read_prices

PRODUCT_FIELDS = tuple(NAMES)
"""The fields with a meaning of their own; every other column is an attribute."""

MAPPED_FIELDS = (*PRODUCT_FIELDS, "sale_price")
"""What columns are mapped to: the fields, and the price that counts where a row has one above 0, else ``price``."""

ColumnMapping = Mapping[str, str]
"""A name of ``MAPPED_FIELDS`` to a column name; a column in no field is an attribute, a field may be absent."""

MIN_CONFIDENCE = 0.35
_SAMPLED_CELLS = 1000
_URL_CELL = re.compile(r"^\s*[\[\"']*https?://", re.IGNORECASE)
_IMAGE = re.compile(r"\.(?:jpe?g|png|webp|gif|svg|avif)\b|/images?/|img", re.IGNORECASE)
_PUNCTUATION = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A field for which several columns are nearly equally good: the columns, the proposed one first."""

    field: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A guessed mapping.

    Attributes:
        mapping: field to column.
        confidence: for each field of the mapping how sure the guess is, in (0, 1].
        doubts: fields that a person should decide, in the order of ``MAPPED_FIELDS``.
        notes: sentences about choices that a person may want to change.
    """

    mapping: ColumnMapping
    confidence: Mapping[str, float]
    doubts: tuple[Doubt, ...] = ()
    notes: tuple[str, ...] = ()


def propose_columns(table: RawTable) -> Proposal:
    """Guess the fields from the columns' names and contents.

    Each field takes the column with the highest product of how well the name fits and how well the contents do, the
    surest field first; a column serves one field. Titles may be found by contents alone.
    """
    sample = table.frame.iloc[
        np.unique(np.linspace(0, len(table.frame) - 1, min(_SAMPLED_CELLS, len(table.frame))).astype(int))
    ]
    named = [
        (field, -position, column, fit)
        for position, column in enumerate(map(str, sample.columns))
        for field in PRODUCT_FIELDS
        if (fit := _name_score(field, column))
    ]
    facts = {column: _facts(sample[column]) for column in {column for _, _, column, _ in named}}
    scored = sorted(
        ((fit * _content_score(field, facts[column]), place, field, column) for field, place, column, fit in named),
        reverse=True,
    )
    mapping: dict[str, str] = {}
    confidence: dict[str, float] = {}
    for score, _, field, column in scored:
        if score >= MIN_CONFIDENCE and field not in mapping and column not in mapping.values():
            mapping[field], confidence[field] = column, round(score, 2)
    if "title" not in mapping:
        _title_by_contents({str(c): facts.get(str(c)) or _facts(sample[c]) for c in sample}, mapping, confidence)
    return Proposal({f: mapping[f] for f in PRODUCT_FIELDS if f in mapping}, confidence)


def field_of_name(column: str) -> str | None:
    """Return the field that has the column's name among its names; ``None`` where none has."""
    return next((field for field in PRODUCT_FIELDS if _name_score(field, column) > 0.45), None)


def header_key(table: RawTable) -> str:
    """Return a key that is the same for files with the same columns in the same order."""
    return fingerprint("header", [str(column) for column in table.frame.columns])


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a column's cells look like; shares in [0, 1] of the cells that are not empty."""

    filled: float
    distinct: float
    length: float
    spaces: float
    urls: float
    images: float
    prices: float
    digits: float
    letters: float


def _facts(cells: "pd.Series[str]") -> _Facts:
    values = cells[cells.str.strip() != ""].astype("str")
    if not len(values):
        return _Facts(0, 0, 0, 0, 0, 0, 0, 0, 0)
    urls = values.map(lambda v: _URL_CELL.match(v) is not None)
    images = values.map(lambda v: _IMAGE.search(v) is not None)
    return _Facts(
        filled=len(values) / len(cells),
        distinct=values.nunique() / len(values),
        length=float(values.str.len().median()),
        spaces=float(values.str.contains(r"\s|[\u3400-\u9fff]", regex=True).mean()),
        urls=float(urls.mean()),
        images=float(images.mean()),
        prices=float(np.isfinite(read_prices(values)[0]).mean()),
        digits=float(values.str.fullmatch(r"[\d\- ]{8,14}").mean()),
        letters=float(values.str.contains(r"[^\W\d_]{3}|[\u3400-\u9fff]", regex=True).mean()),
    )


def _name_score(field: str, column: str) -> float:
    """Return 1 for the field's best name, a little less for the others, less for a name that only contains one."""
    names = NAMES[field].split("|")
    name = _plain(column)
    plain = [_plain(n) for n in names]
    if name in plain:
        return 1.0 - 0.4 * plain.index(name) / len(plain)
    squeezed = name.replace(" ", "")
    if squeezed in (joined := [n.replace(" ", "") for n in plain]):
        return 0.95 - 0.4 * joined.index(squeezed) / len(plain)
    inside = [n for n in plain[:6] if len(n) > 3 and f" {n} " in f" {name} "]
    return 0.45 if inside else 0.0


def _content_score(field: str, facts: _Facts) -> float:
    """Return how well cells fit a field, in [0, 1]; an empty column fits none."""
    if facts.filled == 0:
        return 0.0
    text = 1.0 - max(facts.urls, 0.9 * (facts.prices if facts.spaces < 0.2 else 0.0))
    match field:
        case "sku":
            return (0.5 + 0.5 * facts.distinct) * (0.4 if facts.spaces > 0.5 or facts.length > 60 else 1.0)
        case "title":
            return text * (1.0 if facts.length >= 8 else 0.7) * (0.6 + 0.4 * facts.distinct)
        case "description":
            return text * (1.0 if facts.length >= 20 else 0.6)
        case "brand":
            return text * (1.0 if facts.length <= 40 else 0.3) if facts.distinct < 0.98 or facts.length <= 20 else 0.6
        case "category":
            return text * (1.0 if facts.distinct < 0.9 else 0.75)
        case "price":
            return facts.prices
        case "image":
            return max(facts.images, 0.8 * facts.urls)
        case "url":
            return facts.urls
        case "gtin":
            return max(facts.digits, 0.2)
        case "currency":
            return 1.0 if facts.length <= 4 else 0.2
        case "availability":
            return 1.0 if facts.distinct <= 0.5 or facts.length <= 12 else 0.3
        case _:
            return 1.0 if facts.length <= 60 else 0.3


def _title_by_contents(facts: Mapping[str, _Facts], mapping: dict[str, str], confidence: dict[str, float]) -> None:
    """Choose a title by contents: short descriptions, else the column of middling length that repeats least."""
    if "description" in mapping and facts[mapping["description"]].length <= 120:
        mapping["title"], confidence["title"] = mapping.pop("description"), 0.5
        confidence.pop("description")
        return
    free = {
        c: f
        for c, f in facts.items()
        if c not in mapping.values() and f.urls < 0.2 and f.spaces > 0.5 and f.letters > 0.5 and 6 <= f.length <= 250
    }
    if free:
        best = max(free, key=lambda c: free[c].distinct * free[c].filled)
        mapping["title"], confidence["title"] = best, 0.4


def _plain(name: str) -> str:
    return _PUNCTUATION.sub(" ", name.casefold()).strip()
