"""Currencies as people write them: codes, signs, words, and what a place pays in."""

import re
from collections.abc import Mapping
from functools import lru_cache

SIGNS: Mapping[str, tuple[str, ...]] = {
    "€": ("EUR",), "euro": ("EUR",), "euros": ("EUR",), "eur": ("EUR",), "евро": ("EUR",), "ευρώ": ("EUR",), "欧元": ("EUR",), "歐元": ("EUR",), "ユーロ": ("EUR",), "유로": ("EUR",), "يورو": ("EUR",),
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP", "BRL", "UYU", "JMD", "TTD", "BSD", "BBD", "NAD", "FJD"),
    "us$": ("USD",), "u$s": ("USD",), "u$d": ("USD",), "us dollar": ("USD",), "dollar": ("USD",), "dollars": ("USD",), "usd$": ("USD",), "美元": ("USD",), "美金": ("USD",), "ドル": ("USD",), "달러": ("USD",), "долл": ("USD",), "دولار": ("USD",),
    "a$": ("AUD",), "au$": ("AUD",), "aud$": ("AUD",), "c$": ("CAD",), "ca$": ("CAD",), "cad$": ("CAD",), "can$": ("CAD",), "cdn$": ("CAD",), "nz$": ("NZD",), "s$": ("SGD",), "sg$": ("SGD",), "hk$": ("HKD",), "港币": ("HKD",), "港幣": ("HKD",), "港元": ("HKD",),
    "nt$": ("TWD",), "nt": ("TWD",), "新台幣": ("TWD",), "新臺幣": ("TWD",), "台幣": ("TWD",), "ntd": ("TWD",), "mx$": ("MXN",), "mex$": ("MXN",), "mxn$": ("MXN",), "m.n.": ("MXN",), "ar$": ("ARS",), "cl$": ("CLP",), "clp$": ("CLP",), "co$": ("COP",), "col$": ("COP",),
    "r$": ("BRL",), "reais": ("BRL",), "$u": ("UYU",), "s/": ("PEN",), "s/.": ("PEN",), "bs.": ("BOB",), "₲": ("PYG",), "₡": ("CRC",), "rd$": ("DOP",), "j$": ("JMD",), "tt$": ("TTD",), "mop$": ("MOP",), "bds$": ("BBD",), "ec$": ("XCD",), "n$": ("NAD",), "z$": ("ZWL",), "pesos": ("MXN", "ARS", "CLP", "COP", "PHP"),
    "£": ("GBP", "EGP"), "gbp£": ("GBP",), "e£": ("EGP",), "ج.م": ("EGP",), "جنيه": ("EGP",),
    "¥": ("CNY", "JPY"), "元": ("CNY", "TWD", "HKD"), "圆": ("CNY",), "圓": ("TWD", "CNY", "JPY"), "块": ("CNY",), "人民币": ("CNY",), "人民幣": ("CNY",), "rmb": ("CNY",), "cn¥": ("CNY",), "円": ("JPY",), "jp¥": ("JPY",), "yen": ("JPY",), "日元": ("JPY",), "日圓": ("JPY",), "엔": ("JPY",), "위안": ("CNY",),
    "₩": ("KRW",), "원": ("KRW",), "won": ("KRW",), "₹": ("INR",), "rs": ("INR", "PKR", "LKR", "NPR", "MUR"), "rs.": ("INR", "PKR", "LKR", "NPR", "MUR"), "₨": ("PKR", "INR", "LKR", "NPR", "MUR"), "रु": ("INR",), "रू": ("NPR",), "rupees": ("INR",), "৳": ("BDT",), "tk": ("BDT",), "tk.": ("BDT",), "रु.": ("INR",),
    "kr": ("SEK", "NOK", "DKK", "ISK"), "kr.": ("DKK", "NOK", "SEK", "ISK"), "kronor": ("SEK",), "kroner": ("NOK", "DKK"), "skr": ("SEK",), "nkr": ("NOK",), "dkr": ("DKK",), "króna": ("ISK",),
    "zł": ("PLN",), "zl": ("PLN",), "złotych": ("PLN",), "pln": ("PLN",), "kč": ("CZK",), "kc": ("CZK",), "kčs": ("CZK",), "ft": ("HUF",), "forint": ("HUF",), "lei": ("RON", "MDL"), "leu": ("RON", "MDL"), "ron": ("RON",), "лв": ("BGN",), "лв.": ("BGN",), "lv": ("BGN",), "kn": ("HRK",), "din": ("RSD",), "din.": ("RSD",), "дин": ("RSD",), "дин.": ("RSD",), "rsd": ("RSD",), "ден": ("MKD",), "lek": ("ALL",),
    "₽": ("RUB",), "руб": ("RUB",), "руб.": ("RUB",), "р": ("RUB", "BYN"), "р.": ("RUB", "BYN"), "рублей": ("RUB",), "рубль": ("RUB",), "рубли": ("RUB",), "rub": ("RUB",), "rub.": ("RUB",), "бел. руб.": ("BYN",), "br": ("BYN", "ETB"), "₴": ("UAH",), "грн": ("UAH",), "грн.": ("UAH",), "гривень": ("UAH",), "uah": ("UAH",), "₸": ("KZT",), "тг": ("KZT",), "тнг": ("KZT",), "тенге": ("KZT",), "сум": ("UZS",), "so'm": ("UZS",), "сом": ("KGS",), "₾": ("GEL",), "лари": ("GEL",), "֏": ("AMD",), "դր": ("AMD",), "₼": ("AZN",), "ман": ("AZN",), "₮": ("MNT",),
    "₺": ("TRY",), "tl": ("TRY",), "lira": ("TRY",), "₪": ("ILS",), 'ש"ח': ("ILS",), "ש״ח": ("ILS",), "שח": ("ILS",), "שקל": ("ILS",), "nis": ("ILS",),
    "﷼": ("SAR", "IRR", "QAR", "OMR", "YER"), "ریال": ("SAR", "IRR", "QAR", "OMR", "YER"), "تومان": ("IRR",), "ر.س": ("SAR",), "ر.س.": ("SAR",), "ريال": ("SAR", "QAR", "OMR", "YER"), "ريال سعودي": ("SAR",), "sr": ("SAR",), "د.إ": ("AED",), "د.إ.": ("AED",), "درهم": ("AED", "MAD"), "dhs": ("AED",), "dh": ("AED", "MAD"), "د.م": ("MAD",), "د.م.": ("MAD",), "د.ك": ("KWD",), "د.ك.": ("KWD",), "kd": ("KWD",), "ر.ق": ("QAR",), "ر.ق.": ("QAR",), "qr": ("QAR",), "ر.ع": ("OMR",), "ر.ع.": ("OMR",), "د.ب": ("BHD",), "د.ب.": ("BHD",), "د.أ": ("JOD",), "د.أ.": ("JOD",), "jd": ("JOD",), "ل.ل": ("LBP",), "ل.ل.": ("LBP",), "د.ع": ("IQD",), "د.ع.": ("IQD",), "د.ت": ("TND",), "د.ت.": ("TND",), "د.ج": ("DZD",), "د.ج.": ("DZD",),
    "฿": ("THB",), "บาท": ("THB",), "baht": ("THB",), "₫": ("VND",), "đ": ("VND",), "vnđ": ("VND",), "vnd": ("VND",), "đồng": ("VND",), "rp": ("IDR",), "rp.": ("IDR",), "rupiah": ("IDR",), "rm": ("MYR",), "ringgit": ("MYR",), "₱": ("PHP",), "php": ("PHP",), "piso": ("PHP",), "₭": ("LAK",), "៛": ("KHR",), "b/.": ("PAB",),
    "chf": ("CHF",), "fr": ("CHF",), "fr.": ("CHF",), "sfr": ("CHF",), "sfr.": ("CHF",), "franken": ("CHF",), "fcfa": ("XOF",), "cfa": ("XOF",), "f cfa": ("XOF",),
    "₦": ("NGN",), "naira": ("NGN",), "rand": ("ZAR",), "ksh": ("KES",), "kshs": ("KES",), "kes": ("KES",), "ksh.": ("KES",), "ush": ("UGX",), "tsh": ("TZS",), "gh₵": ("GHS",), "₵": ("GHS",), "gh¢": ("GHS",), "₿": ("XBT",),
}  # fmt: skip
"""A sign or word to the codes that it may mean, the likeliest first. Lower case; ¥ and £ also stand for their full-width forms."""

