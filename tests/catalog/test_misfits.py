"""Records that do not fit are padded, trimmed or repaired where that is without doubt, and told in every case."""

import pytest

from prodsim.catalog import read_table
from prodsim.catalog.records import split_leniently

HEADER = "sku,title,price,brand\n"
GOOD = "".join(f"K-{n},Kettle {n} l,{n}9.90,Aqua\n" for n in range(1, 9))


@pytest.fixture
def read(tmp_path):
    def call(text):
        (tmp_path / "shop.csv").write_text(text, encoding="utf-8", newline="")
        return read_table(tmp_path / "shop.csv")

    return call


@pytest.mark.parametrize(
    ("line", "cells", "repair"),
    [
        ("X-1,Rain jacket,11.50,Tarn,", ["X-1", "Rain jacket", "11.50", "Tarn"], "1 separator too many"),
        ("X-1,Rain jacket,11.50,Tarn,,,", ["X-1", "Rain jacket", "11.50", "Tarn"], "3 separators too many"),
        ("X-1,Rain jacket", ["X-1", "Rain jacket", "", ""], "2 cells, 4 were expected"),
        ('X-1,"Rain, jacket"', ["X-1", "Rain, jacket", "", ""], "2 cells, 4 were expected"),
        ('X-1,"12" pan",5.00,Tarn', ["X-1", '12" pan', "5.00", "Tarn"], "quotes were wrong"),
        ('X-1,"12" pan, black",5.00,"Tarn"', ["X-1", '12" pan, black', "5.00", "Tarn"], "quotes were wrong"),
        ('X-1,"the "big" pan",5.00,Tarn', ["X-1", 'the "big" pan', "5.00", "Tarn"], "quotes were wrong"),
        ('X-1,"5 inch" screen,5.00,Tarn', ["X-1", '"5 inch" screen', "5.00", "Tarn"], "quotes were wrong"),
        ('X-1,"Rain jacket,5.00,Tarn', ["X-1", "Rain jacket", "5.00", "Tarn"], "quotes were wrong"),
        ('X-1,"12\\" pan",5.00,Tarn', ["X-1", '12" pan', "5.00", "Tarn"], "quotes were wrong"),
        ('X-1, "pan, black",5.00,Tarn', ["X-1", "pan, black", "5.00", "Tarn"], "quotes were wrong"),
        ('X-1,"12" pan\nof steel",5.00,Tarn', ["X-1", '12" pan\nof steel', "5.00", "Tarn"], "quotes were wrong"),
        ("X-1,Pan, black, large,5.00,Tarn", ["X-1", "Pan, black, large", "5.00", "Tarn"], "was not quoted"),
    ],
)
def test_what_is_without_doubt_is_repaired_and_told(read, line, cells, repair):
    table = read(f"{HEADER}{GOOD}{line}\n{GOOD}")

    assert table.frame.to_numpy().tolist()[8] == cells
    assert len(table.frame) == 17
    assert [(one.line, repair in one.repair) for one in table.facts.repaired] == [(10, True)]
    assert table.facts.bad_lines == ()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("X-1,Pan,12,50,Tarn", "5 cells, the header has 4"),  # the price, or the title
        ("X-1,Pan,5.00,Tarn,more,and more", "6 cells"),
        ('X-1,"Pan', "a quote is opened and not closed"),
    ],
)
def test_what_is_doubtful_is_left_out_and_told(read, line, reason):
    table = read(f"{HEADER}{GOOD}{line}\n{GOOD}")

    assert len(table.frame) == 16
    assert [(bad.line, reason in bad.reason) for bad in table.facts.bad_lines] == [(10, True)]


@pytest.mark.parametrize(
    "cell", ['5" screen', 'A "B" C', 'x" y', "O'Neill"], ids=["inch", "quoted word", "one quote", "apostrophe"]
)
def test_quotes_inside_of_unquoted_cells_are_letters(read, cell):
    table = read(f"{HEADER}{GOOD}X-1,{cell},5.00,Tarn\n{GOOD}")

    assert table.frame["title"][8] == cell
    assert table.facts.repaired == ()


def test_a_text_over_lines_may_hold_a_line_with_as_many_separators(read):
    table = read(f'{HEADER}{GOOD}X-1,"Set:\none, two, three, four\nend",5.00,Tarn\n{GOOD}')

    assert table.frame["title"][8] == "Set:\none, two, three, four\nend"
    assert len(table.frame) == 17


