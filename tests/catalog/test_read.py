import gzip
import io
import json
import zipfile

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from prodsim.catalog import ReadOptions, read_table, sheet_names, zip_members
from prodsim.catalog import content as file_content
from prodsim.catalog import rows as good_rows
from prodsim.errors import CatalogError
from tests.catalog.reading import repacked, workbook

ROWS = [["007", "Blue mug", "4.50"], ["008", 'Jug, "large"', "9"], ["009", "茶杯 两件套", "12"]]
HEADER = ["sku", "title", "price"]


def csv_text(separator=",", rows=ROWS):
    frame = pd.DataFrame(rows, columns=HEADER)
    return frame.to_csv(index=False, sep=separator, lineterminator="\n")


def cells(table):
    return table.frame.to_numpy().tolist()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "pipe"])
def test_any_usual_separator(write, separator):
    table = read_table(write(csv_text(separator)))

    assert cells(table) == ROWS
    assert table.facts.separator == separator


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_the_encoding_is_guessed_and_said(write, encoding):
    chinese = [[str(n), "自然堂补水保湿面霜 敏感肌可用 正品包邮", "9"] for n in range(20)]

    table = read_table(write(csv_text(rows=chinese).encode(encoding)))

    assert cells(table) == chinese
    assert table.facts.encoding == {"utf-8-sig": "utf-8", "gbk": "gb18030"}.get(encoding, encoding)


def test_western_text_is_not_taken_for_chinese(write):
    table = read_table(
        write(csv_text(rows=[["1", "Café crème brûlée à la française", "9"]] * 5).encode("windows-1252"))
    )

    assert table.facts.encoding == "windows-1252"
    assert cells(table)[0][1] == "Café crème brûlée à la française"


def test_the_person_overrules_the_guess(write):
    path = write(csv_text().encode("gb18030"))

    assert cells(read_table(path, ReadOptions(encoding="gb18030"))) == ROWS
    with pytest.raises(CatalogError, match="encoding 'klingon' is unknown"):
        read_table(path, ReadOptions(encoding="klingon"))


def test_lines_of_another_encoding_are_told_by_number(write):
    lines = csv_text(rows=[[str(n), f"杯子 {n}", "1"] for n in range(300)]).encode().split(b"\n")
    lines[100] = "100,老茶壶,5".encode("gb18030")

    table = read_table(write(b"\n".join(lines)))

    assert len(table.frame) == 299
    assert [(bad.line, "does not fit" in bad.reason) for bad in table.facts.bad_lines] == [(101, True)]


def test_an_unclosed_quote_is_taken_for_none_where_the_cells_fit(write):
    rows = [[f"{n:03}", f"Mug {n}", "4"] for n in range(1000)]
    lines = csv_text(rows=rows).split("\n")
    lines[500] = '499,"Mug 499,4'

    table = read_table(write("\n".join(lines)))

    assert cells(table) == rows
    assert [(one.line, one.text) for one in table.facts.repaired] == [(501, '499,"Mug 499,4')]


def test_an_unclosed_quote_costs_its_own_line_only(write):
    rows = [[f"{n:03}", f"Mug {n}", "4"] for n in range(1000)]
    lines = csv_text(rows=rows).split("\n")
    lines[500] = '499,"Mug 499'

    table = read_table(write("\n".join(lines)))

    assert [row[0] for row in cells(table)] == [f"{n:03}" for n in range(1000) if n != 499]
    assert [(bad.line, bad.reason) for bad in table.facts.bad_lines] == [(501, "a quote is opened and not closed")]


def test_a_cell_may_span_lines(write):
    table = read_table(write('sku,title,price\n1,"first\nsecond, with comma",5\n2,x,6\n'))

    assert cells(table) == [["1", "first\nsecond, with comma", "5"], ["2", "x", "6"]]
    assert list(table.lines) == [2, 4]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("5,a,b,c,d", "5 cells, the header has 3"),
        ("5,a\0b,1", "zero byte"),
        (f"5,{'x' * 1_000_001},1", "1,000,001 characters"),
    ],
    ids=["too many", "zero byte", "overlong"],
)
def test_bad_lines_are_kept_out_with_the_reason(write, line, reason):
    table = read_table(write(csv_text() + line + "\n10,good,1\n"))

    assert [row[0] for row in cells(table)] == ["007", "008", "009", "10"]
    assert [(bad.line, reason in bad.reason) for bad in table.facts.bad_lines] == [(5, True)]


