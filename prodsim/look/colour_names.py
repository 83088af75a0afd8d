"""What people call the colours of a picture."""

import numpy as np
from numpy.typing import NDArray

from prodsim.look.sketch import N_HUES, hue_shares
from prodsim.phrases import Text

HUE_NAMES = (
    (15, Text("pink")), (50, Text("red")), (75, Text("orange")), (110, Text("yellow")), (175, Text("green")),
    (220, Text("turquoise")), (300, Text("blue")), (345, Text("purple")), (361, Text("pink")),
)  # fmt: skip
"""What a hue in CIELAB is called, up to each number of degrees."""
MIN_COMMON = 0.03
"""Of two pictures, the share that both must have of a colour for it to be in common."""


def hue_name(degrees: float) -> str:
    """Return what a hue is called."""
    return next(name() for most, name in HUE_NAMES if degrees < most)


def common_colours(own: NDArray[np.floating], other: NDArray[np.floating]) -> tuple[str, ...]:
    """Return the names of the colours that two pictures both show, the most frequent first; greys have none.

    Args:
        own: colours of one picture, as ``sketch.colours`` gives them.
        other: of the other.
    """
    shares = [_shares_by_name(hues) for hues in hue_shares(np.stack([own, other]))]
    common = {name: min(share, shares[1].get(name, 0.0)) for name, share in shares[0].items()}
    return tuple(sorted((name for name in common if common[name] >= MIN_COMMON), key=lambda name: -common[name]))


def _shares_by_name(hues: NDArray[np.float32]) -> dict[str, float]:
    """Return how much of a picture has each named colour, by its shares of hues."""
    shares: dict[str, float] = {}
    for hue, share in enumerate(hues.tolist()):
        name = hue_name((hue + 0.5) * 360 / N_HUES)
        shares[name] = shares.get(name, 0.0) + share
    return shares
