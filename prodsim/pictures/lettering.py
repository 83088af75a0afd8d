"""Text on pictures, Chinese and English, read on this machine by RapidOCR."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from prodsim.artifacts import fingerprint, write_text_atomically
from prodsim.extras import missing, optional_packages
from prodsim.pictures.decoding import PictureError, flattened, open_picture
from prodsim.pictures.files import picture_digest

MAX_SIDE = 960
"""Longest side in pixels that is read; the detector was made for pictures of this size."""
MIN_CERTAINTY = 0.8
"""Lines read less certainly are textures and handwriting that were taken for letters."""
VERSION = 1
"""Raised when pictures are read in another way."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text on a picture.

    Attributes:
        text: as it was read.
        share: of the picture's area that it takes, in [0, 1].
    """

    text: str
    share: float


class LetteringReader:
    """Reads the text on pictures; safe to call from several threads, one picture at a time.

    The models come in the package and run through OpenVINO; nothing is downloaded.

    Raises:
        MissingPackage: rapidocr or its models are not installed.
    """

    def __init__(self) -> None:
        with optional_packages():
            import rapidocr
            from rapidocr.utils.typings import EngineType
        models = Path(rapidocr.__file__).parent / "models"
        detector, recogniser = (next(iter(sorted(models.glob(f"*_{kind}_*.onnx"))), None) for kind in ("det", "rec"))
        if detector is None or recogniser is None:  # given by path, because by name it would fetch them from the web
            raise missing("ocr", "rapidocr")
        self.fingerprint = fingerprint("lettering", VERSION, detector.name, recogniser.name, MAX_SIDE, MIN_CERTAINTY)
        self._read: Any = rapidocr.RapidOCR(
            params={
                "Global.log_level": "error",
                "Global.use_cls": False,  # text on pictures of products stands upright
                "Det.engine_type": EngineType.OPENVINO,
                "Det.model_path": str(detector),
                "Rec.engine_type": EngineType.OPENVINO,
                "Rec.model_path": str(recogniser),
            }
        )
        self._lock = Lock()

    def read(self, data: bytes) -> tuple[Line, ...]:
        """Return the lines on a picture, from the top; raises ``PictureError`` where its file cannot be read."""
        with open_picture(data) as image:
            image.draft("RGB", (MAX_SIDE, MAX_SIDE))
            picture = flattened(image)
            picture.thumbnail((MAX_SIDE, MAX_SIDE))
        with self._lock:
            result = self._read(np.asarray(picture)[..., ::-1].copy())  # blue, green, red
        if result.txts is None or result.boxes is None:
            return ()
        area = picture.width * picture.height
        return tuple(
            Line(text.strip(), round(min(_area(np.asarray(box)) / area, 1.0), 4))
            for text, certainty, box in zip(result.txts, result.scores, result.boxes, strict=True)
            if certainty >= MIN_CERTAINTY and text.strip()
        )


class KeptLettering:
    """The lines of pictures in a folder, a file per picture, so that each is read once, in whatever catalog.

    Args:
        folder: of all that was read.
        reader: reads what is not there.
    """

    def __init__(self, folder: Path, reader: LetteringReader) -> None:
        self._folder = folder / reader.fingerprint
        self._reader = reader

    def lines(self, data: bytes) -> tuple[Line, ...]:
        """Return the lines on a picture; raises ``PictureError`` where its file cannot be read."""
        name = picture_digest(data).hex()
        path = self._folder / name[:2] / f"{name}.json"
        try:
            return tuple(Line(**line) for line in json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            lines = self._reader.read(data)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_text_atomically(path, json.dumps([asdict(line) for line in lines], ensure_ascii=False))
            return lines


def lines_on(place: str, read: Callable[[str], bytes], kept: KeptLettering) -> tuple[Line, ...]:
    """Return the lines on the picture at a place; none where it cannot be read, which the look reports."""
    try:
        return kept.lines(read(place))
    except PictureError:
        return ()


def _area(corners: "np.ndarray[Any, Any]") -> float:
    """Return the area of a polygon by its corners in order (the shoelace formula), shape (n, 2)."""
    x, y = corners[:, 0], corners[:, 1]
    return float(abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / 2)
