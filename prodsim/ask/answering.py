"""Answers made of products, or of a sentence from the catalog; nothing is made up."""

import itertools
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import numpy as np

from prodsim.ask import language
from prodsim.ask.comparison import compared_places, compared_quality, comparison
from prodsim.ask.conditions import State
from prodsim.ask.memory import boosts_for, conversation_words
from prodsim.ask.retrieval import Found, Retriever
from prodsim.ask.tables import table_pattern
from prodsim.ask.types import Answer, Chip, ChipKind, Suggestion, Understood, price_text
from prodsim.ask.understanding import product_in_question, understand
from prodsim.ask.vocabulary import Vocabulary
from prodsim.catalog import Catalog
from prodsim.encoders import Vectors
from prodsim.errors import QueryError
from prodsim.formats import money, stock_name
from prodsim.knowledge import stem
from prodsim.phrases import BY_SEMICOLONS, SENTENCE_AFTER_SENTENCE, Plural, Text, joined, phrase
from prodsim.records import Choice
from prodsim.search import Arrangement, Filters, Hit, Query, SearchEngine
from prodsim.text import words

MIN_CLOSENESS_NAMED, MIN_CLOSENESS_UNNAMED = 0.9, 0.999
"""Shares of random texts that the nearest product must beat in closeness to the question: where the catalog has the
words for the thing asked for, and where it has none of them."""
MIN_SHARED_WORDS = 0.35
"""Share of a question's words that a sentence must contain to answer it."""
MAX_QUESTION_CHARS = 2000
"""Characters of a question, at most."""
MIN_STATED = 0.2
"""Share of the products of a kind that must speak of a condition, for it to be one."""
CHEAP_SHARE = 1 / 3
"""Share of the products of a kind that are cheap, or dear."""

SHOWN = Plural("{n:,} product.", "{n:,} products.")
SHOWN_WITH = Plural("{n:,} product: {conditions}.", "{n:,} products: {conditions}.")
CHEAPEST_FIRST = Text("Cheapest first.")
RARELY_STATED = Text("Few of these products say: {conditions}.")
NOT_STATED_BY_ANY = Text("None of them states: {conditions}.")
CORRECTED = Text("Showing results for “{right}” instead of “{wrong}”.")
NOTHING_CLOSE = Text("Nothing in this catalog closely matches your question. The nearest products:")
NOT_AVAILABLE = Text("{product} is {availability}. Nearest products in stock:")
NONE_WITH = Text("No product meets “{condition}” as well. Nearest products without it:")
NONE_MEETS = Text("No product meets these conditions: {conditions}. Nearest products by text:")
NO_PRODUCTS = Text("The catalog has no products to show.")
QUOTED = Text("{product}: “{quote}”")
NOT_STATED = Text("The catalog does not say this about {product}.")
CHOSEN_BEFORE = Text("chosen after similar questions")
CHEAPER = Text("{amount} cheaper")
DEARER = Text("{amount} more expensive")
DIFFERS = Text("{field} {value}, not {other}")
DIFFERS_UNKNOWN = Text("{field} unknown, not {other}")
SAME_BUT_TITLE = Text("identical except for the title")
COSTS = Text("costs {price}, not {limit}")
HAS_NO_PRICE = Text("has no price")
IS_AVAILABLE = Text("is {availability}")
UNKNOWN_STOCK = Text("availability unknown")
IS_VALUE = Text("is {value}")
IS_OTHER = Text("is {value}, not {wanted}")
UNKNOWN_BRAND = Text("brand unknown")
UNKNOWN_CATEGORY = Text("category unknown")
HAS_VALUE = Text("has {values}")
HAS_OTHER = Text("has {values}, not {wanted}")
NAMED_VALUE = Text("{field} {value}")
FIELD_UNKNOWN = Text("{field} unknown")
NOT_STATED_VALUE = Text("does not state {condition}")
ABOUT_SHOP = Text(
    "A catalog cannot tell this: it knows products, but not the shop's terms, deliveries or orders. Ask the shop."
)
GREETING = Text("Hello! Ask for a product, such as a waterproof jacket under 100.")
WISH = Text("{wish}: {answer}")
MENTIONS = Text("mentions “{word}”")
_ANSWER_SENTENCE = re.compile(r"[^.!?。！？]+[.!?。！？]?")

