import struct
import zlib
from contextlib import suppress

import numpy as np
import pytest
from PIL import Image

from prodsim.pictures import PictureError, decode, thumbnail
from tests.pictures.drawn import draw, saved


def png_of(width, height):
    """A valid PNG that says it has so many pixels, in a few bytes."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 10_000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_usual_formats_are_read(kind):
    picture = decode(saved(draw("disc", "red", (120, 90)), kind), 32)

    assert (picture.width, picture.height, picture.pixels.shape) == (120, 90, (32, 32, 3))
    assert np.abs(picture.pixels[16, 14].astype(int) - (255, 0, 0)).max() < 16


def test_transparent_parts_become_white():
    image = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    image.paste(draw("square", "blue", (64, 64)), mask=draw("square", "white", (64, 64), "black").convert("L"))

    assert decode(saved(image), 32).pixels[0, 0].tolist() == [255, 255, 255]


def test_a_picture_is_turned_as_its_camera_noted():
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    image = Image.new("RGB", (60, 40), "white")
    image.paste("red", (0, 0, 30, 40))

    pixels = decode(saved(image, "JPEG", exif=exif, quality=95), 32).pixels.astype(int)

    assert pixels[4, 16, 1] < 60
    assert pixels[28, 16, 1] > 200


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (png_of(100_000, 100_000), "too large"),
        (png_of(9_000, 9_000), "too large"),
        (b"<?xml version='1.0'?><svg><script>alert(1)</script></svg>", "drawing"),
        (b"<html>no picture</html>", "unreadable"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "unreadable"),
        (b"", "unreadable"),
        (saved(draw("disc", "red"), "JPEG")[:400], "unreadable"),
        (saved(draw("disc", "red"), "JPEG") + b"\0" * 30_000_000, "too large"),
        (saved(Image.new("RGB", (400, 1), "red")), "tiny"),
        (saved(Image.new("RGB", (80, 80), "beige")), "blank"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_its_reason(data, problem):
    with pytest.raises(PictureError) as caught:
        decode(data, 32)

    assert caught.value.problem == problem


def test_a_thumbnail_keeps_the_shape():
    small = decode(thumbnail(saved(draw("bars", "green", (400, 200))), 100), 32)

    assert (small.width, small.height) == (100, 50)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_a_garbled_picture_is_read_or_refused(kind):
    rng = np.random.default_rng(0)
    whole = np.frombuffer(saved(Image.fromarray(rng.integers(0, 255, (40, 60, 3), np.uint8)), kind), np.uint8)

    for _ in range(60):
        garbled = whole.copy()
        garbled[rng.integers(0, rng.choice([60, len(whole)]), 3)] = rng.integers(0, 256, 3)
        with suppress(PictureError):
            decode(garbled.tobytes(), 32)
