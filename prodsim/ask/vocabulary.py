"""The words that a catalog itself uses: brands, categories, values of its columns, and how it spells."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from prodsim.ask.language import AUDIENCES, NAMED_COLUMNS, WHOM_COLUMNS, stem
from prodsim.catalog import Catalog
from prodsim.encoders import english_words
from prodsim.text import has_chinese, words

MAX_VALUES = 400
"""Distinct values from which on a column is no choice among few."""
MAX_VALUE_CHARS = 30
"""Characters of a value that people would type."""
N_SPELLING_PRODUCTS = 200_000
"""Products whose words are read for spellings."""
MIN_SPELLING_PRODUCTS = 3
"""Products that must use a word, for another to be taken for a slip of it."""
EVERYBODY = "everybody"
SIZES = re.compile(r"size|尺码|尺寸|规格", re.IGNORECASE)
_JOINED = re.compile(r"\s+(?:and|&|or)\s+|[、/,]")
_LATIN = re.compile(r"[a-z0-9]+(?:['’][a-z]+)?")


@dataclass(frozen=True, slots=True)
class CatalogValue:
    """A value of the catalog that a phrase stands for."""

    kind: str
    column: str
    value: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase of a question that names values of the catalog."""

    start: int
    end: int
    cue: str
    candidates: tuple[CatalogValue, ...]


