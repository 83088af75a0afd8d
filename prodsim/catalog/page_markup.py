"""Products that web pages mark up: in JSON-LD, microdata, RDFa, or for social networks."""

import json
import re
from collections.abc import Iterator
from typing import Any

from prodsim.catalog.facts import BadLine
from prodsim.catalog.nested_values import Record, plain_text
from prodsim.catalog.schema_org import schema_products
from prodsim.catalog.xml_pieces import local_name
from prodsim.phrases import phrase

_HOME = re.compile(r"(?:https?:)?//[^/]+/?|/")
"""The address of a home page."""


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


def linked_data(page: Any) -> tuple[list[Record], list[BadLine], list[str]]:
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


def microdata(page: Any) -> list[Record]:
    """Return the products in a page's microdata."""
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


def rdfa(page: Any) -> list[Record]:
    """Return the products in a page's RDFa."""
    tops = [e for e in page.iter() if isinstance(e.tag, str) and e.get("typeof") and "property" not in e.attrib]
    return list(_products(_rdfa_item(element, 0) for element in tops))


def _rdfa_item(element: Any, depth: int) -> Record:
    item: Record = {"@type": [local_name(kind.rsplit("/", 1)[-1]) for kind in element.get("typeof").split()]}
    for child in _own_properties(element, "property", "typeof"):
        value = _rdfa_item(child, depth + 1) if child.get("typeof") and depth < 20 else _property_value(child)
        for name in child.get("property").split():
            _add(item, local_name(name.rsplit("/", 1)[-1]), value)
    return item


def open_graph(page: Any) -> Record:
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
