"""Rules for the list of hits."""

from collections import Counter

import pandas as pd
import pytest

from prodsim.search import Arrangement, Query, SearchOptions, left_out_text
from prodsim.search.arrangement import NO_CATEGORY, NO_PRICE
from tests.search.test_engine import make_catalog, make_engine


def make_varied_catalog():
    """Of each ten products the first five are variants of one, and the even ones another brand."""
    products = make_catalog().products.copy()
    place = products.groupby("brand").cumcount()
    products["group_id"] = products["brand"].where(place < 5, "")
    products["brand"] = products["brand"].where(place % 2 == 1, "Acme")
    return type(make_catalog())(products)


@pytest.fixture(scope="module")
def engine():
    return make_engine(make_varied_catalog())


def search(engine, k=8, **rules):
    return engine.search(Query(like=("M9",)), k, SearchOptions(arrangement=Arrangement(**rules)))


def test_without_rules_the_list_is_as_it_was(engine):
    assert search(engine).hits == engine.search(Query(like=("M9",)), 8).hits
    assert search(engine).left_out == {}


def test_so_many_of_a_brand_and_the_next_move_up(engine):
    plain, ruled = search(engine, 29), search(engine, 6, per_brand=2)

    brands = Counter(engine.lookup._products["brand"].iloc[hit.row] for hit in ruled.hits)

    assert max(brands.values()) == 2
    assert ruled.hits[0] == plain.hits[0]
    assert [hit.score for hit in ruled.hits] == sorted((hit.score for hit in ruled.hits), reverse=True)
    assert set(ruled.left_out) == {"beyond 2 per brand"}


def test_a_family_of_variants_shows_its_closest(engine):
    plain, ruled = search(engine, 29), search(engine, 15, per_family=1)

    variants = [hit.sku for hit in plain.hits if hit.sku in {"M0", "M1", "M2", "M3", "M4"}]

    assert [hit.sku for hit in ruled.hits if hit.sku in variants] == variants[:1]
    assert ruled.left_out["beyond 1 per family"] >= 4
    assert [hit.sku for hit in search(engine, 15, per_family=3).hits if hit.sku in variants] == variants[:3]


def test_hits_no_closer_than_chance_are_left_out(engine):
    ruled = search(engine, 20, min_closeness=0.7)

    assert {hit.sku[0] for hit in ruled.hits} == {"M"}
    assert all(hit.closer_than >= 0.7 for hit in ruled.hits)
    assert ruled.left_out == {"not close enough": 20 - len(ruled.hits)}


def test_category_and_price_of_the_product_asked_by(engine):
    ruled = search(engine, 29, same_category=True, price_band=0.25)

    assert {hit.sku for hit in ruled.hits} == {"M7", "M8"}  # 80 and 90 against 100
    assert ruled.left_out == {"in another category": 20, "outside the price band or without a price": 7}


def test_what_the_product_lacks_rules_nothing_out():
    products = make_catalog().products.copy()
    products.loc[products["sku"] == "M9", ["category", "price"]] = ["", float("nan")]
    ruled = search(make_engine(type(make_catalog())(products)), 29, same_category=True, price_band=0.25)

    assert len(ruled.hits) == 29
    assert set(ruled.left_out) == {NO_CATEGORY, NO_PRICE}


def test_diversity_brings_other_kinds_forward(engine):
    plain, diverse = search(engine), search(engine, diversity=0.7)

    assert {hit.sku[0] for hit in plain.hits} == {"M"}
    assert len({hit.sku[0] for hit in diverse.hits}) > 1
    assert diverse.hits[0] == plain.hits[0]
    assert {hit.sku: hit.score for hit in diverse.hits}.items() <= {
        h.sku: h.score for h in search(engine, 29).hits
    }.items()


def test_a_limit_that_excludes_all_candidates_brings_in_the_whole_catalog():
    titles = [f"brass lamp number {n}" for n in range(900)] + ["copper lamp for the desk"]
    products = pd.DataFrame({"sku": [str(n) for n in range(901)], "title": titles, "brand": ["Acme"] * 900 + ["Nord"]})
    base = make_catalog().products
    catalog = type(make_catalog())(
        products.reindex(columns=base.columns).fillna({"category": "", "group_id": "", "mpn": "", "gtin": ""})
    )

    result = make_engine(catalog).search(Query(like=("0",)), 2, SearchOptions(arrangement=Arrangement(per_brand=1)))

    assert [hit.sku for hit in result.hits][1] == "900"


@pytest.mark.parametrize(
    ("rules", "field"),
    [({"per_brand": 0}, "per_brand"), ({"diversity": 2}, "diversity"), ({"price_band": -1}, "price_band")],
)
def test_rules_out_of_range_are_refused(rules, field):
    with pytest.raises(ValueError, match=field):
        Arrangement(**rules)


def test_the_left_out_are_counted_in_words():
    assert left_out_text({"beyond 2 per brand": 9, "beyond 1 per family": 3}) == (
        "12 left out: 9 over the limit of 2 per brand, 3 over the limit of 1 per family of variants"
    )
    assert left_out_text({}) == ""
