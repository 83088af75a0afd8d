"""Random choices that are the same on every system and Python version.

Python promises a repeatable sequence only for ``Random.random()``; so everything here is made of that alone.
"""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A seeded source of choices."""

    def __init__(self, seed: int) -> None:
        self._next = random.Random(seed).random

    def below(self, n: int) -> int:
        """A whole number in [0, n)."""
        return int(self._next() * n)

    def pick(self, items: Sequence[T]) -> T:
        """One of the items, each as likely."""
        return items[int(self._next() * len(items))]

    def some(self, items: Sequence[T], n: int) -> list[T]:
        """N different items in random order; all of them when there are fewer."""
        left = list(items)
        return [left.pop(int(self._next() * len(left))) for _ in range(min(n, len(left)))]

    def happens(self, share: float) -> bool:
        """True in this share of cases."""
        return self._next() < share

    def between(self, low: float, high: float) -> float:
        """A number in [low, high)."""
        return low + (high - low) * self._next()
