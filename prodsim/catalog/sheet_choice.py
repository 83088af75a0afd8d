"""Which of several sheets or tables holds the products, and which others are like it."""

import re
from collections.abc import Collection, Mapping, Sequence

from prodsim.catalog.header_place import find_header, known_fields
from prodsim.phrases import Plural

NumberedRows = list[tuple[int, list[str]]]

SAMPLED_ROWS = 200
"""Rows of a sheet by which its header is found, and the sheet with the products among several."""

MORE_SHEETS = Plural(
    "Only the sheet “{sheet}” is read. One more has the same columns: {sheets}.",
    "Only the sheet “{sheet}” is read. {n} more have the same columns: {sheets}.",
)

_ASIDE = re.compile(
    r"instruct|read.?me|help|guide|example|sample|definition|valid.?val|dropdown|lookup|picklist|lists?\b|values?\b|reference|conditions|"
    r"anleitung|hinweis|beispiel|hilfe|werte|exempl|aide|notice|ejemplo|instrucc|ayuda|esempi|istruzion|voorbeeld|uitleg|przyk|instruk|"
    r"příklad|návod|пример|инструк|справ|приклад|örnek|talimat|例|説明|说明|說明|指南|帮助|示例|예시|안내",
    re.IGNORECASE,
)
"""What sheets beside the one with the products are called."""


def choose_sheet(begun: Mapping[str, Sequence[list[str]]], shown: Collection[str]) -> tuple[str, list[str]]:
    """Return the sheet that holds the products, and what to say of others that look as if they did.

    Args:
        begun: title of each sheet to its first rows.
        shown: titles of the sheets that are not hidden.
    """
    if len(begun) == 1:
        return next(iter(begun)), []
    headers = {title: _header_of(rows) for title, rows in begun.items()}

    def quality(title: str) -> tuple[bool, bool, int, int]:
        n_known, rows = len(known_fields(headers[title])), begun[title]
        is_table = len(headers[title]) > 1 and len(rows) > find_header(rows).first_product
        return is_table, title in shown, n_known // 2 if _ASIDE.search(title) else n_known, len(rows)

    chosen = max(begun, key=quality)
    alike = [
        t for t in begun if t != chosen and headers[t] == headers[chosen] and quality(t)[0] and not _ASIDE.search(t)
    ]
    return chosen, more_sheets(chosen, alike)


def more_sheets(chosen: str, alike: Sequence[str]) -> list[str]:
    """Say which sheets are not read though they have the columns of the one that is; ``[]`` where there are none."""
    titles = ", ".join(f"“{title}”" for title in alike)
    return [MORE_SHEETS(len(alike), sheet=chosen, sheets=titles)] if alike else []


def alike_tables(chosen: NumberedRows, tables: Sequence[NumberedRows]) -> list[int]:
    """Return the places of the tables, of at least two rows, that name the columns of the chosen one; not its own."""
    header = _header_of(_first_cells(chosen))
    return [
        place
        for place, rows in enumerate(tables)
        if rows is not chosen
        and len(rows) > 1
        and header in (first := _first_cells(rows))
        and _header_of(first) == header
    ]


def _first_cells(rows: NumberedRows) -> list[list[str]]:
    return [cells for _, cells in rows[:SAMPLED_ROWS]]


def _header_of(rows: Sequence[list[str]]) -> list[str]:
    return rows[find_header(rows).row] if rows else []
