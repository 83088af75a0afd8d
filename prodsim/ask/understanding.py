"""Understanding a question: its conditions, its search text, and whether it refines the one before."""

import re
from collections.abc import Sequence
from dataclasses import replace

from prodsim.ask import language
from prodsim.ask.language import forms
from prodsim.ask.stated import audience_chips, stated_chips, stated_first, value_places
from prodsim.ask.tables import apart, index_of, table_pattern
from prodsim.ask.things import find_thing, is_accessory, narrowing_words, widest
from prodsim.ask.types import ONE_VALUED, Answer, Chip, Thing, Understood
from prodsim.ask.vocabulary import EVERYBODY, Mention, Vocabulary
from prodsim.ask.wishes import topic_of, wishes_in
from prodsim.encoders import english_words
from prodsim.phrases import Plural, Text
from prodsim.search.lookup import Lookup
from prodsim.text import has_chinese

_PRICES = ((language.BETWEEN, 2), (language.MAX_PRICE, -1), (language.MIN_PRICE, 1), (language.ABOUT, 0))
"""Patterns of price limits: 2 both limits (first, as it has two numbers), -1 the highest, 1 the lowest, 0 around."""
_SKU_LIKE = re.compile(r"\b(?:(?=[\w-]*\d)(?=[\w-]*[^\W\d])[\w-]{2,}|\d[\d-]{3,})")
"""A word that could be a SKU in a sentence: M or 100 are more likely to mean something else."""
RARE_SHARE = 0.01
"""Share of the products that use a rare word, at most."""
MAX_REFINING = 3
"""Words of a question that names no kind of product and so refines the one before, at most."""
OWNER = "owner"
"""Dimension of a word of what a thing belongs to: toner for this printer."""
EXTENTS = ("cheap", "dear")
NEGATION_SCOPE = 40
"""Characters after a negation that it may apply to."""
NO_SUCH_PLACE = Plural(
    "Only {n} product was shown, so there is no {place}.", "Only {n} products were shown, so there is no {place}."
)
OTHER_CURRENCY = Text("Prices in this catalog are in {currency}; {sign} was read as {currency}.")
_QUESTION_WORD = re.compile(r"[a-z0-9]+(?:['’-][a-z0-9]+)*|[\u3400-\u9fff]+", re.IGNORECASE)
_LATIN = re.compile(r"[a-z][a-z0-9]{2,}", re.IGNORECASE)
_ALONE = r"(?<![a-z0-9à-ɏ_-]){0}(?![a-z0-9à-ɏ_-])"
"""A Latin word that is no part of another or of a SKU."""
_OWNER = re.compile(rf"(?:{table_pattern('belongs_to').pattern})[^,;.!?，。；！？的]*", re.IGNORECASE)
"""What a thing belongs to, after the word that says so."""
_ABSENCE = re.compile(r"without|no\b|不含|不带|无|零|ohne|kein", re.IGNORECASE)
"""Negations of what a product is said to be free of, so that silence leaves it open."""
_ENDS_NEGATED = re.compile(rf"(?:{language.NEGATION.pattern})\s*(?:for )?$", re.IGNORECASE)
_JOINT = re.compile(r"\s*(?:,\s*)?\b(?:or|nor|oder)\b\s*|\s*(?:或者?|、)\s*", re.IGNORECASE)
"""What joins a further word that a negation applies to."""
_BARE = re.compile(
    r"\b(?:any|a|an|the|in|for|by|made|of|from|too|or|and|nor|be|want|something|have|has)\b", re.IGNORECASE
)


def understand(question: str, vocabulary: Vocabulary, before: Answer | None = None) -> Understood:
    """Parse a question, and each of several that stand in one; see ``understand_one``."""
    if (topic := topic_of(question)) != "products":
        return Understood(question, topic=topic)
    corrected = [part for part in table_pattern("correction").split(question) if part.strip()]
    if corrected and corrected != [question]:
        return replace(understand(corrected[-1], vocabulary, before), question=question)
    parts = wishes_in(question, vocabulary)
    if before is not None and before.understood.wishes and len(parts) == 1:
        later = understand_one(question, vocabulary)
        if _refines(later):
            wishes = tuple(_merged(later, earlier) for earlier in before.understood.wishes)
            return replace(before.understood, question=question, wishes=wishes, follows=True)
        return later
    if len(parts) == 1:
        return understand_one(question, vocabulary, before)
    wishes = tuple(understand_one(part, vocabulary) for part in parts)
    return Understood(question, text=" ".join(wish.text for wish in wishes), wishes=wishes)


