"""Products without stock that the shop sells all the same."""

import pytest

from tests.catalog.reading import catalog_of


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty,Variant Inventory Policy", ["0,continue", "0,deny", "4,deny"]),
        ("Type,SKU,Name,Regular price,Stock,Backorders allowed?", ["0,notify", "0,0", "3,1"]),
        ("sku,attribute_set_code,name,price,qty,allow_backorders", ["0.0000,2", "0.0000,0", "7.0000,0"]),
        ("Reference,Product ID,Name,Price tax included,Quantity,Out of stock action", ["0,1", "0,2", "3,0"]),
        ("Type,SKU,Name,Regular price,Lagerbestand,Lieferrückstand erlaubt?", ["-2,1", "0,", "3,"]),
    ],
)  # fmt: skip
def test_what_is_sold_without_stock_can_be_ordered(tmp_path, header, cells):
    begin = {"Handle": "m{0},Mug {0},M{0},5", "Type": "simple,M{0},Mug {0},5", "sku": "M{0},Default,Mug {0},5", "Reference": "M{0},{0},Mug {0},5"}[header.split(",")[0]]  # fmt: skip
    rows = [f"{begin.format(n)},{cell}" for n, cell in enumerate(cells)]

    catalog = catalog_of(tmp_path, "\n".join([header, *rows]) + "\n")

    assert catalog.products["availability"].tolist() == ["preorder", "out of stock", "in stock"]
    assert [f.what for f in catalog.findings if "can still be ordered" in f.what] == [
        f"1 product without stock can still be ordered ({header.split(',')[-1]}: {cells[0].split(',')[-1]}); it counts "
        "as preorder."
    ]


def test_stock_that_nobody_counts_is_no_stock_of_none(tmp_path):
    header = "Handle,Title,Variant SKU,Variant Price,Variant Inventory Tracker,Variant Inventory Qty"
    catalog = catalog_of(tmp_path, f"{header}\nm1,Mug,M1,5,,0\nm2,Jug,M2,5,shopify,0\n")

    assert catalog.products["availability"].tolist() == ["in stock", "out of stock"]


def test_a_yes_or_no_says_it_already(tmp_path):
    catalog = catalog_of(tmp_path, "sku,title,price,In stock?,Backorders allowed?\nM1,Mug,5,0,1\nM2,Jug,5,1,0\n")

    assert catalog.products["availability"].tolist() == ["out of stock", "in stock"]


def test_stock_at_another_place_counts(tmp_path):
    header = "sku,title,price,stock Main Outlet qty,stock City Outlet qty,reorder point Main Outlet"
    catalog = catalog_of(tmp_path, f"{header}\nM1,Mug,5,0,7,2\nM2,Jug,5,0,0,2\nM3,Pot,5,4,0,2\n")

    assert catalog.products["availability"].tolist() == ["in stock", "out of stock", "in stock"]
    assert any("without stock in" in finding.what for finding in catalog.findings)


def test_active_is_no_stock_where_pieces_are_counted(tmp_path):
    text = "sku,name,retail_price,active,track_inventory,inventory_Main_Outlet\n1,Tote,5,1,1,14\n2,Ring,5,1,1,0\n"

    assert catalog_of(tmp_path, text).products["availability"].tolist() == ["in stock", "out of stock"]
