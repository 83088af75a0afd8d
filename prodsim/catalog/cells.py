"""Cells of a whole catalog: freed from what spreadsheets put around them, listed values split, GTINs checked."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache, partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import fields
from prodsim.catalog.chunks import changed_cells, one_by_one
from prodsim.catalog.currencies import SIGNS, code_of
from prodsim.catalog.gtins import compact_gtin, gtin_fault, gtins_in, lost_zero, normal_gtin, plain_eans
from prodsim.catalog.names import language_of_names
from prodsim.catalog.products import MORE_IMAGES
from prodsim.findings import Finding
from prodsim.phrases import Plural, Text
from prodsim.spreadsheets import unguard

OTHER_CATEGORIES, MORE_GTINS = "other categories", "more GTINs"
"""Attributes that keep what a cell lists after its first category, picture or GTIN."""
MAX_PER_GTIN = 8
"""Products of different titles that may share a GTIN before it looks like a placeholder, which proves nothing."""

SEVERAL_CATEGORIES = Plural(
    "The category of {n:,} product lists several; the first one counts, the others are kept as “{attribute}”.",
    "The categories of {n:,} products list several; the first one counts, the others are kept as “{attribute}”.",
)
SEVERAL_IMAGES = Plural(
    "{n:,} product has several pictures in one cell; the first is shown, the others are kept as “{attribute}”.",
    "{n:,} products have several pictures in one cell; the first is shown, the others are kept as “{attribute}”.",
)
SEVERAL_GTINS = Plural(
    "{n:,} product has several GTINs in one cell; the first valid one counts, the others are kept as “{attribute}”.",
    "{n:,} products have several GTINs in one cell; the first valid one counts, the others are kept as “{attribute}”.",
)
PLACEHOLDER = Plural(
    "“{cell}” is a placeholder, not a GTIN; {sku} counts as a product without one.",
    "“{cell}” is a placeholder, not a GTIN; {n:,} products such as {sku} count as products without one.",
)
DAMAGED = Plural(
    "A spreadsheet has shortened the GTIN of {sku} to “{cell}”; its digits are lost, and it counts as missing.",
    "A spreadsheet has shortened the GTINs of {n:,} products such as {sku} to “{cell}”; their digits are lost, and "
    "they count as missing.",
)
LOST_ZERO = Plural(
    "The GTIN {cell} of {sku} has lost its leading zero, which is put back.",
    "The GTINs of {n:,} products, such as {cell} of {sku}, have lost their leading zero, which is put back.",
)
SHARED = Plural(
    "{n:,} product has the GTIN {gtin}.",
    "{n:,} products with different titles have the same GTIN {gtin}, so it says nothing about which are the same.",
)
INVALID = Text("The GTIN “{gtin}” of {sku} is not valid: its check digit or its length is wrong.")
_GTINS = re.compile(r"\d{8}[\s,;|/]+\d{8}")
_KANA, _HANGUL, _HAN = "[\u3040-\u30ff]", "[\uac00-\ud7af]", "[\u3400-\u9fff]"


def unguard_cells(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a CSV file's table without the apostrophes that keep spreadsheets from running cells and column names."""
    names = [unguard(str(name)) for name in frame.columns]
    if names != list(frame.columns) and len(set(names)) == len(names):
        frame = frame.set_axis(names, axis=1)
    guarded = [name for name in frame.columns if frame[name].str.startswith("'").any()]
    changed = {name: changed_cells(frame[name], one_by_one(unguard)) for name in guarded}
    return frame.assign(**changed) if changed else frame


def unwrap_cells(frame: pd.DataFrame, *, is_unguarded: bool) -> pd.DataFrame:
    """Return a table of text without what spreadsheets and web pages put around cells: ="00123", '00123, &amp;.

    Args:
        frame: the table.
        is_unguarded: whether ``unguard_cells`` has taken the apostrophes: a second one would be part of the text.
    """
    starts = '="' if is_unguarded else ('="', "'")
    unwrap = one_by_one(lambda cell: fields.unwrapped(cell) if cell.startswith(starts) else cell)
    changed = {}
    for column in frame.columns:
        cells = frame[column]
        if cells.str.startswith(starts).any():
            cells = changed_cells(cells, unwrap)
        if cells.str.contains("&", regex=False).any():
            cells = changed_cells(cells, one_by_one(_unescaped))
        if cells is not frame[column]:
            changed[column] = cells
    return frame.assign(**changed) if changed else frame


def _unescaped(cell: str) -> str:
    return fields.unescaped(cell) if "&" in cell else cell


def catalog_language(columns: Sequence[str], titles: "pd.Series[str]") -> str:
    """Return the language that a file is likely in, by its columns' names, else by the script of its titles."""
    sample = titles.iloc[:1000]
    for language, pattern in (("ja", _KANA), ("ko", _HANGUL)):
        if len(sample) and sample.str.contains(pattern, regex=True).mean() > 0.2:
            return language
    named = language_of_names(columns)
    if not named and len(sample) and sample.str.contains(_HAN, regex=True).mean() > 0.5:
        return "zh-CN"
    return named


