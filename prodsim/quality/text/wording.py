"""Texts that say little: placeholders, a word or two, boilerplate, capitals, one word again and again."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np

from prodsim.findings import Finding
from prodsim.phrases import Text, phrase
from prodsim.quality.sentences import quote
from prodsim.quality.statistics import is_shared_by_many
from prodsim.quality.subject import Level, Subject
from prodsim.quality.text.text_fault import (
    CHINESE_CHARACTER,
    LETTER,
    TOKEN,
    ColumnFault,
    TextFault,
    count_words,
    find_faulty,
)

MIN_REPEATS: Mapping[Level, int] = {"strict": 5, "usual": 4, "loose": 3}
"""Times that a title must have one word to be stuffed with it."""
MIN_REPEATED_SHARE = 0.1
"""Share of the title's words that it must be."""
MIN_BOILERPLATE = 4
"""Words of a sentence that is boilerplate where hundreds share it."""
MAX_SHOUTING = 0.5
"""Share of a column's texts in capitals from which they are its style."""

PLACEHOLDER = Text("{products}: the {column} {text} is a placeholder.")
WITH_PLACEHOLDER = Text("{products}: the {column} {text} contains a placeholder.")
BRAND_ALONE = Text("{products}: the {column} {text} is just the brand.")
WITHOUT_WORDS = Text("{products}: the {column} {text} has no words.")
ONE_WORD = Text("{products}: the {column} {text} has one word, where {usual:.0f} are usual.")
FEW_WORDS = Text("{products}: the {column} {text} has {n} words, where {usual:.0f} are usual.")
IN_CAPITALS = Text("{products}: the {column} {text} is all in capitals.")
WITH_EXCLAMATIONS = Text("{products}: the {column} {text} contains {marks}.")
REPEATED_WORD = Text("{products}: the {column} {text} contains {word} {n} times.")

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")
_PLACEHOLDER = re.compile(
    r"(?:test(?:ing)?(?:[\s_-]*(?:product|item|article|title|name|description|text|entry|sku|brand))?[\s_#-]*\d*"
    r"|(?:dummy|sample|example|demo|new|untitled)[\s_-]*(?:product|item|article|title|text|description)[\s_#-]*\d*"
    r"|untitled|no (?:title|name|description)(?: available)?|title|(?:product|item) (?:title|name|description)"
    r"|description|place\s?holder|to be (?:determined|announced|added|confirmed)|coming soon"
    r"|tb[dac]|todo|fixme|n\.?/?a\.?|none|null|nan|undefined|unknown|x{3,}|asdf\w*|qwert\w*|foo(?:\s?bar)?|-+|\.+|\?+"
    r"|暂无(?:描述|标题|名称|数据|信息|介绍|品牌|内容)?|测试(?:商品|产品|标题|描述|数据|链接|专用|品牌)*\s*\d*"
    r"|待(?:补充|定|完善|添加|更新|编辑)|无(?:标题|名称|描述)|未(?:命名|填写|知)|占位符?|示例(?:商品|产品)?"
    r"|(?:商品|产品)(?:标题|名称|描述)|空|无)[.。!！…]*",
    re.IGNORECASE,
)
_PLACEHOLDER_WITHIN = re.compile(
    r"\blorem ipsum\b|\bdo not (?:buy|order|ship)\b|\btest (?:product|listing)\b|请勿(?:购买|拍下?|下单)|测试商品",
    re.IGNORECASE,
)
_EXCLAIMED = re.compile(r"[!！]{3,}")
_LITTLE = frozenset(
    ("the", "and", "for", "with", "und", "mit", "der", "die", "das", "les", "des", "pour",
     "inch", "pack", "set", "side")
)  # fmt: skip
"""Words that a title may well repeat."""
_WRITE_REAL = {
    "title": Text("Write a title that says what the product is."),
    "description": Text("Write the real description, or leave it empty."),
    "brand": Text("Write the real brand, or leave it empty."),
}


def find_placeholders(subject: Subject) -> Iterator[Finding]:
    """Yield texts that stand where another should be."""
    for field, severity in (("title", 0.9), ("description", 0.5), ("brand", 0.4)):
        shared = ColumnFault("placeholder", field, severity, _WRITE_REAL[field](), is_of_product=True)
        yield from find_faulty(subject, shared, _placeholder)


def is_placeholder(text: str) -> bool:
    """Return whether a text stands where another should be."""
    return _placeholder(text) is not None


def _placeholder(text: str) -> TextFault | None:
    """Return the fault of a text that is a placeholder or contains one."""
    if _PLACEHOLDER.fullmatch(text):
        return TextFault(PLACEHOLDER, 0.98)
    return TextFault(WITH_PLACEHOLDER) if _PLACEHOLDER_WITHIN.search(text) else None


