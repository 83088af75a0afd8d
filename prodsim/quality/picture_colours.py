"""Pictures that show another colour than the product is said to have."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.look import N_HUES, LookIndex, hue_name, hue_shares
from prodsim.quality.duplicates.variants import find_colours

HUES: Mapping[str, float] = {
    "red": 30, "burgundy": 20, "coral": 40, "orange": 60, "yellow": 95, "mustard": 85, "green": 145, "teal": 195,
    "turquoise": 200, "blue": 275, "purple": 315, "pink": 0, "magenta": 335,
}  # fmt: skip
"""Hue of a colour in CIELAB, in degrees, by the names that ``find_colours`` gives; others have none, or many."""
TOLERANCE = 70.0
"""Degrees that a hue may be from the one named: what is called blue reaches from turquoise to violet."""
MIN_OTHER = 0.4
"""Share of the picture that must have other hues: a blue feeder full of yellow seeds has 0.31. Of 1,100 fashion
products with their own pictures, none has 0.3."""
MAX_OWN = 0.01
"""Share of the picture that may have the hue that is named."""
COLOUR_COLUMNS = ("colour", "color", "颜色", "色号", "basecolour")


@dataclass(frozen=True, slots=True)
class ColourConflict:
    """A product whose pictures show nothing of the colour that it is said to have.

    Attributes:
        row: the product.
        named: the colours that title and colour columns name.
        seen: the colour that takes most of the main picture's coloured part.
        share: of the main picture that has other colours than the named ones, in [0, 1].
    """

    row: int
    named: tuple[str, ...]
    seen: str
    share: float


def find_colour_conflicts(catalog: Catalog, look: LookIndex) -> Iterator[ColourConflict]:
    """Yield the products none of whose pictures shows a named colour, though the main one shows others, in order.

    Products that also name a colour without a hue, such as black or grey, or one that is not known, are left out.
    """
    columns = [name for name in catalog.attributes if name.casefold().replace(" ", "") in COLOUR_COLUMNS]
    texts = [" / ".join(cells) for cells in catalog.products[["title", *columns]].to_numpy(str).tolist()]
    shares = hue_shares(look.colours)
    for row in np.flatnonzero(look.mains >= 0).tolist():
        named = find_colours(texts[row])
        if not named or not named <= HUES.keys():
            continue
        is_own = np.any([_distance(HUES[name]) <= TOLERANCE for name in named], axis=0)
        own = shares[look.pictures_of(row)][:, is_own].sum(axis=1).max()
        others = np.where(is_own, 0, shares[look.mains[row]])
        if own < MAX_OWN and others.sum() >= MIN_OTHER:
            degrees = (int(others.argmax()) + 0.5) * 360 / len(others)
            seen = hue_name(degrees)
            yield ColourConflict(row, tuple(sorted(named)), seen, float(others.sum()))


def _distance(hue: float) -> NDArray[np.float64]:
    """Return how far each bin of hues is from a hue, in degrees."""
    bins = (np.arange(N_HUES) + 0.5) * 360 / N_HUES
    away = np.abs(bins - hue) % 360
    return np.asarray(np.minimum(away, 360 - away), np.float64)
