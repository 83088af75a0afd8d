import pytest

from prodsim.catalog import ReadOptions, read_table
from prodsim.errors import CatalogError

G = 'xmlns:g="http://base.google.com/ns/1.0"'


@pytest.fixture
def read(tmp_path):
    def call(text, encoding="utf-8", options=ReadOptions()):
        path = tmp_path / "feed.xml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return read_table(path, options)

    return call


def rows(table):
    """Return each row's filled cells."""
    return [{name: cell for name, cell in row.items() if cell} for row in table.frame.to_dict("records")]


HAT = "<g:id>2</g:id><title>Hat</title><g:price>5.00 EUR</g:price>"


def test_a_merchant_feed_has_the_columns_of_its_table(read):
    table = read(
        f"""<?xml version="1.0"?><rss version="2.0" {G}><channel><title>Shop</title>
        <item><g:id>1</g:id><title>Tee &amp; shirt</title><link>https://shop.example/1</link><g:price>9.00 EUR</g:price>
          <description><![CDATA[<b>soft</b>]]></description><g:image_link>https://shop.example/1.jpg</g:image_link>
          <g:additional_image_link>https://shop.example/2.jpg</g:additional_image_link>
          <g:additional_image_link>https://shop.example/3.jpg</g:additional_image_link>
          <g:shipping><g:country>DE</g:country><g:price>4.90 EUR</g:price></g:shipping><g:item_group_id>G</g:item_group_id>
          <g:product_detail><g:section_name>Cloth</g:section_name><g:attribute_name>Weave</g:attribute_name>
            <g:attribute_value>Twill</g:attribute_value></g:product_detail></item>
        <item>{HAT}</item></channel></rss>"""
    )

    assert (table.facts.format, table.lines.tolist()) == ("xml", [2, 9])
    assert rows(table) == [
        {"id": "1", "title": "Tee & shirt", "link": "https://shop.example/1", "price": "9.00 EUR", "description": "<b>soft</b>",
         "image_link": "https://shop.example/1.jpg", "item_group_id": "G", "Weave": "Twill", "shipping.country": "DE", "shipping.price": "4.90 EUR",
         "additional_image_link": "https://shop.example/2.jpg,https://shop.example/3.jpg"},
        {"id": "2", "title": "Hat", "price": "5.00 EUR"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        f"<rss {G}><channel><item><title>Shop's hat</title><g:title>Hat</g:title><g:id>2</g:id><g:price>5.00 EUR</g:price></item></channel></rss>",
        f'<feed xmlns="http://www.w3.org/2005/Atom" {G}><entry><id>tag:2</id>{HAT}<link href="https://shop.example/2"/></entry></feed>',
        "<rss><channel><item><id>2</id><title>Hat</title><price>5.00 EUR</price></item></channel></rss>",
        f"<rss><channel><item>{HAT}</item></channel></rss>",
        f"<root {G}><channel><item>{HAT}</item><item><g:id>3</g:id><title>Cap</title></item></channel></root>",
    ],
    ids=["two titles", "atom", "without namespace", "undeclared prefix", "another root"],
)  # fmt: skip
def test_merchant_feeds_in_their_other_forms(read, text):
    row = rows(read(text))[0]

    assert (row["id"], row["title"], row["price"]) == ("2", "Hat", "5.00 EUR")


def test_variants_in_the_atom_feed_of_shopify(read):
    variant = '<s:variant><title>{0}</title><s:price currency="EUR">5.00</s:price><s:sku>M-{0}</s:sku></s:variant>'
    table = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:s="http://jadedpixel.com/-/spec/shopify"><entry><id>https://shop.example/1</id>'
        '<link rel="self" href="https://shop.example/1.atom"/><link rel="alternate" href="https://shop.example/mug"/><title>Mug</title>'
        f"<s:vendor>Kano</s:vendor>{variant.format('Red')}{variant.format('Blue')}</entry></feed>"
    )

    assert rows(table)[1] == {
        "link": "https://shop.example/mug", "title": "Mug", "vendor": "Kano", "item_group_id": "https://shop.example/1",
        "variant": "Blue", "price": "5.00", "currency": "EUR", "sku": "M-Blue",
    }  # fmt: skip


