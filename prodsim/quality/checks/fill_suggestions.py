"""Empty fields that the neighbours, or the product's own title, could fill."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.findings import Finding
from prodsim.index import Rows
from prodsim.phrases import phrase
from prodsim.progress import Progress
from prodsim.quality.fields.title_fills import TitleFill, read_titles
from prodsim.quality.neighbour_pairs import neighbour_pairs
from prodsim.quality.sentences import cell_text, name_column, quote
from prodsim.quality.statistics import surest_first
from prodsim.quality.subject import Level, Subject
from prodsim.text import has_chinese

MIN_FILL_SHARE: Mapping[Level, float] = {"strict": 0.95, "usual": 0.8, "loose": 0.65}
"""Share of the neighbours, those without a value included, that must have the same value."""
N_FILL_NEIGHBOURS = 10
"""Nearest others of each product whose values count."""
MIN_NEIGHBOURS = 3
"""Neighbours that must have the value."""
NEAR_IDENTICAL = 0.85
"""Cosine of the texts' n-grams from which a neighbour's brand is the product's own, named or not."""
MIN_CLOSENESS = 0.2
"""Cosine of the texts' n-grams that each neighbour must have at least; an unusual product has neighbours too."""
ONE_VALUE = 0.9
"""Share of a column that has one value from which neighbours agree on it whatever the product."""
MAX_FILL_CONFIDENCE = 0.95
"""How sure a suggestion is at most."""
N_FILL_SOURCES = 5
"""Products with the value that a finding shows as evidence."""


@dataclass(frozen=True, slots=True)
class FillSuggestion:
    """What an empty cell could hold.

    Attributes:
        row: of the product.
        column: the empty one.
        value: the neighbours' value, as most of them spell it.
        share: of the neighbours that have it, 0 to 1.
        sources: rows of those, best first.
    """

    row: int
    column: str
    value: str
    share: float
    sources: Rows


def check_fill_suggestions(subject: Subject, progress: Progress) -> Sequence[Finding]:
    """Find empty fields whose value the neighbours agree on or the title says, surest first."""
    agreed = list(suggest_values(subject, progress))
    taken = {(suggestion.row, suggestion.column) for suggestion in agreed}
    products = subject.catalog.products
    said = read_titles(products, ["brand", *subject.comparer.traits.names], MIN_FILL_SHARE[subject.level])
    findings = [_finding(subject, suggestion) for suggestion in agreed]
    findings += [_title_finding(products, fill) for fill in said if (fill.row, fill.column) not in taken]
    return surest_first(findings)


def suggest_values(subject: Subject, progress: Progress) -> Iterator[FillSuggestion]:
    """Yield suggestions by product, then by column; brands only if the title names them or a neighbour is identical.

    A neighbour without a value counts against: a column that does not apply to this kind of product is not filled.

    Args:
        subject: the catalog.
        progress: advanced by products.
    """
    products = subject.catalog.products
    attributes = [name for name in subject.comparer.traits.names if _distinguishes_kinds(products[name])]
    columns = [*(name for name in ("brand", "category") if (products[name] != "").any()), *attributes]
    cells = {name: products[name].to_numpy(object) for name in columns}
    empty = np.column_stack([values == "" for values in cells.values()]) if columns else np.empty((0, 0), bool)
    incomplete = np.flatnonzero(empty.any(axis=1)) if columns else np.empty(0, np.int64)
    progress.advance(len(products) - len(incomplete))
    for rows, of, neighbours in neighbour_pairs(subject, N_FILL_NEIGHBOURS, incomplete):
        for column, values in cells.items():
            yield from _agreed_values(subject, column, values, of, neighbours)
        progress.advance(len(rows))


def _distinguishes_kinds(values: "pd.Series[str]") -> bool:
    """Return whether a column holds names of several kinds; not amounts such as a rating, nor nearly one value."""
    known = values[values != ""]
    if not len(known):
        return False
    amounts = np.count_nonzero(~np.isnan(pd.to_numeric(known.str.rstrip("%"), errors="coerce").to_numpy(float)))
    return bool(amounts < len(known) / 2 and known.value_counts().to_numpy()[0] < ONE_VALUE * len(known))


