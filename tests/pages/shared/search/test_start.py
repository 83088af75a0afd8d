"""What is shown before a search."""

import numpy as np
import pandas as pd

from pages.shared.search.start import example_queries, showcase
from prodsim.catalog import Catalog
from prodsim.search import Families


def shop(**columns):
    """Six products with all fields, in three groups of two, but for the columns given."""
    fields = {"image": "a.png", "description": "Nice.", "brand": "Kaffa", "availability": "in stock", "price": 5.0}
    fields |= {"category": ["Home > Mugs"] * 4 + ["Home > Lamps"] * 2, "group_id": list("aabbcc")}
    return Catalog(pd.DataFrame({"sku": [f"P{n}" for n in range(6)], **fields, **columns}))


def test_products_without_a_price_or_a_picture_are_not_what_a_page_begins_with():
    catalog = shop(price=[0.0, 5.0, 5.0, float("nan"), 5.0, 5.0], image=["a", "a", "a", "a", "", "a"])

    assert showcase(catalog, np.arange(6), None, 3) == [1, 2, 5]
    assert showcase(catalog, np.arange(6), Families.of(catalog), 24) == [1, 2, 5]
    assert showcase(catalog, np.array([0, 3]), None, 24) == [0, 3], "where there is no better one"


def test_words_to_try_are_the_largest_categories_or_brands():
    assert example_queries(shop(), np.arange(6)) == ["Mugs", "Lamps"]
    assert example_queries(shop(category="", brand=["A", "B", "B", "", "", ""]), np.arange(6)) == ["B", "A"]
    assert example_queries(shop(category="", brand=""), np.arange(6)) == []