def test_line_ends_without_quotes_are_joined_where_the_rest_can_be_no_row(read):
    table = read(f"{HEADER}{GOOD}X-1,Mug\nblue and\nwhite,5.00,Tarn\n{GOOD}")

    assert table.frame["title"][8] == "Mug\nblue and\nwhite"
    assert len(table.frame) == 17
    assert table.lines[9] == 13
    assert "3 lines count as one record" in table.facts.repaired[0].repair


def test_two_short_rows_stay_two(read):
    table = read(f"{HEADER}{GOOD}X-1,Mug\nX-2,Jug,5.00\n{GOOD}")

    assert table.frame["sku"].tolist()[8:10] == ["X-1", "X-2"]


def test_records_quoted_as_a_whole_are_unwrapped(read):
    table = read('"sku,title,price"\n"A-1,""Mug, red"",5"\n"A-2,Jug,7"\n"A-3,Cup,8"\n')

    assert table.frame.to_numpy().tolist() == [["A-1", "Mug, red", "5"], ["A-2", "Jug", "7"], ["A-3", "Cup", "8"]]


def test_a_separator_behind_every_line_makes_no_column(read):
    table = read("sku;title;price;\nA-1;Mug;5,90;\nA-2;Jug;7,90;\n")

    assert list(table.frame) == ["sku", "title", "price"]
    assert table.facts.repaired == ()


def test_more_cells_than_names_get_columns(read):
    table = read("sku,title\nA-1,Mug,5\nA-2,Jug,7\nA-3,Cup,8\n")

    assert list(table.frame) == ["sku", "title", "column 3"]
    assert "the header names 2 columns" in table.facts.notes[0]


def test_numbers_of_rows_without_a_name_get_a_column_of_their_own(read):
    table = read("sku,title\n0,A-1,Mug\n1,A-2,Jug\n2,A-3,Cup\n")

    assert list(table.frame) == ["column 1", "sku", "title"]


def test_very_long_numbers_before_unnamed_cells_do_not_number_the_rows(read):
    table = read("sku,title\n" + "".join(f"{n}{'0' * 5000},Mug,red\n" for n in range(1, 4)))

    assert list(table.frame) == ["sku", "title", "column 3"]


def test_of_very_many_repairs_the_number_is_told(read):
    table = read(HEADER + "".join(f"K-{n},Kettle,{n},Aqua,\n" for n in range(1500)))

    assert len(table.frame) == 1500
    assert len(table.facts.repaired) == 1000
    assert table.facts.notes[0].startswith("500 further lines were repaired in the same way as line 2")


def test_lines_of_separators_only_are_told(read):
    table = read(f"{HEADER}{GOOD},,,\n{GOOD},,,\n,,,\n")

    assert len(table.frame) == 16
    assert table.facts.notes == ("3 lines consist of separators only and are left out.",)


def test_a_space_before_every_quote_is_none_of_the_cell(read):
    table = read('sku, title, price\nA-1, "Mug, red", 5\nA-2, "Jug", 7\nA-3, "Cup", 8\n')

    assert table.frame.to_numpy().tolist()[:2] == [["A-1", "Mug, red", "5"], ["A-2", "Jug", "7"]]
    assert table.facts.repaired == ()


@pytest.mark.parametrize("text", ['"' * 300 + ",", ",".join(['"a"b"'] * 300), '","' * 200])
def test_hopeless_quotes_are_given_up_soon(text):
    assert split_leniently(text, ",", 7) is None


def test_empty_columns_at_the_end_are_left_out_however_many(write):
    end = ";" * 16_381
    lines = ["sku;title;price" + end, "1;Mug;" + end, "2;Jug;4" + end, "3;Lamp;5" + end]
    table = read_table(write("\r\n".join([*lines, ""]).encode()))

    assert table.frame.columns.tolist() == ["sku", "title", "price"]
    assert table.frame["title"].tolist() == ["Mug", "Jug", "Lamp"]
    assert not table.facts.bad_lines
    assert "16,381 columns at the end have neither names nor values and are left out." in table.facts.notes


def test_a_value_far_to_the_right_is_no_empty_column(write):
    end = "," * 120
    table = read_table(write(f"sku,title{end}\n1,Mug{end}\n2,Jug{end}x\n".encode()))

    assert table.frame.shape == (2, 122)


def test_apostrophes_may_stand_for_quotes(read):
    table = read("'sku';'title';'price'\n'W-1';'Glass ''Ruby'', 6\"; boxed';'24,90'\n'W-2';'Jug';'18,50'\n")

    assert list(table.frame.columns) == ["sku", "title", "price"]
    assert table.frame.to_numpy().tolist() == [["W-1", "Glass 'Ruby', 6\"; boxed", "24,90"], ["W-2", "Jug", "18,50"]]
