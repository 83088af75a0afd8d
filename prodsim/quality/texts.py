"""Textual faults: what a person would not have written, or what a program did to it."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np

from prodsim.catalog.summary import SCRIPTS
from prodsim.findings import Finding
from prodsim.progress import Progress
from prodsim.quality.check import Subject
from prodsim.quality.usual import is_shared_by_many, is_structured, quoted, surest_first

READ = ("title", "description", "brand")
"""The fields that people read as text."""

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_TOKEN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]")
_END = re.compile(r"[.!?。！？…;；:：)）\]】»”\"'’]\s*$")
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
_MARKUP = re.compile(
    r"</?(?:p|br|div|span|b|i|u|strong|em|ul|ol|li|table|t[rdh]|a|img|font|h[1-6]|script|style)\b[^<>]*/?>?"
    r"|&(?:amp|nbsp|lt|gt|quot|apos|[a-z]{1,2}(?:acute|grave|uml|circ|tilde|slash|ring|cedil)|[lr][sd]quo|[nm]dash|hellip"
    r"|#\d{2,5}|#x[0-9a-f]{2,5});?(?![a-z])"
    r"|\bstyle\s*=\s*[\"']|\{\s*(?:font|color|margin|padding|text)-?[a-z]*\s*:|\[/?(?:b|i|u|url|img)\]|\\u00[0-9a-f]{2}|\\n\b",
    re.IGNORECASE,
)
_MARKED = re.compile(r"[<&\\\[{=]")
STUFFED = 0.1
"""Share of a title's words that a word must be, at least, to be said too often."""
LIMITS = (255, 32_767)
"""Characters where spreadsheets cut: old text cells and database columns, and the cells of today's workbooks."""
_LITTLE = frozenset(
    ("the", "and", "for", "with", "und", "mit", "der", "die", "das", "les", "des", "pour", "inch", "pack", "set")
)
"""Words that a title may well repeat."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A textual fault.

    Attributes:
        kind: of its findings.
        find: its findings.
    """

    kind: str
    find: Callable[[Subject], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A fault of one text: what is wrong with it, as the end of a sentence, and how sure that is."""

    what: str
    score: float = 0.9


def check_texts(subject: Subject, progress: Progress) -> Sequence[Finding]:
    """All textual faults, surest first; one finding for a fault that hundreds of products share."""
    found: list[Finding] = []
    for rule in RULES:
        found += _told_once(subject, rule.kind, list(rule.find(subject)))
        progress.advance(len(subject.catalog) // len(RULES))
    return surest_first(found)


def _nearly_empty(subject: Subject) -> Iterator[Finding]:
    usual = np.median([_words(text) for text in subject.catalog.products["description"] if text] or [0])
    named = zip(subject.catalog.products["title"], subject.catalog.products["brand"], strict=True)
    bare = {title for title, brand in named if brand and title.casefold() == brand.casefold()}

    def of_title(title: str) -> _Seen | None:
        if title in bare:
            return _Seen("is only its brand")
        return None if len(_LETTERS.findall(title)) >= 2 or _HAN.search(title) else _Seen("says nothing in words")

    def of_description(text: str) -> _Seen | None:
        return _Seen(f"has {_words(text)} words; usual are {usual:.0f}", 0.8) if _words(text) <= usual / 10 else None

    yield from _each(subject, "nearly empty", "title", of_title, 0.7, "Write a title that says what it is.")
    if usual >= 10:
        yield from _each(subject, "nearly empty", "description", of_description, 0.4, "Write a description.")


def _boilerplate(subject: Subject) -> Iterator[Finding]:
    """A sentence of the descriptions that hundreds of products of several categories share."""
    products = subject.catalog.products
    sentences = [frozenset(filter(None, map(str.strip, _SENTENCE.split(text)))) for text in products["description"]]
    count = Counter(sentence for own in sentences for sentence in own if _words(sentence) >= 4)
    many = {sentence: n for sentence, n in count.items() if is_shared_by_many(n, subject.catalog)}
    for sentence, n in many.items():
        rows = [row for row, own in enumerate(sentences) if sentence in own]
        if products["category"].iloc[rows].nunique() == 1 < products["category"].nunique():
            continue
        what = f"{n:,} descriptions of {len(products):,} share {quoted(sentence)}; it says nothing of the product."
        yield Finding(
            "boilerplate", what, tuple(products["sku"].iloc[rows]), 0.3, min(0.5 + n / len(products), 0.95),
            column="description", evidence={"text": sentence, "products": n},
            proposal="Move it out of the descriptions, so that search and shoppers see what is special.",
        )  # fmt: skip


def _placeholder(subject: Subject) -> Iterator[Finding]:
    def seen(text: str) -> _Seen | None:
        if _PLACEHOLDER.fullmatch(text):
            return _Seen("is a placeholder", 0.98)
        return _Seen("holds a placeholder", 0.9) if _PLACEHOLDER_WITHIN.search(text) else None

    for field, severity in (("title", 0.9), ("description", 0.5), ("brand", 0.4)):
        yield from _each(subject, "placeholder", field, seen, severity, f"Write the real {field}, or take it out.")


def _capitals(subject: Subject) -> Iterator[Finding]:
    titles = subject.catalog.products["title"].tolist()
    if np.mean([_shouts(title) for title in titles]) > 0.5:
        return  # this catalog writes so

    def seen(text: str) -> _Seen | None:
        return _Seen("is all in capitals") if _shouts(text) else None

    for field in ("title", "description"):
        yield from _each(subject, "capitals", field, seen, 0.2, "Write it in usual case.")


def _keyword_stuffing(subject: Subject) -> Iterator[Finding]:
    least = {"strict": 5, "usual": 4, "loose": 3}[subject.level]

    def seen(title: str) -> _Seen | None:
        word, times, share = _most_repeated(title)
        return (
            _Seen(f"says {quoted(word)} {times} times", min(0.6 + share, 0.95))
            if times >= least and share >= STUFFED
            else None
        )

    yield from _each(subject, "keyword stuffing", "title", seen, 0.3, "Say each word once.")


def _wrong_language(subject: Subject) -> Iterator[Finding]:
    """A title or description in a script that is rare in this catalog; single foreign names do not count."""
    rare = {"strict": 0.01, "usual": 0.05, "loose": 0.1}[subject.level]
    for field, severity in (("title", 0.6), ("description", 0.5)):
        texts = [text for text in subject.catalog.products[field] if text]
        scripts = {text: script_of(text) for text in set(texts)}
        shares = {script: n / len(texts) for script, n in Counter(scripts[text] for text in texts).most_common()}
        see = partial(_foreign, scripts, shares, rare)
        yield from _each(subject, "wrong language", field, see, severity, "Translate it into the language of the rest.")


def _foreign(scripts: Mapping[str, str], shares: Mapping[str, float], rare: float, text: str) -> _Seen | None:
    """Whether a text is in a rare script; shares are most frequent first."""
    script, (usual, share) = scripts[text], next(iter(shares.items()))
    if not script or shares[script] > rare or _words(text) < 3:
        return None
    return _Seen(f"is in {script}; {share:.0%} are in {usual}", 1.0 - shares[script])


def _mojibake(subject: Subject) -> Iterator[Finding]:
    def seen(text: str) -> _Seen | None:
        if text.isascii():
            return None
        share = _misread_share(text)
        if share > 0.6:
            return _Seen("is UTF-8 that was read as GB18030", 0.5 + share / 2)
        return _Seen("holds characters that come of a wrong encoding", 0.8) if _is_bad(text) else None

    for field in READ:
        yield from _each(subject, "mojibake", field, seen, 0.7, "Export it again as UTF-8.")


def _markup(subject: Subject) -> Iterator[Finding]:
    """Markup that reading did not take out: attributes are kept as they are in the file."""

    def seen(text: str) -> _Seen | None:
        found = _MARKUP.search(text) if _MARKED.search(text) and not is_structured(text) else None
        return _Seen(f"holds markup such as {quoted(found.group(), 20)}") if found else None

    for column in (*READ, *subject.catalog.attributes):
        yield from _each(subject, "markup", column, seen, 0.3, "Export it as plain text.")


def _truncated(subject: Subject) -> Iterator[Finding]:
    """Texts of exactly a limit's length that end in mid-sentence, where other texts do not or none is longer."""
    for column in ("title", "description", *subject.catalog.attributes):
        texts = subject.catalog.products[column]
        lengths = texts.str.len().to_numpy()
        for limit in LIMITS:
            if (lengths == limit).any():
                ended = np.mean([_END.search(text) is not None for text in texts[lengths > 40]])
                sure = 0.9 if lengths.max() == limit else 0.7 if ended > 0.8 else 0.0
                see = partial(_cut, limit, sure)
                yield from _each(subject, "truncated", column, see, 0.5, "Export it again without a limit.")


def _cut(limit: int, sure: float, text: str) -> _Seen | None:
    is_cut = sure and len(text) == limit and not _END.search(text)
    return _Seen(f"ends in mid-sentence after {limit:,} characters", sure) if is_cut else None


RULES = (
    Rule("placeholder", _placeholder),
    Rule("nearly empty", _nearly_empty),
    Rule("boilerplate", _boilerplate),
    Rule("capitals", _capitals),
    Rule("keyword stuffing", _keyword_stuffing),
    Rule("wrong language", _wrong_language),
    Rule("mojibake", _mojibake),
    Rule("markup", _markup),
    Rule("truncated", _truncated),
)
"""All textual faults. To add one: a function and a row."""


def script_of(text: str) -> str:
    """The script most of a text's letters are in, a name of ``SCRIPTS``; ``""`` without letters.

    A Chinese character says as much as three Latin letters, so a Chinese title with a Latin model name stays Chinese.
    """
    if text.isascii():
        return "Latin letters" if _LETTERS.search(text) else ""
    counts = {name: len(pattern.findall(text)) for name, pattern in _LETTER_OF.items()}
    if 10 * counts["Japanese"] > counts["Chinese"]:  # a の in a Chinese brand, or misread text, is no Japanese
        counts["Japanese"] += counts["Chinese"]
    counts["Latin letters"] //= 3
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else ""


_LETTER_OF = {name: re.compile(re.sub(r"\{\d+\}$", "", pattern)) for name, pattern in SCRIPTS.items()}


def _each(
    subject: Subject, kind: str, column: str, see: Callable[[str], _Seen | None], severity: float, proposal: str
) -> Iterator[Finding]:
    """A finding per product whose text in a column has a fault; each different text is looked at once."""
    products = subject.catalog.products
    known = {text: see(text) for text in products[column].unique() if text}
    faulty = {text: seen for text, seen in known.items() if seen}
    hits = (
        products[["sku", column]][products[column].isin(list(faulty))] if faulty else products.iloc[:0][["sku", column]]
    )
    for sku, text in hits.itertuples(index=False):
        seen = faulty[text]
        what = f"The {column} of {sku}, {quoted(text)}, {seen.what}."
        yield Finding(
            kind, what, (sku,), severity, seen.score, column=column, evidence={"text": text}, proposal=proposal
        )


def _told_once(subject: Subject, kind: str, found: list[Finding]) -> list[Finding]:
    """The findings; those of a column that hundreds of products share as a single one."""
    of_column: dict[str, list[Finding]] = {}
    for finding in found:
        of_column.setdefault(finding.column or "", []).append(finding)
    told: list[Finding] = []
    for column, same in of_column.items():
        told += [_together(kind, column, same)] if is_shared_by_many(len(same), subject.catalog) else same
    return told


def _together(kind: str, column: str, same: list[Finding]) -> Finding:
    what = f"{len(same):,} products have this fault in the {column}. {same[0].what}"
    skus = tuple(sku for finding in same for sku in finding.skus)
    first = same[0]
    return Finding(
        kind, what, skus, first.severity, float(np.mean([finding.score for finding in same])),
        column=column, evidence={"products": len(same), **first.evidence}, proposal=first.proposal,
    )  # fmt: skip


def _words(text: str) -> int:
    """Words, two Chinese characters counting as one."""
    han = len(_HAN.findall(text))
    return len(_TOKEN.findall(text)) - han + (han + 1) // 2


def _shouts(text: str) -> bool:
    """Whether three words or more, and all letters that have a case, are capitals; "USB-C HDMI" is no shouting."""
    return text.isupper() and sum(len(word) > 2 and word.isalpha() and word.isascii() for word in text.split()) >= 3


def _most_repeated(title: str) -> tuple[str, int, float]:
    """The word said most often, how often, and its share of the title's words; Chinese by pairs of characters."""
    tokens = _TOKEN.findall(title.casefold())
    words = [token for token in tokens if len(token) > 2 and not token.isdigit() and token not in _LITTLE]
    pairs = [a + b for a, b in pairwise(tokens) if _HAN.match(a) and _HAN.match(b)]
    count = Counter(words + pairs)
    word, times = max(count.items(), key=lambda item: item[1], default=("", 0))
    return word, times, times / max(len(tokens), 1)


def _misread_share(text: str) -> float:
    """The share of a Chinese text's bytes in GB18030 that are UTF-8; near 0 for Chinese, near 1 for misread UTF-8."""
    raw = "".join(_HAN.findall(text)).encode("gb18030", "ignore")
    if len(raw) < 12:
        return 0.0
    return len("".join(_HAN.findall(raw.decode("utf-8", "ignore"))).encode()) / len(raw)


def _is_bad(text: str) -> bool:
    from ftfy import badness  # few texts are not plain

    return bool(badness.is_bad(text))
