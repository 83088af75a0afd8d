"""The vocabulary of a catalog: its brands, categories, column values, and spellings."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from prodsim.ask.language import AUDIENCES, FILLING, NAMED_COLUMNS, WHOM_COLUMNS
from prodsim.ask.measures import measures
from prodsim.ask.tables import index_of, kinds_of_step, parts_of_step
from prodsim.catalog import Catalog
from prodsim.catalog.category_paths import depth_of, leaf_of, with_parents
from prodsim.encoders import english_words
from prodsim.knowledge import NameIndex, names_of, stem, stems_of
from prodsim.text import has_chinese, words

MAX_COLUMN_VALUES = 400
"""Distinct values of a column that people may name, at most."""
MIN_BRAND_PRODUCTS = 3
"""Products of a brand whose name is a usual word, from which the word means the brand."""
N_VALUES_READ = 100
"""Values of a column that tell what it is about."""
MIN_NAMED = 0.3
"""Share of them that the tables must know."""
MAX_FORMS = 600
"""Ways to write amounts that a condition in SQL lists."""
READ_DESCRIPTION = 400
"""Characters of a description that are read for amounts."""
MIN_WORD_RATIO = 10
"""Products whose texts use a word, as a multiple of those that have it as a value, from which it is rather a word."""
MANY_PATHS, MIN_PATH_PRODUCTS = 50, 3
"""Paths on one level from which it is doubted that they name kinds, and the products of one that does then."""
MAX_VALUE_CHARS = 30
"""Characters of a value that people would type, at most."""
N_SPELLING_PRODUCTS = 200_000
"""Products whose words are read for spellings, at most."""
MIN_SPELLING_PRODUCTS = 3
"""Products that must use a word before another word is corrected to it."""
EVERYBODY = "everybody"
SIZES = re.compile(r"size|尺码|尺寸|规格", re.IGNORECASE)
_ENGLISH_WORD = re.compile(r"[a-z0-9]+(?:['’][a-z]+)?")


@dataclass(frozen=True, slots=True)
class CatalogValue:
    """A value of the catalog that a phrase may stand for."""

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
    """The phrases of a catalog and the values they stand for.

    Attributes:
        phrases: stems of a Latin phrase to the values it stands for.
        chinese: a Chinese phrase to the values it stands for.
        spellings: Latin word to the number of products that use it.
        audience: the column of audiences, "" for none.
        audiences: ``women``, ``men`` and ``kids`` to the column's values for them; ``everybody`` to those for no one or
            several of these.
        currency: of most products.
        n_products: whose words were read.
        brands: with the number of their products.
        columns: the catalog's own attributes.
        values: of each of them, those that people would type.
        value_counts: of each of these values, the products that have it in any of the columns.
        categories: finds names of category paths.
        paths_of_kind: kind, as the tables of languages know it, to the paths that it names.
        paths_by_head: stem of the last word of a path's name to the paths.
    """

    phrases: dict[tuple[str, ...], list[CatalogValue]] = field(default_factory=dict)
    chinese: dict[str, list[CatalogValue]] = field(default_factory=dict)
    spellings: dict[str, int] = field(default_factory=dict)
    audience: str = ""
    audiences: dict[str, tuple[str, ...]] = field(default_factory=dict)
    currency: str = ""
    n_products: int = 1
    brands: dict[str, int] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    value_counts: dict[str, int] = field(default_factory=dict)
    texts: tuple[str, ...] = field(default=(), repr=False)
    category_names: tuple[str, ...] = field(default=(), repr=False)
    categories: NameIndex = field(default_factory=lambda: NameIndex({}))
    paths_of_kind: dict[str, list[str]] = field(default_factory=dict)
    paths_by_head: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, catalog: Catalog) -> "Vocabulary":
        """Read the vocabulary of a catalog."""
        products = catalog.products
        currencies = products["currency"][products["currency"] != ""].mode()
        whom = ((name, _audiences(products[name].unique())) for name in catalog.attributes if WHOM_COLUMNS.search(name))
        audience, audiences = next(((name, values) for name, values in whom if values), ("", {}))
        paths = _category_paths(products["category"])
        vocabulary = cls(
            columns=tuple(catalog.attributes),
            texts=_measured_texts(catalog),
            category_names=tuple(paths),
            categories=NameIndex({path: tuple(parts_of_step(leaf_of(path))) for path in paths}),
            n_products=min(len(catalog), N_SPELLING_PRODUCTS),
            audience=audience,
            audiences=audiences,
            currency=str(currencies.iat[0]) if len(currencies) else "",
        )
        vocabulary.brands.update(Counter(products["brand"]))
        for brand in products["brand"].unique():
            vocabulary._add(brand, CatalogValue("brand", "", brand))
        for path in paths:
            vocabulary._add_path(path)
        for column in catalog.attributes:
            vocabulary._add_values(catalog, column)
        vocabulary._add_compounds()
        pairs = zip(
            products["title"].iloc[:N_SPELLING_PRODUCTS],
            products["description"].iloc[:N_SPELLING_PRODUCTS],
            strict=True,
        )
        texts = [*map(" ".join, pairs), *products["category"].unique()]
        vocabulary.spellings.update(
            Counter(word for text in texts for word in set(_ENGLISH_WORD.findall(text.lower())))
        )
        return vocabulary

    @cached_property
    def stems(self) -> frozenset[str]:
        """Return the stems of all words that the catalog uses."""
        return frozenset(map(stem, self.spellings))

    @cached_property
    def _named_words(self) -> frozenset[str]:
        """Return the stems of all words of the phrases."""
        return frozenset(word for phrase in self.phrases for word in phrase)

    @cached_property
    def frequent_words(self) -> list[str]:
        """Return the words that misspelt words are corrected to."""
        return [
            word
            for word, n in self.spellings.items()
            if n >= MIN_SPELLING_PRODUCTS and len(word) > 3 and word.isalpha()
        ]

    def rarity(self, word: str) -> float:
        """Return a word's inverse document frequency, at least 0; 1 for a Chinese word, which is not counted."""
        if not word.isascii():
            return 1.0
        return max(math.log(self.n_products / (1 + self.spellings.get(word, 0))), 0.0)

    def mentions(self, question: str) -> list[Mention]:
        """Return the phrases that name values, in order, the longest ones where they overlap."""
        mentions = [*self._latin(question), *self._in_chinese(question), *self._brands_in_other_script(question)]
        mentions.sort(key=lambda mention: (mention.start - mention.end, mention.start))
        taken = np.zeros(len(question) + 1, bool)
        kept = []
        for mention in mentions:
            if not taken[mention.start : mention.end].any():
                taken[mention.start : mention.end] = True
                kept.append(mention)
        return sorted(kept, key=lambda mention: mention.start)

    def is_rare_brand(self, candidates: Iterable[CatalogValue]) -> bool:
        """Return whether values are all brands of hardly any product, whose names may be meant as usual words."""
        return all(one.kind == "brand" and self.brands.get(one.value, 0) < MIN_BRAND_PRODUCTS for one in candidates)

    def is_mostly_word(self, mention: Mention) -> bool:
        """Return whether texts use a value of a few products as a usual word: skin, where it is a colour, too."""
        if any(one.kind != "attribute" for one in mention.candidates) or not mention.cue.isalpha():
            return False
        if any(index_of(section).find(mention.cue) for section in ("colours", "materials", "features")):
            return False
        n_with = sum(self.value_counts.get(value, 0) for value in {one.value for one in mention.candidates})
        return self.spellings.get(mention.cue.lower(), 0) > MIN_WORD_RATIO * n_with

    def is_about(self, column: str, section: str) -> bool:
        """Return whether a column's values are colours, or materials, as the tables of languages name them."""
        values = self.values.get(column, ())
        named = sum(bool(index_of(section).find(value)) for value in values[:N_VALUES_READ])
        return named > 0 and named >= len(values[:N_VALUES_READ]) * MIN_NAMED

    def spelled(self, dimension: str, low: float, high: float) -> tuple[str, ...]:
        """Return how the catalog writes the amounts between two, in lower case, the most frequent ones first."""
        known = [
            (n, form) for (of, amount, form), n in self._amounts.items() if of == dimension and low <= amount <= high
        ]
        return tuple(form for _, form in sorted(known, key=lambda one: (-one[0], one[1]))[:MAX_FORMS])

    @cached_property
    def _amounts(self) -> Counter[tuple[str, float, str]]:
        """Count the amounts of the catalog's texts by dimension, amount and how they are written."""
        counts: Counter[tuple[str, float, str]] = Counter()
        for text in self.texts:
            lowered = text.lower()
            counts.update((one.dimension, one.amount, lowered[one.start : one.end]) for one in measures(lowered))
        return counts

    def uses(self, name: str) -> bool:
        """Return whether titles or categories contain a name."""
        if has_chinese(name):
            return name in self.titles
        return all(word in self.stems for word in stems_of(name))

    @cached_property
    def titles(self) -> str:
        """Return all titles and category paths as one text."""
        return "\n".join([self.texts[0] if self.texts else "", *self.category_names])

    def corrected(self, word: str) -> str:
        """Return the catalog's word that a misspelt Latin word stands for; "" where it is not misspelt."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        if len(word) < 5 or not word.isalpha() or self._is_word(word):
            return ""
        allowed = 1 if len(word) < 9 else 2
        near = process.extract(word, self.frequent_words, scorer=OSA.distance, score_cutoff=allowed, limit=20)
        same = [(distance, -self.spellings[other], other) for other, distance, _ in near if other[0] == word[0]]
        return min(same)[2] if same else ""

    def _is_word(self, word: str) -> bool:
        """Return whether the catalog (also by a brand or a value) or English knows a word, singular or plural."""
        known = english_words()
        is_spelt = any(form in self.spellings or form in known for form in (word, stem(word), f"{word}s"))
        return is_spelt or stem(word) in self._named_words

    def _add(self, phrase: str, value: CatalogValue) -> None:
        if has_chinese(phrase):
            plain = phrase.replace(" ", "")
            if len(plain) > 1:
                self.chinese.setdefault(plain, []).append(value)
            for latin in re.findall(r"[A-Za-z]{4,}", phrase):  # a brand in both scripts
                self.phrases.setdefault((stem(latin.lower()),), []).append(value)
            for part in phrase.split() if value.kind == "brand" else ():
                if has_chinese(part) and len(part) > 1:
                    self.chinese.setdefault(part, []).append(value)
        elif stems := tuple(stem(word) for word in _ENGLISH_WORD.findall(phrase.lower())):
            self.phrases.setdefault(stems, []).append(value)
            if len(stems) == 2 and not any(sign.isdigit() for sign in phrase):
                self.phrases.setdefault((stem("".join(stems)),), []).append(value)  # headtorch for head torch

    def _add_path(self, path: str) -> None:
        """Add a category path by the parts of its last step, their last words, and the kinds that it names."""
        step = leaf_of(path)
        for part in sorted(parts_of_step(step)):
            self._add(part, CatalogValue("category", "", path))
            parts = _ENGLISH_WORD.findall(part.lower())
            if parts and len(parts[-1]) > 2:
                self.paths_by_head.setdefault(stem(parts[-1]), []).append(path)
        for kind in kinds_of_step(step):
            self.paths_of_kind.setdefault(kind, []).append(path)

    def _add_values(self, catalog: Catalog, column: str) -> None:
        cells = catalog.products[column].value_counts(sort=False)
        counts = dict(zip(map(str, cells.index), cells.tolist(), strict=True))
        values = [value for value in counts if value and len(value) <= MAX_VALUE_CHARS]
        if len(values) > MAX_COLUMN_VALUES:
            return
        self.values[column] = tuple(values)
        for value in values:
            self.value_counts[value] = self.value_counts.get(value, 0) + counts[value]
        is_named = NAMED_COLUMNS.search(column) is not None and column != self.audience
        for value in values:
            entry = CatalogValue("attribute", column, value)
            if SIZES.search(column) and len(value) <= 5:  # 39 or M says nothing without the word
                self._add(f"size {value}", entry)
            elif value.replace(".", "").isdigit():
                continue
            elif any(sign.isdigit() for sign in value):
                self._add(value, entry)
            elif is_named:
                self._add(value, entry)
                self._add_parts(value, entry)

    def _add_parts(self, value: str, entry: CatalogValue) -> None:
        """Add a value by one of its words: wool for merino wool, 红色 for 正红色."""
        if has_chinese(value):
            core = value.removesuffix("色")
            if core and (core != value or "色" in entry.column):
                self.chinese.setdefault(f"{core[-1]}色", []).append(entry)
            for part in words(value):
                if len(part) > 1 and value.endswith(part):  # 长绒棉 for 新疆长绒棉, but not 氧化 for 氧化锌
                    self.chinese.setdefault(part, []).append(entry)
            return
        parts = _ENGLISH_WORD.findall(value.lower())
        for part in parts if len(parts) > 1 else ():
            if (len(part) > 3 or part == "red") and part not in FILLING:
                self.phrases.setdefault((stem(part),), []).append(entry)

    def _add_compounds(self) -> None:
        """Add a value by the end of one of its words too, where that is a value's word: wool for lambswool."""
        single = {phrase[0] for phrase in self.phrases if len(phrase) == 1 and len(phrase[0]) > 3}
        values = {entry for entries in self.phrases.values() for entry in entries if entry.kind == "attribute"}
        for entry in sorted(values, key=lambda entry: (entry.column, entry.value)):
            for word in map(stem, _ENGLISH_WORD.findall(entry.value.lower())):
                for end in (word[at:] for at in range(1, len(word))):
                    if end in single:
                        self.phrases[(end,)].append(entry)

    def _latin(self, question: str) -> Iterator[Mention]:
        tokens = list(_ENGLISH_WORD.finditer(question.lower()))
        stems = [stem(token[0]) for token in tokens]
        for start in range(len(tokens)):
            for end in range(start + 1, min(start + 5, len(tokens)) + 1):
                candidates = self.phrases.get(tuple(stems[start:end]))
                if candidates:
                    first, last = tokens[start].start(), tokens[end - 1].end()
                    yield Mention(first, last, question[first:last], tuple(dict.fromkeys(candidates)))

    def _brands_in_other_script(self, question: str) -> Iterator[Mention]:
        """Yield brands that a question names in another script than the catalog does: 三星 for Samsung."""
        for one in index_of("brands").find(question):
            names = [name for key in one.keys for name in names_of("brands")[key]]
            values = [
                value
                for name in names
                for value in (self.chinese.get(name) if has_chinese(name) else self.phrases.get(tuple(stems_of(name))))
                or ()
            ]
            if brands := [value for value in values if value.kind == "brand"]:
                yield Mention(one.start, one.end, question[one.start : one.end], tuple(dict.fromkeys(brands)))

    def _in_chinese(self, question: str) -> Iterator[Mention]:
        if not has_chinese(question):
            return
        for phrase, candidates in self.chinese.items():
            at = question.find(phrase)
            if at >= 0:
                yield Mention(at, at + len(phrase), phrase, tuple(dict.fromkeys(candidates)))
        for match in re.finditer(r"[\u3400-\u9fff]{2,3}(?=品|类|用品)", question):  # 护肤品 for 面部护肤
            core = match[0][-2:]
            candidates = [value for phrase, values in self.chinese.items() if core in phrase for value in values]
            paths = [value for value in candidates if value.kind == "category"]
            deepest = max((depth_of(path.value) for path in paths), default=0)
            kinds = tuple(dict.fromkeys(path for path in paths if depth_of(path.value) == deepest))
            if kinds:
                yield Mention(match.end() - 2, match.end(), core, kinds)


