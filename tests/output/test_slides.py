"""The report as slides: four pages with the numbers of the catalog, in which nothing of it is run."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pptx
import pytest
from fpdf import FPDF

from prodsim.catalog import Catalog
from prodsim.findings import Finding
from prodsim.output.pdf_slides import FONT, SlideDrawing, slides_as_pdf
from prodsim.output.pptx_slides import slides_as_pptx
from prodsim.output.report import Reported
from prodsim.output.slides import Bars, Words, footer, make_slides
from prodsim.records import CheckSummary

TRAP = "=HYPERLINK(“x”) <script>\x0b保湿水"


@pytest.fixture
def about(tmp_path):
    """A catalog of two categories, one of which is named as a formula, with a duplicate and two odd products."""
    n = 20
    products = pd.DataFrame(
        {
            "sku": [f"P{number}" for number in range(n)],
            "title": [f"Mug {number}" for number in range(n)],
            "category": ["Mugs", TRAP] * (n // 2),
            "price": np.linspace(5, 50, n),
            "currency": "EUR",
        }
    )
    for field in ("description", "brand", "image", "url", "gtin", "mpn", "availability", "group_id"):
        products[field] = ""
    findings = (
        Finding("duplicates", f"{TRAP} and P1 are one.", ("P0", "P1"), severity=0.8, proposal="Keep P1."),
        Finding("odd", "P3 is odd.", ("P3",), severity=0.6),
        Finding("odd", "P5 is odd.", ("P5",), severity=0.6),
    )
    summaries = (
        CheckSummary("a", "usual", n, {"odd": 5}, "2026-05-01", 5),
        CheckSummary("b", "usual", n, {"odd": 2}, "2026-05-08", 4),
    )
    catalog = Catalog(products)
    kinds = ("duplicates", "odd")
    return Reported(TRAP, catalog, findings, ("open",) * 3, kinds, "usual", Path(tmp_path), {}, summaries, "2026-05-07")


def words_of(slides):
    return " ".join(item.text for slide in slides for item in slide.items if isinstance(item, Words))


def test_the_slides_say_how_the_catalog_stands(about):
    slides = make_slides(about)
    bars = {item.title: item for slide in slides for item in slide.items if isinstance(item, Bars)}

    assert "80.0 %" in words_of(slides)
    assert "4 products have an open issue." in words_of(slides)
    concerned = bars["Products concerned by the most serious issues"]
    assert list(zip(concerned.names, concerned.values, strict=True)) == [("Duplicates", 2), ("Unusual products", 2)]
    assert dict(zip(bars["Products without …"].names, bars["Products without …"].values, strict=True))["Picture"] == 20


def test_without_a_trend_the_slides_say_why(about):
    assert "The trend begins with the next upload." in words_of(make_slides(replace(about, trend=about.trend[-1:])))
    assert "some checks only: Duplicates, Unusual products" in words_of(make_slides(replace(about, trend=())))


def test_in_powerpoint_charts_can_be_edited_and_nothing_is_a_formula(about):
    made = slides_as_pptx(make_slides(about), footer(about))

    deck = pptx.Presentation(io.BytesIO(made))
    assert len(deck.slides) == 4
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert "=HYPERLINK(“x”) <script> 保湿水" in [name for chart in charts for name in chart.plots[0].categories]
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        books = [archive.read(name) for name in archive.namelist() if name.endswith(".xlsx")]
        assert not any(
            "hyperlink" in archive.read(name).decode("latin-1") for name in archive.namelist() if ".rels" in name
        )
    cells = [cell for book in books for row in openpyxl.load_workbook(io.BytesIO(book)).active for cell in row]
    assert len(books) == len(charts)
    assert {cell.data_type for cell in cells} <= {"s", "n"}


def test_lines_break_between_words_and_chinese_characters_but_not_before_a_comma():
    pdf = FPDF(unit="pt")
    pdf.add_font("house", "", FONT)
    pdf.set_font("house", size=10)
    drawing = SlideDrawing(pdf)

    lines = drawing.lines("Keep dry 保湿水、控油收敛，舒缓镇静", 60)

    assert "".join(lines).replace(" ", "") == "Keepdry保湿水、控油收敛，舒缓镇静"
    assert len(lines) == 3
    assert all(pdf.get_string_width(line) <= 60 and line[0] not in "、，" for line in lines)
    assert "".join(drawing.lines("incomprehensibilities", 60)) == "incomprehensibilities"


def test_a_pdf_has_its_font_within_and_draws_other_scripts_as_boxes(about):
    made = slides_as_pdf(make_slides(replace(about, name="保湿水 ✈ שלום")), footer(about))

    assert made.startswith(b"%PDF")
    assert made.count(b"/Type /Page\n") == 4
    assert b"/FontFile3" in made
    assert b"/JavaScript" not in made
    assert b"/URI" not in made
