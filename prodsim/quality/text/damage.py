"""What programs did to a text: letters of a wrong encoding, markup left over, an end cut off."""

import re
from collections.abc import Iterator

import numpy as np

from prodsim.findings import Finding
from prodsim.phrases import Text, phrase
from prodsim.quality.sentences import quote
from prodsim.quality.statistics import is_structured
from prodsim.quality.subject import Subject
from prodsim.quality.text.text_fault import CHINESE_CHARACTER, ColumnFault, TextFault, find_faulty

TEXT_FIELDS = ("title", "description", "brand")
"""The fields that people read as text."""
CELL_LIMITS = (255, 32_767)
"""Characters where spreadsheets cut: old text cells and database columns, and the cells of today's workbooks."""
MIN_SENTENCE = 20
"""Characters from which a text may be expected to end as a sentence does; Chinese ones are short."""
MIN_MISREAD = 0.6
"""Share of a text's bytes from which it is UTF-8 that was read as GB18030."""
MIN_BYTES = 12
"""Of Chinese characters, that a text needs to show it."""

MISREAD = Text("{products}: the {column} {text} is UTF-8 that was read as GB18030.")
GARBLED = Text("{products}: the {column} {text} has garbled characters, {letters}.")
WITH_MARKUP = Text("{products}: the {column} {text} contains markup such as {markup}.")
CUT_OFF = Text("{products}: the {column} {text} ends in mid-sentence after {length:,} characters.")

_END = re.compile(r"[.!?。！？…;；:：)）\]】»”\"'’]\s*$")
_MARKUP = re.compile(
    r"</?(?:p|br|div|span|b|i|u|strong|em|ul|ol|li|table|t[rdh]|a|img|font|h[1-6]|script|style)\b[^<>]*/?>?"
    r"|&(?:amp|nbsp|lt|gt|quot|apos|[a-z]{1,2}(?:acute|grave|uml|circ|tilde|slash|ring|cedil)|[lr][sd]quo|[nm]dash|hellip"
    r"|#\d{2,5}|#x[0-9a-f]{2,5});?(?![a-z])"
    r"|\bstyle\s*=\s*[\"']|\{\s*(?:font|color|margin|padding|text)-?[a-z]*\s*:|\[/?(?:b|i|u|url|img)\]|\\u00[0-9a-f]{2}|\\n\b",
    re.IGNORECASE,
)
_MAY_BE_MARKUP = re.compile(r"[<&\\\[{=]")


def find_mojibake(subject: Subject) -> Iterator[Finding]:
    """Yield texts that were read in a wrong encoding, where reading could not repair them."""

    def inspect(text: str) -> TextFault | None:
        if text.isascii():
            return None
        share = _misread_share(text)
        if share > MIN_MISREAD:
            return TextFault(MISREAD, 0.5 + share / 2)
        letters = _garbled_letters(text)
        return TextFault(GARBLED, 0.8, {"letters": quote(letters, 20)}) if letters else None

    for field in TEXT_FIELDS:
        shared = ColumnFault("mojibake", field, 0.7, phrase("Export it again as UTF-8."))
        yield from find_faulty(subject, shared, inspect)


def find_markup(subject: Subject) -> Iterator[Finding]:
    """Yield markup that reading did not take out: attributes are kept as they are in the file."""

    def inspect(text: str) -> TextFault | None:
        match = _MARKUP.search(text) if _MAY_BE_MARKUP.search(text) and not is_structured(text) else None
        return TextFault(WITH_MARKUP, values={"markup": quote(match.group(), 20)}) if match else None

    for column in (*TEXT_FIELDS, *subject.catalog.attributes):
        yield from find_faulty(subject, ColumnFault("markup", column, 0.3, phrase("Export it as plain text.")), inspect)


def find_truncated(subject: Subject) -> Iterator[Finding]:
    """Yield texts of exactly a limit's length that end in mid-sentence, where other texts do not or none is longer."""
    for column in ("title", "description", *subject.catalog.attributes):
        texts = subject.catalog.products[column]
        lengths = texts.str.len().to_numpy()
        for limit in CELL_LIMITS:
            if (lengths == limit).any():
                complete = np.mean([_END.search(text) is not None for text in texts[lengths > MIN_SENTENCE]])
                score = 0.9 if lengths.max() == limit else 0.7 if complete > 0.8 else 0.0
                yield from _cut_off(subject, column, limit, score)


def _cut_off(subject: Subject, column: str, limit: int, score: float) -> Iterator[Finding]:
    """Yield texts of a limit's length without an end; none where the score is 0."""

    def inspect(text: str) -> TextFault | None:
        # What is cut behind a word lost its last space in reading.
        is_cut = score and limit - 1 <= len(text) <= limit and not _END.search(text)
        return TextFault(CUT_OFF, score, {"length": len(text)}) if is_cut else None

    shared = ColumnFault("truncated", column, 0.5, phrase("Export it again without a length limit."))
    yield from find_faulty(subject, shared, inspect)


def _misread_share(text: str) -> float:
    """Return the share of a Chinese text's bytes in GB18030 that are UTF-8: near 0 for Chinese, near 1 if misread."""
    raw = "".join(CHINESE_CHARACTER.findall(text)).encode("gb18030", "ignore")
    if len(raw) < MIN_BYTES:
        return 0.0
    return len("".join(CHINESE_CHARACTER.findall(raw.decode("utf-8", "ignore"))).encode()) / len(raw)


def _garbled_letters(text: str) -> str:
    """Return the first letters that stand beside each other in misread text only; ``""`` for none."""
    from ftfy.badness import BADNESS_RE  # few texts are not plain

    match = BADNESS_RE.search(text)
    return match.group() if match else ""
