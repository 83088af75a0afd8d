"""Catalogs that businesses exchange: BMEcat, cXML, WordPress, under the names of Google Merchant."""

import re
from typing import Any

from prodsim.catalog.commerceml import COMMERCEML
from prodsim.catalog.feeds import Context, XmlFormat, category_path, with_attributes, with_pictures
from prodsim.catalog.nested_values import TEXT, Record, cell_text, is_locale, listed, plain_text
from prodsim.catalog.variants import GROUP
from prodsim.catalog.xml_elements import record_of
from prodsim.catalog.xml_pieces import local_name

_BMECAT = {
    "SUPPLIER_AID": "id", "SUPPLIER_PID": "id", "DESCRIPTION_SHORT": "title", "DESCRIPTION_LONG": "description",
    "EAN": "gtin", "INTERNATIONAL_PID": "gtin", "MANUFACTURER_NAME": "brand", "MANUFACTURER_AID": "mpn",
    "MANUFACTURER_PID": "mpn",
}  # fmt: skip
_PRICE_KINDS = ("gros_list", "net_list", "nrp", "net_customer", "net_customer_exp")
"""Kinds of a price in BMEcat, the one that a shop would show first."""


def _read_bmecat(record: Record, context: Context) -> Record:
    """Read an article of BMEcat 1.2 or a product of 2005: its details, features, prices, pictures and groups."""
    product: Record = {}
    identifier = _plain_of(record.get("SUPPLIER_PID") or record.get("SUPPLIER_AID"))
    parts = {key: value for key, value in record.items() if not re.search(r"DETAILS$|FEATURES$|MIME_INFO$", key)}
    for key in ("DETAILS", "ORDER_DETAILS"):
        for value in _sections(record, key):
            parts |= {k: v for k, v in value.items() if k not in parts}
    for key, value in parts.items():
        _put_bmecat(product, _BMECAT.get(key, key), value)
    for section in _sections(record, "PRICE_DETAILS"):
        prices = [p for k, v in section.items() if k.endswith("_PRICE") for p in listed(v) if isinstance(p, dict)]
        product |= _bmecat_prices(prices, context.get("currency", ""))
    features = [f for s in _sections(record, "FEATURES") for f in listed(s.get("FEATURE")) if isinstance(f, dict)]
    groups = context.get("article_groups", {}).get(identifier, [])
    if paths := [path for group in groups if (path := category_path(context.get("categories", {}), group))]:
        product["product_type"] = ", ".join(dict.fromkeys(paths))
    pictures = [m for s in [record.get("MIME_INFO")] if isinstance(s, dict) for m in listed(s.get("MIME"))]
    product = with_pictures(product, _bmecat_pictures(pictures))
    return with_attributes(product, [_feature(feature) for feature in features])


def _sections(record: Record, name: str) -> list[Record]:
    """Return the parts called ``ARTICLE_…`` or ``PRODUCT_…`` this way."""
    values = [v for prefix in ("ARTICLE_", "PRODUCT_") for v in listed(record.get(prefix + name))]
    return [section for section in values if isinstance(section, dict)]


def _put_bmecat(product: Record, name: str, value: Any) -> None:
    """Put a value, which may be repeated by language or kind, under a name."""
    values = listed(value)
    by_language = {
        v["lang"]: v.get(TEXT, "") for v in values if isinstance(v, dict) and is_locale(str(v.get("lang", "")))
    }
    if len(by_language) > 1:
        product[name] = by_language
    elif name == "gtin":
        numbers = [
            v for v in values if not isinstance(v, dict) or plain_text(v.get("type", "ean")) in ("ean", "gtin", "upc")
        ]
        product[name] = _plain_of(numbers[0]) if numbers else ""
    elif values and all(not isinstance(v, dict) or TEXT in v for v in values):
        product[name] = ", ".join(map(_plain_of, values))
    elif name not in ("USER_DEFINED_EXTENSIONS",) or values:
        product[name] = value


def _plain_of(value: Any) -> str:
    return cell_text(value.get(TEXT, "")) if isinstance(value, dict) else cell_text(value)


