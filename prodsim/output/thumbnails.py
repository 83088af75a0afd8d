"""Pictures of products, small enough to be put into a page."""

import base64
import mimetypes
from functools import lru_cache
from pathlib import Path

from prodsim.pictures import PictureError, PictureFiles, main_picture, thumbnail
from prodsim.pictures.videos import video_of

MAX_SIDE = 240
"""Longest side in pixels of a picture that is made smaller."""
MAX_PLAIN_BYTES = 30_000
"""Up to so many bytes a picture is taken as it is."""

NO_NAME = "catalog"
"""Stands for the catalog's file, which need not be known."""


@lru_cache(maxsize=2_000)  # products that are held side by side often share one
def small_picture(image: str, base: Path, max_side: int = MAX_SIDE) -> str:
    """Return a picture as a ``data:`` address of at most some 30 kB at the usual side.

    Args:
        image: its path, as the catalog gives it.
        base: the folder that paths start in, and where zips with pictures lie; nothing outside it is read, for a page
            is sent to others.
        max_side: longest side in pixels of a picture that is made smaller.

    Returns:
        The address; ``""`` where the picture is elsewhere on the web, absent, no picture, or cannot be made small.
    """
    image = main_picture(image)
    # WebP is standard from Python 3.13 on; a frame of a video is a JPEG
    kind = "image/jpeg" if video_of(image) else mimetypes.guess_type(image, strict=False)[0] or ""
    if not image or "://" in image or not kind.startswith("image/"):
        return ""
    try:
        with PictureFiles(base / NO_NAME) as files:
            data = files.read(image)
    except PictureError:
        return ""
    if len(data) <= MAX_PLAIN_BYTES:
        return _address(kind, data) if data else ""
    try:
        return _address("image/jpeg", thumbnail(data, max_side))
    except PictureError:
        return ""


def picture_bytes(image: str, base: Path, side: int) -> bytes:
    """Return a picture as a JPEG whose longer side has at most ``side`` pixels; ``b""`` as ``small_picture``."""
    if not image or "://" in image:
        return b""
    try:
        with PictureFiles(base / NO_NAME) as files:
            data = files.read(main_picture(image))
        return thumbnail(data, side) if data else b""
    except PictureError:
        return b""


def _address(kind: str, data: bytes) -> str:
    """Return the ``data:`` address of some bytes."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
