"""A million products on one machine, in a folder that is kept: ``python -m benchmarks.million FOLDER``.

The build is killed while it encodes and gone on with, then searched by new processes, the first of which reads the
files from disk. Texts are encoded by hashing; how long the model would take follows from ``benchmarks.encode``.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.growth import SEARCHING, told
from sample_data.generate import generate_products

N = 1_000_000
KILLED_S = 120
"""Seconds after which the first build is killed; reading takes some of them."""
N_OPENED = 3


def main() -> None:
    """Build, kill, go on, search."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    file, home = folder / "shop.csv", folder / "home"
    generate_products(N).to_csv(file, index=False)
    build = ["-m", "prodsim", "build", str(file), "--encoder", "hashing", "--json", "--home", str(home)]
    first = subprocess.Popen([sys.executable, *build], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        first.wait(KILLED_S)
    except subprocess.TimeoutExpired:
        first.kill()
        first.wait()
    started = time.perf_counter()
    report, peak_mb = told(*build)
    took_s, found = time.perf_counter() - started, json.loads(report)
    steps = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in found["steps"].items())
    print(f"{N:,} products: killed after {KILLED_S} s, then {took_s:.0f} s ({steps})")
    print(f"{found['encoded']:,} texts encoded after the kill; peak memory {peak_mb:,.0f} MB")
    print(f"\n{'search':12}{'by SKU p50 ms':>16}{'p99':>8}{'by words p50':>16}{'p99':>8}")
    for number in range(N_OPENED):
        searching = [sys.executable, "-c", SEARCHING, str(home)]
        told_ms = subprocess.run(searching, capture_output=True, check=True, text=True).stdout.split()
        by_sku, by_sku_99, by_words, by_words_99 = map(float, told_ms)
        print(f"process {number + 1:<4}{by_sku:16.1f}{by_sku_99:8.1f}{by_words:16.1f}{by_words_99:8.1f}", flush=True)


if __name__ == "__main__":
    main()