LANGUAGE_CURRENCIES: Mapping[str, tuple[str, ...]] = {
    "ja": ("JPY",), "zh-CN": ("CNY",), "zh": ("CNY",), "zh-TW": ("TWD", "HKD"), "ko": ("KRW",), "sv": ("SEK",), "da": ("DKK",), "no": ("NOK",), "is": ("ISK",), "pl": ("PLN",), "cs": ("CZK",),
    "sk": ("EUR",), "hu": ("HUF",), "ro": ("RON",), "ru": ("RUB",), "uk": ("UAH",), "tr": ("TRY",), "he": ("ILS",), "vi": ("VND",), "th": ("THB",), "id": ("IDR",), "pt": ("BRL", "EUR"), "ar": ("SAR", "AED", "EGP"),
    "es": ("EUR", "MXN", "ARS", "CLP", "COP"), "de": ("EUR", "CHF"), "fr": ("EUR", "CHF", "CAD"), "it": ("EUR", "CHF"), "nl": ("EUR",), "fi": ("EUR",), "el": ("EUR",),
}  # fmt: skip
"""What the countries of a language mostly pay in, to decide between the codes that a sign may mean."""
WITHOUT_DECIMALS = frozenset(
    ("JPY", "KRW", "VND", "IDR", "CLP", "PYG", "ISK", "HUF", "UGX", "XOF", "COP", "IRR", "LAK", "KHR", "UZS")
)
"""Currencies of which prices in shops have no decimals: a point or comma before three digits groups them."""
THREE_DECIMALS = frozenset(("KWD", "BHD", "OMR", "JOD", "TND", "LYD", "IQD"))
"""Currencies of which prices have three decimals."""
_WITHOUT_MINOR_UNIT = frozenset(
    (
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    )
)
"""By ISO 4217; CLDR, which says how prices are shown, also has none for HUF and IDR, which are counted in hundredths."""