def test_a_workbook_is_read_sheet_by_sheet(write):
    path = write(workbook({"notes": [["hello"]], "shop": [HEADER, ["007", "Mug", 4.5], [8, "Jug", 9.0]]}), "shop.xlsx")

    table = read_table(path)

    assert cells(table) == [["007", "Mug", "4.5"], ["8", "Jug", "9"]]
    assert (table.facts.sheet, table.facts.sheets) == ("shop", ("notes", "shop"))
    with pytest.raises(CatalogError, match="no sheet 'nope'"):
        read_table(path, ReadOptions(sheet="nope"))


def test_formulas_without_a_value_are_told(write):
    table = read_table(write(workbook({"shop": [HEADER, ["1", "Mug", "=2*3"]]}), "shop.xlsx"))

    assert cells(table) == [["1", "Mug", ""]]
    assert "C2" in table.facts.notes[0]


def test_parquet(tmp_path):
    pd.DataFrame({"sku": ["007"], "price": [4.5], "stock": [3]}).to_parquet(tmp_path / "x.parquet")

    assert cells(read_table(tmp_path / "x.parquet")) == [["007", "4.5", "3"]]


def test_bytes_of_parquet_are_text(tmp_path):
    pd.DataFrame({"sku": [b"A1", b"\xff"], "title": ["Mug", "Jug"]}).to_parquet(tmp_path / "x.parquet")

    assert cells(read_table(tmp_path / "x.parquet")) == [["A1", "Mug"], ["ff", "Jug"]]


