"""Reading pictures that come from anywhere: known formats only, within limits, nothing executed."""

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from prodsim.errors import ProdsimError
from prodsim.phrases import Text, phrase

if TYPE_CHECKING:
    from PIL.Image import Image

Pixels = NDArray[np.uint8]
"""Red, green and blue, shape (height, width, 3)."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
"""What is read; drawings (SVG) may hold scripts and addresses, and other formats have readers that few have tested."""
MAX_PICTURE_BYTES = 30_000_000
MAX_PIXELS = 60_000_000
"""Of one picture, twice a camera's: a file of some kB may unpack to billions."""
MIN_SIDE = 16
"""Pixels of the shorter side; what is smaller marks a page for counting visits or is a line."""
MIN_CONTRAST = 2.0
"""Standard deviation of the brightness, of 255, of which a picture shows anything."""
READER_ERRORS = (
    OSError, ValueError, SyntaxError, EOFError, LookupError, RuntimeError, TypeError, ArithmeticError, MemoryError,
    struct.error,
)  # fmt: skip
"""What Pillow's readers raise for damaged files."""

MISSING = "missing"
PROBLEMS = {
    MISSING: Text("no such picture file"),
    "outside": Text("a path that leads out of the folder of the catalog"),
    "not fetched": Text("on the web, and pictures are not fetched"),
    "unreachable": Text("not available at its address"),
    "too large": Text("more than 30 MB (a video: 200 MB) or 60 megapixels"),
    "drawing": Text("a drawing (SVG), which is not compared"),
    "unreadable": Text("damaged, or no picture"),
    "no such scene": Text("a video with fewer scenes"),
    "tiny": Text("fewer than 16 pixels in height or width"),
    "blank": Text("one colour throughout"),
}
"""Why a picture cannot be compared, by what is saved of it."""


class PictureError(ProdsimError):
    """A picture cannot be compared.

    Args:
        problem: one of ``PROBLEMS``.
        place: where the picture is, as the catalog gives it.
    """

    def __init__(self, problem: str, place: str = "") -> None:
        reason = PROBLEMS[problem]()
        super().__init__(
            phrase("The picture “{place}” cannot be compared: {reason}.", place=place, reason=reason)
            if place
            else phrase("The picture cannot be compared: {reason}.", reason=reason),
            phrase("Give a JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF picture of up to 30 MB and 60 megapixels."),
        )
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture made small.

    Attributes:
        pixels: shape (side, side, 3); height and width are scaled apart.
        width, height: of the whole picture, in pixels.
    """

    pixels: Pixels
    width: int
    height: int


def decode(data: bytes, side: int) -> Picture:
    """Read a picture from a file's bytes, scaled to ``side`` x ``side`` pixels; of a moving one the first frame.

    Transparent parts become white, and the picture is turned as its camera noted.

    Raises:
        PictureError: it is too large, no picture, damaged, tiny or of one colour.
    """
    from PIL import Image

    with open_picture(data) as image:
        width, height = image.size
        if min(width, height) < MIN_SIDE:
            raise PictureError("tiny")
        image.draft("RGB", (side, side))  # a JPEG is unpacked no larger than it must be
        pixels = np.asarray(flattened(image).resize((side, side), Image.Resampling.BICUBIC, reducing_gap=2.0))
    if float(pixels.std(axis=(0, 1)).max()) < MIN_CONTRAST:
        raise PictureError("blank")
    return Picture(pixels, width, height)


def thumbnail(data: bytes, side: int) -> bytes:
    """Return a picture as a JPEG on white whose longer side has at most ``side`` pixels; raises ``PictureError``."""
    with open_picture(data) as image:
        image.draft("RGB", (2 * side, 2 * side))
        small = flattened(image)
        small.thumbnail((side, side))
        stream = io.BytesIO()
        small.save(stream, "JPEG", quality=80)
        return stream.getvalue()


@contextmanager
def open_picture(data: bytes) -> Iterator["Image"]:
    """Open a picture without unpacking it; in the block, whatever its reader raises becomes a ``PictureError``."""
    from PIL import Image

    if is_drawing(data):
        raise PictureError("drawing")
    if len(data) > MAX_PICTURE_BYTES:
        raise PictureError("too large")
    try:
        with Image.open(io.BytesIO(data), formats=_installed_formats()) as image:
            if image.width * image.height > MAX_PIXELS:
                raise PictureError("too large")
            yield image
    except Image.DecompressionBombError as error:
        raise PictureError("too large") from error
    except READER_ERRORS as error:
        raise PictureError("unreadable") from error


@cache
def _installed_formats() -> tuple[str, ...]:
    """Return those of the formats that this Pillow was built with; AVIF came late."""
    from PIL import Image

    Image.init()
    return tuple(name for name in FORMATS if name in Image.OPEN)


def is_drawing(data: bytes) -> bool:
    """Return whether the bytes are an SVG drawing."""
    return b"<svg" in data[:2000].lower()


def flattened(image: "Image") -> "Image":
    """Return an upright copy in red, green and blue on white."""
    from PIL import Image, ImageOps

    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I;16"):  # as brightness of 65,536 steps
        upright = Image.fromarray((np.asarray(upright) >> 8).astype(np.uint8))
    if not upright.has_transparency_data:
        return upright.convert("RGB")
    whole = upright.convert("RGBA")
    flat = Image.new("RGB", whole.size, "white")
    flat.paste(whole, mask=whole.getchannel("A"))
    return flat
