"""From rows to products: variants take from their parent, pictures and price rules join their product."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog.chunks import kept_rows
from prodsim.catalog.mapping import PRODUCT_FIELDS, ColumnMapping
from prodsim.catalog.options import (
    ROW_TERMS,
    Cells,
    are_option_lists,
    option_columns,
    option_lists,
    option_values,
    read_options,
)
from prodsim.catalog.plain_names import plain_name
from prodsim.catalog.products import MORE_IMAGES
from prodsim.catalog.row_kinds import COLUMNS, RowStructure, find_structure, is_filled
from prodsim.phrases import Plural

OWN_FIELDS = ("sku", "gtin", "mpn", "sale_price")
"""What a variant never takes from its parent: it would be the parent's own."""
PICTURES = Plural(
    "{n:,} row that only adds a picture was joined to its product.",
    "{n:,} rows that only add a picture were joined to their products.",
)
DETAILS = Plural(
    "{n:,} row that only adds a detail, such as a price rule or an option, was joined to its product.",
    "{n:,} rows that only add a detail, such as a price rule or an option, were joined to their products.",
)
PARENTS = Plural(
    "{n:,} row describes a product that is sold only in its variants; it is not a product of its own.",
    "{n:,} rows describe products that are sold only in their variants; they are not products of their own.",
)
VARIANTS = Plural(
    "{n:,} variant takes what its row leaves empty from the row of its product.",
    "{n:,} variants take what their rows leave empty from the rows of their products.",
)
CHILDLESS = Plural(
    "{n:,} row describes a product with variants, but the file contains none of them; it is kept as a product.",
    "{n:,} rows describe products with variants, but the file contains none of them; they are kept as products.",
)


@dataclass(frozen=True)
class JoinedRows:
    """Rows of which each is a product that is sold.

    Attributes:
        frame: the products under the fields' names; options are attributes under their names; RangeIndex.
        lines: int64, shape (products,): the line of the file that each begins on.
        keys: per product what identifies it beside a SKU: its group's key and its options, or its id, or ``""``.
        options: per product the values of its options, joined, or ``""``.
        notes: sentences with the counts of what was joined.
    """

    frame: pd.DataFrame
    lines: NDArray[np.int64]
    keys: list[str]
    options: list[str]
    notes: list[str] = field(default_factory=list)


def join_rows(frame: pd.DataFrame, lines: NDArray[np.int64], mapping: ColumnMapping) -> JoinedRows:
    """Join the rows of each product, and make attributes of the options; a file of one row a product stays as it is."""
    columns = [str(column) for column in frame.columns]
    names = {column: mapping.get(column, column) for column in columns}
    is_listed = are_option_lists(frame["title"])
    has_options = bool(option_columns(columns) or option_lists(columns) or is_listed.any())
    structure = find_structure(frame, names, has_options)
    if structure is None and not has_options:
        rows = range(len(frame))
        return JoinedRows(frame, lines, _keys(frame, None, names, [""] * len(frame), rows), [""] * len(frame))
    structure = structure or _alone(len(frame))
    options, spent = read_options(frame, structure.parents)
    frame = frame.assign(title=frame["title"].mask(is_listed & (structure.parents >= 0), ""))
    frame = _with_own_pictures(frame, names)
    is_picture, is_detail = _details(frame, structure, options)
    is_container = _containers(frame, structure, options, is_picture | is_detail)
    notes = _notes(structure, is_picture, is_detail, is_container)
    frame = _with_pictures(frame, structure, is_picture)
    frame = _with_options(_inherited(frame, structure, names), options, spent)
    frame["group_id"] = _groups(frame, structure, is_picture | is_detail | is_container)
    keep = ~(is_picture | is_detail | is_container)
    kept = np.flatnonzero(keep).tolist()
    values = ["-".join(value.replace(" ", "-").lower() for value in option_values(options, row)) for row in kept]
    keys = _keys(frame, structure.key, names, values, kept)
    if structure.key == "sku":  # the key of several rows identifies none of them
        frame["sku"] = ""
    return JoinedRows(kept_rows(frame, keep), lines[keep], keys, values, notes)


