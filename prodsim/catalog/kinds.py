"""What kind of catalog a file holds, films or jobs, told by its columns' names and cells; and its columns by that."""

import re
from collections.abc import Iterator

from prodsim.catalog.facts import RawTable
from prodsim.catalog.mapping import MAPPED_FIELDS, ColumnMapping
from prodsim.catalog.plain_names import plain_name, split_words
from prodsim.profiles import PRODUCTS, Profile, profiles

SAMPLED_CELLS = 500
"""Cells that are looked at of a column, from the file's beginning."""
MIN_CELLS = 0.7
"""Share of a column's cells that a pattern must match."""
CELLS_COUNT = 2
"""What such a column says for a kind, as a multiple of a column's name."""
MIN_SIGNS = 2
"""What must speak for a kind."""


def recognise_profile(table: RawTable, mapping: ColumnMapping) -> Profile:
    """Return the kind that most speaks for, at least ``MIN_SIGNS``; else products, as for things of a kind with prices.

    Args:
        table: the file.
        mapping: of its columns as products'.
    """
    columns = {plain_name(split_words(str(column))) for column in table.frame.columns}
    samples = [cells for column in table.frame.columns if (cells := _sample(table, str(column)))]
    signs = {
        profile.name: sum(column in columns for column in profile.sign_columns)
        + CELLS_COUNT * sum(any(_fits(pattern, cells) for cells in samples) for pattern in profile.sign_cells)
        for profile in profiles().values()
        if not ("price" in mapping and "price" in profile.absent)
    }
    best = max(signs, key=lambda name: signs[name])
    return profiles()[best if signs[best] >= MIN_SIGNS else PRODUCTS]


def mapping_by_profile(table: RawTable, mapping: ColumnMapping, profile: Profile) -> ColumnMapping:
    """Return a proposed mapping as it is for a kind: with its own names of columns, without fields that it lacks."""
    named = dict(_named_columns(table, profile))
    others = {
        field: column
        for field, column in mapping.items()
        if field not in profile.absent and column not in named.values()
    }
    own = {**others, **named}
    return {field: own[field] for field in MAPPED_FIELDS if field in own}


def _named_columns(table: RawTable, profile: Profile) -> Iterator[tuple[str, str]]:
    """Yield fields with the column that has the first of the kind's names of it."""
    columns = {plain_name(split_words(str(column))): str(column) for column in table.frame.columns}
    for field, names in profile.columns.items():
        found = next((columns[name] for name in names if name in columns), None)
        if found is not None:
            yield field, found


def _sample(table: RawTable, column: str) -> list[str]:
    cells = table.frame[column].head(SAMPLED_CELLS)
    return [cell for cell in map(str.strip, cells.tolist()) if cell]


def _fits(pattern: str, cells: list[str]) -> bool:
    return sum(re.fullmatch(pattern, cell) is not None for cell in cells) >= MIN_CELLS * len(cells)
