"""What a question comes to, and its answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, Self

from prodsim.ask.language import forms
from prodsim.search import Hit

ChipKind = Literal["price_max", "price_min", "category", "brand", "attribute", "stock", "word"]
ONE_VALUED = ("price_max", "price_min", "category", "brand", "stock")
"""Kinds of which a later question replaces the earlier one; an attribute is replaced by its column."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that was understood and that products must meet.

    Attributes:
        kind: what it is about; ``word`` are products whose texts hold a word.
        cue: the words of the question that say so.
        wanted: whether it must hold, or must not.
        columns: of the catalog, for an attribute; one of them must have one of the values.
        values: of the catalog: brands, category paths, or an attribute's values; for ``word`` the word.
        amount: of a price.
        or_else: values with which a product passes too, "" among them for none; they are not what was asked for.
    """

    kind: ChipKind
    cue: str
    wanted: bool = True
    columns: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    amount: float | None = None
    or_else: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Tells it from the others of one question, and stays the same when they are taken away."""
        what = "/".join(self.columns) or self.kind
        return f"{'' if self.wanted else 'not '}{what}:{self.amount or '|'.join(self.values)}"

    @property
    def label(self) -> str:
        """What is shown."""
        match self.kind:
            case "price_max":
                return f"at most {price_text(self.amount)}"
            case "price_min":
                return f"at least {price_text(self.amount)}"
            case "stock":
                return "in stock"
        shown = self.values[0].rpartition(" > ")[2] if len(self.values) == 1 else self.cue
        return f"{'' if self.wanted else 'not '}{shown}"

    @property
    def condition(self) -> str:
        """It as SQL over the catalog's columns."""
        listed = ", ".join(_quoted(value) for value in self.values)
        match self.kind:
            case "price_max":
                return f"price <= {self.amount!r} AND price > 0"
            case "price_min":
                return f"price >= {self.amount!r}"
            case "stock":
                return "availability = 'in stock'"
            case "brand":
                found = f"brand IN ({listed})"
            case "category":
                found = " OR ".join(
                    f"category = {_quoted(path)} OR starts_with(category, {_quoted(path + ' > ')})"
                    for path in self.values
                )
            case "attribute":
                passing = ", ".join(map(_quoted, (*self.values, *self.or_else)))
                found = " OR ".join(f"{_column(name)} IN ({passing})" for name in self.columns)
            case "word":
                found = " OR ".join(_holding(word) for word in self.values)
        return f"({found})" if self.wanted else f"NOT ({found})"


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as prodsim understands it.

    Attributes:
        question: as it was asked.
        text: what is searched for: the question without what became chips, prices and filling words.
        chips: what products must meet.
        corrections: misspelt word to the catalog's word.
        like: SKU of a product to be close to; "" for none.
        about: SKU of the one product that is asked about; "" where products are looked for.
        cheapest: the lowest price first among what fits.
        notes: sentences on what could not be taken as asked.
        follows: whether it refines the question before it.
    """

    question: str
    text: str = ""
    chips: tuple[Chip, ...] = ()
    corrections: Mapping[str, str] = field(default_factory=dict)
    like: str = ""
    about: str = ""
    cheapest: bool = False
    notes: tuple[str, ...] = ()
    follows: bool = False

    @property
    def where(self) -> str:
        """All chips as one condition in SQL; "" for none."""
        return " AND ".join(f"({chip.condition})" for chip in self.chips)

    def without(self, key: str) -> Self:
        """The same without one chip; its words go back to what is searched for."""
        gone = [chip for chip in self.chips if chip.key == key and chip.wanted and chip.cue not in self.text]
        words = [chip.cue for chip in gone if chip.kind in ("brand", "category", "attribute")]
        return replace(
            self,
            chips=tuple(chip for chip in self.chips if chip.key != key),
            text=" ".join([self.text, *words]).strip(),
        )


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A product of an answer.

    Attributes:
        reason: one line of facts of the catalog: what of the question it meets, and a sentence of its description.
        differs: what was asked for and it does not meet; "" where it meets all.
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
        quote: the sentence that answers a question about one product; "" where the catalog does not tell.
    """

    understood: Understood
    text: str
    suggestions: tuple[Suggestion, ...] = ()
    fits: bool = True
    quote: str = ""


def price_text(amount: float | None) -> str:
    """A price as it is shown: with all its digits, and without a point where there is nothing behind it."""
    return f"{amount or 0:,.2f}".removesuffix(".00")


def _holding(word: str) -> str:
    """SQL for texts that hold a word, in the singular or plural, but for those that say of it that it is absent."""
    text = "lower(concat(title, ' ', description))"
    if not word.isascii():
        absent = f"(?:不含|不添加|未添加|不加|无|零|0|免)[^，。；,.;]{{0,6}}?{re.escape(word)}"
        return f"(contains({text}, {_quoted(word)}) AND NOT regexp_matches({text}, {_quoted(absent)}))"
    plain = f"(?:{'|'.join(map(re.escape, forms(word)))})"
    absent = (
        rf"\b(?:no|non|without|free (?:of|from)|zero)[ -](?:\w+ (?:and|or) )?{plain}\b|\b{plain}[ -]free\b"
        rf"|\bnot (?:\w+ ){{0,3}}{plain}\b"
    )
    found = rf"\b{plain}\b"
    return f"(regexp_matches({text}, {_quoted(found)}) AND NOT regexp_matches({text}, {_quoted(absent)}))"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _column(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
