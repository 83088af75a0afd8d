"""The look to be expected of a product without a picture."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from prodsim.similarity import Scores


@dataclass(frozen=True, slots=True)
class ExpectedLook:
    """How alike two products probably look, by their meaning: the least-squares line over random pairs of a catalog.

    What is expected keeps a product without a picture neither behind all that have one nor before those that are known
    to look alike. It is never below the mean: far from most pairs, a line says little.

    Attributes:
        mean: of the looks of random pairs.
        slope, intercept: of the line from the cosine of the meaning to the look.
    """

    mean: float = 0.0
    slope: float = 0.0
    intercept: float = 0.0

    @classmethod
    def of(cls, meaning: NDArray[np.floating], look: NDArray[np.floating]) -> Self:
        """Return the line of some pairs; those whose look is unknown (NaN) are left out."""
        known = np.isfinite(look)
        if not known.any():
            return cls()
        x, y = np.asarray(meaning, np.float64)[known], np.asarray(look, np.float64)[known]
        apart = x - x.mean()
        slope = float(apart @ y / max(apart @ apart, 1e-9))
        return cls(float(y.mean()), slope, float(y.mean() - slope * x.mean()))

    def by_meaning(self, meaning: NDArray[np.floating]) -> Scores:
        """Return the look to be expected at each cosine, in [``mean``, 1]."""
        return np.asarray(np.clip(self.slope * meaning + self.intercept, self.mean, 1), np.float32)