def _bmecat_prices(prices: list[Record], currency: str) -> Record:
    """Return the list price of a single piece with its currency; the others under names that say how they differ."""
    result: Record = {}
    for price in sorted(prices, key=_price_rank):
        amount, code = _plain_of(price.get("PRICE_AMOUNT")), _plain_of(price.get("PRICE_CURRENCY")) or currency
        if "price" not in result:
            result |= {"price": amount, "currency": code}
            continue
        bound = _lower_bound(price)
        parts = [_price_kind(price), f"from {bound}" if bound else "", code if code != result["currency"] else ""]
        name = f"price ({' '.join(filter(None, parts))})"
        result[name] = f"{result[name]}, {amount}" if name in result else amount
    return result


def _price_rank(price: Record) -> tuple[bool, int]:
    kind = _price_kind(price)
    return _lower_bound(price) != "", _PRICE_KINDS.index(kind) if kind in _PRICE_KINDS else len(_PRICE_KINDS)


def _price_kind(price: Record) -> str:
    return cell_text(price.get("price_type") or price.get("type")) or "net_list"


def _lower_bound(price: Record) -> str:
    """Return the number of pieces from which a price counts; ``""`` for a single piece."""
    bound = _plain_of(price.get("LOWER_BOUND"))
    return "" if bound in ("1", "1.0", "0") else bound


def _bmecat_pictures(items: list[Any]) -> list[str]:
    pictures = [
        m for m in items if isinstance(m, dict) and "image" in (_plain_of(m.get("MIME_TYPE")).casefold() or "image")
    ]
    pictures = [m for m in pictures if _plain_of(m.get("MIME_PURPOSE")) not in ("data_sheet", "logo", "icon")]
    pictures.sort(key=lambda m: _plain_of(m.get("MIME_PURPOSE")) not in ("normal", ""))
    return [_plain_of(source[0]) for m in pictures if (source := listed(m.get("MIME_SOURCE")))]


def _feature(feature: Record) -> Record:
    value = ", ".join(map(_plain_of, listed(feature.get("FVALUE"))))
    unit = _plain_of(feature.get("FUNIT"))
    name = next(iter(map(_plain_of, listed(feature.get("FNAME")))), "") or _plain_of(feature.get("FT_IDREF"))
    return {"name": name, "value": f"{value} {unit}".strip() if value else ""}


def _collect_bmecat(element: Any, context: Context) -> None:
    item = record_of(element)
    if not isinstance(item, dict):
        return
    if local_name(element.tag) == "HEADER":
        catalog = item.get("CATALOG")
        context["currency"] = _plain_of(catalog.get("CURRENCY", "")) if isinstance(catalog, dict) else ""
    elif "GROUP_ID" in item:
        name = next(iter(map(_plain_of, listed(item.get("GROUP_NAME")))), "")
        name = "" if item.get("type") == "root" else name
        context.setdefault("categories", {})[_plain_of(item["GROUP_ID"])] = (name, _plain_of(item.get("PARENT_ID")))
    elif "CATALOG_GROUP_ID" in item:
        article = _plain_of(item.get("ART_ID") or item.get("PROD_ID"))
        context.setdefault("article_groups", {}).setdefault(article, []).append(_plain_of(item["CATALOG_GROUP_ID"]))


def _read_cxml(record: Record, context: Context) -> Record:
    """Read an item of a cXML index: its numbers, its details and the extrinsics, which are attributes."""
    numbers, detail = record.get("ItemID"), record.get("ItemDetail") or record.get("PunchoutDetail")
    numbers, detail = (numbers if isinstance(numbers, dict) else {}), (detail if isinstance(detail, dict) else {})
    product: Record = {"id": _plain_of(numbers.get("SupplierPartID"))}
    if auxiliary := _plain_of(numbers.get("SupplierPartAuxiliaryID")):
        product["SupplierPartAuxiliaryID"] = auxiliary
    description = next(iter(listed(detail.get("Description"))), "")
    text = _plain_of(description)
    short = _plain_of(description.get("ShortName")) if isinstance(description, dict) else ""
    product |= {"title": short or text, "description": text}
    money = detail.get("UnitPrice")
    money = money.get("Money") if isinstance(money, dict) else money
    if isinstance(money, dict):
        product |= {"price": _plain_of(money), "currency": _plain_of(money.get("currency"))}
    product["brand"] = next(iter(map(_plain_of, listed(detail.get("ManufacturerName")))), "")
    product |= {"mpn": _plain_of(detail.get("ManufacturerPartID")), "link": _plain_of(detail.get("URL"))}
    for item in listed(detail.get("Classification")):
        domain = cell_text(item.get("domain")) if isinstance(item, dict) else ""
        product[f"Classification {domain}".strip()] = _plain_of(item)
    known = ("Description", "UnitPrice", "ManufacturerName", "ManufacturerPartID", "URL", "Classification", "Extrinsic")
    product |= {key: value for key, value in detail.items() if key not in known}
    index = record.get("IndexItemDetail")
    index = index if isinstance(index, dict) else {}
    product |= {key: value for key, value in index.items() if key not in ("Extrinsic", *product)}
    return with_attributes(product, [*listed(detail.get("Extrinsic")), *listed(index.get("Extrinsic"))])


