import json

import pytest

from prodsim.catalog import read_table

PICTURE = "https://cdn.example/{}.jpg"


@pytest.fixture
def read(tmp_path):
    def call(whole):
        path = tmp_path / "shop.json"
        path.write_text(whole if isinstance(whole, str) else json.dumps(whole, ensure_ascii=False), encoding="utf-8")
        return read_table(path)

    return call


def rows(table):
    """Return each row's filled cells."""
    return [{name: cell for name, cell in row.items() if cell} for row in table.frame.to_dict("records")]


TEAPOT = {
    "id": 1, "title": "Teapot", "body_html": "<b>Iron</b>", "vendor": "Kano", "product_type": "Pots", "handle": "teapot", "tags": "a, b",
    "options": [{"name": "Color", "position": 1, "values": ["Red", "Blue"]}],
    "variants": [
        {"id": 11, "title": "Red", "price": "12.00", "sku": "TP-R", "option1": "Red", "option2": None, "compare_at_price": "15.00",
         "barcode": "4006381333931", "inventory_quantity": 3, "image_id": 52},
        {"id": 12, "title": "Blue", "price": "13.00", "sku": "TP-B", "option1": "Blue"},
    ],
    "images": [{"id": 51, "src": PICTURE.format(51)}, {"id": 52, "src": PICTURE.format(52)}],
}  # fmt: skip


def test_shopify_products_have_the_columns_of_its_csv(read):
    red, blue = rows(read({"products": [TEAPOT]}))

    assert red == {
        "Handle": "teapot", "Title": "Teapot", "Body (HTML)": "<b>Iron</b>", "Vendor": "Kano", "Type": "Pots", "Tags": "a, b", "ID": "1",
        "Image Src": f"{PICTURE.format(51)}, {PICTURE.format(52)}", "Option1 Name": "Color", "Option1 Value": "Red",
        "Variant SKU": "TP-R", "Variant Price": "12.00", "Variant Compare At Price": "15.00", "Variant Barcode": "4006381333931",
        "Variant Inventory Qty": "3", "Variant ID": "11", "Variant Image": PICTURE.format(52),
    }  # fmt: skip
    assert (blue["Variant SKU"], blue["Option1 Value"], blue["Title"]) == ("TP-B", "Blue", "Teapot")


def test_shopify_default_title_is_no_option(read):
    cup = {
        "title": "Cup",
        "handle": "cup",
        "vendor": "K",
        "variants": [{"title": "Default Title", "sku": "C", "price": "4"}],
    }

    assert rows(read({"product": cup})) == [
        {"Title": "Cup", "Handle": "cup", "Vendor": "K", "Variant SKU": "C", "Variant Price": "4"}
    ]


def test_shopify_graphql_with_money_and_selected_options(read):
    variant = {"id": "v1", "sku": "A", "title": "Red", "price": {"amount": "12.0", "currencyCode": "EUR"},
               "selectedOptions": [{"name": "Color", "value": "Red"}]}  # fmt: skip
    node = {"id": "p1", "title": "Teapot", "handle": "teapot", "vendor": "Kano", "descriptionHtml": "x", "tags": ["a", "b"],
            "images": {"edges": [{"node": {"url": PICTURE.format(1)}}]}, "variants": {"edges": [{"node": variant}]}}  # fmt: skip

    assert rows(read({"data": {"products": {"edges": [{"node": node}]}}}))[0] == {
        "ID": "p1", "Title": "Teapot", "Handle": "teapot", "Vendor": "Kano", "Body (HTML)": "x", "Tags": "a, b",
        "Image Src": PICTURE.format(1), "Option1 Name": "Color", "Option1 Value": "Red", "Variant ID": "v1", "Variant SKU": "A",
        "Variant Price": "12.0", "currency": "EUR",
    }  # fmt: skip