def understand_one(question: str, vocabulary: Vocabulary, before: Answer | None = None) -> Understood:
    """Parse a question; a follow-up, such as "cheaper" or "in blue", refines the answer before it.

    Only the catalog's own words, prices, negations, availability and audiences become conditions; the rest is searched
    for as text.
    """
    left = apart(language.with_digits(" ".join(question.split())))
    left, like, place_notes = _pointing(left, before)
    corrections = _corrections(left, vocabulary)
    for wrong, right in corrections.items():
        left = re.sub(_ALONE.format(re.escape(wrong)), right, left, flags=re.IGNORECASE)
    # From here on each step cuts what it understood out of the question, so that nothing is understood twice.
    left, chips, price_notes = _prices(left, vocabulary)
    notes = (*place_notes, *price_notes)
    if match := language.STOCK.search(left):
        chips.append(Chip("stock", match[0]))
        left = _blank(left, match.span())
    left, cheapest = _cut(left, language.CHEAPEST)
    for moved in (language.CHEAPER_WORDS, language.DEARER_WORDS) if before is not None else ():
        left, _ = _cut(left, moved)
    left, extent = _extent(left)
    left, audience = _audience(left, vocabulary)
    left, excluded = _excluded(left, vocabulary)
    chips += [*audience, *excluded]
    thing, place = find_thing(left, vocabulary, value_places(left, vocabulary))
    chips += _wanted(left, place, thing, vocabulary)
    distinct = tuple({chip.key: chip for chip in chips}.values())
    understood = Understood(
        question, _search_text(left), distinct, corrections, cheapest=cheapest, notes=notes, thing=thing, extent=extent
    )
    if before is None or not (like or _refines(understood) or _completes(understood, before.understood)):
        return understood
    if like:  # the text of the search before has led to the product that is now the query
        return replace(_merged(understood, replace(before.understood, text="", cheapest=False)), like=like)
    return _merged(understood, before.understood)


def _extent(question: str) -> tuple[str, str]:
    """Return the question without words for low or high prices, and "cheap", "dear" or ""."""
    found = [(match.start(), extent, match) for extent in EXTENTS if (match := table_pattern(extent).search(question))]
    if not found:
        return question, ""
    _, extent, match = min(found)  # "not cheap" begins before "cheap", which is within it
    return _blank(question, match.span()), extent


def product_in_question(question: str, lookup: Lookup, before: Answer | None) -> str:
    """Return the SKU of the product that a question is about, as in "does it have a USB port?"; "" for none."""
    match = language.ABOUT_PRODUCT.search(question)
    skus: list[str] = [word for word in _SKU_LIKE.findall(_without_prices(question)) if word in lookup]
    if skus and len(question.split()) > 1 and (match or language.IS_QUESTION.search(question)):
        return skus[0]
    if not match or before is None or not before.suggestions:
        return ""
    return _pointed(match["en"] or match["zh"] or "first", before)


def _pointing(question: str, before: Answer | None) -> tuple[str, str, list[str]]:
    """Return the question without "more like the second", the SKU of that product, and a note where there is none."""
    match = language.MORE_LIKE.search(question) if before is not None and before.suggestions else None
    if match is None or before is None:
        return question, "", []
    place = match["en"] or match["zh"]
    sku = _pointed(place, before)
    notes = [] if sku else [NO_SUCH_PLACE(len(before.suggestions), place=place)]
    return _blank(question, match.span()), sku, notes


def _pointed(place: str, before: Answer) -> str:
    """Return the SKU of the product shown in a place, "" where there was none."""
    at = language.PLACES.get(place.lower(), 0)
    return before.suggestions[at].hit.sku if at < len(before.suggestions) else ""


def _without_prices(question: str) -> str:
    """Return the question without price limits, whose numbers could be SKUs as well."""
    for pattern, _ in _PRICES:
        question = pattern.sub(" ", question)
    return question


