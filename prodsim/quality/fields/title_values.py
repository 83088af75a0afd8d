"""Values of fields in titles, learned from the products whose fields are filled."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodsim.text import has_chinese, pieces

EPOCHS = 6
"""Passes over the titles; more make no difference."""
OUTSIDE = "O"
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|[^\w\s]")
_PLACES = (1, 3, 6, 10)
"""Tokens from the beginning of a title up to which places are told apart."""


@dataclass(frozen=True, slots=True)
class TitleValue:
    """A value that a title names.

    Attributes:
        field: whose value it is.
        value: as it is written.
        margin: by how much it was preferred to anything else, per token; higher is surer.
    """

    field: str
    value: str
    margin: float


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int


class TitleReader:
    """Reads values out of titles: a sequence of tags, by an averaged perceptron (Collins 2002).

    It learns what stands before, in and after a value, how it is written and where, in which category, and which words
    were values before; so it knows a new brand by its place and a new size by its unit.
    """

    def __init__(
        self, weights: NDArray[np.float32], places: Mapping[str, int], tags: Sequence[str], known: "_Known"
    ) -> None:
        self._weights, self._places, self._tags, self._known = weights, places, tags, known
        self._allowed = _allowed(tags)

    @classmethod
    def fit(
        cls, titles: Sequence[str], categories: Sequence[str], values: Sequence[Mapping[str, str]]
    ) -> "TitleReader":
        """Learn from titles.

        Args:
            titles: of products.
            categories: of each, ``""`` where unknown.
            values: of each, by field; one that its title does not have teaches nothing.
        """
        cut = [_tokens(title) for title in titles]
        marked = [_marked(title, tokens, own) for title, tokens, own in zip(titles, cut, values, strict=True)]
        tags = [OUTSIDE, *sorted({tag for own in marked for tag in own} - {OUTSIDE})]
        number = {tag: i for i, tag in enumerate(tags)}
        known = _Known(cut, marked)
        rows: dict[str, int] = {}
        described = []
        for tokens, category, own in zip(cut, categories, marked, strict=True):
            features = [*known.features(tokens, category, own)]
            described.append([np.array([rows.setdefault(one, len(rows)) for one in each]) for each in features])
        truth = [np.array([number[tag] for tag in own]) for own in marked]
        return cls(_fitted(described, truth, len(rows), tags), rows, tags, known)

    def read(self, title: str, category: str = "") -> list[TitleValue]:
        """Return the values that a title names, in its order."""
        tokens = _tokens(title)
        previous, read = 0, []
        for features in self._known.features(tokens, category):
            at = [self._places[one] for one in features if one in self._places]
            scores = _scores(self._weights, np.array(at, int), previous, self._allowed)
            previous = int(scores.argmax())
            best, second = np.partition(scores, -2)[[-1, -2]] if len(scores) > 1 else (scores[0], 0.0)
            read.append((self._tags[previous], float(best - second)))
        return [*_values(title, tokens, read)]


class _Known:
    """What titles were made of: how often each token was a part of which field's value."""

    def __init__(self, cut: Sequence[Sequence[_Token]], marked: Sequence[Sequence[str]]) -> None:
        self._counts: dict[str, Counter[str]] = defaultdict(Counter)
        self._phrases: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        for tokens, own in zip(cut, marked, strict=True):
            for token, tag in zip(tokens, own, strict=True):
                self._counts[token.text.casefold()][tag] += 1
            for start, end, field in _spans(own):
                self._phrases[tuple(token.text.casefold() for token in tokens[start:end])][field] += 1
        self._most = max(map(len, self._phrases), default=0)

    def features(
        self, tokens: Sequence[_Token], category: str, own: Sequence[str] | None = None
    ) -> Iterator[list[str]]:
        """Yield what is known of each token; its own tag, where it is given, does not count as seen before."""
        texts = ["", "", *(token.text.casefold() for token in tokens), "", ""]
        phrases = self._looked_up(texts[2:-2], own)
        for i, token in enumerate(tokens):
            before2, before, text, after, after2 = texts[i : i + 5]
            place = sum(i >= limit for limit in _PLACES)
            usual = self._usual(text, own[i] if own else None)
            yield [
                "bias", f"w {text}", f"b {before}", f"a {after}", f"bw {before} {text}", f"wa {text} {after}",
                f"bb {before2} {before}", f"aa {after} {after2}", f"s {_shape(token.text)}",
                f"ss {_shape(before)} {_shape(token.text)} {_shape(after)}", f"e {text[-3:]}", f"p {place}",
                f"l {min(len(tokens) - i, 3)}", f"c {category}", f"cw {category} {text}", f"cp {category} {place}",
                f"d {phrases[i]}", f"dw {phrases[i]} {text}", f"da {phrases[i]} {phrases[i + 1]}", f"u {usual}",
                f"ua {usual} {self._usual(after, None)}", f"ub {self._usual(before, None)} {usual}",
            ]  # fmt: skip

    def _looked_up(self, texts: Sequence[str], own: Sequence[str] | None) -> list[str]:
        """Return which known value each token begins or goes on, the longest; "" for none, and once beyond the end."""
        taught = {(start, end): field for start, end, field in _spans(own)} if own else {}
        found, start = [""] * (len(texts) + 1), 0
        while start < len(texts):
            for end in range(min(start + self._most, len(texts)), start, -1):
                counts = self._phrases.get(tuple(texts[start:end]))
                if counts and (start, end) in taught:
                    counts = counts - Counter([taught[start, end]])
                if counts:
                    field = max(counts, key=lambda one: counts[one])
                    found[start:end] = [f"B-{field}", *[f"I-{field}"] * (end - start - 1)]
                    start = end - 1
                    break
            start += 1
        return found

    def _usual(self, text: str, own: str | None) -> str:
        counts = self._counts.get(text)
        if counts is None or (own is not None and counts.total() < 2):
            return "new"
        left = counts - Counter([own]) if own is not None else counts
        return max(left, key=lambda tag: left[tag]) if left else "new"


