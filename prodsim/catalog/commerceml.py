"""CommerceML, which 1C writes: products, their offers and prices, under the names of Google Merchant."""

from typing import Any

from prodsim.catalog.feeds import Context, XmlFormat, category_path, renamed, with_attributes, with_pictures
from prodsim.catalog.flattening import OTHER_PRICES
from prodsim.catalog.nested_values import Record, cell_text, listed
from prodsim.catalog.rows import listed as listed_names
from prodsim.catalog.variants import GROUP
from prodsim.catalog.xml_elements import record_of
from prodsim.catalog.xml_pieces import local_name
from prodsim.phrases import Plural

SEVERAL_PRICES = Plural(
    "{n:,} offer has several prices; the first one is used, the others are kept as attributes.",
    "{n:,} offers have several prices; the first one of each is used, the others are kept as attributes.",
)
SEVERAL_PRICES_OF = Plural(
    "{n:,} offer has several prices; the first one is used ({kinds}), the others are kept as attributes.",
    "{n:,} offers have several prices; the first one of each is used ({kinds}), the others are kept as attributes.",
)
_NAMES = {
    "ид": "id", "артикул": "sku", "наименование": "title", "описание": "description", "штрихкод": "gtin",
    "изготовитель": "brand", "количество": "quantity",
}  # fmt: skip


def _read(record: Record, context: Context) -> Record:
    """Read a product, or an offer with its prices, of CommerceML, which 1C writes."""
    record = dict(record)
    pictures = [cell_text(value) for value in listed(record.pop("Картинка", None))]
    groups = [cell_text(number) for number in listed(_inner(record.pop("Группы", None), "Ид"))]
    prices = [p for p in listed(_inner(record.pop("Цены", None), "Цена")) if isinstance(p, dict)]
    values = [
        {"name": _property_of(v, context)[0] or cell_text(v.get("Ид")), "value": _value_of(v, context)}
        for v in listed(_inner(record.pop("ЗначенияСвойств", None), "ЗначенияСвойства"))
        if isinstance(v, dict)
    ]
    for name, part in (("ХарактеристикиТовара", "ХарактеристикаТовара"), ("ЗначенияРеквизитов", "ЗначениеРеквизита")):
        pairs = [p for p in listed(_inner(record.pop(name, None), part)) if isinstance(p, dict)]
        values += [{"name": p.get("Наименование", ""), "value": p.get("Значение", "")} for p in pairs]
    if isinstance(maker := record.get("Изготовитель"), dict):
        record["Изготовитель"] = maker.get("Наименование", "")
    product = renamed(record, _NAMES)
    if "#" in (number := cell_text(product.get("id"))):
        product[GROUP] = number.partition("#")[0]
    if paths := [path for group in groups if (path := category_path(context.get("categories", {}), group))]:
        product["product_type"] = ", ".join(paths)
    if prices:
        product |= _prices(prices, context)
    return with_attributes(with_pictures(product, pictures), values)


def _prices(prices: list[Record], context: Context) -> Record:
    """Return the first price with its currency, and all others by their kind, those of one kind in one cell."""
    first, code = prices[0], _currency(prices[0])
    result = {"price": cell_text(first.get("ЦенаЗаЕдиницу")), "currency": code}
    for price in prices[1:]:
        own, unit = _currency(price), price.get("Единица")
        parts = [cell_text(price.get("ЦенаЗаЕдиницу")), own if own != code else ""]
        parts += [f"/ {unit}" if unit not in ("", None, first.get("Единица")) else ""]
        kind, text = _price_kind(price, context), " ".join(filter(None, parts))
        name = f"price ({kind})" if kind else OTHER_PRICES
        result[name] = f"{result[name]}, {text}" if name in result else text
    if prices[1:]:
        context.setdefault("used_prices", []).append(_price_kind(first, context))
    return result


def _currency(price: Record) -> str:
    code = cell_text(price.get("Валюта"))
    return "RUB" if code.casefold() in ("руб", "руб.", "rub", "643") else code


def _price_kind(price: Record, context: Context) -> str:
    number = cell_text(price.get("ИдТипаЦены"))
    return str(context.get("price_kinds", {}).get(number, number))


def note_prices(context: Context) -> list[str]:
    """Return a sentence on which of several prices is used, and of what kind; nothing where none has several."""
    used: list[str] = context.get("used_prices", [])
    kinds = listed_names([f"“{kind}”" for kind in dict.fromkeys(used) if kind])
    if not used:
        return []
    return [SEVERAL_PRICES_OF(len(used), kinds=kinds) if kinds else SEVERAL_PRICES(len(used))]


def _inner(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else value


def _property_of(value: Record, context: Context) -> tuple[str, dict[str, str]]:
    """Return a property's name, and its values by their numbers."""
    known: tuple[str, dict[str, str]] = context.get("properties", {}).get(cell_text(value.get("Ид")), ("", {}))
    return known


def _value_of(value: Record, context: Context) -> str:
    words = _property_of(value, context)[1]
    texts = [cell_text(part) for part in listed(value.get("Значение"))]
    return ", ".join(words.get(text, text) for text in texts)


def _collect(element: Any, context: Context) -> None:
    item, kind = record_of(element), local_name(element.tag)
    if not isinstance(item, dict):
        return
    number, name = cell_text(item.get("Ид")), cell_text(item.get("Наименование"))
    if kind == "Группа":
        parent = element.getparent()
        parent = parent.getparent() if parent is not None else None
        above = parent.findtext("{*}Ид") if parent is not None and local_name(parent.tag) == "Группа" else ""
        context.setdefault("categories", {})[number] = (name, above or "")
    elif kind == "Свойство":
        choices = item.get("ВариантыЗначений")
        words = _inner(choices, "Справочник") or _inner(choices, "Вариант")
        known = {
            cell_text(w.get("ИдЗначения") or w.get("Ид")): cell_text(w.get("Значение"))
            for w in listed(words)
            if isinstance(w, dict)
        }
        context.setdefault("properties", {})[number] = (name, known)
    elif kind == "ТипЦены":
        context.setdefault("price_kinds", {})[number] = name


def joined_offers(records: list[tuple[int, Record]]) -> tuple[list[tuple[int, Record]], int]:
    """Give the offers of a CommerceML file what its products say of them.

    Returns:
        The products without an offer and the offers, and how many products became offers.
    """
    offers = [(line, record) for line, record in records if "price" in record]
    products = {cell_text(record.get("id")): record for _, record in records if "price" not in record}
    taken: set[str] = set()
    joined: list[tuple[int, Record]] = []
    for line, offer in offers:
        number = cell_text(offer.get("id")).partition("#")[0]
        if number in products:
            taken.add(number)
            offer = {**products[number], **{k: v for k, v in offer.items() if v not in ("", None)}}
        joined.append((line, offer))
    rest = [(n, r) for n, r in records if "price" not in r and cell_text(r.get("id")) not in taken]
    return _with_own_numbers(rest + joined), len(taken)


def _with_own_numbers(records: list[tuple[int, Record]]) -> list[tuple[int, Record]]:
    """Let the id be the SKU where offers share the article number of their product, which then is its model's."""
    numbers = [cell_text(record.get("sku")) for _, record in records if record.get("sku")]
    if len(set(numbers)) == len(numbers):
        return records
    return [(n, {"mpn" if key == "sku" else key: value for key, value in r.items()}) for n, r in records]


COMMERCEML = XmlFormat(
    "CommerceML", frozenset({"Товар", "Предложение"}), _read, frozenset({"Группа", "Свойство", "ТипЦены"}), _collect
)
