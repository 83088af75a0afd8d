"""A question as it was understood, and its answer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Self

from prodsim.ask.language import forms
from prodsim.catalog.category_paths import leaf_of
from prodsim.knowledge import stem
from prodsim.phrases import Text
from prodsim.search import Hit

ChipKind = Literal["price_max", "price_min", "category", "brand", "attribute", "measure", "stock", "word"]
ONE_VALUED = ("price_max", "price_min", "category", "brand", "stock")
"""Kinds of which a later question replaces the earlier one; an attribute is replaced by its column."""

AT_MOST = Text("at most {price}")
AT_LEAST = Text("at least {price}")
STOCK_CONDITION = Text("in stock")
NOT = Text("not {value}")


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition of a question that products must meet.

    Attributes:
        kind: what it is about; ``word`` are products whose texts contain a word, ``measure`` those that state an
            amount.
        cue: the words of the question that state it.
        wanted: whether it must hold, or must not.
        columns: of the catalog, for an attribute; one of them must have one of the values.
        values: of the catalog: brands, category paths, or an attribute's values; for ``word`` the word.
        amount: of a price.
        or_else: further values with which a product passes, "" among them for none; the question does not name them.
        words: of an attribute: what states it in a title or a description as well; of a measure: how the catalog writes
            such amounts.
        rivals: of an attribute: what states another value in a title.
        dimension: of a measure, see ``prodsim.ask.measures``.
        low, high: of a measure, in the base unit of its dimension, both inclusive; ``None`` for no limit.
    """

    kind: ChipKind
    cue: str
    wanted: bool = True
    columns: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    amount: float | None = None
    or_else: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    dimension: str = ""
    low: float | None = None
    high: float | None = None

    @property
    def key(self) -> str:
        """Return a text that is unique within a question, and stays the same when other chips are removed."""
        what = "/".join(self.columns) or self.dimension or self.kind
        return f"{'' if self.wanted else 'not '}{what}:{self.amount or '|'.join(self.values or (self.cue,))}"

    @property
    def label(self) -> str:
        """Return what the chip shows."""
        match self.kind:
            case "price_max":
                return AT_MOST(price=price_text(self.amount))
            case "price_min":
                return AT_LEAST(price=price_text(self.amount))
            case "stock":
                return STOCK_CONDITION()
            case "measure":
                return self.cue
        shown = leaf_of(self.values[0]) if len(self.values) == 1 else self.cue
        return shown if self.wanted else NOT(value=shown)

    @property
    def condition(self) -> str:
        """Return the condition in SQL over the catalog's columns."""
        listed = ", ".join(_quoted(value) for value in self.values)
        match self.kind:
            case "price_max":
                return f"price <= {self.amount!r} AND price > 0"
            case "price_min":
                return f"price >= {self.amount!r}"
            case "stock":
                return "availability = 'in stock'"
            case "brand":
                sql = f"brand IN ({listed})"
            case "category":
                sql = " OR ".join(
                    f"category = {_quoted(path)} OR starts_with(category, {_quoted(path + ' > ')})"
                    for path in self.values
                )
                sql += f" OR {_naming(self.words, False)}" if self.words and self.wanted else ""
            case "attribute":
                passing = ", ".join(map(_quoted, (*self.values, *self.or_else)))
                listed_sql = [f"{_column(name)} IN ({passing})" for name in self.columns] if passing else []
                sql = " OR ".join([*listed_sql, *([_naming(self.words, self.wanted)] if self.words else [])]) or "false"
            case "measure":
                columns = ", ' ', ".join(["title", *map(_column, self.columns), "description"])
                forms_sql = "|".join(map(re.escape, self.words))
                stated = rf"(?:^|[^a-z0-9.,])(?:{forms_sql})(?:[^a-z0-9]|$)"
                sql = f"regexp_matches(lower(concat({columns})), {_quoted(stated)})" if self.words else "false"
            case "word":
                sql = " OR ".join(_containing(word) for word in self.values)
        return f"({sql})" if self.wanted else f"NOT ({sql})"


Topic = Literal["products", "shop", "greeting"]


