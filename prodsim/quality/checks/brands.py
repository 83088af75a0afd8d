"""Spelling variants of one brand."""

import difflib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from prodsim.findings import Finding
from prodsim.progress import Progress
from prodsim.quality.statistics import quoted, surest_first
from prodsim.quality.subject import Subject
from prodsim.text import CHINESE
from prodsim.traits import fold_brand

ALIKE = {"strict": 0.93, "usual": 0.88, "loose": 0.83}
"""How alike two names must be letter by letter (Ratcliff and Obershelp 1988) to be a slip of the pen."""
RARE = 0.2
"""A slip of the pen is at most this share as frequent as the name that it slipped from."""

_FIRM = re.compile(
    r"\b(?:inc|incorporated|ltd|limited|llc|gmbh|co|corp|corporation|company|plc|ag|sa|srl|bv|pty)\b\.?"
    r"|\bofficial(?: store)?\b"
    r"|\(.*?\)|（.*?）|官方|旗舰店|专卖店|专营店|股份|有限公司|公司|集团",
    re.IGNORECASE,
)
_NO_BRAND = re.compile(
    r"(?:no|non|without|un|sans|ohne|tanpa|tidak ada)[\s_-]*(?:brand|marke?|merk|marque)(?:s|ed|name)?"
    r"|generic|oem|none|unknown|n/?a|others?|(?:无|没有|暂无|其他|其它|未知)(?:品牌|牌子?)?|白牌|杂牌",
    re.IGNORECASE,
)
_HAN_RUN = re.compile(f"[{CHINESE}]+")
_LATIN_RUN = re.compile(rf"[^\W_{CHINESE}][^{CHINESE}/|]*")
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Same:
    """Why two spellings are one brand, and how sure that is."""

    why: str
    score: float