def test_an_item_of_heureka(read):
    table = read(
        """<SHOP xmlns="http://www.zbozi.cz/ns/offer/1.0"><SHOPITEM><ITEM_ID>B1</ITEM_ID><PRODUCTNAME>Bota</PRODUCTNAME>
        <PRODUCT>Bota s dárkem</PRODUCT><URL>https://shop.example/b</URL><IMGURL>https://shop.example/b.jpg</IMGURL>
        <IMGURL_ALTERNATIVE>https://shop.example/c.jpg</IMGURL_ALTERNATIVE><PRICE>1000</PRICE><PRICE_VAT>1 210,00</PRICE_VAT>
        <MANUFACTURER>Zet</MANUFACTURER><CATEGORYTEXT>Obuv | Dámská</CATEGORYTEXT><EAN>8594000000001</EAN><PRODUCTNO>Z-1</PRODUCTNO>
        <PARAM><PARAM_NAME>Barva</PARAM_NAME><VAL>červená</VAL></PARAM><ITEMGROUP_ID>G1</ITEMGROUP_ID><DELIVERY_DATE>0</DELIVERY_DATE>
        <PARAM><PARAM_NAME>Výška</PARAM_NAME><VAL>10</VAL><UNIT>cm</UNIT></PARAM></SHOPITEM>
        <SHOPITEM><ITEM_ID>B2</ITEM_ID><PRODUCT>Čepice</PRODUCT></SHOPITEM></SHOP>"""
    )
    shoe, cap = rows(table)

    assert shoe == {
        "id": "B1", "title": "Bota", "PRODUCT": "Bota s dárkem", "link": "https://shop.example/b", "price": "1 210,00",
        "price without VAT": "1000", "brand": "Zet", "product_type": "Obuv | Dámská", "gtin": "8594000000001", "mpn": "Z-1",
        "item_group_id": "G1", "DELIVERY_DATE": "0", "availability": "in stock", "image_link": "https://shop.example/b.jpg",
        "additional_image_link": "https://shop.example/c.jpg", "Barva": "červená", "Výška": "10 cm",
    }  # fmt: skip
    assert cap == {"id": "B2", "title": "Čepice"}


def test_variants_within_an_item_of_a_shop_are_rows(read):
    def variant(number, size):
        return (
            f'<VARIANT id="5{number}"><CODE>5/{size}</CODE><PRICE_VAT>50{number}</PRICE_VAT><PARAMETERS><PARAMETER>'
            f"<NAME>Velikost</NAME><VALUE>{size}</VALUE></PARAMETER></PARAMETERS></VARIANT>"
        )

    table = read(
        f'<SHOP><SHOPITEM id="5"><NAME>Mikina</NAME><IMAGES><IMAGE>https://shop.example/1.jpg</IMAGE></IMAGES>'
        f"<VARIANTS>{variant(1, 'S')}{variant(2, 'M')}</VARIANTS></SHOPITEM></SHOP>"
    )

    assert rows(table)[1] == {
        "title": "Mikina", "IMAGES": "https://shop.example/1.jpg", "item_group_id": "5", "variant id": "52", "id": "5/M", "price": "502",
        "Velikost": "M",
    }  # fmt: skip


YML = """<?xml version="1.0" encoding="{declared}"?>
<!DOCTYPE yml_catalog SYSTEM "shops.dtd">
<yml_catalog date="2024-01-01 10:00"><shop><name>Лавка</name><categories><category id="1">Дом</category>
<category id="2" parentId="1">Посуда</category></categories><offers><offer id="100" available="true" group_id="7"><price>990</price>
<oldprice>1200</oldprice><currencyId>RUR</currencyId><categoryId>2</categoryId><picture>https://shop.example/1.jpg</picture>
<name>Чашка синяя</name><vendor>Фарфор</vendor><vendorCode>F1</vendorCode><barcode>4600000000001</barcode>
<param name="Цвет">синий</param><param name="Объем" unit="мл">300</param></offer>
<offer id="101" type="vendor.model" available="false"><typePrefix>Чайник</typePrefix><vendor>Фарфор</vendor><model>T-5</model>
<price>1990</price><param name="Цвет">белый</param></offer></offers></shop></yml_catalog>"""