def _count_deleted(element: Any, context: Context) -> None:
    context["deleted"] = context.get("deleted", 0) + 1


_WORDPRESS = {
    "_sku": "id", "_price": "price", "_regular_price": "regular_price", "_sale_price": "sale_price",
    "_stock_status": "availability", "_stock": "stock", "_weight": "weight", "_global_unique_id": "gtin",
}  # fmt: skip


def read_wordpress(record: Record, context: Context) -> Record:
    """Read a post of a WordPress export: WooCommerce's values are among its ``postmeta``, its categories by domain."""
    meta = {
        cell_text(m.get("meta_key")): cell_text(m.get("meta_value"))
        for m in listed(record.get("postmeta"))
        if isinstance(m, dict)
    }
    if cell_text(record.get("post_type")) == "attachment":
        context.setdefault("pictures", {})[cell_text(record.get("post_id"))] = cell_text(record.get("attachment_url"))
    product: Record = {"post type": cell_text(record.get("post_type")), "post id": cell_text(record.get("post_id"))}
    product |= {name: meta[key] for key, name in _WORDPRESS.items() if key in meta}
    product |= {"title": plain_text(record.get("title")), "link": plain_text(record.get("link"))}
    texts = [cell_text(text) for text in listed(record.get("encoded"))]
    product["description"] = next(filter(None, texts), "") or plain_text(record.get("description"))
    terms = [term for term in listed(record.get("category")) if isinstance(term, dict)]
    categories = [cell_text(term.get(TEXT)) for term in terms if term.get("domain") == "product_cat"]
    product["product_type"] = ", ".join(categories)
    if cell_text(record.get("post_type")) == "product_variation":
        product[GROUP] = cell_text(record.get("post_parent"))
    product["picture number"] = meta.get("_thumbnail_id", "")
    words = [{"name": cell_text(t["domain"]).removeprefix("pa_"), "value": t.get(TEXT, "")} for t in terms
             if cell_text(t.get("domain")).startswith("pa_")]  # fmt: skip
    return with_attributes(product, words)


_BMECAT_PRODUCTS = frozenset({"ARTICLE", "PRODUCT"})
_BMECAT_OTHERS = frozenset({
    "HEADER", "CATALOG_STRUCTURE", "ARTICLE_TO_CATALOGGROUP_MAP", "PRODUCT_TO_CATALOGGROUP_MAP",
})  # fmt: skip
_CXML_PRODUCTS = frozenset({"IndexItemAdd", "IndexItemPunchout"})
_CXML_OTHERS = frozenset({"IndexItemDelete"})
EXCHANGE: dict[str, XmlFormat] = {
    "bmecat": XmlFormat("BMEcat", _BMECAT_PRODUCTS, _read_bmecat, _BMECAT_OTHERS, _collect_bmecat),
    "cxml": XmlFormat("cXML", _CXML_PRODUCTS, _read_cxml, _CXML_OTHERS, _count_deleted),
    "index": XmlFormat("cXML", _CXML_PRODUCTS, _read_cxml, _CXML_OTHERS, _count_deleted),
    "коммерческаяинформация": COMMERCEML,
}
"""Exchange formats by the name of their outermost element, in lower case."""
