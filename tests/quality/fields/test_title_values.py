"""Values of fields in titles, learned from the products whose fields are filled."""

import numpy as np
import pandas as pd
import pytest

from prodsim.quality.fields.title_fills import read_titles
from prodsim.quality.fields.title_values import TitleReader

BRANDS = ("Nordvik", "Kaffa", "Lumo Design", "Acme")
COLOURS = ("red", "dark blue", "green")


def products(n, seed=0):
    draw = np.random.default_rng(seed)
    rows = []
    for _ in range(n):
        brand, colour = draw.choice(BRANDS), draw.choice(COLOURS)
        size = f"{draw.integers(1, 90)} ml"
        rows.append((f"{brand} hand lotion, {colour} bottle, {size}", brand, "Lotion", colour, size))
    return pd.DataFrame(rows, columns=["title", "brand", "category", "colour", "size"], dtype="string")


@pytest.fixture(scope="module")
def reader():
    taught = products(60)
    values = taught[["brand", "colour", "size"]].to_dict("records")
    return TitleReader.fit(taught["title"].tolist(), taught["category"].tolist(), values)


def test_known_values_are_read_in_the_order_of_the_title(reader):
    read = [(one.field, one.value) for one in reader.read("Lumo Design hand lotion, dark blue bottle, 30 ml", "Lotion")]

    assert read == [("brand", "Lumo Design"), ("colour", "dark blue"), ("size", "30 ml")]


def test_a_value_that_was_never_seen_is_read_by_its_place_and_unit(reader):
    read = {one.field: one.value for one in reader.read("Zephyra hand lotion, red bottle, 1234 ml", "Lotion")}

    assert read["brand"] == "Zephyra"
    assert read["size"] == "1234 ml"


def test_a_title_without_values_gives_none(reader):
    assert reader.read("", "Lotion") == []


def test_empty_fields_are_filled_with_what_titles_say_where_that_is_right_often_enough():
    shop = products(330)
    truth = shop.loc[:4, "colour"].tolist()
    shop.loc[:4, "colour"] = ""

    fills = [*read_titles(shop, ["brand", "colour", "size"], 0.8)]

    assert [(one.row, one.column, one.value) for one in fills] == [(i, "colour", truth[i]) for i in range(5)]
    assert all(one.precision >= 0.8 for one in fills)


def test_fields_that_titles_do_not_say_or_few_products_teach_are_left():
    shop = products(330)
    shop["colour"] = [COLOURS[i % 3] for i in range(330)]
    shop.loc[:4, "colour"] = ""
    few = products(50)
    few.loc[:4, "colour"] = ""

    assert [*read_titles(shop.assign(title="Plain lotion"), ["colour"], 0.8)] == []
    assert [*read_titles(few, ["colour"], 0.8)] == []
