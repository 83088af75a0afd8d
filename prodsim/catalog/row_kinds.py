"""What each row of a file is: a product, a parent, a variant, or a detail such as a picture or a price rule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog.options import ROW_TERMS, listed_options
from prodsim.catalog.plain_names import plain_name

Kinds = NDArray[np.object_]
RowNumbers = NDArray[np.int64]

_KIND_OF = {plain_name(word): kind for kind, words in ROW_TERMS["kinds"].items() for word in words}
COLUMNS = {role: frozenset(map(plain_name, names)) for role, names in ROW_TERMS["columns"].items()}
"""What columns are called that say how rows belong together, by what they say."""
MAX_KINDS = 12
"""Different values of a column of row kinds, at most."""


@dataclass(frozen=True)
class RowStructure:
    """How the rows of a file belong together; all arrays have one element a row.

    Attributes:
        kinds: ``parent``, ``variant``, ``product``, ``detail``, or ``""`` where the file does not say.
        groups: what the rows of one product share, ``""`` for a row alone.
        parents: the row that it belongs to and takes from what it leaves empty; -1 for none.
        key: the column whose value names the product of several rows, such as Handle; ``None`` for none.
        structural: columns that only say how rows belong together.
    """

    kinds: Kinds
    groups: Kinds
    parents: RowNumbers
    key: str | None
    structural: tuple[str, ...]


def find_structure(frame: pd.DataFrame, names: Mapping[str, str], has_options: bool) -> RowStructure | None:
    """Find how rows belong together; ``None`` where each row stands alone.

    Args:
        frame: the rows, under the fields' names; attributes under their names in the file.
        names: column of ``frame`` to its name in the file.
        has_options: whether the file has columns for the options of variants.
    """
    plain = {column: plain_name(names.get(column, column)) for column in map(str, frame.columns)}
    kind_column = _kind_column(frame, plain)
    kinds = _kinds(frame[kind_column]) if kind_column else np.full(len(frame), "", object)
    parent_column = _first(frame, plain, COLUMNS["parent"])
    key = _first(frame, plain, COLUMNS["shared"])
    children_column = _first(frame, plain, COLUMNS["children"])
    groups, parents = np.full(len(frame), "", object), np.full(len(frame), -1, np.int64)
    if parent_column or children_column:
        references = _references(frame, plain, parent_column, children_column)
        groups, parents = _by_reference(frame, plain, references)
        names_itself = (references != "") & (references == frame["sku"].str.strip().to_numpy(object))
        kinds = np.where(names_itself, "variant", kinds)  # the main variant, sold as the others are
    elif key:
        groups, parents = _by_key(frame, key, kinds)
    elif (kinds == "variant").any():
        parents = _by_order((kinds != "variant") & (kinds != "detail"))
    elif has_options and _is_continued(frame):
        parents = _by_order(is_filled(frame["title"]))
    if not kind_column and (groups == "").all() and (parents < 0).all():
        return None
    structural = tuple(column for column in (kind_column, parent_column, key, children_column) if column)
    return RowStructure(kinds, groups, _rooted(parents), key, structural)


def _kind_column(frame: pd.DataFrame, plain: Mapping[str, str]) -> str | None:
    """Return the column that says of each row what it is; one that says "simple" or "product" of all is none."""
    for column, name in plain.items():
        if name in COLUMNS["kind"]:
            values = [value for value in frame[column].unique().tolist() if value.strip()]
            kinds = {_kind(value) for value in values}
            if 0 < len(values) <= MAX_KINDS and "" not in kinds and kinds != {"product"}:
                return column
    return None


def _kind(value: str) -> str:
    """Return what a cell such as ``simple, virtual`` says of its row: the first word that is known."""
    words = (plain_name(word) for word in (value, *value.split(",")))
    return next((_KIND_OF[word] for word in words if word in _KIND_OF), "")


def _kinds(cells: "pd.Series[str]") -> Kinds:
    codes, values = pd.factorize(cells)
    known: Kinds = np.array([_kind(value) for value in values], object)[codes]
    return known


def _first(frame: pd.DataFrame, plain: Mapping[str, str], names: Iterable[str]) -> str | None:
    """Return the first column with one of the names that holds anything."""
    return next((column for column, name in plain.items() if name in names and (frame[column] != "").any()), None)


def is_filled(cells: "pd.Series[str]") -> NDArray[np.bool_]:
    """Return of each cell whether it holds more than spaces."""
    filled: NDArray[np.bool_] = (cells.str.strip() != "").to_numpy(bool)
    return filled


def _references(frame: pd.DataFrame, plain: Mapping[str, str], parent: str | None, children: str | None) -> Kinds:
    """Return what each row says of its parent, or a parent of it: a SKU, ``id:41``, or ``""``."""
    cells: Kinds = frame[parent].str.strip().to_numpy(object) if parent else np.full(len(frame), "", object)
    if children is None:
        return cells
    own: list[str] = frame["sku"].str.strip().tolist()
    cells, row_of = cells.copy(), {sku: row for row, sku in enumerate(own) if sku}
    for row, cell in enumerate(frame[children].tolist()):
        skus = [value for name, value in listed_options(cell) if plain_name(name) == "sku"] or cell.split(",")
        for sku in (sku.strip() for sku in skus if sku.strip()):
            if sku in row_of and row_of[sku] != row and not cells[row_of[sku]]:
                cells[row_of[sku]] = own[row]
    return cells


def _by_reference(frame: pd.DataFrame, plain: Mapping[str, str], references: Kinds) -> tuple[Kinds, RowNumbers]:
    """Return the groups and parents of rows that name their parent, which may be missing from the file."""
    skus = frame["sku"].str.strip().to_numpy(object)
    row_of = {sku: row for row, sku in enumerate(skus) if sku}
    ids = _first(frame, plain, COLUMNS["id"])
    row_of_id = (
        {} if ids is None else {each.strip(): row for row, each in enumerate(frame[ids].tolist()) if each.strip()}
    )
    groups, parents = references.copy(), np.full(len(frame), -1, np.int64)
    for row in np.flatnonzero(references != "").tolist():
        reference = references[row]
        parent = row_of.get(reference, row_of_id.get(reference.removeprefix("id:").strip(), -1))
        if parent == row or reference == "0":
            groups[row] = reference if parent == row and reference != "0" else ""
        elif parent >= 0:
            parents[row], groups[row] = parent, skus[parent] or reference
            groups[parent] = groups[parent] or groups[row]
    return groups, parents


def _by_key(frame: pd.DataFrame, key: str, kinds: Kinds) -> tuple[Kinds, RowNumbers]:
    """Return the groups and parents of rows that share a key: those without a title belong to the first with one."""
    groups = frame[key].str.strip().to_numpy(object)
    codes, values = pd.factorize(groups)
    titled = is_filled(frame["title"]) & (kinds != "variant") & (kinds != "detail")
    heads = np.full(len(values), -1, np.int64)
    rows = np.flatnonzero(titled)[::-1]
    heads[codes[rows]] = rows  # of several the first is written last, and stays
    parents = heads[codes]
    parents[titled | (groups == "") | (parents == np.arange(len(frame)))] = -1
    return groups, parents


def _by_order(begins: NDArray[np.bool_]) -> RowNumbers:
    """Return the last row before each that begins a product; -1 for those that begin one."""
    last = np.maximum.accumulate(np.where(begins, np.arange(len(begins)), -1))
    return np.where(begins, -1, last).astype(np.int64)


def _is_continued(frame: pd.DataFrame) -> bool:
    """Return whether rows without a title go on with the product above: no link, no text, but a SKU or price."""
    rest = ~is_filled(frame["title"])
    if not rest.any() or rest[0]:
        return False
    below = frame[rest]
    own = is_filled(below["sku"]) | is_filled(below["price"])
    return bool(own.mean() > 0.5 and not is_filled(below["description"]).any() and not is_filled(below["url"]).any())


def _rooted(parents: RowNumbers) -> RowNumbers:
    """Return the parents where a parent's parent counts; rings, which no file should hold, lose their parent."""
    rooted = parents.copy()
    for _ in range(3):
        above = np.where(rooted >= 0, parents[rooted], -1)
        rooted = np.where(above >= 0, above, rooted)
    return np.where((rooted >= 0) & (parents[rooted] < 0), rooted, -1).astype(np.int64)
