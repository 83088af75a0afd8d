"""Questions that a catalog can answer, to begin with."""

import math

import pandas as pd

from prodsim.catalog import Catalog
from prodsim.catalog.category_paths import leaf_of
from prodsim.catalog.summary import is_chinese, title_scripts

N_READ = 2000
"""Products whose titles tell the language: enough, and quick in any catalog."""

QUESTIONS = {"en": "{thing} under {price:g}", "zh": "{thing}，{price:g}元以内"}
"""A question is in the catalog's language, whatever the language of the screen."""

GIFTS = {"en": "Gift", "zh": "送礼"}


def example_questions(catalog: Catalog, most: int = 4) -> tuple[str, ...]:
    """Return questions after the largest categories, each with a price that about half of its products stay below.

    The last asks for a gift, where things have prices. The largest category comes first, ties as in the catalog;
    without prices, a question is a category alone.
    """
    products = catalog.products
    language = "zh" if is_chinese(title_scripts(products["title"].head(N_READ))) else "en"
    leaves = products["category"].map(leaf_of)
    largest = leaves[leaves != ""].value_counts().index[: most - 1]
    asked_for = [(str(leaf), products["price"][leaves == leaf]) for leaf in largest]
    asked_for += [(GIFTS[language], products["price"])] if products["price"].notna().any() else []
    return tuple(_question(thing, prices, language) for thing, prices in asked_for)


def _question(thing: str, prices: "pd.Series[float]", language: str) -> str:
    """Return the question in that language, with the median price rounded up to two digits."""
    median = float(prices.median())
    if not median > 0:  # also where there is none
        return thing
    unit = 10.0 ** (math.floor(math.log10(median)) - 1)
    return QUESTIONS[language].format(thing=thing, price=math.ceil(median / unit) * unit)
