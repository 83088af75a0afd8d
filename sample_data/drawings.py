"""Small flat pictures: one drawing per shape, tinted."""

import tomllib
from functools import cache
from pathlib import Path

_FRAME = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 180" width="240" height="180">'
    '<defs><linearGradient id="g" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="{light}"/>'
    '<stop offset="1" stop-color="{colour}"/></linearGradient></defs>'
    "<style>.d{{fill:#00000033}}.l{{fill:#ffffff4d}}.k{{fill:#3b3f45}}.w{{fill:#fbf7ef}}.s{{fill:#a9b1b8}}</style>"
    '<rect width="240" height="180" fill="{ground}"/><circle cx="120" cy="92" r="78" fill="#ffffff66"/>'
    '<ellipse cx="120" cy="154" rx="68" ry="7" fill="#00000014"/><g fill="url(#g)">{shape}</g></svg>\n'
)


def draw(shape: str, colour: str) -> str:
    """An SVG of 240 x 180 with the shape in the colour (``#rrggbb``) on a soft ground of the same hue."""
    light, ground = mix(colour, "#ffffff", 0.22), mix(colour, "#f5f1ea", 0.72)
    return _FRAME.format(colour=colour, light=light, ground=ground, shape=shapes()[shape])


@cache
def shapes() -> dict[str, str]:
    """Shape to its drawing, as the inside of an SVG."""
    text = (Path(__file__).parent / "shapes.toml").read_text(encoding="utf-8")
    return dict(tomllib.loads(text))


def mix(colour: str, other: str, share: float) -> str:
    """The colour with a share in [0, 1] of the other."""
    pairs = ((int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)
