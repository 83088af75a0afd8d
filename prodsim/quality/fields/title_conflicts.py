"""Fields that contradict the title: another amount, another brand, another colour."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

import pandas as pd

from prodsim.findings import Finding
from prodsim.phrases import Text, phrase
from prodsim.quality.fields.title_mentions import Contradiction, find_contradicting_titles
from prodsim.quality.sentences import cell_text, name_column, quote
from prodsim.quality.statistics import MIN_MEMBERS, is_structured
from prodsim.quality.subject import Subject
from prodsim.traits import BASES, find_quantities

MIN_AGREEMENT = 0.8
"""Share of products whose column says what the title says, from which one that does not is a fault."""
CORRECT_ONE = Text("Find out which of the two is right, and correct the other.")

_COLUMN_UNIT = re.compile(
    r"(?:[_\s(（\[]|(?<=[^\x00-\x7f]))([a-z]{1,4}|毫升|升|克|千克|公斤|毫米|厘米|米)[)）\]]?$", re.IGNORECASE
)
_BARE_NUMBER = re.compile(r"\s*\d+(?:[.,]\d+)?\s*")
_COLOUR_COLUMN = re.compile(r"colou?r|farbe|couleur|颜色|色号|顏色", re.IGNORECASE)

Amounts = tuple[float, ...]


def find_unit_conflicts(subject: Subject) -> Iterator[Finding]:
    """Yield attributes with another amount than the title, in columns that otherwise agree with titles."""
    products = subject.catalog.products
    in_titles = _amounts(products["title"], "")
    for column in subject.catalog.attributes:
        unit = _COLUMN_UNIT.search(column)
        in_cells = _amounts(products[column], unit[1] if unit else "")
        for dimension, both in sorted(_both_given(in_titles, in_cells).items()):
            conflicts = [row for row, amounts in both.items() if not _share_an_amount(*amounts)]
            agreement = (len(both) - len(conflicts) + 1) / (len(both) + 1)
            if len(both) >= MIN_MEMBERS / 2 and agreement >= MIN_AGREEMENT:
                for row in conflicts:
                    yield _unit_finding(subject, row, column, BASES[dimension], both[row], agreement)


def _both_given(
    in_titles: list[dict[int, Amounts]], in_cells: list[dict[int, Amounts]]
) -> Mapping[int, Mapping[int, tuple[Amounts, Amounts]]]:
    """Return for each dimension the rows whose title and cell both give amounts of it, with these."""
    both: dict[int, dict[int, tuple[Amounts, Amounts]]] = defaultdict(dict)
    for row, (in_title, in_cell) in enumerate(zip(in_titles, in_cells, strict=True)):
        for dimension in in_title.keys() & in_cell.keys() if in_title and in_cell else ():
            both[dimension][row] = in_title[dimension], in_cell[dimension]
    return both


def _unit_finding(
    subject: Subject, row: int, column: str, base: str, amounts: tuple[Amounts, Amounts], agreement: float
) -> Finding:
    """Make the finding of an amount that contradicts the title's."""
    products = subject.catalog.products
    in_title, in_cell = (", ".join(f"{amount:g} {base}" for amount in given) for given in amounts)
    what = phrase(
        "{sku}: the title {title} says {in_title}, but {column} says {in_cell} ({cell}).",
        sku=cell_text(products, row, "sku"), title=quote(cell_text(products, row, "title")), in_title=in_title,
        column=name_column(column), in_cell=in_cell, cell=quote(cell_text(products, row, column), 30),
    )  # fmt: skip
    return Finding(
        "unit conflict", what, (cell_text(products, row, "sku"),), 0.6, min(agreement, 0.98), column=column,
        evidence={"title": in_title, column: in_cell, "usually agree": round(agreement, 3)}, proposal=CORRECT_ONE(),
    )  # fmt: skip


def _amounts(texts: "pd.Series[str]", unit: str) -> list[dict[int, Amounts]]:
    """Return the amounts of each text by dimension; a bare number has the unit of its column."""
    known: dict[str, dict[int, Amounts]] = {}
    for text in texts.unique():
        amounts = known[text] = {}
        readable = "" if is_structured(text) else f"{text} {unit}" if _BARE_NUMBER.fullmatch(text) else text
        for dimension, amount in find_quantities(readable):
            amounts[dimension] = (*amounts.get(dimension, ()), amount)
    return [known[text] for text in texts.tolist()]


def _share_an_amount(some: Amounts, others: Amounts) -> bool:
    """Return whether any two amounts differ by rounding only."""
    return any(abs(a - b) <= 0.05 * max(a, b) for a in some for b in others)


def find_contradictions(subject: Subject) -> Iterator[Finding]:
    """Yield titles that name another brand or colour than the field."""
    products = subject.catalog.products
    columns = ["brand", *(name for name in subject.catalog.attributes if _COLOUR_COLUMN.search(name))]
    for column in columns:
        titles, values = products["title"].tolist(), products[column].tolist()
        for contradiction in find_contradicting_titles(titles, values, MIN_AGREEMENT):
            yield _contradiction_finding(subject, column, contradiction)


def _contradiction_finding(subject: Subject, column: str, contradiction: Contradiction) -> Finding:
    """Make the finding of a title that names another value than its field."""
    products, row = subject.catalog.products, contradiction.row
    sku, own = cell_text(products, row, "sku"), cell_text(products, row, column)
    what = phrase(
        "{sku}: the title {title} names the {column} {named}, but the field says {own}.",
        sku=sku, title=quote(cell_text(products, row, "title")), column=name_column(column),
        named=quote(contradiction.named), own=quote(own),
    )  # fmt: skip
    return Finding(
        "contradiction", what, (sku,), 0.5, contradiction.score, column=column,
        evidence={"named": contradiction.named, "field": own}, proposal=CORRECT_ONE(),
    )  # fmt: skip
