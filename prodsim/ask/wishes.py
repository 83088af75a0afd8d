"""Questions that are not about one thing: several things at once, two to be compared, the shop, greetings."""

import re
from collections.abc import Sequence

from prodsim.ask.tables import index_of, table_pattern
from prodsim.ask.types import Topic
from prodsim.ask.vocabulary import Vocabulary
from prodsim.knowledge import Named

_TOKEN = r"[^\s,;.!?，。；！？的]+"
_BEFORE = re.compile(rf"({_TOKEN})$")
_AFTER = re.compile(rf"^({_TOKEN})")
MAX_WISHES = 4


def topic_of(question: str) -> Topic:
    """Return what a question is about, where words alone tell it."""
    if table_pattern("greeting").fullmatch(question.strip()):
        return "greeting"
    return "shop" if table_pattern("shop").search(question) else "products"


def wishes_in(question: str, vocabulary: Vocabulary) -> list[str]:
    """Return a question for each of the things that one question asks for; one where it asks for one thing.

    "A tent and a sleeping bag" is cut in two. In "a tent or a tarp under 100" and "compare A and B tents" each wish
    keeps what is said of both.
    """
    if (parts := _joined(question, vocabulary)) or (parts := _either(question, vocabulary)):
        return parts
    return _compared(question, vocabulary) or [question]


def _joined(question: str, vocabulary: Vocabulary) -> list[str]:
    parts = [part for part in table_pattern("joins").split(question) if part and part.strip()]
    is_list = 1 < len(parts) <= MAX_WISHES and all(_names(part, vocabulary) for part in parts)
    return parts if is_list else []


def _either(question: str, vocabulary: Vocabulary) -> list[str]:
    """Return the question with each of two things that stand on both sides of "or"."""
    for match in table_pattern("either").finditer(question):
        before = [one for one in _names(question[: match.start()], vocabulary) if one.end >= match.start()]
        after = [one for one in _names(question[match.end() :], vocabulary) if one.start == 0]
        if before and after and not set(before[0].keys) & set(after[0].keys):
            return _each(question, before[0].start, match.start(), match.end(), match.end() + after[0].end)
    return []


def _compared(question: str, vocabulary: Vocabulary) -> list[str]:
    """Return the question with each of two things or brands that it compares."""
    compares = table_pattern("compare").search(question)
    if not compares:
        return []
    for match in table_pattern("versus").finditer(question):
        before, after = _BEFORE.search(question[: match.start()]), _AFTER.search(question[match.end() :])
        if not before or not after or match.start() <= compares.start() < match.end():
            continue
        start, end = _brand_before(question, match.start(), vocabulary), match.end() + after.end()
        start = before.start() if start is None else start
        named = _brand_after(question, match.end(), vocabulary)
        end = end if named is None else named
        if start >= compares.end() or end <= compares.start():
            plain = _each(question, start, match.start(), match.end(), end)
            return [" ".join(table_pattern("compare").sub(" ", wish).split()) for wish in plain]
    return []


def _each(question: str, first: int, first_end: int, second: int, second_end: int) -> list[str]:
    """Return the question without the second of two spans, and without the first."""
    each = question[:first_end] + question[second_end:], question[:first] + question[second:]
    return [" ".join(wish.split()) for wish in each]


def _names(text: str, vocabulary: Vocabulary) -> Sequence[Named]:
    return [*index_of("kinds").find(text), *vocabulary.categories.find(text)]


def _brand_before(question: str, at: int, vocabulary: Vocabulary) -> int | None:
    return next((one.start for one in vocabulary.mentions(question[:at]) if one.end == at), None)


def _brand_after(question: str, at: int, vocabulary: Vocabulary) -> int | None:
    return next((at + one.end for one in vocabulary.mentions(question[at:]) if one.start == 0), None)
