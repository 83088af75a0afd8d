"""Prices as people write them."""

import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

CURRENCIES = {
    "€": "EUR", "$": "USD", "£": "GBP", "¥": "CNY", "￥": "CNY", "元": "CNY", "円": "JPY", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY",
    "฿": "THB", "₫": "VND", "rp": "IDR", "rm": "MYR", "kr": "SEK", "zł": "PLN", "chf": "CHF", "rs": "INR",
}  # fmt: skip
_CURRENCY_CODE = re.compile(
    r"\b(USD|EUR|GBP|CNY|RMB|JPY|INR|CHF|SEK|NOK|DKK|PLN|CZK|HUF|AUD|CAD|NZD|HKD|TWD|SGD|MYR|IDR|PHP|THB|VND|KRW|BRL|MXN|TRY|SAR|AED|ZAR)\b",
    re.IGNORECASE,
)
_PRICE_NUMBER = re.compile(r"\d[\d.,'’\u00a0\u202f ]*\d|\d")
_CURRENCY_MARK = re.compile(r"[a-z€$£¥￥元円₹₩₽₺฿₫ł]+", re.IGNORECASE)
_ALLOWED = re.compile(
    r"[\s\d.,'’\u00a0\u202f€$£¥￥₹₩₽₺฿₫\-–—~～至到起约/*+()\[\]]|元|円|\b(?i:from|price|each|only|[a-z]{1,3})\b\.?"
)


def read_prices(cells: Iterable[str]) -> tuple[NDArray[np.float64], list[str]]:
    """Read amounts and currency codes from cells.

    Of a range such as "$12.99–$15" the lower bound is taken. "1,299.00", "1.299,00", "1 299,00" and "1'299" are the same
    kind of number: the last separator is the decimal one unless exactly three digits follow it and no other kind is there.

    Returns:
        float64, shape (n,): NaN where empty, unreadable or negative; and the ISO code or ``""`` where none is written.
    """
    amounts, codes, known = [], [], {}
    for cell in cells:
        if cell not in known:
            known[cell] = (_amount(cell), _currency(cell))
        amount, code = known[cell]
        amounts.append(amount)
        codes.append(code)
    return np.array(amounts, np.float64), codes


def _amount(cell: str) -> float:
    try:
        return _checked(float(cell))  # most cells are plain numbers
    except ValueError:
        pass
    text = cell.strip()
    if len(text) > 60 or _ALLOWED.sub("", text):
        return float("nan")
    amounts = [_number(match.group()) for match in _PRICE_NUMBER.finditer(text)]
    return _checked(min(amounts)) if amounts and not text.startswith(("-", "−")) else float("nan")


def _checked(amount: float) -> float:
    return amount if np.isfinite(amount) and amount >= 0 else float("nan")


def _number(text: str) -> float:
    digits = re.sub(r"[\s'’\u00a0\u202f]", "", text)
    last = max(digits.rfind(","), digits.rfind("."))
    if last < 0:
        return float(digits)
    mark = digits[last]
    other = "," if mark == "." else "."
    follows = len(digits) - last - 1
    if follows == 3 and other not in digits and not digits.startswith("0"):
        return float(digits.replace(mark, ""))
    return float(digits[:last].replace(",", "").replace(".", "") + "." + digits[last + 1 :])


def _currency(cell: str) -> str:
    code = _CURRENCY_CODE.search(cell)
    if code:
        return "CNY" if code.group().upper() == "RMB" else code.group().upper()
    for mark in _CURRENCY_MARK.findall(cell):
        if mark.casefold() in CURRENCIES:
            return CURRENCIES[mark.casefold()]
    return next((CURRENCIES[c] for c in cell if c in CURRENCIES), "")
