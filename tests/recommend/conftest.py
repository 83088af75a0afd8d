"""A shop of three shelves, built once, and shoppers who stay on theirs."""

from pathlib import Path

import pandas as pd
import pytest

from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, OpenCatalog, Workspace
from prodsim.workspace.shoppers import Shoppers

SHELVES = {"J": "Clothing > Jackets", "M": "Kitchen > Mugs", "L": "Home > Lamps"}
NAMES = {"J": "Waterproof rain jacket", "M": "Ceramic coffee mug", "L": "Brass desk lamp"}
PER_SHELF = 12


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """With the catalog "shop"; the last product of each shelf is bought by nobody."""
    folder = tmp_path_factory.mktemp("recommend")
    rows = [
        (f"{shelf}{number}", f"{NAMES[shelf]} {word}", category, 10 + number, f"B{number % 4}")
        for shelf, category in SHELVES.items()
        for number, word in enumerate(
            ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu"]
        )
    ]
    pd.DataFrame(rows, columns=["sku", "title", "category", "price", "brand"]).to_csv(folder / "shop.csv", index=False)
    made = Workspace(Settings(folder / "home"))
    made.build(BuildRequest(folder / "shop.csv", encoder="hashing"))
    return made


@pytest.fixture(scope="session")
def opened(workspace: Workspace) -> OpenCatalog:
    return workspace.open("shop")


@pytest.fixture
def shoppers(workspace: Workspace, tmp_path: Path) -> Shoppers:
    """Of the catalog, without histories."""
    return Shoppers(tmp_path / "home", tmp_path / "home" / "histories" / "shop")


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """Thirty shoppers, ten a shelf, of whom each takes four neighbouring products of it, in order."""
    lines = ["user_id,sku,timestamp,event"]
    for number in range(30):
        shelf = "JML"[number % 3]
        for step in range(4):
            product = (number // 3 + step) % (PER_SHELF - 1)
            lines.append(f"u{number},{shelf}{product},2025-01-{1 + step:02d} 10:{number:02d}:00,buy")
    path = tmp_path / "events.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