def _agreed_values(
    subject: Subject, column: str, values: NDArray[np.object_], of: Rows, neighbours: Rows
) -> Iterator[FillSuggestion]:
    """Yield the cells of a column that enough neighbours agree on, in row order."""
    is_empty = values[of] == ""
    votes = pd.DataFrame({"row": of[is_empty], "value": values[neighbours[is_empty]]})
    n_neighbours = votes.groupby("row").size()
    counted = votes[votes["value"] != ""].groupby(["row", "value"]).size().rename("n").reset_index()
    counted["share"] = counted["n"].to_numpy() / n_neighbours.reindex(counted["row"]).to_numpy()
    # A brand is vouched for by the title, so few neighbours need to have it.
    min_share = 0.0 if column == "brand" else MIN_FILL_SHARE[subject.level]
    counted = counted[(counted["n"] >= MIN_NEIGHBOURS) & (counted["share"] >= min_share)]
    counted = counted.sort_values(["row", "n"], ascending=[True, False], kind="stable")
    last = -1
    for row, value, share in counted[["row", "value", "share"]].itertuples(index=False):
        mine = neighbours[slice(*np.searchsorted(of, [row, row + 1]))]
        suggestion = FillSuggestion(int(row), column, str(value), float(share), mine[values[mine] == value])
        if row != last and _is_supported(subject, suggestion):
            last = row
            yield suggestion


def _is_supported(subject: Subject, suggestion: FillSuggestion) -> bool:
    """Return whether those with the value are close; for a brand, whether the title names it or one is identical."""
    closeness = subject.comparer.lexical.product_grams(suggestion.row, suggestion.sources)
    if suggestion.column == "brand":
        title = cell_text(subject.catalog.products, suggestion.row, "title")
        return is_named(suggestion.value, title) or bool(closeness.max() >= NEAR_IDENTICAL)
    return bool(closeness.min() >= MIN_CLOSENESS)


def is_named(value: str, title: str) -> bool:
    """Return whether a title has a value as whole words; within Chinese, where words are not set apart, anywhere."""
    if has_chinese(value):
        return value.casefold() in title.casefold()
    return f" {_plain(value)} " in f" {_plain(title)} "


def _plain(text: str) -> str:
    """Reduce a text to its words in lower case."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())


def _finding(subject: Subject, suggestion: FillSuggestion) -> Finding:
    """Make the finding of an empty cell, with the nearest products that have the value."""
    products, column = subject.catalog.products, suggestion.column
    sku = cell_text(products, suggestion.row, "sku")
    neighbours = products.iloc[suggestion.sources[:N_FILL_SOURCES]]
    return Finding(
        "fillable",
        _sentence(products, suggestion),
        (sku, *neighbours["sku"].tolist()),
        0.3,
        round(MAX_FILL_CONFIDENCE if column == "brand" else MAX_FILL_CONFIDENCE * suggestion.share, 4),
        column=column,
        evidence={
            "value": suggestion.value,
            "share": round(suggestion.share, 3),
            "neighbours": neighbours[["sku", "title"]].to_dict("records"),
        },
        proposal=phrase("Set the {column} to “{value}”.", column=name_column(column), value=suggestion.value),
    )


def _title_finding(products: pd.DataFrame, fill: TitleFill) -> Finding:
    """Make the finding of an empty cell whose value the title says."""
    sku, title = (cell_text(products, fill.row, name) for name in ("sku", "title"))
    name = name_column(fill.column)
    return Finding(
        "fillable",
        phrase("{sku} {title} has no {column}; its title says “{value}”.", sku=sku, title=quote(title), column=name,
               value=fill.value),
        (sku,),
        0.3,
        round(MAX_FILL_CONFIDENCE * fill.precision, 4),
        column=fill.column,
        evidence={"value": fill.value, "share": round(fill.precision, 3), "neighbours": []},
        proposal=phrase("Set the {column} to “{value}”.", column=name, value=fill.value),
    )  # fmt: skip


def _sentence(products: pd.DataFrame, suggestion: FillSuggestion) -> str:
    """Say what is missing and why the value fits; a brand in the title fits, however few neighbours have it."""
    sku, title = (cell_text(products, suggestion.row, name) for name in ("sku", "title"))
    values = {"sku": sku, "title": quote(title), "value": suggestion.value}
    if suggestion.column == "brand" and is_named(suggestion.value, title):
        return phrase(
            '{sku} {title} has no brand; its title names “{value}”, the brand of {n} of its nearest products.',
            n=len(suggestion.sources), **values,
        )  # fmt: skip
    return phrase(
        '{sku} {title} has no {column}; for {share:.0%} of its nearest products it is “{value}”.',
        column=name_column(suggestion.column), share=suggestion.share, **values,
    )  # fmt: skip