def test_gzip_and_zip_are_unpacked_and_members_chosen(write):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../readme.txt", "x")
        archive.writestr("data/shop.csv", csv_text())

    table = read_table(write(packed.getvalue(), "shop.zip"))

    assert cells(table) == cells(read_table(write(gzip.compress(csv_text().encode()), "shop.csv.gz"))) == ROWS
    assert (table.facts.member, table.facts.members) == ("data/shop.csv", ("../../readme.txt", "data/shop.csv"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n\n  \n", "contains only empty lines"),
        (b"sku,title\n", "no products"),
        (bytes(range(256)) * 50, "not a text file"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"\x1f\x8b broken", "damaged"),
        (b"PAR1 broken", "damaged Parquet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "password"),
        (b"%PDF-1.4 ...", "PDF"),
        (b"SQLite format 3\0" + bytes(200), "is a database"),
        (b"7z\xbc\xaf" + bytes(200), "packed in a way"),
        (
            b"-- MySQL dump\n/*!40101 SET NAMES utf8 */;\nDROP TABLE `p`;\nCREATE TABLE `p` (\n  `id` int\n);\n",
            "a dump of",
        ),
        (b"PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nINSERT INTO p VALUES(1,'Mug');\n", "a dump of a database"),
        (b"# shop\n---\n- sku: A1\n  title: Mug\n- sku: A2\n  title: Jug\n", "is YAML"),
        (b"sku,title\n1,Mug,2,3,4,5\n", "Line 2 is left out: it has 6 cells"),
        (b"[1, 2", "not valid JSON"),
        (b'{"a": 1}\n', ""),
    ],
    ids=[
        "empty",
        "blank",
        "header only",
        "binary",
        "zip",
        "gzip",
        "parquet",
        "protected",
        "pdf",
        "database",
        "packed",
        "sql of mysql",
        "sql of sqlite",
        "yaml",
        "no usable line",
        "json",
        "one object",
    ],
)
def test_what_cannot_be_read_says_why_and_what_to_do(write, content, message):
    if not message:  # one JSON object on one line is a catalog of one product
        assert len(read_table(write(content)).frame) == 1
        return
    with pytest.raises(CatalogError, match=message) as caught:
        read_table(write(content))
    assert caught.value.fix


def test_pictures_beside_a_catalog_in_a_zip_are_not_taken_for_it(tmp_path):
    path = tmp_path / "shop.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("shop/images/mug.JPG", b"\xff\xd8" + bytes(10_000))
        archive.writestr("shop/catalog.csv", "sku,title\nA1,Mug\n")

    assert read_table(path).frame["title"].tolist() == ["Mug"]
    assert zip_members(path) == ("shop/catalog.csv",)


def test_a_document_that_is_a_zip_is_called_what_it_is(write):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("content.xml", "<office><row>Mug</row><row>Jug</row></office>")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")

    with pytest.raises(CatalogError, match="is an OpenDocument file"):
        read_table(write(packed.getvalue(), "shop.ods"))


def test_a_zip_bomb_is_refused(write):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("shop.csv", b"0" * 120_000_000)

    with pytest.raises(CatalogError, match="implausible for a catalog"):
        read_table(write(bomb.getvalue(), "shop.zip"))


def test_five_thousand_columns_and_repeated_names(write):
    header = ["sku", "title", "price", "price", ""] + [f"c{n}" for n in range(5000)]
    table = read_table(write(",".join(header) + "\n" + ",".join(["1"] * len(header)) + "\n"))

    assert list(table.frame.columns[:5]) == ["sku", "title", "price", "price (2)", "column 5"]
    assert table.frame.shape == (1, 5005)


def test_a_folder_and_a_missing_file_are_told(tmp_path):
    with pytest.raises(CatalogError, match="is a folder"):
        read_table(tmp_path)
    with pytest.raises(CatalogError, match="no file"):
        read_table(tmp_path / "nope.csv")


def test_damaged_parts_of_a_workbook_are_told(write):
    cut = repacked(workbook({"shop": [HEADER, *ROWS]}), "xl/worksheets/sheet1.xml", lambda part: part[:300])

    with pytest.raises(CatalogError, match="damaged workbook"):
        read_table(write(cut, "shop.xlsx"))


def test_a_workbook_that_grows_beyond_measure_is_refused(write):
    bomb = io.BytesIO(workbook({"shop": [HEADER, *ROWS]}))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b"0" * 120_000_000)
    file = write(bomb.getvalue(), "shop.xlsx")

    with pytest.raises(CatalogError, match="implausible for a catalog"):
        read_table(file)
    assert sheet_names(file) == ()


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_lines_above_the_header_are_left_out_and_told(write, name):
    above = [["Exported on 1 March", "", ""], ["", "", ""]]
    content = csv_text(rows=ROWS) if name == "a.csv" else workbook({"shop": [*above, HEADER, *ROWS]})
    if name == "a.csv":
        content = "Exported on 1 March\n\n" + content

    table = read_table(write(content, name))

    assert cells(table) == ROWS
    told = [bad.text for bad in table.facts.bad_lines] + list(table.facts.notes)
    assert len(told) == 1
    assert "Exported on 1 March" in told[0]


def test_a_list_of_titles_keeps_its_header_though_some_hold_a_comma(write):
    table = read_table(write("title\nred mug, large\nblue mug\ngreen mug\nbrown mug\n"))

    assert list(table.frame.columns) == ["title"]
    assert cells(table)[0] == ["red mug, large"]
    assert [one.line for one in table.facts.repaired] == [2]


def test_a_line_that_names_the_separator_is_followed(write):
    assert cells(read_table(write("sep=;\n" + csv_text(";")))) == ROWS


@pytest.mark.parametrize("separator", ["ab", '"'])
def test_a_separator_that_cannot_be_one_is_told(write, separator):
    with pytest.raises(CatalogError, match="cannot be used as a separator"):
        read_table(write(csv_text()), ReadOptions(separator=separator))


def test_a_tab_can_be_typed(write):
    assert cells(read_table(write(csv_text("\t")), ReadOptions(separator="\\t"))) == ROWS


def test_an_overlong_cell_is_kept_out_of_every_format(write):
    table = read_table(
        write(json.dumps([{"sku": "1", "title": "x" * 1_000_001}, {"sku": "2", "title": "mug"}]), "s.json")
    )

    assert cells(table) == [["2", "mug"]]
    assert "1,000,001 characters" in table.facts.bad_lines[0].reason


