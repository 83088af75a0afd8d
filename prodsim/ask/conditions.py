"""Whether products meet a condition: met, failed, or not stated."""

import re
from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any

from prodsim.ask.measures import measures
from prodsim.ask.things import is_below
from prodsim.ask.types import Chip, word_patterns
from prodsim.knowledge import NameIndex

Product = Mapping[str, Any]
READ_DESCRIPTION = 1000
"""Characters of a description in which a condition is looked for."""


class State(IntEnum):
    """What a product says about a condition."""

    FAILED = 0
    UNKNOWN = 1
    MET = 2


def state_of(chip: Chip) -> Callable[[Product], State]:
    """Return what tells the state of a product; made once per condition, because patterns take time to compile."""
    match chip.kind:
        case "price_max" | "price_min":
            return lambda product: _price(chip, product)
        case "stock":
            return lambda product: _listed(product["availability"], ("in stock",))
        case "brand":
            return _turned(chip, lambda product: _listed(product["brand"], chip.values))
        case "category":
            return _turned(chip, _category(chip))
        case "attribute":
            return _turned(chip, _attribute(chip))
        case "measure":
            return lambda product: _measure(chip, product)
    return _word(chip)


def _turned(chip: Chip, state: Callable[[Product], State]) -> Callable[[Product], State]:
    """Return the same state, or for an excluded value the other one; what does not state it does not have it."""
    if chip.wanted:
        return state
    return lambda product: State.FAILED if state(product) == State.MET else State.MET


def _listed(value: str, values: tuple[str, ...]) -> State:
    if not value:
        return State.UNKNOWN
    return State.MET if value in values else State.FAILED


def _price(chip: Chip, product: Product) -> State:
    price = product["price"]
    if not price > 0 or chip.amount is None:
        return State.FAILED
    is_met = price <= chip.amount if chip.kind == "price_max" else price >= chip.amount
    return State.MET if is_met else State.FAILED


def _category(chip: Chip) -> Callable[[Product], State]:
    """Return the state of a kind of product, which a category tells, or a title."""
    names = NameIndex({"wanted": chip.words})

    def state(product: Product) -> State:
        if is_below(product["category"], chip.values) or names.find(product["title"]):
            return State.MET
        return State.FAILED if product["category"] else State.UNKNOWN

    return state


def _attribute(chip: Chip) -> Callable[[Product], State]:
    names = NameIndex({"wanted": chip.words}) if chip.words else None
    rivals = NameIndex({"other": chip.rivals}) if chip.rivals else None
    passing = {*chip.values, *chip.or_else}

    def state(product: Product) -> State:
        own = [product[name] for name in chip.columns]
        if passing & set(own):
            return State.MET
        title = f"{product['title']} | {product['category']}"
        if names and names.find(title):
            return State.MET
        if any(own) or (rivals and rivals.find(title)):
            return State.FAILED
        described = product["description"][:READ_DESCRIPTION] if chip.wanted else ""
        return State.MET if names and names.find(described) else State.UNKNOWN

    return state


def _measure(chip: Chip, product: Product) -> State:
    low, high = chip.low or 0.0, float("inf") if chip.high is None else chip.high
    stated = State.UNKNOWN
    for text in (
        product["title"],
        *(product[name] for name in chip.columns),
        product["description"][:READ_DESCRIPTION],
    ):
        amounts = [one.amount for one in measures(text) if one.dimension == chip.dimension] if text else []
        if any(low <= amount <= high for amount in amounts):
            return State.MET
        if amounts:
            stated = State.FAILED
    return stated


def _word(chip: Chip) -> Callable[[Product], State]:
    """Return the state of a word in texts; a substance that must be absent is only unknown where a text is silent."""
    present, absent = (re.compile(one, re.IGNORECASE) for one in word_patterns(chip.values[0]))

    def state(product: Product) -> State:
        text = f"{product['title']} {product['description']}"
        has = present.search(text) is not None
        says_absent = absent.search(text) is not None
        if chip.wanted:
            return State.MET if has and not says_absent else State.UNKNOWN
        if says_absent:
            return State.MET
        if has:
            return State.FAILED
        return State.UNKNOWN if chip.dimension == "substance" else State.MET

    return state
