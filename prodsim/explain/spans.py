"""A product's text in the pieces that an explanation is told by, and the text without some of them."""

from collections.abc import Collection, Iterator

from prodsim.lexical import runs


def places(text: str) -> Iterator[tuple[int, str]]:
    """Each piece of the text, as ``prodsim.lexical.runs`` cuts it, with where it begins."""
    end = 0
    for piece in runs(text):
        start = text.index(piece, end)
        end = start + len(piece)
        yield start, piece


def distinct(text: str) -> list[str]:
    """The pieces that differ by more than case, as first written, in order."""
    first: dict[str, str] = {}
    for piece in runs(text):
        first.setdefault(piece.casefold(), piece)
    return list(first.values())


def without(text: str, pieces: Collection[str], before: int | None = None) -> str:
    """The text without every occurrence of the pieces in any case; ``before`` ends it at a place in the old text."""
    gone = {piece.casefold() for piece in pieces}
    kept, end = [], 0
    for start, piece in places(text):
        if piece.casefold() in gone and (before is None or start < before):
            kept.append(text[end:start])
            end = start + len(piece)
    kept.append(text[end:before])
    return " ".join(" ".join(kept).split())