@lru_cache(maxsize=1000)
def currency_code(cell: str) -> str:
    """Return the ISO code of a cell of currencies: a code, sign or name; other texts as they are, in capitals."""
    text = cell.strip()
    return code_of(text) or next(iter(SIGNS.get(text.casefold(), ())), text.upper())


def split_lists(frame: pd.DataFrame, findings: list[Finding]) -> None:
    """Keep the first category, picture and GTIN of each cell in its field, and the others as attributes, in place."""
    roots = fields.category_roots(frame["category"].unique())
    paths = partial(fields.categories, roots=roots)
    _split(frame, "category", paths, (OTHER_CATEGORIES, " | ", SEVERAL_CATEGORIES), findings)
    if _any_matches(frame["image"], fields.LISTING):  # most files have one picture in a cell
        _split(frame, "image", fields.images, (MORE_IMAGES, " ", SEVERAL_IMAGES), findings)
    if _any_matches(frame["gtin"], _GTINS):
        _split(frame, "gtin", gtins_in, (MORE_GTINS, " ", SEVERAL_GTINS), findings)


def _any_matches(cells: "pd.Series[str]", pattern: re.Pattern[str]) -> bool:
    return any(map(pattern.search, cells.unique().tolist()))


def check_gtins(frame: pd.DataFrame, lines: NDArray[np.int64], findings: list[Finding]) -> None:
    """Write valid GTINs as digits, empty what is none, and report both, in place.

    A number with a wrong check digit or length stays as it is: a person may see what was meant.
    """
    if not (frame["gtin"] != "").any():
        return
    cells: list[str] = frame["gtin"].tolist()
    skus: list[str] = frame["sku"].tolist()
    rows: dict[tuple[str, str], list[int]] = {}
    for row in np.flatnonzero(~plain_eans(cells)).tolist():
        cell = cells[row]
        if not cell.strip():
            continue
        fault = gtin_fault(cell)
        if not fault:
            if lost_zero(cell):
                rows.setdefault(("lost zero", ""), []).append(row)
            cells[row] = compact_gtin(cell)
        elif fault in ("placeholder", "notation"):
            rows.setdefault((fault, cell.strip()), []).append(row)
        else:
            what = INVALID(gtin=cell[:20], sku=skus[row])
            findings.append(Finding("invalid gtin", what, (skus[row],), 0.4, line=int(lines[row]), column="gtin"))
    originals = frame["gtin"].tolist()
    for (kind_of_cell, cell), own in rows.items():
        if kind_of_cell != "lost zero":
            for row in own:
                cells[row] = ""
        kind, sentence = _GTIN_FINDINGS[kind_of_cell]
        first = skus[own[0]]
        what = sentence(len(own), cell=(cell or originals[own[0]].strip())[:40], sku=first)
        shown = tuple(skus[row] for row in own[:100])
        findings.append(Finding(kind, what, shown, 0.4, line=int(lines[own[0]]), column="gtin"))
    frame["gtin"] = pd.array(cells, dtype="str")
    _report_shared(frame, findings)


_GTIN_FINDINGS = {
    "placeholder": ("placeholder gtin", PLACEHOLDER),
    "notation": ("damaged gtin", DAMAGED),
    "lost zero": ("repaired gtin", LOST_ZERO),
}
"""Fault to the kind of its finding and its sentence."""


def _report_shared(frame: pd.DataFrame, findings: list[Finding]) -> None:
    """Report each GTIN that very many products of different titles have."""
    filled = frame["gtin"][frame["gtin"] != ""]
    counts = filled.value_counts()
    for gtin in counts.index[counts > MAX_PER_GTIN]:
        own = frame.loc[filled.index[filled == gtin]]
        if normal_gtin(str(gtin)) and own["title"].nunique() > len(own) / 2:
            what = SHARED(len(own), gtin=gtin)
            findings.append(Finding("shared gtin", what, tuple(own["sku"].iloc[:100].astype(str)), 0.4, column="gtin"))


def _split(
    frame: pd.DataFrame,
    field: str,
    parts_of: Callable[[str], tuple[str, ...]],
    kept_as: tuple[str, str, Plural],
    findings: list[Finding],
) -> None:
    codes, known = pd.factorize(frame[field])
    cells: list[str] = known.tolist()
    attribute, separator, sentence = kept_as
    parts = [parts_of(cell) for cell in cells]
    firsts = [own[0] if own else "" for own in parts]
    rests = [separator.join(own[1:]) if own else cell.strip() for cell, own in zip(cells, parts, strict=True)]
    frame[field] = pd.array(firsts, dtype="str").take(codes)
    if not any(rests):
        return
    kept = pd.Series(pd.array(rests, dtype="str").take(codes), frame.index)
    attribute = attribute if attribute not in frame else f"{attribute} ({field})"
    frame[attribute] = kept
    what = sentence(int((kept != "").sum()), attribute=attribute)
    findings.append(Finding("reading", what, identity=f"several values in {field}"))
