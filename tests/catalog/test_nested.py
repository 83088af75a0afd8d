import json

import pytest

from prodsim.catalog import read_table

ROWS = [["007", "Blue mug", "4.50"], ["008", 'Jug, "large"', "9"], ["009", "茶杯 两件套", "12"]]
HEADER = ["sku", "title", "price"]


@pytest.fixture
def write(tmp_path):
    def call(content, name="shop.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return call


def cells(table):
    return table.frame.to_numpy().tolist()


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
