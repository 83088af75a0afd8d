import csv
import io
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from prodsim.catalog import PRODUCT_FIELDS, Catalog, read_table
from prodsim.errors import StorageError
from prodsim.output.export import hits_table, map_page, products_table, to_csv, to_page, to_xlsx, write_file
from prodsim.output.tables import column_names, write_table
from prodsim.search import Hit, Query, SearchResult
from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, Workspace

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
NASTY = ["=HYPERLINK(1)", "<script>alert(1)</script>", "保湿面霜"]


def catalog() -> Catalog:
    frame = pd.DataFrame({field: "" for field in PRODUCT_FIELDS}, index=range(3))
    frame["sku"], frame["title"], frame["price"] = ["007", "B", "C"], NASTY, [5.0, float("nan"), 12.5]
    return Catalog(frame)


def test_hits_keep_their_order_with_rank_score_and_parts():
    hits = tuple(
        Hit(s, r, t, x, {"meaning": x}, 1.0) for s, r, t, x in [("C", 2, NASTY[2], 0.9), ("007", 0, NASTY[0], 0.4)]
    )
    table = hits_table(catalog(), SearchResult(hits, True, 1.0, 3, 3, 3))

    assert table["sku"].tolist() == ["C", "007"]
    assert table[["rank", "score", "score: meaning"]].to_numpy().tolist() == [[1, 0.9, 0.9], [2, 0.4, 0.4]]


def test_hits_say_why_they_are_there():
    hits = (Hit("C", 2, NASTY[2], 0.9, {"words": 0.9}, 1.0), Hit("B", 1, NASTY[1], 0.4, {"words": 0.4}, 1.0))
    table = hits_table(catalog(), SearchResult(hits, True, 1.0, 3, 3, 3), ["words same: 面霜", "<b>"])

    assert table.columns.tolist()[:4] == ["rank", "score", "why", "score: words"]
    assert table["why"].tolist() == ["words same: 面霜", "<b>"]
    assert b"&lt;b&gt;" in to_page(table, "Hits", "")


def test_columns_that_are_empty_for_all_are_left_out():
    assert products_table(catalog(), [0, 2]).columns.tolist() == ["sku", "title", "price"]


def test_csv_keeps_leading_zeros_and_chinese_and_defuses_formulas():
    data = to_csv(products_table(catalog(), [0, 1, 2]))

    assert data.startswith(b"\xef\xbb\xbf")
    read = pd.read_csv(io.BytesIO(data), dtype=str)
    assert read["sku"].tolist() == ["007", "B", "C"]
    assert read["title"].tolist() == ["'=HYPERLINK(1)", *NASTY[1:]]


GUARDED = (
    "=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "\n=1+1",
    "\r=1",
    "\t=1",
    "-5",
    "@me",
    "'=1",
    "''=1",
    "'0042",
    '="007"',
)
PLAIN = ("'90s mug", "5", "a=b", "'", "''", "鞋", "")


@pytest.mark.parametrize("write", [write_table, lambda table, path: path.write_bytes(to_csv(table))])
def test_cells_and_headers_that_a_spreadsheet_would_run_are_texts_and_read_back_as_they_were(tmp_path, write):
    table = pd.DataFrame({"sku": [str(n) for n in range(21)], "=title": [*GUARDED, *PLAIN], "price": [-1.5] * 21})
    write(table, tmp_path / "out.csv")

    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = csv.reader(stream)
    assert header == ["sku", "'=title", "price"]
    assert [row[1] for row in rows] == [*(f"'{cell}" for cell in GUARDED), *PLAIN]
    assert rows[0][2] == "-1.5"
    read = read_table(tmp_path / "out.csv").frame
    assert read.columns.tolist() == table.columns.tolist()
    assert read["=title"].str.strip("\n\r\t").tolist() == [cell.strip("\n\r\t") for cell in (*GUARDED, *PLAIN)]


def test_a_workbook_holds_texts_and_numbers_and_no_formula():
    import openpyxl

    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(products_table(catalog(), [0, 1, 2])))).active

    assert [cell.value for cell in sheet["B"]][1:] == NASTY
    assert [cell.data_type for cell in sheet[2]] == ["s", "s", "n"]


def test_what_a_workbook_cannot_hold_is_marked_as_cut():
    import openpyxl

    table = pd.DataFrame({"note": ["长" * 32_767, "长" * 32_768]})
    cells = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(to_xlsx(table))).active["A"]][1:]

    assert cells == ["长" * 32_767, "长" * 32_766 + "…"]


def test_a_place_that_cannot_be_written_is_told_and_nothing_is_left_there(tmp_path):
    (tmp_path / "店.csv").mkdir()

    for path in (tmp_path / "店.csv", tmp_path / "none" / "店.csv"):
        with pytest.raises(StorageError, match="cannot be written") as told:
            write_file(b"sku", path)
        assert "folder that exists" in told.value.fix
    assert [path.name for path in tmp_path.iterdir()] == ["店.csv"]


def test_the_page_shows_markup_as_text_and_fetches_nothing():
    page = to_page(products_table(catalog(), [0, 1, 2]), "<b>Hits</b>", "3 & more").decode()

    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "&lt;b&gt;Hits" in page
    assert "保湿面霜" in page
    assert "src=" not in page
    assert "http" not in page


class Headings(HTMLParser):
    """The headings of a page's table."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.is_heading = False

    def handle_starttag(self, tag, attrs):
        self.is_heading = tag == "th"

    def handle_data(self, data):
        if self.is_heading:
            self.names.append(data)
            self.is_heading = False


def test_a_part_and_a_field_of_one_name_are_both_there():
    names = column_names(["rank", "score"], ["description", "price"], ["description", "price", "rank", "rank"])

    assert names == [
        "rank", "score", "score: description", "score: price", "description", "price", "rank (2)", "rank (3)"
    ]  # fmt: skip


@pytest.mark.parametrize(("sample", "query"), [("outdoor", "waterproof jacket"), ("beauty_zh", "保湿面霜")])
def test_a_search_of_a_sample_is_whole_in_every_format(tmp_path, home, sample, query):
    pd.read_csv(SAMPLES / f"{sample}.csv", dtype=str).head(60).to_csv(tmp_path / "shop.csv", index=False)
    workspace = Workspace(Settings(home))
    workspace.build(BuildRequest(tmp_path / "shop.csv", encoder="hashing"))
    opened = workspace.open("shop")
    result = opened.search(Query(query), 10)
    table = hits_table(opened.catalog, result)
    names, titles = table.columns.tolist(), [hit.title for hit in result.hits]

    text, xlsx = pd.read_csv(io.BytesIO(to_csv(table)), dtype=str), pd.read_excel(io.BytesIO(to_xlsx(table)))
    page = Headings()
    page.feed(to_page(table, "Hits", "").decode())

    assert {"description", "score: description", "score: words"} <= set(names)
    assert text.columns.tolist() == xlsx.columns.tolist() == page.names == names
    assert text["title"].tolist() == xlsx["title"].tolist() == titles
    assert len(titles) == 10


@pytest.mark.parametrize(
    "write",
    [
        to_csv,
        to_xlsx,
        lambda table: to_page(table, "", ""),
        lambda table: map_page(None, table, ""),
        lambda table: write_table(table, Path("nowhere.csv")),
    ],
)
def test_a_table_with_two_columns_of_one_name_is_not_written(write):
    with pytest.raises(ValueError, match="two columns of the table are called 'price'"):
        write(pd.DataFrame([[1, 2, 3]], columns=["price", "sku", "price"]))
