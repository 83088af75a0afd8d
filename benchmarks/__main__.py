"""Runs the benchmarks: ``python -m benchmarks [--keep] [NAME ARGUMENT…]``.

Without a name, those that need no data are run and their output is kept in ``benchmarks/RESULTS.md``, in place of the
last; ``--keep`` does so with one by name.
"""

import datetime
import importlib.metadata
import os
import platform
import subprocess
import sys
from pathlib import Path

NAMES = (
    "encode",
    "read",
    "index",
    "map",
    "build",
    "catalog",
    "incremental",
    "page",
    "browser",
    "growth",
    "ask",
    "recommend",
    "structure",
)
RESULTS = Path(__file__).with_name("RESULTS.md")
HEADING = "# Results\n\nPeers run in the same run on the same rows; compare the ratios, not the seconds.\n"
PACKAGES = ("openvino", "torch", "sentence-transformers", "hnswlib", "umap-learn", "numpy")
PEERS = ("faiss-cpu", "usearch", "pynndescent", "embedding-atlas", "semhash", "cleanlab")


def main() -> None:
    """Run one benchmark by name and print it, or several and keep their results."""
    words = sys.argv[1:]
    if words and words[0] != "--keep":
        sys.exit(subprocess.run([sys.executable, "-m", f"benchmarks.{words[0]}", *words[1:]]).returncode)
    sections = _sections()
    for name, *arguments in [words[1:]] if words else [[name] for name in NAMES]:
        print(f"benchmarks.{name} …", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{name}", *arguments]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        sections[name] = f"{_surroundings()}\n\n```\n{done.stdout.strip()}\n```"
        print(done.stdout, flush=True)
    kept = [f"## {name}\n\n{text}\n" for name, text in sections.items()]
    RESULTS.write_text("\n".join([HEADING, *kept]), encoding="utf-8")


def _sections() -> dict[str, str]:
    """The results kept so far, by benchmark."""
    parts = RESULTS.read_text(encoding="utf-8").split("\n## ")[1:] if RESULTS.exists() else []
    return {part.partition("\n")[0].strip(): part.partition("\n")[2].strip() for part in parts}


def _surroundings() -> str:
    versions = ", ".join(f"{name} {_version(name)}" for name in (*PACKAGES, *PEERS))
    load = f", load average {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    return (
        f"{datetime.date.today().isoformat()}, {platform.system()} {platform.machine()}, {_processor()}, "
        f"{os.cpu_count()} cores{load}; Python {platform.python_version()}, {versions}."
    )


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown processor"


if __name__ == "__main__":
    main()
