"""Questions that are not about one thing: several things at once, two to be compared, the shop, greetings."""

import re
from collections.abc import Sequence

from prodsim.ask.language import NEGATION
from prodsim.ask.stated import value_places
from prodsim.ask.tables import index_of, table_pattern
from prodsim.ask.types import Topic
from prodsim.ask.vocabulary import Vocabulary
from prodsim.knowledge import Named

_TOKEN = re.compile(r"[^\s,;.!?，。；！？的]+")
_LATIN_WORD = re.compile(r"[^\W\d_\u3400-\u9fff]{3,}(?![\w'-])")
_LAST_WORD = re.compile(r"(?<![\w'-])[^\W\d_\u3400-\u9fff]{3,}$")
MAX_COMPARED_WORDS = 3
"""Words of each of two things that are compared, at most: Core i5 and Core i7."""
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
        brands = [one for one in vocabulary.mentions(question) if one.candidates[0].kind == "brand"]
        first = next((one.start for one in brands if one.end == match.start()), None)
        second = next((one.end for one in brands if one.start == match.end()), None)
        if first is None or second is None:
            first, second = _words_before_thing(question, match.span(), vocabulary)
        if first is not None and second is not None and not NEGATION.search(question, 0, first):
            return _each(question, first, match.start(), match.end(), second)
    return []


def _words_before_thing(
    question: str, joint: tuple[int, int], vocabulary: Vocabulary
) -> tuple[int, int] | tuple[None, None]:
    """Return where the first of two words of the catalog begins and the second ends, if a thing follows them.

    Such are brands in titles alone. Values, colours and the like are one condition that either of them meets.
    """
    before, after = _LAST_WORD.search(question[: joint[0]]), _LATIN_WORD.match(question, joint[1])
    if (
        not before
        or not after
        or not any(one.start == 0 for one in _names(question[after.end() :].lstrip(), vocabulary))
    ):
        return None, None
    taken = [*value_places(question, vocabulary), *((one.start, one.end) for one in _names(question, vocabulary))]
    for start, end in (before.span(), after.span()):
        if not vocabulary.uses(question[start:end]) or any(start < stop and end > begin for begin, stop in taken):
            return None, None
    return before.start(), after.end()


def _compared(question: str, vocabulary: Vocabulary) -> list[str]:
    """Return the question with each of two things or brands that it compares."""
    compares = table_pattern("compare").search(question)
    if not compares:
        return []
    for match in table_pattern("versus").finditer(question):
        spans = _parallel(question, match.start(), match.end())
        if spans is None or match.start() <= compares.start() < match.end():
            continue
        brands = _brand_before(question, match.start(), vocabulary), _brand_after(question, match.end(), vocabulary)
        start, end = (span if brand is None else brand for span, brand in zip(spans, brands, strict=True))
        if start >= compares.end() or end <= compares.start():
            plain = _each(question, start, match.start(), match.end(), end)
            return [" ".join(table_pattern("compare").sub(" ", wish).split()) for wish in plain]
    return []


def _parallel(question: str, first_end: int, second: int) -> tuple[int, int] | None:
    """Return where the first of two compared phrases begins and the second ends; ``None`` where one is missing.

    Each is a word, or as many as there are from a word that both have: Core i5 and Core i7.
    """
    before = [match for match in _TOKEN.finditer(question, 0, first_end)][-MAX_COMPARED_WORDS:]
    after = [match for match in _TOKEN.finditer(question, second)][:MAX_COMPARED_WORDS]
    if not before or not after or before[-1].end() < len(question[:first_end].rstrip()):
        return None
    shared = [place for place, match in enumerate(before) if match[0].lower() == after[0][0].lower()]
    n_words = len(before) - shared[-1] if shared else 1
    return before[-n_words].start(), after[min(n_words, len(after)) - 1].end()


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
