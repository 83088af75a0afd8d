"""Shoppers' questions, answered with products."""

from prodsim.ask.answering import Asker
from prodsim.ask.examples import example_questions
from prodsim.ask.memory import conversation_words, question_words
from prodsim.ask.types import Answer, Chip, Suggestion, Understood
from prodsim.ask.vocabulary import Vocabulary

__all__ = [
    "Answer",
    "Asker",
    "Chip",
    "Suggestion",
    "Understood",
    "Vocabulary",
    "conversation_words",
    "example_questions",
    "question_words",
]
