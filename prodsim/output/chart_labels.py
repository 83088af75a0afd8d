"""Names on figures: which of them fit on the map, and how a category's path becomes short enough for a narrow place."""

import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from prodsim.catalog.category_paths import levels_of, path_of

MAP_PX = np.array([540, 380])
"""Width and height of the map's points on a laptop's screen; names that fit there fit on larger ones, too."""
LETTER_PX, LINE_PX = 7, 16
"""Width of a letter and height of a line of a name on the map."""
NARROW_LETTERS = 29
"""Letters that fit beside the findings of the Quality page on a laptop's screen."""


def label_places(
    xy: NDArray[np.float32], cluster: NDArray[np.int32], labels: Sequence[str], max_labels: int = 30
) -> list[tuple[str, float, float]]:
    """Place the largest clusters' names at the middle of their points; a name that would cover another is left out."""
    places: list[tuple[str, float, float]] = []
    taken: list[tuple[float, float, float]] = []
    px = MAP_PX / np.maximum(np.ptp(xy, axis=0), 1e-9) if len(xy) else np.ones(2)
    for number, label in enumerate(labels):  # clusters are numbered by size
        x, y = np.median(xy[cluster == number], axis=0)
        name = label.split(", ")[0]
        left, middle, half = float(x * px[0]), float(y * px[1]), LETTER_PX * text_width(name) / 2
        if all(abs(left - x_of) > half + half_of or abs(middle - y_of) > LINE_PX for x_of, y_of, half_of in taken):
            taken.append((left, middle, half))
            places.append((name, float(x), float(y)))
        if len(places) == max_labels:
            break
    return places


def narrow_path(path: str, room: int = NARROW_LETTERS) -> str:
    """Shorten a category's path to ``room`` letters: its first levels are left out, then the end of the last one."""
    levels = levels_of(path)
    shorter = [path, *(path_of(["…", *levels[first:]]) for first in range(1, len(levels))), levels[-1]]
    return next((text for text in shorter if text_width(text) <= room), _cut(levels[-1], room))


def text_width(text: str) -> int:
    """Return the width of a text in letters; a Chinese character is as wide as two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _cut(text: str, room: int) -> str:
    while text_width(text) > room - 1:
        text = text[:-1]
    return f"{text}…"