def _alone(n_rows: int) -> RowStructure:
    empty = np.full(n_rows, "", object)
    return RowStructure(empty, empty, np.full(n_rows, -1, np.int64), None, ())


def _filled(frame: pd.DataFrame, column: str) -> NDArray[np.bool_]:
    return is_filled(frame[column]) if column in frame else np.zeros(len(frame), bool)


def _has_options(options: Mapping[str, Cells], n_rows: int) -> NDArray[np.bool_]:
    has = np.zeros(n_rows, bool)
    for cells in options.values():
        has |= cells != ""
    return has


def _details(
    frame: pd.DataFrame, structure: RowStructure, options: Mapping[str, Cells]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which rows only add a picture, and which another detail, to the product they belong to."""
    own = _filled(frame, "price") | _has_options(options, len(frame))
    if structure.key != "sku":
        own |= _filled(frame, "sku")
    belongs = structure.parents >= 0
    bare = belongs & ~own & ~_filled(frame, "title") & (structure.kinds != "variant")
    is_picture = bare & _filled(frame, "image") & np.isin(structure.kinds, ("", "detail"))
    return is_picture, (bare | (belongs & (structure.kinds == "detail"))) & ~is_picture


def _containers(
    frame: pd.DataFrame, structure: RowStructure, options: Mapping[str, Cells], is_detail: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return which rows are parents that are not sold themselves.

    A row with variants is one where the file calls it a parent, where its variants are named by reference, or where it
    lacks the price or the options that its variants have.
    """
    variants = (structure.parents >= 0) & ~is_detail

    def any_variant(which: NDArray[np.bool_]) -> NDArray[np.bool_]:
        of = np.zeros(len(frame), bool)
        of[structure.parents[variants & which]] = True
        return of

    has_options, priced = _has_options(options, len(frame)), _filled(frame, "price")
    is_by_reference = structure.key is None and (structure.groups != "").any()
    is_called_parent = (structure.kinds == "parent") | any_variant(structure.kinds == "variant")
    lacks = (any_variant(priced) & ~priced) | (any_variant(has_options) & ~has_options)
    is_sold = structure.kinds == "variant"
    container: NDArray[np.bool_] = any_variant(variants) & ~is_sold & (is_by_reference | is_called_parent | lacks)
    return container


def _notes(
    structure: RowStructure,
    is_picture: NDArray[np.bool_],
    is_detail: NDArray[np.bool_],
    is_container: NDArray[np.bool_],
) -> list[str]:
    joined = is_picture | is_detail | is_container
    counts = {
        VARIANTS: (structure.parents >= 0) & ~joined,
        PARENTS: is_container,
        PICTURES: is_picture,
        DETAILS: is_detail,
        CHILDLESS: (structure.kinds == "parent") & ~joined,
    }
    return [text(n) for text, rows in counts.items() if (n := int(rows.sum()))]


def _with_pictures(frame: pd.DataFrame, structure: RowStructure, is_picture: NDArray[np.bool_]) -> pd.DataFrame:
    """Put the addresses of rows that only add a picture with their product's row."""
    if not is_picture.any():
        return frame
    more = frame[MORE_IMAGES].to_numpy(object).copy() if MORE_IMAGES in frame else np.full(len(frame), "", object)
    addresses = frame["image"].tolist()
    for row in np.flatnonzero(is_picture).tolist():
        head = structure.parents[row]
        more[head] = f"{more[head]} {addresses[row].strip()}".strip()
    return frame.assign(**{MORE_IMAGES: pd.array(more, dtype="str")})


def _with_own_pictures(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Put a variant's own picture in place of its product's, where a column holds it."""
    for column in map(str, frame.columns):
        if plain_name(names.get(column, column)) in COLUMNS["variant_image"] and column != "image":
            own = frame[column].str.strip()
            frame = frame.assign(image=frame["image"].mask(own != "", own))
    return frame


def _inherited(frame: pd.DataFrame, structure: RowStructure, names: Mapping[str, str]) -> pd.DataFrame:
    """Fill what variants leave empty with what their parent has."""
    rows = np.flatnonzero(structure.parents >= 0)
    if not len(rows):
        return frame
    heads = structure.parents[rows]
    priced = (frame["price"].iloc[rows].str.strip() != "").to_numpy(bool)
    filled = {}
    for column in map(str, frame.columns):
        is_own = column in (*OWN_FIELDS, MORE_IMAGES, *structure.structural)
        if (is_own and column != "sale_price") or plain_name(names.get(column, column)) in COLUMNS["id"]:
            continue
        cells = frame[column].to_numpy(object).copy()
        own = cells[rows]
        empty = np.array([not cell.strip() for cell in own], bool)
        if column == "sale_price":
            empty &= ~priced
        cells[rows] = np.where(empty, cells[heads], own)
        filled[column] = pd.array(cells, dtype="str")
    return frame.assign(**filled)


def _with_options(frame: pd.DataFrame, options: Mapping[str, Cells], spent: list[str]) -> pd.DataFrame:
    """Make an attribute of each option; an attribute of this name is filled where it is empty."""
    frame = frame.drop(columns=[column for column in spent if column not in PRODUCT_FIELDS])
    for name, cells in options.items():
        name = f"{name} (option)" if name in PRODUCT_FIELDS else name
        own = frame[name].to_numpy(object) if name in frame else np.full(len(frame), "", object)
        frame[name] = pd.array(np.where(own == "", cells, own), dtype="str")
    return frame


def _groups(frame: pd.DataFrame, structure: RowStructure, is_joined: NDArray[np.bool_]) -> "pd.Series[str]":
    """Return what the variants of one product share: the file's own word, their key, or their parent's SKU or title."""
    own = frame["group_id"].to_numpy(object)
    groups = np.where(structure.groups != "", structure.groups, own)
    heads = np.where(structure.parents >= 0, structure.parents, np.arange(len(frame)))
    has_variants = np.zeros(len(frame), bool)
    has_variants[structure.parents[(structure.parents >= 0) & ~is_joined]] = True
    by_order = (groups == "") & has_variants[heads]
    names = np.where(frame["sku"] != "", frame["sku"], frame["title"]).astype(object)
    groups = np.where(by_order, names[heads], groups)
    if structure.key is not None:  # a key that one row alone has groups nothing
        codes, _ = pd.factorize(groups)
        counts = np.bincount(codes[~is_joined], minlength=codes.max(initial=0) + 1)
        groups = np.where((counts[codes] > 1) | (own != ""), groups, "")
    return pd.Series(pd.array(groups, dtype="str"), frame.index)


def _keys(
    frame: pd.DataFrame, key: str | None, names: Mapping[str, str], values: Sequence[str], rows: Sequence[int]
) -> list[str]:
    """Return what identifies products without a SKU: the key of their rows and their options, or their id."""
    ids = [
        column
        for column in map(str, frame.columns)
        if plain_name(names.get(column, column)) in COLUMNS["id"] and column != "sku"
    ]
    firsts = np.full(len(rows), "", object)
    for column in ids:
        firsts = np.where(firsts == "", frame[column].str.strip().to_numpy(object)[[*rows]], firsts)
    keys: list[str] = firsts.tolist()
    if key is None:
        return keys
    own = frame[key].str.strip().to_numpy(object)[[*rows]]
    joined = ("-".join(filter(None, (each, value))) if each else "" for each, value in zip(own, values, strict=True))
    return [both or each for both, each in zip(joined, keys, strict=True)]


UNPUBLISHED = Plural(
    "{n:,} product is not published in the shop ({column}: {values}); it is kept.",
    "{n:,} products are not published in the shop ({column}: {values}); they are kept.",
)


def note_unpublished(frame: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Return a sentence for each column that says which products are not published, with what it says of them."""
    notes = []
    for column in map(str, frame.columns):
        if plain_name(names.get(column, column)) in COLUMNS["published"] and column not in PRODUCT_FIELDS:
            values = frame[column].str.strip()
            hidden = values[values.str.casefold().isin(ROW_TERMS["published"]["no"])]
            if len(hidden):
                shown = ", ".join(sorted(set(hidden))[:3])
                notes.append(UNPUBLISHED(len(hidden), column=column, values=shown))
    return notes
