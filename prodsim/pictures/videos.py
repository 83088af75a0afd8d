"""Videos as pictures: the scenes of a video, a frame each, the one for its poster first."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from prodsim.extras import optional_packages
from prodsim.pictures.decoding import MAX_PIXELS, PictureError

if TYPE_CHECKING:
    from PIL.Image import Image

ENDINGS = (".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi")
FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi"
"""What FFmpeg calls the formats of those endings."""
MAX_SCENES = 4
"""Scenes of a video that are pictures of the product, the ones that show the most."""
MAX_VIDEO_BYTES = 200_000_000
MAX_SECONDS = 180.0
"""What comes later in a video is not read."""
STEP_S = 0.5
"""Seconds between two frames that are looked at; cuts that are closer show nothing long enough to be seen."""
CUT = 0.35
"""Share of the colours that changes from one frame to the next where a scene ends (Zhang et al. 1993)."""
MAX_SIDE = 960
"""Longest side in pixels of a frame that is kept."""
FRAME_SIDE = 48
BINS = 4
_FRAME = re.compile(r"(?P<video>.+)#scene=(?P<number>[1-9])")
# What FFmpeg's wrappers raise for damaged files; its own errors are all OSErrors or ValueErrors.
_ERRORS = (OSError, ValueError, RuntimeError, IndexError, ArithmeticError, MemoryError)


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame of a scene.

    Attributes:
        seconds: from the beginning of the video.
        detail: mean difference of neighbouring pixels, in [0, 1]: blurred, dark and empty frames have little.
        data: bytes of a JPEG.
    """

    seconds: float
    detail: float
    data: bytes


def is_video(place: str) -> bool:
    """Return whether a path or an address is that of a video."""
    return place.partition("?")[0].lower().endswith(ENDINGS)


def scene_places(video: str) -> tuple[str, ...]:
    """Return the places of a video's frames, the poster first; a short one may have fewer."""
    return tuple(f"{video}#scene={number}" for number in range(1, MAX_SCENES + 1))


def video_of(place: str) -> tuple[str, int] | None:
    """Return the video of a frame's place, and the frame's number from 1 on; ``None`` for other places."""
    match = _FRAME.fullmatch(place)
    return (match["video"], int(match["number"])) if match and is_video(match["video"]) else None


@lru_cache(maxsize=2)  # the frames of a video are read one after the other
def read_scenes(data: bytes) -> tuple[Frame, ...]:
    """Return a frame of each scene, those with most detail, the best one first and the others as they follow.

    Raises:
        PictureError: it is no video that can be read.
        MissingPackage: PyAV is not installed.
    """
    best: list[tuple[float, float, Image]] = []
    before: NDArray[np.float64] | None = None
    try:
        for seconds, image in _frames(data):
            small = np.asarray(image.resize((FRAME_SIDE, FRAME_SIDE)), np.float32)
            colours, detail = _colours(small), _detail(small)
            is_cut = before is None or float(np.abs(colours - before).sum()) / 2 > CUT
            before = colours
            if is_cut:
                best.append((seconds, detail, image))
            elif detail > best[-1][1]:
                best[-1] = seconds, detail, image
    except _ERRORS as error:
        raise PictureError("unreadable") from error
    kept = sorted(best, key=lambda frame: -frame[1])[:MAX_SCENES]
    ordered = kept[:1] + sorted(kept[1:], key=lambda frame: frame[0])
    if not ordered:
        raise PictureError("unreadable")
    return tuple(Frame(seconds, detail, _saved(image)) for seconds, detail, image in ordered)


def _frames(data: bytes) -> Iterator[tuple[float, "Image"]]:
    """Yield a frame every ``STEP_S`` seconds with its time, made small."""
    with optional_packages():
        import av
    from PIL import Image

    # Other formats are lists of further files to open, whatever the file is called.
    formats = {"format_whitelist": FORMATS}
    with av.open(io.BytesIO(data), "r", metadata_errors="ignore", container_options=formats) as container:
        stream = container.streams.video[0]
        if stream.width * stream.height > MAX_PIXELS:
            raise PictureError("too large")
        stream.thread_type = "AUTO"
        due = 0.0
        for number, frame in enumerate(container.decode(stream)):
            seconds = float(frame.time) if frame.time is not None else number / 25
            if seconds > MAX_SECONDS:
                return
            if seconds >= due:
                due = seconds + STEP_S
                image = Image.fromarray(frame.to_ndarray(format="rgb24"))
                image.thumbnail((MAX_SIDE, MAX_SIDE))
                yield seconds, image


def _colours(small: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the share of each of 64 colours in a frame."""
    red, green, blue = (np.clip(small[..., channel] * BINS / 256, 0, BINS - 1).astype(int) for channel in range(3))
    counts = np.bincount(((red * BINS + green) * BINS + blue).ravel(), minlength=BINS**3)
    return np.asarray(counts / counts.sum(), np.float64)


def _detail(small: NDArray[np.float32]) -> float:
    grey = small.mean(axis=2) / 255
    return float(np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean())


def _saved(image: "Image") -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=90)
    return stream.getvalue()
