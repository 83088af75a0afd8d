"""What columns are called in many languages."""

import pytest

from prodsim.catalog.names import field_of_name, language_of_names, read_name


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("sku", ["Artikel-Nr.", "UGS", "Código del artículo", "Kod towaru", "Артикул товара", "Ürün Kodu", "商品コード", "상품코드", "商品貨號", "Mã sản phẩm", "رمز المنتج", 'מק"ט', "Tuotenumero"]),
        ("title", ["Produktbezeichnung", "Nom du produit", "Nome do produto", "Nazwa produktu", "Наименование товара*", "Назва позиції", "ürün adı", "Όνομα προϊόντος", "ชื่อสินค้า", "Nama Barang", "Megnevezés"]),
        ("price", ["VK brutto", "Prix TTC", "PVP", "Цена, руб.", "価格（税込）", "판매가", "Giá bán", "ราคา (บาท)", "Prijs incl. btw", "Fiyat [TL]", "g:price", "*StartPrice", "PRICE_VAT"]),
        ("sale_price", ["Angebotspreis", "Tarif promo", "Цена со скидкой", "特価", "Cena promocyjna", "special_price"]),
        ("list_price", ["UVP", "Variant Compare At Price", "Цена до скидки", "定価", "市场价", "Precio anterior"]),
        ("other_price", ["EK netto", "Cost per item", "Закупочная цена", "仕入価格", "成本价", "Wholesale price"]),
        ("gtin", ["Kod kreskowy", "Штрих-код", "JANコード", "바코드", "条形码", "Código de barras", "Variant Barcode", "C:EAN"]),
        ("availability", ["Lagerbestand", "Vorrätig?", "En stock ?", "Наличие", "在庫数", "재고", "Voorraad", "Varastosaldo"]),
        ("image", ["Bild-URL", "Image URLs (x,y,z...)", "Ссылка на главное фото*", "画像URL", "Hosted Image URLs", "productImageUrl"]),
        ("group_id", ["Vaterartikel", "Parent SKU", "親商品コード", "Артикул родителя", "item_group_id"]),
        ("nothing", ["Product ID Type", "Image Alt Text", "sale_price_effective_date", "SEO Title"]),
        (None, ["Colour", "Größe", "Вес", "No.", "column 3", ""]),
    ],
)  # fmt: skip
def test_names_of_shops_in_many_languages_are_known(field, names):
    assert {name: field_of_name(name) for name in names} == dict.fromkeys(names, field)


def test_a_name_says_currency_tax_and_locale():
    assert read_name("Preis [EUR]").currency == "EUR"
    assert read_name("Цена, руб.*").currency == "RUB"
    assert read_name("price-USD").currency == "USD"
    assert (read_name("Cena netto (PLN)").tax, read_name("Prezzo IVA inclusa").tax) == ("net", "gross")
    assert (read_name("name-de_DE").locale, read_name("title_fr").locale, read_name("Article No").locale) == (
        "de_DE",
        "fr",
        "",
    )


def test_the_language_of_a_file_is_that_of_its_names():
    assert language_of_names(["Varenummer", "Navn", "Pris", "Lagerantal", "Mærke"]) == "da"
    assert language_of_names(["商品貨號", "商品名稱", "售價"]) == "zh-TW"
    assert language_of_names(["a", "b"]) == ""


@pytest.mark.parametrize(
    ("column", "field", "locale"),
    [
        ("Produkt-Code [UPCEAN]", "gtin", ""),
        ("Bezeichner [Alias]", "sku", ""),
        ("Hersteller-Produktnr. [ManufacturerSKU]", "mpn", ""),
        ("NL_Title_Long", "title", "nl"),
        ("DE_Description_Short", "description", "de"),
        ("ID_Product", "sku", ""),
    ],
)
def test_machine_names_behind_a_name_and_languages_before_it_are_understood(column, field, locale):
    assert (field_of_name(column), read_name(column).locale) == (field, locale)
