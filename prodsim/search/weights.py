"""The weights of a search: those of a mode, those that this catalog cannot honour, and scores as sums of parts."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from prodsim.errors import QueryError
from prodsim.search.types import Mode
from prodsim.similarity import Scores, Weights

CHOOSE_RERANKER = "set PRODSIM_RERANKER to a cross-encoder's name or folder."


def weights_of_mode(weights: Weights, mode: Mode) -> Weights:
    """The weights of the parts that a mode compares; raises ``QueryError`` when nothing is left of them."""
    if mode == "both":
        return weights
    try:
        return weights.only("meaning") if mode == "meaning" else weights.only("words", "identifiers")
    except ValueError:
        raise QueryError(
            f"The weights {weights.as_dict()} leave nothing to compare by {mode} alone.",
            "Give that part a weight above 0, or compare by both.",
        ) from None


def lacking_parts(weights: Weights, parts: Iterable[str]) -> tuple[str, ...]:
    """The parts that have a weight and are not among those there are, in the order of ``Weights``."""
    there = set(parts)
    return tuple(name for name, weight in weights.as_dict().items() if weight > 0 and name not in there)


def lacking_note(parts: Sequence[str]) -> str:
    """What becomes of the weights of ``lacking`` parts, in a sentence or two; ``""`` where nothing is lacking."""
    fields = [part for part in parts if part != "reranker"]
    told = [f"This catalog gives no {', '.join(fields)}; the other parts share that weight."] if fields else []
    if "reranker" in parts:
        told.append(f"No re-ranker is chosen, so its weight counts nothing; {CHOOSE_RERANKER}")
    return " ".join(told)


def check_comparable(weights: Weights, parts: Iterable[str]) -> None:
    """Raise ``QueryError`` when none of the parts there are has a weight."""
    used = [name for name, weight in weights.as_dict().items() if weight > 0]
    if not set(used) & set(parts):
        raise QueryError(
            f"The weights compare by {', '.join(used)}, of which this query or this catalog tells nothing.",
            "Give meaning, words or identifiers a weight above 0."
            + (f" For a re-ranker: {CHOOSE_RERANKER}" if "reranker" in used else ""),
        )


def total(added: Mapping[str, Scores]) -> NDArray[np.float64]:
    """The scores that at least one part adds up to, in the precision that Python adds a hit's parts with."""
    return np.asarray(sum(part.astype(np.float64) for part in added.values()), np.float64)
