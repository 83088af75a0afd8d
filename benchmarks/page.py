"""Times a search on the page, without the browser: ``python -m benchmarks.page [products]``."""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, Workspace
from sample_data.generate import generate_products

ROOT = Path(__file__).resolve().parent.parent
N_RUNS = 20


def main() -> None:
    """Build invented products with the hashing encoder, then let the dashboard answer."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        os.environ["PRODSIM_HOME"] = str(home)
        products = generate_products(n)
        products.to_csv(Path(folder) / "shop.csv", index=False)
        Workspace(Settings(home)).build(BuildRequest(Path(folder) / "shop.csv", encoder="hashing"))
        _print_times(products["title"].tolist(), products["sku"].tolist())


def _print_times(titles: list[str], skus: list[str]) -> None:
    """Let one session search by words, then by SKU, then move a slider."""
    from streamlit.testing.v1 import AppTest  # after PRODSIM_HOME is set

    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    rows = np.random.default_rng(0).integers(0, len(skus), N_RUNS + 1)
    print(f"{len(skus):,} products; from a click to the last element sent, {N_RUNS} turns each\n")
    print(f"{'':24}{'p50 ms':>9}{'highest':>9}")
    app.run()
    _time("search by words", app, lambda turn: app.text_input(key="q").set_value(titles[rows[turn]][:40]))
    app.text_input(key="q").set_value("")
    _time("search by SKU", app, lambda turn: app.query_params.update(like=skus[rows[turn]]))
    app.query_params["tune"] = "true"
    app.toggle(key="tune").set_value(True).run()
    _time("a slider moved", app, lambda turn: app.slider(key="weight price").set_value(round(0.05 * turn, 2)))


def _time(name: str, app: Any, change: Callable[[int], object]) -> None:
    took = []
    for turn in range(N_RUNS + 1):
        change(turn)
        started = time.perf_counter()
        app.run()
        took.append((time.perf_counter() - started) * 1000)
        if app.exception or app.error:
            raise RuntimeError(f"{name}: {[element.value for element in [*app.exception, *app.error]]}")
    took = took[1:]  # the first opened the catalog, or loaded what the others share
    print(f"{name:24}{np.median(took):9.0f}{max(took):9.0f}")


if __name__ == "__main__":
    main()
