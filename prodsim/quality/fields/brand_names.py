"""Names of brands without what companies add to them."""

import re
import unicodedata

from prodsim.text import CHINESE
from prodsim.traits import fold_brand

COMPANY_WORDS = re.compile(
    r"\b(?:inc|incorporated|ltd|limited|llc|gmbh|co|corp|corporation|company|plc|ag|sa|srl|bv|pty)\b\.?"
    r"|\bofficial(?: store)?\b"
    r"|\(.*?\)|（.*?）|官方|旗舰店|专卖店|专营店|股份|有限公司|公司|集团",
    re.IGNORECASE,
)
"""What companies add to a brand: legal forms, official stores, anything in brackets."""

_NO_BRAND = re.compile(
    r"(?:no|non|without|un|sans|ohne|tanpa|tidak ada)[\s_-]*(?:brand|marke?|merk|marque)(?:s|ed|name)?"
    r"|generic|oem|none|unknown|n/?a|others?|(?:无|没有|暂无|其他|其它|未知)(?:品牌|牌子?)?|白牌|杂牌",
    re.IGNORECASE,
)
_CHINESE_NAME = re.compile(f"[{CHINESE}]+")
_LATIN_RUN = re.compile(rf"[^\W_{CHINESE}][^{CHINESE}/|]*")


def is_no_brand(brand: str) -> bool:
    """Return whether a name says that there is no brand, as "No Brand", "generic" and 无品牌 do; an empty one does."""
    return not brand or _NO_BRAND.fullmatch(brand.strip()) is not None


def bare_name(brand: str) -> str:
    """Return a brand as it is compared, without accents and ``COMPANY_WORDS``."""
    return unaccented(fold_brand(COMPANY_WORDS.sub(" ", brand)))


def partial_names(brand: str) -> list[str]:
    """Return the Chinese and the Latin name of a brand, as they are compared; those of one letter say nothing."""
    bare = COMPANY_WORDS.sub(" ", brand)
    parts = [*_CHINESE_NAME.findall(bare), *_LATIN_RUN.findall(bare)]
    return [name for name in (unaccented(fold_brand(part)) for part in parts) if len(name) >= 2]


def unaccented(text: str) -> str:
    """Take the marks off the letters of a text: *lancôme* gives *lancome*."""
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))
