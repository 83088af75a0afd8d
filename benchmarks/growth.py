"""Time and memory of a build's steps against the number of products: ``python -m benchmarks.growth [largest]``.

Each catalog is of invented products, encoded by hashing, and built and checked from the command line, in processes of
its own. A step whose cost is n·log n has a slope of about 1.1 between two sizes on logarithmic axes.
The picture is kept in ``docs/images/growth.svg``.
"""

import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.build import LAUNCHER
from sample_data.generate import generate_products

SIZES = (1_000, 10_000, 100_000, 1_000_000)
PICTURE = Path(__file__).resolve().parent.parent / "docs" / "images" / "growth.svg"
SEARCHING = """
import json, sys, time
from pathlib import Path
from prodsim.search import Query
from prodsim.settings import Settings
from prodsim.workspace import Workspace
opened = Workspace(Settings(Path(sys.argv[1]))).open()
products = opened.catalog.products
rows = range(0, len(products), max(1, len(products) // 100))
by_sku = [Query(like=(products["sku"].iat[row],)) for row in rows]
by_words = [Query(text=products["title"].iat[row][:40]) for row in rows]
for queries in (by_sku, by_words):
    opened.search(queries[0])
    took = []
    for query in queries:
        started = time.perf_counter()
        opened.search(query)
        took.append(1000 * (time.perf_counter() - started))
    print(sorted(took)[len(took) // 2], sorted(took)[99 * len(took) // 100])
"""
"""Searches a catalog by SKU and by words, and prints the median and the 99th percentile of each in milliseconds."""
COLOURS = ("#0f766e", "#d97706", "#4f46e5", "#db2777", "#65a30d", "#0284c7", "#9333ea", "#dc2626", "#78716c")

Measured = Mapping[int, Mapping[str, float]]


def main() -> None:
    """Print one line per step, with a column per size, and draw them."""
    largest = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    sizes = [size for size in SIZES if size <= largest]
    measured = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            measured[size] = measure(size, Path(folder))
    print(f"{'':24}" + "".join(f"{size:>12,}" for size in sizes) + "   slope, last two")
    for name in measured[sizes[-1]]:
        cells = "".join(f"{measured[size][name]:12.2f}" for size in sizes)
        print(f"{name:24}{cells}{slope(measured, sizes, name):12.2f}")
    PICTURE.write_text(drawing(measured, sizes), encoding="utf-8")


def measure(size: int, folder: Path) -> dict[str, float]:
    """Seconds of each step of a build and of its checks, peak memory of both in MB, and milliseconds of searches."""
    file, home = folder / "shop.csv", folder / "home"
    generate_products(size).to_csv(file, index=False)
    report, built_mb = told("-m", "prodsim", "build", str(file), "--encoder", "hashing", "--json", "--home", str(home))
    started = time.perf_counter()
    _, checked_mb = told("-m", "prodsim", "check", "--json", "--home", str(home))
    checked_s = time.perf_counter() - started
    searching = subprocess.run([sys.executable, "-c", SEARCHING, str(home)], capture_output=True, check=True, text=True)
    by_sku, by_words = (float(line.split()[0]) for line in searching.stdout.splitlines())
    steps = {f"{name}, s": float(seconds) for name, seconds in json.loads(report)["steps"].items()}
    return {
        **steps,
        "all steps, s": sum(steps.values()),
        "checks, s": checked_s,
        "build, peak MB": built_mb,
        "checks, peak MB": checked_mb,
        "search by SKU, ms": by_sku,
        "search by words, ms": by_words,
    }


def told(*command: str) -> tuple[str, float]:
    """What a Python process prints, and its peak memory in MB."""
    launched = [sys.executable, "-c", LAUNCHER, sys.executable, *command]
    done = subprocess.run(launched, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True)
    said, _, peak = done.stdout.strip().rpartition("\n")
    return said, int(peak) / (1024 if sys.platform == "linux" else 1024**2)


def slope(measured: Measured, sizes: Sequence[int], name: str) -> float:
    """How many times as steep as the number of products, between the two largest sizes on logarithmic axes."""
    if len(sizes) < 2:
        return math.nan
    (small, large), (less, more) = sizes[-2:], (measured[size][name] for size in sizes[-2:])
    return math.log(max(more, 1e-3) / max(less, 1e-3)) / math.log(large / small)


def drawing(measured: Measured, sizes: Sequence[int]) -> str:
    """Seconds against products, both logarithmic, as SVG: a line per step, and its slope."""
    names = [name for name in measured[sizes[-1]] if name.endswith(", s")]
    width, height, left, top = 760, 420, 60, 30
    low, high = -2, math.ceil(max(math.log10(max(measured[size][name], 1e-2)) for size in sizes for name in names))
    across = (math.log10(sizes[0]), math.log10(sizes[-1]) + 1e-9)

    def at(size: float, seconds: float) -> tuple[float, float]:
        x = left + (math.log10(size) - across[0]) / (across[1] - across[0]) * 460
        y = top + (high - max(math.log10(max(seconds, 1e-9)), low)) / (high - low) * (height - 80)
        return round(x, 1), round(y, 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        'font-size="12">'
        f'<rect width="{width}" height="{height}" fill="#fff"/><text x="{left}" y="18">Seconds by products</text>'
    ]
    for power in range(low, high + 1):
        _, y = at(sizes[0], 10.0**power)
        parts.append(f'<path d="M{left} {y}h460" stroke="#ddd"/><text x="8" y="{y + 4}">{10.0**power:g} s</text>')
    for size in sizes:
        parts.append(f'<text x="{at(size, 1)[0] - 20}" y="{height - 28}">{size:,}</text>')
    ends = {name: at(sizes[-1], measured[sizes[-1]][name])[1] for name in names}
    below = -math.inf
    for name in sorted(names, key=lambda name: ends[name]):
        colour = COLOURS[names.index(name) % len(COLOURS)]
        below = max(ends[name] + 4, below + 15)  # labels must not cover each other
        line = "L".join("{} {}".format(*at(size, measured[size][name])) for size in sizes)
        parts.append(f'<path d="M{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        label = f"{name.removesuffix(', s')}, slope {slope(measured, sizes, name):.2f}"
        parts.append(f'<text x="{left + 470}" y="{below}" fill="{colour}">{label}</text>')
    return "\n".join([*parts, "</svg>\n"])


if __name__ == "__main__":
    main()