_OLD_CODES = {
    "RMB": "CNY",
    "NTD": "TWD",
    "RUR": "RUB",
    "YTL": "TRY",
    "LEI": "RON",
    "VNĐ": "VND",
    "STG": "GBP",
    "CNH": "CNY",
}
_CODE = re.compile(r"[A-Za-z]{3}")
_COMMON = frozenset(
    [
        "USD",
        "EUR",
        "GBP",
        "CNY",
        "JPY",
        "INR",
        "CHF",
        "SEK",
        "NOK",
        "DKK",
        "PLN",
        "CZK",
        "HUF",
        "AUD",
        "CAD",
        "NZD",
        "HKD",
        "TWD",
        "SGD",
        "MYR",
        "IDR",
        "PHP",
        "THB",
        "VND",
        "KRW",
        "BRL",
        "MXN",
        "TRY",
        "SAR",
        "AED",
        "ZAR",
        "RUB",
        "UAH",
        "ILS",
        "RON",
        "BGN",
        "RMB",
    ]
)
"""Codes that people also write in lower case; others are words too often: all, cup, gel, pen, top."""
_SURE_TOKENS = re.compile(
    r"[^\w\s.]|[a-z]{0,3}\$|kč|zł|руб\.?|грн\.?|円|元|원|บาท|ft|lei|kr\.?|tl|rp|лв\.?|₽", re.IGNORECASE
)


@lru_cache(maxsize=1)
def codes() -> frozenset[str]:
    """Return the ISO 4217 codes, also those of former currencies."""
    from babel.numbers import list_currencies  # reads locale data, which only files with prices pay for

    return frozenset(list_currencies()) - {"XXX", "XTS"}


def code_of(word: str) -> str:
    """Return the ISO code that a word is, whatever its case, as it is written today; else ``""``."""
    upper = word.upper()
    if upper in _OLD_CODES:
        return _OLD_CODES[upper]
    return upper if _CODE.fullmatch(word) and upper in codes() else ""


def minor_digits(code: str) -> int:
    """Return the decimal digits of a currency's minor unit by ISO 4217: 0 for JPY, 3 for KWD, 2 for most."""
    return 0 if code in _WITHOUT_MINOR_UNIT else 3 if code in THREE_DECIMALS else 2


def written_code(word: str) -> str:
    """Return the ISO code that a word of a text is; in lower or mixed case only the common ones count."""
    return code_of(word) if word.isupper() or word.upper() in _COMMON else ""


@lru_cache(maxsize=4096)
def currency_of_token(token: str) -> str:
    """Return the currency that a token of a column's name names: EUR, €, Kč, руб.; ``""`` for other words."""
    token = token.strip()
    if not token:
        return ""
    if code := written_code(token):
        return code
    possible = SIGNS.get(token.casefold(), ())
    return possible[0] if possible and _SURE_TOKENS.fullmatch(token) else ""


@lru_cache(maxsize=4096)
def codes_of_sign(sign: str) -> tuple[str, ...]:
    """Return the codes that a sign, word or code written beside an amount may mean, the likeliest first."""
    code = written_code(sign)
    return (code,) if code else SIGNS.get(sign.casefold(), ())
