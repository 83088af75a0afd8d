import json

import pytest

from prodsim.catalog import read_table, row_columns
from prodsim.errors import CatalogError

ROWS = [["007", "Blue mug", "4.50"], ["008", 'Jug, "large"', "9"], ["009", "茶杯 两件套", "12"]]
HEADER = ["sku", "title", "price"]


def cells(table):
    return table.frame.to_numpy().tolist()


def test_further_prices_of_one_currency_are_kept(write):
    prices = [
        {"amount": 5, "currency": "EUR"},
        {"amount": 4, "currency": "EUR", "from": 10},
        {"amount": 6, "currency": "USD"},
    ]
    table = read_table(write(json.dumps([{"sku": "1", "name": "Mug", "prices": prices}]), "x.json"))

    row = table.frame.loc[0].to_dict()
    assert (row["price-EUR"], row["price-USD"]) == ("5", "6")
    assert row["other prices"] == '[{"amount": 4, "currency": "EUR", "from": 10}]'


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.json", json.dumps([dict(zip(HEADER, row, strict=True)) for row in ROWS]), "json"),
        ("b.json", json.dumps({"page": 1, "items": [dict(zip(HEADER, row, strict=True)) for row in ROWS]}), "json"),
        ("c.txt", "\n".join(json.dumps(dict(zip(HEADER, row, strict=True))) for row in ROWS), "jsonl"),
    ],
)
def test_json_in_its_usual_forms(write, name, content, kind):
    table = read_table(write(content, name))

    assert (cells(table), table.facts.format) == (ROWS, kind)


def test_a_broken_json_line_is_told(write):
    table = read_table(write('{"sku": "1", "title": "a"}\n{"sku": "2", "tit\n{"sku": "3", "title": "c"}\n', "x.jsonl"))

    assert [row[0] for row in cells(table)] == ["1", "3"]
    assert table.facts.bad_lines[0].line == 2


@pytest.mark.parametrize(
    "whole",
    [
        {name: list(column) for name, column in zip(HEADER, zip(*ROWS, strict=True), strict=True)},
        {
            name: {str(n): cell for n, cell in enumerate(column)}
            for name, column in zip(HEADER, zip(*ROWS, strict=True), strict=True)
        },
        {row[0]: dict(zip(HEADER[1:], row[1:], strict=True)) for row in ROWS},
    ],
    ids=["columns", "columns as pandas writes them", "products by SKU"],
)
def test_json_objects_that_are_tables(write, whole):
    assert cells(read_table(write(json.dumps(whole), "shop.json"))) == ROWS


def test_json_items_that_are_no_products_are_told(write):
    table = read_table(write('[{"sku": "1", "title": "a"}, 5, {"sku": "2", "title": "b"}]', "shop.json"))

    assert [row[0] for row in cells(table)] == ["1", "2"]
    assert [(bad.line, bad.text) for bad in table.facts.bad_lines] == [(2, "5")]


@pytest.mark.parametrize("text", ["[{}, 5, {}, {}]", "{}\n5\n{}\n{}"], ids=["array", "lines"])
def test_each_value_that_is_no_product_says_what_it_is(write, text):
    pen, mug = ('{"sku": "1", "title": "pen"}', '{"sku": "2", "title": "mug", "colors": ["red"]}')
    table = read_table(write(text.format(pen, "{}", mug), "shop.json"))

    assert [(bad.line, bad.reason) for bad in table.facts.bad_lines] == [
        (2, "it is not a JSON object"),
        (3, "it is an empty JSON object"),
    ]


def test_half_characters_in_json_do_not_stop_the_reading(write):
    table = read_table(write('[{"sku": "1", "title": "mug \\ud83d", "\\ud800": "x"}]', "shop.json"))

    assert cells(table) == [["1", "mug ?", "x"]]


def test_json_lines_may_begin_broken_and_hold_any_line_separator_in_texts(write):
    lines = [
        '{"sku": "0", "tit',
        *(json.dumps({"sku": str(n), "title": "a\u2028b"}, ensure_ascii=False) for n in (1, 2)),
    ]

    table = read_table(write("\n".join(lines), "shop.jsonl"))

    assert [row[0] for row in cells(table)] == ["1", "2"]
    assert table.facts.bad_lines[0].line == 1


