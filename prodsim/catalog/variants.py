"""Products with variants as one row for each variant that is sold."""

import re
from typing import Any

from prodsim.catalog.flattening import flat_row
from prodsim.catalog.nested_values import Record, Row, connection, field_of, node_of, plain_text

VARIANT_KEYS = (
    "variants", "variations", "product_variants", "productvariants", "variant", "variation", "skus", "skulist",
    "sku_list", "combinations", "children", "childproducts", "child_products", "simples", "configurations",
    "hasvariant", "items", "articles", "models", "offers", "offer",
)  # fmt: skip
"""Names of the list of a product's variants, the surest first."""
GROUP = "item_group_id"
_CODES = frozenset({"sku", "gtin", "mpn"})
_TITLES = frozenset({"title", "name", "displayname", "display_name", "variant_title", "productname", "product_name"})
_HANDLES = ("handle", "slug", "url_key", "urlkey", "seo_id")
_OPTIONS = frozenset({
    "option", "option1", "options", "size", "color", "colour", "attributes", "selectedoptions", "selected_options",
    "option_values", "optionvalues", "size_name", "color_name", "style",
})  # fmt: skip


def variant_rows(record: Record) -> list[Row]:
    """Return a row for each variant of a product, its own values over those of the product; of none, the product's.

    Numbers that name the product itself (SKU, GTIN, id) are not repeated in several variants: the column
    ``item_group_id`` holds what names it, other numbers follow as ``parent_sku`` and the like. A variant's own title
    becomes the column ``variant`` unless it begins with the product's.
    """
    key, variants = find_variants(record)
    if key is None:
        return [flat_row(record)]
    parent = flat_row({name: value for name, value in record.items() if name != key})
    rows = [flat_row(_without_title(variant, record)) for variant in variants]
    if len(rows) == 1:
        return [_single(parent, rows[0])]
    shared = _shared(parent)
    return [over(shared, row) for row in rows]


def find_variants(record: Record) -> tuple[str | None, list[Record]]:
    """Return the name of the list of a product's variants, and these; ``None`` where it has none."""
    keys = {str(key).casefold(): key for key in record}
    for name in VARIANT_KEYS:
        if name not in keys:
            continue
        items = _objects(record[keys[name]])
        if items and (len(items) == 1 or all(map(_is_variant, items))):
            return keys[name], items
        if items and name in ("offers", "offer"):
            return keys[name], [{**items[0], "further offers": items[1:]}]  # of several sellers, without a SKU each
    return None, []


def _objects(value: Any) -> list[Record]:
    """Return the objects of a list, a GraphQL connection, an object by SKU or a list in a wrapper; else none."""
    if isinstance(value, dict):
        inner = connection(value)
        if inner is None and len(value) == 1:
            inner = next(iter(value.values()))
            inner = [inner] if isinstance(inner, dict) else inner
        if inner is None and len(value) > 1 and all(isinstance(item, dict) for item in value.values()):
            inner = [{"sku": key, **item} for key, item in value.items()]
        value = [value] if inner is None else inner
    if not isinstance(value, list):
        return []
    nodes = [node_of(item) for item in value]
    return nodes if nodes and all(isinstance(node, dict) and node for node in nodes) else []


def _is_variant(item: Record) -> bool:
    """Return whether an object can be sold by itself: it has a number of its own, or an option with a price."""
    keys = {str(key).casefold().lstrip("@") for key in item}
    if any(field_of(key) in _CODES and plain_text(value) for key, value in item.items()):
        return True
    return bool(keys & _OPTIONS) and any(field_of(str(key)) == "price" for key in item)


def _without_title(variant: Record, product: Record) -> Record:
    """Return a variant with its title called ``variant``, unless it holds the product's, which it then completes."""
    title = next((plain_text(v).casefold() for k, v in product.items() if _is_title(k) and plain_text(v)), "")
    if not title:
        return variant
    renamed: Record = {}
    for key, value in variant.items():
        text = plain_text(value)
        if not _is_title(key) or text.casefold().startswith(title):
            renamed[key] = value
        elif text and text.casefold() not in ("default title", "default", "master"):
            renamed["variant"] = value
    return renamed


def _is_title(key: Any) -> bool:
    return str(key).casefold() in _TITLES


def _single(parent: Row, row: Row) -> Row:
    """Return the row of a product with one variant, which is the product: its numbers, where it has none of its own."""
    return over({name: value for name, value in parent.items() if name != "id" or "id" not in row}, row)


def _shared(parent: Row) -> Row:
    """Return what all variants have of their product: all but the numbers that name it, which name the group."""
    numbers = {name: value for name, value in parent.items() if _names_product(name) and not _is_empty(value)}
    shared = {name: value for name, value in parent.items() if name not in numbers}
    by_kind = sorted(numbers, key=lambda name: (field_of(name) != "sku", _is_id(name)))
    handle = next((name for name in shared if name.casefold() in _HANDLES and not _is_empty(shared[name])), None)
    group = next((name for name in by_kind if not _is_gtin(name)), None)
    if GROUP not in shared and (group or handle):
        shared[GROUP] = numbers.pop(group) if group else shared[str(handle)]
    return shared | {f"parent_{name}": value for name, value in numbers.items()}


def _names_product(name: str) -> bool:
    return name.casefold() not in _HANDLES and (field_of(name) in ("sku", "gtin") or _is_id(name))


def _is_gtin(name: str) -> bool:
    return field_of(name) == "gtin" and not _is_id(name)


def _is_id(name: str) -> bool:
    return re.fullmatch(r"_?id|@id|product_?id|item_?id|objectID|key|uuid", name, re.IGNORECASE) is not None


def over(parent: Row, row: Row) -> Row:
    """Return a row with its own values over those of its parent."""
    merged = dict(parent)
    for name, value in row.items():
        if name not in merged or not _is_empty(value):
            merged[name] = value
    return merged


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}
