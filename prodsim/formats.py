"""Prices and stock as the reader's language writes them.

Numbers within a text are written by ``phrases``. Dates and times stay as ISO 8601 has them, which no reader mistakes.
"""

from functools import cache

from prodsim.phrases import ENGLISH, Text, reader_language

AVAILABILITY = {
    "in stock": Text("in stock"),
    "out of stock": Text("out of stock"),
    "preorder": Text("preorder"),
}


def money(amount: float, currency: str = "") -> str:
    """Return a price: *12.50 EUR*, in Chinese *€12.50*; whole prices without decimals in currencies without cents.

    Args:
        amount: of the currency.
        currency: its code, or whatever a catalog has in its place; ``""`` where none is known.
    """
    language = reader_language()
    digits = 0 if not _decimals(currency) and float(amount).is_integer() else 2
    if language == ENGLISH:
        return f"{amount:,.{digits}f} {currency}".strip()
    from babel.numbers import format_currency, format_decimal, get_currency_symbol

    number = "#,##0.00" if digits else "#,##0"
    if get_currency_symbol(currency, language) == currency:
        return f"{format_decimal(amount, number, language)} {currency}".strip()
    return format_currency(amount, currency, f"¤{number}", language, currency_digits=False)


def stock_name(availability: str) -> str:
    """Return what an availability is called; as it is where a catalog has a word of its own."""
    return AVAILABILITY[availability]() if availability in AVAILABILITY else availability


@cache
def _decimals(currency: str) -> int:
    """Return the decimals that a currency is written with, by CLDR: none for IDR, JPY and KRW."""
    from babel.numbers import get_currency_precision  # reads locale data, which only prices pay for

    return get_currency_precision(currency)