PICTURE = "https://cdn.example/{}.jpg"


def rows(table):
    """Return each row's filled cells."""
    return [{name: cell for name, cell in row.items() if cell} for row in table.frame.to_dict("records")]


@pytest.fixture
def read(write):
    return lambda whole, name="shop.json": read_table(
        write(whole if isinstance(whole, str) else json.dumps(whole, ensure_ascii=False), name)
    )


def pick(table, *names):
    return table.frame[list(names)].to_numpy().tolist()


PEN, INK = {"sku": "P", "title": "Pen", "price": 2}, {"sku": "I", "title": "Ink", "price": 3}


@pytest.mark.parametrize(
    "whole",
    [
        {"data": {"catalog": {"items": [PEN, INK]}}},
        {"data": {"products": {"edges": [{"node": PEN}, {"node": INK}], "pageInfo": {"hasNextPage": False}}}},
        {"took": 1, "hits": {"total": 2, "hits": [{"_index": "p", "_source": PEN}, {"_index": "p", "_source": INK}]}},
        {"results": [{"hits": [{**PEN, "_highlightResult": {"title": {"value": "<em>Pen</em>"}}}, INK], "nbHits": 2}]},
        {"response": {"numFound": 2, "docs": [{k: [v] for k, v in PEN.items()}, INK]}},
        {"data": [{"type": "products", "attributes": PEN, "id": "P"}, {"type": "products", "attributes": INK, "id": "I"}]},
        [{"page": 1, "products": [PEN]}, {"page": 2, "products": [INK]}],
        [{"page": 1, "data": {"items": [PEN]}}, {"page": 2, "data": {"items": [INK]}}],
        [[PEN], [INK]],
        {"filters": [{"name": "a"}, {"name": "b"}, {"name": "c"}], "products": [PEN, INK]},
        {"products": {"P": PEN, "I": INK}},
        {"columns": ["sku", "title", "price"], "data": [["P", "Pen", 2], ["I", "Ink", 3]]},
        [["sku", "title", "price"], ["P", "Pen", 2], ["I", "Ink", 3]],
    ],
    ids=[
        "deep", "graphql", "elasticsearch", "algolia", "solr", "json:api", "pages", "pages of objects", "pages of arrays",
        "beside filters", "by key", "columns and rows", "rows under names",
    ],
)  # fmt: skip
def test_the_products_are_found_wherever_they_are(read, whole):
    assert pick(read(whole), "sku", "title", "price") == [["P", "Pen", "2"], ["I", "Ink", "3"]]


@pytest.mark.parametrize("joint", ["\n", "\n\n", ",\n"])
def test_pages_that_follow_each_other_in_a_file_are_joined(read, joint):
    pages = [json.dumps({"page": n, "products": [item]}, indent=1) for n, item in enumerate((PEN, INK))]

    assert pick(read(joint.join(pages)), "sku") == [["P"], ["I"]]


def test_one_page_a_line_is_joined_and_each_row_keeps_its_line(read):
    table = read('{"page": 1, "items": [' + json.dumps(PEN) + ']}\n{"page": 2, "items": [' + json.dumps(INK) + "]}\n")

    assert (table.facts.format, pick(table, "sku"), table.lines.tolist()) == ("jsonl", [["P"], ["I"]], [1, 2])


def test_products_within_categories_have_their_category(read):
    table = read({"categories": [{"name": "Pens", "products": [PEN]}, {"name": "Inks", "products": [INK]}]})

    assert pick(table, "sku", "category") == [["P", "Pens"], ["I", "Inks"]]


def test_instructions_of_a_bulk_file_are_counted(read):
    table = read(f'{{"index": {{"_id": "1"}}}}\n{json.dumps(PEN)}\n{{"index": {{}}}}\n{json.dumps(INK)}\n')

    assert pick(table, "sku") == [["P"], ["I"]]
    assert table.facts.notes == ("2 lines are instructions to an index, not products.",)


