"""Times a build, a warm open, and searches: ``python -m benchmarks.catalog [products]``.

The script that one would write instead opens an index of the same vectors, and finds by these alone.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks import script
from benchmarks.build import watched
from prodsim.search import Query
from prodsim.settings import Settings
from prodsim.workspace import OpenCatalog, Workspace
from sample_data.generate import generate_products

N_SEARCHES = 200
N_OPENED = 3


def main() -> None:
    """Build invented products in a process of its own, then search them."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        file, home = Path(folder) / "shop.csv", Path(folder) / "home"
        products = generate_products(n)
        products.to_csv(file, index=False)
        report, _ = _run("build", str(file), "--encoder", "minilm", "--home", str(home))
        steps = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in report["steps"].items())
        print(f"build of {n:,} products: {report['wall_s']:.1f} s ({steps}); peak memory {_peak_mb():,.0f} MB")
        again, _ = _run("build", str(file), "--encoder", "minilm", "--home", str(home))
        print(f"the same build again: {again['wall_s']:.1f} s, {again['encoded']} texts encoded")
        sku = str(products["sku"].iloc[n // 2])
        opened, skus = Workspace(Settings(home)).open("shop"), products["sku"].tolist()
        script.keep(Path(folder), skus, opened.index.vectors.astype(np.float32))
        _first_searches(home, Path(folder), sku)
        _searches(opened, products["title"].tolist(), skus)


def _first_searches(home: Path, kept: Path, sku: str) -> None:
    """From a new process to its first answer, in turns with the script; the first turn reads the files from disk."""
    text = "warm waterproof jacket"
    ways = {
        "prodsim, by SKU": ("prodsim", "search", "--sku", sku, "--json", "--home", str(home)),
        "script, by SKU": ("benchmarks.script", "open", str(kept), "sku", sku),
        "prodsim, by words": ("prodsim", "search", text, "--json", "--home", str(home)),
        "script, by words": ("benchmarks.script", "open", str(kept), "text", text),
    }
    turns = [{name: watched(command) for name, command in ways.items()} for _ in range(N_OPENED)]
    print(f"\n{'new process to answer':24}{'s median':>9}{'highest':>9}{'peak MB':>9}")
    for name in ways:
        seconds, peaks = [turn[name][1] for turn in turns], [turn[name][2] for turn in turns]
        print(f"{name:24}{statistics.median(seconds):9.2f}{max(seconds):9.2f}{max(peaks):9,.0f}")


def _searches(opened: OpenCatalog, titles: list[str], skus: list[str]) -> None:
    rows = np.random.default_rng(0).integers(0, len(skus), N_SEARCHES)
    vectors = opened.index.vectors_of(rows)
    kinds = {
        "index alone": lambda i: opened.index.search(vectors[i : i + 1], 10),
        "by SKU, all parts": lambda i: opened.search(Query(like=(skus[rows[i]],))),
        "by words, all parts": lambda i: opened.search(Query(text=titles[rows[i]][:40])),
    }
    print(f"\n{'search':24}{'p50 ms':>9}{'p99 ms':>9}")
    for name, search in kinds.items():
        search(0)
        took = []
        for i in range(N_SEARCHES):
            started = time.perf_counter()
            search(i)
            took.append((time.perf_counter() - started) * 1000)
        print(f"{name:24}{np.percentile(took, 50):9.2f}{np.percentile(took, 99):9.2f}")
    print(f"\nrecall@10 of the index, measured on a sample: {opened.info.recall:.4f} at ef {opened.info.ef}")


def _run(*words: str) -> tuple[dict, float]:
    """A command's JSON, and the seconds from its start to its end."""
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "prodsim", *words, "--json"], capture_output=True, check=True)
    return json.loads(done.stdout), time.perf_counter() - started


def _peak_mb() -> float:
    import resource  # not on Windows, where the peak is left out of the table

    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)


if __name__ == "__main__":
    main()
