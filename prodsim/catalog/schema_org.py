"""Products of schema.org, as JSON-LD and marked-up pages hold them, under the names of Google Merchant."""

from collections.abc import Iterator
from typing import Any

from prodsim.catalog.category_paths import path_of
from prodsim.catalog.flattening import flat_row
from prodsim.catalog.nested_pairs import pairs_of
from prodsim.catalog.nested_values import Record, Row, address_of, cell_text, listed, plain_text
from prodsim.catalog.variants import GROUP, over

_TYPES = frozenset({
    "product", "productgroup", "individualproduct", "productmodel", "someproducts", "vehicle", "car", "book",
    "dietarysupplement", "drug", "softwareapplication",
})  # fmt: skip
_GTINS = ("gtin13", "gtin", "gtin14", "gtin12", "gtin8", "ean", "isbn")
_PLAIN = {"name": "title", "description": "description", "mpn": "mpn", "url": "link", "color": "color", "size": "size",
          "material": "material", "pattern": "pattern", "itemCondition": "condition", "model": "model"}  # fmt: skip
_KNOWN = {
    *_PLAIN, *_GTINS, "@type", "@context", "@id", "sku", "productID", "brand", "manufacturer", "image", "category",
    "offers", "additionalProperty", "hasVariant", "isVariantOf", "inProductGroupWithID", "productGroupID",
    "variesBy", "review", "isRelatedTo", "isSimilarTo", "mainEntityOfPage",
}  # fmt: skip


def is_schema_product(item: Record) -> bool:
    """Return whether an object is a product of schema.org by its ``@type``."""
    return "@type" in item and bool(_types(item) & _TYPES)


def schema_products(whole: Any, depth: int = 12) -> Iterator[Record]:
    """Yield the products within JSON-LD: of graphs, lists and pages, but not those that a product only refers to."""
    if depth == 0:
        return
    if isinstance(whole, list):
        for item in whole:
            yield from schema_products(item, depth - 1)
    elif isinstance(whole, dict):
        if is_schema_product(whole):
            yield whole
            return
        for key in (
            "@graph",
            "mainEntity",
            "itemListElement",
            "item",
            "itemOffered",
            "hasPart",
            "mainEntityOfPage",
            "offers",
        ):
            if key in whole:
                yield from schema_products(whole[key], depth - 1)


def schema_rows(item: Record) -> list[Row]:
    """Return a row for each offer with a SKU of its own, and for each variant of a group; else one for the product."""
    row = _row(item)
    variants = [variant for variant in listed(item.get("hasVariant")) if isinstance(variant, dict)]
    if variants:
        group = plain_text(item.get("productGroupID")) or row.pop("id", "") or plain_text(item.get("@id"))
        shared = {name: value for name, value in row.items() if name not in ("id", "gtin")}
        return [over(shared | {GROUP: group}, own) for variant in variants for own in _variant_rows(variant, shared)]
    offers = _offers(item)
    numbered = [offer for offer in offers if plain_text(offer.get("sku")) or _first(offer, _GTINS)]
    if len(numbered) == len(offers) > 1:
        shared = {name: value for name, value in row.items() if name not in ("id", "gtin")}
        group = row.get("id") or plain_text(item.get("@id")) or row.get("title", "")
        return [over(shared | {GROUP: group}, _offer_row(offer, shared)) for offer in numbered]
    if len(offers) > 1:
        row["further offers"] = offers[1:]
    return [over(row, {k: v for k, v in _offer_row(offers[0], row).items() if not row.get(k)})] if offers else [row]


def _variant_rows(variant: Record, shared: Row) -> list[Row]:
    """Return a variant's rows; its name is the title only where it begins with that of its group."""
    rows = schema_rows(variant)
    title = plain_text(shared.get("title")).casefold()
    for row in rows:
        own = plain_text(row.get("title"))
        if own and title and not own.casefold().startswith(title):
            row["variant"] = row.pop("title")
    return rows