def test_shopify_bulk_lines_join_their_product(read):
    lines = [
        {"id": "gid://shopify/Product/1", "title": "Teapot", "handle": "teapot", "vendor": "Kano"},
        {"id": "gid://shopify/ProductVariant/11", "sku": "A", "title": "Red", "price": "12", "__parentId": "gid://shopify/Product/1"},
        {"id": "gid://shopify/ProductVariant/12", "sku": "B", "title": "Blue", "price": "13", "__parentId": "gid://shopify/Product/1"},
        {"id": "gid://shopify/MediaImage/3", "url": PICTURE.format(3), "__parentId": "gid://shopify/Product/1"},
    ]  # fmt: skip
    table = read("\n".join(map(json.dumps, lines)))

    assert table.frame[["Handle", "Variant SKU", "Image Src"]].to_numpy().tolist() == [
        ["teapot", "A", PICTURE.format(3)],
        ["teapot", "B", PICTURE.format(3)],
    ]


JACKET = {
    "id": 9, "name": "Jacket", "permalink": "https://shop.example/jacket", "type": "variable", "sku": "J", "price": "50", "regular_price": "",
    "categories": [{"id": 1, "name": "Clothing"}, {"id": 2, "name": "New"}], "images": [{"src": PICTURE.format(1)}, {"src": PICTURE.format(2)}],
    "attributes": [{"id": 0, "name": "Size", "options": ["S", "M"], "variation": True}], "description": "<p>warm</p>",
}  # fmt: skip


def test_woocommerce_products_have_the_columns_of_its_csv(read):
    assert rows(read([{**JACKET, "variations": [101, 102]}]))[0] == {
        "ID": "9", "Type": "variable", "SKU": "J", "Name": "Jacket", "Description": "<p>warm</p>", "Price": "50",
        "Permalink": "https://shop.example/jacket", "Categories": "Clothing, New",
        "Images": f"{PICTURE.format(1)}, {PICTURE.format(2)}", "Attribute 1 name": "Size", "Attribute 1 value(s)": "S, M",
    }  # fmt: skip


def test_whole_woocommerce_variations_stand_for_their_product(read):
    variations = [
        {"id": 101, "sku": "J-S", "regular_price": "50", "sale_price": "", "attributes": [{"name": "Size", "option": "S"}]},
        {"id": 102, "sku": "J-M", "regular_price": "55", "sale_price": "44", "attributes": [{"name": "Size", "option": "M"}]},
    ]  # fmt: skip
    small, middle = rows(read([{**JACKET, "variations": variations}]))

    assert (small["SKU"], small["Parent"], small["Attribute 1 value(s)"], small["Name"]) == ("J-S", "J", "S", "Jacket")
    assert (middle["Type"], middle["Regular price"], middle["Sale price"]) == ("variation", "55", "44")


def test_prices_of_the_woocommerce_store_interface_are_no_cents(read):
    prices = {
        "price": "4950",
        "regular_price": "5950",
        "sale_price": "4950",
        "currency_code": "EUR",
        "currency_minor_unit": 2,
    }
    row = rows(read([{"id": 9, "name": "Jacket", "permalink": "https://shop.example/j", "prices": prices}]))[0]

    assert (row["Regular price"], row["Sale price"], row["currency"]) == ("59.50", "49.50", "EUR")


def test_simple_products_of_magento_have_what_their_configurable_one_says(read):
    def simple(number, sku, size):
        attributes = [{"attribute_code": "size", "value": size}]
        return {
            "id": number,
            "sku": sku,
            "name": sku,
            "price": 50,
            "type_id": "simple",
            "custom_attributes": attributes,
        }

    parent = {
        "id": 3, "sku": "J", "name": "Jacket", "price": 0, "type_id": "configurable", "media_gallery_entries": [{"file": "/j/a.jpg"}],
        "custom_attributes": [{"attribute_code": "description", "value": "warm"}],
        "extension_attributes": {"configurable_product_links": [1, 2]},
    }  # fmt: skip
    table = read({"items": [simple(1, "J-S", "S"), simple(2, "J-M", "M"), parent], "total_count": 3})

    assert rows(table)[1] == {
        "id": "2", "sku": "J-M", "name": "Jacket", "price": "50", "product_type": "simple", "size": "M", "description": "warm",
        "image": "/j/a.jpg", "item_group_id": "J",
    }  # fmt: skip
    assert table.facts.notes[0].startswith("1 configurable product is read as its variants")


def test_extension_attributes_of_magento_are_columns(read):
    more = {"stock_item": {"qty": 4, "is_in_stock": True}, "delivery_days": 3, "badge": "new"}

    assert rows(read([{"sku": "J", "name": "Jacket", "type_id": "simple", "extension_attributes": more}]))[0] == {
        "sku": "J", "name": "Jacket", "product_type": "simple", "qty": "4", "is_in_stock": "true", "delivery_days": "3",
        "badge": "new",
    }  # fmt: skip


