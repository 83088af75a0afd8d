"""What each word adds to the score of any model: a sum that imitates it nearby, and a test whether it is right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodsim.explain.spans import distinct, without
from prodsim.phrases import Plural, Text

Score = Callable[[Sequence[str]], NDArray[np.float32]]
"""Changed texts of one product to what the model says of each; called with many at a time."""
MAX_WORDS = 40
"""Words that are tested; of a longer text the first ones."""
MIN_SAMPLES, SAMPLES_PER_WORD = 200, 12
"""Texts with words left out that the model is asked about, in all and for each word; a quarter checks the imitation."""
KERNEL_WIDTH = 0.25
"""A text at this distance, one minus the root of the share of words that are left, counts 1/e as much."""
RIDGE = 1e-3
N_RANDOM_ORDERS = 5

FIDELITY = Text("A sum over words imitates the model with R² = {fidelity:.2f} on texts that it was not fitted to.")
FAITHFUL = Text(
    "When the words are deleted, the most important first, {kept:.0%} of the score is left on average; in random "
    "order, {by_chance:.0%}."
)
NOT_TESTED = Plural("{n:,} word at the end was not tested.", "{n:,} words at the end were not tested.")


@dataclass(frozen=True, slots=True)
class Surrogate:
    """A sum over words that imitates a model near one text (LIME, Ribeiro et al. 2016).

    Attributes:
        words: distinct spans of the text in order, each with what it adds to the score.
        fidelity: how well it imitates: R² on texts it was not fitted to, 1 for perfectly, below 0 for worse than none.
        kept: see ``deletion_area``, by the order of the words' importance; lower where they matter more.
        by_chance: the same in random order, the mean over several.
        n_left: words beyond the first ``MAX_WORDS``.
    """

    words: tuple[tuple[str, float], ...]
    fidelity: float
    kept: float
    by_chance: float
    n_left: int

    @property
    def sentence(self) -> str:
        """Say how far it can be trusted."""
        told = [FIDELITY(fidelity=self.fidelity), FAITHFUL(kept=self.kept, by_chance=self.by_chance)]
        return " ".join([*told, *([NOT_TESTED(self.n_left)] if self.n_left else [])])


def imitate(score: Score, text: str, seed: int = 0) -> Surrogate:
    """Ask a model about a text with words left out at random, and fit a sum over the words to what it says.

    Args:
        score: the model, for one query.
        text: of the product.
        seed: of what is left out.
    """
    every = distinct(text)
    words = every[:MAX_WORDS]
    if not words:
        return Surrogate((), 0.0, 1.0, 1.0, 0)
    rng = np.random.default_rng(seed)
    n = max(MIN_SAMPLES, SAMPLES_PER_WORD * len(words))
    missing = rng.random((n, len(words))) < rng.random((n, 1))
    missing[0] = False
    said = score([_left(text, words, one) for one in missing]).astype(np.float64)
    near = np.exp(-(((1 - np.sqrt(1 - missing.mean(axis=1))) / KERNEL_WIDTH) ** 2))
    checks = np.arange(n) % 4 == 3
    there = np.column_stack([np.ones(n), ~missing])
    amounts = _fitted(there[~checks], said[~checks], near[~checks])
    fidelity = _r_squared(said[checks], there[checks] @ amounts, near[checks])
    order = np.argsort(-amounts[1:], kind="stable")
    orders = [rng.permutation(len(words)) for _ in range(N_RANDOM_ORDERS)]
    chance = float(np.mean([deletion_area(score, text, [words[i] for i in one]) for one in orders]))
    kept = deletion_area(score, text, [words[i] for i in order])
    added = tuple((word, float(amount)) for word, amount in zip(words, amounts[1:], strict=True))
    return Surrogate(added, fidelity, kept, chance, len(every) - len(words))


def deletion_area(score: Score, text: str, order: Sequence[str]) -> float:
    """Return the mean share of a text's score that is left as words are deleted in an order, one more each time.

    The score without any of the words counts as nothing left. 1.0 where that is no lower. (Samek et al. 2017)
    """
    said = score([without(text, order[:n]) for n in range(len(order) + 1)]).astype(np.float64)
    whole = said[0] - said[-1]
    return float(np.mean((said - said[-1]) / whole)) if whole > 0 else 1.0


def _left(text: str, words: Sequence[str], missing: NDArray[np.bool_]) -> str:
    return without(text, [word for word, is_missing in zip(words, missing.tolist(), strict=True) if is_missing])


def _fitted(x: NDArray[np.float64], y: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weighted ridge regression's coefficients, the constant first."""
    penalty = RIDGE * np.eye(x.shape[1])
    penalty[0, 0] = 0
    return np.asarray(np.linalg.solve((x.T * weights) @ x + penalty, (x.T * weights) @ y), np.float64)


def _r_squared(said: NDArray[np.float64], imitated: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    mean = np.average(said, weights=weights)
    spread = float(weights @ (said - mean) ** 2)
    return 1 - float(weights @ (said - imitated) ** 2) / spread if spread else 0.0
