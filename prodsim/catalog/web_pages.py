"""Saved web pages: the products that they mark up for search engines, or the table that they show."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import etree, html

from prodsim.catalog.budget import FileBudget
from prodsim.catalog.category_paths import path_of
from prodsim.catalog.encodings import decode
from prodsim.catalog.nested import NestedTable, from_items
from prodsim.catalog.nested_values import Record, plain_text
from prodsim.catalog.page_markup import linked_data, microdata, open_graph, rdfa
from prodsim.catalog.sheet_choice import NumberedRows, alike_tables
from prodsim.catalog.spreadsheet_xml import table_of_rows
from prodsim.catalog.xml_elements import head_of
from prodsim.errors import CatalogError
from prodsim.phrases import SENTENCE_AFTER_SENTENCE, Plural, joined, phrase
from prodsim.text import excerpt

_TAGS = frozenset({
    "html", "head", "body", "table", "div", "meta", "script", "style", "center", "font", "p", "title", "tbody",
    "thead", "tr", "h1", "h2", "br", "form", "span", "article", "main", "section", "link", "base", "ul",
})  # fmt: skip
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE\s+html", re.IGNORECASE)
_SHOWN = 60
"""Characters around the first byte that does not fit."""
_SPANS = 1000
"""Columns or rows that one cell may cover; HTML's standard has 1,000 columns and 65,534 rows."""

REPLACED = Plural(
    "{n:,} byte does not fit the encoding {encoding} and was replaced, on line {line}: “{text}”.",
    "{n:,} bytes do not fit the encoding {encoding} and were replaced, the first on line {line}: “{text}”.",
)
MORE_TABLES = Plural(
    "Only the largest table of the page is read. One more has the same columns.",
    "Only the largest table of the page is read. {n} more have the same columns.",
)


def is_web_page(data: bytes) -> bool:
    """Return whether markup is HTML, by its document type or its first element."""
    text = data[:20_000].replace(b"\0", b"").decode("utf-8", "replace").lstrip("\ufeff\ufffd \t\r\n")
    head, rest = head_of(text)
    match = re.match(r"\s*<([\w:]+)(.{0,300})", rest, re.DOTALL)
    if _DOCTYPE.search(head) or _DOCTYPE.match(rest.lstrip()):
        return True
    return match is not None and match[1].casefold() in _TAGS and not _is_feed_root(match)


def _is_feed_root(match: "re.Match[str]") -> bool:
    """Return whether an element that HTML also has begins plain XML: HTML has no namespace but its own and Office's."""
    return (
        match[1].casefold() in ("section", "article", "main", "link", "title", "base", "form") and ">" in match[2][:1]
    )