def _measured_texts(catalog: Catalog) -> tuple[str, ...]:
    """Return what a catalog says of amounts as few long texts: titles, distinct values, and starts of descriptions."""
    products = catalog.products
    values = [" | ".join(products[name].unique()) for name in catalog.attributes]
    return (" | ".join(products["title"]), *values, " | ".join(products["description"].str.slice(0, READ_DESCRIPTION)))


def _category_paths(column: "pd.Series[str]") -> list[str]:
    """Return all paths and those above them; of levels that mostly name single products, the paths of several ones."""
    counts: Counter[str] = Counter()
    for path, n in column[column != ""].value_counts().items():
        for each in with_parents(str(path)):
            counts[each] += int(n)
    levels: dict[int, list[str]] = {}
    for path in counts:
        levels.setdefault(depth_of(path), []).append(path)
    named: list[str] = []
    for paths in levels.values():
        n_single = sum(counts[path] == 1 for path in paths)
        is_doubtful = len(paths) >= MANY_PATHS and n_single >= len(paths) / 2
        named += [path for path in paths if not is_doubtful or counts[path] >= MIN_PATH_PRODUCTS]
    return named


def _audiences(values: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return a column's values by audience; nothing where most of them name no audience."""
    values_of: dict[str, list[str]] = {}
    for value in filter(None, values):
        named = [name for name, pattern in AUDIENCES.items() if pattern.search(value)]
        values_of.setdefault(named[0] if len(named) == 1 else EVERYBODY, []).append(value)
    n_named = sum(len(own) for name, own in values_of.items() if name != EVERYBODY)
    is_audience = n_named > 0 and n_named >= len(values_of.get(EVERYBODY, ()))
    return {name: tuple(own) for name, own in values_of.items()} if is_audience else {}
