"""The map as a browser draws it: places, colours and names in numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.output.charts import GREY, PALETTE, Colouring, colour_by_kind

N_STEPS = 24
"""Colours of a scale."""
MIDDLE = 0.5, 99.5
"""Percentiles between which the points lie that a map shows at first; a few far ones would leave it half empty."""
NAME_PX = 11, 19
"""Height of the names of the smallest and the largest clusters."""
VIRIDIS = ("#440154", "#414487", "#2a788e", "#22a884", "#7ad151", "#fde725")


@dataclass(frozen=True, slots=True)
class Colours:
    """Colours of points.

    Attributes:
        codes: uint8, shape (n,): the place in the palette.
        palette: colours as "#rrggbb".
        legend: names of the first colours with their colour; empty where names on the map, or a scale, tell it.
        low, high: the amounts at the ends of a scale; ``None`` where kinds are coloured.
    """

    codes: NDArray[np.uint8]
    palette: tuple[str, ...]
    legend: tuple[tuple[str, str], ...] = ()
    low: float | None = None
    high: float | None = None


def as_places(xy: NDArray[np.float32]) -> NDArray[np.uint16]:
    """Return positions in 1/65535 of each axis, shape (n, 2)."""
    low, span = _extent(xy)
    return np.round((xy - low) / span * 65535).astype(np.uint16)


def as_positions(xy: NDArray[np.float32], corners: Sequence[Sequence[float]]) -> tuple[list[float], list[float]]:
    """Return the x and the y of corners that are given in shares of each axis."""
    low, span = _extent(xy)
    moved = np.array(corners, np.float64).reshape(-1, 2) * span + low
    return moved[:, 0].tolist(), moved[:, 1].tolist()


def first_frame(xy: NDArray[np.float32]) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of what is shown at first, in shares of each axis."""
    if not len(xy):
        return 0.0, 0.0, 1.0, 1.0
    low, span = _extent(xy)
    (x0, y0), (x1, y1) = (np.percentile((xy - low) / span, MIDDLE, axis=0)).tolist()
    return x0, y0, max(x1, x0 + 1e-6), max(y1, y0 + 1e-6)


def cluster_colours(xy: NDArray[np.float32], cluster: NDArray[np.int32]) -> Colours:
    """Give every cluster a colour that no near one has; points of no cluster are grey.

    The largest come first, each gets the colour whose nearest cluster is the farthest away.
    """
    n = int(cluster.max(initial=-1)) + 1
    low, span = _extent(xy)
    middles = _middles((xy - low) / span, cluster, n)
    nearest = np.full(len(PALETTE), np.inf)
    taken: list[list[int]] = [[] for _ in PALETTE]
    colour_of = np.full(n + 1, len(PALETTE), np.uint8)  # the last place is that of -1
    for number in range(n):
        for colour, others in enumerate(taken):
            away = np.hypot(*(middles[others] - middles[number]).T)
            nearest[colour] = away.min() if len(others) else np.inf
        best = int(np.argmax(nearest))
        taken[best].append(number)
        colour_of[number] = best
    return Colours(colour_of[cluster], (*PALETTE, GREY))


def kind_colours(values: "pd.Series[str]") -> Colours:
    """Colour the most frequent values; the others and the empty ones are grey."""
    colouring: Colouring = colour_by_kind(values)
    palette = (*PALETTE[: len(colouring.names) - 1], GREY)
    return Colours(colouring.codes.astype(np.uint8), palette, tuple(zip(colouring.names, palette, strict=True)))


def amount_colours(values: "pd.Series[float]") -> Colours:
    """Colour amounts on a logarithmic scale between the 1st and the 99th percentile; unknown ones are grey."""
    amounts = values.to_numpy(np.float64)
    known = amounts[amounts > 0]
    if not len(known):
        return Colours(np.full(len(amounts), N_STEPS, np.uint8), (*_scale(), GREY))
    low, high = (float(edge) for edge in np.percentile(known, (1, 99)))
    with np.errstate(divide="ignore", invalid="ignore"):
        places = np.log(amounts / low) / max(np.log(high / low), 1e-9) * (N_STEPS - 1)
    codes = np.where(amounts > 0, np.clip(np.nan_to_num(places), 0, N_STEPS - 1), N_STEPS)
    return Colours(codes.astype(np.uint8), (*_scale(), GREY), low=low, high=high)


def names_of_clusters(
    xy: NDArray[np.float32], cluster: NDArray[np.int32], labels: Sequence[str]
) -> list[tuple[str, float, float, int]]:
    """Return the name, place in shares of each axis, and height in pixels of every cluster, the largest first.

    Who draws them leaves out what would cover an earlier one, at any zoom.
    """
    low, span = _extent(xy)
    middles = _middles((xy - low) / span, cluster, len(labels))
    sizes = np.bincount(cluster[cluster >= 0], minlength=len(labels))
    share = np.sqrt(sizes / max(sizes.max(initial=1), 1))
    heights = (NAME_PX[0] + (NAME_PX[1] - NAME_PX[0]) * share).round().astype(int)
    return [
        (label.split(", ")[0], float(x), float(y), int(height))
        for label, (x, y), height in zip(labels, middles, heights, strict=True)
    ]


def _middles(places: NDArray[np.float64], cluster: NDArray[np.int32], n: int) -> NDArray[np.float64]:
    """Return the median position of each cluster, shape (n, 2)."""
    order = np.argsort(cluster, kind="stable")
    starts = np.searchsorted(cluster[order], np.arange(n + 1))
    parts = (places[order[starts[each] : starts[each + 1]]] for each in range(n))
    return np.array([np.median(part, axis=0) if len(part) else (0, 0) for part in parts], np.float64).reshape(-1, 2)


def _scale() -> tuple[str, ...]:
    stops = np.array([[int(each[at : at + 2], 16) for at in (1, 3, 5)] for each in VIRIDIS])
    steps = np.linspace(0, len(stops) - 1, N_STEPS)
    channels = [np.interp(steps, np.arange(len(stops)), stops[:, channel]) for channel in range(3)]
    return tuple(f"#{round(r):02x}{round(g):02x}{round(b):02x}" for r, g, b in zip(*channels, strict=True))


def _extent(xy: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lowest position of each axis and how far the axes reach."""
    if not len(xy):
        return np.zeros(2), np.ones(2)
    low = xy.min(axis=0).astype(np.float64)
    return low, np.maximum(np.ptp(xy, axis=0).astype(np.float64), 1e-9)
