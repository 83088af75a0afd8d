import json
import os
from dataclasses import replace

import pytest

from prodsim.artifacts import seal, unseal
from prodsim.catalog import compare_catalogs
from prodsim.errors import Cancelled, CatalogError
from prodsim.jobs import Job
from prodsim.progress import Silent
from prodsim.settings import Settings
from prodsim.sources import Address, File, Folder, read_source
from prodsim.workspace import BuildRequest, Workspace, request_of
from prodsim.workspace.catalog_info import INFO_FORMAT
from prodsim.workspace.refresh import refresh_catalog
from prodsim.workspace.request import find_request, origin_of
from tests.sources.conftest import serving

HEADER = "sku,title,price,colour\n"
ROWS = ["A1,Blue mug,12.90,blue\n", "B2,Brass lamp,39,gold\n", "C3,Steel pan,20,grey\n"]
TOKEN = "hush-hush-1"
BESIDE = (".build.lock", ".digests")
"""Files that reading alone may make."""


@pytest.fixture
def workspace(home):
    return Workspace(Settings(home, source_hosts=("localhost",)))


@pytest.fixture
def server():
    with serving("http") as running:
        yield running


def shop(*rows):
    return (HEADER + "".join(rows)).encode()


def build(workspace, text, query="", name="shop"):
    """Build a catalog from what a person types."""
    typed = read_source(text, query)
    fetched = workspace.fetch(typed.source, secrets=typed.secrets)
    request = BuildRequest(fetched.path, name, encoder="hashing", origin=fetched.origin)
    return workspace.build(request).info


def skus(workspace):
    return workspace.open("shop").catalog.products["sku"].tolist()


def test_what_changed_at_an_address_is_told_by_field(workspace, server):
    before = build(workspace, server.answer("/products.csv", shop(*ROWS)))
    server.answer(
        "/products.csv",
        shop(
            ROWS[0].replace("12.90", "9.90"),
            ROWS[1].replace("39", "35").replace("gold", "red"),
            "D4,Oak board,25,brown\n",
        ),
    )

    report = refresh_catalog(workspace, "shop")

    assert report.is_rebuilt
    assert (report.changes.new, report.changes.changed, report.changes.gone) == (("D4",), ("A1", "B2"), ("C3",))
    assert report.changes.fields == {"price": 2, "colour": 1}
    assert skus(workspace) == ["A1", "B2", "D4"]
    assert (report.build.encoded, report.build.reused) == (1, 2)
    assert report.build.info.mapping == before.mapping


def test_an_address_that_did_not_change_builds_nothing(workspace, server):
    before = build(workspace, server.answer("/products.csv", shop(*ROWS), etag='"1"'))
    server.answer("/products.csv", b"", 304)

    report = refresh_catalog(workspace, "shop")

    assert not report.is_rebuilt
    assert report.changes.is_empty
    assert report.changes.n_same == 3
    assert server.requests[-1][1]["if-none-match"] == '"1"'
    assert replace(workspace.info("shop"), origin={}) == replace(before, origin={})


def test_a_damaged_catalog_is_mended_though_nothing_changed(workspace, server):
    info = build(workspace, server.answer("/products.csv", shop(*ROWS)))
    (workspace.layout.catalog("shop") / info.artifacts["words"] / "manifest.json").unlink()

    assert refresh_catalog(workspace, "shop").is_rebuilt
    assert skus(workspace) == ["A1", "B2", "C3"]
    assert not refresh_catalog(workspace, "shop").is_rebuilt


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b""),
        (404, b""),
        (200, b""),
        (200, b"sku,title,price,colour\n"),
        (200, b"<html><body>Please wait</body></html>"),
        (200, b"id;name\n1;A\n"),
        (200, b"\x00\x01\x02\x03" * 50),
    ],
)
def test_whatever_goes_wrong_the_catalog_is_as_it_was(workspace, server, home, status, body):
    info = build(workspace, server.answer("/products.csv", shop(*ROWS)))
    files = sorted(path for path in home.rglob("*") if path.is_file() and path.name not in BESIDE)
    server.answer("/products.csv", body, status)

    with pytest.raises(CatalogError):
        refresh_catalog(workspace, "shop")

    assert workspace.info("shop") == info
    assert skus(workspace) == ["A1", "B2", "C3"]
    assert workspace.unfinished() == {}
    assert sorted(path for path in home.rglob("*") if path.is_file() and path.name not in BESIDE) == files


def test_a_refresh_that_is_stopped_leaves_the_catalog_as_it_was(workspace, server):
    build(workspace, server.answer("/products.csv", shop(*ROWS)))
    server.answer("/products.csv", shop(*ROWS[:2]))
    job = Job("refresh", "refresh", {})
    job.cancel()

    with pytest.raises(Cancelled):
        refresh_catalog(workspace, "shop", job)
    assert skus(workspace) == ["A1", "B2", "C3"]


def test_only_the_file_that_the_catalog_is_built_from_is_kept(workspace, server, home):
    build(workspace, server.answer("/products.csv", shop(*ROWS)))
    for n in (2, 1):
        server.answer("/products.csv", shop(*ROWS[:n]))
        refresh_catalog(workspace, "shop")

    (kept,) = (home / "uploads").rglob("*.csv")
    assert kept.read_bytes() == shop(ROWS[0])
    assert workspace.unused_uploads() == []


def test_a_file_that_another_catalog_needs_is_kept(workspace, server, home):
    url = server.answer("/products.csv", shop(*ROWS))
    build(workspace, url)
    build(workspace, url, name="other")
    server.answer("/products.csv", shop(ROWS[0]))
    refresh_catalog(workspace, "shop")

    assert request_of(workspace.info("other")).path.is_file()
    assert len(list((home / "uploads").rglob("*.csv"))) == 2


