"""The JSON of known shop systems under the column names of the same systems' CSV."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from prodsim.catalog.currencies import minor_digits
from prodsim.catalog.flattening import flat_row
from prodsim.catalog.magento import is_magento, magento_rows
from prodsim.catalog.nested_money import minor_units
from prodsim.catalog.nested_values import Record, Row, are_flat, cell_text, check_depth, is_flat, items_of, name_of
from prodsim.catalog.schema_org import is_schema_product, schema_rows
from prodsim.catalog.shopify import is_shopify, shopify_rows
from prodsim.catalog.variants import variant_rows
from prodsim.catalog.woocommerce import is_woocommerce, woocommerce_rows

_MARKS = frozenset({"@type", "permalink", "custom_attributes", "extension_attributes"})
"""Names by which a product without anything within is still known to be of a system."""


def are_plain(items: Sequence[Any]) -> bool:
    """Return whether each of the items is a product of one row, as it is."""
    return all(items) and are_flat(items) and all(map(_MARKS.isdisjoint, items))


def product_rows(item: Record) -> list[Row]:
    """Return a product's rows: one for each variant, the columns named as the CSV of its shop system names them.

    Raises:
        RecursionError: its lists and objects lie too deep within each other.
    """
    if is_flat(item) and item.keys().isdisjoint(_MARKS):
        return [item]
    check_depth(item)
    for is_of, rows in _PLATFORMS:
        if is_of(item):
            return rows(item)
    return variant_rows(item)


def _is_medusa(item: Record) -> bool:
    variants = item.get("variants")
    return (
        "handle" in item and isinstance(variants, list) and any(isinstance(v, dict) and "prices" in v for v in variants)
    )


def _medusa_rows(item: Record) -> list[Row]:
    """Return the variants of a Medusa product under the names of its CSV; its first version counts prices in cents."""
    names = {cell_text(option.get("id")): name_of(option) for option in items_of(item.get("options"))}
    plain = {key: value for key, value in item.items() if key not in ("variants", "options", "id", "handle", "title")}
    product = {"Product Handle": item.get("handle"), "Product Title": item.get("title"), "Product Id": item.get("id")}
    rows = []
    for variant in items_of(item["variants"]):
        row: Row = {
            "Variant Id": variant.get("id"),
            "Variant SKU": variant.get("sku"),
            "Variant Barcode": variant.get("barcode"),
        }
        row["Variant Inventory Quantity"] = variant.get("inventory_quantity")
        for number, (name, value) in enumerate(_medusa_options(variant, names), start=1):
            row[f"Option{number} Name"], row[f"Option{number} Value"] = name, value
        row |= _medusa_prices(items_of(variant.get("prices")))
        rows.append({**product, **row, **flat_row(plain)})
    return rows


def _medusa_options(variant: Record, names: dict[str, str]) -> list[tuple[str, Any]]:
    options = items_of(variant.get("options"))
    if not options and isinstance(variant.get("options"), dict):
        return list(variant["options"].items())
    return [
        (
            name_of(option.get("option") or {}) or names.get(cell_text(option.get("option_id")), "Option"),
            option.get("value"),
        )
        for option in options
    ]


def _medusa_prices(prices: list[Record]) -> Row:
    row: Row = {}
    for price in prices:
        code, amount = cell_text(price.get("currency_code")).upper(), price.get("amount")
        if cell_text(price.get("id")).startswith("ma_") or "region_id" in price:
            amount = minor_units(amount, minor_digits(code))
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
        [item["masterVariant"], *items_of(item.get("variants"))] if isinstance(item.get("masterVariant"), dict) else []
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
        for value in items_of(values):
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
        for variant in items_of(item["variants"])
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
    skus = [{**sku, **_vtex_offer(sku)} for sku in items_of(item["items"])]
    skus = [{k: v for k, v in sku.items() if k != "sellers" or len(items_of(v)) > 1} for sku in skus]
    return variant_rows({**rest, "variants": skus})


def _vtex_offer(sku: Record) -> Record:
    sellers = items_of(sku.get("sellers"))
    offer = sellers[0].get("commertialOffer") if sellers else None
    if not isinstance(offer, dict):
        return {}
    names = {"Price": "price", "ListPrice": "list price", "AvailableQuantity": "stock"}
    return {name: offer[key] for key, name in names.items() if key in offer}


def _is_square(item: Record) -> bool:
    return isinstance(item.get("item_data"), dict)


def _square_rows(item: Record) -> list[Row]:
    """Return the variations of a Square item, whose prices are counted in the smallest unit of their currency."""
    data = item["item_data"]
    rest = {key: value for key, value in item.items() if key not in ("item_data", "type")}
    variants = []
    for variation in items_of(data.get("variations")):
        own = variation.get("item_variation_data")
        own = own if isinstance(own, dict) else {}
        money = own.get("price_money")
        price: Record = {}
        if isinstance(money, dict):
            code = cell_text(money.get("currency"))
            price = {"price": minor_units(money.get("amount"), minor_digits(code)), "currency": code}
        variants.append({"id": variation.get("id"), **{k: v for k, v in own.items() if k != "price_money"}, **price})
    return variant_rows({**rest, **{k: v for k, v in data.items() if k != "variations"}, "variants": variants})


_PLATFORMS: tuple[tuple[Callable[[Record], bool], Callable[[Record], list[Row]]], ...] = (
    (_is_medusa, _medusa_rows),
    (is_shopify, shopify_rows),
    (is_woocommerce, woocommerce_rows),
    (is_magento, magento_rows),
    (_is_commercetools, _commercetools_rows),
    (_is_akeneo, _akeneo_rows),
    (_is_saleor, _saleor_rows),
    (_is_vtex, _vtex_rows),
    (_is_square, _square_rows),
    (is_schema_product, schema_rows),
)
"""How each shop system's product is known, and read; the more particular first."""
