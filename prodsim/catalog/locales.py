"""Texts in several languages: columns such as name-de_DE beside name-en_US, and rows that translate another row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import get_territory_currencies
from numpy.typing import NDArray

from prodsim.catalog.names import read_name
from prodsim.catalog.options import ROW_TERMS
from prodsim.catalog.plain_names import plain_name
from prodsim.catalog.rows import listed
from prodsim.phrases import ENGLISH, Plural, Text, reader_language

ROW_COLUMNS = frozenset(map(plain_name, ROW_TERMS["columns"]["language"]))
"""What a column is called that says which language a row is in."""
_BASE = frozenset({"", "default", "admin", "all", "base", "0"})
"""What stands there in the row that the others translate."""
LAID_ASIDE = Plural(
    "{n:,} row holds a text in another language or shop view ({views}); it was laid aside.",
    "{n:,} rows hold texts in other languages or shop views ({views}); they were laid aside.",
)
ABSENT = Text("No column has texts in {wanted}, only in {locales}; those in {used} are used.")
ABSENT_VIEW = Text("No row is in {wanted}, only in {locales}.")


def choose_locale(locales: Sequence[str], wanted: str | None) -> str:
    """Return the wanted locale, else one of the reader's language, else of English, else the first; ``""`` of none."""
    for language in (wanted, reader_language(), ENGLISH):
        if not language:
            continue
        same = [locale for locale in locales if plain_name(locale) == plain_name(language)]
        same = same or [locale for locale in locales if locale[:2].lower() == language[:2].lower()]
        if same:
            return same[0]
    return locales[0] if locales else ""


def note_absent(locales: Sequence[str], wanted: str | None, used: str) -> tuple[str, ...]:
    """Return what to say where a locale was asked for by name that no column of a file with several is in."""
    if not wanted or not locales or f"{plain_name(used)} ".startswith(f"{plain_name(wanted)} "):
        return ()  # "de" is "de_DE", too
    return (ABSENT(wanted=wanted, locales=listed(locales), used=used),)


def column_locales(columns: Iterable[str]) -> tuple[str, ...]:
    """Return the locales that names of columns are marked with, such as ``en_US``; in the file's order."""
    return tuple(dict.fromkeys(locale for column in columns if (locale := read_name(column).locale)))


def columns_aside(columns: Sequence[str], locale: str) -> frozenset[str]:
    """Return the columns of other locales, and of currencies that are not used where the chosen locale is.

    What stands in another locale alone is better than nothing, and not laid aside.
    """
    names = {column: read_name(column) for column in columns}
    currencies = [name.currency for name in names.values() if name.currency]
    currency = _currency(locale, list(dict.fromkeys(currencies)))
    here = {field for name in names.values() if name.locale in ("", locale) for field in name.fits}
    is_aside = (
        column
        for column, name in names.items()
        if (name.locale and locale and name.locale != locale and here & name.fits.keys())
        or (name.currency and name.currency != currency)
    )
    return frozenset(is_aside)


def _currency(locale: str, currencies: Sequence[str]) -> str:
    """Return the one of the currencies that is used where a locale is, else the first; ``""`` of none."""
    try:
        territory = Locale.parse(locale).territory if "_" in locale else _likely_territory(locale)
        used = get_territory_currencies(territory) if territory else []
    except (UnknownLocaleError, ValueError):
        used = []
    return next((currency for currency in currencies if currency in used), currencies[0] if currencies else "")


def _likely_territory(language: str) -> str | None:
    likely: str = get_global("likely_subtags").get(language, "")
    return likely.rsplit("_", 1)[-1] or None


@dataclass(frozen=True)
class LocaleRows:
    """Rows without those that hold another row in another language.

    Attributes:
        frame: the rows; where a locale is asked for by name, with its texts in place of the base ones.
        kept: the numbers of the rows that are kept.
        notes: what was laid aside.
    """

    frame: pd.DataFrame
    kept: NDArray[np.int64]
    notes: list[str]


def lay_aside_locales(frame: pd.DataFrame, names: Mapping[str, str], wanted: str | None) -> LocaleRows:
    """Keep one row of each SKU that has rows in several languages: the base row, else the one of the chosen locale.

    Args:
        frame: the rows under the fields' names.
        names: column of ``frame`` to its name in the file.
        wanted: a locale asked for by name, whose cells are laid over the base row's; ``None`` for none.
    """
    column = next((each for each in map(str, frame.columns) if plain_name(names.get(each, each)) in ROW_COLUMNS), None)
    skus = frame["sku"].str.strip().to_numpy(object)
    everything = np.arange(len(frame))
    if column is None or not (repeated := pd.Series(skus).duplicated(keep=False).to_numpy() & (skus != "")).any():
        return LocaleRows(frame, everything, [])
    views = frame[column].str.strip().to_numpy(object)
    if len(set(views[repeated])) < 2:
        return LocaleRows(frame, everything, [])
    is_base = np.array([plain_name(view) in _BASE for view in views], bool)
    languages = [str(view) for view in dict.fromkeys(views[repeated]) if view]
    chosen = wanted if wanted in languages else choose_locale(languages, None)
    rank = np.where(is_base, 0, np.where(views == chosen, 1, 2))
    order = np.lexsort((everything, rank))
    order = order[skus[order] != ""]
    first = pd.Series(order).groupby(skus[order], sort=False).first()
    keep = np.ones(len(frame), bool)
    keep[repeated] = False
    keep[first.to_numpy()] = True
    if wanted:
        frame = _overlaid(frame, first, skus, np.flatnonzero((views == wanted) & repeated))
    shown = ", ".join(sorted({str(view) for view in views[~keep]} - {""})[:5])
    n = int((~keep).sum())
    notes = [LAID_ASIDE(n, views=shown)] if n else []
    if wanted and wanted not in views:
        notes.append(ABSENT_VIEW(wanted=wanted, locales=listed(languages)))
    return LocaleRows(frame, np.flatnonzero(keep), notes)


def _overlaid(
    frame: pd.DataFrame, first: "pd.Series[int]", skus: NDArray[np.object_], translations: NDArray[np.int64]
) -> pd.DataFrame:
    """Lay what the translations' rows hold over the kept rows of their SKUs."""
    targets = first.loc[list(skus[translations])].to_numpy()
    filled = {}
    for column in map(str, frame.columns):
        cells = frame[column].to_numpy(object).copy()
        cells[targets] = np.where(cells[translations] != "", cells[translations], cells[targets])
        filled[column] = pd.array(cells, dtype="str")
    return frame.assign(**filled)
