"""Which of the first rows names the columns, and what becomes of the others."""

import pytest

from prodsim.catalog import ReadOptions, make_catalog, propose_columns, read_table
from tests.catalog.reading import repacked, workbook

PRODUCTS = [
    ["TR-1", "Oak tray", "24.90", "Alder", "https://s.example/1.jpg"],
    ["TR-2", "Ash tray", "22.90", "Alder", "https://s.example/2.jpg"],
    ["BO-1", "Salad bowl", "31.50", "Birk", "https://s.example/3.jpg"],
    ["BO-2", "Fruit bowl", "29.00", "Birk", "https://s.example/4.jpg"],
]
NAMES = ["sku", "title", "price", "brand", "image_link"]
LABELS = ["Artikelcode (eigen)", "Naam in de winkel", "Bedrag incl.", "Merk", "Foto"]
HELP = ["Required. Max. 40 characters", "Required", "Required. Number", "Optional", "Optional. URL"]
TYPES = ["string", "text", "decimal", "string", "url"]


def csv_file(folder, rows, separator=","):
    path = folder / "shop.csv"
    path.write_text("".join(separator.join(row) + "\n" for row in rows), encoding="utf-8")
    return path


def xlsx_file(folder, sheets):
    (folder / "shop.xlsx").write_bytes(workbook(sheets))
    return folder / "shop.xlsx"


def cells(table):
    return table.frame.to_numpy().tolist()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("around", "header_row"),
    [
        ([["# exported 2024-05-01", "", "", "", ""], NAMES], 2),
        ([["Version=3", "Template=home", "Locale=nl", "", ""], LABELS, NAMES], 3),
        ([NAMES, LABELS, HELP], 1),
        ([["Shop", "", "Offer", "", "Media"], NAMES, LABELS, TYPES, HELP], 2),
        ([HELP, NAMES], 2),
        (
            [
                ["# Required | A code", "# Required | A name", "# Required | 9.99 EUR", "# Optional", "# Optional"],
                NAMES,
            ],
            2,
        ),
        ([LABELS, NAMES, ["Example: AB-1", "Example: Mug", "Example: 5", "", ""]], 2),
    ],
    ids=["comment", "version", "labels and help", "five rows", "help above", "signed help", "example"],
)
def test_the_best_known_row_names_the_columns(tmp_path, around, header_row, ending):
    rows = [*around, *PRODUCTS]
    table = read_table(csv_file(tmp_path, rows) if ending == "csv" else xlsx_file(tmp_path, {"Sheet": rows}))

    assert list(table.frame) == NAMES
    assert cells(table) == PRODUCTS
    assert table.facts.header_row == header_row
    assert table.lines.tolist() == [len(around) + 1 + n for n in range(4)]
    assert len(table.facts.notes) == len(around) - 1


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_products_above_the_header_stay_products(tmp_path, ending):
    rows = [["# exported", "", "", "", ""], *PRODUCTS[:2], NAMES, *PRODUCTS[2:]]
    table = read_table(csv_file(tmp_path, rows) if ending == "csv" else xlsx_file(tmp_path, {"Sheet": rows}))

    assert list(table.frame) == NAMES
    assert cells(table) == PRODUCTS
    assert (table.facts.header_row, table.lines.tolist()) == (4, [2, 3, 5, 6])
    assert len(table.facts.notes) == 1


def test_the_better_known_of_two_rows_names_the_columns_wherever_it_stands(tmp_path):
    machine = ["ean", "title", "description", "picture", "manufacturer"]
    labels = ["EAN Nummer", "Titelzeile", "Textbeschreibung", "Hauptbild 1", "Markenhersteller"]
    rows = [["4006381333931", "Oak tray", "Made of oak", "https://s.example/1.jpg", "Alder"]] * 2
    above, below = (read_table(csv_file(tmp_path, [*names, *rows])) for names in ([machine, labels], [labels, machine]))

    assert list(above.frame) == list(below.frame) == machine


def test_every_row_is_a_product_or_told_as_left_out(tmp_path):
    rows = [NAMES, *PRODUCTS, NAMES, *PRODUCTS, ["Total", "", "108.30", "", ""], ["4 products", "", "", "", ""]]
    table = read_table(csv_file(tmp_path, rows))

    assert cells(table) == PRODUCTS * 2
    assert sorted(note[:40] for note in table.facts.notes) == [
        "Line 11 is a total or a remark at the en",
        "Line 12 is a total or a remark at the en",
        "The header is repeated on line 6; this l",
    ]


@pytest.mark.parametrize(
    "last", ["Gesamt;;108,30;;", "Итого:;;108,30;;", "合计;;108.30;;", ";;108,30;;", "Razem 4 produkty;;;;"]
)
def test_totals_in_any_language_are_no_product(tmp_path, last):
    rows = [NAMES, *PRODUCTS, last.split(";")]
    table = read_table(csv_file(tmp_path, rows, ";"))

    catalog = make_catalog(table, propose_columns(table).mapping)

    assert len(catalog) == 4
    assert any("6" in finding.what for finding in catalog.findings)


def test_a_product_called_total_stays(tmp_path):
    rows = [*PRODUCTS, ["TC-1", "Total Commander, box", "40.00", "Total", "https://s.example/5.jpg"]]
    table = read_table(csv_file(tmp_path, [NAMES, *rows], ";"))

    assert cells(table) == rows
    assert table.facts.notes == ()


def test_a_product_without_a_price_is_no_header(tmp_path):
    rows = [["TR-0", "Cork tray", "", "", "none"], *PRODUCTS]
    table = read_table(csv_file(tmp_path, [NAMES, *rows]))

    assert cells(table) == rows


def test_a_drawn_line_below_the_header_is_left_out(tmp_path):
    table = read_table(csv_file(tmp_path, [NAMES, ["-----"] * 5, *PRODUCTS], "|"))

    assert cells(table) == PRODUCTS


def test_the_sheet_with_the_products_is_taken_among_others(tmp_path):
    sheets = {
        "Anleitung": [["So füllen Sie die Tabelle aus"], ["1. Blatt Vorlage öffnen"], ["2. Speichern"]],
        "Beispiel": [NAMES, *PRODUCTS, *PRODUCTS],
        "Vorlage": [["Vorlage 4.1"], NAMES, LABELS, *PRODUCTS],
        "Gültige Werte": [["Farbe", "Größe"], *[["rot", str(n)] for n in range(50)]],
    }
    table = read_table(path := xlsx_file(tmp_path, sheets))

    assert (table.facts.sheet, table.facts.header_row) == ("Vorlage", 2)
    assert cells(table) == PRODUCTS
    assert read_table(path, ReadOptions(sheet="Gültige Werte")).facts.n_rows == 50


def test_another_sheet_of_products_is_told(tmp_path):
    table = read_table(xlsx_file(tmp_path, {"Trays": [NAMES, *PRODUCTS[:2]], "Bowls": [NAMES, *PRODUCTS[1:]]}))

    assert table.facts.sheet == "Bowls"
    assert "One more has the same columns" in table.facts.notes[0]


def test_a_sheet_is_read_to_its_end_whatever_its_dimensions_say(tmp_path):
    path = xlsx_file(tmp_path, {"Shop": [NAMES, *PRODUCTS]})
    told = repacked(path.read_bytes(), "xl/worksheets/sheet1.xml", lambda part: part.replace(b"A1:E5", b"A1"))
    path.write_bytes(told)

    assert cells(read_table(path)) == PRODUCTS
