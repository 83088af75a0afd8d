"""Two small shops, each built once, and queries to explain."""

import pytest

from prodsim.search import Query
from prodsim.settings import Settings
from prodsim.similarity import Weights
from prodsim.workspace import BuildRequest, Workspace

SHOP = """sku,title,brand,category,price,colour
A,Lotion 500 ml with rose RX-200,Kaffa,Care > Body > Lotion,10,red
B,Rose lotion RX200 0.5 l,kaffa,Care > Body > Lotion,12,red
C,Lotion 250 ml,Lumo,Care > Body > Oil,20,blue
D,玫瑰身体乳 500毫升,Kaffa,Care > Body > Lotion,10,red
E,玫瑰护手霜 50毫升,Kaffa,Care > Hand,,blue
F,Frying pan,,Kitchen > Pans,80,blue
"""
TWINS = """sku,title,brand,category,price
Q,Leather boot classic,Acme,Shoes > Boots,10
X,Leather rain boot,Acme,Shoes > Boots,10
X0,rain boot,Acme,Shoes > Boots,10
XB,Leather rain boot,Other,Shoes > Boots,10
XC,Leather rain boot,Acme,Garden > Pots,10
XP,Leather rain boot,Acme,Shoes > Boots,20
皮,皮革 雨靴 40毫升,Acme,Shoes > Boots,10
雨,雨靴 40毫升,Acme,Shoes > Boots,10
无,皮革 雨靴,Acme,Shoes > Boots,10
Z,Garden pot,Acme,Garden > Pots,90
"""
QUERIES = [
    Query(like=("A",)),
    Query(text="rose lotion RX-200"),
    Query(text="玫瑰 乳"),
    Query(text="lotion", like=("A", "D"), unlike=("F",)),
    Query(text="Kaffa"),
]
EVERY = Weights.preset("overall").parse("attributes=0.1")


@pytest.fixture(scope="session")
def opened(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    (folder / "shop.csv").write_text(SHOP, encoding="utf-8")
    workspace = Workspace(Settings(folder / "home"))
    workspace.build(BuildRequest(folder / "shop.csv", encoder="hashing"))
    return workspace.open()


@pytest.fixture(scope="session")
def twins(tmp_path_factory):
    folder = tmp_path_factory.mktemp("twins")
    (folder / "twins.csv").write_text(TWINS, encoding="utf-8")
    workspace = Workspace(Settings(folder / "home"))
    workspace.build(BuildRequest(folder / "twins.csv", encoder="hashing"))
    opened = workspace.open()
    vars(opened)["crowding"] = None  # a twin has its own, where a product thought otherwise keeps the one it has
    return opened
