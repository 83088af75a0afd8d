"""Rows of one product become the variants that are sold, whatever shop system wrote them."""

import pytest

from prodsim.catalog import ReadOptions, make_catalog, propose_columns, read_table
from prodsim.catalog.options import listed_options, option_columns
from tests.catalog.reading import notes_of, products_of

SHOPIFY = """Handle,Title,Vendor,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price,Image Src
field-cap,Field Cap,Moor,Size,S,FC-S,3,21.00,https://i.example/1.jpg
field-cap,,,,M,FC-M,0,,https://i.example/2.jpg
field-cap,,,,,,,,https://i.example/3.jpg
tin-cup,Tin Cup,Moor,Title,Default Title,,4,8.00,https://i.example/4.jpg
desk-fan,Desk Fan,Moor,Colour,White,,1,55.00,https://i.example/5.jpg
desk-fan,,,,Jet Black,,1,59.00,
"""
WOO = """ID,Type,SKU,Name,Published,Description,Stock,Sale price,Regular price,Categories,Images,Parent,Attribute 1 name,Attribute 1 value(s)
7,variable,SOCK,Trail Sock,1,Merino,,,,Socks,https://i.example/s.jpg,,Size,"S, L"
8,"variation, virtual",SOCK-S,Trail Sock - S,1,,4,,12,,,SOCK,Size,S
9,variation,,Trail Sock - L,1,,0,9,12,,,id:7,Size,L
10,simple,LACE,Laces,0,Waxed,3,0.00,4,Extras,,,,
"""
BIGCOMMERCE = """Item Type,Product ID,Product Name,Product Code/SKU,Price,Brand Name,Category
Product,10,Dock Tee,DT,20.00,Moor,Clothing/Tops
SKU,,"[S]Size=Small,[RB]Color=Red",DT-S,,,
SKU,,"[S]Size=Large,[RB]Color=Red",DT-L,22.00,,
Rule,,,DT-L,[ADD]2,,
Product,11,Wool Hat,WH,12.00,Moor,Clothing/Hats
"""
WIX = """handleId,fieldType,name,description,productImageUrl,collection,sku,price,inventory,productOptionName1,productOptionDescription1
p1,Product,Linen Towel,Soft,t.jpg,Bath,LT,30,InStock,Size,S;L
p1,Variant,,,,,LT-S,30,4,Size,S
p1,Variant,,,,,LT-L,41,0,Size,L
p2,Product,Pine Brush,Long,b.jpg,Bath,PB,9,InStock,,
"""
EBAY = """*Action(SiteID=UK),CustomLabel,*Title,Relationship,RelationshipDetails,*StartPrice,*Quantity,PicURL
Add,,Work Shirt,,Size=S;M,,,https://i.example/w.jpg
,WS-S,,Variation,Size=S,25.00,3,
,WS-M,,Variation,Size=M,26.00,0,
Add,HAT,Sun Hat,,,18.00,4,https://i.example/h.jpg
"""
MAGENTO = """sku,store_view_code,product_type,name,price,special_price,qty,additional_attributes,configurable_variations
WT-S,,simple,Wave Top S,20.00,,5,"color=Red,size=S",
WT-M,,simple,Wave Top M,20.00,15.00,0,"color=Red,size=M",
WT,,configurable,Wave Top,,,,,"sku=WT-S,size=S|sku=WT-M,size=M"
CAP,,simple,Plain Cap,12.50,,9,color=Blue,
CAP,de,,Einfache Kappe,,,,,
"""
RAKUTEN = """商品管理番号（商品URL）,商品名,販売価格,SKU管理番号,バリエーション項目キー1,バリエーション項目選択肢1,在庫数
cup01,白磁カップ,,,,,
cup01,,1980,cup01-w,色,白,5
cup01,,1980,cup01-b,色,黒,0
"""


