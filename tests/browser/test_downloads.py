"""Files are taken away from the pages, and opened."""

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pptx
import pytest
from playwright.sync_api import Page, expect

from prodsim.catalog import Catalog
from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, Workspace
from tests.browser.test_stories import lasso_everything, search, titles

pytestmark = pytest.mark.browser

QUERIES = {"Outdoor": "waterproof jacket", "美妆家居": "保湿面霜"}


@pytest.fixture(params=QUERIES)
def catalog(request, samples) -> tuple[str, Catalog]:
    """A sample's name and its products."""
    return request.param, Workspace(Settings(samples)).open(request.param).catalog


class PageText(HTMLParser):
    """What a page says, and what stands in the headings of its tables."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.text, self.headings, self._tag = "", [], ""
        self.feed(page.decode())

    def handle_starttag(self, tag, attrs):
        self._tag = tag

    def handle_endtag(self, tag):
        self._tag = ""

    def handle_data(self, data):
        self.text += data
        if self._tag == "th":
            self.headings.append(data)


def settled(page: Page) -> None:
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def open_exports(page: Page) -> None:
    page.get_by_role("button", name="Export").first.click()
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()


def take(page: Page, label: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_test_id("stPopoverBody").get_by_role("button", name=label, exact=True).click()
    return Path(download.value.path()).read_bytes()


def taken_table(page: Page, csv: str = "CSV", xlsx: str = "XLSX") -> pd.DataFrame:
    """The table, which CSV and XLSX hold alike, each column once."""
    table = pd.read_csv(io.BytesIO(take(page, csv)), dtype=str, keep_default_na=False)
    book = pd.read_excel(io.BytesIO(take(page, xlsx)), dtype=str, keep_default_na=False, engine="openpyxl")
    headings = pd.read_csv(io.BytesIO(take(page, csv)), header=None, nrows=1, dtype=str).iloc[0].tolist()
    assert headings == table.columns.tolist() == book.columns.tolist()
    assert len(set(headings)) == len(headings)
    assert len(book) == len(table)
    return table


def test_a_search_is_taken_away(page, address, catalog):
    name, _ = catalog
    page.goto(f"{address}/search?catalog={name}")
    search(page, QUERIES[name])
    shown = titles(page)
    open_exports(page)
    table, html = taken_table(page), PageText(take(page, "HTML page"))

    assert table["title"].tolist()[: len(shown)] == shown
    assert {"score", "score: description", "description"} <= set(table)
    assert html.headings == table.columns.tolist()
    assert all(title in html.text for title in table["title"])


def test_the_selection_of_the_map_is_taken_away(page, address, catalog):
    name, products = catalog
    page.goto(f"{address}/map?catalog={name}")
    count = lasso_everything(page)
    open_exports(page)
    table, html = taken_table(page), PageText(take(page, "HTML page"))

    assert len(table) == count > len(products.products) / 2
    assert set(table["sku"]) <= set(products.row_of)
    assert html.headings == table.columns.tolist()
    assert all(title in html.text for title in table["title"])


def test_findings_are_taken_away(page, address, catalog):
    name, products = catalog
    page.goto(f"{address}/quality?catalog={name}")
    page.get_by_role("button", name="Check the catalog").click()
    expect(page.get_by_role("button", name="Export").first).to_be_visible(timeout=120_000)
    settled(page)
    open_exports(page)
    table = taken_table(page, "Findings as CSV", "Findings as XLSX")
    html = PageText(take(page, "Long report as HTML"))

    assert {"kind", "state", "skus", "what"} <= set(table)
    first = table["skus"].iloc[0].split(" | ")[0]
    assert first in products.row_of
    assert products.products["title"].iat[products.row_of[first]] in html.text
    assert table["what"].iloc[0] in html.text


def test_the_overview_is_taken_away_as_slides(page, address):
    page.goto(f"{address}/?catalog=Outdoor")
    page.get_by_role("button", name=re.compile("Check the catalog|Export")).first.click()
    expect(page.get_by_role("button", name="Export").first).to_be_visible(timeout=120_000)
    settled(page)
    if not page.get_by_test_id("stPopoverBody").is_visible():
        open_exports(page)

    assert take(page, "Slides as PDF").startswith(b"%PDF")
    deck = pptx.Presentation(io.BytesIO(take(page, "Slides as PowerPoint")))
    first = [shape.text_frame.text for shape in deck.slides[0].shapes if shape.has_text_frame]
    shown = page.get_by_test_id("stMetric").filter(has_text="without an open issue").get_by_test_id("stMetricValue")
    assert "Outdoor" in first
    assert shown.inner_text() in first


def test_recommendations_are_taken_away(page, address, catalog):
    name, products = catalog
    page.goto(f"{address}/recommend?catalog={name}&history={products.products['sku'].iat[0]}")
    shown = titles(page)
    open_exports(page)
    table, html = taken_table(page), PageText(take(page, "HTML page"))

    assert table["title"].tolist() == shown
    assert html.headings == table.columns.tolist()
    assert all(title in html.text for title in shown)


def test_a_file_that_cannot_be_made_says_why_until_it_can(page, address, own_home):
    page.goto(f"{address}/quality?catalog=Outdoor")
    page.get_by_role("button", name=re.compile("Check the catalog|Export")).first.click()
    expect(page.get_by_role("button", name="Export").first).to_be_visible(timeout=120_000)
    settled(page)
    exports = page.get_by_test_id("stPopoverBody")
    if not exports.is_visible():
        open_exports(page)
    records = own_home / "decided" / "Outdoor.sqlite"
    whole = records.read_bytes()
    records.write_bytes(b"no database" * 1000)
    exports.get_by_role("button", name="Decisions as CSV").click()
    expect(exports.get_by_text("is damaged", exact=False)).to_be_visible()
    expect(exports.get_by_text("Move the file away", exact=False)).to_be_visible()

    records.write_bytes(whole)
    took = take(page, "Decisions as CSV")

    assert took.decode("utf-8-sig").startswith("sku,")
    expect(exports.get_by_text("is damaged", exact=False)).to_be_hidden()
    assert "download of Outdoor decisions.csv failed" in (own_home / "server.log").read_text(encoding="utf-8")


@pytest.fixture
def rival(own_home) -> pd.DataFrame:
    """A competitor that offers forty products of the sample in other words and for a pound less."""
    workspace = Workspace(Settings(own_home))
    products = workspace.open("Outdoor").catalog.products
    own = products[products["price"] > 1].iloc[::20].head(40)
    table = pd.DataFrame(
        {
            "sku": "C-" + own["sku"],
            "title": [" ".join(reversed(title.split(", "))) for title in own["title"]],
            "brand": own["brand"],
            "price": own["price"] - 1,
            "currency": own["currency"],
        }
    )
    file = own_home.parent / "competitor.csv"
    table.to_csv(file, index=False)
    workspace.build(BuildRequest(file, name="Competitor", encoder="hashing"))
    return table


def test_two_catalogs_are_matched_decided_and_taken_away(page, address, rival):
    page.goto(f"{address}/match?catalog=Outdoor&other=Competitor&certainty=0.99")
    page.get_by_role("button", name="Match the catalogs").click()
    expect(page.get_by_text("Why this match?")).to_be_visible()
    settled(page)

    page.keyboard.press("n")
    expect(page.get_by_text("Rejected (1)")).to_be_visible()
    settled(page)
    page.keyboard.press("a")
    expect(page.get_by_text(re.compile(r"\d+ doubtful matches left"))).to_be_visible()
    settled(page)
    open_exports(page)
    table = pd.read_csv(io.BytesIO(take(page, "Matches as CSV")))

    accepted = table[table["accepted"] == "yes"]
    assert len(accepted) == 1
    assert set(table["sku_b"]) <= set(rival["sku"])
    right = ("C-" + table["sku_a"] == table["sku_b"]).mean()
    assert right > 0.9
    assert (table["price_a"] - table["price_b"]).median() == pytest.approx(1)
    page.reload()  # the link keeps both catalogs and the threshold, the records the decisions
    expect(page.get_by_text("Rejected (1)")).to_be_visible()
    assert len(pd.read_excel(io.BytesIO(_workbook(page)))) == len(table)


def _workbook(page: Page) -> bytes:
    settled(page)
    open_exports(page)
    return take(page, "Matches as XLSX")