def find_nearly_empty(subject: Subject) -> Iterator[Finding]:
    """Yield titles that name nothing, and descriptions of far fewer words than usual; placeholders are a kind apart."""
    usual = np.median([count_words(text) for text in subject.catalog.products["description"] if text] or [0])
    named = zip(subject.catalog.products["title"], subject.catalog.products["brand"], strict=True)
    bare = {title for title, brand in named if brand and title.casefold() == brand.casefold()}

    def inspect_title(title: str) -> TextFault | None:
        if title in bare:
            return TextFault(BRAND_ALONE)
        has_words = len(LETTER.findall(title)) >= 2 or CHINESE_CHARACTER.search(title)
        return None if has_words or is_placeholder(title) else TextFault(WITHOUT_WORDS)

    def inspect_description(text: str) -> TextFault | None:
        n = count_words(text)
        is_short = usual >= 10 and n <= usual / 10 and not is_placeholder(text)
        return TextFault(ONE_WORD if n == 1 else FEW_WORDS, 0.8, {"n": n, "usual": usual}) if is_short else None

    titles = ColumnFault("nearly empty", "title", 0.7, phrase("Write a title that says what the product is."))
    yield from find_faulty(subject, titles, inspect_title)
    descriptions = ColumnFault("nearly empty", "description", 0.4, phrase("Write a description."))
    yield from find_faulty(subject, descriptions, inspect_description)


def find_boilerplate(subject: Subject) -> Iterator[Finding]:
    """Yield sentences of the descriptions that hundreds of products of several categories share."""
    products = subject.catalog.products
    sentences = [frozenset(filter(None, map(str.strip, _SENTENCE_END.split(text)))) for text in products["description"]]
    count = Counter(sentence for own in sentences for sentence in own)
    for sentence, n in count.items():
        if not is_shared_by_many(n, subject.catalog) or count_words(sentence) < MIN_BOILERPLATE:
            continue
        rows = [row for row, own in enumerate(sentences) if sentence in own]
        if products["category"].iloc[rows].nunique() == 1 < products["category"].nunique():
            continue
        what = phrase(
            "{n:,} of {total:,} descriptions contain {sentence}, which says nothing about the product.",
            n=n, total=len(products), sentence=quote(sentence),
        )  # fmt: skip
        yield Finding(
            "boilerplate", what, tuple(products["sku"].iloc[rows]), 0.3, min(0.5 + n / len(products), 0.95),
            column="description", evidence={"text": sentence, "products": n},
            proposal=phrase("Remove it, so that search and shoppers see what is special about each product."),
        )  # fmt: skip


def find_shouting(subject: Subject) -> Iterator[Finding]:
    """Yield titles and descriptions all in capitals, or with three exclamation marks, where most are not."""
    for field in ("title", "description"):
        texts = [text for text in subject.catalog.products[field] if text]
        if texts and np.mean([_shouting(text) is not None for text in texts]) <= MAX_SHOUTING:
            proposal = phrase("Use normal capitals and punctuation.")
            yield from find_faulty(subject, ColumnFault("capitals", field, 0.2, proposal), _shouting)


def _shouting(text: str) -> TextFault | None:
    """Return the fault of three words or more with all letters in capitals, or of exclamation marks.

    "USB-C HDMI" does not shout.
    """
    if text.isupper() and sum(len(word) > 2 and word.isalpha() and word.isascii() for word in text.split()) >= 3:
        return TextFault(IN_CAPITALS)
    marks = _EXCLAIMED.search(text)
    return TextFault(WITH_EXCLAMATIONS, 0.7, {"marks": quote(marks.group()[:5])}) if marks else None


def find_keyword_stuffing(subject: Subject) -> Iterator[Finding]:
    """Yield titles that repeat a word again and again."""

    def inspect(title: str) -> TextFault | None:
        word, n, share = _most_repeated(title)
        is_stuffed = n >= MIN_REPEATS[subject.level] and share >= MIN_REPEATED_SHARE
        return TextFault(REPEATED_WORD, min(0.6 + share, 0.95), {"word": quote(word), "n": n}) if is_stuffed else None

    shared = ColumnFault("keyword stuffing", "title", 0.3, phrase("Use each word once."))
    yield from find_faulty(subject, shared, inspect)


def _most_repeated(title: str) -> tuple[str, int, float]:
    """Return the most frequent word, how often it occurs, and its share of the title; Chinese by two characters."""
    tokens = TOKEN.findall(title.casefold())
    words = [token for token in tokens if len(token) > 2 and token.isalpha() and token not in _LITTLE]
    pairs = [a + b for a, b in pairwise(tokens) if CHINESE_CHARACTER.match(a) and CHINESE_CHARACTER.match(b)]
    count = Counter(words + pairs)
    word, n = max(count.items(), key=lambda item: item[1], default=("", 0))
    return word, n, n / max(len(tokens), 1)
