"""Garbled texts with a seed: pieces that are right, pieces that break things, and mutations of both."""

import os
import random
from collections.abc import Iterator, Sequence

WHOLE = "PRODSIM_FAULTS"
"""The environment variable that asks for all inputs, as ``make faults`` does, rather than for a sample."""
BREAKERS = (
    "", "\x00", "\ud800", "\udfff\ud83d", "\u202e", "\ufeff", "\r", "\n\n", "\t", "'", '"', "\\", "`", "%s", "{0}", "{x!r}",
    "9" * 400, "-" + "9" * 400, "1e400", "-1e400", "1e-400", "nan", "inf", "-inf", "0x" + "f" * 300, "1_000", "١٢٣", "½",
    "true", "None", "[]", "{}", "(" * 300, "[" * 300, "{" * 300, "'" * 300, "a" * 5_000, "红" * 3_000, "é" * 50, "e\u0301" * 50,
    "../../etc/passwd", "con", "<script>alert(1)</script>", "<b>", "=1+1", "&amp;", "&#0;", ":material/home:", "$x$", "0", "-0", "-1",
)  # fmt: skip


def n_inputs(sample: int, whole: int = 5_000) -> int:
    """Return how many inputs are tried: all of them, or a sample."""
    return whole if os.environ.get(WHOLE) == "whole" else sample


def garbled(pieces: Sequence[str], n: int, seed: int) -> Iterator[str]:
    """Yield n texts of pieces and breakers, mutated; the same for a seed everywhere."""
    chance = random.Random(seed)
    for _ in range(n):
        chosen = [chance.choice(pieces) for _ in range(chance.randint(0, 12))]
        for _ in range(chance.choice((0, 1, 1, 2, 4))):
            chosen.insert(chance.randint(0, len(chosen)), chance.choice(BREAKERS))
        yield mutated(chance.choice(("", " ", "\n")).join(chosen), chance)


def mutated(text: str, chance: random.Random) -> str:
    """Return a text with parts lost, doubled, moved, repeated or replaced by any character."""
    for _ in range(chance.choice((0, 0, 1, 3))):
        start = chance.randint(0, len(text))
        end = min(len(text), start + chance.randint(0, 20))
        part = text[start:end]
        change = chance.choice(("lose", "double", "repeat", "replace", "move"))
        if change == "lose":
            text = text[:start] + text[end:]
        elif change == "double":
            text = text[:end] + part + text[end:]
        elif change == "repeat":
            text = text[:start] + part * chance.choice((50, 500)) + text[end:]
        elif change == "replace":
            text = text[:start] + chr(chance.choice((chance.randrange(256), chance.randrange(0x110000)))) + text[end:]
        else:
            text = text[:start] + text[end:] + part
    return text
