"""What a catalog holds, in numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from prodsim.catalog.category_paths import SEPARATOR
from prodsim.catalog.mapping import PRODUCT_FIELDS
from prodsim.catalog.products import Catalog
from prodsim.text import CHINESE

SCRIPTS = {
    "Japanese": r"[\u3040-\u30fa\u30fc-\u30ff]{2}",
    "Korean": r"[\uac00-\ud7af]",
    "Chinese": f"[{CHINESE}]",
    "Cyrillic": r"[\u0400-\u04ff]",
    "Arabic": r"[\u0600-\u06ff]",
    "Latin letters": r"[A-Za-z\u00c0-\u024f]",
}
"""Script to what shows it. The first that fits counts: a Chinese title often names a Latin brand."""

MIN_CHINESE = 0.3
"""Share of Chinese titles from which an encoder that reads English only is a poor choice."""


@dataclass(frozen=True, slots=True)
class CatalogSummary:
    """Counts over the products.

    Attributes:
        filled: products that have each field, in the order of ``PRODUCT_FIELDS``; only fields that any product has.
        categories, brands: the most frequent first parts of category paths, and brands, with their counts.
        n_categories, n_brands: how many different ones there are (categories: whole paths).
        scripts: what titles are written in, with the share of titles in [0, 1]; most frequent first.
        prices: the known prices in the most frequent currency, in catalog order.
        currencies: currency to priced products in it, most frequent first; ``""`` where none is given.
    """

    filled: tuple[tuple[str, int], ...]
    categories: tuple[tuple[str, int], ...]
    n_categories: int
    brands: tuple[tuple[str, int], ...]
    n_brands: int
    scripts: tuple[tuple[str, float], ...]
    prices: "pd.Series[float]"
    currencies: tuple[tuple[str, int], ...]

    @property
    def is_chinese(self) -> bool:
        """Return whether so many titles are Chinese that the encoder has to read it."""
        return is_chinese(self.scripts)


def is_chinese(scripts: Sequence[tuple[str, float]]) -> bool:
    """Return whether titles of these scripts, as ``title_scripts`` gives them, are to be read as Chinese."""
    return dict(scripts).get("Chinese", 0.0) > MIN_CHINESE


def summarise(catalog: Catalog, most: int = 10) -> CatalogSummary:
    """Count fields, categories, brands, scripts and prices; at most ``most`` categories and brands are named."""
    products = catalog.products
    priced = products[products["price"].notna()]
    currencies = _counts(priced["currency"], most)
    filled = ((name, int(_is_filled(products[name]).sum())) for name in PRODUCT_FIELDS)
    categories, brands = _known(products["category"]), _known(products["brand"])
    return CatalogSummary(
        filled=tuple((name, count) for name, count in filled if count),
        categories=_counts(categories.str.split(SEPARATOR).str[0], most),
        n_categories=int(categories.nunique()),
        brands=_counts(brands, most),
        n_brands=int(brands.nunique()),
        scripts=title_scripts(products["title"]),
        prices=priced["price"][priced["currency"] == currencies[0][0]] if currencies else priced["price"],
        currencies=currencies,
    )


def count_groups(catalog: Catalog) -> int:
    """Count the products of which several variants are one: each group once, and each product without one."""
    groups = catalog.products["group_id"]
    return int(groups[groups != ""].nunique() + (groups == "").sum())


def usual_prices(prices: "pd.Series[float]") -> tuple["pd.Series[float]", int]:
    """Return the prices worth drawing, and how many lie far above them: over three times what 99 in 100 stay below."""
    limit = 3 * prices.quantile(0.99) if len(prices) else 0.0
    usual = prices[prices <= limit]
    return usual, len(prices) - len(usual)


def title_scripts(titles: "pd.Series[str]") -> tuple[tuple[str, float], ...]:
    """Return the scripts of the titles and their shares, most frequent first, ties as in ``SCRIPTS``."""
    left = np.ones(len(titles), bool)
    shares = []
    for name, pattern in SCRIPTS.items():
        fits = titles.str.contains(pattern, regex=True).to_numpy(bool) & left
        left &= ~fits
        shares.append((name, float(fits.mean()) if len(fits) else 0.0))
    shares.append(("no letters", float(left.mean()) if len(left) else 0.0))
    return tuple(sorted((share for share in shares if share[1]), key=lambda share: -share[1]))


def _is_filled(values: "pd.Series[str] | pd.Series[float]") -> "pd.Series[bool]":
    return values.notna() & (values.astype(str) != "")


def _known(values: "pd.Series[str]") -> "pd.Series[str]":
    return values[values != ""]


def _counts(values: "pd.Series[str]", most: int) -> tuple[tuple[str, int], ...]:
    return tuple((str(name), int(count)) for name, count in values.value_counts().head(most).items())
