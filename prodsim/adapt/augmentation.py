"""Texts as a hurried person would write them: words dropped, moved, misspelt, and written another way."""

import random
import re

from prodsim.adapt.spellings import Wording
from prodsim.text import pieces

_UNIT_GAP = re.compile(r"(?<=\d)(\s?)(?=[a-zA-Z]{1,5}\b)")


class Noise:
    """Rewrites texts; the same seed and calls give the same results.

    Args:
        seed: of the draws.
        share: of a text's words that are touched, in [0, 1).
        wording: how the catalog's words are also written.
    """

    def __init__(self, seed: int, share: float, wording: Wording = Wording()) -> None:
        self._random = random.Random(seed)
        self._share = share
        self._wording = wording

    def rewrite(self, text: str) -> str:
        """Return the text with words dropped, misspelt or maybe swapped, and a unit or the case written otherwise.

        At least one word stays. Chinese is taken apart into words first, in which a slip takes a character that sounds
        alike; where none does, only words of three characters or more are misspelt.
        """
        pick = self._random.random
        cut = pieces(text)
        kept = [piece for piece in cut if pick() >= self._share] or cut[:1]
        kept = self._otherwise(kept)
        kept = [self._misspelt(piece) if pick() < self._share / 3 else piece for piece in kept]
        if len(kept) > 2 and pick() < 2 * self._share:
            at = self._random.randrange(len(kept) - 1)
            kept[at], kept[at + 1] = kept[at + 1], kept[at]
        rewritten = _joined(kept)
        if pick() < self._share:
            rewritten = _UNIT_GAP.sub(lambda gap: "" if gap[1] else " ", rewritten)
        return rewritten.lower() if pick() < self._share else rewritten

    def two_views(self, text: str) -> tuple[str, str]:
        """Return two halves of a text that overlap by about half of their words, each rewritten."""
        cut = pieces(text)
        draws = [self._random.random() for _ in cut]
        first = [piece for piece, draw in zip(cut, draws, strict=True) if draw < 0.7]
        second = [piece for piece, draw in zip(cut, draws, strict=True) if draw > 0.3]
        return self.rewrite(_joined(first) or text), self.rewrite(_joined(second) or text)

    def _otherwise(self, cut: list[str]) -> list[str]:
        """Write some of the words as the catalog also writes them."""
        words: list[str] = []
        for piece in cut:
            word = piece.lower()
            joint = self._wording.together.get((words[-1].lower(), word)) if words else None
            others = self._wording.instead.get(word)
            if joint and self._random.random() < self._share:
                words[-1] = joint
            elif others and self._random.random() < self._share:
                words.append(self._random.choice(others))
            else:
                words.append(piece)
        return words

    def _misspelt(self, word: str) -> str:
        alike = [(at, others) for at, letter in enumerate(word) if (others := self._wording.sounds.get(letter))]
        if alike:
            at, others = self._random.choice(alike)
            return word[:at] + self._random.choice(others) + word[at + 1 :]
        if len(word) < 3:
            return word
        at = self._random.randrange(1, len(word) - 1)
        way = self._random.randrange(3)
        if way == 0:
            return word[:at] + word[at + 1 :]
        if way == 1:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        return word[:at] + word[at] + word[at:]


def _joined(words: list[str]) -> str:
    """Join words with a space, Chinese ones without."""
    text = ""
    for piece in words:
        gap = " " if text and not (_is_wide(text[-1]) and _is_wide(piece[0])) else ""
        text += gap + piece
    return text


def _is_wide(letter: str) -> bool:
    return letter > "\u2e80"
