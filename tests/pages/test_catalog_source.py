"""Bringing a catalog from an address or a database, and refreshing it."""

import sqlite3

import pytest
from PIL import ImageDraw, ImageFont

from prodsim.settings import Settings
from prodsim.sources import read_source
from prodsim.workspace import BuildRequest, Workspace
from prodsim.workspace.request import origin_of
from tests.pages.conftest import open_link
from tests.pages.waiting import wait_for
from tests.pictures.drawn import draw
from tests.sources.conftest import serving

ROWS = b"sku,title,price\nA1,Blue mug,12.90\nB2,Brass lamp,39\n"
NEXT = b"sku,title,price\nA1,Blue mug,9.90\nC3,Steel pan,20\n"


@pytest.fixture
def server():
    with serving("http") as running:
        yield running


@pytest.fixture
def page(built, monkeypatch):
    """The page *Bring a file*."""
    monkeypatch.setenv("PRODSIM_SOURCE_HOSTS", "localhost")
    return open_link(catalog_tab="Bring a file").switch_page("pages/catalog.py").run()


def press(app, label):
    next(button for button in app.button if button.label == label).click()
    return app.run()


def build(app):
    """Press *Build*, with the encoder that needs no model."""
    next(box for box in app.selectbox if str(box.key).startswith("encoder ")).set_value("hashing").run()
    press(app, "Build")


def texts(app):
    return " ".join(element.value for kind in (app.text, app.caption, app.info, app.markdown) for element in kind)


def test_an_address_is_fetched_read_and_built(page, server, built):
    page.text_input(key="typed_address").set_value(server.answer("/spring.csv", ROWS) + "?token=hush-1").run()
    page.button(key="fetch address").click().run()
    wait_for(page, "spring.csv")

    assert not page.exception
    assert "Fetched from" in texts(page)
    assert "PRODSIM\\_SECRET\\_LOCALHOST\\_TOKEN" in texts(page)
    assert "hush-1" not in texts(page)
    build(page)
    wait_for(page, "spring.csv?token=${PRODSIM_SECRET_LOCALHOST_TOKEN}")
    assert built.info("spring").products == 2


def test_the_text_on_pictures_is_read_where_that_is_switched_on(page, built, tmp_path):
    def choose(rows):
        (tmp_path / "labels.csv").write_text("sku,title,image\n" + rows, encoding="utf-8")
        page.text_input(key="typed_path").set_value(str(tmp_path / "labels.csv")).run()
        press(page, "Read the file")

    image = draw("disc", "teal", (320, 320))
    ImageDraw.Draw(image).text((20, 20), "SALE", "darkred", ImageFont.load_default(32))
    image.save(tmp_path / "1.png")
    choose("A1,Blue mug,1.png\nB2,Brass lamp,1.png\n")
    next(toggle for toggle in page.toggle if toggle.label == "Read the text on pictures").set_value(True).run()
    build(page)
    wait_for(page, "labels.csv")

    assert built.info("labels").read_pictures
    page.session_state["catalog_tab"] = "Bring a file"
    page.run()
    choose("A1,Blue mug,1.png\nB2,Brass lamp,1.png\nC3,Steel pan,1.png\n")
    (toggle,) = [toggle for toggle in page.toggle if toggle.label == "Read the text on pictures"]
    assert toggle.value  # as the catalog has it


def test_an_address_that_cannot_be_fetched_is_told_in_its_place(page, server):
    page.text_input(key="typed_address").set_value(server.answer("/spring.csv", b"", 500)).run()
    page.button(key="fetch address").click().run()
    wait_for(page, "localhost cannot answer at present (500).")

    assert not page.exception
    page.text_input(key="typed_address").set_value("ftp://shop.example.com/a.csv").run()
    page.button(key="fetch address").click().run()
    assert "Addresses that begin with ftp:// cannot be read." in texts(page)


def test_a_database_is_fetched_and_built(page, built, tmp_path):
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE goods (sku TEXT, title TEXT)")
        connection.execute("INSERT INTO goods VALUES ('A1', 'Blue mug'), ('B2', 'Brass lamp')")
    connection.close()
    page.text_input(key="typed_database").set_value(f"sqlite:///{path.as_posix()}").run()
    page.text_input(key="typed_query").set_value("goods").run()
    page.button(key="fetch database").click().run()
    wait_for(page, "goods.parquet")
    build(page)
    wait_for(page, "· goods")

    assert built.info("goods").products == 2
    assert origin_of(built.info("goods")).source.query == "goods"


def test_a_folder_on_the_server_gives_its_newest_file(page, tmp_path):
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "monday.csv").write_bytes(ROWS)
    page.text_input(key="typed_path").set_value(str(tmp_path / "exports")).run()
    press(page, "Read the file")

    assert not page.exception
    assert any("monday.csv" in text.value for text in page.text)
    assert next(field.value for field in page.text_input if field.label == "Name of the catalog") == "exports"


@pytest.mark.parametrize("typed", ["{0}/secret.csv", "{0}", "{0}/*.csv", "{0}/exports/../secret.csv"])
def test_a_path_outside_of_the_allowed_folders_is_not_read(page, tmp_path, monkeypatch, typed):
    monkeypatch.setenv("PRODSIM_ALLOWED_FOLDERS", str(tmp_path / "exports"))
    (tmp_path / "secret.csv").write_bytes(ROWS)
    page.text_input(key="typed_path").set_value(typed.format(tmp_path)).run()
    press(page, "Read the file")

    assert "is in no folder that this server may read" in texts(page)
    assert f"one of these folders: {tmp_path / 'exports'}" in texts(page)
    assert "secret.csv · " not in texts(page)


def test_a_catalog_is_refreshed_and_what_changed_is_shown(home, server, monkeypatch):
    monkeypatch.setenv("PRODSIM_SOURCE_HOSTS", "localhost")
    workspace = Workspace(Settings(home, source_hosts=("localhost",)))
    fetched = workspace.fetch(read_source(server.answer("/spring.csv", ROWS)).source)
    workspace.build(BuildRequest(fetched.path, "spring", encoder="hashing", origin=fetched.origin))
    app = open_link().switch_page("pages/catalog.py").run()

    assert "From http://localhost:" in texts(app)
    app.button(key="refresh").click().run()
    wait_for(app, "Refreshed: nothing has changed.")
    server.answer("/spring.csv", NEXT)
    app.button(key="refresh").click().run()
    wait_for(app, "Edited: Price (1).")

    assert not app.exception
    assert all(words in texts(app) for words in ("1 new", "1 edited", "1 gone"))


def test_a_refresh_that_fails_is_told_and_the_catalog_stays(home, server, monkeypatch):
    monkeypatch.setenv("PRODSIM_SOURCE_HOSTS", "localhost")
    workspace = Workspace(Settings(home, source_hosts=("localhost",)))
    fetched = workspace.fetch(read_source(server.answer("/spring.csv", ROWS)).source)
    workspace.build(BuildRequest(fetched.path, "spring", encoder="hashing", origin=fetched.origin))
    server.answer("/spring.csv", b"", 404)
    app = open_link().switch_page("pages/catalog.py").run()
    app.button(key="refresh").click().run()
    wait_for(app, "There is no file at http://localhost:")

    assert not app.exception
    assert workspace.info("spring").products == 2
