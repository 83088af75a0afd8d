"""Runs the benchmarks and writes ``benchmarks/RESULTS.md``: ``python -m benchmarks [NAME ARGUMENT…]``."""

import datetime
import importlib.metadata
import os
import platform
import subprocess
import sys
from pathlib import Path

NAMES = ("encode", "index", "catalog", "page")
PACKAGES = ("openvino", "torch", "sentence-transformers", "hnswlib", "umap-learn", "numpy")


def main() -> None:
    """Run one benchmark by name and print it, or all and write the results."""
    if len(sys.argv) > 1:
        sys.exit(subprocess.run([sys.executable, "-m", f"benchmarks.{sys.argv[1]}", *sys.argv[2:]]).returncode)
    parts = [_heading()]
    for name in NAMES:
        print(f"benchmarks.{name} …", flush=True)
        done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], capture_output=True, text=True, check=True)
        parts.append(f"## {name}\n\n```\n{done.stdout.strip()}\n```\n")
        print(done.stdout, flush=True)
    Path(__file__).with_name("RESULTS.md").write_text("\n".join(parts), encoding="utf-8")


def _heading() -> str:
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    load = f", load average {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    return (
        "# Results\n\n"
        f"{datetime.date.today().isoformat()}, {platform.system()} {platform.machine()}, {_processor()}, "
        f"{os.cpu_count()} cores{load}; Python {platform.python_version()}, {versions}. "
        "Peers run in the same process on the same rows; compare the ratios, not the seconds.\n"
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown processor"


if __name__ == "__main__":
    main()
