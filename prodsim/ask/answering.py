"""Answers made of products, or of a sentence from the catalog; nothing is made up."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import numpy as np

from prodsim.ask import language
from prodsim.ask.language import stem
from prodsim.ask.memory import boosts_for, conversation_words
from prodsim.ask.types import Answer, Chip, ChipKind, Suggestion, Understood, price_text
from prodsim.ask.understanding import product_in_question, understand
from prodsim.ask.vocabulary import Vocabulary
from prodsim.catalog import Catalog
from prodsim.encoders import Vectors
from prodsim.errors import QueryError
from prodsim.phrases import Plural, Text, phrase
from prodsim.records import Choice
from prodsim.search import BURIED, PINNED, Arrangement, Filters, Hit, Query, SearchEngine, SearchOptions
from prodsim.text import words

MIN_CLOSENESS_WITH_WORDS, MIN_CLOSENESS_WITHOUT_WORDS = 0.9, 0.999
"""Shares of random texts that a product must beat in closeness to the question: where its title or category contains
one of the question's words, and where it contains none."""
MIN_SHARED_WORDS = 0.35
"""Share of a question's words that a sentence must contain to answer it."""
MAX_QUESTION_CHARS = 2000
"""Characters of a question, at most."""
N_PRICE_CANDIDATES = 40
"""Nearest products that are sorted by price for the cheapest."""

