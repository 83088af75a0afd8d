"""From a question to what it asks for."""

import re
from collections.abc import Sequence
from dataclasses import replace

from prodsim.ask import language
from prodsim.ask.types import ONE_VALUED, Answer, Chip, Understood
from prodsim.ask.vocabulary import Named, Vocabulary, stem
from prodsim.search.lookup import Lookup
from prodsim.text import has_chinese

SCOPE = 40
"""Characters after a negation that it may be about."""
_WORD = re.compile(r"[a-z0-9]+(?:['’-][a-z0-9]+)*|[\u3400-\u9fff]+", re.IGNORECASE)
_BARE = re.compile(
    r"\b(?:any|a|an|the|in|for|by|made|of|from|too|or|and|nor|be|want|something|have|has)\b", re.IGNORECASE
)


def understand(question: str, vocabulary: Vocabulary, before: Answer | None = None) -> Understood:
    """What a question asks for; a follow-up, such as "cheaper" or "in blue", refines the answer before it.

    Only what the catalog's own words or a price, a negation, a stock or an audience say becomes a condition; all else
    is searched for as text.
    """
    asked = language.with_digits(" ".join(question.split()))
    if before is not None and (refined := _follow_up(asked, before)) is not None:
        return refined
    corrections = _corrections(asked, vocabulary)
    mended = asked
    for wrong, right in corrections.items():
        mended = re.sub(rf"\b{re.escape(wrong)}\b", right, mended, flags=re.IGNORECASE)
    left, chips, notes = _prices(mended, vocabulary)
    if match := language.STOCK.search(left):
        chips.append(Chip("stock", match[0]))
        left = _blank(left, match.span())
    left, cheapest = _taken(left, language.CHEAPEST)
    for moved in (language.CHEAPER, language.DEARER) if before is not None else ():
        left, _ = _taken(left, moved)
    left, audience = _audience(left, vocabulary)
    left, excluded = _excluded(left, vocabulary)
    wanted = _wanted(vocabulary.named(left))
    chips += [*audience, *excluded, *wanted]
    told = tuple({chip.key: chip for chip in chips}.values())
    found = Understood(question, _searched(left), told, corrections, cheapest=cheapest, notes=tuple(notes))
    return found if before is None or not _refines(found) else _merged(found, before.understood)


def about_one(question: str, lookup: Lookup, before: Answer | None) -> str:
    """The SKU of the product that a question is about, as in "does it have a USB port?"; "" where it is about none."""
    match = language.ABOUT_ONE.search(question)
    named: list[str] = [word for word in re.findall(r"[\w-]+", question) if word in lookup]
    if named and len(question.split()) > 1 and (match or language.ASKS.search(question)):
        return named[0]
    if not match or before is None or not before.suggestions:
        return ""
    return _pointed(match["en"] or match["zh"] or "first", before)


def _follow_up(question: str, before: Answer) -> Understood | None:
    """A question that only moves the price or points at a product shown before; ``None`` for another."""
    shown, earlier = before.suggestions, before.understood
    if not shown:
        return None
    if (match := language.MORE_LIKE.search(question)) and (sku := _pointed(match["en"] or match["zh"], before)):
        return replace(earlier, question=question, like=sku, text="", about="", cheapest=False)
    return None


def _pointed(place: str, before: Answer) -> str:
    at = language.PLACES.get(place.lower(), 0)
    return before.suggestions[min(at, len(before.suggestions) - 1)].hit.sku


def _refines(found: Understood) -> bool:
    """Whether a question names no kind of product of its own."""
    words = [word for word in _WORD.findall(found.text) if word.lower() not in language.FILLING]
    kinds = [chip for chip in found.chips if chip.kind == "category" and chip.wanted]
    cues = {part.lower() for chip in found.chips for part in _WORD.findall(chip.cue)}
    return not kinds and all(word.lower() in cues for word in words)


