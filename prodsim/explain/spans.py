"""A product's text in the spans that an explanation marks, and the text without some of them."""

from collections.abc import Collection, Iterator

from prodsim.lexical import runs


def spans(text: str) -> Iterator[tuple[int, str]]:
    """Yield each span of the text, as ``prodsim.lexical.runs`` cuts it, with where it begins."""
    end = 0
    for span in runs(text):
        start = text.index(span, end)
        end = start + len(span)
        yield start, span


def distinct(text: str) -> list[str]:
    """Return the spans that differ by more than case, as first written, in order."""
    first: dict[str, str] = {}
    for span in runs(text):
        first.setdefault(span.casefold(), span)
    return list(first.values())


def without(text: str, dropped: Collection[str], before: int | None = None) -> str:
    """Return the text without the dropped spans in any case; ``before`` ends it at a place in the old text."""
    folded = {span.casefold() for span in dropped}
    kept, end = [], 0
    for start, span in spans(text):
        if span.casefold() in folded and (before is None or start < before):
            kept.append(text[end:start])
            end = start + len(span)
    kept.append(text[end:before])
    return " ".join(" ".join(kept).split())