def test_products_before_the_damage_are_kept(read):
    table = read('{"products": [' + json.dumps(PEN) + ", " + json.dumps(INK)[:-8])

    assert pick(table, "sku") == [["P"]]
    assert table.facts.bad_lines[0].line == 2


@pytest.mark.parametrize("whole", [{"products": []}, {"data": {"items": []}, "total": 0}, [1, 2], "[]"])
def test_json_without_products_is_told(read, whole):
    with pytest.raises(CatalogError, match="contains no list of products"):
        read(whole)


def test_extended_json_of_mongodb_is_plain(read):
    table = read('{"_id": {"$oid": "5f"}, "name": "Pen", "price": {"$numberDecimal": "2.50"}}\n{"name": "Ink"}\n')

    assert rows(table)[0] == {"_id": "5f", "name": "Pen", "price": "2.50"}


def test_objects_within_become_columns_or_what_stands_for_them(read):
    sofa = {
        "sku": "S", "title": "Sofa", "brand": {"id": 4, "name": "Ikon"}, "price": {"value": 12, "currency": "EUR"},
        "images": [{"src": PICTURE.format(1)}, {"src": PICTURE.format(2)}], "size": {"width": {"value": 2, "unit": "m"}, "depth": 3},
        "specs": {"color": "red"}, "facts": [{"name": "Wood", "value": "oak"}], "rating": [{"stars": 5, "text": "Nice"}],
        "tags": ["a", "b"], "breadcrumbs": [{"name": "Home"}, {"name": "Sofas"}], "sale_price": {"amount": 9, "currency": "USD"},
    }  # fmt: skip

    assert rows(read([sofa]))[0] == {
        "sku": "S", "title": "Sofa", "brand": "Ikon", "brand.id": "4", "price": "12", "currency": "EUR",
        "images": f"{PICTURE.format(1)}, {PICTURE.format(2)}", "size.width": "2 m", "size.depth": "3", "color": "red", "Wood": "oak",
        "rating": '[{"stars": 5, "text": "Nice"}]', "tags": '["a", "b"]', "breadcrumbs": "Home > Sofas", "sale_price": "9 USD",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        {"en": "Cup", "de-AT": "Tasse"},
        [{"locale": "en", "value": "Cup"}, {"locale": "de-AT", "value": "Tasse"}],
        [{"language": "en", "text": "Cup"}, {"language": "de-AT", "text": "Tasse"}],
    ],
)
def test_texts_by_language_are_columns_by_locale(read, name):
    assert rows(read([{"sku": "1", "name": name}]))[0] == {"sku": "1", "name-en": "Cup", "name-de-AT": "Tasse"}


def test_names_within_are_never_over_the_objects_own(read):
    table = read([{"sku": "1", "title": "Mug", "Color": "red", "attributes": [{"name": "Color", "value": "blue"}]}])

    assert rows(table)[0] == {"sku": "1", "title": "Mug", "Color": "red", "attributes.Color": "blue"}


def test_of_very_many_names_the_rare_ones_share_a_column(read, monkeypatch):
    monkeypatch.setattr(row_columns, "MAX_COLUMNS", 3)
    table = read([{"sku": str(n), "title": "a", "price": 1, "by shop": {f"s{n}": n}} for n in range(3)])

    assert list(table.frame.columns) == ["sku", "title", "price", "other values"]
    assert pick(table, "other values")[2] == ['{"by shop.s2": "2"}']
    assert "3 of 6 columns" in table.facts.notes[0]


@pytest.mark.parametrize("key", ["variants", "skus", "items", "combinations", "children", "offers", "product_variants"])
def test_each_variant_is_a_row_with_its_own_values_over_those_of_its_product(read, key):
    variants = [{"sku": "T-S", "name": "S", "price": 5}, {"sku": "T-M", "name": "M", "ean": "4006381333931"}]
    table = read([{"id": 7, "sku": "T", "title": "Tee", "price": 4, "ean": "12", "brand": "Tarn", key: variants}, PEN])

    first, second, pen = rows(table)
    own = {"title": "Tee", "brand": "Tarn", "item_group_id": "T", "parent_id": "7", "parent_ean": "12"}
    assert first == {**own, "sku": "T-S", "variant": "S", "price": "5"}
    assert second == {**own, "sku": "T-M", "variant": "M", "price": "4", "ean": "4006381333931"}
    assert pen == {"sku": "P", "title": "Pen", "price": "2"}
    assert table.facts.notes == ("1 product is read as 2 rows, one for each of its variants.",)