def _tokens(title: str) -> list[_Token]:
    tokens = [_Token(found[0], found.start(), found.end()) for found in _TOKEN.finditer(title)]
    return [part for token in tokens for part in _cut(token)]


def _cut(token: _Token) -> Iterator[_Token]:
    """Yield a token, or the words of a Chinese one."""
    end = token.start
    for piece in pieces(token.text) if has_chinese(token.text) else [token.text]:
        yield _Token(piece, end, end + len(piece))
        end += len(piece)


def _marked(title: str, tokens: Sequence[_Token], values: Mapping[str, str]) -> list[str]:
    """Return each token's tag: which field's value begins (B-) or goes on (I-) there; longer values first."""
    tags = [OUTSIDE] * len(tokens)
    lower = title.casefold()
    for field, value in sorted(values.items(), key=lambda one: -len(one[1])):
        for start, end in _occurrences(lower, value.casefold()):
            inside = [i for i, token in enumerate(tokens) if start <= token.start and token.end <= end]
            if inside and all(tags[i] == OUTSIDE for i in inside):
                for i in inside:
                    tags[i] = f"{'B' if i == inside[0] else 'I'}-{field}"
                break
    return tags


def _occurrences(text: str, value: str) -> Iterator[tuple[int, int]]:
    start = text.find(value) if value else -1
    while start >= 0:
        yield start, start + len(value)
        start = text.find(value, start + 1)


def _shape(text: str) -> str:
    """Return how a token is written: Xx for a capital and small letters, 9 for digits."""
    if not text:
        return "-"
    if text.isdigit() or text[0].isdigit():
        return f"9{len(text)}" if len(text) < 4 else "9+"
    if not text[0].isalnum():
        return text
    return "X" if text.isupper() else "Xx" if text[0].isupper() else "x"


def _allowed(tags: Sequence[str]) -> NDArray[np.bool_]:
    """Return which tag may follow which, shape (tags, tags): a value goes on only where it began."""
    may = np.ones((len(tags), len(tags)), bool)
    for j, tag in enumerate(tags):
        if tag.startswith("I-"):
            may[:, j] = [before in (tag, f"B-{tag[2:]}") for before in tags]
    return may


def _scores(
    weights: NDArray[np.float32], at: NDArray[np.int64], previous: int, may: NDArray[np.bool_]
) -> NDArray[np.float32]:
    own = weights[at].sum(axis=0) + weights[len(weights) - may.shape[0] + previous]
    return np.where(may[previous], own, np.float32(-np.inf))


def _fitted(
    described: Sequence[Sequence[NDArray[np.int64]]], truth: Sequence[NDArray[np.int64]], n: int, tags: Sequence[str]
) -> NDArray[np.float32]:
    """Return the averaged weights, shape (features + tags, tags); the last rows are of the tag before."""
    may = _allowed(tags)
    weights = np.zeros((n + len(tags), len(tags)), np.float32)
    total = np.zeros_like(weights)
    step, chance = 0, np.random.default_rng(0)
    for _ in range(EPOCHS):
        for title in chance.permutation(len(described)):
            previous = 0
            for at, right in zip(described[title], truth[title], strict=True):
                rows = np.append(at, n + previous)
                chosen = int(np.where(may[previous], weights[rows].sum(axis=0), -np.inf).argmax())
                step += 1
                if chosen != right:
                    weights[rows, right] += 1
                    weights[rows, chosen] -= 1
                    total[rows, right] += step
                    total[rows, chosen] -= step
                previous = int(right)
    return np.asarray(weights - total / max(step, 1), np.float32)


def _spans(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield where each value begins and ends, and its field."""
    start = 0
    while start < len(tags):
        end = start + 1
        if tags[start].startswith("B-"):
            field = tags[start][2:]
            while end < len(tags) and tags[end] == f"I-{field}":
                end += 1
            yield start, end, field
        start = end


def _values(title: str, tokens: Sequence[_Token], read: Sequence[tuple[str, float]]) -> Iterator[TitleValue]:
    for start, end, field in _spans([tag for tag, _ in read]):
        value = title[tokens[start].start : tokens[end - 1].end]
        yield TitleValue(field, value, min(margin for _, margin in read[start:end]))
