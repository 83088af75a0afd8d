"""Spelling variants of one brand."""

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from prodsim.findings import Finding
from prodsim.phrases import Text, phrase
from prodsim.progress import Progress
from prodsim.quality.fields.brand_names import COMPANY_WORDS, bare_name, is_no_brand, partial_names, unaccented
from prodsim.quality.sentences import quote
from prodsim.quality.statistics import surest_first
from prodsim.quality.subject import Level, Subject
from prodsim.traits import fold_brand

MIN_LETTERS_ALIKE: Mapping[Level, float] = {"strict": 0.93, "usual": 0.88, "loose": 0.83}
"""How similar two names must be letter by letter (Ratcliff and Obershelp 1988) to be a slip of the pen."""
MAX_SLIP_SHARE = 0.2
"""A slip of the pen is at most this share as frequent as the name that it slipped from."""

_BRAND_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why two spellings are one brand.

    Attributes:
        sentence: with the ``{spellings}``.
        score: how sure it is, 0 to 1.
    """

    sentence: Text
    score: float


NO_BRAND = _Reason(Text("{spellings} all mean that there is no brand."), 0.95)
PART_OF_NAME = _Reason(Text("{spellings} look like one brand: one name is a part of the other."), 0.9)
ADDITIONS = _Reason(
    Text("{spellings} look like one brand: they differ only in punctuation and additions such as a legal form."),
    0.95,
)
PUNCTUATION = _Reason(Text("{spellings} look like one brand: they differ only in punctuation and capitals."), 0.99)
INITIALS = _Reason(Text("{spellings} look like one brand: one name is the initials of the other."), 0.7)
ONE_LETTER = Text("{spellings} look like one brand: they differ in one letter.")

Sales = Mapping[str, frozenset[str]]
"""A brand to the categories that it sells in."""
Link = tuple[frozenset[str], _Reason]
"""Two spellings of one brand, and why."""


def check_brands(subject: Subject, progress: Progress) -> Sequence[Finding]:
    """Find brands that are spelt in several ways, a finding each; the most frequent spelling is proposed."""
    products = subject.catalog.products
    count = Counter(brand for brand in products["brand"] if brand)
    # A catalog without categories counts as one category.
    sales = {str(brand): frozenset(paths) for brand, paths in products["category"].groupby(products["brand"])}
    reason_of = dict(_links(count, sales, MIN_LETTERS_ALIKE[subject.level]))
    progress.advance(len(products) // 2)
    findings = [_finding(products, group, count, reason_of) for group in _groups(count, reason_of)]
    progress.advance(len(products) - len(products) // 2)
    return surest_first(findings)


def _links(count: Mapping[str, int], sales: Sales, min_alike: float) -> Iterator[Link]:
    """Yield pairs of spellings of one brand, or of none; the surest reason of a pair comes last."""
    none = [brand for brand in count if is_no_brand(brand)]
    yield from _sharing_a_key({brand: ["none"] for brand in none}, NO_BRAND)
    count = {brand: n for brand, n in count.items() if brand not in none}
    yield from _slips(count, sales, min_alike)
    yield from _initials(count, sales)
    yield from _sharing_a_key({brand: partial_names(brand) for brand in count}, PART_OF_NAME)
    yield from _sharing_a_key({brand: [bare_name(brand)] for brand in count}, ADDITIONS)
    yield from _sharing_a_key({brand: [unaccented(fold_brand(brand))] for brand in count}, PUNCTUATION)


def _sharing_a_key(keys_of: Mapping[str, Sequence[str]], reason: _Reason) -> Iterator[Link]:
    """Yield brands that share a key, each with the most frequent one (the first)."""
    brands_of: dict[str, list[str]] = defaultdict(list)
    for brand, keys in keys_of.items():
        for key in {key for key in keys if any(letter.isalpha() for letter in key)}:  # some give one name twice
            brands_of[key].append(brand)
    for brands in brands_of.values():
        for other in brands[1:]:
            yield frozenset((brands[0], other)), reason


def _initials(count: Mapping[str, int], sales: Sales) -> Iterator[Link]:
    """Yield *HP* and *Hewlett-Packard*, if both sell in one category and no other brand there has these initials."""
    short = [brand for brand in count if 2 <= len(fold_brand(brand)) <= 4 and fold_brand(brand).isalpha()]
    with_initials: dict[str, list[str]] = defaultdict(list)
    for brand in count:
        words = _BRAND_WORD.findall(COMPANY_WORDS.sub(" ", brand))
        if len(words) >= 2:
            with_initials["".join(word[0] for word in words).casefold()].append(brand)
    for brand in short:
        others = [other for other in with_initials[fold_brand(brand)] if other != brand and sales[other] & sales[brand]]
        if len({bare_name(other) for other in others}) == 1:
            yield from ((frozenset((brand, other)), INITIALS) for other in others)


def _slips(count: Mapping[str, int], sales: Sales, min_alike: float) -> Iterator[Link]:
    """Yield rare names that are nearly a frequent one of the same categories.

    Only names that are equal after taking a letter out of each are compared, which all single slips are.
    """
    names = {brand: unaccented(fold_brand(brand)) for brand in count}
    near: dict[str, set[str]] = defaultdict(set)
    for brand, name in names.items():
        if len(name) >= 5 and name.isascii() and not any(letter.isdigit() for letter in name):
            for place in range(len(name)):
                near[name[:place] + name[place + 1 :]].add(brand)
            near[name].add(brand)
    pairs = {frozenset(pair) for brands in near.values() for pair in combinations(brands, 2)}
    for pair in sorted(pairs, key=sorted):
        rare, usual = sorted(pair, key=lambda brand: (count[brand], brand))
        ratio = difflib.SequenceMatcher(None, names[rare], names[usual]).ratio()
        is_rarer = count[rare] <= max(MAX_SLIP_SHARE * count[usual], 1) < count[usual]
        if ratio >= min_alike and is_rarer and sales[rare] & sales[usual]:
            yield pair, _Reason(ONE_LETTER, 0.3 + 0.4 * ratio)


def _groups(count: Mapping[str, int], pairs: Mapping[frozenset[str], _Reason]) -> list[list[str]]:
    """Join spellings by pairs, the most frequent first; groups in the order of their brands."""
    leader = {brand: brand for brand in count}

    def find(brand: str) -> str:
        while leader[brand] != brand:
            brand = leader[brand]
        return brand

    for pair in pairs:
        frequent, rare = sorted(map(find, pair), key=lambda brand: -count[brand])
        leader[rare] = frequent
    groups: dict[str, list[str]] = defaultdict(list)
    for brand in count:
        groups[find(brand)].append(brand)
    return [sorted(group, key=lambda brand: -count[brand]) for group in groups.values() if len(group) > 1]


def _finding(
    products: pd.DataFrame, group: Sequence[str], count: Mapping[str, int], reason_of: Mapping[frozenset[str], _Reason]
) -> Finding:
    """Make the finding of a brand's spellings, as sure as the weakest reason to join them."""
    usual, others = group[0], group[1:]
    reasons = [reason for pair, reason in reason_of.items() if pair <= set(group)]
    weakest = min(reasons, key=lambda reason: reason.score)
    spellings = ", ".join(f"{quote(brand, 40)} ({count[brand]:,})" for brand in group)
    return Finding(
        "brand spelling", weakest.sentence(spellings=spellings),
        tuple(products["sku"][products["brand"].isin(others)]), 0.4, weakest.score, column="brand",
        evidence={"spellings": {brand: count[brand] for brand in group}, "canonical": usual},
        proposal=phrase("Use {brand} everywhere.", brand=quote(usual, 40)),
    )  # fmt: skip