@pytest.mark.parametrize(
    ("text", "group", "sku", "expected"),
    [
        (SHOPIFY, "field-cap", "FC-M", {"title": "Field Cap", "price": 21, "brand": "Moor", "Size": "M"}),
        (SHOPIFY, "field-cap", "FC-M", {"image": "https://i.example/2.jpg", "availability": "out of stock"}),
        (SHOPIFY, "desk-fan", "desk-fan-jet-black", {"title": "Desk Fan", "price": 59, "Colour": "Jet Black"}),
        (WOO, "SOCK", "SOCK-S", {"category": "Socks", "price": 12, "description": "Merino", "Size": "S"}),
        (WOO, "SOCK", "9", {"title": "Trail Sock - L", "price": 9, "availability": "out of stock"}),
        (BIGCOMMERCE, "DT", "DT-S", {"title": "Dock Tee", "price": 20, "Size": "Small", "Color": "Red"}),
        (WIX, "p1", "LT-L", {"title": "Linen Towel", "price": 41, "description": "Soft", "Size": "L"}),
        (EBAY, "Work Shirt", "WS-M", {"title": "Work Shirt", "price": 26, "Size": "M"}),
        (MAGENTO, "WT", "WT-M", {"title": "Wave Top M", "price": 15, "color": "Red", "size": "M"}),
        (RAKUTEN, "cup01", "cup01-b", {"title": "白磁カップ", "price": 1980, "色": "黒"}),
    ],
)
def test_a_variant_takes_what_its_row_leaves_empty(tmp_path, text, group, sku, expected):
    products = products_of(tmp_path, text).set_index("sku")

    assert products.loc[sku, "group_id"] == group
    assert products.loc[sku, list(expected)].to_dict() == expected


@pytest.mark.parametrize(
    ("text", "skus"),
    [
        (SHOPIFY, ["FC-S", "FC-M", "tin-cup", "desk-fan-white", "desk-fan-jet-black"]),
        (WOO, ["SOCK-S", "9", "LACE"]),
        (BIGCOMMERCE, ["DT-S", "DT-L", "WH"]),
        (WIX, ["LT-S", "LT-L", "PB"]),
        (EBAY, ["WS-S", "WS-M", "HAT"]),
        (MAGENTO, ["WT-S", "WT-M", "CAP"]),
        (RAKUTEN, ["cup01-w", "cup01-b"]),
    ],
)
def test_what_is_never_sold_itself_is_no_product(tmp_path, text, skus):
    assert products_of(tmp_path, text)["sku"].tolist() == skus


def test_a_main_variant_that_names_itself_is_sold(tmp_path):
    text = "ordernumber;mainnumber;name;price\nX1;X1;Jug blue;9\nX1.2;X1;Jug red;9\nX3;X3;Tray;5\n"

    assert products_of(tmp_path, text)["sku"].tolist() == ["X1", "X1.2", "X3"]


def test_a_row_above_changes_no_key(tmp_path):
    header, rest = SHOPIFY.split("\n", 1)
    longer = f"{header}\nnew-mat,New Mat,Moor,Title,Default Title,,1,5.00,\n{rest}"

    assert set(products_of(tmp_path, SHOPIFY)["sku"]) < set(products_of(tmp_path, longer)["sku"])


def test_the_picture_of_a_row_of_its_own_is_kept_with_its_product(tmp_path):
    products = products_of(tmp_path, SHOPIFY).set_index("sku")

    assert products.loc["FC-S", "more images"] == "https://i.example/3.jpg"


def test_each_joining_is_counted(tmp_path):
    notes = " ".join(notes_of(tmp_path, SHOPIFY))

    assert "2 variants take what their rows leave empty" in notes
    assert "1 row that only adds a picture" in notes


def test_variants_with_one_sku_are_told_apart_by_their_options(tmp_path):
    text = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\nmat,Mat,Size,S,M1,5\nmat,,,L,M1,6\n"

    assert products_of(tmp_path, text)["sku"].tolist() == ["M1-s", "M1-l"]


def test_a_sale_price_counts_only_where_a_row_has_one_above_nothing(tmp_path):
    text = "sku,title,price,sale_price\nA1,Red mug,9.00,\nA2,Blue mug,9.00,7.50\nA3,Grey mug,9.00,0.00\n"
    products = products_of(tmp_path, text)

    assert products["price"].tolist() == [9.0, 7.5, 9.0]
    assert products["price (file)"].tolist() == ["9.00", "9.00", "9.00"]
    assert products["sale_price"].tolist() == ["", "7.50", "0.00"]


