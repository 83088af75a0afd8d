"""Levels of a category in columns of their own become one path; several categories do not."""

import pytest

from tests.catalog.reading import notes_of, products_of


@pytest.mark.parametrize(
    ("first", "second", "category"),
    [
        ("Kategorie Ebene 1", "Kategorie Ebene 2", "Garten > Bänke"),
        ("EN_Category_1", "EN_Category_2", "Garten > Bänke"),
        ("Kategoria główna", "Podkategoria", "Garten > Bänke"),
        ("대분류", "중분류", "Garten > Bänke"),
        ("一级类目", "二级类目", "Garten > Bänke"),
        ("Category", "Sub Category", "Garten > Bänke"),
    ],
)
def test_levels_become_a_path(tmp_path, first, second, category):
    text = f"sku,title,price,{first},{second}\nA,Bank aus Eiche,90,Garten,Bänke\nB,Blumenkelle,7,Garten,\nC,Fußmatte,19,Flur,Matten\n"

    products = products_of(tmp_path, text)

    assert products["category"].tolist() == [category, "Garten", "Flur > Matten"]
    assert any(f"“{first}”, “{second}”" in note for note in notes_of(tmp_path, text))


@pytest.mark.parametrize(
    "cells",
    [
        ["Garten,Neu", "Flur,Neu", "Küche,Angebote"],  # a name below two others: no levels
        ["Garten / Bänke,Neu / Mai", "Flur / Matten,", "Küche / Töpfe,"],
        ["Garten,Flur", "Flur,Garten", "Küche,"],
    ],
)
def test_several_categories_are_no_levels(tmp_path, cells):
    rows = "".join(f"{sku},Ware {sku},9,{cell}\n" for sku, cell in zip("ABC", cells, strict=True))

    products = products_of(tmp_path, f"sku,title,price,Category 1,Category 2\n{rows}")

    assert products["category"].iloc[0] in ("Garten", "Garten > Bänke")