Encode = Callable[[Sequence[str]], Vectors]


class Asker:
    """Answers questions about one open catalog; safe to use from several threads.

    Args:
        catalog: the products.
        engine: searches them.
    """

    def __init__(self, catalog: Catalog, engine: SearchEngine) -> None:
        self._catalog = catalog
        self.vocabulary = Vocabulary.of(catalog)
        self._engine = engine.with_word_weights(self.vocabulary.rarity)
        self._retriever = Retriever(catalog, self._engine, self.vocabulary)

    def ask(
        self,
        question: str,
        k: int = 5,
        before: Answer | None = None,
        filters: Filters = Filters(),
        arrangement: Arrangement = Arrangement(),
        choices: Sequence[Choice] = (),
    ) -> Answer:
        """Answer a question.

        Args:
            question: in English, Chinese or German.
            k: how many products.
            before: the answer that this question follows; "cheaper", "in blue" and "more like the second" refine it.
            filters: only products that pass, whatever the question.
            arrangement: what may stand beside what, and rules.
            choices: products that were chosen after earlier questions, to learn from.

        Raises:
            QueryError: the question is empty, or longer than ``MAX_QUESTION_CHARS``.
        """
        if not question.strip():
            raise QueryError(
                phrase("The question is empty."), phrase("Ask for a kind of product, such as a waterproof jacket.")
            )
        if len(question) > MAX_QUESTION_CHARS:
            raise QueryError(
                phrase(
                    "The question has {n:,} characters; the limit is {limit:,}.",
                    n=len(question),
                    limit=MAX_QUESTION_CHARS,
                ),
                phrase("Ask a shorter question."),
            )
        quality, word = compared_quality(question)
        if quality and before is not None and len(before.suggestions) > 1:
            return self._answer_which(question, quality, word, before)
        sku = product_in_question(question, self._engine.lookup, before)
        if sku:
            return self._answer_about(question, sku, before)
        understood = understand(question, self.vocabulary, before)
        if before is not None and before.suggestions and understood.follows and not understood.wishes:
            understood = self._with_price_moved(question, understood, before)
        return self.answer(understood, k, filters, arrangement, choices)

    def answer(
        self,
        understood: Understood,
        k: int = 5,
        filters: Filters = Filters(),
        arrangement: Arrangement = Arrangement(),
        choices: Sequence[Choice] = (),
    ) -> Answer:
        """Answer what was understood; also after a chip was removed."""
        if understood.topic != "products":
            return Answer(understood, (ABOUT_SHOP if understood.topic == "shop" else GREETING)(), fits=False)
        if understood.wishes:
            each = [self.answer(wish, k, filters, arrangement, choices) for wish in understood.wishes]
            return _together(understood, each, k)
        chosen = boosts_for(conversation_words(understood, self.vocabulary), choices)
        boosts = [rule for rule in chosen if rule.target in self._engine.lookup]
        arrangement = replace(arrangement, rules=(*arrangement.rules, *boosts))
        # The order is that of what helps most: a product out of stock, close products, then conditions given up.
        if instead := self._stock_alternatives(understood, k, filters, arrangement):
            return instead
        understood = self._with_extent(understood, filters, arrangement)
        found = self._retriever.find(understood, k, filters, arrangement)
        if found.is_kind or (found.hits and self._is_close(understood, found)):
            if not found.hits:
                return self._substitutes(understood, k, filters, arrangement)
            return self._fitting(self._stated(understood, found), found.hits, {rule.target for rule in boosts})
        unlimited = self._retriever.find(replace(understood, chips=()), k, filters, arrangement)
        if understood.chips and unlimited.hits and (unlimited.is_kind or self._is_close(understood, unlimited)):
            return self._substitutes(understood, k, filters, arrangement)
        hits = found.hits or unlimited.hits
        suggestions = tuple(self._suggestion(understood, hit) for hit in hits)
        return Answer(understood, NOTHING_CLOSE() if hits else NO_PRODUCTS(), suggestions, fits=False)

    def _fitting(self, understood: Understood, hits: Sequence[Hit], chosen_before: Collection[str]) -> Answer:
        """Return products that fail no condition, each with those that it does not state."""
        states = self._retriever.states(understood.chips, hits)
        suggestions = []
        for hit, own in zip(hits, states, strict=True):
            unknown = [chip for chip, state in zip(understood.chips, own, strict=True) if state == State.UNKNOWN]
            differs = joined(dict.fromkeys(self._failed_condition(chip, hit.row) for chip in unknown), BY_SEMICOLONS)
            suggestions.append(replace(self._suggestion(understood, hit, chosen_before), differs=differs))
        columned = [n for n, chip in enumerate(understood.chips) if chip.kind == "attribute" and chip.values]
        fits = any(all(own[n] == State.MET for n in columned) for own in states)
        return Answer(understood, self._summary(understood, states), tuple(suggestions), fits=fits)

    def _stated(self, understood: Understood, found: Found) -> Understood:
        """Return the question without conditions that hardly any product of the kind speaks of; a note names them.

        What titles alone could say, as for whom a pencil case is, is no condition where titles do not say it.
        """
        # Words of what a thing belongs to only bring forward the products that have them.
        understood = _with_hints(understood, [chip for chip in understood.chips if chip.kind == "word" and chip.wanted])
        soft = [chip for chip in understood.chips if chip.kind in ("attribute", "measure") and chip.wanted]
        soft = [chip for chip in soft if not chip.values]
        if not soft or not found.pool:
            return understood
        states = self._retriever.states(soft, found.pool)
        rare = [
            chip
            for place, chip in enumerate(soft)
            if sum(own[place] != State.UNKNOWN for own in states) < MIN_STATED * len(states)
        ]
        if not rare:
            return understood
        note = RARELY_STATED(conditions=joined(chip.label for chip in rare))
        return replace(_with_hints(understood, rare), notes=(*understood.notes, note))

    def _with_extent(self, understood: Understood, filters: Filters, arrangement: Arrangement) -> Understood:
        """Return the question with a limit for "cheap" or "not cheap": a third of the prices of the kind asked for."""
        if not understood.extent or any(chip.kind in ("price_max", "price_min") for chip in understood.chips):
            return understood
        near = self._retriever.find(replace(understood, chips=()), 1, filters, arrangement).pool
        prices = self._catalog.products["price"].to_numpy(np.float64)[[hit.row for hit in near]]
        known = prices[prices > 0]
        if not len(known):
            return understood
        is_cheap = understood.extent == "cheap"
        limit = round(float(np.quantile(known, CHEAP_SHARE if is_cheap else 1 - CHEAP_SHARE)), 2)
        chip = Chip("price_max" if is_cheap else "price_min", understood.extent, amount=limit)
        return replace(understood, chips=(*understood.chips, chip))

    def _stock_alternatives(
        self, understood: Understood, k: int, filters: Filters, arrangement: Arrangement
    ) -> Answer | None:
        """Return, for the SKU of a product that is not in stock, it and the nearest in stock with their differences."""
        row = self._catalog.row_of.get(understood.text)
        products = self._catalog.products
        if row is None or products["availability"].iat[row] in ("in stock", ""):
            return None
        stocked = replace(understood, text="", like=understood.text, chips=(Chip("stock", ""), *understood.chips))
        hits = self._retriever.find(stocked, k, filters, arrangement).hits
        text = NOT_AVAILABLE(
            product=products["title"].iat[row], availability=stock_name(str(products["availability"].iat[row]))
        )
        itself = [self._suggestion(understood, hit) for hit in self._engine.search(Query(understood.text), 1).hits]
        others = [replace(self._suggestion(stocked, hit), differs=self._differences(row, hit.row)) for hit in hits]
        return Answer(understood, text, (*itself, *others)[:k], fits=False) if hits else None

    def _differences(self, row: int, other: int) -> str:
        """Return how another product differs from this one: three fields at most, and the price."""
        this, that = self._catalog.products.iloc[row], self._catalog.products.iloc[other]
        fields = [name for name in ("brand", *self._catalog.attributes) if this[name] and that[name] != this[name]]
        texts = [
            (DIFFERS if that[name] else DIFFERS_UNKNOWN)(field=name, value=that[name], other=this[name])
            for name in fields[:3]
        ]
        if this["price"] > 0 and that["price"] > 0 and this["price"] != that["price"]:
            amount = money(abs(that["price"] - this["price"]))
            texts.append((CHEAPER if that["price"] < this["price"] else DEARER)(amount=amount))
        return joined(texts, BY_SEMICOLONS) or SAME_BUT_TITLE()

    def _is_close(self, understood: Understood, found: Found) -> bool:
        """Return whether the hits match the question: it names them in the catalog's words, or they are close."""
        thing, nearest = understood.thing, found.hits[0].closer_than
        is_story = table_pattern("vague").match(table_pattern("empty").sub(" ", understood.question)) is not None
        if understood.like or not thing.text or is_story:  # what a person tells may name what is not asked for
            return True
        if found.is_kind is None and not thing.kinds and not self.vocabulary.uses(thing.text):
            return self._retriever.nearest_to(thing.text) >= self._retriever.strangeness(thing.text)
        return nearest >= (MIN_CLOSENESS_UNNAMED if found.is_kind is False else MIN_CLOSENESS_NAMED)

    def _substitutes(self, understood: Understood, k: int, filters: Filters, arrangement: Arrangement) -> Answer:
        """Drop one condition, prices first and categories last, until products are left; each says what differs."""
        order = ("price_min", "price_max", "stock", "attribute", "measure", "word", "brand", "category")
        for chip in sorted(understood.chips, key=lambda candidate: order.index(candidate.kind)):
            others = tuple(other for other in understood.chips if other != chip)
            looser = replace(understood, chips=others, cheapest=understood.cheapest or chip.kind == "price_max")
            found = self._retriever.find(looser, k, filters, arrangement)
            if found.hits and found.is_kind is not False:
                suggestions = tuple(
                    replace(self._suggestion(looser, hit), differs=self._failed_condition(chip, hit.row))
                    for hit in found.hits
                )
                return Answer(understood, NONE_WITH(condition=chip.label), suggestions, fits=False)
        hits = self._retriever.find(replace(understood, chips=()), k, filters, arrangement).hits
        labels = joined(chip.label for chip in understood.chips)
        text = NONE_MEETS(conditions=labels) if hits else NO_PRODUCTS()
        listed: list[Suggestion] = []
        for hit, own in zip(hits, self._retriever.states(understood.chips, hits), strict=True):
            wrong = [
                self._failed_condition(chip, hit.row)
                for chip, state in zip(understood.chips, own, strict=True)
                if state != State.MET
            ]
            listed.append(replace(self._suggestion(understood, hit), differs=joined(wrong, BY_SEMICOLONS)))
        return Answer(understood, text, tuple(listed), fits=False)

    def _with_price_moved(self, question: str, understood: Understood, before: Answer) -> Understood:
        """Add a price limit for "cheaper" or "more expensive", just beyond the product pointed at, or the first one."""
        is_cheaper = language.CHEAPER_WORDS.search(question) is not None
        if not is_cheaper and not language.DEARER_WORDS.search(question):
            return understood
        row = self._catalog.row_of.get(understood.like, before.suggestions[0].hit.row)
        price = float(self._catalog.products["price"].to_numpy(np.float64)[row])
        kind: ChipKind = "price_max" if is_cheaper else "price_min"
        limits = {chip.key for chip in understood.chips if chip.kind == kind}
        new_limits = limits - {chip.key for chip in before.understood.chips}
        if not price > 0 or new_limits:
            return understood
        chip = Chip(kind, question, amount=round(price - 0.01 if is_cheaper else price + 0.01, 2))
        others = tuple(other for other in understood.chips if other.kind != kind)
        return replace(understood, chips=(*others, chip), cheapest=False)

    def _answer_about(self, question: str, sku: str, before: Answer | None) -> Answer:
        """Answer with a sentence of the product's texts or a value of its columns."""
        row = self._catalog.row_of[sku]
        product = self._catalog.products.iloc[row]
        sentences = _sentences(product["description"])
        facts = [f"{name}: {product[name]}" for name in ("title", *self._catalog.attributes) if str(product[name])]
        stems = _stems(question)
        ranked = sorted(
            ((_word_overlap(stems, text), -n, text) for n, text in enumerate([*sentences, *facts])), reverse=True
        )
        plain = self._plain_fact(question, row)
        quote = plain or ranked[0][2] if plain or (ranked and ranked[0][0] >= MIN_SHARED_WORDS) else ""
        is_shown = before is not None and any(shown.hit.sku == sku for shown in before.suggestions)
        earlier = before.understood if before is not None and is_shown else Understood(question, like=sku)
        understood = replace(earlier, question=question, about=sku)
        hit = Hit(sku, row, str(product["title"]), 1.0, {}, 1.0)
        shown = before.suggestions if before is not None and is_shown else (Suggestion(hit, ""),)
        text = (QUOTED if quote else NOT_STATED)(product=product["title"], quote=quote)
        return Answer(understood, text, shown, bool(quote), quote)

    def _answer_which(self, question: str, quality: str, word: str, before: Answer) -> Answer:
        """Answer which of two shown products is more so, by what they state."""
        places = compared_places(question)
        if max(places) >= len(before.suggestions):
            places = [0, 1]
        shown = [before.suggestions[place] for place in places]
        rows = [one.hit.row for one in shown]
        products = [{str(name): value for name, value in self._catalog.products.iloc[row].items()} for row in rows]
        text, is_told = comparison(quality, word, products)
        understood = replace(before.understood, question=question)
        return Answer(understood, text, tuple(shown), is_told)

    def _plain_fact(self, question: str, row: int) -> str:
        """Return the price, the availability or the brand where the question asks for it by name; "" otherwise."""
        product = self._catalog.products.iloc[row]
        price = money(product["price"], product["currency"]) if product["price"] > 0 else ""
        fields = {"price": price, "stock": stock_name(product["availability"]), "brand": product["brand"]}
        return next(
            (str(fields[name]) for name, pattern in language.FIELD_QUESTIONS.items() if pattern.search(question)), ""
        )

    def _summary(self, understood: Understood, states: Sequence[Sequence[State]]) -> str:
        n = len(states)
        conditions = joined(chip.label for chip in understood.chips)
        sentences = [SHOWN_WITH(n, conditions=conditions) if conditions else SHOWN(n)]
        sentences += [CHEAPEST_FIRST()] if understood.cheapest else []
        unknown = [
            chip.label
            for place, chip in enumerate(understood.chips)
            if all(own[place] == State.UNKNOWN for own in states)
        ]
        sentences += [NOT_STATED_BY_ANY(conditions=joined(unknown))] if unknown else []
        sentences += [CORRECTED(right=right, wrong=wrong) for wrong, right in understood.corrections.items()]
        return joined([*sentences, *understood.notes], SENTENCE_AFTER_SENTENCE)

    def _suggestion(self, understood: Understood, hit: Hit, chosen_before: Collection[str] = ()) -> Suggestion:
        """Return a hit with a line of facts: the chips' values, the price, and the sentence nearest to the question."""
        product = self._catalog.products.iloc[hit.row]
        attributes = [chip for chip in understood.chips if chip.kind == "attribute" and chip.wanted]
        facts = [str(product[name]) for chip in attributes for name in chip.columns if product[name] in chip.values]
        price = product["price"]
        facts += [money(price, product["currency"])] if price > 0 else []
        facts += [stock_name(product["availability"])] if product["availability"] else []
        stems = _stems(f"{understood.question} {understood.text}")
        sentences = _sentences(str(product["description"]))
        best = max(sentences, key=lambda sentence: _word_overlap(stems, sentence), default="")
        quote = [f"“{best}”"] if best and _word_overlap(stems, best) > 0 else []
        facts += [CHOSEN_BEFORE()] if hit.sku in chosen_before else []
        return Suggestion(hit, " · ".join(dict.fromkeys([*filter(None, facts), *quote])))

    def _failed_condition(self, chip: Chip, row: int) -> str:
        """Return how a product fails a condition."""
        product = self._catalog.products.iloc[row]
        match chip.kind:
            case "price_max" | "price_min":
                price = product["price"]
                return COSTS(price=price_text(price), limit=chip.label) if price > 0 else HAS_NO_PRICE()
            case "stock":
                availability = product["availability"]
                return IS_AVAILABLE(availability=stock_name(availability)) if availability else UNKNOWN_STOCK()
            case "brand" | "category":
                value = str(product[chip.kind])
                if not value:
                    return UNKNOWN_BRAND() if chip.kind == "brand" else UNKNOWN_CATEGORY()
                return IS_OTHER(value=value, wanted=chip.label) if chip.wanted else IS_VALUE(value=value)
            case "measure":
                return NOT_STATED_VALUE(condition=chip.label)
            case "attribute" if not chip.columns or not any(product[name] for name in chip.columns):
                return NOT_STATED_VALUE(condition=chip.label) if chip.wanted else IS_VALUE(value=chip.label)
            case "attribute":
                values = joined(
                    NAMED_VALUE(field=name, value=product[name]) if product[name] else FIELD_UNKNOWN(field=name)
                    for name in chip.columns
                )
                return HAS_OTHER(values=values, wanted=chip.label) if chip.wanted else HAS_VALUE(values=values)
        return MENTIONS(word=chip.values[0])


