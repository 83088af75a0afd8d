import numpy as np
import pandas as pd
import pytest

from prodsim.catalog import PRODUCT_FIELDS, Catalog
from prodsim.traits import TraitIndex

ROWS = [
    {"title": "Lotion 500 ml", "brand": "Körper & Co", "category": "Care > Body > Lotion", "price": 10.0, "scent": "rose"},
    {"title": "Lotion 0.5 l", "brand": "korper co", "category": "Care > Body > Lotion", "price": 10.0, "scent": "rose"},
    {"title": "Lotion 250 ml", "brand": "KÖRPER & CO.", "category": "Care > Body > Oil", "price": 20.0, "scent": "mint"},
    {"title": "Lotion", "brand": "", "category": "", "price": np.nan, "scent": ""},
    {"title": "Pan 28 cm", "brand": "Pfann", "category": "Kitchen > Pans", "price": 80.0, "scent": "mint"},
]  # fmt: skip


def catalog_of(rows):
    frame = pd.DataFrame([{"sku": str(n), **row} for n, row in enumerate(rows)])
    for field in PRODUCT_FIELDS:
        if field not in frame:
            frame[field] = ""
    return Catalog(frame)


@pytest.fixture(scope="module")
def traits():
    return TraitIndex.build(catalog_of(ROWS))


def part(traits, name, row, other):
    return float(traits.product_parts(row, np.array([other]))[name][0])


def test_the_same_amount_in_another_unit_agrees_and_another_amount_differs(traits):
    assert part(traits, "quantities", 0, 1) == 1
    assert part(traits, "quantities", 0, 2) == -1


def test_amounts_of_different_kinds_say_nothing(traits):
    assert part(traits, "quantities", 0, 4) == 0


def test_a_brand_is_the_same_in_another_spelling_of_case_and_signs(traits):
    assert part(traits, "brand", 0, 2) == 1
    assert part(traits, "brand", 0, 4) == -1


def test_categories_are_closer_the_more_levels_they_share(traits):
    same, near, far = (part(traits, "category", 0, other) for other in (1, 2, 4))

    assert same == 1
    assert same > near > 0
    assert far == -1


def test_prices_count_by_their_ratio(traits):
    assert part(traits, "price", 0, 1) == 1
    assert part(traits, "price", 0, 2) == pytest.approx(0, abs=1e-6)
    assert part(traits, "price", 0, 4) == -1


def test_what_one_side_does_not_say_is_unknown_rather_than_different(traits):
    assert {name: part(traits, name, 0, 3) for name in traits.parts} == dict.fromkeys(traits.parts, 0.0)


def test_every_part_is_the_same_from_either_side(traits):
    for name in traits.parts:
        table = np.array([[part(traits, name, a, b) for a in range(5)] for b in range(5)])
        assert (table == table.T).all(), name


def test_a_field_that_the_catalog_lacks_is_no_part():
    traits = TraitIndex.build(catalog_of([{"title": "Lotion 500 ml"}, {"title": "Pan 28 cm"}]))

    assert traits.parts == ("quantities",)


def test_columns_of_numbers_of_their_own_are_not_compared():
    rows = [{"title": "Mug", "serial": str(n), "colour": "red" if n % 2 else "blue"} for n in range(10)]

    assert TraitIndex.build(catalog_of(rows)).attributes.shape == (10, 1)


def test_a_text_tells_its_quantities_only(traits):
    rows = np.arange(5)

    assert traits.text_parts("lotion 0.25 litres", rows)["quantities"].tolist() == [-1, -1, 1, 0, 0]
    assert traits.text_parts("lotion", rows) == {}


def test_what_was_saved_answers_alike(traits, tmp_path):
    traits.save(tmp_path)

    loaded = TraitIndex.load(tmp_path)

    for name, scores in traits.product_parts(0, np.arange(5)).items():
        assert (loaded.product_parts(0, np.arange(5))[name] == scores).all()
