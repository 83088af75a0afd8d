"""What a check is given and what it gives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.findings import Finding
from prodsim.graph import NeighbourGraph
from prodsim.index import Rows
from prodsim.progress import Progress
from prodsim.search import Comparer, ScoreCalibration

Level = Literal["strict", "usual", "loose"]
"""How much it takes to be found: *strict* gives few and sure findings, *loose* many and less sure ones."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A built catalog as checks see it.

    Attributes:
        catalog: the products; everything else is in its rows.
        comparer: each part between products, exact.
        graph: neighbours of every distinct vector, best first; ``neighbours_of`` gives them of products.
        chance: how close random products are.
        level: how much it takes to be found.
        threshold: the score from which two products are taken for one, in place of the level's; in [0, 1].
        judged: pairs of SKUs, and whether a person takes them for one product: the level's threshold follows them.
        base: folder that relative paths of pictures start in; nothing outside it is read. None: no file is read.

    Raises:
        ValueError: a threshold outside [0, 1].
    """

    catalog: Catalog
    comparer: Comparer
    graph: NeighbourGraph
    calibration: ScoreCalibration
    level: Level = "usual"
    threshold: float | None = None
    judged: tuple[tuple[str, str, bool], ...] = ()
    base: Path | None = None

    def __post_init__(self) -> None:
        if self.threshold is not None and not 0 <= self.threshold <= 1:
            raise ValueError(f"a threshold must be within 0 and 1, got {self.threshold:g}")

    def neighbours_of(self, row: int) -> tuple[Rows, NDArray[np.float32]]:
        """Other products near one in the space of vectors, best first, and their scores by the index's metric.

        Products with the very same vector come first, then those of the graph's neighbours, which are at most as many
        vectors as the graph keeps.
        """
        index = self.comparer.index
        own = int(index.group_of[row])
        groups = self.graph.rows[own]
        groups = groups[groups >= 0].astype(np.int64)
        members = [index.members(own), *(index.members(int(group)) for group in groups)]
        rows = np.concatenate(members)
        rows = rows[rows != row]
        return rows, np.asarray(self.comparer.product_vector_parts(row, rows)["meaning"], np.float32)


Check: TypeAlias = Callable[[Subject, Progress], Sequence[Finding]]
"""Finds imperfections; surest first. ``Cancelled`` from the progress passes through."""


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """A row of the registry.

    Attributes:
        name: what ``--kind`` takes; also the kind of findings that the check gives first.
        kinds: all kinds of its findings.
        title: for the screen.
        what_for: one sentence: what it finds.
        run: the check.
    """

    name: str
    kinds: tuple[str, ...]
    title: str
    what_for: str
    run: Check
