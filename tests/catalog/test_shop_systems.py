"""Columns that only their shop system explains, in exports as these write them."""

from prodsim.catalog import make_catalog, propose_columns, read_table
from tests.catalog.reading import products_of


def read(path):
    table = read_table(path)
    return table, make_catalog(table, propose_columns(table).mapping).products.set_index("sku")


def test_numbered_and_prefixed_machine_names_of_gambio(write):
    text = (
        "XTSOL|p_id|p_model|p_stock|p_manufacturer|p_priceNoTax|p_ean|p_name.de|p_desc.de|p_cat.de|p_image\n"
        "XTSOL|3|GB-3|4.0000|Lindner|12.5000||Salzmühle|<p>Für grobes Salz</p>|Küche > Mühlen|salz.jpg\n"
        "XTSOL|4|GB-4|0.0000|Lindner|9.0000||Eierbecher|<p>Aus Buche</p>|Küche > Becher|ei.jpg\n"
    )
    table, products = read(write(text))

    assert table.facts.platform == "Gambio"
    assert products.loc["GB-3", ["title", "price", "category", "image", "availability"]].tolist() == [
        "Salzmühle", 12.5, "Küche > Mühlen", "salz.jpg", "in stock",
    ]  # fmt: skip


def test_oxid_names_its_parents_by_their_ids(write):
    text = (
        "OXID;OXPARENTID;OXARTNUM;OXTITLE;OXPRICE;OXSTOCK;OXVARNAME;OXVARSELECT;OXPIC1\n"
        "f0a1;;880;Wanderstock;45;0;Länge;;stock.jpg\nf0b1;f0a1;880-1;;45;3;;110 cm;\nf0b2;f0a1;880-2;;49;0;;130 cm;\n"
        "f0c1;;990;Trinkflasche;19;8;;;flasche.jpg\n"
    )
    _, products = read(write(text))

    assert products["title"].to_dict() == {"880-1": "Wanderstock", "880-2": "Wanderstock", "990": "Trinkflasche"}
    assert products["price"].tolist() == [45, 49, 19]


def test_the_model_stands_for_an_empty_sku_of_opencart(write):
    text = "product_id,name(en-gb),sku,model,image_name,price\n7,Paper lamp,,PL-7,catalog/p.jpg,12\n8,Tin box,,TB-8,catalog/t.jpg,6\n"

    assert read(write(text))[1].index.tolist() == ["PL-7", "TB-8"]


def test_the_path_of_yahoo_shopping_is_a_category(write):
    text = "path,name,code,original-price,price\n台所:鍋,鉄鍋 26cm,tn-26,,4800\n台所:皿,豆皿 5枚,mz-5,2000,1500\n"

    assert read(write(text.encode("cp932")))[1].loc["tn-26", "category"] == "台所 > 鍋"


def test_the_currency_that_a_header_states_for_all_prices(write):
    text = "*Action(SiteID=UK|Currency=GBP),Custom label (SKU),Title,Start price,Quantity\nAdd,CL-1,Brass hook,4.50,3\nAdd,CL-2,Oak peg,6,1\n"

    assert set(read(write(text))[1]["currency"]) == {"GBP"}


def test_arabic_words_for_the_kinds_of_rows(tmp_path):
    text = "النوع,أسم المنتج,سعر المنتج,رمز المنتج sku\nمنتج,قميص كتان,90,QMS\nخيار,,90,QMS-M\nخيار,,95,QMS-L\nمنتج,حزام جلد,60,HZM\n"

    products = products_of(tmp_path, text).set_index("sku")

    assert products["title"].to_dict() == {"QMS-M": "قميص كتان", "QMS-L": "قميص كتان", "HZM": "حزام جلد"}


def test_the_address_of_a_product_joins_its_variants_in_spanish(tmp_path):
    text = "Identificador de URL;Nombre;Precio;Stock;SKU\nbolso-lona;Bolso de lona;100;2;BL-1\nbolso-lona;;110;0;BL-2\ntaza-loza;Taza de loza;40;5;\n"

    products = products_of(tmp_path, text).set_index("sku")

    assert products["group_id"].to_dict() == {"BL-1": "bolso-lona", "BL-2": "bolso-lona", "taza-loza": ""}


def test_a_field_that_stands_in_another_language_alone_is_read(tmp_path):
    text = "sku,name_en,name_ar,categories_ar,price\nKB-1,Tea glass,كأس شاي,أكواب,12\nKB-2,Soup bowl,صحن حساء,صحون,20\n"

    products = products_of(tmp_path, text)

    assert products["title"].tolist() == ["Tea glass", "Soup bowl"]
    assert products["category"].tolist() == ["أكواب", "صحون"]


def test_options_in_braces_are_no_category(tmp_path):
    text = (
        "자체 상품코드,상품명,판매가,옵션내용\nKR-1,면 셔츠,39000,사이즈{S|M|L}\nKR-2,린넨 바지,45000,색상{흰색|검정}\n"
    )

    assert products_of(tmp_path, text)["category"].tolist() == ["", ""]


def test_entities_and_attributes_of_plentymarkets(tmp_path):
    text = (
        "Item.id;Variation.id;Variation.number;ItemDescription.name1;ItemProducer.name;VariationSalesPrice.price;VariationStock.physicalStock\n"
        "41;801;DO-1;Holzdose;Tischler;12,90;4\n41;802;DO-2;Holzdose;Tischler;14,90;0\n"
    )
    products = products_of(tmp_path, text).set_index("sku")

    assert products.loc["DO-2", ["title", "brand", "price", "availability", "group_id"]].tolist() == [
        "Holzdose", "Tischler", 14.9, "out of stock", "41",
    ]  # fmt: skip
