"""Answering with products, or with a sentence that the catalog holds; nothing is made up."""

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
from prodsim.records import Choice
from prodsim.search import BURIED, PINNED, Arrangement, Filters, Hit, Query, SearchEngine, SearchOptions
from prodsim.text import words

MIN_CLOSENESS_WITH_WORDS, MIN_CLOSENESS_WITHOUT_WORDS = 0.9, 0.999
"""Shares of random texts that a product must be closer to the question than: where its title or category holds one of
the question's words, and where it holds none."""
MIN_SHARED_WORDS = 0.35
"""Share of a question's words that a sentence must hold to answer it."""
MAX_QUESTION_CHARS = 2000
"""Characters of a question."""
N_PRICE_CANDIDATES = 40
"""Products among which the cheapest is looked for."""
_SENTENCE = re.compile(r"[^.!?。！？]+[.!?。！？]?")

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
        self._engine = engine.weighing_words(self.vocabulary.rarity)

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
            filters: only products that pass, whatever is asked.
            arrangement: what may stand beside what, and rules.
            choices: what earlier askers chose, to be learned from.

        Raises:
            QueryError: the question is empty, or longer than ``MAX_QUESTION_CHARS``.
        """
        if not question.strip():
            raise QueryError("The question is empty.", "Ask for a kind of product, such as a waterproof jacket.")
        if len(question) > MAX_QUESTION_CHARS:
            raise QueryError(
                f"The question has {len(question):,} characters; {MAX_QUESTION_CHARS:,} are read.",
                "Ask for one thing at a time.",
            )
        about = product_in_question(question, self._engine.lookup, before)
        if about:
            return self._answer_about(question, about, before)
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
        """Answer what was understood; also after a chip was taken away."""
        chosen = boosts_for(conversation_words(understood, self.vocabulary), choices)
        boosts = [rule for rule in chosen if rule.target in self._engine.lookup]
        arrangement = replace(arrangement, rules=(*arrangement.rules, *boosts))
        if instead := self._stock_alternatives(understood, k, filters, arrangement):
            return instead
        hits = self._find(understood, k, filters, arrangement)
        if hits and self._is_close(understood, hits):
            said = self._summary(understood, len(hits))
            liked = {rule.target for rule in boosts}
            return Answer(understood, said, tuple(self._suggestion(understood, hit, liked) for hit in hits))
        if hits:
            said = "Nothing in this catalog is close to what you ask. The nearest is:"
            return Answer(understood, said, tuple(self._suggestion(understood, hit) for hit in hits), fits=False)
        return self._substitutes(understood, k, filters, arrangement)

    def _stock_alternatives(
        self, understood: Understood, k: int, filters: Filters, arrangement: Arrangement
    ) -> Answer | None:
        """For a product asked for by its SKU that is not in stock: it, then the nearest that are, and what differs."""
        row = self._catalog.row_of.get(understood.text)
        products = self._catalog.products
        if row is None or products["availability"].iat[row] in ("in stock", ""):
            return None
        stocked = replace(understood, text="", like=understood.text, chips=(Chip("stock", ""), *understood.chips))
        hits = self._find(stocked, k, filters, arrangement)
        said = f"{products['title'].iat[row]} is {products['availability'].iat[row]}. Nearest in stock:"
        itself = [self._suggestion(understood, hit) for hit in self._engine.search(Query(understood.text), 1).hits]
        others = [replace(self._suggestion(stocked, hit), differs=self._differences(row, hit.row)) for hit in hits]
        return Answer(understood, said, (*itself, *others)[:k], fits=False) if hits else None

    def _differences(self, row: int, other: int) -> str:
        """What one product has and another has differently, three fields at most, and the price."""
        one, two = self._catalog.products.iloc[row], self._catalog.products.iloc[other]
        fields = [name for name in ("brand", *self._catalog.attributes) if one[name] and two[name] != one[name]]
        told = [f"{name} {two[name] or 'unknown'}, not {one[name]}" for name in fields[:3]]
        if one["price"] > 0 and two["price"] > 0 and one["price"] != two["price"]:
            cheaper = two["price"] < one["price"]
            told.append(f"{abs(two['price'] - one['price']):,.2f} {'cheaper' if cheaper else 'dearer'}")
        return "; ".join(told) or "the same but for its name"

    def _find(self, understood: Understood, k: int, filters: Filters, arrangement: Arrangement) -> tuple[Hit, ...]:
        conditions = [condition for condition in (filters.where, understood.where) if condition]
        narrowed = replace(filters, where=" AND ".join(f"(\n{one}\n)" for one in conditions))
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
        """The cheapest first, those without a price after them; pinned ones stay before all, buried ones behind."""
        if PINNED in hit.rules:
            return 0, 0.0
        price = float(self._catalog.products["price"].to_numpy(np.float64)[hit.row])
        return 2 if any(label.startswith(BURIED) for label in hit.rules) else 1, price if price > 0 else np.inf

    def _is_close(self, understood: Understood, hits: Sequence[Hit]) -> bool:
        """Whether what was found is what was asked for: it was named by the catalog's words, or it is close."""
        is_named = any(chip.wanted and chip.kind in ("category", "brand", "attribute") for chip in understood.chips)
        if is_named or understood.like or hits[0].closer_than >= MIN_CLOSENESS_WITHOUT_WORDS:
            return True
        asked = _stems(understood.text)
        categories = self._catalog.products["category"].iloc[[hit.row for hit in hits]]
        shared = any(_word_overlap(asked, f"{hit.title} {of}") > 0 for hit, of in zip(hits, categories, strict=True))
        return shared and hits[0].closer_than >= MIN_CLOSENESS_WITH_WORDS

    def _substitutes(self, understood: Understood, k: int, filters: Filters, arrangement: Arrangement) -> Answer:
        """Without one condition, prices first and kinds last, so that something is left; each says what differs."""
        order = ("price_min", "price_max", "stock", "attribute", "word", "brand", "category")
        for chip in sorted(understood.chips, key=lambda one: order.index(one.kind)):
            others = tuple(one for one in understood.chips if one != chip)
            looser = replace(understood, chips=others, cheapest=understood.cheapest or chip.kind == "price_max")
            hits = self._find(looser, k, filters, arrangement)
            if hits:
                said = f"Nothing here is {chip.label} as well. Nearest, without that:"
                found = tuple(
                    replace(self._suggestion(looser, hit), differs=self._failed_condition(chip, hit.row))
                    for hit in hits
                )
                return Answer(understood, said, found, fits=False)
        hits = self._find(replace(understood, chips=()), k, filters, arrangement)
        labels = ", ".join(chip.label for chip in understood.chips)
        said = f"Nothing here is {labels}. Nearest by its words:" if hits else "The catalog has nothing to show."
        listed: list[Suggestion] = []
        for hit in hits:
            wrong = [
                self._failed_condition(chip, hit.row) for chip in understood.chips if not self._meets(chip, hit.row)
            ]
            listed.append(replace(self._suggestion(understood, hit), differs="; ".join(wrong)))
        return Answer(understood, said, tuple(listed), fits=False)

    def _with_price_moved(self, question: str, understood: Understood, before: Answer) -> Understood:
        """A price on the other side of that of the product pointed at, or shown first, for "cheaper" or "dearer"."""
        is_cheaper = language.CHEAPER.search(question) is not None
        if not is_cheaper and not language.DEARER.search(question):
            return understood
        row = self._catalog.row_of.get(understood.like, before.suggestions[0].hit.row)
        price = float(self._catalog.products["price"].to_numpy(np.float64)[row])
        kind: ChipKind = "price_max" if is_cheaper else "price_min"
        asked = {chip.key for chip in understood.chips if chip.kind == kind}
        named = asked - {chip.key for chip in before.understood.chips}
        if not price > 0 or named:
            return understood
        chip = Chip(kind, question, amount=round(price - 0.01 if is_cheaper else price + 0.01, 2))
        others = tuple(one for one in understood.chips if one.kind != kind)
        return replace(understood, chips=(*others, chip), cheapest=False)

    def _answer_about(self, question: str, sku: str, before: Answer | None) -> Answer:
        """The sentence of the product's texts or the value of its columns that answers."""
        row = self._catalog.row_of[sku]
        product = self._catalog.products.iloc[row]
        sentences = _sentences(product["description"])
        facts = [f"{name}: {product[name]}" for name in ("title", *self._catalog.attributes) if str(product[name])]
        asked = _stems(question)
        ranked = sorted(
            ((_word_overlap(asked, one), -n, one) for n, one in enumerate([*sentences, *facts])), reverse=True
        )
        plain = self._plain_fact(question, row)
        quote = plain or ranked[0][2] if plain or (ranked and ranked[0][0] >= MIN_SHARED_WORDS) else ""
        is_shown = before is not None and any(one.hit.sku == sku for one in before.suggestions)
        earlier = before.understood if before is not None and is_shown else Understood(question, like=sku)
        understood = replace(earlier, question=question, about=sku)
        hit = Hit(sku, row, str(product["title"]), 1.0, {}, 1.0)
        shown = before.suggestions if before is not None and is_shown else (Suggestion(hit, ""),)
        said = f"{product['title']}: “{quote}”" if quote else f"The catalog does not tell this of {product['title']}."
        return Answer(understood, said, shown, bool(quote), quote)

    def _plain_fact(self, question: str, row: int) -> str:
        """What a field tells where its name is asked for: the price, the stock, the brand; "" otherwise."""
        product = self._catalog.products.iloc[row]
        price = f"{product['price']:,.2f} {product['currency']}".strip() if product["price"] > 0 else ""
        fields = {"price": price, "stock": product["availability"], "brand": product["brand"]}
        return next((str(fields[name]) for name, asked in language.FIELDS.items() if asked.search(question)), "")

    def _summary(self, understood: Understood, n: int) -> str:
        what = ", ".join(chip.label for chip in understood.chips)
        sorted_by = f", the cheapest of the {N_PRICE_CANDIDATES} nearest first" if understood.cheapest else ""
        mended = "".join(f" Read “{wrong}” as “{right}”." for wrong, right in understood.corrections.items())
        notes = "".join(f" {note}" for note in understood.notes)
        return f"{n:,} products shown{': ' + what if what else ''}{sorted_by}.{mended}{notes}"

    def _suggestion(self, understood: Understood, hit: Hit, liked: Collection[str] = ()) -> Suggestion:
        """A line of facts: what the chips are about, the price, and the sentence nearest to the question.

        Those of ``liked`` were chosen after like questions.
        """
        product = self._catalog.products.iloc[hit.row]
        told = [chip for chip in understood.chips if chip.kind == "attribute" and chip.wanted]
        facts = [str(product[name]) for chip in told for name in chip.columns if product[name] in chip.values]
        price = product["price"]
        facts += [f"{price:,.2f} {product['currency']}".strip()] if price > 0 else []
        facts += [str(product["availability"])] if product["availability"] else []
        asked = _stems(f"{understood.question} {understood.text}")
        sentences = _sentences(str(product["description"]))
        best = max(sentences, key=lambda one: _word_overlap(asked, one), default="")
        quote = [f"“{best}”"] if best and _word_overlap(asked, best) > 0 else []
        facts += ["chosen by earlier askers"] if hit.sku in liked else []
        return Suggestion(hit, " · ".join(dict.fromkeys([*filter(None, facts), *quote])))

    def _failed_condition(self, chip: Chip, row: int) -> str:
        product = self._catalog.products.iloc[row]
        match chip.kind:
            case "price_max" | "price_min":
                price = product["price"]
                return f"costs {price_text(price)}, not {chip.label}" if price > 0 else "has no price"
            case "stock":
                return f"is {product['availability'] or 'of unknown stock'}"
            case "brand" | "category":
                own = str(product[chip.kind]) or f"of unknown {chip.kind}"
                return f"is {own}, not {chip.label}" if chip.wanted else f"is {own}"
            case "attribute":
                own = ", ".join(f"{name} {product[name] or 'unknown'}" for name in chip.columns)
                return f"has {own}, not {chip.label}" if chip.wanted else f"has {own}"
        return f"has “{chip.values[0]}” in its text"

    def _meets(self, chip: Chip, row: int) -> bool:
        return bool((self._engine.targets.meeting(chip.condition) == row).any())


def _sentences(text: str) -> list[str]:
    return [one.strip() for one in _SENTENCE.findall(text) if one.strip()]


def _stems(text: str) -> set[str]:
    """Words that say something; of Chinese every pair of characters, so that no segmentation decides."""
    plain = language.FILLING_ZH.sub(" ", text)
    found = {stem(word) for word in words(plain) if word not in language.FILLING and len(word) > 1}
    return {word for word in found if word}


def _word_overlap(asked: set[str], sentence: str) -> float:
    """Share of the words asked for that a sentence holds."""
    lowered = sentence.lower()
    mine = {stem(word) for word in words(lowered)}
    return sum(word in mine or (not word.isascii() and word in lowered) for word in asked) / max(len(asked), 1)
