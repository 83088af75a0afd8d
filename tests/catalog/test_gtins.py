"""Trade item numbers: one form for all, and what is none."""

import pandas as pd
import pytest

from prodsim.catalog import RawTable, ReadFacts, make_catalog
from prodsim.catalog.gtins import gtin_fault, normal_gtin, plain_eans


@pytest.mark.parametrize(
    "cells",
    [
        ("036000291452", "0036000291452", "00036000291452", "36000291452", '="036000291452"', "0 36000 29145 2", "'036000291452"),
        ("4006381333931", "04006381333931", "4006381333931.0", " 4006381-33393-1 ", "EAN: 4006381333931", "４００６３８１３３３９３１"),
        ("0306406152", "9780306406157", "ISBN 0-306-40615-2", "978-0-306-40615-7"),
        ("96385074", "0000096385074"),
    ],
    ids=["upc", "ean", "isbn", "ean-8"],
)  # fmt: skip
def test_all_forms_of_one_number_are_equal(cells):
    assert len({normal_gtin(cell) for cell in cells}) == 1
    assert len(normal_gtin(cells[0])) == 14


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("Does not apply", "placeholder"), ("N/A", "placeholder"), ("Nicht zutreffend", "placeholder"), ("-", "placeholder"),
        ("0000000000000", "placeholder"), ("9999999999994", "placeholder"), ("1111111111116", "placeholder"),
        ("1234567890128", "placeholder"), ("123456789012", "placeholder"), ("0000000000123", "placeholder"),
        ("8,71E+12", "notation"), ("8.71234E+12", "notation"), ("4006381333932", "check digit"), ("12345", "length"), ("", ""),
    ],
)  # fmt: skip
def test_what_is_no_number_has_no_form(cell, fault):
    assert normal_gtin(cell) == ""
    assert gtin_fault(cell) == fault


def catalog(gtins):
    frame = pd.DataFrame({"sku": [f"P{n}" for n in range(len(gtins))], "gtin": gtins}, dtype="str")
    frame["title"] = "Mug " + frame["sku"]
    facts = ReadFacts("x.csv", "csv", len(frame))
    return make_catalog(RawTable(frame, facts, pd.Index(range(2, len(frame) + 2))), {c: c for c in frame})


def test_placeholders_and_damaged_numbers_are_told_and_left_empty():
    made = catalog(["N/A", "N/A", "8,71E+12", "36000291452", "4006381333932", "5901234123457"])

    assert made.products["gtin"].tolist() == ["", "", "", "036000291452", "4006381333932", "5901234123457"]
    assert [(finding.kind, finding.skus) for finding in made.findings] == [
        ("invalid gtin", ("P4",)),
        ("placeholder gtin", ("P0", "P1")),
        ("damaged gtin", ("P2",)),
        ("repaired gtin", ("P3",)),
    ]
    assert "“N/A” is a placeholder" in made.findings[1].what


def test_a_number_on_very_many_different_products_is_told():
    made = catalog(["5901234123457"] * 9 + ["4006381333931"])

    assert [(finding.kind, len(finding.skus)) for finding in made.findings] == [("shared gtin", 9)]


def test_numbers_read_at_once_are_those_read_one_by_one():
    cells = ["4006381333931", "4006381333932", "0000000000000", "9999999999994", "1234567890128", "036000291452", ""]

    assert plain_eans(cells).tolist() == [True, False, False, False, False, False, False]
    assert [normal_gtin(cell) != "" for cell in cells] == [True, False, False, False, False, True, False]


def test_of_several_in_a_cell_the_first_valid_one_counts_and_all_are_kept():
    made = catalog(
        ["4006381333932 4006381333931 0036000291452", "96385074,4006381333931", "978 0306 406157", "4006381333931"]
    )

    assert made.products["gtin"].tolist() == ["4006381333931", "96385074", "9780306406157", "4006381333931"]
    assert made.products["more GTINs"].tolist() == ["0036000291452 4006381333932", "4006381333931", "", ""]
    assert [(found.kind, found.what[:30]) for found in made.findings] == [("reading", "2 products have several GTINs ")]
