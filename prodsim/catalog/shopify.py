"""Shopify's JSON, of all its interfaces, under the column names of its CSV."""

from collections.abc import Sequence
from typing import Any

from prodsim.catalog.flattening import flat_row
from prodsim.catalog.nested_money import minor_units, money_of
from prodsim.catalog.nested_pairs import pairs_of
from prodsim.catalog.nested_values import Record, Row, address_of, cell_text, items_of, name_of

_SHOPIFY = {
    "handle": "Handle", "title": "Title", "body_html": "Body (HTML)", "descriptionHtml": "Body (HTML)",
    "description": "Body (HTML)", "vendor": "Vendor", "product_type": "Type", "productType": "Type", "type": "Type",
    "tags": "Tags", "status": "Status", "id": "ID", "onlineStoreUrl": "URL", "url": "URL",
}  # fmt: skip
_SHOPIFY_VARIANT = {
    "sku": "Variant SKU", "price": "Variant Price", "compare_at_price": "Variant Compare At Price",
    "compareAtPrice": "Variant Compare At Price", "barcode": "Variant Barcode",
    "inventory_quantity": "Variant Inventory Qty", "inventoryQuantity": "Variant Inventory Qty",
    "quantityAvailable": "Variant Inventory Qty", "grams": "Variant Grams", "weight": "Variant Weight",
    "weight_unit": "Variant Weight Unit", "id": "Variant ID", "available": "Available",
    "availableForSale": "Available", "requires_shipping": "Variant Requires Shipping", "taxable": "Variant Taxable",
}  # fmt: skip


def is_shopify(item: Record) -> bool:
    """Return whether an object is a product of one of Shopify's interfaces, by its handle, variants and vendor."""
    return "handle" in item and "title" in item and "variants" in item and ("vendor" in item or "options" in item)


def shopify_rows(item: Record) -> list[Row]:
    """Return a row for each variant, the product's values in each."""
    variants = items_of(item["variants"]) or [{}]
    images = items_of(item.get("images")) or items_of(item.get("media")) or items_of(item.get("featuredImage"))
    product: Row = {name: item[key] for key, name in _SHOPIFY.items() if item.get(key) not in (None, "")}
    product["Tags"] = ", ".join(map(cell_text, tags)) if isinstance(tags := item.get("tags"), list) else tags
    product["Image Src"] = ", ".join(filter(None, (_https(address_of(image)) for image in images)))
    known = {*_SHOPIFY, "variants", "images", "media", "image", "options", "featured_image", "featuredImage"}
    product |= flat_row({key: value for key, value in item.items() if key not in known})
    in_cents = "price_varies" in item or "price_min" in item  # as /products/NAME.js writes prices
    names = _option_names(item.get("options"))
    by_id = {cell_text(image.get("id")): address_of(image) for image in images if isinstance(image, dict)}
    return [product | _shopify_variant(variant, names, by_id, in_cents) for variant in variants]


def _shopify_variant(variant: Record, names: Sequence[str], images: dict[str, str], in_cents: bool) -> Row:
    row: Row = {}
    for number, (name, value) in enumerate(_shopify_options(variant, names), start=1):
        row[f"Option{number} Name"], row[f"Option{number} Value"] = name, value
    for key, name in _SHOPIFY_VARIANT.items():
        value = variant.get(key)
        if key not in variant or (name in row and value in (None, "")):
            continue
        if "Price" in name and isinstance(value, dict):
            value, code = money_of(value, "price") or (cell_text(value), "")
            row["currency"] = code
        elif "Price" in name and in_cents and isinstance(value, int):
            value = minor_units(value, 2)
        row[name] = value
    image = variant.get("image") or variant.get("featured_image")
    row["Variant Image"] = _https(address_of(image) or images.get(cell_text(variant.get("image_id") or "-"), ""))
    known = {
        *_SHOPIFY_VARIANT, "title", "option1", "option2", "option3", "options", "selectedOptions", "image",
        "image_id", "featured_image", "position", "product_id", "public_title", "name",
    }  # fmt: skip
    return row | {f"Variant {k}": v for k, v in flat_row({k: v for k, v in variant.items() if k not in known}).items()}


def _shopify_options(variant: Record, names: Sequence[str]) -> list[tuple[str, Any]]:
    """Return names and values of a variant's options; of a variant without, its title, unless it is the only one."""
    if chosen := pairs_of(items_of(variant.get("selectedOptions"))):
        options = chosen
    else:
        values = [variant.get(f"option{number}") for number in (1, 2, 3)]
        own = variant.get("options")
        values = own if isinstance(own, list) and not any(values) else values
        padded = [*names, *("Option", "Option 2", "Option 3")[len(names) :]]
        options = [(name, value) for name, value in zip(padded, values, strict=False) if value not in (None, "")]
    if not options and variant.get("title"):
        options = [("Option", variant["title"])]
    return [(name, value) for name, value in options if value != "Default Title"]


def _option_names(options: Any) -> list[str]:
    return [name_of(option) for option in items_of(options, True)]


def _https(address: str) -> str:
    return f"https:{address}" if address.startswith("//") else address
