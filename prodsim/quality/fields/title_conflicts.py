"""Fields that contradict the title: another amount, another brand, another colour."""

import re
from collections import defaultdict
from collections.abc import Iterator

import pandas as pd

from prodsim.findings import Finding
from prodsim.quality.fields.title_mentions import Contradiction, contradictions
from prodsim.quality.statistics import MEMBERS, cell, is_structured, quoted
from prodsim.quality.subject import Subject
from prodsim.traits import BASES, find_quantities

AGREE = 0.8
"""Share of products where a column tells what the title tells, from which on one that does not is a fault."""
_UNIT = re.compile(
    r"(?:[_\s(（\[]|(?<=[^\x00-\x7f]))([a-z]{1,4}|毫升|升|克|千克|公斤|毫米|厘米|米)[)）\]]?$", re.IGNORECASE
)
_BARE = re.compile(r"\s*\d+(?:[.,]\d+)?\s*")
_COLOUR = re.compile(r"colou?r|farbe|couleur|颜色|色号|顏色", re.IGNORECASE)


Amounts = tuple[float, ...]


def find_unit_conflicts(subject: Subject) -> Iterator[Finding]:
    """Attributes that tell another amount than the title, in columns that otherwise tell the same."""
    products = subject.catalog.products
    in_title = _amounts(products["title"], "")
    for column in subject.catalog.attributes:
        unit = _UNIT.search(column)
        in_cell = _amounts(products[column], unit[1] if unit else "")
        told_by: dict[int, dict[int, tuple[Amounts, Amounts]]] = defaultdict(dict)
        for row, (told, written) in enumerate(zip(in_title, in_cell, strict=True)):
            for dimension in told.keys() & written.keys() if told and written else ():
                told_by[dimension][row] = told[dimension], written[dimension]
        for dimension, pairs in sorted(told_by.items()):
            apart = [row for row, amounts in pairs.items() if not _share_an_amount(*amounts)]
            agree = (len(pairs) - len(apart) + 1) / (len(pairs) + 1)
            if len(pairs) >= MEMBERS / 2 and agree >= AGREE:
                for row in apart:
                    yield _unit_finding(subject, row, column, BASES[dimension], pairs[row], agree)


def _unit_finding(
    subject: Subject, row: int, column: str, base: str, amounts: tuple[Amounts, Amounts], agree: float
) -> Finding:
    products = subject.catalog.products
    told, written = (", ".join(f"{amount:g} {base}" for amount in own) for own in amounts)
    what = (
        f"{cell(products, row, 'sku')}: the title {quoted(cell(products, row, 'title'))} says {told}, "
        f"its {column} {quoted(cell(products, row, column), 30)} is {written}."
    )
    return Finding(
        "unit conflict", what, (cell(products, row, "sku"),), 0.6, min(agree, 0.98), column=column,
        evidence={"title": told, column: written, "usually agree": round(agree, 3)},
        proposal="Find out which is right and correct the other.",
    )  # fmt: skip


def _amounts(texts: "pd.Series[str]", unit: str) -> list[dict[int, Amounts]]:
    """The amounts of each text by dimension; a bare number has the unit of its column."""
    known: dict[str, dict[int, Amounts]] = {}
    for text in texts.unique():
        own = known[text] = {}
        readable = "" if is_structured(text) else f"{text} {unit}" if _BARE.fullmatch(text) else text
        for dimension, amount in find_quantities(readable):
            own[dimension] = (*own.get(dimension, ()), amount)
    return [known[text] for text in texts.tolist()]


def _share_an_amount(some: Amounts, others: Amounts) -> bool:
    """Whether any two amounts differ by rounding only."""
    return any(abs(a - b) <= 0.05 * max(a, b) for a in some for b in others)


def find_contradictions(subject: Subject) -> Iterator[Finding]:
    """Titles that name another brand or colour than the field."""
    products = subject.catalog.products
    columns = ["brand", *(name for name in subject.catalog.attributes if _COLOUR.search(name))]
    for column in columns:
        for found in contradictions(products["title"].tolist(), products[column].tolist(), AGREE):
            yield _contradiction_finding(subject, column, found)


def _contradiction_finding(subject: Subject, column: str, found: Contradiction) -> Finding:
    products = subject.catalog.products
    sku, own = cell(products, found.row, "sku"), cell(products, found.row, column)
    what = (
        f"{sku}: the title {quoted(cell(products, found.row, 'title'))} names the {column} {quoted(found.named)}, "
        f"the field says {quoted(own)}."
    )
    return Finding(
        "contradiction", what, (sku,), 0.5, found.score, column=column,
        evidence={"named": found.named, "field": own}, proposal="Find out which is right and correct the other.",
    )  # fmt: skip
