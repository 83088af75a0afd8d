"""Files without a header keep their first product, and real headers stay headers."""

import pandas as pd
import pytest

from prodsim.catalog import make_catalog, propose_columns, read_table
from prodsim.errors import CatalogError

PRODUCTS = {
    "english": [
        ["WM3470", "Blue ceramic mug", "12.90", "Kaffa", "https://shop.example/1"],
        ["WM3471", "Red ceramic mug", "13.90", "Kaffa", "https://shop.example/2"],
        ["WM3480", "Brass desk lamp", "49.00", "Lumo", "https://shop.example/3"],
    ],
    "chinese": [
        ["P001", "纯棉圆领短袖 男款", "59.00", "服装", "蓝色"],
        ["P002", "纯棉圆领短袖 女款", "62.00", "服装", "红色"],
        ["P003", "不锈钢保温杯", "88.50", "服装", "黑色"],
    ],
}


def write(path, rows):
    if path.suffix == ".xlsx":
        pd.DataFrame(rows).to_excel(path, index=False, header=False)
    else:
        pd.DataFrame(rows).to_csv(path, index=False, header=False)
    return path


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("language", PRODUCTS)
def test_a_file_without_a_header_keeps_its_first_product_and_says_so(tmp_path, language, ending):
    rows = PRODUCTS[language]
    table = read_table(write(tmp_path / f"shop.{ending}", rows))

    assert table.frame.to_numpy().tolist() == rows
    assert list(table.frame) == [f"column {number}" for number in range(1, 6)]
    assert table.lines.tolist() == [1, 2, 3]
    assert "1 looks like a product, not like a header" in table.facts.notes[0]
    catalog = make_catalog(table, propose_columns(table).mapping)
    assert catalog.products["title"].tolist() == [row[1] for row in rows]
    assert "looks like a product" in next(one.what for one in catalog.findings if one.kind == "reading")


@pytest.mark.parametrize("language", PRODUCTS)
@pytest.mark.parametrize(
    "header",
    [
        ["sku", "title", "price", "brand", "link"],
        ["货号", "标题", "价格", "类目", "颜色"],
        ["Artikel", "Text", "Betrag", "Gruppe", "Sonst"],
        ["col1", "col2", "col3", "col4", "col5"],
        ["", "a", "b", "c", "d"],
    ],
    ids=lambda header: "-".join(header),
)
def test_a_header_stays_a_header(tmp_path, language, header):
    table = read_table(write(tmp_path / "shop.csv", [header, *PRODUCTS[language]]))

    assert len(table.frame) == 3
    assert table.facts.notes == ()


@pytest.mark.parametrize(
    "text",
    [
        "Artikel,36,38,40\nStiefel,3,5,7\nSandale,1,0,4\n",  # sizes
        "Artikel,2023,2024\nStiefel,1200,1340\nSandale,1100,1250\n",  # years
        "0,1,2\nStiefel,3,5\nSandale,1,0\n",  # what pandas calls columns
        "Artikel,Farbe\nStiefel,rot\nArtikel,Farbe\nSandale,rot\nArtikel,Farbe\n",  # files put one behind the other
        "query_id,query\n1,mug\n2,lamp\n",
        "sku_a,sku_b,label\nJ0,J1,1\nM0,M1,0\n",
        "Stiefel\nSandale\nPantoffel\n",
        "id1,id2\nA12,B7\nC3,D9\nA5,B6\n",
        "商品1,商品2\nA_12,B_7\nC_3,D_9\n",
    ],
)
def test_numbers_and_repeated_lines_do_not_make_a_header_a_product(tmp_path, text):
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    table = read_table(tmp_path / "t.csv")

    assert all("is repeated" in note for note in table.facts.notes)
    assert list(table.frame) == text.splitlines()[0].split(",")


@pytest.mark.parametrize(
    "text",
    [
        "P1,Stiefel\nP2,Sandale\nP3,Pantoffel\n",
        "S1-A,Stiefel\nS2-B,Sandale\nS3-A,Pantoffel\n",  # codes
        "Stiefel,Schuhe\nSandale,Schuhe\nPantoffel,Schuhe\n",  # a value that comes again
        "靴子,鞋类\n凉鞋,鞋类\n拖鞋,鞋类\n",
        "Stiefel;129,90\nSandale;59,90\nPantoffel;19,90\n",
        "4006381333931\t铅笔\n4006381333948\t钢笔\n",
    ],
)
def test_one_cell_that_no_header_holds_is_enough(tmp_path, text):
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")

    assert len(read_table(tmp_path / "t.csv").frame) == text.count("\n")


def test_the_note_stands_also_where_no_title_is_found(tmp_path):
    table = read_table(write(tmp_path / "t.csv", [["P-1", "杯子"], ["P-2", "茶壶"]]))

    with pytest.raises(CatalogError, match="no column could be recognised as the title.*Line 1 looks like a product"):
        make_catalog(table, propose_columns(table).mapping)


def test_the_note_counts_lines_of_the_file(tmp_path):
    (tmp_path / "t.csv").write_text("\nsep=;\nS-1;Stiefel\nS-2;Sandale\n".lstrip("\n"), encoding="utf-8")
    table = read_table(tmp_path / "t.csv")

    assert table.lines.tolist() == [2, 3]
    assert table.facts.notes[0].startswith("Line 2 looks like")
