"""Where prodsim keeps its data and which device it uses."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

import platformdirs

Device = Literal["auto", "cpu", "cuda", "mps"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the surroundings decide; passed in, never read from elsewhere.

    Attributes:
        home: folder of all catalogs, vectors and decisions.
        device: where models run; ``auto`` takes CUDA, then mps, then the fastest CPU path.
        allow_download: whether a model may be fetched from a hub. Off: nothing leaves the machine.
        reranker: a cross-encoder's name or folder, whose opinion becomes a part of the similarity; ``""`` for none.
    """

    home: Path
    device: Device = "auto"
    allow_download: bool = False
    reranker: str = ""

    def __post_init__(self) -> None:
        if self.device not in get_args(Device):
            raise ValueError(f"device must be one of {get_args(Device)}, got {self.device!r}")

    @classmethod
    def from_environment(cls, home: Path | None = None) -> "Settings":
        """Read ``PRODSIM_HOME``, ``_DEVICE``, ``_ALLOW_DOWNLOAD`` and ``_RERANKER``; ``home`` wins if given."""
        chosen = home or os.environ.get("PRODSIM_HOME") or platformdirs.user_data_dir("prodsim", appauthor=False)
        return cls(
            home=Path(chosen).expanduser(),
            device=cast("Device", os.environ.get("PRODSIM_DEVICE", "auto")),
            allow_download=os.environ.get("PRODSIM_ALLOW_DOWNLOAD", "") == "1",
            reranker=os.environ.get("PRODSIM_RERANKER", ""),
        )
