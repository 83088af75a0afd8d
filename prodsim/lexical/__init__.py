"""What words, character sequences and identifiers two texts have in common."""

from prodsim.lexical.index import LexicalIndex

__all__ = ["LexicalIndex"]