def test_the_only_variant_is_the_product(read):
    table = read(
        [{"id": 7, "title": "Tee", "ean": "12", "variants": [{"id": 9, "title": "Default Title", "price": 5}]}]
    )

    assert rows(table)[0] == {"id": "9", "title": "Tee", "ean": "12", "price": "5"}


def test_offers_of_several_sellers_are_one_product(read):
    offers = [{"seller": "A", "price": 5}, {"seller": "B", "price": 6}]
    table = read([{"sku": "T", "title": "Tee", "offers": offers}])

    assert rows(table)[0] == {
        "sku": "T", "title": "Tee", "seller": "A", "price": "5", "further offers": '[{"seller": "B", "price": 6}]',
    }  # fmt: skip


def test_a_title_of_a_variant_that_holds_the_products_is_its_title(read):
    table = read([{"title": "Tee", "variants": [{"sku": "1", "title": "Tee red"}, {"sku": "2", "title": "blue"}]}])

    assert pick(table, "title", "variant") == [["Tee red", ""], ["Tee", "blue"]]


def test_lists_of_products_that_are_not_read_are_named(read):
    hats, mugs = ([{"sku": f"{kind}{n}", "title": kind, "price": n} for n in (1, 2, 3)] for kind in ("hat", "mug"))
    table = read({"shop": {"mugs": mugs, "hats": hats[:2]}, "categories": [{"id": 1, "title": "Hats"}], "one": hats[0]})

    assert pick(table, "title") == [["mug"]] * 3
    assert table.facts.notes == ("Only the list “shop.mugs” is read. 2 more look like products: “shop.hats”, “one”.",)


def test_deep_nesting_is_read_or_told(read):
    assert len(read('[{"sku": "1", "title": "a", "x": ' + '{"x":' * 300 + "1" + "}" * 300 + "}]").frame) == 1
    with pytest.raises(CatalogError, match="not valid JSON"):
        read("[" * 100_000)


@pytest.mark.parametrize(
    ("price", "cells"),
    [
        ({"current": {"value": 5, "currency": "EUR"}, "original": {"value": 7, "currency": "EUR"}}, ["5", "EUR", "7"]),
        ({"original": 7, "sale": 5, "currency": "EUR"}, ["5", "EUR", "7"]),
        ({"currencyCode": "EUR", "amount": "5", "original": "7"}, ["5", "EUR", "7"]),
        ({"centAmount": 500, "currencyCode": "EUR", "fractionDigits": 2}, ["5.00", "EUR"]),
        ({"gross": {"amount": 5, "currency": "EUR"}}, ["5", "EUR"]),
    ],
)
def test_of_a_price_object_what_is_paid_is_the_price(read, price, cells):
    row = rows(read([{"sku": "1", "title": "Mug", "price": price}]))[0]

    assert [row[name] for name in ("price", "currency", "price.original") if name in row] == cells


@pytest.mark.parametrize("kind", ["json", "jsonl"])
def test_numbers_and_texts_are_what_the_file_says_however_it_is_decoded(read, kind):
    cells = [
        "1.10",
        "12345678901234567890123",
        "-9223372036854775809",
        "1E5",
        "NaN",
        '"a\tb"',
        '"\\ud800"',
        "-0",
        "1e400",
    ]
    objects = [f'{{"sku": "{n}", "name": "Mug", "price": 1, "x": {cell}}}' for n, cell in enumerate(cells)]
    text = f"[{','.join(objects)}]" if kind == "json" else "\n".join(objects)

    expected = ["1.1", "12345678901234567890123", "-9223372036854775809", "100000", "", "a\tb", "?", "0", "inf"]
    assert read(text, f"x.{kind}").frame["x"].tolist() == expected