def test_bigcommerce_options_are_attributes(read):
    mug = {"id": 5, "name": "Mug", "sku": "MUG", "price": 10.5, "custom_fields": [{"name": "Volume", "value": "300 ml"}],
           "variants": [{"id": n, "sku": f"MUG-{label}", "price": price, "option_values": [{"label": label, "option_display_name": "Color"}]}
                        for n, label, price in ((1, "Red", None), (2, "Blue", 11))]}  # fmt: skip
    red, blue = rows(read({"data": [mug], "meta": {}}))

    assert (red["Color"], red["price"], red["Volume"], red["item_group_id"]) == ("Red", "10.5", "300 ml", "MUG")
    assert (blue["Color"], blue["price"], blue["sku"]) == ("Blue", "11", "MUG-Blue")


@pytest.mark.parametrize(("identifier", "amount", "price"), [("ma_1", 1950, "19.50"), ("price_1", 19.5, "19.5")])
def test_medusa_prices_of_both_versions(read, identifier, amount, price):
    prices = [
        {"id": identifier, "currency_code": "eur", "amount": amount},
        {"id": identifier, "currency_code": "usd", "amount": amount},
    ]
    shirt = {"title": "Shirt", "handle": "shirt", "options": [{"id": "o1", "title": "Size"}],
             "variants": [{"sku": "SH-S", "title": "S", "prices": prices, "options": [{"option_id": "o1", "value": "S"}]}]}  # fmt: skip

    assert rows(read({"products": [shirt]}))[0] == {
        "Product Handle": "shirt", "Product Title": "Shirt", "Variant SKU": "SH-S", "Option1 Name": "Size", "Option1 Value": "S",
        "Variant Price": price, "currency": "EUR", "Price EUR": price, "Price USD": price,
    }  # fmt: skip


def test_commercetools_variants_with_localised_texts(read):
    def variant(number, label):
        price = {"value": {"currencyCode": "EUR", "centAmount": 1999, "fractionDigits": 2}, "country": "DE"}
        color = {"name": "color", "value": {"key": label, "label": {"en": label, "de": label}}}
        return {"id": number, "sku": f"B{number}", "prices": [price], "attributes": [color]}

    bag = {
        "id": "x",
        "name": {"en": "Bag", "de": "Tasche"},
        "masterVariant": variant(1, "red"),
        "variants": [variant(2, "blue")],
    }

    assert rows(read({"results": [bag]}))[1] == {
        "name-en": "Bag", "name-de": "Tasche", "item_group_id": "x", "id": "2", "sku": "B2", "price": "19.99", "currency": "EUR",
        "color": "blue",
    }  # fmt: skip


def test_akeneo_values_have_the_columns_of_its_csv(read):
    def value(data, locale=None, scope=None):
        return {"data": data, "locale": locale, "scope": scope}

    top = {
        "identifier": "top", "family": "shirts", "categories": ["summer", "men"], "parent": "tm",
        "values": {
            "name": [value("Top", "en_US"), value("Oberteil", "de_DE")], "description": [value("Nice", "en_US", "web")],
            "price": [value([{"amount": "50", "currency": "EUR"}, {"amount": "60", "currency": "USD"}])],
            "weight": [value({"amount": "10", "unit": "GRAM"})], "materials": [value(["wool", "silk"])],
        },
    }  # fmt: skip

    assert rows(read({"_embedded": {"items": [top]}, "current_page": 1}))[0] == {
        "sku": "top", "family": "shirts", "categories": "summer,men", "parent": "tm", "name-en_US": "Top", "name-de_DE": "Oberteil",
        "description-en_US-web": "Nice", "price-EUR": "50", "price-USD": "60", "weight": "10", "weight-unit": "GRAM",
        "materials": "wool,silk",
    }  # fmt: skip