@pytest.mark.parametrize(
    ("declared", "encoding", "notes"),
    [
        ("windows-1251", "windows-1251", 0),
        ("utf-8", "utf-8", 0),
        ("utf-16", "utf-16", 0),
        ("windows-1251", "utf-8", 1),
        ("utf-8", "windows-1251", 1),
        ("klingon", "windows-1251", 1),
    ],
)
def test_a_feed_of_yandex_in_the_encoding_that_it_declares_or_is_in(read, declared, encoding, notes):
    table = read(YML.format(declared=declared), encoding)
    cup, pot = rows(table)

    assert cup == {
        "id": "100", "title": "Чашка синяя", "availability": "true", "item_group_id": "7", "price": "990", "old price": "1200",
        "currency": "RUB", "categoryId": "2", "product_type": "Дом > Посуда", "image_link": "https://shop.example/1.jpg",
        "brand": "Фарфор", "mpn": "F1", "gtin": "4600000000001", "Цвет": "синий", "Объем": "300 мл",
    }  # fmt: skip
    assert (pot["title"], pot["availability"], pot["Цвет"]) == ("Чайник Фарфор T-5", "false", "белый")
    assert (table.facts.encoding.replace("cp1251", "windows-1251"), len(table.facts.notes)) == (encoding, notes)


def test_the_person_overrules_a_declared_encoding(read):
    table = read(YML.format(declared="utf-8"), "koi8-r", ReadOptions(encoding="koi8-r"))

    assert table.frame["title"].iloc[0] == "Чашка синяя"


BMECAT = """<?xml version="1.0" encoding="UTF-8"?>
<BMECAT version="{version}"{space}><HEADER><CATALOG><CURRENCY>EUR</CURRENCY></CATALOG></HEADER><T_NEW_CATALOG>
<CATALOG_GROUP_SYSTEM><CATALOG_STRUCTURE type="root"><GROUP_ID>1</GROUP_ID><GROUP_NAME>Katalog</GROUP_NAME></CATALOG_STRUCTURE>
<CATALOG_STRUCTURE type="node"><GROUP_ID>2</GROUP_ID><GROUP_NAME>Werkzeug</GROUP_NAME><PARENT_ID>1</PARENT_ID></CATALOG_STRUCTURE>
<CATALOG_STRUCTURE type="leaf"><GROUP_ID>3</GROUP_ID><GROUP_NAME>Zangen</GROUP_NAME><PARENT_ID>2</PARENT_ID></CATALOG_STRUCTURE>
</CATALOG_GROUP_SYSTEM><{ARTICLE}><SUPPLIER_{A}>Z-100</SUPPLIER_{A}><{ARTICLE}_DETAILS><DESCRIPTION_SHORT>Kombizange</DESCRIPTION_SHORT>
{number}<MANUFACTURER_{A}>K1</MANUFACTURER_{A}><MANUFACTURER_NAME>Greif</MANUFACTURER_NAME></{ARTICLE}_DETAILS>
<{ARTICLE}_FEATURES><FEATURE><FNAME>Länge</FNAME><FVALUE>160</FVALUE><FUNIT>mm</FUNIT></FEATURE></{ARTICLE}_FEATURES>
<{ARTICLE}_PRICE_DETAILS><{ARTICLE}_PRICE price_type="nrp"><PRICE_AMOUNT>15</PRICE_AMOUNT></{ARTICLE}_PRICE>
<{ARTICLE}_PRICE price_type="net_list"><PRICE_AMOUNT>12.50</PRICE_AMOUNT><LOWER_BOUND>1</LOWER_BOUND></{ARTICLE}_PRICE>
<{ARTICLE}_PRICE price_type="net_list"><PRICE_AMOUNT>11</PRICE_AMOUNT><LOWER_BOUND>10</LOWER_BOUND></{ARTICLE}_PRICE>
</{ARTICLE}_PRICE_DETAILS><MIME_INFO><MIME><MIME_TYPE>application/pdf</MIME_TYPE><MIME_SOURCE>z.pdf</MIME_SOURCE></MIME>
<MIME><MIME_TYPE>image/jpeg</MIME_TYPE><MIME_SOURCE>z.jpg</MIME_SOURCE></MIME></MIME_INFO></{ARTICLE}>
<{ARTICLE}_TO_CATALOGGROUP_MAP><{ART}_ID>Z-100</{ART}_ID><CATALOG_GROUP_ID>3</CATALOG_GROUP_ID></{ARTICLE}_TO_CATALOGGROUP_MAP>
</T_NEW_CATALOG></BMECAT>"""