def _row(item: Record) -> Row:
    row: Row = {"id": plain_text(item.get("sku")) or plain_text(item.get("productID"))}
    row |= {name: _label(item[key]) for key, name in _PLAIN.items() if key in item}
    row["brand"] = _label(item.get("brand")) or _label(item.get("manufacturer"))
    row["gtin"] = _first(item, _GTINS)
    pictures = [address_of(picture) for picture in listed(item.get("image"))]
    row["image_link"] = ", ".join(filter(None, pictures))
    row["product_type"] = _category(item.get("category"))
    group = plain_text(item.get("inProductGroupWithID"))
    parent = item.get("isVariantOf")
    if isinstance(parent, dict):
        group = group or plain_text(parent.get("productGroupID")) or plain_text(parent.get("@id"))
    if group:
        row[GROUP] = group
    properties = [entry for entry in listed(item.get("additionalProperty")) if isinstance(entry, dict)]
    for name, value in pairs_of(properties) or []:
        row.setdefault(name, value)
    rest = flat_row({key: value for key, value in item.items() if key not in _KNOWN})
    row = {**rest, **row}
    if not row["id"] and not row["gtin"] and not row.get("mpn"):
        row["id"] = plain_text(item.get("@id"))
    return {name: value for name, value in row.items() if value not in ("", None)}


def _category(value: Any) -> str:
    """Return a category; of several, which are a path from the widest to the narrowest, all."""
    names = [_label(entry) for entry in listed(value)]
    return path_of(filter(None, names))


def _offers(item: Record) -> list[Record]:
    """Return the offers of a product; those within an aggregate with the aggregate's values."""
    offers: list[Record] = []
    for offer in listed(item.get("offers")):
        if not isinstance(offer, dict):
            continue
        inner = [entry for entry in listed(offer.get("offers")) if isinstance(entry, dict)]
        outer = {key: value for key, value in offer.items() if key != "offers"}
        if len(inner) > 1 and not all(plain_text(entry.get("sku")) or _first(entry, _GTINS) for entry in inner):
            inner = []
        offers += [{**outer, **entry} for entry in inner] if inner else [outer]
    return offers


def _offer_row(offer: Record, product: Row) -> Row:
    price, code = offer.get("price", offer.get("lowPrice")), plain_text(offer.get("priceCurrency"))
    sale: Any = None
    for specification in listed(offer.get("priceSpecification")):
        if not isinstance(specification, dict):
            continue
        code = code or plain_text(specification.get("priceCurrency"))
        amount = specification.get("price", specification.get("minPrice"))
        if "ListPrice" in plain_text(specification.get("priceType")) and price not in (None, "", amount):
            price, sale = amount, price
        elif price in (None, ""):
            price = amount
    offered = offer.get("itemOffered")
    row = _row(offered) if isinstance(offered, dict) else {}
    row |= {
        "id": plain_text(offer.get("sku")) or row.get("id", ""),
        "gtin": _first(offer, _GTINS) or row.get("gtin", ""),
    }
    row |= {"price": price, "sale_price": sale, "currency": code, "availability": plain_text(offer.get("availability"))}
    row |= {
        "condition": plain_text(offer.get("itemCondition")),
        "mpn": plain_text(offer.get("mpn")) or row.get("mpn", ""),
    }
    row["link"] = plain_text(offer.get("url")) or row.get("link", "")
    row["seller"] = _label(offer.get("seller"))
    name = plain_text(offer.get("name"))
    if name and name.casefold() != plain_text(product.get("title")).casefold():
        row["variant"] = name
    return {name: value for name, value in row.items() if value not in ("", None, [])}


def _label(value: Any) -> str:
    """Return a text, or of an object its name; of a list the first that has one."""
    if isinstance(value, list):
        return next((text for entry in value if (text := _label(entry))), "")
    if isinstance(value, dict):
        return next((t for key in ("name", "value", "@value", "@id") if (t := _label(value.get(key)))), "")
    return cell_text(value)


def _first(item: Record, names: tuple[str, ...]) -> str:
    return next((text for name in names if (text := _label(item.get(name)))), "")


def _types(item: Record) -> set[str]:
    kinds = listed(item.get("@type"))
    return {kind.rsplit("/", 1)[-1].rsplit(":", 1)[-1].casefold() for kind in kinds if isinstance(kind, str)}
