"""Builds a catalog with a picture for each product, killed once: ``python -m benchmarks.pictures [products] [HOME]``.

Pictures are JPEGs of 600 x 600 pixels, drawn here. Seconds are those from the start of the build until one can search
by words and by look; when a quarter of the pictures is stored the process is killed (SIGKILL), and the build is started
again. HOME keeps what was drawn and built. Not on Windows.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from prodsim.encoders.lite0 import LITE0
from prodsim.look.encoding import PICTURES_PER_SAVE as BATCH
from prodsim.look.sketch import N_COLOURS, N_LAYOUT
from prodsim.workspace.catalog_info import HEAD
from sample_data.generate import generate_products

SIDE = 600
QUALITY = 85
KILLED_AT = 0.25
"""Share of the pictures that are stored when the build is killed."""
BUILD = ("-m", "prodsim", "build")
DIM = LITE0.dim + N_COLOURS + N_LAYOUT
"""Numbers that are stored of a picture; those of texts are fewer."""


def main() -> None:
    """Draw, build, kill, build again, and print what it took."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    with tempfile.TemporaryDirectory() as passing:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(passing)
        file = drawn_catalog(n, folder)
        home = folder / "home"
        first = watched(file, home, lambda: stored(home) >= KILLED_AT * n)
        kept = stored(home)
        second = watched(file, home, lambda: False)
        print(f"{n:,} products, {n:,} JPEGs of {SIDE} x {SIDE} pixels, {mean_kb(folder):.0f} kB each")
        print(f"searchable by words after {first['words']:.0f} s; killed after {first['end']:.0f} s, {kept:,} stored")
        print(f"the build after it: searchable by look after {second['look']:.0f} s, done after {second['end']:.0f} s")
        speed = (n - kept - BATCH) / (second["look"] - second["first picture"])  # the first batch was before
        print(f"{speed:.0f} pictures a second; {stored(home) - n:,} encoded twice")
        print(f"peak memory {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:,.0f} MB")


def drawn_catalog(n: int, folder: Path) -> Path:
    """Write a catalog of invented products with a picture of each, unless it is there; return its file."""
    file, pictures = folder / "shop.csv", folder / "pictures"
    if file.exists():
        return file
    pictures.mkdir(parents=True)
    products = generate_products(n)
    rng = np.random.default_rng(0)
    grain = rng.normal(0, 6, (SIDE, SIDE, 1))
    for number in range(n):
        drawn(rng, grain).save(pictures / f"{number}.jpg", quality=QUALITY)
    products["image"] = [f"pictures/{number}.jpg" for number in range(n)]
    products.to_csv(file, index=False)
    return file


def drawn(rng: np.random.Generator, grain: np.ndarray) -> Image.Image:
    """Return a picture of a few shapes on a light ground, with the grain of a camera."""
    image = Image.new("RGB", (SIDE, SIDE), tuple(rng.integers(225, 256, 3).tolist()))
    pen = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(2, 6))):
        left, top = rng.integers(40, 300, 2).tolist()
        right, bottom = (int(end) for end in (left + rng.integers(60, 260), top + rng.integers(60, 260)))
        shape = (pen.ellipse, pen.rectangle, pen.rounded_rectangle)[int(rng.integers(3))]
        shape((left, top, right, bottom), fill=tuple(rng.integers(0, 256, 3).tolist()))
    return Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))


def watched(file: Path, home: Path, should_end: Callable[[], bool]) -> dict[str, float]:
    """Build, and kill the process once it should end; seconds until each milestone."""
    command = [sys.executable, *BUILD, str(file), "--name", "shop", "--home", str(home)]
    head = home / "catalogs" / "shop" / HEAD
    before, started, reached = stored(home), time.perf_counter(), dict[str, float]()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        time.sleep(0.25)
        parts = json.loads(head.read_text(encoding="utf-8"))["artifacts"] if head.exists() else {}
        now = time.perf_counter() - started
        for part in {"words", "look"} & parts.keys():
            reached.setdefault(part, now)
        if stored(home) > before:
            reached.setdefault("first picture", now)
        if should_end():
            process.kill()
    return {**reached, "end": time.perf_counter() - started}


def stored(home: Path) -> int:
    """Return how many pictures' vectors are on the disk; what was stored twice counts twice."""
    manifests = (
        json.loads(path.read_text(encoding="utf-8")) for path in home.glob("vectors/*/segment-*/manifest.json")
    )
    segments = (manifest["params"] for manifest in manifests)
    return sum(int(segment["count"]) for segment in segments if segment["dim"] == DIM)


def mean_kb(folder: Path) -> float:
    """Return the mean size of the pictures' files."""
    return float(np.mean([path.stat().st_size for path in (folder / "pictures").iterdir()]) / 1000)


if __name__ == "__main__":
    main()