@dataclass(frozen=True, slots=True)
class Thing:
    """What a question asks for.

    Attributes:
        text: its words in the question; "" where the question names none.
        names: what such products are called in any language; ``text`` is the first.
        kinds: its keys in the tables of kinds; none where they do not know it.
        nodes: category paths named like it.
        is_doubtful: whether the paths share its last word alone.
    """

    text: str = ""
    names: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as prodsim understands it.

    Attributes:
        question: as it was typed.
        text: the search text: the question without what became chips, without prices and filling words.
        chips: what products must meet.
        corrections: misspelt word to the catalog's word.
        thing: what is asked for, as the question names it, with the names and the category paths of such products.
        extent: "cheap" or "dear" where the question wants the lowest or the highest third of prices; else "".
        topic: "products", or "shop" and "greeting" for questions that no product answers.
        wishes: the same for each of several things that one question asks for; none where it asks for one.
        like: SKU of a product to be close to; "" for none.
        about: SKU of the product that the question is about; "" where it looks for products.
        cheapest: whether the lowest price comes first.
        notes: sentences on what could not be understood literally.
        follows: whether it refines the question before it.
        hints: conditions that only bring products forward, or that hardly any product speaks of; a question that
            follows may replace them.
    """

    question: str
    text: str = ""
    chips: tuple[Chip, ...] = ()
    corrections: Mapping[str, str] = field(default_factory=dict)
    thing: Thing = Thing()
    extent: str = ""
    topic: Topic = "products"
    wishes: tuple["Understood", ...] = ()
    like: str = ""
    about: str = ""
    cheapest: bool = False
    notes: tuple[str, ...] = ()
    follows: bool = False
    hints: tuple[Chip, ...] = ()

    @property
    def where(self) -> str:
        """Return all chips as one condition in SQL; "" for none."""
        return " AND ".join(f"({chip.condition})" for chip in self.chips)

    def without(self, key: str) -> Self:
        """Return the same without one chip; its words go back to the search text."""
        removed = [chip for chip in self.chips if chip.key == key and chip.wanted and chip.cue not in self.text]
        words = [chip.cue for chip in removed if chip.kind in ("brand", "category", "attribute")]
        return replace(
            self,
            chips=tuple(chip for chip in self.chips if chip.key != key),
            text=" ".join([self.text, *words]).strip(),
        )


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A product of an answer.

    Attributes:
        reason: one line of facts of the catalog: the conditions it meets, and a sentence of its description.
        differs: the conditions it does not meet; "" where it meets all.
    """

    hit: Hit
    reason: str
    differs: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Products, or a sentence of a description.

    Attributes:
        text: the answer in a sentence or two, made of the question's and the catalog's words.
        fits: whether the products meet all that was understood.
        quote: the sentence that answers a question about one product; "" where the catalog does not say.
    """

    understood: Understood
    text: str
    suggestions: tuple[Suggestion, ...] = ()
    fits: bool = True
    quote: str = ""


def price_text(amount: float | None) -> str:
    """Return a price as it is shown: with both decimals, or with none where they are 0."""
    return f"{amount or 0:,.2f}".removesuffix(".00")


def _naming(names: Sequence[str], also_described: bool) -> str:
    """Return SQL for titles and categories, and maybe descriptions, that contain one of the names as words."""
    either = "|".join(map(_in_forms, names))
    text = "title, ' ', category" + (", ' ', description" if also_described else "")
    return f"regexp_matches(lower(concat({text})), {_quoted(either)})"


def _in_forms(name: str) -> str:
    """Return a pattern of a name in lower case, singular or plural; Chinese names have neither."""
    if not name.isascii():
        return re.escape(name.lower())
    first, _, last = name.lower().rpartition(" ")
    ending = "|".join(map(re.escape, forms(last)))
    return rf"\b{re.escape(first)}{' ' if first else ''}(?:{ending})\b"


def word_patterns(word: str) -> tuple[str, str]:
    """Return patterns of texts in lower case: those that contain a word, singular or plural, and those that deny it."""
    if not word.isascii():
        return re.escape(word), f"(?:不含|不添加|未添加|不加|无|零|0|免)[^，。；,.;]{{0,6}}?{re.escape(word)}"
    inflected = [f"{stem(word).removesuffix('e')}{ending}" for ending in ("ed", "ing")]  # printed, where it is a print
    plain = f"(?:{'|'.join(map(re.escape, [*forms(word), *inflected]))})"
    absent = (
        rf"\b(?:no|non|without|free (?:of|from)|zero|0)[ -](?:added )?(?:\w+ (?:and|or) )?{plain}\b"
        rf"|\b{plain}[ -]?(?:free|less)\b"
        rf"|\bnot (?:\w+ ){{0,3}}{plain}\b"
    )
    return rf"\b{plain}\b", absent


def _containing(word: str) -> str:
    """Return SQL for texts that contain a word, except those that say it is absent."""
    text = "lower(concat(title, ' ', description))"
    present, absent = word_patterns(word)
    return f"(regexp_matches({text}, {_quoted(present)}) AND NOT regexp_matches({text}, {_quoted(absent)}))"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _column(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
