"""Pictures of products, small enough to be put into a page."""

import base64
import io
import mimetypes
from functools import lru_cache
from pathlib import Path

MAX_SIDE = 240
"""Longest side in pixels of a picture that is made smaller."""
MAX_PLAIN_BYTES = 30_000
"""Up to so many bytes a picture is taken as it is."""
MAX_READ_BYTES = 30_000_000


@lru_cache(maxsize=2_000)  # products that are held side by side often share one
def small_picture(image: str, base: Path) -> str:
    """Return a picture as a ``data:`` address of at most some 30 kB.

    Args:
        image: its path, as the catalog gives it.
        base: the folder that paths start in; nothing outside it is read, for a page is sent to others.

    Returns:
        The address; ``""`` where the picture is elsewhere on the web, absent, no picture, or cannot be made small.
    """
    kind = mimetypes.guess_type(image)[0] or ""
    if not image or "://" in image or not kind.startswith("image/"):
        return ""
    try:
        path = (base / image).resolve()
        if not path.is_relative_to(base.resolve()) or not 0 < path.stat().st_size <= MAX_READ_BYTES:
            return ""
        data = path.read_bytes()
    except (OSError, ValueError):
        return ""
    if len(data) <= MAX_PLAIN_BYTES:
        return _address(kind, data)
    small = _smaller(data)
    return _address("image/jpeg", small) if small else ""


def _address(kind: str, data: bytes) -> str:
    """Return the ``data:`` address of some bytes."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _smaller(data: bytes) -> bytes:
    """Return the picture as a small JPEG on white; nothing where it cannot be read, as with drawings (SVG)."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as picture:
            picture.thumbnail((MAX_SIDE, MAX_SIDE))
            whole = picture.convert("RGBA")
            flat = Image.new("RGB", whole.size, "white")
            flat.paste(whole, mask=whole.getchannel("A"))
            stream = io.BytesIO()
            flat.save(stream, "JPEG", quality=80)
            return stream.getvalue()
    except (
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
    ):  # Pillow raises all of these
        return b""
