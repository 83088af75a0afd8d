"""Small flat pictures: one drawing per shape, tinted."""

import io
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 240, 180
OVERSAMPLING = 4
"""Points in each direction that a pixel's share of a shape is counted from."""
STEPS_PER_CURVE = 16
COLOUR_STEP = 4
"""Colours are multiples of it, which nobody sees and which makes the files a third smaller."""
TINTED = "tinted"
"""The paint that takes the product's colour."""
PAINTS: Mapping[str, tuple[str, float]] = {
    "d": ("#000000", 0.2), "l": ("#ffffff", 0.3), "k": ("#3b3f45", 1), "w": ("#fbf7ef", 1), "s": ("#a9b1b8", 1),
}  # fmt: skip
"""Class to its colour and how much of it covers what is below."""
_BEHIND = (
    '<circle cx="120" cy="92" r="78" fill="#ffffff" opacity=".4"/>'
    '<ellipse cx="120" cy="154" rx="68" ry="7" fill="#000000" opacity=".08"/>'
)
_PATH_PART = re.compile(r"[MLHVQZz]|[mlhvq]|-?(?:\d+\.?\d*|\.\d+)")

Points = list[tuple[float, float]]
Pixels = NDArray[np.uint8]
Layer = tuple[str, tuple[slice, slice], NDArray[np.float64]]
"""A colour, or ``TINTED``; the rows and columns that it touches; how much it covers of each pixel there."""


def draw(shape: str, colour: str) -> Image.Image:
    """A picture of 240 x 180 with the shape in the colour (``#rrggbb``) on a soft ground of the same hue."""
    light, ground = _mixed(_rgb(colour), _rgb("#ffffff"), 0.22), _mixed(_rgb(colour), _rgb("#f5f1ea"), 0.72)
    pixels = np.tile(np.array(ground), (HEIGHT, WIDTH, 1))
    for paint, place, cover in layers(shape):
        if paint != TINTED:
            over = np.array(_rgb(paint))
        else:  # lighter at the top of each part
            down = np.linspace(0, 1, len(cover))[:, None, None]
            over = np.array(light) * (1 - down) + np.array(_rgb(colour)) * down
        pixels[place] += cover[:, :, None] * (over - pixels[place])
    return Image.fromarray((np.rint(pixels / COLOUR_STEP) * COLOUR_STEP).clip(0, 255).astype(np.uint8))


def cropped(picture: Image.Image) -> Image.Image:
    """The middle of a picture, as large as the whole."""
    return picture.crop((6, 5, WIDTH - 6, HEIGHT - 5)).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)


def as_webp(image: Image.Image) -> bytes:
    """The file of a picture, without loss."""
    stream = io.BytesIO()
    image.save(stream, "WEBP", lossless=True)
    return stream.getvalue()


@cache
def layers(shape: str) -> tuple[Layer, ...]:
    """What a shape is painted of, from the back to the front."""
    drawing = ElementTree.fromstring(f"<g>{_BEHIND}{shapes()[shape]}</g>")
    return tuple(map(_layer, drawing))


@cache
def shapes() -> dict[str, str]:
    """Shape to its drawing, as the inside of an SVG of plain paths, rectangles, circles and ellipses."""
    text = (Path(__file__).parent / "shapes.toml").read_text(encoding="utf-8")
    return dict(tomllib.loads(text))


def _layer(element: ElementTree.Element) -> Layer:
    image = Image.new("L", (WIDTH * OVERSAMPLING, HEIGHT * OVERSAMPLING))
    pen = ImageDraw.Draw(image)
    stroke = element.get("stroke")
    if stroke:  # only circles have one
        x, y, radius, width = (float(element.get(name, "0")) for name in ("cx", "cy", "r", "stroke-width"))
        outer, inner = radius + width / 2, radius - width / 2
        pen.ellipse(_scaled([(x - outer, y - outer), (x + outer, y + outer)]), fill=255)
        pen.ellipse(_scaled([(x - inner, y - inner), (x + inner, y + inner)]), fill=0)
    else:
        _OUTLINES[element.tag](element, pen)
    share = np.asarray(image.reduce(OVERSAMPLING), np.float64) / 255
    paint, cover = PAINTS.get(element.get("class", ""), (element.get("fill", TINTED), 1.0))
    rows, columns = (np.flatnonzero(share.any(axis=axis)) for axis in (1, 0))
    place = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
    return stroke or paint, place, share[place] * cover * float(element.get("opacity", "1"))