@pytest.mark.parametrize(
    "names",
    [
        {"version": "1.2", "space": "", "ARTICLE": "ARTICLE", "A": "AID", "ART": "ART", "number": "<EAN>4006381333931</EAN>"},
        {"version": "2005", "space": ' xmlns="http://www.bmecat.org/bmecat/2005fd"', "ARTICLE": "PRODUCT", "A": "PID", "ART": "PROD",
         "number": '<INTERNATIONAL_PID type="ean">4006381333931</INTERNATIONAL_PID>'},
    ],
    ids=["1.2", "2005"],
)  # fmt: skip
def test_an_article_of_bmecat(read, names):
    assert rows(read(BMECAT.format(**names))) == [{
        "id": "Z-100", "title": "Kombizange", "gtin": "4006381333931", "mpn": "K1", "brand": "Greif", "price": "12.50", "currency": "EUR",
        "price (nrp)": "15", "price (net_list from 10)": "11", "product_type": "Werkzeug > Zangen", "image_link": "z.jpg", "Länge": "160 mm",
    }]  # fmt: skip


def test_texts_of_bmecat_by_language(read):
    table = read(
        '<BMECAT><T_NEW_CATALOG><PRODUCT><SUPPLIER_PID>1</SUPPLIER_PID><PRODUCT_DETAILS><DESCRIPTION_SHORT lang="deu">Zange'
        '</DESCRIPTION_SHORT><DESCRIPTION_SHORT lang="eng">Pliers</DESCRIPTION_SHORT></PRODUCT_DETAILS></PRODUCT></T_NEW_CATALOG></BMECAT>'
    )

    assert rows(table) == [{"id": "1", "title-de": "Zange", "title-en": "Pliers"}]


def test_items_of_a_cxml_index(read):
    table = read(
        """<!DOCTYPE Index SYSTEM "http://xml.cxml.org/schemas/cXML/1.2/cXML.dtd"><Index><SupplierID domain="DUNS">1</SupplierID>
        <IndexItem><IndexItemAdd><ItemID><SupplierPartID>PN1</SupplierPartID></ItemID><ItemDetail><UnitPrice><Money currency="USD">9.99
        </Money></UnitPrice><Description xml:lang="en"><ShortName>Drill</ShortName>Cordless, 18 V</Description><UnitOfMeasure>EA
        </UnitOfMeasure><Classification domain="UNSPSC">27112700</Classification><ManufacturerPartID>D18</ManufacturerPartID>
        <ManufacturerName>Bo</ManufacturerName><Extrinsic name="Color">blue</Extrinsic></ItemDetail></IndexItemAdd></IndexItem>
        <IndexItem><IndexItemDelete><ItemID><SupplierPartID>PN2</SupplierPartID></ItemID></IndexItemDelete></IndexItem></Index>"""
    )

    assert rows(table) == [{
        "id": "PN1", "title": "Drill", "description": "Cordless, 18 V", "price": "9.99", "currency": "USD", "brand": "Bo", "mpn": "D18",
        "Classification UNSPSC": "27112700", "UnitOfMeasure": "EA", "Color": "blue",
    }]  # fmt: skip
    assert table.facts.notes == ("1 item of the index is marked as deleted and is left out.",)


def test_an_item_of_a_cxml_index_without_title_and_price_is_kept(read):
    items = "<IndexItem><{0}><ItemID><SupplierPartID>{1}</SupplierPartID></ItemID><ItemDetail>{2}</ItemDetail></{0}></IndexItem>"
    detail = "<Description>Drill</Description>"
    table = read(
        f"<Index>{items.format('IndexItemAdd', 'P1', detail)}{items.format('IndexItemAdd', 'P2', '<URL>p2</URL>')}</Index>"
    )

    assert [row["id"] for row in rows(table)] == ["P1", "P2"]
    assert table.facts.notes == ()


