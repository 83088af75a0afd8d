"""The command read: how a file is read, without building a catalog."""

import json
import sqlite3

import pandas as pd
import pytest
from typer.testing import CliRunner

from prodsim.cli.commands import app
from tests.sources.conftest import serving

SHOP = """Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src
field-cap,Field Cap,Size,S,FC-S,21.00,https://i.example/1.jpg
field-cap,,,M,FC-M,22.00,
field-cap,,,,,,https://i.example/3.jpg
tin-cup,Tin Cup,Title,Default Title,TC,8.00,https://i.example/4.jpg
"""


@pytest.fixture
def run(tmp_path):
    """Run a command with a home of its own."""
    return lambda *arguments: CliRunner().invoke(app, [*map(str, arguments), "--home", str(tmp_path / "home")])


def test_read_says_what_a_file_is_and_saves_its_products(run, tmp_path):
    (tmp_path / "shop.csv").write_text(SHOP, encoding="utf-8")
    done = run("read", tmp_path / "shop.csv", "--out", tmp_path / "out.csv", "--json")
    facts = json.loads(done.stdout)

    assert (facts["products"], facts["groups"]) == (3, 2)
    assert facts["mapping"]["sku"] == "Variant SKU"
    assert facts["source"] == {
        "kind": "csv", "encoding": "utf-8", "separator": ",", "sheet": None, "header_row": 1, "platform": "Shopify",
        "locale": "",
    }  # fmt: skip
    products = pd.read_csv(tmp_path / "out.csv", dtype=str, keep_default_na=False).set_index("sku")
    assert products.loc["FC-M", ["title", "price", "group_id", "Size"]].tolist() == [
        "Field Cap",
        "22.0",
        "field-cap",
        "M",
    ]


def test_read_for_people_begins_with_the_products_and_their_variants(run, tmp_path):
    (tmp_path / "shop.csv").write_text(SHOP, encoding="utf-8")
    done = run("read", tmp_path / "shop.csv")

    assert done.stdout.startswith("2 products in 3 variants · Shopify export · csv · utf-8")
    assert "1 row that only adds a picture was joined to its product." in done.stdout


def test_findings_of_one_kind_are_a_line_with_an_example(run, tmp_path):
    rows = [f"{number},Mug {number},400000000000{number}" for number in range(10)]
    (tmp_path / "shop.csv").write_text("\n".join(["sku,title,gtin", *rows, ""]), encoding="utf-8")
    done = run("read", tmp_path / "shop.csv")

    (line,) = [line for line in done.stdout.splitlines() if "invalid gtin" in line]
    assert line.startswith("9 × invalid gtin: ")
    assert "4000000000000" in line


def test_a_file_without_products_is_an_error_with_a_way_out(run, tmp_path):
    (tmp_path / "empty.csv").write_text("sku,title\n", encoding="utf-8")
    done = run("read", tmp_path / "empty.csv", "--json")

    assert done.exit_code == 1
    assert json.loads(done.stdout)["error"]["fix"]


def test_a_locale_can_be_chosen(run, tmp_path):
    text = "sku;name-de_DE;name-en_US\nL1;Holzlöffel;Wooden spoon\nL2;Holzbrett;Wooden board\n"
    (tmp_path / "pim.csv").write_text(text, encoding="utf-8")
    done = run("read", tmp_path / "pim.csv", "--locale", "de_DE", "--json")

    assert json.loads(done.stdout)["mapping"]["title"] == "name-de_DE"


def test_an_address_is_fetched_and_read_and_nothing_of_it_is_kept(run, tmp_path, monkeypatch):
    monkeypatch.setenv("PRODSIM_SOURCE_HOSTS", "localhost")
    with serving("http") as server:
        done = run("read", server.answer("/shop.csv", SHOP.encode()), "--json")
        refused = run("read", server.answer("/empty.csv", b"sku,title\n"), "--json")

    assert json.loads(done.stdout)["source"]["platform"] == "Shopify"
    assert refused.exit_code == 1
    assert not [path for path in (tmp_path / "home").rglob("*") if path.is_file()]


def test_a_query_of_a_database_is_read(run, tmp_path):
    with sqlite3.connect(tmp_path / "shop.db") as database:
        database.execute("CREATE TABLE goods (sku, title, price)")
        database.executemany("INSERT INTO goods VALUES (?, ?, ?)", [("A1", "Blue mug", 12.9), ("B2", "Brass lamp", 39)])
    done = run("read", f"sqlite:///{tmp_path}/shop.db", "--query", "SELECT * FROM goods WHERE price > 20", "--json")

    facts = json.loads(done.stdout)
    assert (facts["products"], facts["source"]["kind"]) == (1, "parquet")
