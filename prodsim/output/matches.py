"""The matches of two catalogs as a table, and the sentences that sum them up."""

import numpy as np
import pandas as pd

from prodsim.catalog import Catalog
from prodsim.match import Matching, PriceComparison, PriceIndex
from prodsim.phrases import Plural, Text

N_MATCHES = Plural("{n:,} match, {sure:,} of them sure", "{n:,} matches, {sure:,} of them sure")
N_ONLY = Plural("{n:,} product only in {catalog}", "{n:,} products only in {catalog}")
PRICES = Plural(
    "{n:,} sure match has two prices: {a} is dearer on {dearer:,}, cheaper on {cheaper:,} and the same on {same:,}. "
    "The median difference is {median:+.1%}.",
    "{n:,} sure matches have two prices: {a} is dearer on {dearer:,}, cheaper on {cheaper:,} and the same on {same:,}. "
    "The median difference is {median:+.1%}.",
)
NO_PRICES = Text("No sure match has two prices in one currency.")
OTHER_CURRENCY = Plural(
    "{n:,} match has prices in different currencies, which are not compared.",
    "{n:,} matches have prices in different currencies, which are not compared.",
)
TABLE_COLUMNS = (
    "sku_a", "sku_b", "score", "certainty", "price_a", "price_b", "currency_a", "currency_b", "difference", "title_a",
    "title_b", "accepted",
)  # fmt: skip


def matches_table(a: Catalog, b: Catalog, matching: Matching, threshold: float = 0.0) -> pd.DataFrame:
    """Return a row per match of at least that certainty, the surest first, with ``TABLE_COLUMNS``.

    ``difference`` is how much dearer A is, relative to B, empty where that cannot be said; ``accepted`` is yes for what
    a person accepted.
    """
    which = matching.sure(threshold)
    rows_a, rows_b = matching.a[which], matching.b[which]
    own, theirs = a.products.iloc[rows_a], b.products.iloc[rows_b]
    prices = PriceComparison.of(a, b, rows_a, rows_b)
    columns = (
        own["sku"], theirs["sku"], matching.scores[which].round(4), matching.certainty[which].round(4), prices.a,
        prices.b, own["currency"], theirs["currency"], prices.differences.round(4), own["title"], theirs["title"],
        np.where(matching.is_accepted[which], "yes", ""),
    )  # fmt: skip
    return pd.DataFrame({name: np.asarray(column) for name, column in zip(TABLE_COLUMNS, columns, strict=True)})


def describe_prices(index: PriceIndex, n_other_currency: int, name_a: str) -> str:
    """Say on how many matches A is dearer and cheaper, and which prices are not compared."""
    sentences = [NO_PRICES()]
    if index.median_difference is not None:
        sentences = [
            PRICES(
                index.n, a=name_a, dearer=index.n_dearer, cheaper=index.n_cheaper, same=index.n_same,
                median=index.median_difference,
            )
        ]  # fmt: skip
    if n_other_currency:
        sentences.append(OTHER_CURRENCY(n_other_currency))
    return " ".join(sentences)


def describe_matches(matching: Matching, threshold: float, name_a: str, name_b: str) -> list[str]:
    """Say how many matches there are, and how many products only one of the catalogs has."""
    return [
        N_MATCHES(len(matching), sure=int(matching.sure(threshold).sum())),
        N_ONLY(len(matching.only_a), catalog=name_a),
        N_ONLY(len(matching.only_b), catalog=name_b),
    ]