def _merged(found: Understood, earlier: Understood) -> Understood:
    """The earlier question with what the new one says put over it."""

    def topic(chip: Chip) -> str:
        return chip.kind if chip.kind in ONE_VALUED else "/".join(chip.columns) or chip.kind

    new = {topic(chip) for chip in found.chips if chip.wanted}
    kept = [
        chip
        for chip in earlier.chips
        if not (chip.wanted and topic(chip) in new)
        and chip.key not in {one.key for one in found.chips}
        and not _is_reversed(chip, found.chips)
    ]
    gone = {word for chip in earlier.chips if chip not in kept for word in _WORD.findall(chip.cue.lower())}
    text = " ".join(word for word in earlier.text.split() if word.lower() not in gone)
    return replace(
        found, text=f"{text} {found.text}".strip(), chips=(*kept, *found.chips), like=earlier.like,
        cheapest=found.cheapest or earlier.cheapest, corrections={**earlier.corrections, **found.corrections},
    )  # fmt: skip


def _is_reversed(chip: Chip, others: Sequence[Chip]) -> bool:
    """Whether one of the others wants what the chip excludes, or the other way round."""
    return any(
        (chip.kind, chip.columns) == (one.kind, one.columns)
        and chip.wanted != one.wanted
        and set(chip.values) & set(one.values)
        for one in others
    )


def _corrections(question: str, vocabulary: Vocabulary) -> dict[str, str]:
    found = {}
    for word in re.findall(r"[a-z]{5,}", question.lower()):
        if word not in language.FILLING and (right := vocabulary.corrected(word)):
            found[word] = right
    return found


def _prices(question: str, vocabulary: Vocabulary) -> tuple[str, list[Chip], list[str]]:
    """The question without prices, and what they say; a range before a limit, because it holds two numbers."""
    chips: list[Chip] = []
    left = question
    patterns = ((language.BETWEEN, 2), (language.MOST, -1), (language.LEAST, 1), (language.ABOUT, 0))
    for pattern, way in patterns:
        if match := pattern.search(left):
            numbers = [_amount(one) for one in match.groupdict().values() if one]
            if way == 2:
                chips += [
                    Chip("price_min", match[0], amount=min(numbers)),
                    Chip("price_max", match[0], amount=max(numbers)),
                ]
            elif way == 0:
                near = language.NEAR_PRICE
                chips.append(Chip("price_min", match[0], amount=round(numbers[0] * (1 - near), 2)))
                chips.append(Chip("price_max", match[0], amount=round(numbers[0] * (1 + near), 2)))
            else:
                chips.append(Chip("price_max" if way < 0 else "price_min", match[0].strip(), amount=numbers[0]))
            left = _blank(left, match.span())
    signs = {"$": "USD", "€": "EUR", "£": "GBP"}
    other = [sign for sign in signs if sign in question and vocabulary.currency not in ("", signs[sign])]
    notes = (
        [f"The catalog's prices are in {vocabulary.currency}; {other[0]} was taken as that."] if other and chips else []
    )
    return left, chips, notes


def _amount(written: str) -> float:
    """1,299.50 and 12,50 as numbers: a comma before three digits groups thousands."""
    return float(re.sub(r",(?=\d{3}(?!\d))", "", written).replace(",", "."))


def _audience(question: str, vocabulary: Vocabulary) -> tuple[str, list[Chip]]:
    """For whom, where the catalog has a column of it; products for everybody pass too."""
    if not vocabulary.audience:
        return question, []
    for value, said in language.WHOM.items():
        if match := re.search(said, question, re.IGNORECASE):
            if re.search(r"(?:\bnot|\bno|不要|不是)\s+(?:for )?$", question[: match.start()]):
                chip = Chip("attribute", match[0].strip(), False, (vocabulary.audience,), (value,))
                start = re.search(r"\S+\s+(?:for )?$", question[: match.start()])
                return _blank(question, (start.start() if start else match.start(), match.end())), [chip]
            chip = Chip("attribute", match[0].strip(), True, (vocabulary.audience,), (value,), or_unknown=True)
            return _blank(question, match.span()), [chip]
    return question, []


