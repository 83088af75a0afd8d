"""Shoppers' questions, answered with products."""

from prodsim.ask.answering import Asker
from prodsim.ask.memory import asked_words, words_of
from prodsim.ask.types import Answer, Chip, Suggestion, Understood
from prodsim.ask.vocabulary import Vocabulary

__all__ = ["Answer", "Asker", "Chip", "Suggestion", "Understood", "Vocabulary", "asked_words", "words_of"]
