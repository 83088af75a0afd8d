"""The weights of a search: those of a mode, those of parts that a catalog lacks, and scores as sums of parts."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from prodsim.errors import QueryError
from prodsim.phrases import Text, joined
from prodsim.search.types import Mode
from prodsim.similarity import Scores, Weights, part_name

LACKING_PARTS = Text("This catalog has no values for {parts}; the other parts share their weight.")
LACKING_RERANKER = Text(
    "No re-ranker is set up, so its weight is ignored. To use one, set PRODSIM_RERANKER to the name or folder of a "
    "cross-encoder."
)
NOT_COMPARABLE = Text("Neither this query nor this catalog has values for the parts with a weight: {parts}.")
NO_RERANKER = Text("Only the re-ranker has a weight, and no re-ranker is set up.")
GIVE_WEIGHT = Text("Give Meaning, Words or Identifiers a weight above 0.")
GIVE_WEIGHT_OR_RERANKER = Text(
    "Give Meaning, Words or Identifiers a weight above 0, or set PRODSIM_RERANKER to the name or folder of a "
    "cross-encoder."
)
NO_MEANING = Text("Meaning has no weight, so it cannot be searched by alone.")
NO_LOOK_WEIGHT = Text("Look has no weight, so a picture cannot be searched by.")
GIVE_LOOK_WEIGHT = Text("Give Look a weight above 0.")
NO_WORDS = Text("Neither Words nor Identifiers has a weight, so they cannot be searched by alone.")
GIVE_MODE_WEIGHT = Text("Give that part a weight above 0, or search by all parts.")


def weights_of_mode(weights: Weights, mode: Mode) -> Weights:
    """Return the weights of the parts that a mode compares; raise ``QueryError`` when none of them has one."""
    if mode == "both":
        return weights
    try:
        return weights.only("meaning") if mode == "meaning" else weights.only("words", "identifiers")
    except ValueError:
        raise QueryError(NO_MEANING() if mode == "meaning" else NO_WORDS(), GIVE_MODE_WEIGHT()) from None


def lacking_parts(weights: Weights, parts: Iterable[str]) -> tuple[str, ...]:
    """Return the parts that have a weight but are not among the given ones, in the order of ``Weights``."""
    given = set(parts)
    return tuple(name for name, weight in weights.as_dict().items() if weight > 0 and name not in given)


def lacking_note(parts: Sequence[str]) -> str:
    """Say what becomes of the weights of lacking parts; ``""`` where none is lacking."""
    fields = [part_name(part) for part in parts if part != "reranker"]
    notes = [LACKING_PARTS(parts=joined(fields))] if fields else []
    if "reranker" in parts:
        notes.append(LACKING_RERANKER())
    return " ".join(notes)


def check_comparable(weights: Weights, parts: Iterable[str]) -> None:
    """Raise ``QueryError`` when none of the given parts has a weight."""
    used = [name for name, weight in weights.as_dict().items() if weight > 0]
    if not set(used) & set(parts):
        if used == ["reranker"]:
            raise QueryError(NO_RERANKER(), GIVE_WEIGHT_OR_RERANKER())
        fix = GIVE_WEIGHT_OR_RERANKER if "reranker" in used else GIVE_WEIGHT
        raise QueryError(NOT_COMPARABLE(parts=joined(map(part_name, used))), fix())


def total(added: Mapping[str, Scores]) -> NDArray[np.float64]:
    """Add up at least one part to scores, in the precision that Python adds a hit's parts with."""
    return np.asarray(sum(part.astype(np.float64) for part in added.values()), np.float64)