def test_saleor_prices_and_rich_texts(read):
    text = json.dumps({"blocks": [{"type": "paragraph", "data": {"text": "Fresh"}}]})
    price = {"price": {"gross": {"amount": 5, "currency": "USD"}}}
    juice = {"id": "UH", "name": "Juice", "description": text, "category": {"name": "Drinks"}, "productType": {"name": "Juice"},
             "variants": [{"id": "a", "name": "1 l", "sku": "J1", "pricing": price}, {"id": "b", "name": "2 l", "sku": "J2", "pricing": price}]}  # fmt: skip

    assert rows(read({"data": {"products": {"edges": [{"node": juice}]}}}))[0] == {
        "name": "Juice", "description": "Fresh", "category": "Drinks", "productType": "Juice", "item_group_id": "UH", "id": "a",
        "variant": "1 l", "sku": "J1", "price": "5", "currency": "USD",
    }  # fmt: skip


def test_vtex_skus_have_the_offer_of_their_seller(read):
    offer = {"Price": 100.5, "ListPrice": 120, "AvailableQuantity": 3}
    skus = [
        {"itemId": n, "name": name, "sellers": [{"commertialOffer": offer}]}
        for n, name in (("11", "220 V"), ("12", "110 V"))
    ]

    assert rows(read([{"productId": "1", "productName": "Fridge", "items": skus}]))[1] == {
        "productName": "Fridge", "item_group_id": "1", "itemId": "12", "variant": "110 V", "price": "100.5", "list price": "120", "stock": "3",
    }  # fmt: skip


def test_prestashop_texts_by_number_of_language(read):
    table = read(
        {
            "products": [
                {"id": 1, "reference": "R", "name": [{"id": "1", "value": "Mug"}, {"id": "2", "value": "Tasse"}]}
            ]
        }
    )

    assert rows(table)[0] == {"id": "1", "reference": "R", "name": "Mug", "name (language 2)": "Tasse"}


LAMP = {
    "@type": "Product", "name": "Lamp", "sku": "L1", "brand": {"@type": "Brand", "name": "Lux"}, "gtin13": "4006381333931",
    "image": [PICTURE.format(1), PICTURE.format(2)], "additionalProperty": [{"@type": "PropertyValue", "name": "Power", "value": "5 W"}],
    "offers": {"@type": "Offer", "price": "19.90", "priceCurrency": "EUR", "availability": "https://schema.org/InStock"},
}  # fmt: skip


def test_schema_org_products_have_the_names_of_google_merchant(read):
    table = read({"@context": "https://schema.org", "@graph": [{"@type": "Organization", "name": "Shop"}, LAMP]})

    assert rows(table) == [{
        "id": "L1", "title": "Lamp", "brand": "Lux", "gtin": "4006381333931", "image_link": f"{PICTURE.format(1)}, {PICTURE.format(2)}",
        "Power": "5 W", "price": "19.90", "currency": "EUR", "availability": "https://schema.org/InStock",
    }]  # fmt: skip


def test_a_schema_org_group_is_read_as_its_variants(read):
    group = {"@type": "ProductGroup", "name": "Shirt", "productGroupID": "SH", "brand": {"name": "Tarn"}, "hasVariant": [
        {"@type": "Product", "sku": "SH-1", "name": "Shirt red", "color": "red", "offers": {"price": 10, "priceCurrency": "EUR"}},
        {"@type": "Product", "sku": "SH-2", "name": "Small, blue", "color": "blue", "offers": {"price": 11, "priceCurrency": "EUR"}},
    ]}  # fmt: skip
    red, blue = rows(read(group))

    assert red == {
        "id": "SH-1",
        "title": "Shirt red",
        "brand": "Tarn",
        "color": "red",
        "price": "10",
        "currency": "EUR",
        "item_group_id": "SH",
    }
    assert (blue["title"], blue["variant"]) == ("Shirt", "Small, blue")


@pytest.mark.parametrize(
    ("offers", "prices"),
    [
        ({"@type": "AggregateOffer", "lowPrice": 100, "highPrice": 200, "priceCurrency": "EUR"}, ["100"]),
        ([{"sku": "L-1", "price": 1}, {"sku": "L-2", "price": 2}], ["1", "2"]),
        ({"@type": "Offer", "priceSpecification": {"price": 7, "priceCurrency": "EUR"}}, ["7"]),
    ],
    ids=["aggregate", "one a SKU", "specification"],
)
def test_schema_org_offers_of_every_form(read, offers, prices):
    assert read({**LAMP, "offers": offers}).frame["price"].tolist() == prices


