"""What people wrote that is no text: placeholders, next to nothing, boilerplate, shouting, one word again and again."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from prodsim.findings import Finding
from prodsim.quality.statistics import is_shared_by_many, quoted
from prodsim.quality.subject import Subject
from prodsim.quality.text.text_fault import HAN, LETTERS, TOKEN, Fault, Seen, count_words, find_faulty

STUFFED = 0.1
"""Share of a title's words that a word must be, at least, to be said too often."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")
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


def find_placeholders(subject: Subject) -> Iterator[Finding]:
    """Texts that stand where a text should be."""
    for field, severity in (("title", 0.9), ("description", 0.5), ("brand", 0.4)):
        fault = Fault("placeholder", field, severity, f"Write the real {field}, or take it out.", is_of_product=True)
        yield from find_faulty(subject, fault, _placeholder)


def is_placeholder(text: str) -> bool:
    """Whether a text stands where another should be."""
    return _placeholder(text) is not None


def _placeholder(text: str) -> Seen | None:
    if _PLACEHOLDER.fullmatch(text):
        return Seen("is a placeholder", 0.98)
    return Seen("holds a placeholder", 0.9) if _PLACEHOLDER_WITHIN.search(text) else None


def find_nearly_empty(subject: Subject) -> Iterator[Finding]:
    """Titles that name nothing, and descriptions of far fewer words than usual; placeholders are told as such."""
    usual = np.median([count_words(text) for text in subject.catalog.products["description"] if text] or [0])
    named = zip(subject.catalog.products["title"], subject.catalog.products["brand"], strict=True)
    bare = {title for title, brand in named if brand and title.casefold() == brand.casefold()}

    def of_title(title: str) -> Seen | None:
        if title in bare:
            return Seen("is only its brand")
        is_said = len(LETTERS.findall(title)) >= 2 or HAN.search(title) or is_placeholder(title)
        return None if is_said else Seen("says nothing in words")

    def of_description(text: str) -> Seen | None:
        n = count_words(text)
        few = "1 word" if n == 1 else f"{n} words"
        is_few = usual >= 10 and n <= usual / 10 and not is_placeholder(text)
        return Seen(f"has {few}; usual are {usual:.0f}", 0.8) if is_few else None

    title = Fault("nearly empty", "title", 0.7, "Write a title that says what it is.")
    yield from find_faulty(subject, title, of_title)
    yield from find_faulty(subject, Fault("nearly empty", "description", 0.4, "Write a description."), of_description)


def find_boilerplate(subject: Subject) -> Iterator[Finding]:
    """A sentence of the descriptions that hundreds of products of several categories share."""
    products = subject.catalog.products
    sentences = [frozenset(filter(None, map(str.strip, _SENTENCE.split(text)))) for text in products["description"]]
    count = Counter(sentence for own in sentences for sentence in own)
    for sentence, n in count.items():
        if not is_shared_by_many(n, subject.catalog) or count_words(sentence) < 4:
            continue
        rows = [row for row, own in enumerate(sentences) if sentence in own]
        if products["category"].iloc[rows].nunique() == 1 < products["category"].nunique():
            continue
        what = f"{n:,} descriptions of {len(products):,} share {quoted(sentence)}; it says nothing of the product."
        yield Finding(
            "boilerplate", what, tuple(products["sku"].iloc[rows]), 0.3, min(0.5 + n / len(products), 0.95),
            column="description", evidence={"text": sentence, "products": n},
            proposal="Move it out of the descriptions, so that search and shoppers see what is special.",
        )  # fmt: skip


def find_shouting(subject: Subject) -> Iterator[Finding]:
    """Titles and descriptions all in capitals, or with three exclamation marks, where most are not."""
    for field in ("title", "description"):
        texts = [text for text in subject.catalog.products[field] if text]
        if texts and np.mean([_shout(text) is not None for text in texts]) <= 0.5:
            yield from find_faulty(subject, Fault("capitals", field, 0.2, "Write it as it would be said."), _shout)


def _shout(text: str) -> Seen | None:
    """What shouts: three words or more, and all letters that have a case, in capitals; "USB-C HDMI" does not."""
    if text.isupper() and sum(len(word) > 2 and word.isalpha() and word.isascii() for word in text.split()) >= 3:
        return Seen("is all in capitals")
    marks = _EXCLAIMED.search(text)
    return Seen(f'shouts "{marks.group()[:5]}"', 0.7) if marks else None


def find_keyword_stuffing(subject: Subject) -> Iterator[Finding]:
    """Titles that say a word again and again."""
    least = {"strict": 5, "usual": 4, "loose": 3}[subject.level]

    def see(title: str) -> Seen | None:
        word, times, share = _most_repeated(title)
        is_stuffed = times >= least and share >= STUFFED
        return Seen(f"says {quoted(word)} {times} times", min(0.6 + share, 0.95)) if is_stuffed else None

    yield from find_faulty(subject, Fault("keyword stuffing", "title", 0.3, "Say each word once."), see)


def _most_repeated(title: str) -> tuple[str, int, float]:
    """The word said most often, how often, and its share of the title's words; Chinese by pairs of characters."""
    tokens = TOKEN.findall(title.casefold())
    words = [token for token in tokens if len(token) > 2 and token.isalpha() and token not in _LITTLE]
    pairs = [a + b for a, b in pairwise(tokens) if HAN.match(a) and HAN.match(b)]
    count = Counter(words + pairs)
    word, times = max(count.items(), key=lambda item: item[1], default=("", 0))
    return word, times, times / max(len(tokens), 1)
