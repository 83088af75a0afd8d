"""Counts of values follow the filters of all other fields."""

import numpy as np
import pandas as pd

from prodsim.catalog import PRODUCT_FIELDS, Catalog
from prodsim.search import FacetCounter, Filters
from prodsim.search.facets import round_edges


def shop():
    frame = pd.DataFrame({name: "" for name in PRODUCT_FIELDS}, index=range(6))
    frame["sku"] = list("ABCDEF")
    frame["brand"] = ["Acme", "Acme", "O'Hara", "", "Acme", "O'Hara"]
    frame["category"] = ["Shoes > Running", "Shoes > Trail", "Shoes Care", "", "Shoes > Running", "Shoes"]
    frame["price"] = [10.0, 20.0, 30.0, np.nan, 50.0, 60.0]
    frame["availability"] = ["in stock", "in stock", "out of stock", "in stock", "out of stock", "in stock"]
    frame["颜色"] = ["红", "蓝", "", "", "红", "蓝"]
    return FacetCounter(Catalog(frame))


def counted(filters, *fields):
    return {facet.field: dict(facet.counts) for facet in shop().counts(filters, fields)}


def test_every_path_above_counts_and_the_empty_does_not():
    counts = counted(Filters(), "brand", "category", "颜色")

    assert counts["brand"] == {"Acme": 3, "O'Hara": 2}
    assert counts["category"] == {"Shoes": 4, "Shoes > Running": 2, "Shoes > Trail": 1, "Shoes Care": 1}
    assert counts["颜色"] == {"红": 2, "蓝": 2}


def test_each_field_follows_the_filters_of_the_others_alone():
    filters = Filters(price_max=30, brands=("Acme",), attributes={"颜色": ("红",)}, where="sku <> 'F'")
    counts = counted(filters, "brand", "category", "颜色", "availability")

    assert counts == {
        "brand": {"Acme": 1},
        "category": {"Shoes": 1, "Shoes > Running": 1},
        "颜色": {"红": 1, "蓝": 1},
        "availability": {"in stock": 1},
    }


def test_price_bands_are_round_and_count_what_their_filter_would_leave():
    bands = shop().price_bands(Filters(brands=("Acme",), price_max=5))

    assert [(band.low, band.high) for band in bands] == [(None, 20), (20, 25), (25, 40), (40, 50), (50, None)]
    assert [band.n for band in bands] == [
        len(Filters(band.low, band.high, brands=("Acme",)).rows(shop()._catalog)) for band in bands
    ]
    assert round_edges(np.array([np.nan, 0.0])) == round_edges(np.array([7.0, 7.0])) == []
