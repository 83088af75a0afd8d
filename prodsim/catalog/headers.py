"""Columns' names: a file without a header keeps its first product, and no two columns are called the same."""

import re
from collections.abc import Callable, Iterable, Sequence

import pandas as pd

from prodsim.catalog.names import field_of_name
from prodsim.phrases import Text

NO_HEADER = Text(
    "{line} looks like a product, not like a header, so the {n} columns are called column 1 to column {n} and it is "
    "kept. Choose which column is what, or add a first line with names such as sku and title."
)
_SAMPLED_ROWS = 500
"""Rows below the first that it is compared with."""
_MOST = 0.6
"""Share of a column's cells that must look alike for the column to have a look of its own."""
_LETTER = re.compile(r"[^\W\d_]")
_CODE = re.compile(r"\S*\d\S*")
_URL = re.compile(r"https?://", re.IGNORECASE)


def under_header(first: Sequence[str], below: pd.DataFrame, line: str) -> tuple[pd.DataFrame, str]:
    """Put a file's cells under their columns' names; the first row stays one where it is a product already.

    Args:
        first: its cells.
        below: the rows below, a column for each cell, numbered from 0.
        line: what to call the first row.

    Returns:
        The cells, and what to say of columns without names; ``""`` where the first row is the header.
    """
    if not first_row_is_product(first, below):
        return below.set_axis(unique_names(first), axis=1), ""
    kept = pd.concat([pd.DataFrame([list(first)], columns=below.columns, dtype="str"), below], ignore_index=True)
    return kept.set_axis(unique_names([""] * len(first)), axis=1), NO_HEADER(line=line, n=len(first))


def first_row_is_product(first: Sequence[str], below: pd.DataFrame) -> bool:
    """Return whether the first row looks like those below it rather than like their header.

    It does not where a cell is called like a field, has no digit over a column of codes or numbers, or letters over
    one of cells without. Else one cell that no header would hold decides: a web address over addresses, a number that
    is no small whole one, or a code of letters and digits, over cells of the same look, or a value that stands in its
    column twice more. A code of one or two digits must share its letters with one below.

    Args:
        first: its cells.
        below: the rows below, a column for each cell.
    """
    # no pandas: an operation on each of thousands of columns would take seconds
    header = list(first)  # which may be repeated
    rows = [row for row in below.iloc[:_SAMPLED_ROWS].to_numpy(object).tolist() if row != header]
    columns = [(cell.strip(), _filled(row[place] for row in rows)) for place, cell in enumerate(first)]
    columns = [(cell, cells) for cell, cells in columns if cell and cells]
    if any(_names(cell, cells) for cell, cells in columns):
        return False
    return any(_is_one_of(cell, cells) for cell, cells in columns)


def unique_names(header: Sequence[str]) -> list[str]:
    """Return column names without surrounding space; empty ones get their number, repeated ones a count."""
    names: dict[str, None] = {}
    for number, cell in enumerate(header, start=1):
        name = " ".join(cell.replace("\ufeff", "").replace("\0", "").split())[:200] or f"column {number}"
        taken, count = name, 1
        while name in names:
            count += 1
            name = f"{taken} ({count})"
        names[name] = None
    return list(names)


def _filled(cells: Iterable[object]) -> list[str]:
    return [stripped for cell in cells if isinstance(cell, str) and (stripped := cell.strip())]


def _names(cell: str, cells: Sequence[str]) -> bool:
    """Return whether a cell can only name those below: by its words, digits that they have, or letters that it has."""
    if field_of_name(cell):
        return cell not in cells  # "in stock" is a name, and a value
    has_digits, has_letters = re.search(r"\d", cell) is not None, _LETTER.search(cell) is not None
    if not has_digits:
        return _share(cells, lambda other: _CODE.fullmatch(other) is not None) >= _MOST
    return has_letters and _share(cells, lambda other: _LETTER.search(other) is not None) <= 1 - _MOST


def _is_one_of(cell: str, cells: Sequence[str]) -> bool:
    if _URL.match(cell):
        return _share(cells, lambda other: _URL.match(other) is not None) >= _MOST
    if cells.count(cell) >= 2 and len(cell) > 1 and not cell.isdecimal():
        return True
    look = _look(cell)
    is_telling = "9" in look and (len(look) > 1 or len(cell) >= 6)  # 36 may be a size, and 2024 a year
    if is_telling and len(re.findall(r"\d", cell)) < 3:
        is_telling = any(_letters(other) == _letters(cell) for other in cells)  # id1 and id2 may name codes such as A12
    return is_telling and _share(cells, lambda other: _look(other) == look) >= _MOST


def _share(cells: Sequence[str], is_so: Callable[[str], bool]) -> float:
    return sum(map(is_so, cells)) / len(cells)


def _letters(cell: str) -> str:
    return "".join(_LETTER.findall(cell))


def _look(cell: str) -> str:
    """Write a code or number with each run of digits as 9 and of letters as A; ``""`` for what has spaces."""
    return "" if re.search(r"\s", cell) else re.sub(r"[^\W\d_]+", "A", re.sub(r"\d+", "9", cell))
