"""Saved web pages: the products that they mark up for search engines, or the table that they show."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import etree, html

from prodsim.catalog.budget import FileBudget
from prodsim.catalog.encodings import decode
from prodsim.catalog.facts import BadLine
from prodsim.catalog.nested import NestedTable, from_items
from prodsim.catalog.nested_values import Record, plain_text
from prodsim.catalog.schema_org import schema_products
from prodsim.catalog.spreadsheet_xml import table_of_rows
from prodsim.catalog.tabular import NumberedRows, alike_tables
from prodsim.catalog.xml_elements import head_of
from prodsim.catalog.xml_pieces import local_name
from prodsim.errors import CatalogError
from prodsim.phrases import SENTENCE_AFTER_SENTENCE, Plural, joined, phrase

_TAGS = frozenset({
    "html", "head", "body", "table", "div", "meta", "script", "style", "center", "font", "p", "title", "tbody",
    "thead", "tr", "h1", "h2", "br", "form", "span", "article", "main", "section", "link", "base", "ul",
})  # fmt: skip
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE\s+html", re.IGNORECASE)
_HOME = re.compile(r"(?:https?:)?//[^/]+/?|/")
"""The address of a home page."""
_SPANS = 1000
"""Columns or rows that one cell may cover; HTML's standard has 1,000 columns and 65,534 rows."""

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
    text, used, bad = _text(data, encoding, name)
    try:
        page = html.document_fromstring(_without_declaration(text), parser=html.HTMLParser(no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise _nothing(name, bad) from error
    items, broken, path = _linked_data(page)
    bad = sorted([*bad, *broken], key=lambda b: b.line)
    items = items or _microdata(page) or _rdfa(page)
    if len(items) == 1:
        items = [_with_page(items[0], page, path)]
    if items:
        table = from_items(enumerate(items, 1), budget)
        return replace(table, bad=[*table.bad, *bad]), used
    if tables := _tables(page, budget):
        return replace(_largest(tables, budget), bad=bad), used
    if product := _open_graph(page):
        note = phrase("Only the page's description for social networks names a product.")
        table = from_items([(1, product)], budget)
        return replace(table, bad=bad, notes=[note]), used
    raise _nothing(name, bad)


def _nothing(name: str, bad: list[BadLine]) -> CatalogError:
    """Return the error for a page without products, with the first line of it that could not be read."""
    what = phrase(
        "{name} is a web page without products: it was searched for schema.org products (JSON-LD, microdata, "
        "RDFa), a table and Open Graph tags.",
        name=name,
    )
    left_out = [phrase("Line {line} is left out: {reason}.", line=b.line, reason=b.reason) for b in bad[:1]]
    fix = phrase("Export the catalog from the shop as CSV, XLSX, JSON or a product feed.")
    return CatalogError(joined([what, *left_out], SENTENCE_AFTER_SENTENCE), fix)


def _text(data: bytes, encoding: str | None, name: str) -> tuple[str, str, list[BadLine]]:
    """Return a page's text, its encoding and the lines that do not fit it.

    It is the encoding given, else UTF-8 or the declared one, the first that fits, else one judged by the bytes.
    """
    match = _CHARSET.search(data[:20_000])
    declared = match[1].decode().casefold() if match else None
    candidates = [encoding] if encoding else [*(["utf-8"] if not data.isascii() else []), declared]
    for candidate in candidates:
        try:
            return (data.decode(candidate), candidate, []) if candidate else decode(data, None, name)
        except (LookupError, UnicodeError):
            continue
    return decode(data, encoding, name)


def _without_declaration(text: str) -> str:
    """Return a page without what lxml refuses in a text: an XML declaration, zero characters."""
    return re.sub(r"^\s*<\?xml.*?\?>", "", text.lstrip("\ufeff").replace("\0", ""), count=1, flags=re.DOTALL) or " "


def _with_page(product: Record, page: Any, path: list[str]) -> Record:
    """Give the only product of a page the page's address, and the category that its breadcrumbs name."""
    links = (link for link in page.iter("link") if "canonical" in (link.get("rel") or "").casefold())
    address = next((str(link.get("href")) for link in links if link.get("href")), "")
    names = [name for name in path if name.casefold() != plain_text(product.get("name")).casefold()]
    page_says = {"url": address, "category": " > ".join(names)}
    return {**product, **{key: value for key, value in page_says.items() if value and not product.get(key)}}


def _breadcrumbs(whole: Any) -> list[str]:
    """Return the names of a list of breadcrumbs in JSON-LD but for the home page's; ``[]`` where there is none."""
    nodes = whole.get("@graph", [whole]) if isinstance(whole, dict) else whole
    for node in nodes if isinstance(nodes, list) else []:
        if isinstance(node, dict) and node.get("@type") == "BreadcrumbList":
            crumbs = node.get("itemListElement")
            items = [_crumb(crumb) for crumb in crumbs if isinstance(crumb, dict)] if isinstance(crumbs, list) else []
            names = [name for name, address in items if name and not _HOME.fullmatch(address)]
            return names if len(items) > 1 else []
    return []


def _crumb(crumb: Record) -> tuple[str, str]:
    """Return the name and the address of a breadcrumb."""
    inner = crumb.get("item")
    inner = inner if isinstance(inner, dict) else {"@id": inner}
    return plain_text(crumb.get("name") or inner.get("name")), plain_text(inner.get("@id") or inner.get("url"))


def _linked_data(page: Any) -> tuple[list[Record], list[BadLine], list[str]]:
    """Return the products in a page's JSON-LD, what of it is broken, and the names of its breadcrumbs."""
    products: list[Record] = []
    bad: list[BadLine] = []
    path: list[str] = []
    for script in page.iter("script"):
        if "ld+json" not in (script.get("type") or "").casefold():
            continue
        text = re.sub(
            r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$", "", script.text_content()
        )
        try:
            whole = json.loads(text.strip().rstrip(";"), strict=False)
            products += schema_products(whole)
            path = path or _breadcrumbs(whole)
        except (ValueError, RecursionError) as error:
            if re.search(r"\bProduct", text):
                bad.append(
                    BadLine(script.sourceline or 1, phrase("not valid JSON: {reason}", reason=error), text.strip()[:80])
                )
    return products, bad, path


def _microdata(page: Any) -> list[Record]:
    tops = [e for e in page.iter() if isinstance(e.tag, str) and "itemscope" in e.attrib and "itemprop" not in e.attrib]
    return list(_products(_microdata_item(element, 0) for element in tops))


def _products(items: Iterator[Record]) -> Iterator[Record]:
    for item in items:
        yield from schema_products(item)


def _microdata_item(element: Any, depth: int) -> Record:
    item: Record = {"@type": (element.get("itemtype") or "").split()}
    for child in _own_properties(element, "itemprop", "itemscope"):
        value = (
            _microdata_item(child, depth + 1) if "itemscope" in child.attrib and depth < 20 else _property_value(child)
        )
        for name in child.get("itemprop").split():
            _add(item, name.rsplit("/", 1)[-1], value)
    return item


def _own_properties(element: Any, property_name: str, scope_name: str) -> Iterator[Any]:
    """Yield the elements that hold an item's properties, not those of items within it."""
    stack = list(reversed(list(element)))
    while stack:
        child = stack.pop()
        if not isinstance(child.tag, str):
            continue
        if property_name in child.attrib:
            yield child
        if scope_name not in child.attrib:
            stack.extend(reversed(list(child)))


def _property_value(element: Any) -> str:
    for name in ("content", "src", "href", "datetime", "value"):
        if element.get(name) and (
            name == "content" or element.tag in ("img", "a", "link", "time", "data", "meter", "source")
        ):
            return str(element.get(name))
    return " ".join(element.text_content().split())


def _add(item: Record, name: str, value: Any) -> None:
    if name in item:
        item[name] = [*item[name], value] if isinstance(item[name], list) else [item[name], value]
    else:
        item[name] = value


def _rdfa(page: Any) -> list[Record]:
    tops = [e for e in page.iter() if isinstance(e.tag, str) and e.get("typeof") and "property" not in e.attrib]
    return list(_products(_rdfa_item(element, 0) for element in tops))


def _rdfa_item(element: Any, depth: int) -> Record:
    item: Record = {"@type": [local_name(kind.rsplit("/", 1)[-1]) for kind in element.get("typeof").split()]}
    for child in _own_properties(element, "property", "typeof"):
        value = _rdfa_item(child, depth + 1) if child.get("typeof") and depth < 20 else _property_value(child)
        for name in child.get("property").split():
            _add(item, local_name(name.rsplit("/", 1)[-1]), value)
    return item


def _open_graph(page: Any) -> Record:
    """Return the product that Open Graph tags describe, under Google Merchant's names; ``{}`` if of none."""
    tags: dict[str, str] = {}
    for meta in page.iter("meta"):
        name, value = meta.get("property") or meta.get("name"), meta.get("content")
        if name and value:
            tags.setdefault(name.casefold(), value)
    is_product = "product" in tags.get("og:type", "") or any(name.startswith("product:price") for name in tags)
    if not is_product or not tags.get("og:title"):
        return {}
    names = {
        "product:retailer_item_id": "id", "og:title": "title", "og:description": "description", "og:url": "link",
        "og:image": "image_link", "product:price:amount": "price", "og:price:amount": "price",
        "product:price:currency": "currency", "og:price:currency": "currency", "product:brand": "brand",
        "og:brand": "brand", "product:availability": "availability", "og:availability": "availability",
        "product:category": "product_type", "product:item_group_id": "item_group_id", "product:ean": "gtin",
        "product:upc": "gtin", "product:isbn": "gtin", "product:mfr_part_no": "mpn", "product:color": "color",
        "product:size": "size", "product:material": "material", "product:condition": "condition",
    }  # fmt: skip
    product: Record = {}
    for name, column in names.items():
        if name in tags:
            product.setdefault(column, tags[name])
    return product


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
