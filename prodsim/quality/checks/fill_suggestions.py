"""Empty fields that the neighbours could fill."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.findings import Finding
from prodsim.index import Rows
from prodsim.progress import Progress
from prodsim.quality.neighbour_pairs import neighbour_pairs
from prodsim.quality.statistics import quoted, surest_first
from prodsim.quality.subject import Level, Subject
from prodsim.text import has_chinese

LEAST: Mapping[Level, float] = {"strict": 0.95, "usual": 0.8, "loose": 0.65}
"""Share of the neighbours, those that say nothing included, that must have one value."""
NEIGHBOURS = 10
"""Nearest others of each product that are asked."""
FEWEST = 3
"""Neighbours that must have the value."""
NEAR_IDENTICAL = 0.85
"""Cosine of the texts' n-grams from which on a neighbour's brand is the product's own, named or not."""
CLOSE = 0.2
"""Cosine of the texts' n-grams that each neighbour must have at least; an odd product has neighbours too."""
ONE_VALUE = 0.9
"""Share of a column that has one value from which on neighbours agree on it whatever the product."""
SURE = 0.95
"""How sure a proposal is at most."""
PROOFS = 5
"""Products that a finding names because they have the value."""


@dataclass(frozen=True, slots=True)
class Fill:
    """What an empty cell could hold.

    Attributes:
        row: of the product.
        column: the empty one.
        value: the neighbours' value, as most of them spell it.
        share: of the neighbours that have it, 0 to 1.
        having: rows of those, best first.
    """

    row: int
    column: str
    value: str
    share: float
    having: Rows


def check_filling(subject: Subject, progress: Progress) -> Sequence[Finding]:
    """Find empty brands, categories and attributes on whose value the neighbours agree, surest first."""
    findings = [_finding(subject, fill) for fill in find_fills(subject, progress)]
    return surest_first(findings)


def find_fills(subject: Subject, progress: Progress) -> Iterator[Fill]:
    """Proposals by product, then by column; brands only where the title names them or a neighbour is near-identical.

    A neighbour that is silent too counts against: a column that says nothing of this kind of product is not filled.

    Args:
        subject: the catalog.
        progress: advanced by products.
    """
    products = subject.catalog.products
    attributes = [name for name in subject.comparer.traits.names if _tells_kinds(products[name])]
    columns = [*(name for name in ("brand", "category") if (products[name] != "").any()), *attributes]
    cells = {name: products[name].to_numpy(object) for name in columns}
    empty = np.column_stack([values == "" for values in cells.values()]) if columns else np.empty((0, 0), bool)
    asked = np.flatnonzero(empty.any(axis=1)) if columns else np.empty(0, np.int64)
    progress.advance(len(products) - len(asked))
    for rows, of, others in neighbour_pairs(subject, NEIGHBOURS, asked):
        for column, values in cells.items():
            yield from _agreed(subject, column, values, of, others)
        progress.advance(len(rows))


def _tells_kinds(values: "pd.Series[str]") -> bool:
    """Whether a column holds names that part the catalog; not amounts such as a rating, nor one value nearly always."""
    known = values[values != ""]
    if not len(known):
        return False
    amounts = np.count_nonzero(~np.isnan(pd.to_numeric(known.str.rstrip("%"), errors="coerce").to_numpy(float)))
    return bool(amounts < len(known) / 2 and known.value_counts().to_numpy()[0] < ONE_VALUE * len(known))


def _agreed(subject: Subject, column: str, values: NDArray[np.object_], of: Rows, others: Rows) -> Iterator[Fill]:
    """Cells of one column that enough neighbours agree on, in row order."""
    is_open = values[of] == ""
    votes = pd.DataFrame({"row": of[is_open], "value": values[others[is_open]]})
    n_asked = votes.groupby("row").size()
    counted = votes[votes["value"] != ""].groupby(["row", "value"]).size().rename("n").reset_index()
    counted["share"] = counted["n"].to_numpy() / n_asked.reindex(counted["row"]).to_numpy()
    # A brand is vouched for by the title, so few neighbours need to have it.
    least = 0.0 if column == "brand" else LEAST[subject.level]
    counted = counted[(counted["n"] >= FEWEST) & (counted["share"] >= least)]
    counted = counted.sort_values(["row", "n"], ascending=[True, False], kind="stable")
    done = -1
    for row, value, share in counted[["row", "value", "share"]].itertuples(index=False):
        mine = others[slice(*np.searchsorted(of, [row, row + 1]))]
        fill = Fill(int(row), column, str(value), float(share), mine[values[mine] == value])
        if row != done and _is_vouched(subject, fill):
            done = row
            yield fill


def _is_vouched(subject: Subject, fill: Fill) -> bool:
    """Whether those that have the value are close; for a brand, whether the title names it or one is near-identical."""
    close = subject.comparer.lexical.product_grams(fill.row, fill.having)
    if fill.column == "brand":
        title = str(subject.catalog.products["title"].iat[fill.row])
        return is_named(fill.value, title) or bool(close.max() >= NEAR_IDENTICAL)
    return bool(close.min() >= CLOSE)


def is_named(value: str, title: str) -> bool:
    """Whether a title has a value as whole words; within Chinese, where words are not set apart, anywhere."""
    if has_chinese(value):
        return value.casefold() in title.casefold()
    return f" {_plain(value)} " in f" {_plain(title)} "


def _plain(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())


def _finding(subject: Subject, fill: Fill) -> Finding:
    products = subject.catalog.products
    sku, title = str(products["sku"].iat[fill.row]), str(products["title"].iat[fill.row])
    proofs = products.iloc[fill.having[:PROOFS]]
    return Finding(
        "fillable",
        f"{sku}, {quoted(title)}, has no {fill.column}; {_why(fill, title)}.",
        (sku, *proofs["sku"].tolist()),
        0.3,
        round(SURE if fill.column == "brand" else SURE * fill.share, 4),
        column=fill.column,
        evidence={
            "value": fill.value,
            "share": round(fill.share, 3),
            "neighbours": proofs[["sku", "title"]].to_dict("records"),
        },
        proposal=f'Fill in {fill.column} "{fill.value}".',
    )


def _why(fill: Fill, title: str) -> str:
    """What speaks for the value; a brand is vouched for by the title, however few neighbours have it."""
    if fill.column == "brand" and is_named(fill.value, title):
        return f'its title names "{fill.value}", the brand of {len(fill.having)} of its nearest products'
    return f'{fill.share:.0%} of its nearest products have "{fill.value}"'