def _fill_path(element: ElementTree.Element, pen: ImageDraw.ImageDraw) -> None:
    for points in _outlines(element.get("d", "")):
        pen.polygon(_scaled(points), fill=255)


def _fill_rectangle(element: ElementTree.Element, pen: ImageDraw.ImageDraw) -> None:
    x, y, width, height, radius = (float(element.get(name, "0")) for name in ("x", "y", "width", "height", "rx"))
    box = _scaled([(x, y), (x + width, y + height)])
    pen.rounded_rectangle((box[0], (box[1][0] - 1, box[1][1] - 1)), radius * OVERSAMPLING, fill=255)


def _fill_ellipse(element: ElementTree.Element, pen: ImageDraw.ImageDraw) -> None:
    radius = element.get("r", "0")
    x, y, across, down = (
        float(element.get(name, other)) for name, other in (("cx", "0"), ("cy", "0"), ("rx", radius), ("ry", radius))
    )
    pen.ellipse(_scaled([(x - across, y - down), (x + across, y + down)]), fill=255)


_OUTLINES: Mapping[str, Callable[[ElementTree.Element, ImageDraw.ImageDraw], None]] = {
    "path": _fill_path, "rect": _fill_rectangle, "circle": _fill_ellipse, "ellipse": _fill_ellipse,
}  # fmt: skip


def _outlines(path: str) -> Iterator[Points]:
    """The closed outlines of a path of the commands M, L, H, V, Q and Z, with curves as short lines."""
    parts, command, points = _PATH_PART.findall(path), "", Points()
    place = 0
    while place < len(parts):
        if parts[place].isalpha():
            command, place = parts[place], place + 1
            if command in "MmZz" and points:
                yield points
                points = points[:1] if command in "Zz" else []
            if command in "Zz":
                points = []
                continue
        n = {"h": 1, "v": 1, "q": 4}.get(command.lower(), 2)
        numbers = [float(part) for part in parts[place : place + n]]
        place += n
        points += _next_points(command, numbers, points[-1] if points else (0.0, 0.0))
    if points:
        yield points


def _next_points(command: str, numbers: list[float], now: tuple[float, float]) -> Points:
    """Where a command of a path leads from a point."""
    x, y = now if command.islower() else (0.0, 0.0)
    if command in "Hh":
        return [(x + numbers[0], now[1])]
    if command in "Vv":
        return [(now[0], y + numbers[0])]
    ends = [(x + across, y + down) for across, down in zip(numbers[::2], numbers[1::2], strict=True)]
    if command not in "Qq":
        return ends
    steps = [step / STEPS_PER_CURVE for step in range(1, STEPS_PER_CURVE + 1)]
    return [
        (
            (1 - t) ** 2 * now[0] + 2 * t * (1 - t) * ends[0][0] + t**2 * ends[1][0],
            (1 - t) ** 2 * now[1] + 2 * t * (1 - t) * ends[0][1] + t**2 * ends[1][1],
        )
        for t in steps
    ]


def _scaled(points: Points) -> Points:
    return [(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in points]


def _rgb(colour: str) -> tuple[float, ...]:
    return tuple(float(int(colour[i : i + 2], 16)) for i in (1, 3, 5))


def _mixed(colour: tuple[float, ...], other: tuple[float, ...], share: float) -> tuple[float, ...]:
    """The colour with a share in [0, 1] of the other."""
    return tuple(one + (two - one) * share for one, two in zip(colour, other, strict=True))