def test_what_an_answer_of_json_api_includes_stands_in_its_products(read):
    def link(kind, *numbers):
        return {"data": [{"id": number, "type": kind} for number in numbers]}

    walker = {"id": "1", "type": "product", "attributes": {"name": "Walker", "price": "55", "slug": "walker"},
              "relationships": {"variants": link("variant", "2", "3"), "images": link("image", "9")}}  # fmt: skip
    included = [
        {"id": "2", "type": "variant", "attributes": {"sku": "W-R", "options_text": "Color: red"}},
        {"id": "3", "type": "variant", "attributes": {"sku": "W-B", "price": "57", "options_text": "Color: blue"}},
        {"id": "9", "type": "image", "attributes": {"url": PICTURE.format(1)}},
    ]

    assert rows(read({"data": [walker], "included": included}))[1] == {
        "name": "Walker", "price": "57", "slug": "walker", "images": PICTURE.format(1), "item_group_id": "1", "id": "3", "sku": "W-B",
        "options_text": "Color: blue",
    }  # fmt: skip


def test_shopware_children_with_gross_prices_and_options(read):
    children = [
        {"id": f"a{n}", "productNumber": f"SW1.{n}", "options": [{"name": size, "group": {"name": "Größe"}}]}
        for n, size in ((1, "M"), (2, "L"))
    ]
    trousers = {"id": "a", "productNumber": "SW1", "name": "Hose", "price": [{"currencyId": "b", "net": 8, "gross": 10, "linked": True}],
                "cover": {"media": {"url": PICTURE.format(1)}}, "children": children}  # fmt: skip

    assert rows(read({"total": 1, "data": [trousers]}))[1] == {
        "name": "Hose", "price": "10", "cover.media": PICTURE.format(1), "item_group_id": "SW1", "parent_id": "a", "id": "a2",
        "productNumber": "SW1.2", "Größe": "L",
    }  # fmt: skip


def test_square_variations_have_prices_in_whole_units(read):
    def variation(number, name, cents):
        data = {"name": name, "sku": f"T-{name}", "price_money": {"amount": cents, "currency": "USD"}}
        return {"type": "ITEM_VARIATION", "id": number, "item_variation_data": data}

    tea = {
        "type": "ITEM",
        "id": "I",
        "item_data": {"name": "Tea", "variations": [variation("V1", "S", 300), variation("V2", "L", 450)]},
    }

    assert rows(read({"objects": [tea]}))[1] == {
        "name": "Tea", "item_group_id": "I", "id": "V2", "variant": "L", "sku": "T-L", "price": "4.50", "currency": "USD",
    }  # fmt: skip


@pytest.mark.parametrize(("code", "price"), [("JPY", "1500"), ("HUF", "15.00"), ("KWD", "1.500")])
def test_square_prices_are_counted_in_their_currencys_smallest_unit(read, code, price):
    data = {"name": "S", "sku": "T", "price_money": {"amount": 1500, "currency": code}}
    tea = {
        "type": "ITEM",
        "id": "I",
        "item_data": {"name": "Tea", "variations": [{"id": "V", "item_variation_data": data}]},
    }

    assert rows(read({"objects": [tea]}))[0]["price"] == price


def test_wix_and_etsy_prices(read):
    bag = {"id": "x", "name": "Bag", "priceData": {"currency": "EUR", "price": 10, "discountedPrice": 8}, "variants": [
        {"id": str(n), "choices": {"Color": color}, "variant": {"sku": f"B{n}", "priceData": {"price": n, "currency": "EUR"}}}
        for n, color in ((9, "Red"), (11, "Blue"))]}  # fmt: skip
    ring = {"listing_id": 1, "title": "Ring", "price": {"amount": 2550, "divisor": 100, "currency_code": "USD"}}

    assert rows(read({"products": [bag]}))[1] == {
        "name": "Bag", "item_group_id": "x", "id": "11", "Color": "Blue", "sku": "B11", "price": "11", "currency": "EUR", "price.price": "10",
    }  # fmt: skip
    assert rows(read({"results": [ring]}))[0] == {
        "listing_id": "1",
        "title": "Ring",
        "price": "25.50",
        "currency": "USD",
    }
