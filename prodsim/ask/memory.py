"""Learning from choices, where a shop wants that: products chosen after similar questions are boosted."""

from collections.abc import Sequence

from prodsim.ask.language import FILLING
from prodsim.ask.types import Understood
from prodsim.ask.vocabulary import Vocabulary
from prodsim.knowledge import stem
from prodsim.records import Choice
from prodsim.search import Rule
from prodsim.text import words

MIN_WORD_OVERLAP = 0.5
"""Share of all words of two questions that they must have in common to be similar."""
CHOICE_BOOST = 0.3
"""Boost of a product that was chosen every time after a question of exactly these words."""


def question_words(question: str, vocabulary: Vocabulary) -> frozenset[str]:
    """Return the words of a question that the catalog itself uses, so that nothing personal is kept; may be empty."""
    stems = {word if not word.isascii() else stem(word) for word in words(question) if word not in FILLING}
    return frozenset(word for word in stems if word in vocabulary.stems or word in vocabulary.chinese)


def conversation_words(understood: Understood, vocabulary: Vocabulary) -> frozenset[str]:
    """Return the words of a whole conversation: of its search text and of its conditions."""
    wanted = " ".join(chip.cue for chip in understood.chips if chip.wanted)
    return question_words(f"{understood.text} {wanted}", vocabulary)


def boosts_for(question: frozenset[str], choices: Sequence[Choice]) -> tuple[Rule, ...]:
    """Return a boost for each product chosen after similar questions, by their similarity and its number of choices."""
    similarity: dict[str, float] = {}
    times: dict[str, float] = {}
    total = 0.0
    for choice in choices:
        overlap = len(question & choice.words) / max(len(question | choice.words), 1)
        if overlap >= MIN_WORD_OVERLAP:
            similarity[choice.sku] = max(overlap, similarity.get(choice.sku, 0.0))
            times[choice.sku] = times.get(choice.sku, 0.0) + choice.times
            total += choice.times
    return tuple(
        Rule("boost", sku, by=CHOICE_BOOST * similarity[sku] * times[sku] / (total + 1)) for sku in sorted(similarity)
    )
