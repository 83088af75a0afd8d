import json
from pathlib import Path

import pytest

from prodsim.errors import CatalogError
from prodsim.sources import (
    Address,
    Database,
    File,
    Folder,
    GoogleSheet,
    read_source,
    source_from_json,
    source_to_json,
)
from prodsim.sources.sheets import csv_address


def test_each_kind_of_source_is_told_from_what_a_person_types(tmp_path):
    (tmp_path / "shop.csv").touch()

    typed = {
        str(tmp_path / "shop.csv"): File(tmp_path / "shop.csv"),
        f'"{tmp_path / "shop.csv"}"': File(tmp_path / "shop.csv"),
        str(tmp_path / "absent.csv"): File(tmp_path / "absent.csv"),
        str(tmp_path): Folder(tmp_path),
        str(tmp_path / "export-*.csv"): Folder(tmp_path, "export-*.csv"),
        " https://shop.example.com/feed.xml ": Address("https://shop.example.com/feed.xml"),
        "www.example.com/feed.xml": Address("https://www.example.com/feed.xml"),
        "${PRODSIM_SECRET_FEED}": Address("${PRODSIM_SECRET_FEED}"),
        "https://docs.google.com/spreadsheets/d/1abc/edit#gid=7": GoogleSheet(
            "https://docs.google.com/spreadsheets/d/1abc/edit#gid=7"
        ),
    }

    assert {text: read_source(text).source for text in typed} == typed


@pytest.mark.parametrize(
    "url",
    ["postgresql://shop@db/shop", "postgresql+psycopg://shop@db/shop", "mysql://db/shop", "sqlite:///shop.db", "${connections.shop.url}"],
)  # fmt: skip
def test_an_address_with_a_query_is_a_database(url):
    assert read_source(url, " products ").source == Database(url, "products")


@pytest.mark.parametrize(
    ("text", "query", "words"),
    [
        ("", "", "the address is empty"),
        ("ftp://shop.example.com/feed.csv", "", "begin with ftp://"),
        ("sqlite:///shop.db", "", "it is not said what to read"),
        ("https://shop.example.com/feed.csv", "SELECT 1", "not the address of a database"),
        ("mssql://db/shop", "SELECT 1", "not the address of a database"),
    ],
)
def test_what_cannot_be_a_source_is_refused(text, query, words):
    with pytest.raises(CatalogError, match=words):
        read_source(text, query)


@pytest.mark.parametrize(
    "source",
    [
        File(Path("/data/shop.csv").resolve()),
        Folder(Path("/data").resolve(), "*.csv"),
        Address("https://shop.example.com/feed.xml"),
        GoogleSheet("https://docs.google.com/spreadsheets/d/1abc/edit"),
        Database("sqlite:///shop.db", "products"),
    ],
)
def test_a_source_is_saved_and_read_again(source):
    assert source_from_json(json.loads(json.dumps(source_to_json(source)))) == source


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("/d/1abc/edit", "/d/1abc/export?format=csv"),
        ("/d/1abc/edit?usp=sharing", "/d/1abc/export?format=csv"),
        ("/d/1abc/edit#gid=7", "/d/1abc/export?format=csv&gid=7"),
        ("/d/1abc/edit?gid=7#gid=7", "/d/1abc/export?format=csv&gid=7"),
        ("/u/1/d/1abc/edit#gid=7", "/d/1abc/export?format=csv&gid=7"),
        ("/d/1abc", "/d/1abc/export?format=csv"),
        ("/d/1abc/htmlview", "/d/1abc/export?format=csv"),
        ("/d/e/2PACX-1/pubhtml", "/d/e/2PACX-1/pub?output=csv"),
        ("/d/e/2PACX-1/pubhtml?gid=7&single=true", "/d/e/2PACX-1/pub?output=csv&gid=7&single=true"),
        ("/d/e/2PACX-1/pub?output=csv", "/d/e/2PACX-1/pub?output=csv"),
        ("/d/1abc/export?format=csv&gid=7", "/d/1abc/export?format=csv&gid=7"),
        ("/d/1abc/gviz/tq?tqx=out:csv&sheet=Products", "/d/1abc/gviz/tq?tqx=out:csv&sheet=Products"),
        ("/d/1abc/edit#gid=7%26x", "/d/1abc/export?format=csv"),
    ],
)
def test_a_link_to_a_sheet_becomes_the_address_of_its_rows(link, address):
    start = "https://docs.google.com/spreadsheets"

    assert csv_address(start + link) == start + address
