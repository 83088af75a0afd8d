"""The JSON of known shop systems under the column names of the same systems' CSV."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from prodsim.catalog.flattening import (
    Record,
    Row,
    address_of,
    cell_text,
    connection,
    flat_row,
    is_flat,
    is_localised,
    minor_units,
    money_of,
    node_of,
    pairs_of,
    plain_text,
)
from prodsim.catalog.schema_org import is_schema_product, schema_rows
from prodsim.catalog.variants import GROUP, over, variant_rows

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
_WOO = {
    "id": "ID", "type": "Type", "sku": "SKU", "name": "Name", "short_description": "Short description",
    "description": "Description", "sale_price": "Sale price", "regular_price": "Regular price", "price": "Price",
    "permalink": "Permalink", "slug": "Slug", "global_unique_id": "GTIN, UPC, EAN, or ISBN",
    "stock_quantity": "Stock", "stock_status": "Stock status", "featured": "Is featured?", "status": "Status",
}  # fmt: skip


_MARKS = frozenset({"@type", "permalink"})
"""Names by which a product without anything within is still known to be of a system."""


def product_rows(item: Record) -> list[Row]:
    """Return a product's rows: one for each variant, the columns named as the CSV of its shop system names them."""
    if is_flat(item) and item.keys().isdisjoint(_MARKS):
        return [item]
    for is_of, rows in _PLATFORMS:
        if is_of(item):
            return rows(item)
    return variant_rows(item)


def _is_shopify(item: Record) -> bool:
    return "handle" in item and "title" in item and "variants" in item and ("vendor" in item or "options" in item)


def _shopify_rows(item: Record) -> list[Row]:
    variants = _items(item["variants"]) or [{}]
    images = _items(item.get("images")) or _items(item.get("media")) or _items(item.get("featuredImage"))
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
    if chosen := pairs_of(_items(variant.get("selectedOptions"))):
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
    return [_name(option) for option in _items(options, True)]


def _name(option: Any) -> str:
    return plain_text(option.get("name") or option.get("title")) if isinstance(option, dict) else cell_text(option)


def _https(address: str) -> str:
    return f"https:{address}" if address.startswith("//") else address


def _is_woo(item: Record) -> bool:
    return "permalink" in item and "name" in item and ("regular_price" in item or isinstance(item.get("prices"), dict))


def _woo_rows(item: Record) -> list[Row]:
    """Return a product of the WooCommerce interface; its variations, where they are whole, instead of itself."""
    parent = _woo_row(item)
    variations = [v for v in _items(item.get("variations")) if v.get("sku") or v.get("price") or v.get("regular_price")]
    if not variations:
        if item.get("parent_id"):
            parent["Parent"] = f"id:{item['parent_id']}"
        return [parent]
    shared = {name: value for name, value in parent.items() if name not in ("ID", "SKU", "GTIN, UPC, EAN, or ISBN")}
    shared["Parent"] = parent.get("SKU") or f"id:{parent.get('ID')}"
    rows = []
    for variation in variations:
        row = _woo_row(variation)
        row.pop("Name", None)
        rows.append(over(shared, row | {"Type": "variation"}))
    return rows


def _woo_row(item: Record) -> Row:
    item = _with_store_prices(item)
    row: Row = {name: item[key] for key, name in _WOO.items() if key in item}
    if item.get("in_stock") is not None or item.get("is_in_stock") is not None:
        row["In stock?"] = bool(item.get("in_stock", item.get("is_in_stock")))
    for key, name in (("categories", "Categories"), ("tags", "Tags"), ("brands", "Brands")):
        if isinstance(item.get(key), list):
            row[name] = ", ".join(filter(None, (_name(entry) for entry in item[key])))
    images = _items(item.get("images")) or _items(item.get("image"))
    if images:
        row["Images"] = ", ".join(filter(None, map(address_of, images)))
    for number, attribute in enumerate(_items(item.get("attributes")), start=1):
        values = attribute.get("option", attribute.get("options", attribute.get("terms", attribute.get("value", ""))))
        names = [_name(value) for value in values] if isinstance(values, list) else [cell_text(values)]
        row[f"Attribute {number} name"] = plain_text(attribute.get("name"))
        row[f"Attribute {number} value(s)"] = ", ".join(names)
    known = {
        *_WOO, "categories", "tags", "brands", "images", "image", "attributes", "variations", "in_stock",
        "is_in_stock", "_links", "related_ids", "price_html", "prices", "parent_id",
    }  # fmt: skip
    return row | flat_row({key: value for key, value in item.items() if key not in known})


