"""Recommending at scale, and beside popularity and implicit: ``python -m benchmarks.recommend [CATALOG EVENTS]…``.

First invented shoppers with tastes over 100,000 products, for the time of learning and of a list. Then each pair of a
catalog and a file of events, the sample's always, for how well what shoppers took next is foretold, by both splits.
"""

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from prodsim.cli.recommend import measurement_text
from prodsim.errors import CatalogError
from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, Workspace
from sample_data.generate import generate_products

N_PRODUCTS, N_EVENTS, N_USERS, N_LISTS = 100_000, 1_000_000, 50_000, 200
SAMPLE = Path(__file__).resolve().parent.parent / "sample_data"


def main() -> None:
    """Print both."""
    files = [Path(word) for word in sys.argv[1:]]
    pairs = [(SAMPLE / "outdoor.csv", SAMPLE / "outdoor_histories.csv"), *zip(files[::2], files[1::2], strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Settings(Path(folder) / "home"))
        time_scale(workspace, Path(folder))
        for catalog, events in pairs:
            foretell(workspace, catalog, events)


def time_scale(workspace: Workspace, folder: Path) -> None:
    """Learning of a million events, and lists of single shoppers."""
    products = generate_products(N_PRODUCTS)
    products.to_csv(folder / "shop.csv", index=False)
    draw_events(products).to_parquet(folder / "events.parquet", index=False)
    opened = workspace.open(workspace.build(BuildRequest(folder / "shop.csv", encoder="hashing")).info.name)
    opened.warm_up()
    shoppers = workspace.shoppers(opened.name)
    started = time.perf_counter()
    histories = shoppers.read(folder / "events.parquet", opened)
    read_s = time.perf_counter() - started
    recommender = shoppers.recommender(opened, histories)
    fit_s = time.perf_counter() - started - read_s
    profiles = list(shoppers.profiles(opened, histories).values())
    took = []
    for number in np.random.default_rng(1).choice(len(profiles), N_LISTS, replace=False).tolist():
        took.append(recommender.recommend(profiles[number]).took_ms)
    print(f"{N_PRODUCTS:,} products, {len(histories.events):,} events of {histories.n_users:,} shoppers")
    print(f"read {read_s:.1f} s, learn {fit_s:.1f} s; a list p50 {np.median(took):.1f} ms, ", end="")
    print(f"p99 {np.percentile(took, 99):.1f} ms\n")


def draw_events(products: pd.DataFrame) -> pd.DataFrame:
    """Shoppers who mostly stay in one or two categories, in which few products are liked by many."""
    rng = np.random.default_rng(0)
    kind, _ = pd.factorize(products["category"])
    shelves = [rng.permutation(np.flatnonzero(kind == one)) for one in range(kind.max() + 1)]
    user = rng.integers(0, N_USERS, N_EVENTS)
    profiles = rng.integers(0, len(shelves), (N_USERS, 2))
    chosen = profiles[user, rng.integers(0, 2, N_EVENTS)]
    sizes = np.array([len(shelf) for shelf in shelves])
    place = (sizes[chosen] * rng.random(N_EVENTS) ** 3).astype(int)
    row = np.array([shelves[shelf][at] for shelf, at in zip(chosen, place, strict=True)])
    stray = rng.random(N_EVENTS) < 0.1
    row[stray] = rng.integers(0, len(products), stray.sum())
    return pd.DataFrame(
        {
            "user": user.astype(str),
            "sku": products["sku"].to_numpy()[row],
            "time": pd.Timestamp("2025-01-01") + pd.to_timedelta(np.sort(rng.random(N_EVENTS)) * 300, unit="D"),
            "event": rng.choice(["view", "cart", "buy"], N_EVENTS, p=[0.7, 0.2, 0.1]),
        }
    )


def foretell(workspace: Workspace, catalog: Path, events: Path) -> None:
    """Both splits of one set."""
    opened = workspace.open(workspace.build(BuildRequest(catalog)).info.name)
    shoppers = workspace.shoppers(opened.name)
    histories = shoppers.read(events, opened)
    for split in ("last", "time"):
        print(f"{catalog.parent.name}/{catalog.name}, kept back: {split}")
        try:
            print(measurement_text(shoppers.measure(opened, histories, split)), "\n")
        except CatalogError as error:
            print(error.what, "\n")


if __name__ == "__main__":
    main()
