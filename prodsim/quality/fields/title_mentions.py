"""Values of a field that titles name."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from prodsim.quality.text.text_fault import TOKEN

_FOR = frozenset(("for", "fit", "fits", "with", "by", "vs", "like", "用", "容"))
"""A brand behind one of these is not the product's own; 适用 (fits) ends in 用, 兼容 (compatible) in 容."""

Tokens = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A title that names another value than its field.

    Attributes:
        row: of the product.
        named: the value that the title names.
        score: how sure it is, 0 to 1.
    """

    row: int
    named: str
    score: float


def contradictions(titles: Sequence[str], values: Sequence[str], agree: float) -> Iterator[Contradiction]:
    """Titles that name another value of the field and not their own, in row order.

    A value counts only if titles that name it have it in the field, with few exceptions: a brand *Orange* or a colour
    *rose* is named by products of others too.

    Args:
        titles: of the products.
        values: the field of each, ``""`` where unknown.
        agree: share of titles naming a value that must have it in the field.
    """
    names = _Names(values)
    named = [names.within(title) for title in titles]
    own = [names.key(value) for value in values]
    mentioned, right = Counter[Tokens](), Counter[Tokens]()
    for key, found in zip(own, named, strict=True):
        if key:
            mentioned.update(found)
            right.update(found & {key})
    for row, (key, found) in enumerate(zip(own, named, strict=True)):
        if not key or not found or any(_is_within(a, key) or _is_within(key, a) for a in found):
            continue
        # With one mention of its own that is the fault, a value named n times is right n - 1 times at best.
        trust = {other: (right[other] + 1) / (mentioned[other] + 1) for other in found if right[other] >= 2}
        best = max(trust, key=lambda other: trust[other], default=None)
        if best is not None and trust[best] >= agree and right[key] >= 1:
            yield Contradiction(row, names.spelling[best], min(trust[best], 0.95))


class _Names:
    """The values of a field by their words, to be found in titles."""

    def __init__(self, values: Sequence[str]) -> None:
        self.spelling: dict[Tokens, str] = {}
        self._starting: dict[str, list[Tokens]] = defaultdict(list)
        for value in dict.fromkeys(values):
            key = self.key(value)
            if len("".join(key)) >= 2 and key not in self.spelling:
                self.spelling[key] = value
                self._starting[key[0]].append(key)

    @staticmethod
    def key(value: str) -> Tokens:
        return tuple(TOKEN.findall(value.casefold()))

    def within(self, title: str) -> set[Tokens]:
        """The values that a title names; of two that overlap the longer one, and none behind *for*."""
        tokens = self.key(title)
        found: set[Tokens] = set()
        place = 0
        while place < len(tokens):
            here = [key for key in self._starting.get(tokens[place], ()) if tokens[place : place + len(key)] == key]
            longest = max(here, key=len, default=())
            if longest and not (place and tokens[place - 1] in _FOR):
                found.add(longest)
            place += max(len(longest), 1)
        return found


def _is_within(some: Tokens, others: Tokens) -> bool:
    return set(some) <= set(others)