def _with_hints(understood: Understood, hints: Sequence[Chip]) -> Understood:
    """Return the question with some of its conditions as hints."""
    kept = tuple(chip for chip in understood.chips if chip not in hints)
    return replace(understood, chips=kept, hints=(*understood.hints, *hints))


def _together(understood: Understood, answers: Sequence[Answer], k: int) -> Answer:
    """Return the answers to several wishes as one: their products take turns."""
    turns = itertools.zip_longest(*(answer.suggestions for answer in answers))
    shown = {one.hit.sku: one for turn in turns for one in turn if one is not None}
    texts = [
        WISH(wish=answer.understood.text or answer.understood.thing.text, answer=answer.text) for answer in answers
    ]
    return Answer(
        understood,
        joined(texts, SENTENCE_AFTER_SENTENCE),
        tuple(shown.values())[:k],
        all(answer.fits for answer in answers),
    )


def _sentences(text: str) -> list[str]:
    return [sentence.strip() for sentence in _ANSWER_SENTENCE.findall(text) if sentence.strip()]


def _stems(text: str) -> set[str]:
    """Return the stems of content words; for Chinese every pair of characters, so that no segmentation decides."""
    plain = language.FILLING_ZH.sub(" ", text)
    stems = {stem(word) for word in words(plain) if word not in language.FILLING and len(word) > 1}
    return {word for word in stems if word}


def _word_overlap(stems: set[str], sentence: str) -> float:
    """Return the share of the question's words that a sentence contains."""
    lowered = sentence.lower()
    mine = {stem(word) for word in words(lowered)}
    return sum(word in mine or (not word.isascii() and word in lowered) for word in stems) / max(len(stems), 1)