def check_brands(subject: Subject, progress: Progress) -> Sequence[Finding]:
    """One finding per brand that is spelt in several ways; the most frequent spelling is proposed."""
    products = subject.catalog.products
    count = Counter(brand for brand in products["brand"] if brand)
    sells = _categories(products)
    pairs = dict(_pairs(count, sells, ALIKE[subject.level]))
    progress.advance(len(products) // 2)
    found = [_finding(products, group, count, pairs) for group in _groups(count, pairs)]
    progress.advance(len(products) - len(products) // 2)
    return surest_first(found)


def is_no_brand(brand: str) -> bool:
    """Whether a name says that there is no brand, as "No Brand", "generic" and 无品牌 do; an empty one does."""
    return not brand or _NO_BRAND.fullmatch(brand.strip()) is not None


def _pairs(
    count: Mapping[str, int], sells: Mapping[str, frozenset[str]], alike: float
) -> Iterator[tuple[frozenset[str], _Same]]:
    """Pairs of spellings of one brand, or of none; the surest reason of a pair comes last."""
    none = [brand for brand in count if is_no_brand(brand)]
    yield from _sharing({brand: ["none"] for brand in none}, _Same("all say that there is none", 0.95))
    count = {brand: n for brand, n in count.items() if brand not in none}
    yield from _slips(count, sells, alike)
    yield from _initials(count, sells)
    yield from _sharing({brand: _names(brand) for brand in count}, _Same("one is a part of the double name", 0.9))
    yield from _sharing({brand: [_bare(brand)] for brand in count}, _Same("they differ in signs and additions", 0.95))
    folded = {brand: [unaccented(fold_brand(brand))] for brand in count}
    yield from _sharing(folded, _Same("they differ in signs and capitals", 0.99))


def _sharing(keys: Mapping[str, Sequence[str]], same: _Same) -> Iterator[tuple[frozenset[str], _Same]]:
    """Brands that share a key, each with the most frequent one (the first)."""
    of_key: dict[str, list[str]] = defaultdict(list)
    for brand, own in keys.items():
        for key in {key for key in own if any(letter.isalpha() for letter in key)}:  # some say one name twice
            of_key[key].append(brand)
    for brands in of_key.values():
        for other in brands[1:]:
            yield frozenset((brands[0], other)), same


def _initials(count: Mapping[str, int], sells: Mapping[str, frozenset[str]]) -> Iterator[tuple[frozenset[str], _Same]]:
    """*HP* and *Hewlett-Packard*, if both sell in one category and no other brand there has these initials."""
    short = [brand for brand in count if 2 <= len(fold_brand(brand)) <= 4 and fold_brand(brand).isalpha()]
    having: dict[str, list[str]] = defaultdict(list)
    for brand in count:
        words = _WORDS.findall(_FIRM.sub(" ", brand))
        if len(words) >= 2:
            having["".join(word[0] for word in words).casefold()].append(brand)
    for brand in short:
        others = [other for other in having[fold_brand(brand)] if other != brand and sells[other] & sells[brand]]
        if len({_bare(other) for other in others}) == 1:
            yield from ((frozenset((brand, other)), _Same("one is the initials of the other", 0.7)) for other in others)


def _slips(
    count: Mapping[str, int], sells: Mapping[str, frozenset[str]], alike: float
) -> Iterator[tuple[frozenset[str], _Same]]:
    """Rare names that are nearly a frequent one of the same categories.

    Only names that are equal after taking a letter out of each are compared, which all single slips are.
    """
    names = {brand: unaccented(fold_brand(brand)) for brand in count}
    near: dict[str, set[str]] = defaultdict(set)
    for brand, name in names.items():
        if len(name) >= 5 and name.isascii() and not any(letter.isdigit() for letter in name):
            for place in range(len(name)):
                near[name[:place] + name[place + 1 :]].add(brand)
            near[name].add(brand)
    tried = {frozenset(pair) for brands in near.values() for pair in combinations(brands, 2)}
    for pair in sorted(tried, key=sorted):
        rare, usual = sorted(pair, key=lambda brand: (count[brand], brand))
        ratio = difflib.SequenceMatcher(None, names[rare], names[usual]).ratio()
        if ratio >= alike and count[rare] <= max(RARE * count[usual], 1) < count[usual] and sells[rare] & sells[usual]:
            yield pair, _Same("they differ in a letter", 0.3 + 0.4 * ratio)


def _groups(count: Mapping[str, int], pairs: Mapping[frozenset[str], _Same]) -> list[list[str]]:
    """Spellings joined by pairs, the most frequent first; groups in the order of their brands."""
    leader = {brand: brand for brand in count}

    def find(brand: str) -> str:
        while leader[brand] != brand:
            brand = leader[brand]
        return brand

    for pair in pairs:
        one, other = sorted(map(find, pair), key=lambda brand: -count[brand])
        leader[other] = one
    groups: dict[str, list[str]] = defaultdict(list)
    for brand in count:
        groups[find(brand)].append(brand)
    return [sorted(group, key=lambda brand: -count[brand]) for group in groups.values() if len(group) > 1]


def _finding(
    products: pd.DataFrame, group: Sequence[str], count: Mapping[str, int], pairs: Mapping[frozenset[str], _Same]
) -> Finding:
    usual, others = group[0], group[1:]
    reasons = [same for pair, same in pairs.items() if pair <= set(group)]
    weakest = min(reasons, key=lambda same: same.score)
    spellings = ", ".join(f"{quoted(brand, 40)} ({count[brand]:,})" for brand in group)
    return Finding(
        "brand spelling", f"{spellings} look like one brand: {weakest.why}.",
        tuple(products["sku"][products["brand"].isin(others)]), 0.4, weakest.score, column="brand",
        evidence={"spellings": {brand: count[brand] for brand in group}, "canonical": usual},
        proposal=f"Write {quoted(usual, 40)} everywhere.",
    )  # fmt: skip


def _names(brand: str) -> list[str]:
    """The Chinese and the Latin name of a brand, each folded; those of one letter tell nothing."""
    bare = _FIRM.sub(" ", brand)
    parts = [*_HAN_RUN.findall(bare), *_LATIN_RUN.findall(bare)]
    return [name for name in (unaccented(fold_brand(part)) for part in parts) if len(name) >= 2]


def _bare(brand: str) -> str:
    return unaccented(fold_brand(_FIRM.sub(" ", brand)))


def unaccented(text: str) -> str:
    """A text without the marks on its letters: *lancôme* gives *lancome*."""
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


def _categories(products: pd.DataFrame) -> dict[str, frozenset[str]]:
    """The categories that each brand sells in; a catalog without categories is one."""
    return {str(brand): frozenset(own) for brand, own in products["category"].groupby(products["brand"])}