@dataclass(frozen=True)
class Vocabulary:
    """What a catalog's words stand for.

    Attributes:
        phrases: stems of a Latin phrase to what it stands for.
        chinese: a Chinese phrase to what it stands for.
        spellings: Latin word to the number of products that use it.
        audience: the column of audiences, "" for none.
        audiences: ``women``, ``men`` and ``kids`` to the column's values for them; ``everybody`` to those for no one or
            several of these.
        currency: of most products.
        n_products: whose words were read.
    """

    phrases: dict[tuple[str, ...], list[CatalogValue]] = field(default_factory=dict)
    chinese: dict[str, list[CatalogValue]] = field(default_factory=dict)
    spellings: dict[str, int] = field(default_factory=dict)
    audience: str = ""
    audiences: dict[str, tuple[str, ...]] = field(default_factory=dict)
    currency: str = ""
    n_products: int = 1

    @classmethod
    def of(cls, catalog: Catalog) -> "Vocabulary":
        """Read it of a catalog."""
        products = catalog.products
        currencies = products["currency"][products["currency"] != ""].mode()
        whom = ((name, _audiences(products[name].unique())) for name in catalog.attributes if WHOM_COLUMNS.search(name))
        audience, audiences = next(((name, found) for name, found in whom if found), ("", {}))
        found = cls(
            n_products=min(len(catalog), N_SPELLING_PRODUCTS),
            audience=audience,
            audiences=audiences,
            currency=str(currencies.iat[0]) if len(currencies) else "",
        )
        for brand in products["brand"].unique():
            found._add(brand, CatalogValue("brand", "", brand))
        for path in products["category"].unique():
            steps = path.split(" > ") if path else []
            for depth, step in enumerate(steps, 1):
                candidates = CatalogValue("category", "", " > ".join(steps[:depth]))
                for phrase in {step, *_JOINED.split(step)}:
                    found._add(phrase, candidates)
                    found._add_head(phrase, candidates)
        for column in catalog.attributes:
            found._add_values(catalog, column)
        found._add_compounds()
        told = zip(
            products["title"].iloc[:N_SPELLING_PRODUCTS],
            products["description"].iloc[:N_SPELLING_PRODUCTS],
            strict=True,
        )
        texts = [*map(" ".join, told), *products["category"].unique()]
        found.spellings.update(Counter(word for text in texts for word in set(_LATIN.findall(text.lower()))))
        return found

    @cached_property
    def stems(self) -> frozenset[str]:
        """Stems of all words that the catalog uses."""
        return frozenset(map(stem, self.spellings))

    @cached_property
    def _named_words(self) -> frozenset[str]:
        """Stems of all words of its phrases."""
        return frozenset(word for phrase in self.phrases for word in phrase)

    @cached_property
    def usual(self) -> list[str]:
        """Words that others may be slips of."""
        return [
            word
            for word, n in self.spellings.items()
            if n >= MIN_SPELLING_PRODUCTS and len(word) > 3 and word.isalpha()
        ]

    def rarity(self, word: str) -> float:
        """Inverse document frequency of a word, of at least 0; a Chinese one, whose products are not counted, has 1."""
        if not word.isascii():
            return 1.0
        return max(math.log(self.n_products / (1 + self.spellings.get(word, 0))), 0.0)

    def mentions(self, question: str) -> list[Mention]:
        """The phrases that name something, in order, the longest ones where they overlap."""
        found = [*self._latin(question), *self._in_chinese(question)]
        found.sort(key=lambda one: (one.start - one.end, one.start))
        taken = np.zeros(len(question) + 1, bool)
        kept = []
        for one in found:
            if not taken[one.start : one.end].any():
                taken[one.start : one.end] = True
                kept.append(one)
        return sorted(kept, key=lambda one: one.start)

    def corrected(self, word: str) -> str:
        """The catalog's word that a Latin one is a slip of; "" where it is none."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        if len(word) < 5 or not word.isalpha() or self._is_word(word):
            return ""
        allowed = 1 if len(word) < 9 else 2
        near = process.extract(word, self.usual, scorer=OSA.distance, score_cutoff=allowed, limit=20)
        same = [(distance, -self.spellings[other], other) for other, distance, _ in near if other[0] == word[0]]
        return min(same)[2] if same else ""

    def _is_word(self, word: str) -> bool:
        """Whether the catalog, also by a name of a brand or a value, or English knows it, be it in the plural."""
        known = english_words()
        is_spelt = any(one in self.spellings or one in known for one in (word, stem(word), f"{word}s"))
        return is_spelt or stem(word) in self._named_words

    def _add(self, phrase: str, candidates: CatalogValue) -> None:
        if has_chinese(phrase):
            plain = phrase.replace(" ", "")
            if len(plain) > 1:
                self.chinese.setdefault(plain, []).append(candidates)
            for latin in re.findall(r"[A-Za-z]{4,}", phrase):  # a brand in both scripts
                self.phrases.setdefault((stem(latin.lower()),), []).append(candidates)
            for part in phrase.split() if candidates.kind == "brand" else ():
                if has_chinese(part) and len(part) > 1:
                    self.chinese.setdefault(part, []).append(candidates)
        elif stems := tuple(stem(word) for word in _LATIN.findall(phrase.lower())):
            self.phrases.setdefault(stems, []).append(candidates)
            if len(stems) == 2 and not any(sign.isdigit() for sign in phrase):
                self.phrases.setdefault((stem("".join(stems)),), []).append(candidates)  # headtorch for head torch

    def _add_head(self, phrase: str, candidates: CatalogValue) -> None:
        """A kind by its last word too: boots for hiking boots."""
        parts = _LATIN.findall(phrase.lower())
        if len(parts) > 1 and len(parts[-1]) > 3:
            self.phrases.setdefault((stem(parts[-1]),), []).append(candidates)

    def _add_values(self, catalog: Catalog, column: str) -> None:
        values = [value for value in catalog.products[column].unique() if value and len(value) <= MAX_VALUE_CHARS]
        if len(values) > MAX_VALUES:
            return
        is_named = NAMED_COLUMNS.search(column) is not None and column != self.audience
        for value in values:
            candidates = CatalogValue("attribute", column, value)
            if SIZES.search(column) and len(value) <= 5:  # 39 or M says nothing without the word
                self._add(f"size {value}", candidates)
            elif value.replace(".", "").isdigit():
                continue
            elif any(sign.isdigit() for sign in value):
                self._add(value, candidates)
            elif is_named:
                self._add(value, candidates)
                self._add_parts(value, candidates)

    def _add_parts(self, value: str, candidates: CatalogValue) -> None:
        """A value by one of its words: wool for merino wool, 红色 for 正红色."""
        if has_chinese(value):
            core = value.removesuffix("色")
            if core and (core != value or "色" in candidates.column):
                self.chinese.setdefault(f"{core[-1]}色", []).append(candidates)
            for part in words(value):
                if len(part) > 1 and value.endswith(part):  # 长绒棉 for 新疆长绒棉, but not 氧化 for 氧化锌
                    self.chinese.setdefault(part, []).append(candidates)
            return
        parts = _LATIN.findall(value.lower())
        for part in parts if len(parts) > 1 else ():
            if len(part) > 3 or part == "red":
                self.phrases.setdefault((stem(part),), []).append(candidates)

    def _add_compounds(self) -> None:
        """A value by the end of one of its words too, where that is a value's word: lambswool for wool."""
        single = {phrase[0] for phrase in self.phrases if len(phrase) == 1 and len(phrase[0]) > 3}
        candidates = {one for ones in self.phrases.values() for one in ones if one.kind == "attribute"}
        for one in sorted(candidates, key=lambda one: (one.column, one.value)):
            for word in map(stem, _LATIN.findall(one.value.lower())):
                for end in (word[at:] for at in range(1, len(word))):
                    if end in single:
                        self.phrases[(end,)].append(one)

    def _latin(self, question: str) -> Iterator[Mention]:
        tokens = list(_LATIN.finditer(question.lower()))
        stems = [stem(token[0]) for token in tokens]
        for start in range(len(tokens)):
            for end in range(start + 1, min(start + 5, len(tokens)) + 1):
                candidates = self.phrases.get(tuple(stems[start:end]))
                if candidates:
                    first, last = tokens[start].start(), tokens[end - 1].end()
                    yield Mention(first, last, question[first:last], tuple(dict.fromkeys(candidates)))

    def _in_chinese(self, question: str) -> Iterator[Mention]:
        if not has_chinese(question):
            return
        for phrase, candidates in self.chinese.items():
            at = question.find(phrase)
            if at >= 0:
                yield Mention(at, at + len(phrase), phrase, tuple(dict.fromkeys(candidates)))
        for match in re.finditer(r"[\u3400-\u9fff]{2,3}(?=品|类|用品)", question):  # 护肤品 for 面部护肤
            core = match[0][-2:]
            candidates = [one for phrase, ones in self.chinese.items() if core in phrase for one in ones]
            paths = [one for one in candidates if one.kind == "category"]
            deepest = max((one.value.count(" > ") for one in paths), default=0)
            kinds = tuple(dict.fromkeys(one for one in paths if one.value.count(" > ") == deepest))
            if kinds:
                yield Mention(match.end() - 2, match.end(), core, kinds)


def _audiences(values: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """A column's values by audience; nothing where hardly one of them names an audience."""
    found: dict[str, list[str]] = {}
    for value in filter(None, values):
        named = [name for name, said in AUDIENCES.items() if said.search(value)]
        found.setdefault(named[0] if len(named) == 1 else EVERYBODY, []).append(value)
    n_named = sum(len(own) for name, own in found.items() if name != EVERYBODY)
    is_audience = n_named > 0 and n_named >= len(found.get(EVERYBODY, ()))
    return {name: tuple(own) for name, own in found.items()} if is_audience else {}
