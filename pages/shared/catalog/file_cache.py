"""What the Catalog page reads of a file, kept for the session so that a click does not read it again."""

from functools import partial
from pathlib import Path

import streamlit as st

from pages.shared import state
from pages.shared.catalog import texts
from prodsim.catalog import (
    Catalog,
    CatalogChanges,
    CatalogSummary,
    ColumnMapping,
    RawTable,
    ReadOptions,
    compare_catalogs,
    make_catalog,
    read_table,
    sheet_names,
    summarise,
    zip_members,
)
from prodsim.encoders import catalog_languages
from prodsim.errors import CatalogError
from prodsim.pictures import can_be_seen

Stamp = tuple[int, int]
"""Size and time of change: a file that was saved again is read again."""


def read(path: Path, options: ReadOptions) -> RawTable:
    """Return the file's table, read once."""
    return _read(str(path), _stamp(path), options)


def parts(path: Path, member: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return files of a zip, and sheets of the workbook; both empty for a plain file."""
    return _parts(str(path), _stamp(path), member)


def products(path: Path, options: ReadOptions, mapping: ColumnMapping) -> Catalog:
    """Return the products that the file gives under a mapping."""
    return _products(str(path), _stamp(path), options, tuple(sorted(mapping.items())))


def summary(path: Path, options: ReadOptions, mapping: ColumnMapping) -> CatalogSummary:
    """Return what those products are, in numbers."""
    return _summary(str(path), _stamp(path), options, tuple(sorted(mapping.items())))


def languages(path: Path, options: ReadOptions, mapping: ColumnMapping) -> dict[str, float]:
    """Return the languages of those products' titles, with their shares."""
    return _languages(str(path), _stamp(path), options, tuple(sorted(mapping.items())))


def changes(name: str, path: Path, options: ReadOptions, mapping: ColumnMapping) -> CatalogChanges:
    """Return what the file adds to the catalog ``name``, changes in it and leaves out."""
    info = state.workspace().info(name)
    old = info.artifacts["catalog"]
    return _changes(name, old, str(path), _stamp(path), options, tuple(sorted(mapping.items())))


def forget() -> None:
    """Drop what was read of the session's file, once another is chosen or it is built."""
    for kept in (_read, _products, _summary, _languages):
        kept.clear()


def _stamp(path: Path) -> Stamp:
    try:
        facts = path.stat()
    except OSError:
        raise CatalogError(texts.NO_FILE(path=path), texts.CHECK_PATH()) from None
    return facts.st_size, facts.st_mtime_ns


@st.cache_resource(max_entries=1, scope="session", show_spinner=texts.READING())
def _read(path: str, stamp: Stamp, options: ReadOptions) -> RawTable:
    return read_table(Path(path), options)


@st.cache_data(max_entries=20, show_spinner=False)
def _parts(path: str, stamp: Stamp, member: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return zip_members(Path(path)), sheet_names(Path(path), member)


@st.cache_resource(max_entries=1, scope="session", show_spinner=texts.CHECKING())
def _products(path: str, stamp: Stamp, options: ReadOptions, mapping: tuple[tuple[str, str], ...]) -> Catalog:
    return make_catalog(_read(path, stamp, options), dict(mapping), can_be_seen=partial(can_be_seen, Path(path)))


@st.cache_resource(max_entries=1, scope="session", show_spinner=False)
def _summary(path: str, stamp: Stamp, options: ReadOptions, mapping: tuple[tuple[str, str], ...]) -> CatalogSummary:
    return summarise(_products(path, stamp, options, mapping))


@st.cache_resource(max_entries=1, scope="session", show_spinner=False)
def _languages(path: str, stamp: Stamp, options: ReadOptions, mapping: tuple[tuple[str, str], ...]) -> dict[str, float]:
    return catalog_languages(_products(path, stamp, options, mapping).products["title"].unique().tolist())


@st.cache_data(max_entries=20, show_spinner=texts.COMPARING())
def _changes(
    name: str, old: str, path: str, stamp: Stamp, options: ReadOptions, mapping: tuple[tuple[str, str], ...]
) -> CatalogChanges:
    return compare_catalogs(state.open_catalog(name).catalog, _products(path, stamp, options, mapping))
