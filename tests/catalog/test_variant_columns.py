"""Variants that have columns of their own beside those of their products."""

from tests.catalog.reading import products_of

WITH_OPTIONS = """type,product_sku,product_name,product_price,product_quantity,product_option_value,product_variation_sku,product_variation_price,product_variation_quantity
product,LMP,Clip lamp,24,6,,,,
product,APR,Bib apron,30,9,,,,
product_option,APR,,,,Short,,,
product_option,APR,,,,Long,,,
product_variation,APR,,,,,APR-S,30,9
product_variation,APR,,,,,APR-L,34,0
"""


def test_each_row_has_what_stands_in_its_own_column(tmp_path):
    products = products_of(tmp_path, WITH_OPTIONS)

    assert products[["sku", "title", "price", "availability"]].to_numpy().tolist() == [
        ["LMP", "Clip lamp", 24, "in stock"],
        ["APR-S", "Bib apron", 30, "in stock"],
        ["APR-L", "Bib apron", 34, "out of stock"],
    ]