def _with_store_prices(item: Record) -> Record:
    """Return a product of the store interface with its prices, counted in cents, as the other one writes them."""
    prices = item.get("prices")
    if not isinstance(prices, dict):
        return item
    digits = prices.get("currency_minor_unit", 2)
    names = [name for name in ("price", "regular_price", "sale_price") if prices.get(name) not in (None, "")]
    return {
        **item,
        **{name: minor_units(prices[name], digits) for name in names},
        "currency": prices.get("currency_code", ""),
    }


def _is_magento(item: Record) -> bool:
    return "sku" in item and ("custom_attributes" in item or "extension_attributes" in item)


def _magento_rows(item: Record) -> list[Row]:
    attributes = {str(k): v for k, v in pairs_of(_items(item.get("custom_attributes"))) or []}
    extension = item.get("extension_attributes")
    extension = extension if isinstance(extension, dict) else {}
    stock = extension.get("stock_item")
    row: Row = {key: value for key, value in item.items() if not isinstance(value, dict | list)}
    row |= flat_row({key: value for key, value in attributes.items() if key not in row})
    row["product_type"] = row.pop("type_id", "")
    if isinstance(stock, dict):
        row["qty"], row["is_in_stock"] = stock.get("qty", ""), stock.get("is_in_stock", "")
    pictures = [address_of(entry) for entry in _items(item.get("media_gallery_entries"))]
    if pictures and not row.get("image"):
        row["image"] = ", ".join(filter(None, pictures))
    known = {"custom_attributes", "extension_attributes", "media_gallery_entries", "type_id", *row}
    row |= flat_row({key: value for key, value in item.items() if key not in known})
    links = extension.get("configurable_product_links")
    return [row | {"configurable_product_links": ", ".join(map(cell_text, links))} if isinstance(links, list) else row]


def join_magento_children(rows: list[tuple[int, Row]]) -> tuple[list[tuple[int, Row]], int]:
    """Give the simple products of configurable ones what they leave empty, with the SKU of the group.

    Returns:
        The rows without the configurable products that have one in the file, and how many these are.
    """
    by_id = {cell_text(row.get("id")): row for _, row in rows if row.get("product_type")}
    joined: dict[str, Row] = {}
    parents: set[int] = set()
    for _, row in rows:
        links = cell_text(row.get("configurable_product_links")) if row.get("product_type") == "configurable" else ""
        children = [child for child in links.split(", ") if child and child in by_id]
        for child in children:
            kept = {
                k: v
                for k, v in row.items()
                if k not in ("id", "sku", "product_type", "configurable_product_links", "price")
            }
            # a child is named "Jacket-S-Red", and is not visible by itself
            joined[child] = over(kept, by_id[child]) | {"name": row.get("name"), GROUP: row.get("sku")}
        if children:
            parents.add(id(row))
    kept_rows = [(n, joined.get(cell_text(row.get("id")), row)) for n, row in rows if id(row) not in parents]
    return kept_rows, len(parents)


def _is_medusa(item: Record) -> bool:
    variants = item.get("variants")
    return (
        "handle" in item and isinstance(variants, list) and any(isinstance(v, dict) and "prices" in v for v in variants)
    )


