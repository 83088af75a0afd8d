"""Product feeds of comparison sites and marketplaces, under the names of Google Merchant."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from prodsim.catalog.category_paths import path_of
from prodsim.catalog.nested_pairs import pairs_of
from prodsim.catalog.nested_values import TEXT, Record, address_of, cell_text, listed, plain_text
from prodsim.catalog.variants import VARIANT_KEYS
from prodsim.catalog.xml_elements import record_of

Context = dict[str, Any]
"""What a file says outside of its products, such as the names of categories by their number."""


@dataclass(frozen=True, slots=True)
class XmlFormat:
    """A kind of XML file: which elements are products, which others count, and what a product's content means.

    Attributes:
        label: what it is called.
        products, others: names of elements.
        read: gives a product's content the names of Google Merchant.
        collect: keeps what an element of ``others`` says.
    """

    label: str
    products: frozenset[str]
    read: Callable[[Record, Context], Record]
    others: frozenset[str] = field(default_factory=frozenset)
    collect: Callable[[Any, Context], None] = lambda element, context: None


def renamed(record: Record, names: Mapping[str, str]) -> Record:
    """Return a record with these names, compared without case, replaced; a name that is taken keeps the first value."""
    result: Record = {}
    for key, value in record.items():
        name = names.get(key.casefold(), key)
        if name in result and result[name] not in ("", None):
            name = key if key not in result else f"{key} (2)"
        result[name] = value
    return result


def with_pictures(record: Record, addresses: list[str]) -> Record:
    """Put the first picture under ``image_link``, the others under ``additional_image_link``."""
    pictures = list(dict.fromkeys(filter(None, addresses)))
    if pictures:
        record["image_link"] = pictures[0]
    if pictures[1:]:
        record["additional_image_link"] = ",".join(pictures[1:])
    return record


def with_attributes(record: Record, items: list[Any]) -> Record:
    """Put attributes under their own names; a name that is taken gets a mark."""
    pairs = pairs_of([item for item in items if isinstance(item, dict) and any(map(plain_text, item.values()))])
    for name, value in pairs or []:
        record[f"{name} (attribute)" if name in record else name] = value
    return record


def read_merchant(record: Record, context: Context) -> Record:
    """Read an item for Google Merchant: an Atom link by its address, a picture also of RSS's own elements."""
    link = record.get("link")
    links = [item for item in listed(link) if isinstance(item, dict)]
    if links:
        best = next((item for item in links if item.get("rel", "alternate") == "alternate"), links[0])
        record = {**record, "link": best.get("href", best.get(TEXT, ""))}
    record = {key: _text_alone(value) for key, value in record.items()}
    record = renamed(record, {"summary": "description", "encoded": "content"})
    if not record.get("image_link"):
        media = [record.get(key) for key in ("enclosure", "thumbnail", "content", "image")]
        addresses = [address_of(item) for value in media for item in listed(value) if isinstance(item, dict)]
        record = with_pictures(record, [a for a in addresses if a.startswith(("http://", "https://", "//"))])
    if isinstance(record.get("additional_image_link"), list):
        record["additional_image_link"] = ",".join(map(cell_text, record["additional_image_link"]))
    if isinstance(record.get("product_type"), list):
        record["product_type"] = ", ".join(map(cell_text, record["product_type"]))
    details = [item for item in listed(record.pop("product_detail", None)) if isinstance(item, dict)]
    return with_attributes(record, [{k: v for k, v in item.items() if k != "section_name"} for item in details])


_TEXT_KINDS = frozenset({TEXT, "type", "lang", "base", "isPermaLink"})


def _text_alone(value: Any) -> Any:
    """Return the text of an element that says besides only of what kind of text it is, as Atom's do."""
    is_text = isinstance(value, dict) and TEXT in value and value.keys() <= _TEXT_KINDS
    return value[TEXT] if is_text else value


def with_variants_renamed(record: Record, names: Mapping[str, str]) -> Record:
    """Give the variants within a record the same names as the record itself."""
    result: Record = {}
    for key, value in record.items():
        if key.casefold() in VARIANT_KEYS and isinstance(value, dict) and len(value) == 1:
            inner = [renamed(v, names) if isinstance(v, dict) else v for v in listed(next(iter(value.values())))]
            result[key] = {next(iter(value)): inner}
        elif key.casefold() in VARIANT_KEYS and isinstance(value, dict | list):
            result[key] = [renamed(v, names) if isinstance(v, dict) else v for v in listed(value)]
        else:
            result[key] = value
    return result


