"""What a check receives and what it returns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.findings import Finding
from prodsim.graph import NeighbourGraph
from prodsim.index import Rows
from prodsim.phrases import Text
from prodsim.pictures.lettering import Line
from prodsim.progress import Progress
from prodsim.search import Comparer, ScoreCalibration

Level = Literal["strict", "usual", "loose"]
"""Sensitivity: *strict* gives few and sure findings, *loose* many and less sure ones."""
LEVEL_TITLES: Mapping[Level, Text] = {"strict": Text("Strict"), "usual": Text("Standard"), "loose": Text("Loose")}


@dataclass(frozen=True, slots=True)
class Subject:
    """A built catalog as checks see it.

    Attributes:
        catalog: the products; everything else is in its rows.
        comparer: each part between products, exact.
        graph: neighbours of every distinct vector, best first; ``neighbours_of`` gives them of products.
        calibration: how close random products are.
        level: the sensitivity.
        threshold: the score from which two products count as duplicates, in place of the level's; in [0, 1].
        judged: pairs of SKUs, and whether a person decided that they are one product: the level's threshold follows
            them.
        base: folder that relative paths of pictures start in; nothing outside it is read. None: no file is read.
        picture_problems: why pictures cannot be compared, by their places; see ``prodsim.pictures.PROBLEMS``.
        lettering: the lines of text on pictures, by their places; empty where they are not read.

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
    picture_problems: Mapping[str, str] = field(default_factory=dict)
    lettering: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.threshold is not None and not 0 <= self.threshold <= 1:
            raise ValueError(f"a threshold must be within 0 and 1, got {self.threshold:g}")

    def neighbours_of(self, row: int) -> tuple[Rows, NDArray[np.float32]]:
        """Return other products near a product in the space of vectors, best first, and their scores by the metric.

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
        kinds: all kinds of its findings, each with its title on the screen.
        title: of the check, on the screen.
        description: what it finds, in one sentence.
        run: the check.
        field: that it is about, if it is about one; things of a kind without that field need no such check.
    """

    name: str
    kinds: Mapping[str, Text]
    title: Text
    description: Text
    run: Check
    field: str = ""
