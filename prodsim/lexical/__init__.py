"""What words, character sequences and identifiers two texts have in common."""

from prodsim.lexical.index import LexicalIndex
from prodsim.lexical.terms import identifiers, runs

__all__ = ["LexicalIndex", "identifiers", "runs"]