def test_complete_rows_of_one_group_stay_as_they_are(tmp_path):
    text = "id,title,description,price,item_group_id\nB1,Red mug,Stoneware,9,mug\nB2,Blue mug,,9,mug\n"
    products = products_of(tmp_path, text)

    assert products["sku"].tolist() == ["B1", "B2"]
    assert products["description"].tolist() == ["Stoneware", ""]


def test_products_that_the_shop_does_not_show_are_counted(tmp_path):
    assert any("1 product is not published" in note for note in notes_of(tmp_path, WOO))


def test_options_are_read_from_pairs_of_columns_and_from_lists():
    assert option_columns(["Nom de l’attribut 1", "Valeur(s) de l’attribut 1", "Nom"]) == [
        ("Nom de l’attribut 1", "Valeur(s) de l’attribut 1")
    ]
    assert listed_options("Farbe:Rot|Größe:M") == [("Farbe", "Rot"), ("Größe", "M")]
    assert listed_options("") == []


def test_a_file_that_is_read_in_one_language_says_which(tmp_path):
    text = (
        "sku;name-de_DE;name-en_US;price-EUR;price-USD\nL1;Holzlöffel;Wooden spoon;5.00;6.00\n"
        "L2;Holzbrett;Wooden board;15.00;17.00\n"
    )
    path = tmp_path / "pim.csv"
    path.write_text(text, encoding="utf-8")
    table = read_table(path)
    products = make_catalog(table, propose_columns(table).mapping).products

    assert (table.facts.locale, table.facts.locales) == ("en_US", ("de_DE", "en_US"))
    assert products["title"].tolist() == ["Wooden spoon", "Wooden board"]
    assert (products["price"].tolist(), products["currency"].tolist()) == ([6.0, 17.0], ["USD", "USD"])
    assert products["name-de_DE"].tolist() == ["Holzlöffel", "Holzbrett"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "sku;name-de_DE;name-en_US\n1;Löffel;Spoon\n2;Brett;Board\n",
            "in fr_FR, only in de_DE, en_US; those in en_US",
        ),
        ("sku,store_view_code,name\n1,,Spoon\n1,de,Löffel\n2,,Board\n", "in fr_FR, only in de"),
    ],
    ids=["columns", "rows"],
)
def test_a_language_that_the_file_lacks_is_noted(tmp_path, text, words):
    path = tmp_path / "pim.csv"
    path.write_text(text, encoding="utf-8")
    table = read_table(path, ReadOptions(locale="fr_FR"))
    made = make_catalog(table, propose_columns(table).mapping)

    assert made.products["title"].tolist() == ["Spoon", "Board"]
    assert any(words in finding.what for finding in made.findings)


@pytest.mark.parametrize("wanted", ["de", "de-DE"])
def test_a_language_in_another_spelling_is_the_files_own(tmp_path, wanted):
    path = tmp_path / "pim.csv"
    path.write_text(
        "sku;name-de_AT;name-de_DE;name-en_US\n1;Häferl;Becher;Mug\n2;Brett;Brett;Board\n", encoding="utf-8"
    )
    facts = read_table(path, ReadOptions(locale=wanted)).facts

    assert (facts.locale, facts.notes) == ("de_AT" if wanted == "de" else "de_DE", ())


def test_numbers_of_options_may_be_words():
    columns = [f"variant_option_{n}_{part}" for n in ("one", "two") for part in ("name", "value")]

    assert option_columns(columns) == [(columns[0], columns[1]), (columns[2], columns[3])]


def test_the_rows_of_a_product_registered_in_korean_share_its_number(tmp_path):
    text = """등록상품ID,등록상품명,옵션명,판매가격,업체상품코드
15,보온병,블랙,19000,B
15,보온병,화이트,19000,W
16,도시락통,단일상품,12000,X
"""

    assert products_of(tmp_path, text)["group_id"].tolist() == ["15", "15", ""]
