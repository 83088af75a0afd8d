"""Conditions about one field, as a form offers them, and the SQL that rules keep."""

import re
from dataclasses import dataclass
from typing import Literal

Test = Literal[
    "sku", "brand", "category", "price_max", "price_min", "in_stock", "not_in_stock", "attribute", "column", "sql"
]
"""A product, a field's value, a limit of the price, a column of numbers, or SQL that is none of these."""
_TEXT = r"'((?:[^']|'')*)'"
_NUMBER = r"(\d+(?:\.\d+)?)"
_FORMS: tuple[tuple[Test, str, str], ...] = (
    ("brand", "brand = {text}", rf"brand = {_TEXT}"),
    (
        "category",
        "(category = {text} OR starts_with(category, {below}))",
        rf"\(category = {_TEXT} OR starts_with\(category, '.*'\)\)",
    ),
    ("price_max", "price <= {number}", rf"price <= {_NUMBER}"),
    ("price_min", "price >= {number}", rf"price >= {_NUMBER}"),
    ("in_stock", "availability = 'in stock'", r"availability = 'in stock'()"),
    ("not_in_stock", "availability <> 'in stock'", r"availability <> 'in stock'()"),
)
"""Each test with its SQL and the pattern that recognises it."""
_ATTRIBUTE = re.compile(rf'"((?:[^"]|"")+)" = {_TEXT}')


@dataclass(frozen=True, slots=True)
class PlainCondition:
    """A condition about one field.

    Attributes:
        test: which one.
        value: that the field must have, or the limit; the SKU, the column or the SQL itself.
        attribute: whose value it is; only with *attribute*.
    """

    test: Test
    value: str = ""
    attribute: str = ""

    @property
    def is_complete(self) -> bool:
        """Return whether nothing is left to say."""
        return self.test in ("in_stock", "not_in_stock") or bool(
            self.value and (self.attribute or self.test != "attribute")
        )

    @property
    def target(self) -> str:
        """Return what a rule keeps; see ``Rule.target``."""
        if self.test == "attribute":
            return f"{_name(self.attribute)} = {_text(self.value)}"
        forms = {test: form for test, form, _ in _FORMS}
        if self.test not in forms:
            return self.value
        return forms[self.test].format(text=_text(self.value), below=_text(f"{self.value} > "), number=self.value)

    @classmethod
    def of(cls, target: str, skus: "set[str] | dict[str, int]") -> "PlainCondition":
        """Return the condition that a rule's target says, *sql* where a form has no words for it."""
        if target in skus:
            return cls("sku", target)
        for test, _, pattern in _FORMS:
            if (found := re.fullmatch(pattern, target)) and cls(test, _plain(found[1])).target == target:
                return cls(test, _plain(found[1]))
        if found := _ATTRIBUTE.fullmatch(target):
            return cls("attribute", _plain(found[2]), found[1].replace('""', '"'))
        return cls("sql", target)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _plain(text: str) -> str:
    return text.replace("''", "'")