_SHOPITEM_PARTS = frozenset({
    "IMGURL", "IMGURL_ALTERNATIVE", "PARAM", "PRICE", "PRICE_VAT", "PRODUCT", "PRODUCTNAME", "NAME", "CODE",
    "ITEM_ID", "DELIVERY_DATE",
})  # fmt: skip
_SHOPITEM = {
    "item_id": "id", "code": "id", "productname": "title", "name": "title", "url": "link",
    "description": "description", "price_vat": "price", "manufacturer": "brand", "categorytext": "product_type",
    "ean": "gtin", "productno": "mpn", "itemgroup_id": "item_group_id", "part_number": "mpn",
}  # fmt: skip


def _read_shopitem(record: Record, context: Context) -> Record:
    """Read an item of Heureka, Zboží or Shoptet."""
    record = {key.upper() if key.upper() in _SHOPITEM_PARTS else key: value for key, value in record.items()}
    pictures = [address for key in ("IMGURL", "IMGURL_ALTERNATIVE") for address in _texts(record.pop(key, None))]
    params = [_with_unit(item) for item in listed(record.pop("PARAM", None))]
    if "PRICE_VAT" in record and "PRICE" in record:
        record["price without VAT"] = record.pop("PRICE")
    title = "PRODUCTNAME" if "PRODUCTNAME" in record else "NAME" if "NAME" in record else "PRODUCT"
    names = {**_SHOPITEM, title.casefold(): "title"}
    record = with_variants_renamed(record, {**names, "id": "variant id"})
    if "CODE" in record or "ITEM_ID" in record:
        names["id"] = "shop id"
    record = renamed(record, names)
    if cell_text(record.get("DELIVERY_DATE")).strip() == "0":
        record["availability"] = "in stock"
    return with_attributes(with_pictures(record, pictures), params)


def _texts(value: Any) -> list[str]:
    return [address_of(item) if isinstance(item, dict) else cell_text(item) for item in listed(value)]


_YML = {
    "name": "title", "vendor": "brand", "vendorcode": "mpn", "url": "link", "currencyid": "currency", "barcode": "gtin",
    "group_id": "item_group_id", "available": "availability", "oldprice": "old price",
}  # fmt: skip


def _read_yml(record: Record, context: Context) -> Record:
    """Read an offer of Yandex Market: its category by number, its title of kind, maker and model where it has none."""
    pictures, params = _texts(record.pop("picture", None)), listed(record.pop("param", None))
    if not record.get("name"):
        parts = (plain_text(record.get(key)) for key in ("typePrefix", "vendor", "model"))
        record["name"] = " ".join(filter(None, parts)) or plain_text(record.get("title"))
    within = record.get("categories")
    numbers = _texts(record.get("categoryId") or (within.get("categoryId") if isinstance(within, dict) else None))
    record = renamed(record, _YML if "id" in record else {**_YML, "shop-sku": "id"})
    if "type" in record and record["type"] in ("vendor.model", "artist.title", "book", "audiobook", "medicine"):
        record["offer type"] = record.pop("type")
    if cell_text(record.get("currency")) in ("RUR", "RUB"):
        record["currency"] = "RUB"
    paths = [path for number in numbers if (path := category_path(context.get("categories", {}), number))]
    if paths:
        record = {key: value for key, value in record.items() if key != "categories"}
        record["product_type"] = ", ".join(paths)
    barcodes = _texts(record.get("gtin"))
    if barcodes:
        record["gtin"] = barcodes[0]
    return with_attributes(with_pictures(record, pictures), [_with_unit(item) for item in params])


def _with_unit(param: Any) -> Any:
    """Return a parameter with its unit behind its value."""
    if not isinstance(param, dict):
        return param
    keys = {key.casefold(): key for key in param}
    value = next((keys[k] for k in (TEXT, "val", "value") if k in keys), None)
    unit = plain_text(param.get(keys.get("unit", ""), ""))
    if not unit or value is None or not plain_text(param[value]):
        return param
    return {**{k: v for k, v in param.items() if k != keys["unit"]}, value: f"{plain_text(param[value])} {unit}"}


