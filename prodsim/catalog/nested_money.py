"""Prices within nested data: amounts with their currencies, however they are written."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from prodsim.catalog.currencies import minor_digits
from prodsim.catalog.nested_values import Record, cell_text, plain_key, plain_text

_AMOUNTS = ("amount", "value", "price", "gross", "net", "#text")

CURRENCY_KEYS = (
    "currency", "currencycode", "currency_code", "currencyisocode", "pricecurrency", "currency_iso", "iso_code",
)  # fmt: skip

_MONEY = frozenset((
    *_AMOUNTS, *CURRENCY_KEYS, "shop_money", "shopmoney", "presentment_money", "presentmentmoney", "centamount",
    "fractiondigits", "type", "precision", "formatted", "display", "symbol", "scale", "tax", "country", "label",
    "sign", "raw", "text", "currencysymbol", "currency_symbol", "__typename", "fractionalamount", "divisor",
))  # fmt: skip

_PAID = (
    "discountedprice", "discounted_price", "finalprice", "final_price", "saleprice", "currentprice", "current",
    "now", "final", "selling", "sale", "discounted", "price", "amount", "value", "gross", "regular", "min",
)  # fmt: skip
"""What the part of a price object is called that is paid, the surest first."""

_UNITS = ("unit", "units", "unitcode", "unit_code", "uom")


def amount_key(value: Record) -> str | None:
    """Return the part of a price object that is what is paid."""
    keys = {plain_key(key): key for key in value}
    for name in _PAID:
        part = value.get(keys.get(name, ""))
        if is_amount(part) or (isinstance(part, dict) and money_of(part, "price") is not None):
            return keys[name]
    return None


def paid_of(item: Record) -> tuple[Any, str] | None:
    """Return amount and currency of a price within a list."""
    key = amount_key(item)
    return money_of(item, "price") or ((item[key], "") if key and is_amount(item[key]) else None)


def money_of(value: Record, name: str) -> tuple[Any, str] | None:
    """Return amount and currency code (``""`` if none is written) of an object that is a price; else ``None``."""
    keys = {plain_key(key): key for key in value}
    code = next((value[keys[k]] for k in CURRENCY_KEYS if k in keys), "")
    code = code.get("code", "") if isinstance(code, dict) else code
    if "centamount" in keys:
        code = str(code or "")
        return minor_units(value[keys["centamount"]], value.get("fractionDigits", minor_digits(code))), code
    for whole in ("shop_money", "shopmoney", "gross", "value"):
        if whole in keys and isinstance(inner := value[keys[whole]], dict) and (money := money_of(inner, name)):
            return money[0], money[1] or str(code or "")
    amount = next((value[keys[k]] for k in _AMOUNTS if k in keys and is_amount(value[keys[k]])), None)
    if amount is not None and value.get(keys.get("divisor", "")) in (1, 10, 100, 1000):  # Etsy
        amount = minor_units(amount, len(str(value[keys["divisor"]])) - 1)
    if amount is None or not isinstance(code, str) or any(unit in keys for unit in _UNITS):
        return None
    is_price = bool(code) or (_is_price_name(name) and len(value) <= 3)
    return (amount, code.upper()) if is_price else None


def is_only_money(value: Record) -> bool:
    """Return whether an object has only such keys as a price's have."""
    return all(plain_key(key) in _MONEY for key in value)


def _is_price_name(name: str) -> bool:
    return re.search(r"price|preis|prix|precio|cost", name, re.IGNORECASE) is not None


def is_amount(value: Any) -> bool:
    """Return whether a value is a number, or a text with one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return False
    return isinstance(value, int | float) or re.search(r"\d", value) is not None


def minor_units(amount: Any, digits: Any) -> Any:
    """Return an amount counted in cents, or whatever the currency's smallest unit is, as a plain number."""
    try:
        return format(Decimal(str(amount)).scaleb(-int(digits)), "f")
    except (InvalidOperation, ValueError, TypeError, OverflowError):
        return amount


def measure_of(value: Record) -> str | None:
    """Return a number with its unit, as in ``{"value": 2, "unit": "kg"}``."""
    keys = {plain_key(key): key for key in value}
    unit = next((keys[k] for k in _UNITS if k in keys), None)
    amount = next((keys[k] for k in ("amount", "value", "measurement", "#text") if k in keys), None)
    if len(value) > 3 or unit is None or amount is None or isinstance(value[amount], dict | list):
        return None
    return f"{cell_text(value[amount])} {plain_text(value[unit])}".strip()