def test_an_offer_of_ceneo(read):
    table = read(
        """<offers version="1"><group name="other"><o id="1" url="https://shop.example/1" price="12.99" avail="1"><cat>Dom/Kuchnia</cat>
        <name>Kubek</name><imgs><main url="https://shop.example/1.jpg"/><i url="https://shop.example/2.jpg"/></imgs><desc>Opis</desc>
        <attrs><a name="Producent">Zet</a><a name="EAN">5900000000001</a><a name="Kolor">żółty</a></attrs></o></group></offers>"""
    )

    assert rows(table) == [{
        "id": "1", "link": "https://shop.example/1", "price": "12.99", "avail": "1", "availability": "in stock", "title": "Kubek",
        "product_type": "Dom/Kuchnia", "description": "Opis", "image_link": "https://shop.example/1.jpg",
        "additional_image_link": "https://shop.example/2.jpg", "brand": "Zet", "gtin": "5900000000001", "Kolor": "żółty",
    }]  # fmt: skip


PRODUCTS_OF_1C = """<КоммерческаяИнформация><Классификатор><Группы><Группа><Ид>g1</Ид><Наименование>Дом</Наименование><Группы><Группа>
<Ид>g2</Ид><Наименование>Чай</Наименование></Группа></Группы></Группа></Группы><Свойства><Свойство><Ид>p1</Ид><Наименование>Цвет
</Наименование><ВариантыЗначений><Справочник><ИдЗначения>v1</ИдЗначения><Значение>красный</Значение></Справочник></ВариантыЗначений>
</Свойство></Свойства></Классификатор><Каталог><Товары><Товар><Ид>t1</Ид><Артикул>A-1</Артикул><Наименование>Чайник</Наименование>
<Группы><Ид>g2</Ид></Группы><Картинка>files/1.jpg</Картинка><Изготовитель><Наименование>Завод</Наименование></Изготовитель>
<ЗначенияСвойств><ЗначенияСвойства><Ид>p1</Ид><Значение>v1</Значение></ЗначенияСвойства></ЗначенияСвойств></Товар></Товары></Каталог>
{offers}</КоммерческаяИнформация>"""
OFFERS_OF_1C = """<ПакетПредложений><ТипыЦен><ТипЦены><Ид>o</Ид><Наименование>Опт</Наименование></ТипЦены></ТипыЦен><Предложения>
<Предложение><Ид>t1#s1</Ид><Наименование>Чайник 1 л</Наименование><Цены><Цена><ЦенаЗаЕдиницу>100</ЦенаЗаЕдиницу><Валюта>руб</Валюта>
</Цена><Цена><ИдТипаЦены>o</ИдТипаЦены><ЦенаЗаЕдиницу>80</ЦенаЗаЕдиницу></Цена></Цены><Количество>5</Количество></Предложение>
</Предложения></ПакетПредложений>"""


def test_products_and_offers_of_commerceml(read):
    product = {
        "id": "t1", "sku": "A-1", "title": "Чайник", "product_type": "Дом > Чай", "image_link": "files/1.jpg", "brand": "Завод",
        "Цвет": "красный",
    }  # fmt: skip
    offer = {
        "id": "t1#s1",
        "title": "Чайник 1 л",
        "item_group_id": "t1",
        "price": "100",
        "currency": "RUB",
        "price (Опт)": "80",
        "quantity": "5",
    }

    assert rows(read(PRODUCTS_OF_1C.format(offers=""))) == [product]
    assert rows(read(f"<КоммерческаяИнформация>{OFFERS_OF_1C}</КоммерческаяИнформация>")) == [offer]
    assert rows(read(PRODUCTS_OF_1C.format(offers=OFFERS_OF_1C))) == [{**product, **offer}]


