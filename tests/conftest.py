"""What every test may use: a workspace of its own, a small shop, no network."""

import os
import socket
from pathlib import Path

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"  # before any hub library reads it
os.environ["TOKENIZERS_PARALLELISM"] = "false"
if "PYTEST_XDIST_WORKER" in os.environ:  # the workers share the cores
    os.environ.setdefault("OMP_NUM_THREADS", "1")

ROOT = Path(__file__).resolve().parent.parent


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


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A small shop whose neighbours are known: jackets, mugs, lamps."""
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
    path = tmp_path / "shop.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
