"""Categories whose levels stand in columns of their own, such as Kategorie Ebene 1 and Kategorie Ebene 2."""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from prodsim.catalog.category_paths import path_of
from prodsim.catalog.options import ROW_TERMS
from prodsim.catalog.plain_names import plain_name
from prodsim.phrases import Text

LEVELS = Text("The category is put together of the columns {columns}, its levels.")
_CHAINS = [[plain_name(name) for name in chain.split(" > ")] for chain in ROW_TERMS["category_levels"]["chains"]]
_SURE = tuple(map(plain_name, ROW_TERMS["category_levels"]["words"]))
_NUMBER = re.compile(r"\d+|[一二三四五六](?=[级級类類])")
_NUMERALS = {sign: number for number, sign in enumerate("一二三四五六", start=1)}
_PATH = re.compile(r"\S\s*(?:>|»|›|→|\||\\|::)\s*\S|\s/\s")


def level_columns(frame: pd.DataFrame, category: str) -> list[str]:
    """Return the columns that hold the levels of a category, the widest first; only ``category`` where it has none.

    They are numbered, or named as ``row_terms.toml`` lists them. Numbered columns whose name does not speak of levels
    may as well be several categories: they are levels only if each of the deeper names stands below one wider name.

    Args:
        frame: the file's cells under the file's names.
        category: the column that holds the category.
    """
    columns = _chained(frame, category)
    is_sure = bool(columns) or any(word in plain_name(category) for word in _SURE)
    columns = columns or _numbered(list(map(str, frame.columns)), category)
    for wider, deeper in pairwise(columns):
        if not _is_below(frame[wider].str.strip(), frame[deeper].str.strip(), is_sure):
            return [category]
    return columns if len(columns) > 1 else [category]


def joined_levels(frame: pd.DataFrame, columns: Sequence[str]) -> "pd.Series[str]":
    """Return the paths made of the filled cells of some columns, the widest first."""
    rows = zip(*(frame[column].str.strip().tolist() for column in columns), strict=True)
    return pd.Series(pd.array([path_of(filter(None, row)) for row in rows], dtype="str"), frame.index)


def _chained(frame: pd.DataFrame, category: str) -> list[str]:
    own = {plain_name(str(column)): str(column) for column in frame.columns}
    for chain in _CHAINS:
        found = [own[name] for name in chain if name in own and (frame[own[name]] != "").any()]
        if category in found and len(found) > 1:
            return found
    return []


def _numbered(columns: Sequence[str], category: str) -> list[str]:
    """Return the columns that differ from a category's by their number alone, up to the first gap."""
    stem, number = _step(category)
    if number is None:
        return []
    of_number = {own: column for column in reversed(columns) for like, own in [_step(column)] if like == stem}
    first = 0 if 0 in of_number else 1
    found: list[str] = []
    while first + len(found) in of_number:
        found.append(of_number[first + len(found)])
    return found if category in found else []


def _step(column: str) -> tuple[str, int | None]:
    """Return a name without its number, and the number; of several numbers none is the level's."""
    name = plain_name(column)
    numbers = _NUMBER.findall(name)
    if len(numbers) != 1:
        return name, None
    return _NUMBER.sub("#", name), _NUMERALS.get(numbers[0]) or int(numbers[0])


def _is_below(wider: "pd.Series[str]", deeper: "pd.Series[str]", is_sure: bool) -> bool:
    """Return whether a column names what lies below the names of another one."""
    filled = (deeper != "").to_numpy(bool)
    has_gap = (filled & (wider == "").to_numpy(bool)).any()
    if has_gap or any(cells.str.contains(_PATH).any() for cells in (wider, deeper)):
        return False
    if is_sure:
        return True
    pairs = pd.DataFrame({"wider": wider[filled], "deeper": deeper[filled]}).drop_duplicates()
    overlaps = np.isin(pairs["deeper"].to_numpy(object), wider.unique()).any()
    return len(pairs) > 0 and not overlaps and not pairs["deeper"].duplicated().any()
