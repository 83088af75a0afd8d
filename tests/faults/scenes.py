"""What is interrupted and damaged: a small shop with everything that prodsim keeps, and every kind of work that writes."""

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from prodsim.errors import QueryError
from prodsim.findings import Finding
from prodsim.progress import Progress, Silent
from prodsim.search import Query
from prodsim.settings import Settings
from prodsim.sources import read_source
from prodsim.workspace import BuildRequest, Workspace
from prodsim.workspace.adaptations import Adaptations
from prodsim.workspace.refresh import refresh_catalog
from prodsim.workspace.removal import remove_catalog
from tests.adapt.conftest import SMALL, make_base
from tests.adapt.conftest import make_shop as make_tools

NAME = "shop"
CHUNK = 6
"""Texts encoded between two saves, in place of the thousands of a real build."""
FINDING = Finding("duplicates", "M0 and M1 are the same mug.", ("M0", "M1"))
RUN, N_TOOLS = "night", 40
"""A run that adapts a model to this many tools of two sellers."""
KINDS = (("J", "Waterproof rain jacket", "Clothing > Jackets"), ("M", "Ceramic coffee mug", "Kitchen > Mugs"))


class Encoded(Silent):
    """Counts the texts that are encoded."""

    def __init__(self) -> None:
        self.step_name, self.texts = "", 0

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:
        self.step_name = name

    def advance(self, n: int = 1) -> None:
        self.texts += n if self.step_name in ("encode", "describe") else 0


class Leaving(Silent):
    """Stops before a step."""

    def __init__(self, last: str) -> None:
        self._last = last

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:
        if name == self._last:
            raise StopIteration


def write_shop(folder: Path) -> Path:
    """Write the catalog's file into a folder."""
    lines = ["sku,title,description,brand,category,price"]
    for n in range(8):
        lines += [f"{k}{n},{title} {n * 7},For the {k} of {n},Nordvik,{path},{5 + n}" for k, title, path in KINDS]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "shop.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / "shop.csv"


def edit_shop(folder: Path) -> None:
    """Reword two products of the file, take one away and add one."""
    path = folder / "shop.csv"
    text = path.read_text(encoding="utf-8").replace("coffee mug 7,", "tea bowl 7,").replace("For the J of 2", "Warm")
    lines = [line for line in text.splitlines() if not line.startswith("J5")]
    path.write_text("\n".join([*lines, "N1,Brass desk lamp,Lights a desk,Lumo,Home > Lamps,30", ""]), encoding="utf-8")


def workspace_of(folder: Path) -> Workspace:
    """Open the workspace of a world."""
    return Workspace(Settings(folder / "home"))


def make_world(folder: Path) -> None:
    """Copy a world: a file, a catalog of it, findings, decisions, and histories of shoppers."""
    shutil.copytree(Path(_first_world().name), folder)


@cache
def _first_world() -> tempfile.TemporaryDirectory:
    folder = tempfile.TemporaryDirectory()
    write_shop(Path(folder.name) / "source")
    _fill_world(Path(folder.name), n_shoppers=12)
    return folder


def make_other_world(folder: Path) -> None:
    """Make a world of the same names, in which everything is a little different."""
    write_shop(folder / "source")
    edit_shop(folder / "source")
    _fill_world(folder, n_shoppers=14)


def _fill_world(folder: Path, n_shoppers: int) -> None:
    workspace = workspace_of(folder)
    build(workspace, folder, Silent())
    opened = workspace.open(NAME)
    opened.check()
    records = workspace.records(NAME)
    records.judge("M0", "M1", 1.0, who="eve")
    records.decide(FINDING, "dismissed", opened.catalog, who="eve")
    (folder / "events.csv").write_text(_events(n_shoppers), encoding="utf-8")
    shoppers = workspace.shoppers(NAME)
    shoppers.keep(shoppers.read(folder / "events.csv", opened))


def make_table_world(folder: Path) -> None:
    """Make a database, and a catalog of a table in it, whose rows have changed since."""
    write_shop(folder / "source")
    workspace = workspace_of(folder)
    _fill_table(folder)
    source = read_source(f"sqlite:///{(folder / 'shop.db').as_posix()}", "products").source
    fetched = workspace.fetch(source)
    workspace.build(BuildRequest(fetched.path, NAME, encoder="hashing", origin=fetched.origin))
    edit_shop(folder / "source")
    _fill_table(folder)


def _fill_table(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "shop.db")) as connection:
        pd.read_csv(folder / "source" / "shop.csv").to_sql("products", connection, if_exists="replace", index=False)


def make_trainable_world(folder: Path) -> None:
    """Make a catalog that a small model can be trained on."""
    (folder / "source").mkdir(parents=True)
    make_base(folder / "base")
    tools = make_tools(folder / "source", N_TOOLS)[0]
    workspace_of(folder).build(BuildRequest(tools, NAME, encoder="hashing"))


