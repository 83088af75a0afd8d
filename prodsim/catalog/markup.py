"""XML, feeds and web pages as tables of text."""

import re
from dataclasses import dataclass, field, replace

from prodsim.catalog.budget import FileBudget
from prodsim.catalog.commerceml import joined_offers, note_prices
from prodsim.catalog.exchange import EXCHANGE, read_wordpress
from prodsim.catalog.facts import RepairedLine
from prodsim.catalog.feeds import FEEDS, Context, XmlFormat, collect_categories, read_merchant, read_plain
from prodsim.catalog.nested import NestedTable, from_items
from prodsim.catalog.nested_values import Record, cell_text
from prodsim.catalog.saved_pages import is_saved_page, page_of
from prodsim.catalog.spreadsheet_xml import read_spreadsheet_xml
from prodsim.catalog.web_pages import is_web_page, read_web_page
from prodsim.catalog.xml_elements import Elements, find_product_tag, read_elements, root_name, xml_text
from prodsim.catalog.xml_pieces import GOOGLE
from prodsim.errors import CatalogError
from prodsim.phrases import Plural, phrase

_MARKS = ("id", "price", "image_link", "sku", "gtin", "availability")

OTHER_POSTS = Plural(
    "{n:,} entry of the export is no product, but a page, a picture or the like, and is left out.",
    "{n:,} entries of the export are no products, but pages, pictures and the like, and are left out.",
)
JOINED_OFFERS = Plural(
    "{n:,} product is read as its offers, with its values where they have none.",
    "{n:,} products are read as their offers, with their values where these have none.",
)
DELETED = Plural(
    "{n:,} item of the index is marked as deleted and is left out.",
    "{n:,} items of the index are marked as deleted and are left out.",
)


@dataclass(slots=True)
class MarkupTable:
    """What an XML file or a web page holds.

    Attributes:
        kind: ``xml`` or ``html``.
        encoding: the encoding that it was read in.
        table: its rows.
        repaired: products that are kept after a repair.
    """

    kind: str
    encoding: str
    table: NestedTable
    repaired: list[RepairedLine] = field(default_factory=list)


def read_markup(data: bytes, encoding: str | None, name: str, budget: FileBudget) -> MarkupTable:
    """Read the products of an XML file, or of a saved web page.

    Raises:
        CatalogError: neither, damaged beyond reading, with entities of its own, without products, or over its budget.
    """
    if is_saved_page(data):
        page, declared = page_of(data)
        table, used = read_web_page(page, encoding or declared, name, budget)
        return MarkupTable("html", used, table)
    if is_web_page(data):
        table, used = read_web_page(data, encoding, name, budget)
        return MarkupTable("html", used, table)
    text = xml_text(data, encoding, name)
    root = root_name(text.data)
    if root == "Workbook":
        return MarkupTable("xml", text.encoding, read_spreadsheet_xml(text.data, name, budget))
    kind, notes = _format(text.data, root, name)
    context: Context = {}
    elements = read_elements(text.data, kind.products, kind.others, lambda element: kind.collect(element, context))
    if not elements.records:
        raise _no_products(elements, root, name)
    records = [(line, kind.read(record, context)) for line, record in elements.records]
    records, further = _cleaned(records, kind, context)
    table = from_items(records, budget)
    notes = [*text.notes, *elements.notes, *notes, *further, *table.notes]
    if kind.label in ("RSS", "Atom") and not any(mark in table.frame for mark in _MARKS):
        notes.append(
            phrase("The entries of this feed have neither a number nor a price; it may not be a feed of products.")
        )
    bad = sorted([*elements.bad, *table.bad], key=lambda b: b.line)
    return MarkupTable("xml", text.encoding, NestedTable(table.frame, table.lines, bad, notes), elements.repaired)


def _no_products(elements: Elements, root: str, name: str) -> CatalogError:
    if elements.bad:
        bad = elements.bad[0]
        return CatalogError(
            phrase("{name} is damaged XML; line {line} is {reason}.", name=name, line=bad.line, reason=bad.reason),
            phrase("Export it again."),
        )
    return CatalogError(
        phrase("{name} is XML without products: it begins with <{root}>.", name=name, root=root),
        phrase("Export a product feed, such as the one for Google Merchant, or save the catalog as CSV."),
    )


def _format(data: bytes, root: str, name: str) -> tuple[XmlFormat, list[str]]:
    """Return how to read a file: by its outermost element, else by the element that looks like a product."""
    known = EXCHANGE.get(root.casefold()) or FEEDS.get(root.casefold())
    tags = _tags_in(data, known.products) if known is not None else frozenset[str]()
    if known is not None and tags:
        known = replace(known, products=tags)
        if known.label == "RSS" and b"wordpress.org/export" in data[:5000]:
            return XmlFormat("WordPress", known.products, read_wordpress), []
        return known, []
    tag = find_product_tag(data)
    if not tag:
        raise CatalogError(
            phrase("{name} is XML without products: no element in <{root}> repeats.", name=name, root=root),
            phrase("Export a product feed, such as the one for Google Merchant, or save the catalog as CSV."),
        )
    if GOOGLE.encode() in data[:5000]:
        return XmlFormat("Google Merchant", frozenset({tag}), read_merchant), []
    others = frozenset({"category"} - {tag})
    note = phrase("The format of this XML is not known; each <{tag}> is read as a product.", tag=tag)
    return XmlFormat("", frozenset({tag}), read_plain, others, collect_categories), [note]


def _tags_in(data: bytes, tags: frozenset[str]) -> frozenset[str]:
    """Return the names of elements that a file has, of these in capitals or not."""
    names = "|".join(map(re.escape, sorted(tags)))
    matches = re.finditer(rf"<(?:[\w.-]+:)?({names})(?=[\s>/])".encode(), data, re.IGNORECASE)
    return frozenset(match[1].decode() for match in matches)


def _cleaned(
    records: list[tuple[int, Record]], kind: XmlFormat, context: Context
) -> tuple[list[tuple[int, Record]], list[str]]:
    """Leave out what is no product by its format's own words, and join what belongs together; with notes on both."""
    if kind.label == "WordPress":
        products = [(n, r) for n, r in records if r.get("post type") in ("product", "product_variation")]
        if products:
            for _, product in products:
                picture = context.get("pictures", {}).get(cell_text(product.pop("picture number", "")), "")
                product |= {"image_link": picture} if picture else {}
            return products, [OTHER_POSTS(len(records) - len(products))] if len(products) < len(records) else []
    if kind.label == "CommerceML":
        joined, n = joined_offers(records)
        return joined, [*([JOINED_OFFERS(n)] if n else []), *note_prices(context)]
    if kind.label == "cXML":
        return records, [DELETED(context["deleted"])] if "deleted" in context else []
    return records, []