def _medusa_rows(item: Record) -> list[Row]:
    """Return the variants of a Medusa product under the names of its CSV; its first version counts prices in cents."""
    names = {cell_text(option.get("id")): _name(option) for option in _items(item.get("options"))}
    plain = {key: value for key, value in item.items() if key not in ("variants", "options", "id", "handle", "title")}
    product = {"Product Handle": item.get("handle"), "Product Title": item.get("title"), "Product Id": item.get("id")}
    rows = []
    for variant in _items(item["variants"]):
        row: Row = {
            "Variant Id": variant.get("id"),
            "Variant SKU": variant.get("sku"),
            "Variant Barcode": variant.get("barcode"),
        }
        row["Variant Inventory Quantity"] = variant.get("inventory_quantity")
        for number, (name, value) in enumerate(_medusa_options(variant, names), start=1):
            row[f"Option{number} Name"], row[f"Option{number} Value"] = name, value
        row |= _medusa_prices(_items(variant.get("prices")))
        rows.append({**product, **row, **flat_row(plain)})
    return rows


def _medusa_options(variant: Record, names: dict[str, str]) -> list[tuple[str, Any]]:
    options = _items(variant.get("options"))
    if not options and isinstance(variant.get("options"), dict):
        return list(variant["options"].items())
    return [
        (
            _name(option.get("option") or {}) or names.get(cell_text(option.get("option_id")), "Option"),
            option.get("value"),
        )
        for option in options
    ]


def _medusa_prices(prices: list[Record]) -> Row:
    row: Row = {}
    for price in prices:
        code, amount = cell_text(price.get("currency_code")).upper(), price.get("amount")
        if cell_text(price.get("id")).startswith("ma_") or "region_id" in price:
            amount = minor_units(amount, 0 if code in ("JPY", "KRW", "VND", "CLP") else 2)
        row.setdefault(f"Price {code}", amount)
    if not row:
        return row
    first = next(iter(row))
    return {"Variant Price": row[first], "currency": first.removeprefix("Price "), **row}


def _is_commercetools(item: Record) -> bool:
    return "masterVariant" in item or isinstance(item.get("masterData"), dict)


def _commercetools_rows(item: Record) -> list[Row]:
    data = item.get("masterData")
    if isinstance(data, dict):
        current = data.get("current") or data.get("staged")
        item = {
            **{k: v for k, v in item.items() if k != "masterData"},
            **(current if isinstance(current, dict) else {}),
        }
    variants = (
        [item["masterVariant"], *_items(item.get("variants"))] if isinstance(item.get("masterVariant"), dict) else []
    )
    rest = {k: v for k, v in item.items() if k not in ("masterVariant", "variants")}
    return variant_rows({**rest, "variants": variants})


def _is_akeneo(item: Record) -> bool:
    values = item.get("values")
    return isinstance(values, dict) and ("identifier" in item or "family" in item or "uuid" in item or "code" in item)


def _akeneo_rows(item: Record) -> list[Row]:
    """Return an Akeneo product under the names of its CSV: attribute, locale and channel joined by hyphens."""
    row: Row = {"sku": item.get("identifier") or item.get("code") or ""}
    for key in ("uuid", "family", "parent", "enabled"):
        if item.get(key) not in (None, ""):
            row[key] = item[key]
    for key in ("categories", "groups"):
        if isinstance(item.get(key), list):
            row[key] = ",".join(map(cell_text, item[key]))
    for attribute, values in item["values"].items():
        for value in _items(values):
            _put_akeneo(row, str(attribute), value)
    return [row]


def _put_akeneo(row: Row, attribute: str, value: Record) -> None:
    name = "-".join([attribute, *(str(value[key]) for key in ("locale", "scope") if value.get(key))])
    data = value.get("data")
    if isinstance(data, list) and data and all(isinstance(price, dict) and "amount" in price for price in data):
        for price in data:
            row[f"{name}-{price.get('currency')}"] = price["amount"]
    elif isinstance(data, dict) and "amount" in data:
        row[name], row[f"{name}-unit"] = data["amount"], data.get("unit", "")
    elif name == "sku" and row.get("sku"):
        row[name] = data or row["sku"]
    else:
        row[name] = ",".join(map(cell_text, data)) if isinstance(data, list) else data


def _is_saleor(item: Record) -> bool:
    return "variants" in item and "name" in item and any(key in item for key in ("pricing", "productType", "thumbnail"))


