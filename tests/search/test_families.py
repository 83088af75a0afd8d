"""Products of one family as one hit."""

import numpy as np
import pandas as pd
import pytest

from prodsim.catalog import Catalog
from prodsim.search import Arrangement, Families, Filters, Query, SearchOptions
from prodsim.search.arrangement import OWN_VARIANTS
from prodsim.search.families import differing_values, family_texts, places
from tests.search.test_arrangement import make_varied_catalog
from tests.search.test_engine import make_engine


@pytest.fixture(scope="module")
def engine():
    return make_engine(make_varied_catalog())


@pytest.fixture(scope="module")
def families():
    return Families.of(make_varied_catalog())


def search(engine, families, query, k=8, **options):
    return engine.search(query, k, SearchOptions(arrangement=Arrangement(families=families), **options))


def test_of_a_family_the_closest_stands_for_the_others(engine, families):
    plain = engine.search(Query(like=("M9",)), 29)
    shown = search(engine, families, Query(like=("M9",)), 17)

    variants = [hit.sku for hit in plain.hits if hit.sku in {"M0", "M1", "M2", "M3", "M4"}]
    standing = next(hit for hit in shown.hits if hit.sku in variants)
    assert standing.sku == variants[0]
    assert sorted(standing.variants) == sorted(variants[1:])
    assert len(shown.hits) == shown.n_families == 17, "29 products, three families of five among them"
    assert shown.left_out == {}
    assert {hit.moved for hit in shown.hits} == {0}


def test_the_list_is_as_long_as_wanted_and_loses_no_product(engine, families):
    shown = search(engine, families, Query("M"), 30)

    listed = [sku for hit in shown.hits for sku in (hit.sku, *hit.variants)]
    assert sorted(listed) == sorted(make_varied_catalog().products["sku"])


def test_variants_of_the_query_product_are_counted_as_left_out(engine, families):
    shown = search(engine, families, Query(like=("M0",)))

    assert shown.left_out == {OWN_VARIANTS: 4}
    assert not {"M1", "M2", "M3", "M4"} & {hit.sku for hit in shown.hits}


def test_a_hit_stands_for_what_passes_the_filters_alone(engine, families):
    shown = search(engine, families, Query(like=("M9",)), filters=Filters(skus=("M1", "M3", "M8")))

    assert {hit.sku: len(hit.variants) for hit in shown.hits if hit.sku != "M8"} in ({"M1": 1}, {"M3": 1})


def test_findings_join_families_and_a_product_alone_is_one():
    families = Families.of(make_varied_catalog(), [("M4", "M5"), ("M5", "M6"), ("M8", "unknown")])
    row_of = make_varied_catalog().row_of

    assert families.members(row_of["M6"]).tolist() == [row_of[f"M{n}"] for n in range(7)]
    assert families.members(row_of["M8"]).tolist() == [row_of["M8"]]


def test_what_differs_is_counted_until_the_variants_are_told_apart():
    columns = {"title": "Jacket", "gtin": ""}
    sizes, colours = ["S", "S", "M", "M"], ["red", "blue", "red", "blue"]
    frame = pd.DataFrame(
        {"sku": list("abcd"), **columns, "weight": ["1", "2", "3", "4"], "Size": sizes, "colour": colours}
    )
    catalog = shop(frame)

    assert differing_values(catalog, [[0, 1, 2, 3]]) == [{"colour": colours, "Size": sizes}]
    assert family_texts(catalog, [[0, 1, 2, 3], [2], [1, 0]]) == ["in 2 colours, 2 sizes", "", "in 2 colours"]
    assert family_texts(shop(frame[["sku", "title", "gtin"]]), [[0, 1, 2]]) == ["in 3 variants"]
    plain = frame.drop(columns=["Size", "colour"])
    assert family_texts(shop(plain), [[0, 1]]) == ["in 2 weights"]
    assert family_texts(shop(plain.rename(columns={"weight": "voltage"})), [[0, 1]]) == ["in voltage (2)"]


def shop(frame):
    """A catalog of these fields and attributes."""
    empty = make_varied_catalog().products.iloc[: len(frame)].astype({"price": float})
    fields = empty[[name for name in empty if name not in Catalog(empty).attributes]].copy()
    fields["group_id"] = "G"
    return Catalog(pd.DataFrame({**fields.to_dict("list"), **frame.to_dict("list")}))


def test_places_are_those_of_the_best_of_each_family():
    scores = np.array([0.1, 0.9, 0.5, 0.9])

    assert places(scores, None).tolist() == [3, 0, 2, 1]
    assert places(scores, np.array([7, 2, 7, 5])).tolist() == [2, 0, 2, 1]