def _refines(understood: Understood) -> bool:
    """Return whether a question names no kind of product of its own."""
    plain = table_pattern("empty").sub(" ", understood.text)
    words = [word for word in _QUESTION_WORD.findall(plain) if word.lower() not in language.FILLING]
    kinds = [chip for chip in understood.chips if chip.kind == "category" and chip.wanted and len(words) > 1]
    cues = {part.lower() for chip in understood.chips for part in _QUESTION_WORD.findall(chip.cue)}
    is_named = bool(understood.thing.kinds or (understood.thing.nodes and len(words) > 1))
    return not kinds and not is_named and (len(words) <= MAX_REFINING or all(word.lower() in cues for word in words))


def _completes(later: Understood, earlier: Understood) -> bool:
    """Return whether a question names the thing of which the one before gave only conditions."""
    has_conditions = bool(earlier.chips) and not earlier.thing.text
    return has_conditions and bool(later.thing.text) and all(chip.kind == "category" for chip in later.chips)


def _merged(later: Understood, earlier: Understood) -> Understood:
    """Return the earlier question, overridden by the later one."""

    def topic(chip: Chip) -> str:
        if chip.kind in ONE_VALUED:
            return chip.kind
        return chip.dimension or "/".join(chip.columns) or f"{chip.kind} {chip.values}"

    new = {topic(chip) for chip in later.chips if chip.wanted}
    known = (*earlier.chips, *earlier.hints)
    kept = [
        chip
        for chip in known
        if not (chip.wanted and topic(chip) in new)
        and chip.key not in {other.key for other in later.chips}
        and not _is_reversed(chip, later.chips)
    ]
    replaced = {word for chip in known if chip not in kept for word in _QUESTION_WORD.findall(chip.cue.lower())}
    text = " ".join(word for word in earlier.text.split() if word.lower() not in replaced)
    return replace(
        later, text=f"{text} {later.text}".strip(), chips=(*kept, *later.chips), like=earlier.like,
        cheapest=later.cheapest or earlier.cheapest, thing=earlier.thing if earlier.thing.text else later.thing,
        extent=later.extent or earlier.extent, corrections={**earlier.corrections, **later.corrections},
        follows=True,
    )  # fmt: skip


def _is_reversed(chip: Chip, others: Sequence[Chip]) -> bool:
    """Return whether one of the others wants what the chip excludes, or the other way round."""
    return any(
        (chip.kind, chip.columns) == (other.kind, other.columns)
        and chip.wanted != other.wanted
        and set(chip.values) & set(other.values)
        for other in others
    )


def _is_table_word(word: str) -> bool:
    """Return whether a language knows a word as a kind, a colour or a material: it is spelt as it should be."""
    return any(index_of(section).find(word) for section in ("kinds", "colours", "materials", "audiences"))


def _corrections(question: str, vocabulary: Vocabulary) -> dict[str, str]:
    corrections = {}
    for word in dict.fromkeys(re.findall(_ALONE.format("[a-z]{5,}"), question.lower())):
        if word not in language.FILLING and not _is_table_word(word) and (right := vocabulary.corrected(word)):
            corrections[word] = right
    return corrections


def _prices(question: str, vocabulary: Vocabulary) -> tuple[str, list[Chip], list[str]]:
    """Return the question without prices, their conditions, and a note where a currency is another one."""
    chips: list[Chip] = []
    left = question
    for pattern, way in _PRICES:
        if match := pattern.search(left):
            numbers = [_amount(written) for written in match.groupdict().values() if written]
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
    notes = [OTHER_CURRENCY(currency=vocabulary.currency, sign=other[0])] if other and chips else []
    return left, chips, notes


def _amount(written: str) -> float:
    """Return 1,299.50 and 12,50 as numbers: a comma before three digits groups thousands."""
    return float(re.sub(r",(?=\d{3}(?!\d))", "", written).replace(",", "."))


def _audience(question: str, vocabulary: Vocabulary) -> tuple[str, list[Chip]]:
    """Return the question without its audience, and conditions on the catalog's audience column, if it has one.

    Products for everybody pass too.
    """
    if not vocabulary.audience:
        return question, audience_chips(question, vocabulary)
    wanted: list[tuple[str, tuple[str, ...]]] = []
    excluded: list[Chip] = []
    column = (vocabulary.audience,)
    for name, pattern in language.WHOM.items():
        match = re.search(pattern, question, re.IGNORECASE)
        values = vocabulary.audiences.get(name, ())
        negated = _ENDS_NEGATED.search(question[: match.start()]) if match else None
        if match is None or not (values or negated):
            continue
        cue = match[0].strip().removeprefix("for ")
        if negated:
            excluded += [Chip("attribute", cue, False, column, values)] if values else []
        else:
            wanted.append((cue, values))
        question = _blank(question, (negated.start() if negated else match.start(), match.end()))
    if not wanted:
        return question, excluded
    cue = " and ".join(words for words, _ in wanted)
    values = tuple(value for _, own in wanted for value in own)
    others = vocabulary.audiences.get(EVERYBODY, ())
    return question, [Chip("attribute", cue, True, column, values, or_else=("", *others)), *excluded]