def test_all_prices_of_an_offer_of_commerceml_are_kept_and_the_used_one_is_named(read):
    def price(kind, amount, rest=""):
        return f"<Цена><ИдТипаЦены>{kind}</ИдТипаЦены><ЦенаЗаЕдиницу>{amount}</ЦенаЗаЕдиницу>{rest}</Цена>"

    prices = [
        price("r", 90),
        price("o", 80),
        price("o", 75, "<Единица>кор</Единица>"),
        price("r", 1, "<Валюта>EUR</Валюта>"),
    ]
    kinds = "".join(
        f"<ТипЦены><Ид>{number}</Ид><Наименование>{name}</Наименование></ТипЦены>"
        for number, name in {"r": "Розница", "o": "Опт"}.items()
    )
    offer = f"<Предложение><Ид>1</Ид><Наименование>Чай</Наименование><Цены>{''.join(prices)}</Цены></Предложение>"
    table = read(
        f"<КоммерческаяИнформация><ПакетПредложений><ТипыЦен>{kinds}</ТипыЦен><Предложения>{offer}</Предложения>"
        "</ПакетПредложений></КоммерческаяИнформация>"
    )

    row = rows(table)[0]
    assert (row["price"], row["price (Опт)"], row["price (Розница)"]) == ("90", "80, 75 / кор", "1 EUR")
    assert table.facts.notes[-1] == (
        "1 offer has several prices; the first one is used (“Розница”), the others are kept as attributes."
    )


def test_offers_of_commerceml_with_one_article_number_keep_their_own_ids(read):
    offer = "<Предложение><Ид>t1#{0}</Ид><Артикул>A-1</Артикул><Наименование>Чай {0}</Наименование></Предложение>"
    text = f"<ПакетПредложений><Предложения>{offer.format(1)}{offer.format(2)}</Предложения></ПакетПредложений>"

    assert [
        (row["id"], row["mpn"]) for row in rows(read(f"<КоммерческаяИнформация>{text}</КоммерческаяИнформация>"))
    ] == [
        ("t1#1", "A-1"),
        ("t1#2", "A-1"),
    ]


def test_products_of_a_wordpress_export(read):
    meta = "".join(
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value></wp:postmeta>"
        for key, value in (("_sku", "M1"), ("_price", "4.5"), ("_thumbnail_id", "5"))
    )
    table = read(
        f"""<rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
        <item><title>a.jpg</title><wp:post_id>5</wp:post_id><wp:post_type>attachment</wp:post_type>
        <wp:attachment_url>https://shop.example/a.jpg</wp:attachment_url></item><item><title>Mug</title><content:encoded>Good</content:encoded>
        <wp:post_id>6</wp:post_id><wp:post_type>product</wp:post_type><category domain="product_cat">Kitchen</category>
        <category domain="pa_color">Red</category>{meta}</item></channel></rss>"""
    )
    row = rows(table)[0]

    assert (row["id"], row["price"], row["product_type"], row["color"]) == ("M1", "4.5", "Kitchen", "Red")
    assert row["image_link"] == "https://shop.example/a.jpg"
    assert "1 entry of the export is no product" in table.facts.notes[0]


def test_of_unknown_xml_the_element_that_looks_like_a_product_is_read(read):
    table = read(
        """<export><info><date>1</date></info><lines><line nr="1"><name>Mug</name><price currency="EUR">3</price><weight unit="kg">2</weight>
        <tags><tag>a</tag><tag>b</tag></tags><attribute name="Color">red</attribute><text><p>Nice</p><p>mug</p></text></line>
        <line nr="2"><name>Pot</name><price currency="EUR">4</price><dim><w>1</w><h>2</h></dim></line></lines></export>"""
    )

    assert rows(table) == [
        {"nr": "1", "name": "Mug", "price": "3", "currency": "EUR", "weight": "2 kg", "tags": '["a", "b"]', "Color": "red",
         "text": "<p>Nice</p><p>mug</p>"},
        {"nr": "2", "name": "Pot", "price": "4", "currency": "EUR", "dim.w": "1", "dim.h": "2"},
    ]  # fmt: skip
    assert table.facts.notes == ("The format of this XML is not known; each <line> is read as a product.",)


def test_gross_prices_and_variations_of_an_unknown_shop(read):
    variation = (
        "<variation><variationid>1-{0}</variationid><price_with_vat>3{0}</price_with_vat><size>{0}</size></variation>"
    )
    table = read(
        f"<mywebstore><products><product><id>1</id><name>Dress</name><variations>{variation.format(1)}{variation.format(2)}</variations>"
        "</product><product><id>2</id><name>Hat</name><price>9</price><price_with_vat>11</price_with_vat></product></products></mywebstore>"
    )

    assert rows(table)[1:] == [
        {"name": "Dress", "item_group_id": "1", "id": "1-2", "price": "32", "size": "2"},
        {"id": "2", "name": "Hat", "price without VAT": "9", "price": "11"},
    ]


