"""Empty fields whose value the product's own title says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from prodsim.quality.fields.title_values import TitleReader, TitleValue

MIN_TAUGHT = 100
"""Products with a value of a field in their title from which the field is learned."""
MOST_TAUGHT = 3000
"""Products that teach, drawn at random; more take long and teach little."""
SHARE_JUDGING = 1 / 3
"""Of the products that could teach, those that judge instead how sure the reader's values are."""
MIN_JUDGED = 10
"""Values of a field that must be right or wrong for that to be known."""


@dataclass(frozen=True, slots=True)
class TitleFill:
    """A value for an empty field.

    Attributes:
        row: of the product.
        column: the empty one.
        value: as the title writes it.
        precision: share of such values that are right, among products that have one.
    """

    row: int
    column: str
    value: str
    precision: float


def read_titles(products: pd.DataFrame, columns: Sequence[str], min_precision: float) -> Iterator[TitleFill]:
    """Yield values for empty fields that titles say, by product.

    A reader learns from two thirds of the products whose titles name their values; the others tell from which margin on
    its values of a field are right often enough. A field that never is right often enough gets none.

    Args:
        products: the catalog's.
        columns: the fields that may be filled.
        min_precision: share of the values that must be right.
    """
    titles, categories = products["title"].tolist(), products["category"].tolist()
    cells = {column: products[column].tolist() for column in columns}
    named = {
        column: [row for row, value in enumerate(values) if value and value.casefold() in titles[row].casefold()]
        for column, values in cells.items()
    }
    learned = [column for column in columns if len(named[column]) >= MIN_TAUGHT and "" in cells[column]]
    rows = np.array(sorted({row for column in learned for row in named[column]}), np.int64)
    if not len(rows):
        return
    drawn = np.random.default_rng(0).permutation(rows)[:MOST_TAUGHT]
    n_judging = int(len(drawn) * SHARE_JUDGING)

    def values_of(row: int) -> dict[str, str]:
        return {column: cells[column][row] for column in learned}

    taught, judging = drawn[n_judging:].tolist(), drawn[:n_judging].tolist()
    reader = TitleReader.fit(
        [titles[row] for row in taught], [categories[row] for row in taught], [*map(values_of, taught)]
    )
    judged = [(reader.read(titles[row], categories[row]), values_of(row)) for row in judging]
    least = _least_margins(judged, min_precision)
    for row in range(len(products)):
        if any(not cells[column][row] for column in least):
            for one in reader.read(titles[row], categories[row]):
                if one.field in least and not cells[one.field][row] and one.margin >= least[one.field][0]:
                    yield TitleFill(row, one.field, one.value, least[one.field][1])


def _least_margins(
    judged: Sequence[tuple[Sequence[TitleValue], Mapping[str, str]]], min_precision: float
) -> dict[str, tuple[float, float]]:
    """Return, by field, the lowest margin from which values are right often enough, and how often they are."""
    tried: dict[str, list[tuple[float, bool]]] = {}
    for read, own in judged:
        for one in read:
            if own[one.field]:
                is_right = one.value.casefold() == own[one.field].casefold()
                tried.setdefault(one.field, []).append((one.margin, is_right))
    least = {}
    for field, values in tried.items():
        margins, right = map(np.array, zip(*sorted(values, reverse=True), strict=True))
        precision = np.cumsum(right) / np.arange(1, len(right) + 1)
        enough = np.flatnonzero((precision >= min_precision) & (np.arange(1, len(right) + 1) >= MIN_JUDGED))
        if len(enough):
            least[field] = (float(margins[enough[-1]]), float(precision[enough[-1]]))
    return least
