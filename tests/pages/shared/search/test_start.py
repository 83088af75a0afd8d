"""What is shown before a search."""

import numpy as np
import pandas as pd

from pages.shared.search.start import example_queries
from prodsim.catalog import Catalog


def shop(**columns):
    """Six products with all fields, in three groups of two, but for the columns given."""
    fields = {"image": "a.png", "description": "Nice.", "brand": "Kaffa", "availability": "in stock", "price": 5.0}
    fields |= {"category": ["Home > Mugs"] * 4 + ["Home > Lamps"] * 2, "group_id": list("aabbcc")}
    return Catalog(pd.DataFrame({"sku": [f"P{n}" for n in range(6)], **fields, **columns}))


def test_words_to_try_are_the_largest_categories_or_brands():
    assert example_queries(shop(), np.arange(6)) == ["Mugs", "Lamps"]
    assert example_queries(shop(category="", brand=["A", "B", "B", "", "", ""]), np.arange(6)) == ["B", "A"]
    assert example_queries(shop(category="", brand=""), np.arange(6)) == []
