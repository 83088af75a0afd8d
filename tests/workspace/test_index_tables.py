"""A catalog whose vectors are on a server, from its build to its end."""

import json

import pytest

from prodsim.errors import StaleArtifact, StorageError
from prodsim.search import Query
from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, Workspace
from prodsim.workspace.removal import remove_catalog


def hits(workspace, name="shop"):
    return [(hit.sku, hit.score) for hit in workspace.open(name).search(Query(text="rain jacket"), 10).hits]


def tables(workspace):
    with workspace.index_server.connection() as connection:
        rows = connection.execute("SELECT relname FROM pg_class WHERE relname ~ '^prodsim_.{25}$'").fetchall()
    return {row[0] for row in rows}


def notes(workspace):
    return {path.stem for path in workspace.layout.index_tables.glob("*.json")}


@pytest.fixture
def on_server(home, vector_server):
    return Workspace(Settings(home, index=vector_server))


def test_a_catalog_on_a_server_lives_as_an_embedded_one(on_server, shop_home, shop):
    embedded = hits(Workspace(Settings(shop_home)))
    request = BuildRequest(shop, encoder="hashing")
    on_server.build(request)

    assert hits(on_server) == embedded
    assert tables(on_server) == notes(on_server)
    first = tables(on_server)

    shop.write_text(
        shop.read_text(encoding="utf-8") + "N1,Folding rain jacket,Keeps you dry,Nordvik,,70,,\n", encoding="utf-8"
    )
    on_server.build(request)
    assert "N1" in dict(hits(on_server))
    assert tables(on_server) == first  # one product is new: the table takes it in

    on_server.index_server.table(*first).drop()
    with pytest.raises(StaleArtifact, match="no longer there"):
        hits(on_server)
    on_server.build(request)
    assert "N1" in dict(hits(on_server))
    assert notes(on_server) == tables(on_server) != first

    with pytest.raises(StorageError, match="Set PRODSIM_INDEX to that server"):
        hits(Workspace(Settings(on_server.settings.home)))

    remove_catalog(on_server, "shop")
    assert tables(on_server) == notes(on_server) == set()


def test_what_a_server_that_is_down_still_has_is_removed_later(on_server, shop, vector_server):
    request = BuildRequest(shop, encoder="hashing")
    on_server.build(request)
    left = tables(on_server)
    down = Workspace(Settings(on_server.settings.home, index="postgresql://127.0.0.1:1/shop"))

    with pytest.raises(StorageError, match="does not name that server"):
        hits(down)
    remove_catalog(down, "shop")
    assert tables(on_server) == left
    assert not any(vector_server in path.read_text() for path in on_server.layout.index_tables.iterdir())
    assert json.loads(next(on_server.layout.index_tables.iterdir()).read_text())["catalog"] == "shop"

    on_server.build(BuildRequest(shop, name="another", encoder="hashing"))
    assert not tables(on_server) & left
    remove_catalog(on_server, "another")


def test_a_server_that_is_down_leaves_the_embedded_catalog_as_it_was(shop_home, shop):
    down = Workspace(Settings(shop_home, index="postgresql://127.0.0.1:1/shop"))
    before = hits(down)
    with shop.open("a", encoding="utf-8") as file:
        file.write("N1,Folding rain jacket,Keeps you dry,Nordvik,,70,,\n")

    with pytest.raises(StorageError, match="cannot be reached"):
        down.build(BuildRequest(shop, encoder="hashing"))

    assert hits(down) == before


def test_an_address_of_no_engine_is_not_repeated(home, shop):
    with pytest.raises(StorageError, match="names no engine") as told:
        Workspace(Settings(home, index="redis://:secret@host")).build(BuildRequest(shop, encoder="hashing"))

    assert "secret" not in str(told.value)
