"""Joining what several clients learned in a round: updates that fit, none of them too long, by mean or by median."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from prodsim.errors import TrainingError
from prodsim.phrases import Text, phrase

Aggregation = Literal["mean", "median", "krum"]
Change = NDArray[np.float32]
"""How the trained weights changed, in the order of the model, shape (n_weights,)."""
MAX_LENGTH = 3.0
"""Of the median length of a round's updates; a longer one is shortened to it."""
QUORUM = 0.5
"""More than this share of the clients must have sent an update that fits, or the round teaches nothing."""

LATE = Text("it belongs to round {round:,}")
NOT_FINITE = Text("some of its numbers are infinite or missing")
WRONG_LENGTH = Text("it has {n:,} numbers instead of {expected:,}")
NO_EXAMPLES = Text("it was trained on {n:,} examples")
OTHER_TERMS = {
    "base": Text("it started from a different base model"),
    "vocabulary": Text("its model has a different vocabulary"),
    "recipe": Text("it followed a different recipe"),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What all clients must have in common, as digests.

    Attributes:
        base: of the base model's files.
        vocabulary: of the words that it knows.
        recipe: of all that decides the shape and the training of the weights.
    """

    base: str
    vocabulary: str
    recipe: str

    def first_difference(self, other: "Terms") -> str | None:
        """Return the name of the first that differs; ``None`` where all are equal."""
        return next((f.name for f in fields(self) if getattr(self, f.name) != getattr(other, f.name)), None)


@dataclass(frozen=True, slots=True)
class Update:
    """All that a client sends after a round.

    Attributes:
        client: its name.
        round: of which round it is, from 1.
        terms: of its model and recipe.
        change: of the weights since the round began.
        n: examples that it was trained on.
    """

    client: str
    round: int
    terms: Terms
    change: Change
    n: int


@dataclass(frozen=True)
class Round:
    """What came of a round.

    Attributes:
        change: of the common weights.
        taken: clients whose updates are in it.
        refused: client to the reason why its update is not.
        shortened: clients whose updates were too long.
    """

    change: Change
    taken: tuple[str, ...]
    refused: Mapping[str, str]
    shortened: tuple[str, ...]


def join_updates(
    updates: Sequence[Update], number: int, terms: Terms, n_weights: int, n_clients: int, aggregation: Aggregation
) -> Round:
    """Join the updates of a round.

    Args:
        updates: those that came, in any order.
        number: of the round, from 1.
        terms: that they must meet.
        n_weights: length of a change.
        n_clients: how many take part, whether they answered or not.
        aggregation: ``mean`` weighs updates by their examples (FedAvg, McMahan et al. 2017); ``median`` takes the
            median of each weight (Yin et al. 2018) and ``krum`` the one update closest to the others (Blanchard et
            al. 2017), so that few liars decide nothing.

    Raises:
        TrainingError: updates that fit came from ``QUORUM`` of the clients or fewer.
    """
    refused = {one.client: why for one in updates if (why := _refusal(one, number, terms, n_weights))}
    fitting = sorted((one for one in updates if one.client not in refused), key=lambda one: one.client)
    if len(fitting) <= QUORUM * n_clients:
        raise _too_few(number, len(fitting), n_clients, refused)
    changes = np.stack([one.change for one in fitting])
    lengths = np.linalg.norm(changes.astype(np.float64), axis=1)
    most = MAX_LENGTH * float(np.median(lengths))
    changes *= np.minimum(1, most / np.maximum(lengths, 1e-12)).astype(np.float32)[:, None]
    change = _AGGREGATIONS[aggregation](changes, np.array([one.n for one in fitting], np.float64))
    shortened = tuple(one.client for one, length in zip(fitting, lengths, strict=True) if length > most)
    return Round(change, tuple(one.client for one in fitting), refused, shortened)


def _refusal(update: Update, number: int, terms: Terms, n_weights: int) -> str | None:
    """Return why an update cannot be taken; ``None`` where it can."""
    other = update.terms.first_difference(terms)
    if other is not None:
        return OTHER_TERMS[other]()
    if update.round != number:
        return LATE(round=update.round)
    if update.change.shape != (n_weights,):
        return WRONG_LENGTH(n=update.change.size, expected=n_weights)
    if not np.isfinite(update.change).all():
        return NOT_FINITE()
    if update.n < 1:
        return NO_EXAMPLES(n=update.n)
    return None


def _too_few(number: int, n: int, n_clients: int, refused: Mapping[str, str]) -> TrainingError:
    reasons = "; ".join(f"{client}: {why}" for client, why in refused.items())
    return TrainingError(
        phrase(
            "Round {round:,} was not used: {n:,} of {clients:,} catalogs sent an update that fits. {reasons}",
            round=number,
            n=n,
            clients=n_clients,
            reasons=reasons,
        ).strip(),
        phrase("Start or continue the run when more of them can take part. Nothing of this round was learned."),
    )


def _mean(changes: NDArray[np.float32], n: NDArray[np.float64]) -> Change:
    return np.asarray((n / n.sum()) @ changes, np.float32)


def _median(changes: NDArray[np.float32], _: NDArray[np.float64]) -> Change:
    return np.asarray(np.median(changes, axis=0), np.float32)


def _krum(changes: NDArray[np.float32], _: NDArray[np.float64]) -> Change:
    """Return the update with the least sum of squared distances to its n - f - 2 closest others, f = (n - 3) // 2."""
    n = len(changes)
    liars = max(0, (n - 3) // 2)
    apart = np.array([[float(((a - b).astype(np.float64) ** 2).sum()) for b in changes] for a in changes])
    closest = np.sort(apart, axis=1)[:, 1 : 1 + max(1, n - liars - 2)]
    chosen: Change = changes[int(closest.sum(axis=1).argmin())]
    return chosen


_AGGREGATIONS = {"mean": _mean, "median": _median, "krum": _krum}