def _excluded(question: str, vocabulary: Vocabulary) -> tuple[str, list[Chip]]:
    """What must not be, and the question without it."""
    chips: list[Chip] = []
    left = question
    masked = language.NOT_NEGATED.sub(lambda match: " " * len(match[0]), left)
    for match in language.NOT.finditer(masked):
        scope = left[match.end() : match.end() + SCOPE]
        if end := language.ENDS_NOT.search(scope):
            scope = scope[: end.start()]
        named = _chained(vocabulary.named(scope), scope)
        if named:
            for one in named:
                chips += _chips_of(one, wanted=False)
            stop = named[-1].end
        else:
            word, stop = _first_word(scope)
            if not word or not _is_used(word, vocabulary):
                continue
            chips.append(Chip("word", word, False, values=(stem(word.lower()),)))
        left = _blank(left, (match.start(), match.end() + stop))
    return left, chips


def _chained(named: Sequence[Named], scope: str) -> list[Named]:
    """The first phrase, if it stands near the negation, and those joined to it by "or", "and" or a comma."""
    kept: list[Named] = []
    end = 0
    for one in named:
        between = scope[end : one.start]
        bare = _BARE.sub("", between) if not kept or re.search(r"\b(?:or|and|nor)\b|[,，、和或/]", between) else "x"
        if re.sub(r"[\s,，、和或/的]|颜色", "", bare):
            break
        kept.append(one)
        end = one.end
    return kept


def _first_word(scope: str) -> tuple[str, int]:
    """The first word that says something, and where it ends."""
    for match in _WORD.finditer(scope):
        word = match[0]
        if has_chinese(word):
            core = re.split(r"[的了，]", word)[0][:4]
            return core, match.start() + len(core)
        if not _BARE.fullmatch(word) and word.lower() not in language.FILLING:
            return word, match.end()
    return "", 0


def _is_used(word: str, vocabulary: Vocabulary) -> bool:
    return has_chinese(word) or word.lower() in vocabulary.spellings or stem(word.lower()) in vocabulary.spellings


def _wanted(named: Sequence[Named]) -> list[Chip]:
    """What must be: kinds joined by "or", of which the narrower ones count; values of one column too."""
    joined: dict[tuple[str, tuple[str, ...]], Chip] = {}
    for one in named:
        for chip in _chips_of(one, wanted=True):
            place = (chip.kind, chip.columns)
            before = joined.get(place)
            values = tuple(dict.fromkeys([*(before.values if before else ()), *chip.values]))
            values = _narrowest(values) if chip.kind == "category" else values
            cue = f"{before.cue} {chip.cue}" if before else chip.cue
            joined[place] = replace(chip, values=values, cue=cue)
    return list(joined.values())


def _chips_of(one: Named, *, wanted: bool) -> list[Chip]:
    """A phrase as a condition of the surest kind that it may name."""
    for kind in ("brand", "category", "attribute"):
        mine = [meant for meant in one.meant if meant.kind == kind]
        if not mine:
            continue
        if kind != "attribute":
            return [Chip(kind, one.cue, wanted, values=_widest([meant.value for meant in mine]))]
        columns = tuple(dict.fromkeys(meant.column for meant in mine))
        return [Chip("attribute", one.cue, wanted, columns, tuple(dict.fromkeys(meant.value for meant in mine)))]
    return []


def _widest(values: Sequence[str]) -> tuple[str, ...]:
    """Paths without those below others of them."""
    kept = dict.fromkeys(values)
    return tuple(v for v in kept if not any(v != other and v.startswith(f"{other} > ") for other in kept))


def _narrowest(values: Sequence[str]) -> tuple[str, ...]:
    """Paths without those above others of them."""
    return tuple(v for v in values if not any(other.startswith(f"{v} > ") for other in values))


def _taken(question: str, pattern: re.Pattern[str]) -> tuple[str, bool]:
    match = pattern.search(question)
    return (_blank(question, match.span()), True) if match else (question, False)


def _blank(text: str, span: tuple[int, int]) -> str:
    """The text, as long as it was, with a comma in a place, so that what stood on its sides is not one phrase."""
    start, end = span
    return f"{text[:start]}{', '.ljust(end - start)[: end - start]}{text[end:]}"


def _searched(left: str) -> str:
    """What is searched for: without filling words."""
    plain = language.FILLING_ZH.sub(" ", left) if has_chinese(left) else left
    kept = [word.strip('.,;:!?()"“”') for word in plain.split()]
    return " ".join(word for word in kept if word and word.lower() not in language.FILLING)
