"""Learning from what earlier askers chose, where a shop wants that: it is lifted for like questions."""

from collections.abc import Sequence

from prodsim.ask.language import FILLING, stem
from prodsim.ask.types import Understood
from prodsim.ask.vocabulary import Vocabulary
from prodsim.records import Choice
from prodsim.search import Rule
from prodsim.text import words

MIN_WORD_OVERLAP = 0.5
"""Share of all words of two questions that both must have."""
CHOICE_BOOST = 0.3
"""What a product gains that every asker of the very words chose."""


def question_words(question: str, vocabulary: Vocabulary) -> frozenset[str]:
    """The words of a question that the catalog itself uses, so that nothing of the asker is kept; may be empty."""
    found = {word if not word.isascii() else stem(word) for word in words(question) if word not in FILLING}
    return frozenset(word for word in found if word in vocabulary.stems or word in vocabulary.chinese)


def conversation_words(understood: Understood, vocabulary: Vocabulary) -> frozenset[str]:
    """Those of a whole conversation: of what it searches for, and of what products must be."""
    wanted = " ".join(chip.cue for chip in understood.chips if chip.wanted)
    return question_words(f"{understood.text} {wanted}", vocabulary)


def boosts_for(asked: frozenset[str], choices: Sequence[Choice]) -> tuple[Rule, ...]:
    """A boost for each product that was chosen after like questions, by how like they were and how often it was."""
    gained: dict[str, float] = {}
    times: dict[str, float] = {}
    whole = 0.0
    for choice in choices:
        alike = len(asked & choice.words) / max(len(asked | choice.words), 1)
        if alike >= MIN_WORD_OVERLAP:
            gained[choice.sku] = max(alike, gained.get(choice.sku, 0.0))
            times[choice.sku] = times.get(choice.sku, 0.0) + choice.times
            whole += choice.times
    return tuple(Rule("boost", sku, by=CHOICE_BOOST * gained[sku] * times[sku] / (whole + 1)) for sku in sorted(gained))
