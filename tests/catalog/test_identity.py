"""What tells products apart that share a number."""

from tests.catalog.reading import notes_of, products_of

SIZES = "sku,title,gtin,price\nDRS-1,Linen dress,4006381333931,90\nDRS-1,Linen dress,4006381333948,90\nHAT-2,Straw hat,,20\n"


def test_sizes_under_one_number_are_products_by_their_gtins(tmp_path):
    products = products_of(tmp_path, SIZES)

    assert products["sku"].tolist() == ["DRS-1-4006381333931", "DRS-1-4006381333948", "HAT-2"]
    assert products["group_id"].tolist() == ["DRS-1", "DRS-1", ""]


def test_a_number_that_other_products_share_stays_one(tmp_path):
    text = SIZES.replace("dress,4006381333948", "skirt,4006381333948")

    assert products_of(tmp_path, text)["title"].tolist() == ["Linen skirt", "Straw hat"]
    assert notes_of(tmp_path, text) == []


def test_products_numbered_beside_their_variants_are_groups(tmp_path):
    text = "Internal_ID,Internal_Variant_ID,Title,SKU,Price\n70,900,Bike bell,BB-1,9\n70,901,Bike bell,BB-2,10\n"

    assert products_of(tmp_path, text)["group_id"].tolist() == ["70", "70"]