def _excluded(question: str, vocabulary: Vocabulary) -> tuple[str, list[Chip]]:
    """Return the question without its negations, and their conditions."""
    chips: list[Chip] = []
    left = question
    masked = language.NO_NEGATION.sub(lambda match: " " * len(match[0]), left)
    for match in language.NEGATION.finditer(masked):
        scope = left[match.end() : match.end() + NEGATION_SCOPE]
        if end := language.NEGATION_END.search(scope):
            scope = scope[: end.start()]
        mentions = _joined_mentions(vocabulary.mentions(scope), scope)
        if mentions:
            for mention in mentions:
                chips += _chips_of(mention, wanted=False)
            stop = mentions[-1].end
        else:
            if stated := stated_first(scope, vocabulary):
                chips.append(stated[0])
                left = _blank(left, (match.start(), match.end() + stated[1]))
                continue
            listed, stop = _listed_words(scope, vocabulary)
            if not listed:
                continue
            about = "substance" if _ABSENCE.search(match[0]) else ""
            chips += [Chip("word", word, False, values=(word.lower(),), dimension=about) for word in listed]
        left = _blank(left, (match.start(), match.end() + stop))
    return left, chips


def _joined_mentions(mentions: Sequence[Mention], scope: str) -> list[Mention]:
    """Return the first mention, if it stands near the negation, and those joined to it by "or", "and" or a comma."""
    kept: list[Mention] = []
    end = 0
    for mention in mentions:
        between = scope[end : mention.start]
        bare = _BARE.sub("", between) if not kept or re.search(r"\b(?:or|and|nor)\b|[,，、和或/]", between) else "x"
        if re.sub(r"[\s,，、和或/的]|颜色", "", bare):
            break
        kept.append(mention)
        end = mention.end
    return kept


def _listed_words(scope: str, vocabulary: Vocabulary) -> tuple[list[str], int]:
    """Return the first word of a scope that carries meaning, those joined to it, and where they end; [] for none."""
    listed: list[str] = []
    end = 0
    while not listed or (joint := _JOINT.match(scope, end)):
        start = joint.end() if listed and joint else 0
        word, length = _first_content_word(scope[start:])
        if not word or not _is_catalog_word(word, vocabulary):
            break
        listed.append(word)
        end = start + length
    return listed, end


def _first_content_word(scope: str) -> tuple[str, int]:
    """Return the first word that carries meaning, and where it ends."""
    for match in _QUESTION_WORD.finditer(scope):
        word = match[0]
        if has_chinese(word):
            core = re.split(r"[的了，]", word)[0][:4]
            return core, match.start() + len(core)
        if not _BARE.fullmatch(word) and word.lower() not in language.FILLING:
            return word, match.end()
    return "", 0


def _is_catalog_word(word: str, vocabulary: Vocabulary) -> bool:
    return has_chinese(word) or any(form in vocabulary.spellings for form in forms(word.lower()))


def _wanted(left: str, place: tuple[int, int], thing: Thing, vocabulary: Vocabulary) -> list[Chip]:
    """Return what products should be: of the kind asked for, with the values and the amounts named."""
    chips = (
        [Chip("category", thing.text, values=thing.nodes, words=thing.names)]
        if thing.nodes and not thing.is_doubtful
        else []
    )
    mentions = [
        mention
        for mention in vocabulary.mentions(left)
        if not _names_thing(mention, place, thing) and not _is_common_word(mention, left, place, vocabulary)
    ]
    owners = [match.span() for match in _OWNER.finditer(left)]
    joined: dict[tuple[str, tuple[str, ...]], Chip] = {}
    for mention in mentions:
        for chip in _chips_of(mention, wanted=True):
            if chip.kind == "category":
                continue
            if chip.kind == "brand" and (_is_owner(mention, owners) or is_accessory(thing)):
                chip = Chip("word", mention.cue, values=(mention.cue.lower(),), dimension=OWNER)
            slot = (chip.kind, chip.columns or chip.values[:1] if chip.kind == "word" else chip.columns)
            before = joined.get(slot)
            values = tuple(dict.fromkeys([*(before.values if before else ()), *chip.values]))
            cue = f"{before.cue} {chip.cue}" if before else chip.cue
            joined[slot] = replace(chip, values=values, cue=cue)
    taken = [(mention.start, mention.end) for mention in mentions]
    owned = _owner_words(left, owners, [*taken, place, *value_places(left, vocabulary)], thing, vocabulary)
    for word in owned:
        joined.setdefault(("word", (word,)), Chip("word", word, values=(word,), dimension=OWNER))
    for word in narrowing_words(thing):
        joined.setdefault(("word", (word,)), Chip("word", word, values=(word,)))
    stated = stated_chips(left, place, taken, vocabulary)
    return [*chips, *joined.values(), *stated]


