"""Where prodsim keeps its data and which device it uses."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast, get_args

import platformdirs

MAX_SOURCE_MB = 2000.0
Device = Literal["auto", "cpu", "cuda", "mps"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the surroundings decide; passed in, never read from elsewhere.

    Attributes:
        home: folder of all catalogs, vectors and decisions.
        device: where models run; ``auto`` takes CUDA, then mps, then the fastest CPU path.
        allow_download: whether a model may be fetched from a hub. Off: nothing leaves the machine.
        reranker: a cross-encoder's name or folder, whose opinion becomes a part of the similarity; ``""`` for none.
        chat_url: base address of a chat model that may phrase answers, as OpenAI's protocol has it; ``""`` for none.
        chat_model, chat_key: its name there, and the key, if one is needed.
        source_hosts: the only hosts that catalogs may be fetched from, which may have private addresses; empty for all
            public ones.
        source_max_mb: megabytes that a fetched catalog may have.
    """

    home: Path
    device: Device = "auto"
    allow_download: bool = False
    reranker: str = ""
    chat_url: str = ""
    chat_model: str = ""
    chat_key: str = field(default="", repr=False)
    source_hosts: tuple[str, ...] = ()
    source_max_mb: float = MAX_SOURCE_MB

    def __post_init__(self) -> None:
        if self.device not in get_args(Device):
            raise ValueError(f"device must be one of {get_args(Device)}, got {self.device!r}")

    @classmethod
    def from_environment(cls, home: Path | None = None) -> "Settings":
        """Read ``PRODSIM_HOME`` and the like, one per attribute; ``home`` wins if given."""
        chosen = home or os.environ.get("PRODSIM_HOME") or platformdirs.user_data_dir("prodsim", appauthor=False)
        return cls(
            home=Path(chosen).expanduser(),
            device=cast("Device", os.environ.get("PRODSIM_DEVICE", "auto")),
            allow_download=os.environ.get("PRODSIM_ALLOW_DOWNLOAD", "") == "1",
            reranker=os.environ.get("PRODSIM_RERANKER", ""),
            chat_url=os.environ.get("PRODSIM_CHAT_URL", ""),
            chat_model=os.environ.get("PRODSIM_CHAT_MODEL", ""),
            chat_key=os.environ.get("PRODSIM_CHAT_KEY", ""),
            source_hosts=tuple(os.environ.get("PRODSIM_SOURCE_HOSTS", "").replace(",", " ").split()),
            source_max_mb=_megabytes(os.environ.get("PRODSIM_SOURCE_MAX_MB", "")),
        )


def _megabytes(text: str) -> float:
    if not text:
        return MAX_SOURCE_MB
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"PRODSIM_SOURCE_MAX_MB must be a number of megabytes, got {text!r}") from None
