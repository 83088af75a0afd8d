"""A catalog is browsed in an order, as far as filters let it."""

import numpy as np
import pandas as pd

from prodsim.catalog import Catalog
from prodsim.search import Families
from prodsim.search.browsing import browse, places_in

ALL = np.arange(6)


def shop(**columns):
    """Six products with all fields, in three groups of two, but for the columns given."""
    fields = {"image": "a.png", "description": "Nice.", "brand": "Kaffa", "availability": "in stock", "price": 5.0}
    fields |= {"title": list("cabfed"), "category": "Home > Mugs", "group_id": list("aabbcc")}
    return Catalog(pd.DataFrame({"sku": [f"P{n}" for n in range(6)], **fields, **columns}))


def test_products_without_a_price_or_a_picture_are_not_what_a_page_begins_with():
    catalog = shop(price=[0.0, 5.0, 5.0, float("nan"), 5.0, 5.0], image=["a", "a", "a", "a", "", "a"])
    places = places_in(catalog, "complete")

    assert {*browse(places, ALL)[:3].tolist()} == {1, 2, 5}
    assert browse(places, ALL)[3] == 4
    assert {*browse(places, ALL, Families.of(catalog)).tolist()} == {1, 2, 5}
    assert browse(places, np.array([0, 3])).tolist() == [0, 3], "where there is no better one"


def test_equally_complete_products_come_from_all_over_the_catalog():
    first = browse(places_in(Catalog(pd.concat([shop().products] * 50, ignore_index=True)), "complete"), np.arange(300))

    assert len({int(row) // 75 for row in first[:8]}) == 4


def test_prices_go_up_or_down_and_unknown_ones_come_last_either_way():
    catalog = shop(price=[3.0, 0.0, 9.0, float("nan"), 3.0, 1.0])

    assert browse(places_in(catalog, "price"), ALL).tolist() == [5, 0, 4, 2, 1, 3]
    assert browse(places_in(catalog, "-price"), ALL).tolist() == [2, 0, 4, 5, 1, 3]
    assert browse(places_in(catalog, "price"), ALL, Families.of(catalog)).tolist() == [5, 0, 2]
    assert browse(places_in(catalog, "title"), ALL[:4]).tolist() == [1, 2, 0, 3]
