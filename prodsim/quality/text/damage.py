"""What programs did to a text: letters of a wrong encoding, markup left over, an end cut off."""

import re
from collections.abc import Iterator

import numpy as np

from prodsim.findings import Finding
from prodsim.quality.statistics import is_structured, quoted
from prodsim.quality.subject import Subject
from prodsim.quality.text.text_fault import HAN, Fault, Seen, find_faulty

READ = ("title", "description", "brand")
"""The fields that people read as text."""
LIMITS = (255, 32_767)
"""Characters where spreadsheets cut: old text cells and database columns, and the cells of today's workbooks."""
LONG = 20
"""Characters from which on a text may be expected to end as a sentence does; Chinese ones are short."""

_END = re.compile(r"[.!?。！？…;；:：)）\]】»”\"'’]\s*$")
_MARKUP = re.compile(
    r"</?(?:p|br|div|span|b|i|u|strong|em|ul|ol|li|table|t[rdh]|a|img|font|h[1-6]|script|style)\b[^<>]*/?>?"
    r"|&(?:amp|nbsp|lt|gt|quot|apos|[a-z]{1,2}(?:acute|grave|uml|circ|tilde|slash|ring|cedil)|[lr][sd]quo|[nm]dash|hellip"
    r"|#\d{2,5}|#x[0-9a-f]{2,5});?(?![a-z])"
    r"|\bstyle\s*=\s*[\"']|\{\s*(?:font|color|margin|padding|text)-?[a-z]*\s*:|\[/?(?:b|i|u|url|img)\]|\\u00[0-9a-f]{2}|\\n\b",
    re.IGNORECASE,
)
_MARKED = re.compile(r"[<&\\\[{=]")


def find_mojibake(subject: Subject) -> Iterator[Finding]:
    """Texts whose letters were read by a wrong encoding, where reading could not repair them."""

    def see(text: str) -> Seen | None:
        if text.isascii():
            return None
        share = _misread_share(text)
        if share > 0.6:
            return Seen("is UTF-8 that was read as GB18030", 0.5 + share / 2)
        letters = _bad_letters(text)
        return Seen(f"has letters of a wrong encoding, {quoted(letters, 20)}", 0.8) if letters else None

    for field in READ:
        yield from find_faulty(subject, Fault("mojibake", field, 0.7, "Export it again as UTF-8."), see)


def find_markup(subject: Subject) -> Iterator[Finding]:
    """Markup that reading did not take out: attributes are kept as they are in the file."""

    def see(text: str) -> Seen | None:
        found = _MARKUP.search(text) if _MARKED.search(text) and not is_structured(text) else None
        return Seen(f"holds markup such as {quoted(found.group(), 20)}") if found else None

    for column in (*READ, *subject.catalog.attributes):
        yield from find_faulty(subject, Fault("markup", column, 0.3, "Export it as plain text."), see)


def find_truncated(subject: Subject) -> Iterator[Finding]:
    """Texts of exactly a limit's length that end in mid-sentence, where other texts do not or none is longer."""
    for column in ("title", "description", *subject.catalog.attributes):
        texts = subject.catalog.products[column]
        lengths = texts.str.len().to_numpy()
        for limit in LIMITS:
            if (lengths == limit).any():
                ended = np.mean([_END.search(text) is not None for text in texts[lengths > LONG]])
                sure = 0.9 if lengths.max() == limit else 0.7 if ended > 0.8 else 0.0
                yield from _cut(subject, column, limit, sure)


def _cut(subject: Subject, column: str, limit: int, sure: float) -> Iterator[Finding]:
    def see(text: str) -> Seen | None:
        # What is cut behind a word lost its last space in reading.
        is_cut = sure and limit - 1 <= len(text) <= limit and not _END.search(text)
        return Seen(f"ends in mid-sentence after {len(text):,} characters", sure) if is_cut else None

    yield from find_faulty(subject, Fault("truncated", column, 0.5, "Export it again without a limit."), see)


def _misread_share(text: str) -> float:
    """The share of a Chinese text's bytes in GB18030 that are UTF-8; near 0 for Chinese, near 1 for misread UTF-8."""
    raw = "".join(HAN.findall(text)).encode("gb18030", "ignore")
    if len(raw) < 12:
        return 0.0
    return len("".join(HAN.findall(raw.decode("utf-8", "ignore"))).encode()) / len(raw)


def _bad_letters(text: str) -> str:
    """The first letters that stand beside each other in misread text only; ``""`` for none."""
    from ftfy.badness import BADNESS_RE  # few texts are not plain

    found = BADNESS_RE.search(text)
    return found.group() if found else ""