def read_web_page(data: bytes, encoding: str | None, name: str, budget: FileBudget) -> tuple[NestedTable, str]:
    """Read the products of a page: its JSON-LD, microdata or RDFa, else its largest table, else its Open Graph.

    Returns:
        The rows, and the encoding that the page was read in.

    Raises:
        CatalogError: the page holds none of these, or a table larger than its budget.
    """
    text, used, notes = _text(data, encoding, name)
    try:
        page = html.document_fromstring(_without_declaration(text), parser=html.HTMLParser(no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise _nothing(name, notes) from error
    items, bad, path = linked_data(page)
    items = items or microdata(page) or rdfa(page)
    if len(items) == 1:
        items = [_with_page(items[0], page, path)]
    if items:
        table = from_items(enumerate(items, 1), budget)
        return replace(table, bad=[*table.bad, *bad], notes=[*notes, *table.notes]), used
    if tables := _tables(page, budget):
        table = _largest(tables, budget)
        return replace(table, bad=bad, notes=[*notes, *table.notes]), used
    if product := open_graph(page):
        note = phrase("Only the page's description for social networks names a product.")
        table = from_items([(1, product)], budget)
        return replace(table, bad=bad, notes=[*notes, note]), used
    left_out = [phrase("Line {line} is left out: {reason}.", line=b.line, reason=b.reason) for b in bad[:1]]
    raise _nothing(name, [*notes, *left_out])


def _nothing(name: str, notes: list[str]) -> CatalogError:
    """Return the error for a page without products, with what could not be read of it."""
    what = phrase(
        "{name} is a web page without products: it was searched for schema.org products (JSON-LD, microdata, "
        "RDFa), a table and Open Graph tags.",
        name=name,
    )
    fix = phrase("Export the catalog from the shop as CSV, XLSX, JSON or a product feed.")
    return CatalogError(joined([what, *notes], SENTENCE_AFTER_SENTENCE), fix)


def _text(data: bytes, encoding: str | None, name: str) -> tuple[str, str, list[str]]:
    """Return a page's text, its encoding, and what to say of bytes that do not fit it.

    It is the encoding given, else UTF-8 or the declared one, the first that fits, else one judged by the bytes.
    """
    match = _CHARSET.search(data[:20_000])
    declared = match[1].decode().casefold() if match else None
    candidates = [encoding] if encoding else [*(["utf-8"] if not data.isascii() else []), declared]
    for candidate in candidates:
        try:
            if candidate:
                return data.decode(candidate), candidate, []
        except (LookupError, UnicodeError):
            continue
    if encoding or not _is_nearly_utf8(data):
        text, used, bad = decode(data, encoding, name)
        if not bad:
            return text, used, []
    else:
        used = "utf-8"
    text = data.decode(used, "replace")  # a line that does not fit may be the whole page
    place = text.find("\ufffd")
    line = text.count("\n", 0, place) + 1
    shown = excerpt(text[max(0, place - _SHOWN // 2) : place + _SHOWN // 2], _SHOWN)
    return text, used, [REPLACED(text.count("\ufffd"), encoding=used, line=line, text=shown)]


def _is_nearly_utf8(data: bytes) -> bool:
    """Return whether more characters beyond ASCII fit UTF-8 than do not, as by chance none does."""
    text = data.decode("utf-8", "replace")
    n_bad = text.count("\ufffd")
    n_beyond = len(text) - len(text.encode("ascii", "ignore"))
    return n_beyond - n_bad > n_bad


def _without_declaration(text: str) -> str:
    """Return a page without what lxml refuses in a text: an XML declaration, zero characters."""
    return re.sub(r"^\s*<\?xml.*?\?>", "", text.lstrip("\ufeff").replace("\0", ""), count=1, flags=re.DOTALL) or " "


def _with_page(product: Record, page: Any, path: list[str]) -> Record:
    """Give the only product of a page the page's address, and the category that its breadcrumbs name."""
    links = (link for link in page.iter("link") if "canonical" in (link.get("rel") or "").casefold())
    address = next((str(link.get("href")) for link in links if link.get("href")), "")
    names = [name for name in path if name.casefold() != plain_text(product.get("name")).casefold()]
    page_says = {"url": address, "category": path_of(names)}
    return {**product, **{key: value for key, value in page_says.items() if value and not product.get(key)}}


def _tables(page: Any, budget: FileBudget) -> list[NumberedRows]:
    """Return the rows of each table of at least two rows and two columns."""
    tables = [_table_rows(table, budget) for table in page.iter("table")]
    return [rows for rows in tables if len(rows) > 1 and max(len(cells) for _, cells in rows) > 1]


def _largest(tables: list[NumberedRows], budget: FileBudget) -> NestedTable:
    """Read the table with most cells, and count others with the same columns."""
    rows = max(tables, key=lambda rows: sum(len(cells) for _, cells in rows))
    n_alike = len(alike_tables(rows, tables))
    table = table_of_rows(rows, budget)
    return replace(table, notes=[MORE_TABLES(n_alike), *table.notes]) if n_alike else table


def _table_rows(table: Any, budget: FileBudget) -> NumberedRows:
    """Return a table's rows of texts; a cell over several columns or rows stands in the first of them."""
    rows: NumberedRows = []
    n_cells = 0
    below: dict[int, int] = {}  # column: further rows that a cell from above covers
    for number, row in enumerate(_own_rows(table), 1):
        cells: list[str] = []
        covered, below = below, {c: n - 1 for c, n in below.items() if n > 1}
        for cell in row:
            if not isinstance(cell.tag, str) or cell.tag not in ("td", "th"):
                continue
            while len(cells) in covered:
                cells.append("")
            width, height = _span(cell.get("colspan")), _span(cell.get("rowspan"))
            below |= {len(cells) + c: height - 1 for c in range(width) if height > 1}
            cells += [_cell_text(cell), *[""] * (width - 1)]
            budget.check_table(number, len(cells))
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            n_cells += len(cells)
            budget.check_cells(n_cells)
            rows.append((number, cells))
    return rows


def _own_rows(table: Any) -> Iterator[Any]:
    """Yield a table's rows, not those of tables within its cells."""
    for part in table:
        if part.tag == "tr":
            yield part
        elif part.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in part if row.tag == "tr")


def _span(value: str | None) -> int:
    text = (value or "").strip()
    return min(max(int(text), 1), _SPANS) if text.isdecimal() and len(text) < 6 else 1


def _cell_text(cell: Any) -> str:
    """Return a cell's text; of a cell with only a picture its address."""
    text = " ".join(cell.text_content().split())
    picture = next(iter(cell.iter("img")), None) if not text else None
    return text if picture is None else str(picture.get("src") or "")