def _saleor_rows(item: Record) -> list[Row]:
    """Return the variants of a Saleor product, with the price that is paid and the text of its rich description."""
    product = {
        k: v for k, v in item.items() if k not in ("pricing", "variants", "media" if item.get("thumbnail") else "")
    }
    product["description"] = _rich_text(item.get("description"))
    variants = [
        {**{k: v for k, v in variant.items() if k != "pricing"}, **_saleor_price(variant.get("pricing"))}
        for variant in _items(item["variants"])
    ]
    return variant_rows({**product, **_saleor_price(item.get("pricing")), "variants": variants})


def _saleor_price(pricing: Any) -> Record:
    if not isinstance(pricing, dict):
        return {}
    price = pricing.get("price")
    if not isinstance(price, dict) and isinstance(ranged := pricing.get("priceRange"), dict):
        price = ranged.get("start")
    return {"price": price} if isinstance(price, dict) else {}


def _rich_text(text: Any) -> Any:
    """Return the text of what EditorJS writes as JSON; anything else as it is."""
    try:
        blocks = json.loads(text)["blocks"] if isinstance(text, str) and text.startswith("{") else None
        return "\n".join(block["data"]["text"] for block in blocks if "text" in block["data"]) if blocks else text
    except (ValueError, TypeError, KeyError, RecursionError):
        return text


def _is_vtex(item: Record) -> bool:
    return "productName" in item and isinstance(item.get("items"), list)


def _vtex_rows(item: Record) -> list[Row]:
    """Return the SKUs of a VTEX product with the offer of its first seller."""
    rest = {key: value for key, value in item.items() if key != "items"}
    skus = [{**sku, **_vtex_offer(sku)} for sku in _items(item["items"])]
    skus = [{k: v for k, v in sku.items() if k != "sellers" or len(_items(v)) > 1} for sku in skus]
    return variant_rows({**rest, "variants": skus})


def _vtex_offer(sku: Record) -> Record:
    sellers = _items(sku.get("sellers"))
    offer = sellers[0].get("commertialOffer") if sellers else None
    if not isinstance(offer, dict):
        return {}
    names = {"Price": "price", "ListPrice": "list price", "AvailableQuantity": "stock"}
    return {name: offer[key] for key, name in names.items() if key in offer}


def _is_square(item: Record) -> bool:
    return isinstance(item.get("item_data"), dict)


def _square_rows(item: Record) -> list[Row]:
    """Return the variations of a Square item, whose prices are counted in cents."""
    data = item["item_data"]
    rest = {key: value for key, value in item.items() if key not in ("item_data", "type")}
    variants = []
    for variation in _items(data.get("variations")):
        own = variation.get("item_variation_data")
        own = own if isinstance(own, dict) else {}
        money = own.get("price_money")
        price: Record = {}
        if isinstance(money, dict):
            price = {"price": minor_units(money.get("amount"), 2), "currency": money.get("currency", "")}
        variants.append({"id": variation.get("id"), **{k: v for k, v in own.items() if k != "price_money"}, **price})
    return variant_rows({**rest, **{k: v for k, v in data.items() if k != "variations"}, "variants": variants})


def _items(value: Any, names_too: bool = False) -> list[Any]:
    """Return the objects of a list or a GraphQL connection, or a single object as a list of one."""
    if isinstance(value, dict):
        inner = connection(value)
        value = [value] if inner is None and value and not is_localised(value) else inner or []
    if not isinstance(value, list):
        return []
    nodes = [node_of(item) for item in value]
    return [node for node in nodes if isinstance(node, dict) or (names_too and isinstance(node, str))]


_PLATFORMS: tuple[tuple[Callable[[Record], bool], Callable[[Record], list[Row]]], ...] = (
    (_is_medusa, _medusa_rows),
    (_is_shopify, _shopify_rows),
    (_is_woo, _woo_rows),
    (_is_magento, _magento_rows),
    (_is_commercetools, _commercetools_rows),
    (_is_akeneo, _akeneo_rows),
    (_is_saleor, _saleor_rows),
    (_is_vtex, _vtex_rows),
    (_is_square, _square_rows),
    (is_schema_product, schema_rows),
)
"""How each shop system's product is known, and read; the more particular first."""