def _is_common_word(mention: Mention, left: str, place: tuple[int, int], vocabulary: Vocabulary) -> bool:
    """Return whether a word is more likely meant as such than as a value: keep as a brand, coffee as a colour."""
    if mention.cue.islower() and mention.cue in english_words() and vocabulary.is_rare_brand(mention.candidates):
        return True
    stands_before = not left[mention.end : place[0]].strip() and place[1] > mention.end
    if vocabulary.is_mostly_word(mention):
        return True
    names_kind = any(len(mention.cue) == one.end - one.start for one in index_of("kinds").find(mention.cue))
    return names_kind and mention.candidates[0].kind == "attribute" and not stands_before


def _owner_words(
    left: str, owners: Sequence[tuple[int, int]], taken: Sequence[tuple[int, int]], thing: Thing, vocabulary: Vocabulary
) -> list[str]:
    """Return the rare words of what a thing belongs to: products that name it are for it."""
    words = []
    for start, end in owners if thing.kinds or thing.nodes else ():
        for match in _LATIN.finditer(left, start, end):
            word = match[0].lower()
            is_free = not any(match.start() < stop and match.end() > begin for begin, stop in taken)
            n_products = vocabulary.spellings.get(word, 0)
            if is_free and word not in language.FILLING and 0 < n_products <= RARE_SHARE * vocabulary.n_products:
                words.append(word)
    return words


def _names_thing(mention: Mention, place: tuple[int, int], thing: Thing) -> bool:
    """Return whether a phrase is the thing asked for itself, or a part of the name of its kind."""
    named_from = place[1] - len(thing.text) if thing.kinds or thing.nodes else place[1]
    return mention.start >= named_from and mention.end <= place[1]


def _is_owner(mention: Mention, owners: Sequence[tuple[int, int]]) -> bool:
    """Return whether a brand is that of what the thing belongs to: a case for a phone of that brand."""
    return any(start <= mention.start and mention.end <= end for start, end in owners)


def _chips_of(mention: Mention, *, wanted: bool) -> list[Chip]:
    """Return a mention as a condition of the surest kind that it may name: brand, category, then attribute."""
    for kind in ("brand", "category", "attribute"):
        values_of_kind = [value for value in mention.candidates if value.kind == kind]
        if not values_of_kind:
            continue
        if kind != "attribute":
            return [Chip(kind, mention.cue, wanted, values=widest([value.value for value in values_of_kind]))]
        columns = tuple(dict.fromkeys(value.column for value in values_of_kind))
        return [
            Chip(
                "attribute", mention.cue, wanted, columns, tuple(dict.fromkeys(value.value for value in values_of_kind))
            )
        ]
    return []


def _cut(question: str, pattern: re.Pattern[str]) -> tuple[str, bool]:
    match = pattern.search(question)
    return (_blank(question, match.span()), True) if match else (question, False)


def _blank(text: str, span: tuple[int, int]) -> str:
    """Return the text, as long as it was, with a comma in a span, so that its two sides are not read as one phrase."""
    start, end = span
    return f"{text[:start]}{', '.ljust(end - start)[: end - start]}{text[end:]}"


def _search_text(left: str) -> str:
    """Return the search text: what is left of the question, without filling words."""
    plain = language.FILLING_ZH.sub(" ", left) if has_chinese(left) else left
    kept = [word.strip('.,;:!?()"“”') for word in plain.split()]
    return " ".join(word for word in kept if word and word.lower() not in language.FILLING)