SHOWN = Plural("{n:,} product.", "{n:,} products.")
SHOWN_WITH = Plural("{n:,} product: {conditions}.", "{n:,} products: {conditions}.")
CHEAPEST_FIRST = Text("The {n} closest matches, cheapest first.")
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
            question: in English or Chinese.
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
        sku = product_in_question(question, self._engine.lookup, before)
        if sku:
            return self._answer_about(question, sku, before)
        understood = understand(question, self.vocabulary, before)
        if before is not None and before.suggestions and understood.follows:
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
        chosen = boosts_for(conversation_words(understood, self.vocabulary), choices)
        boosts = [rule for rule in chosen if rule.target in self._engine.lookup]
        arrangement = replace(arrangement, rules=(*arrangement.rules, *boosts))
        # The order is that of what helps most: a product out of stock, close products, then conditions given up.
        if instead := self._stock_alternatives(understood, k, filters, arrangement):
            return instead
        hits = self._find(understood, k, filters, arrangement)
        if hits and self._is_close(understood, hits):
            chosen_before = {rule.target for rule in boosts}
            suggestions = tuple(self._suggestion(understood, hit, chosen_before) for hit in hits)
            return Answer(understood, self._summary(understood, len(hits)), suggestions)
        if hits:
            suggestions = tuple(self._suggestion(understood, hit) for hit in hits)
            return Answer(understood, NOTHING_CLOSE(), suggestions, fits=False)
        return self._substitutes(understood, k, filters, arrangement)

    def _stock_alternatives(
        self, understood: Understood, k: int, filters: Filters, arrangement: Arrangement
    ) -> Answer | None:
        """Return, for the SKU of a product that is not in stock, it and the nearest in stock with their differences."""
        row = self._catalog.row_of.get(understood.text)
        products = self._catalog.products
        if row is None or products["availability"].iat[row] in ("in stock", ""):
            return None
        stocked = replace(understood, text="", like=understood.text, chips=(Chip("stock", ""), *understood.chips))
        hits = self._find(stocked, k, filters, arrangement)
        text = NOT_AVAILABLE(product=products["title"].iat[row], availability=products["availability"].iat[row])
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
            amount = f"{abs(that['price'] - this['price']):,.2f}"
            texts.append((CHEAPER if that["price"] < this["price"] else DEARER)(amount=amount))
        return "; ".join(texts) or SAME_BUT_TITLE()

    def _find(self, understood: Understood, k: int, filters: Filters, arrangement: Arrangement) -> tuple[Hit, ...]:
        conditions = [condition for condition in (filters.where, understood.where) if condition]
        narrowed = replace(filters, where=" AND ".join(f"(\n{condition}\n)" for condition in conditions))
        like = (understood.like,) if understood.like else ()
        text = understood.text or ("" if like else " ".join(chip.cue for chip in understood.chips if chip.wanted))
        wanted = N_PRICE_CANDIDATES if understood.cheapest else k
        if not text and not like:
            text = understood.question
        options = SearchOptions(filters=narrowed, arrangement=arrangement)
        hits = self._engine.search(Query(text, like), wanted, options).hits
        if understood.cheapest and hits:
            hits = tuple(sorted(hits, key=self._by_price))[:k]
        return hits

    def _by_price(self, hit: Hit) -> tuple[int, float]:
        """Return a sort key: pinned products, then the cheapest, those without a price, and buried ones."""
        if PINNED in hit.rules:
            return 0, 0.0
        price = float(self._catalog.products["price"].to_numpy(np.float64)[hit.row])
        return 2 if any(label.startswith(BURIED) for label in hit.rules) else 1, price if price > 0 else np.inf

    def _is_close(self, understood: Understood, hits: Sequence[Hit]) -> bool:
        """Return whether the hits match the question: it names them in the catalog's words, or they are close."""
        is_named = any(chip.wanted and chip.kind in ("category", "brand", "attribute") for chip in understood.chips)
        if is_named or understood.like or hits[0].closer_than >= MIN_CLOSENESS_WITHOUT_WORDS:
            return True
        stems = _stems(understood.text)
        categories = self._catalog.products["category"].iloc[[hit.row for hit in hits]]
        shares_word = any(
            _word_overlap(stems, f"{hit.title} {of}") > 0 for hit, of in zip(hits, categories, strict=True)
        )
        return shares_word and hits[0].closer_than >= MIN_CLOSENESS_WITH_WORDS

    def _substitutes(self, understood: Understood, k: int, filters: Filters, arrangement: Arrangement) -> Answer:
        """Drop one condition, prices first and categories last, until products are left; each says what differs."""
        order = ("price_min", "price_max", "stock", "attribute", "word", "brand", "category")
        for chip in sorted(understood.chips, key=lambda candidate: order.index(candidate.kind)):
            others = tuple(other for other in understood.chips if other != chip)
            looser = replace(understood, chips=others, cheapest=understood.cheapest or chip.kind == "price_max")
            hits = self._find(looser, k, filters, arrangement)
            if hits:
                suggestions = tuple(
                    replace(self._suggestion(looser, hit), differs=self._failed_condition(chip, hit.row))
                    for hit in hits
                )
                return Answer(understood, NONE_WITH(condition=chip.label), suggestions, fits=False)
        hits = self._find(replace(understood, chips=()), k, filters, arrangement)
        labels = ", ".join(chip.label for chip in understood.chips)
        text = NONE_MEETS(conditions=labels) if hits else NO_PRODUCTS()
        listed: list[Suggestion] = []
        for hit in hits:
            wrong = [
                self._failed_condition(chip, hit.row) for chip in understood.chips if not self._meets(chip, hit.row)
            ]
            listed.append(replace(self._suggestion(understood, hit), differs="; ".join(wrong)))
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

    def _plain_fact(self, question: str, row: int) -> str:
        """Return the price, the availability or the brand where the question asks for it by name; "" otherwise."""
        product = self._catalog.products.iloc[row]
        price = f"{product['price']:,.2f} {product['currency']}".strip() if product["price"] > 0 else ""
        fields = {"price": price, "stock": product["availability"], "brand": product["brand"]}
        return next(
            (str(fields[name]) for name, pattern in language.FIELD_QUESTIONS.items() if pattern.search(question)), ""
        )

    def _summary(self, understood: Understood, n: int) -> str:
        conditions = ", ".join(chip.label for chip in understood.chips)
        sentences = [SHOWN_WITH(n, conditions=conditions) if conditions else SHOWN(n)]
        sentences += [CHEAPEST_FIRST(n=N_PRICE_CANDIDATES)] if understood.cheapest else []
        sentences += [CORRECTED(right=right, wrong=wrong) for wrong, right in understood.corrections.items()]
        return " ".join([*sentences, *understood.notes])

    def _suggestion(self, understood: Understood, hit: Hit, chosen_before: Collection[str] = ()) -> Suggestion:
        """Return a hit with a line of facts: the chips' values, the price, and the sentence nearest to the question."""
        product = self._catalog.products.iloc[hit.row]
        attributes = [chip for chip in understood.chips if chip.kind == "attribute" and chip.wanted]
        facts = [str(product[name]) for chip in attributes for name in chip.columns if product[name] in chip.values]
        price = product["price"]
        facts += [f"{price:,.2f} {product['currency']}".strip()] if price > 0 else []
        facts += [str(product["availability"])] if product["availability"] else []
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
                return IS_AVAILABLE(availability=availability) if availability else UNKNOWN_STOCK()
            case "brand" | "category":
                value = str(product[chip.kind])
                if not value:
                    return UNKNOWN_BRAND() if chip.kind == "brand" else UNKNOWN_CATEGORY()
                return IS_OTHER(value=value, wanted=chip.label) if chip.wanted else IS_VALUE(value=value)
            case "attribute":
                values = ", ".join(
                    NAMED_VALUE(field=name, value=product[name]) if product[name] else FIELD_UNKNOWN(field=name)
                    for name in chip.columns
                )
                return HAS_OTHER(values=values, wanted=chip.label) if chip.wanted else HAS_VALUE(values=values)
        return MENTIONS(word=chip.values[0])

    def _meets(self, chip: Chip, row: int) -> bool:
        return bool((self._engine.targets.matching(chip.condition) == row).any())


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