def test_a_folder_gives_its_newest_file(workspace, tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "monday.csv").write_bytes(shop(*ROWS))
    os.utime(folder / "monday.csv", (1, 1))
    build(workspace, str(folder))
    (folder / "tuesday.csv").write_bytes(shop(*ROWS[1:]))

    report = refresh_catalog(workspace, "shop")

    assert report.changes.gone == ("A1",)
    assert (report.build.info.source, origin_of(report.build.info).source) == ("tuesday.csv", Folder(folder))
    assert sorted(path.name for path in folder.iterdir()) == ["monday.csv", "tuesday.csv"]


def test_a_table_that_vanished_from_a_database_leaves_the_catalog(workspace, tmp_path):
    import sqlite3

    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE products (sku TEXT, title TEXT, price REAL)")
        connection.execute("INSERT INTO products VALUES ('A1', 'Blue mug', 12.9), ('B2', 'Brass lamp', 39)")
        connection.commit()
        build(workspace, f"sqlite:///{path.as_posix()}", "products")
        connection.execute("UPDATE products SET price = 11 WHERE sku = 'A1'")
        connection.commit()
        assert refresh_catalog(workspace, "shop").changes.fields == {"price": 1}
        connection.execute("DROP TABLE products")
    connection.close()

    with pytest.raises(CatalogError, match="has no table products"):
        refresh_catalog(workspace, "shop")
    assert skus(workspace) == ["A1", "B2"]


def test_a_catalog_of_a_file_is_refreshed_from_that_file(workspace, tmp_path):
    path = tmp_path / "shop.csv"
    path.write_bytes(shop(*ROWS))
    workspace.build(BuildRequest(path, encoder="hashing"))
    assert origin_of(workspace.info()).source == File(path.parent.resolve() / "shop.csv")
    first = refresh_catalog(workspace)
    same = refresh_catalog(workspace)
    path.write_bytes(shop(*ROWS[:2]))
    gone = refresh_catalog(workspace)

    assert [each.is_rebuilt for each in (first, same, gone)] == [True, False, True]
    assert (first.changes.is_empty, gone.changes.gone) == (True, ("C3",))
    path.unlink()
    with pytest.raises(CatalogError, match=r"There is no file .*shop\.csv"):
        refresh_catalog(workspace)
    assert skus(workspace) == ["A1", "B2"]


def test_catalogs_and_requests_of_earlier_versions_are_read(workspace, tmp_path):
    path = tmp_path / "shop.csv"
    path.write_bytes(shop(*ROWS))
    workspace.build(BuildRequest(path, encoder="hashing"))
    head = workspace.layout.catalog("shop") / "current.json"
    saved = unseal(head.read_text(encoding="utf-8"), INFO_FORMAT)
    head.write_text(seal({name: value for name, value in saved.items() if name not in ("origin", "program")}))
    old = {
        name: value
        for name, value in saved.items()
        if name in ("name", "mapping", "options", "encoder", "metric", "recipe")
    }
    (head.parent / "request.json").write_text(json.dumps({**old, "path": str(path)}))

    assert workspace.info("shop").products == 3
    assert find_request(head.parent).origin is None
    assert not refresh_catalog(workspace, "shop").changes.changed


class Interrupted(Silent):
    """Stops in a step, as a killed process would; the request of the build stays."""

    def step(self, name, total=None, unit=""):
        if name == "map":
            raise KeyboardInterrupt


def test_a_secret_is_nowhere_on_the_disk(workspace, server, home):
    url = f"{server.answer('/products.csv', shop(*ROWS)).replace('//', f'//shop:{TOKEN}@')}?token={TOKEN}&lang=de"
    typed = read_source(url)
    fetched = workspace.fetch(typed.source, secrets=typed.secrets)
    request = BuildRequest(fetched.path, "shop", encoder="hashing", origin=fetched.origin)
    with pytest.raises(KeyboardInterrupt):
        workspace.build(request, Interrupted())
    found = find_request(workspace.layout.catalog("shop"))
    workspace.build(request)

    assert found.origin == origin_of(workspace.info("shop")) == fetched.origin
    assert isinstance(found.origin.source, Address)
    assert [path for path in home.rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()] == []
    assert TOKEN not in repr(workspace.info("shop"))
    with pytest.raises(CatalogError, match="PRODSIM_SECRET_LOCALHOST_PASSWORD is not set"):
        refresh_catalog(workspace, "shop")


def test_a_refresh_finds_the_secret_in_the_environment(workspace, server, monkeypatch):
    build(workspace, server.answer("/products.csv", shop(*ROWS)) + f"?token={TOKEN}")
    monkeypatch.setenv("PRODSIM_SECRET_LOCALHOST_TOKEN", "the new one")

    refresh_catalog(workspace, "shop")

    assert [path for path, _ in server.requests] == [
        f"/products.csv?token={TOKEN}",
        "/products.csv?token=the%20new%20one",
    ]


def test_changes_are_counted_by_field(workspace, tmp_path):
    (tmp_path / "a.csv").write_bytes(shop(*ROWS))
    (tmp_path / "b.csv").write_text(
        "sku,title,price,size\nB2,Brass lamp,,L\nC3,Iron pan,21,M\nA1,Blue mug,12.9,S\n", encoding="utf-8"
    )
    for name in "ab":
        workspace.build(BuildRequest(tmp_path / f"{name}.csv", encoder="hashing"))
    old, new = (workspace.open(name).catalog for name in "ab")

    changes = compare_catalogs(old, new)

    assert changes.fields == {"price": 2, "title": 1}
    assert (changes.changed, changes.new_columns, changes.gone_columns) == (("B2", "C3"), ("size",), ("colour",))
    assert compare_catalogs(new, new).is_empty