def _events(n: int) -> str:
    lines = [f"u{n},M{(n + step) % 8},2025-01-0{1 + step} 10:00:00,purchase" for n in range(n) for step in range(3)]
    return "\n".join(["user_id,sku,timestamp,event", *lines, ""])


def answers(folder: Path) -> dict[str, Any]:
    """Return all that a world's workspace answers, by catalog; JSON alone, so that it compares with ``==``."""
    workspace = workspace_of(folder)
    return json.loads(json.dumps({name: _answers(workspace, name) for name in workspace.layout.finished()}))


def _answers(workspace: Workspace, name: str) -> dict[str, Any]:
    opened = workspace.open(name)
    skus = opened.catalog.products["sku"].tolist()
    queries = [Query(text="coffee mug"), *(Query(like=(sku,)) for sku in skus[::5])]
    hits = [
        [(hit.sku, round(hit.score, 5), *hit.parts.items()) for hit in opened.search(query, 30).hits]
        for query in queries
    ]
    records, shoppers = workspace.records(name), workspace.shoppers(name)
    adaptations, has_map = Adaptations(workspace), opened.info.has_map
    return {
        "products": opened.catalog.products.to_dict("list"),
        "hits": hits,
        "described": opened.descriptions is not None,
        "map": opened.map_table().round(3).to_dict("list") if has_map else None,
        "graph": opened.graph.scores.round(5).tolist() if has_map else None,
        "judgements": [(each.sku_a, each.sku_b, each.query, each.grade, each.who) for each in records.judgements()],
        "decisions": [str(each) for each in records.decisions().values()],
        "settings": sorted(records.settings()),
        "events": shoppers.histories().events["sku"].tolist() if shoppers.exists else None,
        "runs": [
            (run.name, run.outcome.steps, run.outcome.facts["encoder"])
            for run in adaptations.runs(name)
            if run.outcome is not None and adaptations.state(run) == "done"
        ],
    }


def build(workspace: Workspace, folder: Path, progress: Progress) -> None:
    """Build the catalog from the file, or update it."""
    workspace.build(BuildRequest(folder / "source" / "shop.csv", NAME, encoder="hashing"), progress)


def check(workspace: Workspace, folder: Path, progress: Progress) -> None:
    """Check with another sensitivity than before."""
    workspace.open(NAME).check(level="strict", progress=progress)


def import_judgements(workspace: Workspace, folder: Path, progress: Progress) -> None:
    """Take in judgements."""
    table = pd.DataFrame({"sku_a": ["M2", "M3"], "sku_b": ["M4", "M5"], "grade": [1, 0]})
    workspace.records(NAME).import_judgements(table)


def import_histories(workspace: Workspace, folder: Path, progress: Progress) -> None:
    """Take in histories in place of those before."""
    (folder / "events.csv").write_text(_events(15), encoding="utf-8")
    shoppers = workspace.shoppers(NAME)
    shoppers.keep(shoppers.read(folder / "events.csv", workspace.open(NAME)))


def refresh(workspace: Workspace, folder: Path, progress: Progress) -> None:
    """Fetch the table again and build the catalog from it."""
    refresh_catalog(workspace, NAME, progress)


def remove(workspace: Workspace, folder: Path, progress: Progress) -> None:
    """Delete the catalog, or what is left of it."""
    with suppress(QueryError):  # it is gone already
        remove_catalog(workspace, NAME)


def adapt(workspace: Workspace, folder: Path, progress: Progress) -> None:
    """Train a small model for a few batches, or go on with it; nothing where that has ended."""
    recipe = replace(SMALL, base=str(folder / "base"), batches=3, batch=8)
    with suppress(QueryError):
        Adaptations(workspace).adapt(workspace.open(NAME), RUN, recipe, trackers=(), progress=progress)


@dataclass(frozen=True)
class Work:
    """A kind of work that writes.

    Attributes:
        make: makes the world in which it is done.
        do: does it, in a world.
        stages: steps before which what a new catalog can do so far may be seen.
        redone: the most texts that are encoded again after a kill.
        every: of its changes to the disk one in so many is tried; more than 1 only where it takes many seconds.
    """

    make: Callable[[Path], None]
    do: Callable[[Workspace, Path, Progress], None]
    stages: tuple[str, ...] = ()
    redone: int = CHUNK
    every: int = 1


def _make_edited(folder: Path) -> None:
    make_world(folder)
    edit_shop(folder / "source")


WORKS = {
    "build": Work(lambda folder: write_shop(folder / "source") and None, build, ("graph", "describe")),
    "update": Work(_make_edited, build),
    "check": Work(make_world, check),
    "import judgements": Work(make_world, import_judgements),
    "import histories": Work(make_world, import_histories),
    "refresh": Work(make_table_world, refresh),
    "remove": Work(make_world, remove),
    "adapt": Work(make_trainable_world, adapt, redone=2 * N_TOOLS, every=2),
}