def test_a_workbook_in_the_xml_of_excel_2003(read):
    cells = '<Row><Cell><Data ss:Type="String">{}</Data></Cell><Cell ss:Index="{}"><Data ss:Type="String">{}</Data></Cell></Row>'
    table = read(
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Products"><Table>'
        "<Row><Cell><Data>sku</Data></Cell><Cell><Data>title</Data></Cell><Cell><Data>price</Data></Cell></Row>"
        f"{cells.format('P1', 2, 'Pen')}{cells.format('P2', 3, '2.50')}</Table></Worksheet></Workbook>"
    )

    assert rows(table) == [{"sku": "P1", "title": "Pen"}, {"sku": "P2", "price": "2.50"}]
    assert table.facts.header_row == 1


def test_a_broken_item_costs_one_item(read):
    items = "\n".join(f"<item><id>{n}</id><title>{title}</title><price>1</price></item>" for n, title in
                      ((1, "Mug"), (2, "Salt & pepper"), (3, "Caf&eacute;"), (4, "<b>bold</title><title>"), (5, "Jug\x01")))  # fmt: skip
    table = read(f"<rss><channel>\n{items}\n<item><id>6</id><title>cut off")

    assert table.frame["title"].tolist() == ["Mug", "Salt & pepper", "Café", "Jug"]
    assert [bad.line for bad in table.facts.bad_lines] == [5, 7]
    assert [line.line for line in table.facts.repaired] == [3, 4, 6]
    assert "not well-formed XML (line 3" in table.facts.notes[0]


@pytest.mark.parametrize(
    "document_type",
    [
        '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!-- ]> --> <!ENTITY % a SYSTEM "http://shop.example/a.dtd"> %a;]>',
        '<!DOCTYPE rss PUBLIC "-//x" "x.dtd" [ <!ELEMENT rss ANY> <!ENTITY a "aaaa"> ]>',
    ],
    ids=["bomb", "file", "parameter", "public"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_of_a_files_own_are_refused(read, document_type, encoding):
    with pytest.raises(CatalogError, match="defines entities of its own"):
        read(f"{document_type}<rss><channel><item><title>&a;</title></item></channel></rss>", encoding)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<products/>", "XML without products"),
        ("<rss><channel><title>x</title></channel></rss>", "XML without products"),
        ("<a>" * 5000 + "</a>" * 5000, "XML without products"),
        ("<rss><channel><item><title>cut", "damaged XML; line 1"),
        ("<", "XML without products"),
        ("<?xml version='1.0'?>", "XML without products"),
        ("<!-- only a comment", "XML without products"),
    ],
)
def test_xml_without_products_is_told(read, text, message):
    with pytest.raises(CatalogError, match=message) as caught:
        read(text)
    assert caught.value.fix


def sheet(name, *products):
    rows = [("sku", "title"), *products]
    cells = "".join(f"<Row>{''.join(f'<Cell><Data>{c}</Data></Cell>' for c in row)}</Row>" for row in rows)
    return f'<Worksheet ss:Name="{name}"><Table>{cells}</Table></Worksheet>'


WORKBOOK = '<?xml version="1.0"?><Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'


def test_of_a_workbook_in_xml_the_sheets_that_are_not_read_are_named(read):
    table = read(f"{WORKBOOK}{sheet('Cups', ('A', 'Cup'))}{sheet('Mugs', ('B', 'Mug'), ('C', 'Jug'))}</Workbook>")

    assert table.frame["sku"].tolist() == ["B", "C"]
    assert table.facts.notes == ("Only the sheet “Mugs” is read. One more has the same columns: “Cups”.",)


def test_a_workbook_in_xml_that_is_damaged_says_so_in_a_sentence(read):
    with pytest.raises(CatalogError, match="line 1 is not well-formed XML: Opening and ending tag"):
        read(f"{WORKBOOK}{sheet('Cups', ('A', 'Cup')).replace('</Row>', '</Rows>', 1)}</Workbook>")


def test_a_feed_of_news_is_told(read):
    table = read("<rss><channel><item><title>News</title><pubDate>Mon</pubDate></item></channel></rss>")

    assert "it may not be a feed of products" in table.facts.notes[0]