def _collect_yml(element: Any, context: Context) -> None:
    item = record_of(element)
    if isinstance(item, dict) and item.get("id"):
        name = plain_text(item.get(TEXT)) or plain_text(item.get("name"))
        parent = (
            plain_text(item.get("parentId")) or plain_text(item.get("parent_id")) or plain_text(item.get("parentID"))
        )
        context.setdefault("categories", {})[item["id"]] = (name, parent)


def category_path(categories: Mapping[str, tuple[str, str]], number: str) -> str:
    """Return a category's path by its number, from the widest on; ``""`` where it is unknown."""
    names: list[str] = []
    visited: set[str] = set()
    while number in categories and number not in visited:
        visited.add(number)
        name, number = categories[number]
        names.append(name)
    return path_of(filter(None, reversed(names)))


_CENEO_STOCK = {
    "1": "in stock", "3": "in stock", "7": "in stock", "14": "in stock", "90": "preorder", "110": "preorder",
}  # fmt: skip
"""Ceneo's days until dispatch; 90 is sold ahead, 110 ordered, 99 unknown."""
_CENEO = {"url": "link", "cat": "product_type", "name": "title", "desc": "description"}
_CENEO_ATTRIBUTES = {
    "producent": "brand", "ean": "gtin", "kod_producenta": "mpn", "kod producenta": "mpn", "isbn": "gtin",
    "autor": "author",
}  # fmt: skip


def _read_ceneo(record: Record, context: Context) -> Record:
    images = record.pop("imgs", None)
    pictures = [images.get("main"), *listed(images.get("i"))] if isinstance(images, dict) else []
    attributes = record.pop("attrs", None)
    items = listed(attributes.get("a")) if isinstance(attributes, dict) else []
    record = renamed(record, _CENEO)
    if "avail" in record:
        record["availability"] = _CENEO_STOCK.get(cell_text(record["avail"]), "")
    items = [{**item, "name": _CENEO_ATTRIBUTES.get(plain_text(item.get("name")).casefold(), item.get("name"))}
             for item in items if isinstance(item, dict)]  # fmt: skip
    return with_attributes(with_pictures(record, [address_of(picture) for picture in pictures]), items)


_PLAIN = {
    "price_with_vat": "price", "pricewithvat": "price", "price_vat": "price", "pricevat": "price",
    "productname": "title", "product_name": "title", "uniqueid": "id", "eans": "gtin", "variationid": "id",
    "variation_id": "id", "variantid": "id", "uid": "id", "offer-id": "id", "offerid": "id", "deeplink": "link",
    "product-url": "link", "producturl": "link", "image-url": "image_link", "imageurl": "image_link",
    "imgurl": "image_link", "image_url": "image_link", "image_link": "image_link",
    "additionalimage": "additional_image_link", "additional_imageurl": "additional_image_link",
    "merchant-category": "product_type", "categorypath": "product_type", "category_path": "product_type",
    "category_full": "product_type", "landing-page-url": "link", "offer-title": "title",
}  # fmt: skip


_GROSS = frozenset({
    "price_with_vat", "pricewithvat", "price_vat", "pricevat", "price_incl_vat", "price_gross", "gross_price",
})  # fmt: skip


def read_plain(record: Record, context: Context) -> Record:
    """Read an element of an unknown kind: under its own names, but for those that mean one of Google Merchant's."""
    names = {k: v for k, v in _PLAIN.items() if v not in record or k == v}
    gross = next((key for key in record if key.casefold() in _GROSS), None)
    if gross and "price" in record:
        record = {"price without VAT" if key == "price" else key: value for key, value in record.items()}
        names[gross.casefold()] = "price"
    return renamed(with_variants_renamed(record, _PLAIN), names)


def collect_categories(element: Any, context: Context) -> None:
    """Keep a category's name and parent by its number."""
    _collect_yml(element, context)


FEEDS: dict[str, XmlFormat] = {
    "rss": XmlFormat("RSS", frozenset({"item"}), read_merchant),
    "rdf": XmlFormat("RSS", frozenset({"item"}), read_merchant),
    "feed": XmlFormat("Atom", frozenset({"entry", "item"}), read_merchant),
    "shop": XmlFormat("Heureka", frozenset({"SHOPITEM"}), _read_shopitem),
    "yml_catalog": XmlFormat("YML", frozenset({"offer"}), _read_yml, frozenset({"category"}), _collect_yml),
    "offers": XmlFormat("Ceneo", frozenset({"o"}), _read_ceneo),
}
"""Feeds by the name of their outermost element, in lower case."""
