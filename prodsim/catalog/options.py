"""Options of variants, such as size and colour, as attributes under their own names."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog.plain_names import plain_name, split_words

Cells = NDArray[np.object_]

ROW_TERMS: Mapping[str, Mapping[str, Sequence[str]]] = tomllib.loads(
    (Path(__file__).parent / "row_terms.toml").read_text(encoding="utf-8")
)
"""The words of ``row_terms.toml``, which says what they are for."""
_WORDS = {role: frozenset(map(plain_name, ROW_TERMS["options"][role])) for role in ("value", "name")}
_ENDINGS = {role: tuple(ROW_TERMS["options"][f"{role}_ending"]) for role in ("value", "name")}
_LISTS = frozenset(map(plain_name, ROW_TERMS["columns"]["options"]))
_SUFFIXES = frozenset({"s", "es", "e", "n", "i", "non", "editable"})
_NUMBER_WORDS = {"one": "1", "two": "2", "three": "3"}
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_OPTION_TITLE = re.compile(r"\s*\[\w{1,3}\][^=\[\]]{1,40}=|\s*Type=\w+\|Name=")
_ITEM = re.compile(r"(?:^|[|;,\n])\s*(?:\[\w{1,3}\])?([^=:|;,\n]{1,40}?)\s*[=:]")


def option_columns(columns: Sequence[str]) -> list[tuple[str, str]]:
    """Return the pairs of columns that hold an option's name and its value, such as Option1 Name and Option1 Value."""
    names: dict[tuple[str, ...], str] = {}
    values: dict[tuple[str, ...], str] = {}
    for column in columns:
        role, place = _role(column)
        if role:
            (names if role == "name" else values).setdefault(place, column)
    return [(names[place], values[place]) for place in names if place in values]


def option_lists(columns: Sequence[str]) -> list[str]:
    """Return the columns whose cells list options with their values."""
    return [column for column in columns if plain_name(column) in _LISTS]


def read_options(frame: pd.DataFrame, heads: NDArray[np.int64]) -> tuple[dict[str, Cells], list[str]]:
    """Return the cells of each option, under its name as written, and the columns that they were read from.

    Args:
        frame: the rows.
        heads: int64, shape (rows,): the row that a row takes the options' names from; -1 where it has its own.
    """
    options: dict[str, Cells] = {}
    columns = [str(column) for column in frame.columns]
    pairs, lists = option_columns(columns), option_lists(columns)
    for name_column, value_column in pairs:
        names = _inherited(frame[name_column], heads)
        for row, (name, value) in enumerate(zip(names, frame[value_column].tolist(), strict=True)):
            _put(options, name, value, row, len(frame))
    for row, title in enumerate(frame["title"].tolist()):
        if is_option_list(title):
            for name, value in listed_options(title):
                _put(options, name, value, row, len(frame))
    for column in lists:
        for row, cell in enumerate(frame[column].tolist()):
            for name, value in listed_options(cell):
                _put(options, name, value, row, len(frame))
    return options, [column for pair in pairs for column in pair] + lists


def listed_options(cell: str) -> list[tuple[str, str]]:
    """Return the options of a cell such as ``Size=S|Color=Red`` or ``Farbe:Rot|Größe:M``, in order."""
    items = list(_ITEM.finditer(cell))
    ends = [*(item.start() for item in items), len(cell)][1:]
    return [(item[1].strip(), cell[item.end() : end].strip()) for item, end in zip(items, ends, strict=True)]


def are_option_lists(titles: "pd.Series[str]") -> NDArray[np.bool_]:
    """Return of each title whether ``is_option_list``; shape (titles,)."""
    listed = np.zeros(len(titles), bool)
    may_list = np.flatnonzero(titles.str.contains("=", regex=False).to_numpy(bool))  # few titles of few files
    listed[may_list] = [is_option_list(title) for title in titles.iloc[may_list].tolist()]
    return listed


def is_option_list(cell: str) -> bool:
    """Return whether a title is a list of options, as BigCommerce writes it: ``[S]Size=Small,[RB]Color=Red``."""
    return _OPTION_TITLE.match(cell) is not None


def _tokens(column: str) -> list[str]:
    """Return the words and numbers of a name, also of ``productOptionName1``, each in its plain form."""
    return _TOKEN.findall(plain_name(split_words(column)))


def _put(options: dict[str, Cells], name: str, value: str, row: int, n_rows: int) -> None:
    name, value = " ".join(name.split())[:60], value.strip()
    if not name or not value or (name.casefold(), value.casefold()) == ("title", "default title"):
        return  # Shopify writes an option "Title" where a product has none
    if name not in options:
        options[name] = np.full(n_rows, "", object)
    options[name][row] = value


def _inherited(cells: "pd.Series[str]", heads: NDArray[np.int64]) -> list[str]:
    own = cells.to_numpy(object)
    return [own[head] if not cell.strip() and head >= 0 else cell for cell, head in zip(own, heads, strict=True)]


def _role(column: str) -> tuple[str, tuple[str, ...]]:
    """Return whether a column holds names or values of options, and what it has in common with its partner."""
    tokens = [_NUMBER_WORDS.get(token, token) for token in _tokens(column)]
    if not any(token.isdecimal() for token in tokens):
        return "", ()
    for role, words in _WORDS.items():
        for i, token in enumerate(tokens):
            ending = next((ending for ending in _ENDINGS[role] if token.endswith(ending)), "")
            if token in words or ending:
                rest = [*tokens[:i], token.removesuffix(ending) if ending else "", *tokens[i + 1 :]]
                return role, tuple(sorted(each for each in rest if each and each not in _SUFFIXES))
    if "option" in tokens and "description" in tokens:  # Wix writes values as descriptions
        return "value", tuple(sorted(each for each in tokens if each != "description"))
    return "", ()


def option_values(options: Mapping[str, Cells], row: int) -> list[str]:
    """Return the values that a row has of the options, in order."""
    return [cells[row] for cells in options.values() if cells[row]]
