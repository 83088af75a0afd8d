"""Values of a field that titles name."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from prodsim.quality.text.text_fault import TOKEN

MAX_MENTION_CONFIDENCE = 0.95

_BEFORE_OTHERS = frozenset(("for", "fit", "fits", "with", "by", "vs", "like", "用", "容"))
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


def find_contradicting_titles(
    titles: Sequence[str], values: Sequence[str], min_agreement: float
) -> Iterator[Contradiction]:
    """Yield titles that name another value of the field and not their own, in row order.

    A value counts only if titles that name it have it in the field, with few exceptions: a brand *Orange* or a colour
    *rose* is named by products of others too.

    Args:
        titles: of the products.
        values: the field of each, ``""`` where unknown.
        min_agreement: share of titles naming a value that must have it in the field.
    """
    names = _Names(values)
    mentions = [names.within(title) for title in titles]
    fields = [names.key(value) for value in values]
    n_mentioned, n_right = Counter[Tokens](), Counter[Tokens]()
    for field, mentioned in zip(fields, mentions, strict=True):
        if field:
            n_mentioned.update(mentioned)
            n_right.update(mentioned & {field})
    for row, (field, mentioned) in enumerate(zip(fields, mentions, strict=True)):
        if not field or not mentioned or any({*a} <= {*field} or {*field} <= {*a} for a in mentioned):
            continue
        # With one mention of its own that is the fault, a value named n times is right n - 1 times at best.
        trust = {other: (n_right[other] + 1) / (n_mentioned[other] + 1) for other in mentioned if n_right[other] >= 2}
        best = max(trust, key=lambda other: trust[other], default=None)
        if best is not None and trust[best] >= min_agreement and n_right[field] >= 1:
            yield Contradiction(row, names.spelling[best], min(trust[best], MAX_MENTION_CONFIDENCE))


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
        """Return a value's words as they are compared."""
        return tuple(TOKEN.findall(value.casefold()))

    def within(self, title: str) -> set[Tokens]:
        """Find the values that a title names; of two that overlap the longer one, and none behind *for*."""
        tokens = self.key(title)
        mentioned: set[Tokens] = set()
        place = 0
        while place < len(tokens):
            here = [key for key in self._starting.get(tokens[place], ()) if tokens[place : place + len(key)] == key]
            longest = max(here, key=len, default=())
            if longest and not (place and tokens[place - 1] in _BEFORE_OTHERS):
                mentioned.add(longest)
            place += max(len(longest), 1)
        return mentioned