def test_parquet_with_repeated_names_and_far_times(tmp_path):
    far = pa.array([2**60], pa.timestamp("us"))
    pq.write_table(pa.table([["1"], ["mug"], ["cup"], far], ["sku", "title", "title", "made"]), tmp_path / "x.parquet")

    table = read_table(tmp_path / "x.parquet")

    assert list(table.frame.columns) == ["sku", "title", "title (2)", "made"]
    assert cells(table)[0][:3] == ["1", "mug", "cup"]


def test_traditional_chinese_in_big5_is_read(write):
    chinese = [[str(n), "保濕乳液 臉部護膚 台灣製造", "9"] for n in range(20)]

    assert cells(read_table(write(csv_text(rows=chinese).encode("big5")))) == chinese


def test_a_file_of_two_encodings_keeps_the_lines_of_one_and_tells_the_others(write):
    lines = [f"{n},老茶壶,5".encode("gb18030" if n % 2 else "utf-8") for n in range(100)]

    table = read_table(write(b"\n".join([b"sku,title,price", *lines])))

    assert {row[1] for row in cells(table)} == {"老茶壶"}
    assert len(table.facts.bad_lines) == 50


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<!DOCTYPE html><html></html>", "web page without products"),
        ('<?xml version="1.0"?><products/>', "XML without"),
    ],
)
def test_markup_without_products_is_told_as_such(write, content, message):
    with pytest.raises(CatalogError, match=message):
        read_table(write(content, "shop.xls"))


def test_a_zip_in_a_zip_is_told_as_such(write):
    inner, outer = io.BytesIO(), io.BytesIO()
    for stream, name, content in ((inner, "a.csv", csv_text().encode()), (outer, "in.zip", None)):
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr(name, content or inner.getvalue())

    with pytest.raises(CatalogError, match="zip inside a zip"):
        read_table(write(outer.getvalue(), "shop.zip"))


def test_lines_of_any_ending_keep_their_numbers_over_several_pieces(write, monkeypatch):
    monkeypatch.setattr(good_rows, "PIECE", 2)
    monkeypatch.setattr(file_content, "BLOCK_BYTES", 4)
    text = 'sku,title\r1,a\r\n2,"b\r\nb"\n\nbad\r\n3,茶杯\r\r4,d\n5,e'

    table = read_table(write(text))

    assert cells(table) == [["1", "a"], ["2", "b\r\nb"], ["bad", ""], ["3", "茶杯"], ["4", "d"], ["5", "e"]]
    assert table.lines.tolist() == [2, 3, 6, 7, 9, 10]
    assert [one.line for one in table.facts.repaired] == [6]


def test_json_lines_behind_a_line_of_a_log_are_json_lines(write):
    table = read_table(
        write('exporting products\n{"sku": "A1", "title": "Mug"}\n{"sku": "B2", "title": "Blue\tjug"}\n', "shop.jsonl")
    )

    assert table.frame["sku"].tolist() == ["A1", "B2"]
    assert [bad.line for bad in table.facts.bad_lines] == [1]


def test_a_workbook_of_broken_looks_or_cut_off_is_read_as_far_as_it_goes(write, capsys):
    whole = workbook({"shop": [HEADER, *([f"M{n}", f"Mug {n}", n] for n in range(9))]})
    looks = repacked(whole, "xl/styles.xml", lambda part: part.replace(b'xfId="0"', b'xfId="7"'))
    cut = repacked(whole, "xl/worksheets/sheet1.xml", lambda part: part[: part.index(b'<row r="6"') + 30])
    read_looks, read_cut = (read_table(write(content, "shop.xlsx")) for content in (looks, cut))

    assert len(read_looks.frame) == 9
    assert sheet_names(write(looks, "shop.xlsx")) == ("shop",)
    assert "The formats of the workbook are damaged" in read_looks.facts.notes[0]
    assert read_cut.frame["sku"].tolist() == ["M0", "M1", "M2", "M3"]
    assert "The sheet is damaged from row 6 on" in read_cut.facts.notes[0]
    assert capsys.readouterr().out == ""
