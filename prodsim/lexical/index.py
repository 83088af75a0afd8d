"""The lexical index of a catalog: what product texts have in common with a query or with each other."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeAlias
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from prodsim.index import Rows, top
from prodsim.lexical.matrix import TermMatrix
from prodsim.lexical.occurrences import Occurrences
from prodsim.lexical.terms import (
    gram_terms,
    grams,
    hashed,
    identifiers,
    runs,
    word_forms,
    word_terms,
)
from prodsim.progress import SILENT, Progress
from prodsim.text import folded, words
from prodsim.traits.quantities import find_numbers

Scores = NDArray[np.float32]
Row: TypeAlias = tuple[NDArray[np.integer], Scores]
"""Columns and weights of one row of a term matrix."""

K1, B = 1.2, 0.75
"""BM25's usual constants (Robertson and Zaragoza 2009)."""
DESCRIBED = 0.7
"""Weight of an identifier that only the description has: half, once both sides' weights are multiplied. A description
also names what a product fits or replaces."""
PLAIN_WORD = 0.4
"""What a rare word counts as an identifier: it may be a name, and may be a slip of the pen."""
CONTRADICTED = 0.5
"""What numbers that differ take away, of what an identifier in common adds."""
VIEWS = ("words", "grams", "identifiers", "numbers")
CHUNK_PRODUCTS = 512
PAIR_BATCH = 20_000
"""Pairs that are compared at a time."""
MOST_BROUGHT = 200_000
"""Candidates that n-grams bring, the rarest first. Among 100,000 products all of them bring fewer; among a million, the
ten closest were the same but for one in 1,500, and the work for one product grows no more."""


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """Four views of the same texts, in product rows.

    Attributes:
        words: BM25 weights of words; answers free text.
        grams: TF-IDF of character n-grams in rows of length 1; compares products, forgives typing.
        identifiers: model numbers, capacities and sizes with their information as weight; those of a description with
            less.
        numbers: numbers, those with a unit in its base unit, with their information as weight.
    """

    words: TermMatrix
    grams: TermMatrix
    identifiers: TermMatrix
    numbers: TermMatrix

    @classmethod
    def build(
        cls,
        texts: Sequence[str],
        codes: Sequence[str] | None = None,
        descriptions: Sequence[str] | None = None,
        progress: Progress = SILENT,
        lettering: Sequence[str] | None = None,
    ) -> Self:
        """Index products.

        Args:
            texts: one per product.
            codes: GTIN and MPN of each, whose identifiers count as those of the text.
            descriptions: of each, for the identifiers in them.
            progress: advanced by products.
            lettering: what stands on the pictures of each, whose words are found as those of the text, and identifiers
                as those of a description.
        """
        n = len(texts)
        words_of, runs_of, identifiers_of, numbers_of = Occurrences(), Occurrences(), Occurrences(), Occurrences()
        none = [""] * n
        for row, (text, code, description, letters) in enumerate(
            zip(texts, codes or none, descriptions or none, lettering or none, strict=True), start=1
        ):
            plain = _plain(text)
            words_of.add(words(f"{plain} {_plain(letters)}" if letters else plain))
            runs_of.add(runs(plain.lower()))
            identifiers_of.add(_strong_twice(f"{plain} {_plain(code)}", _plain(f"{description} {letters}")))
            numbers_of.add([*find_numbers(plain)])
            if row % CHUNK_PRODUCTS == 0:
                progress.advance(CHUNK_PRODUCTS)
        progress.advance(n % CHUNK_PRODUCTS)
        # Frequent n-grams say little and would cost nearly all the time of finding candidates.
        limit = max(2000, n // 50)

        def bm25(count: Scores, frequency: Scores, length: Scores) -> Scores:
            return np.asarray(_information(frequency, n) * saturated(count, length), np.float32)

        def tfidf(count: Scores, frequency: Scores, length: Scores) -> Scores:
            return _tfidf(count, frequency, n)

        def information(count: Scores, frequency: Scores, length: Scores) -> Scores:
            return _identifying(count, frequency, n)

        def share(count: Scores, frequency: Scores, length: Scores) -> Scores:
            return _share(frequency, n)

        return cls(
            TermMatrix.build(words_of, word_forms, bm25, unit=False, max_frequency=n),
            TermMatrix.build(runs_of, grams, tfidf, unit=True, max_frequency=limit, min_frequency=min(2, n)),
            TermMatrix.build(identifiers_of, lambda own: [own], information, unit=False, max_frequency=limit),
            TermMatrix.build(numbers_of, lambda own: [own], share, unit=False, max_frequency=0),
        )

    def save(self, folder: Path) -> None:
        """Write the arrays into a folder."""
        for name in VIEWS:
            getattr(self, name).save(folder, name)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map what ``save`` wrote into memory."""
        return cls(*(TermMatrix.load(folder, name) for name in VIEWS))

    def __len__(self) -> int:
        return len(self.words)

    def frequency(self, text: str) -> int:
        """Return how many products have all words of a text; 0 for a text without words."""
        terms = np.unique(word_terms(_plain(text)))
        columns = self.words.columns_of(terms)
        if not len(terms) or len(columns) < len(terms):
            return 0
        if len(columns) == 1:
            return int(self.words.frequency[columns[0]])
        starts = self.words.posting_starts
        rows = np.concatenate([self.words.posting_rows[starts[column] : starts[column + 1]] for column in columns])
        return int((np.bincount(rows) == len(columns)).sum())

    def text_words(self, text: str, rows: Rows) -> Scores:
        """Return the share of the query's information that each product has, in [0, 1].

        The BM25 score over the score of a product of mean length that has every query word once and nothing else
        missing; words that no product has count as information not found.
        """
        columns, best = self._text_query(text)
        if best == 0:
            return np.zeros(len(rows), np.float32)
        query = self.words.dense(columns, np.ones(len(columns), np.float32))
        return np.asarray(np.minimum(self.words.score_rows(query, rows) / best, 1.0), np.float32)

    def text_grams(self, text: str, rows: Rows) -> Scores:
        """Return the share of a text's character n-grams that each product has, by their weight, in [0, 1].

        The squared TF-IDF weights of those it has over those of all: what a product says beyond the text takes nothing
        away, as it would from a cosine, and a slip of the pen costs only the n-grams that it touches.
        """
        return np.minimum(self.grams.sum_rows(self._gram_shares(text), rows), 1.0)

    def text_identifiers(self, text: str, rows: Rows) -> Scores:
        """Return how much one name that a text and a product share tells, as ``product_identifiers``."""
        known, _ = self._text_query(text)
        return self._named(self.identifier_row(text, "", ""), known, self.number_row(text), rows)

    def has_identifiers(self, text: str) -> bool:
        """Return whether a text has an identifier or a number, by which products can be told apart or contradict it."""
        plain = _plain(text)
        return bool(identifiers(plain) or find_numbers(plain))

    def product_grams(self, row: int, rows: Rows) -> Scores:
        """Return the cosine of character n-grams between one product and others, in [0, 1]."""
        return np.minimum(self.grams.score_rows(self.grams.dense(*self.grams.row(row)), rows), 1.0)

    def product_identifiers(self, row: int, rows: Rows) -> Scores:
        """Return how much one name that two products share tells of their being one, in [-0.5, 1].

        It is the information of the rarest identifier in common over the largest that there can be: near 1 for one that
        only two of very many products have, little for a "30ml" that a tenth of the catalog has. Several add nothing,
        for those of a range come together. One that only a description has counts ``DESCRIBED`` on that side, and a
        word ``PLAIN_WORD``. Numbers that contradict each other take ``CONTRADICTED`` of theirs away.
        """
        columns, weights = self.words.row(row)
        return self._named(self.identifiers.row(row), columns[weights > 0], self.numbers.row(row), rows)

    def pair_identifiers(self, rows: Rows, others: Rows) -> Scores:
        """Return ``product_identifiers`` between ``rows[i]`` and ``others[i]``, shape (len(rows),), for many pairs."""
        identifiers, numbers = self.identifiers.by_row, self.numbers.by_row
        information = self.words.with_data(np.sqrt(_share(self.words.frequency, len(self)))[self.words.columns]).by_row
        has_number = self.numbers.with_data(np.ones_like(self.numbers.data)).by_row
        sums = np.asarray(numbers.sum(axis=1)).ravel()
        out = np.empty(len(rows), np.float32)
        for start in range(0, len(rows), PAIR_BATCH):
            a, b = rows[start : start + PAIR_BATCH], others[start : start + PAIR_BATCH]
            named = _largest(identifiers[a].multiply(identifiers[b]))
            known = _largest(information[a].multiply(information[b]))
            shared = np.asarray(numbers[a].multiply(has_number[b]).sum(axis=1)).ravel()
            contradicting = np.clip(np.minimum(sums[a], sums[b]) - shared, 0.0, 1.0)
            out[start : start + PAIR_BATCH] = np.maximum(named, PLAIN_WORD * known) - CONTRADICTED * contradicting
        return out

    def identifier_pairs(self, most: int) -> tuple[Rows, Rows]:
        """Return the pairs of products that share an identifier which at most ``most`` have, the lower row first."""
        matrix = self.identifiers
        sizes = np.diff(matrix.posting_starts)
        first, second = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for size in range(2, most + 1):
            starts = matrix.posting_starts[:-1][sizes == size]
            rows = np.sort(matrix.posting_rows[starts[:, None] + np.arange(size)].astype(np.int64), axis=1)
            i, j = np.triu_indices(size, 1)
            first.append(rows[:, i].ravel())
            second.append(rows[:, j].ravel())
        return np.concatenate(first), np.concatenate(second)

    def rarest_word(self, text: str, other: str) -> str:
        """Return the rarest word that two products' texts have in common; ``""`` for none, the first of equal ones."""
        others = set(words(_plain(other)))
        common = [word for word in dict.fromkeys(words(_plain(text))) if word in others]
        frequencies = [
            self.words.frequency[self.words.columns_of(word_terms(word))].min(initial=len(self)) for word in common
        ]
        return common[int(np.argmin(frequencies))] if common else ""

    def product_gram_shares(self, row: int, other: int, pieces: Sequence[str]) -> Scores:
        """Return what each span of the other product's text, as ``runs`` cuts it, adds to ``product_grams``.

        They add up to it; an n-gram that several spans have is shared between them.
        """
        query = self.grams.dense(*self.grams.row(row))
        columns, weights = self.grams.row(other)
        return self._spread(columns, query[columns] * weights, pieces)

    def text_gram_shares(self, text: str, other: int, pieces: Sequence[str]) -> Scores:
        """Return what each span of a product's text adds to ``text_grams``, as ``product_gram_shares``."""
        columns, _ = self.grams.row(other)
        return self._spread(columns, self._gram_shares(text)[columns], pieces)

    def _spread(self, columns: NDArray[np.integer], amounts: Scores, pieces: Sequence[str]) -> Scores:
        """Return what the n-grams of each span add; one that several spans have is shared between them."""
        amount_of = dict(zip(columns.tolist(), amounts.tolist(), strict=True))
        counted = [self._gram_counts(piece) for piece in pieces]
        total = Counter(column for counts in counted for column in counts.elements())
        return np.array(
            [sum(n / total[c] * amount_of.get(c, 0.0) for c, n in counts.items()) for counts in counted], np.float32
        )

    def _gram_shares(self, text: str) -> Scores:
        """Return each n-gram's share of a text's squared weights, over the vocabulary."""
        columns, weights = self._gram_query(text)
        return self.grams.dense(columns, weights**2)

    def _named(self, identifiers: Row, known_words: NDArray[np.integer], numbers: Row, rows: Rows) -> Scores:
        named = self.identifiers.best_rows(self.identifiers.dense(*identifiers), rows)
        information = self.words.dense(known_words, _share(self.words.frequency[known_words], len(self)))
        best = np.maximum(named, np.float32(PLAIN_WORD) * self.words.best_rows(information, rows, weighted=False))
        return np.asarray(best - np.float32(CONTRADICTED) * self._contradictions(numbers, rows), np.float32)

    def _contradictions(self, numbers: Row, rows: Rows) -> Scores:
        shared = self.numbers.sum_rows(self.numbers.dense(*numbers), rows)
        others = self.numbers.score_rows(np.ones(len(self.numbers.terms), np.float32), rows)
        return np.asarray(np.clip(np.minimum(numbers[1].sum(), others) - shared, 0.0, 1.0), np.float32)

    def _gram_counts(self, piece: str) -> Counter[int]:
        terms, counts = np.unique(gram_terms(_plain(piece)), return_counts=True)
        known = np.isin(terms, self.grams.terms)
        return Counter(dict(zip(self.grams.columns_of(terms[known]).tolist(), counts[known].tolist(), strict=True)))

    def text_candidates(self, text: str, k: int) -> Rows:
        """Return up to k products by BM25 and up to k by rarer n-grams in common; ascending, each once."""
        columns, _ = self._text_query(text)
        by_words = self.words.score_all(columns, np.ones(len(columns), np.float32))
        return np.union1d(_best_matches(by_words, k), self._by_grams(*self._gram_query(text), k))

    def product_candidates(self, row: int, k: int) -> Rows:
        """Return up to k products by rarer n-grams in common, best first; the product itself among them."""
        return self._by_grams(*self.grams.row(row), k)

    def candidate_chunks(
        self, k: int, own: range | None = None, others: range | None = None
    ) -> Iterator[tuple[Rows, list[Rows]]]:
        """Yield ``product_candidates`` of every product, some rows at a time: the rows, and for each its candidates.

        Args:
            k: as there.
            own: the rows whose candidates are wanted; all by default. Like ``others``, it counts in steps of 1.
            others: the rows that may be candidates; all by default.
        """
        every = range(len(self))
        own, others = own if own is not None else every, others if others is not None else every
        by_row, by_term = self.grams.by_row, self.grams.by_term
        if others != every:
            by_term = by_term.tocsr()[others.start : others.stop]
        by_term = by_term.T.tocsr()
        for start in range(own.start, own.stop, CHUNK_PRODUCTS):
            rows = np.arange(start, min(start + CHUNK_PRODUCTS, own.stop))
            weights = by_row[rows]
            # A frequent n-gram would bring a large part of the catalog: only the rarest of each row are multiplied.
            row_of = np.repeat(np.arange(len(rows)), np.diff(weights.indptr))
            weights.data[~self.grams.rarest(weights.indices, row_of, MOST_BROUGHT)] = 0
            weights.eliminate_zeros()
            products = weights @ by_term
            yield rows, [_best_in_row(products, i, k) + others.start for i in range(len(rows))]

    def gram_row(self, text: str) -> Row:
        """Return the row of ``grams`` that a product would have if this were its text."""
        return self._gram_query(text, unknown=1.0)

    def identifier_row(self, text: str, code: str, description: str) -> Row:
        """Return the row of ``identifiers`` that a product would have with this text; see ``build``."""
        own = _strong_twice(_plain(f"{text} {code}"), _plain(description))
        terms, counts = np.unique(hashed(own), return_counts=True)
        columns = self.identifiers.columns_of(terms)
        known = np.asarray(counts[np.isin(terms, self.identifiers.terms[columns])], np.float32)
        return columns, _identifying(known, self.identifiers.frequency[columns].astype(np.float32), len(self))

    def number_row(self, text: str) -> Row:
        """Return the row of ``numbers`` that a product would have with this text."""
        columns = self.numbers.columns_of(hashed(find_numbers(_plain(text))))
        return columns, _share(self.numbers.frequency[columns], len(self))

    def _text_query(self, text: str) -> tuple[NDArray[np.int64], float]:
        """Return columns of the query's words, and the score of a product that has them all."""
        terms = np.unique(word_terms(_plain(text)))
        columns = self.words.columns_of(terms)
        known = float(_information(self.words.frequency[columns].astype(np.float32), len(self)).sum())
        unknown = (len(terms) - len(columns)) * float(_information(np.zeros(1, np.float32), len(self))[0])
        return columns, known + unknown

    def _gram_query(self, text: str, unknown: float = 0.0) -> Row:
        """Return columns of the text's n-grams and their weights; the length is 1 with those that are not stored.

        These count as those that ``unknown`` products have: none for a text, itself for a product.
        """
        terms, counts = np.unique(gram_terms(_plain(text)), return_counts=True)
        columns = self.grams.columns_of(terms)
        known = np.isin(terms, self.grams.terms[columns])
        frequency = np.full(len(terms), unknown, np.float32)
        frequency[known] = self.grams.frequency[columns]
        weights = _tfidf(counts.astype(np.float32), frequency, len(self))
        return columns, weights[known] / max(float(np.linalg.norm(weights)), 1e-9)

    def _by_grams(self, columns: NDArray[np.integer], weights: Scores, k: int) -> Rows:
        """Return up to k products by the rarest of some n-grams, best first."""
        rarest = self.grams.rarest(columns, np.zeros(len(columns), np.int64), MOST_BROUGHT)
        return _best_matches(self.grams.score_all(columns[rarest], weights[rarest]), k)


def _plain(text: str) -> str:
    """Return a text, a product's or a person's, as those of products are before they are taken apart."""
    return text if text.isascii() else folded(normalize("NFKC", text))


def _strong_twice(text: str, description: str) -> list[str]:
    """Return identifiers of the text, each twice, then those of the description alone, once: the count marks them."""
    strong = dict.fromkeys(identifiers(text))
    weak = [own for own in dict.fromkeys(identifiers(description)) if own not in strong]
    return [*strong, *strong, *weak]


def saturated(count: Scores, length: Scores | np.float32) -> Scores:
    """Return BM25's factor for a word that occurs ``count`` times in a text of that length over the mean length."""
    return np.asarray(count * (K1 + 1) / (count + K1 * (1 - B + B * length)), np.float32)


def _information(frequency: Scores, n: int) -> Scores:
    """Return BM25's inverse document frequency, always positive (Lucene's form)."""
    return np.asarray(np.log(1 + (n - frequency + 0.5) / (frequency + 0.5)), np.float32)


def _share(frequency: NDArray[np.generic], n: int) -> Scores:
    """Return a term's information over that of one that a single product has, in [0, 1]."""
    n = max(n, 2)
    return np.asarray(np.log(n / np.maximum(frequency, 1)).clip(0) / np.log(n), np.float32)


def _identifying(count: Scores, frequency: Scores, n: int) -> Scores:
    """Return the weight of identifiers that ``_strong_twice`` gives once or twice; two multiply to the information."""
    return np.asarray(np.sqrt(_share(frequency, n)) * np.where(count > 1, 1.0, DESCRIBED), np.float32)


def _tfidf(count: Scores, frequency: Scores, n: int) -> Scores:
    return np.asarray((1 + np.log(count)) * (np.log((1 + n) / (1 + frequency)) + 1), np.float32)


def _largest(products: Any) -> Scores:
    """Return the largest value of each row of a sparse matrix without negative ones; 0 where there are no columns."""
    if not products.shape[1]:
        return np.zeros(products.shape[0], np.float32)
    return np.asarray(products.max(axis=1).toarray().ravel(), np.float32)


def _best_matches(scores: Scores, k: int) -> Rows:
    """Return up to k rows with a score above 0, best first; dropping the many rows without one first is quicker."""
    matches = np.flatnonzero(scores > 0)
    return matches[top(scores[matches], k)]


def _best_in_row(products: Any, row: int, k: int) -> Rows:
    part = slice(products.indptr[row], products.indptr[row + 1])
    rows, scores = products.indices[part], products.data[part]
    return np.asarray(rows[top(scores, k)], np.int64)
