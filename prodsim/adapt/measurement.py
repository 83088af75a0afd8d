"""Quality of a model on products held out of its training: before, after, and the difference with its interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from prodsim.adapt.augmentation import Noise
from prodsim.adapt.pairs import partners_of
from prodsim.catalog import Catalog
from prodsim.encoders import Encoder, Vectors
from prodsim.evaluation.evaluate import mean_interval, top_categories, values_by_query
from prodsim.index import ExactIndex, FieldVectors, GroupedIndex, Rows, top, unique_vectors
from prodsim.phrases import SENTENCE_AFTER_SENTENCE, Plural, Text, joined
from prodsim.progress import SILENT, Progress
from prodsim.search import Query, SearchEngine, SearchOptions
from prodsim.similarity import SAME_PRODUCT, Weights

ProbeKind = Literal["labels", "had together", "twins", "rewritten"]
PROBES: Mapping[ProbeKind, Text] = {
    "labels": Text("products that people judged to be the same"),
    "had together": Text("products that shoppers bought together"),
    "twins": Text("products that are each other's closest match by words, numbers and meaning"),
    "rewritten": Text("product texts with words dropped, moved and misspelt"),
}
"""Kind of question to its description; the first kind with enough questions decides. Twins are what *same product*
found before, so they test meaning alone."""
MEANING_ALONE = "meaning"
SETTINGS: Mapping[str, Weights] = {
    MEANING_ALONE: Weights(meaning=1.0),
    SAME_PRODUCT: Weights.preset(SAME_PRODUCT),
}
METRICS: Mapping[str, str] = {"recall@1": "Success@1", "ndcg@10": "nDCG@10"}
PROBE_K = 10
MIN_PROBES = 30
"""Questions that a verdict needs; with fewer, chance decides."""
N_PROBES = 400
"""Questions of each kind, at most; ``Compared.n`` is their number."""
PROBE_NOISE = 0.3
"""Share of the words that are changed in a rewritten text."""
N_CHANGED = 20

RESULTS = Text(
    "With meaning alone, the right product comes first for {meaning}; with all parts of “same product”, for {same}."
)
GAIN = Text(
    "{before:.1%} before and {after:.1%} after ({points:+.1f} points, 95 % interval {low:+.1f} to {high:+.1f}; "
    "{n:,} questions: {probe})"
)
HELD_OUT = Plural("{n:,} product was held out of the training.", "{n:,} products were held out of the training.")
HELPED = Text("The training helped.")
HARMED = Text("The training did harm: “same product” got worse on {probe}.")
TOO_FEW_QUESTIONS = Text("There are too few questions to judge the training: {n:,} instead of at least {least}.")
NO_GAIN = Text("The training made no clear difference.")


@dataclass(frozen=True, slots=True)
class Probe:
    """A question with known answers.

    Attributes:
        query: a product, or a text.
        row: the product that it is about.
        right: rows of the right answers.
    """

    kind: ProbeKind
    query: Query
    row: int
    right: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ProbeComparison:
    """One metric of one setting on the questions of one kind.

    Attributes:
        before, after: means in [0, 1], higher for better.
        low, high: 95 % interval of after - before, by bootstrap over the questions.
        n: questions.
    """

    probe: ProbeKind
    setting: str
    metric: str
    before: float
    after: float
    low: float
    high: float
    n: int

    @property
    def difference(self) -> float:
        """Return the gain."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Changed:
    """A product whose neighbours by meaning changed: titles of the first three before and after, closest first."""

    sku: str
    title: str
    kept: int
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Measured:
    """A model before and after its training.

    Attributes:
        compared: of every kind with questions, every setting and metric.
        by_category: top category to recall@1 of meaning alone before and after, and questions; largest first.
        changed: up to ``N_CHANGED`` of the query products, those that kept fewest of ten neighbours first.
        n_kept_out: products that were kept out.
    """

    compared: tuple[ProbeComparison, ...]
    by_category: Mapping[str, tuple[float, float, int]]
    changed: tuple[Changed, ...]
    n_kept_out: int

    def of(self, setting: str, metric: str) -> ProbeComparison:
        """Return the comparison that decides: by the first of ``PROBES`` with enough questions, else by the most."""
        comparisons = [c for c in self.compared if (c.setting, c.metric) == (setting, metric)]
        return next((c for c in comparisons if c.n >= MIN_PROBES), max(comparisons, key=lambda c: c.n))

    @property
    def lost(self) -> list[ProbeComparison]:
        """Return the comparisons in which *same product* significantly lost."""
        return [c for c in self.compared if c.setting == SAME_PRODUCT and c.high < 0]

    @property
    def is_better(self) -> bool:
        """Return whether recall@1 of meaning alone significantly gained, and *same product* did not lose."""
        gain = self.of(MEANING_ALONE, "recall@1")
        return gain.n >= MIN_PROBES and gain.low > 0 and not self.lost

    @property
    def verdict(self) -> str:
        """Return the outcome in a few sentences."""
        gain, same = self.of(MEANING_ALONE, "recall@1"), self.of(SAME_PRODUCT, "recall@1")
        results = RESULTS(meaning=_gain_text(gain), same=_gain_text(same))
        return joined([self._judgement(gain), results, HELD_OUT(self.n_kept_out)], SENTENCE_AFTER_SENTENCE)

    def _judgement(self, gain: ProbeComparison) -> str:
        if self.is_better:
            return HELPED()
        if self.lost:
            return HARMED(probe=PROBES[self.lost[0].probe]())
        if gain.n < MIN_PROBES:
            return TOO_FEW_QUESTIONS(n=gain.n, least=MIN_PROBES)
        return NO_GAIN()


def _gain_text(gain: ProbeComparison) -> str:
    return GAIN(
        before=gain.before,
        after=gain.after,
        points=100 * gain.difference,
        low=100 * gain.low,
        high=100 * gain.high,
        n=gain.n,
        probe=PROBES[gain.probe](),
    )


def make_probes(
    catalog: Catalog, texts: Sequence[str], kept_out: Rows, known: Mapping[ProbeKind, Rows], seed: int
) -> list[Probe]:
    """Make questions about held-out products, at most ``N_PROBES`` of a kind.

    Args:
        catalog: the products.
        texts: what an encoder reads of each.
        kept_out: rows.
        known: kind of question to pairs of rows, shape (n, 2); those of which both are kept out are asked.
        seed: of what is drawn.
    """
    skus = catalog.products["sku"].tolist()
    rng = np.random.default_rng(seed)
    probes = []
    for kind, pairs in known.items():
        partners = partners_of(pairs[np.isin(pairs, kept_out).all(axis=1)].tolist() if len(pairs) else [])
        for row in _drawn(rng, sorted(partners)):
            probes.append(Probe(kind, Query(like=(skus[row],)), row, tuple(partners[row])))
    noise = Noise(seed, PROBE_NOISE)
    of_text: dict[str, list[int]] = {}
    for row, text in enumerate(texts):
        of_text.setdefault(text, []).append(row)
    same = partners_of([pair for pairs in known.values() for pair in pairs.tolist()])
    for row in _drawn(rng, kept_out.tolist()):
        right = {*of_text[texts[row]], *same.get(row, [])}  # another offer of it is no worse an answer
        probes.append(Probe("rewritten", Query(text=noise.rewrite(texts[row])), row, tuple(sorted(right))))
    return probes


def _drawn(rng: np.random.Generator, rows: Sequence[int]) -> list[int]:
    """Return ``N_PROBES`` of the rows at random, ascending; all where there are fewer."""
    if len(rows) <= N_PROBES:
        return list(rows)
    return sorted(rng.choice(np.array(rows), N_PROBES, replace=False).tolist())


def read_again(
    engine: SearchEngine,
    catalog: Catalog,
    texts: Sequence[str],
    descriptions: Sequence[str],
    encoder: Encoder,
    progress: Progress = SILENT,
) -> SearchEngine:
    """Return the engine with another encoder's vectors, searched exactly."""
    progress.step("encode", len(texts), "texts")
    index = engine.comparer.index
    vectors, group_of = unique_vectors(_distinct_vectors(encoder, texts, progress))
    comparer = replace(
        engine.comparer, index=GroupedIndex(ExactIndex(vectors, index.metric), group_of), descriptions=None
    )
    rows = [row for row, text in enumerate(descriptions) if text]
    if rows and engine.comparer.descriptions is not None:
        distinct = unique_vectors(_distinct_vectors(encoder, [descriptions[row] for row in rows], progress))
        comparer = replace(comparer, descriptions=FieldVectors.of(rows, len(catalog), *distinct))
    return engine.with_comparer(comparer, lambda: encoder)


def exactly(engine: SearchEngine) -> SearchEngine:
    """Return the engine with an exact search of its vectors."""
    index = engine.comparer.index
    exact = GroupedIndex(ExactIndex(index.index.vectors, index.metric), index.group_of)
    return engine.with_comparer(replace(engine.comparer, index=exact))


def _distinct_vectors(encoder: Encoder, texts: Sequence[str], progress: Progress) -> Vectors:
    number: dict[str, int] = {}
    of = [number.setdefault(text, len(number)) for text in texts]
    return encoder.encode(list(number), "product", progress)[of]


def measure(
    before: SearchEngine, after: SearchEngine, catalog: Catalog, probes: Sequence[Probe], n_kept_out: int,
    progress: Progress = SILENT,
) -> Measured:  # fmt: skip
    """Measure both engines on every question with each of ``SETTINGS``."""
    compared, by_category = [], dict[str, tuple[float, float, int]]()
    lists: dict[tuple[str, str], list[list[str]]] = {}
    skus = catalog.products["sku"].tolist()
    for setting, weights in SETTINGS.items():
        for name, engine in (("before", before), ("after", after)):
            results = engine.search_many(
                [probe.query for probe in probes], PROBE_K, SearchOptions(weights), progress=progress
            )
            lists[setting, name] = [[hit.sku for hit in result.hits] for result in results]
    for kind in PROBES:
        own = [number for number, one in enumerate(probes) if one.kind == kind]
        if not own:
            continue
        gains = [{skus[row]: 1.0 for row in probes[number].right} for number in own]
        for setting in SETTINGS if kind != "twins" else (MEANING_ALONE,):
            values = [
                values_by_query(gains, [lists[setting, name][number] for number in own], 1.0, METRICS)
                for name in ("before", "after")
            ]
            for metric in METRICS:
                low, high = mean_interval(values[1][metric] - values[0][metric])
                old, new = float(values[0][metric].mean()), float(values[1][metric].mean())
                compared.append(ProbeComparison(kind, setting, metric, old, new, low, high, len(own)))
            if setting == MEANING_ALONE and not by_category:
                rows = [probes[number].row for number in own]
                by_category = _by_category(catalog, rows, values[0]["recall@1"], values[1]["recall@1"])
    about = [number for number, one in enumerate(probes) if one.query.like]
    about = about or list(range(len(probes)))
    changed = _changed(catalog, probes, about, lists[MEANING_ALONE, "before"], lists[MEANING_ALONE, "after"])
    return Measured(tuple(compared), by_category, changed, n_kept_out)


def _by_category(
    catalog: Catalog, rows: Sequence[int], before: NDArray[np.float64], after: NDArray[np.float64]
) -> dict[str, tuple[float, float, int]]:
    of = top_categories(catalog).iloc[list(rows)]
    recalls = {}
    for category, n in of.value_counts().items():
        own = (of == category).to_numpy()
        recalls[str(category)] = (float(before[own].mean()), float(after[own].mean()), int(n))
    return recalls


def _changed(
    catalog: Catalog,
    probes: Sequence[Probe],
    about: Sequence[int],
    before: Sequence[Sequence[str]],
    after: Sequence[Sequence[str]],
) -> tuple[Changed, ...]:
    title = catalog.products["title"].tolist()

    def titles(skus: Sequence[str]) -> tuple[str, ...]:
        return tuple(title[catalog.row_of[sku]] for sku in skus[:3])

    kept = {number: len(set(before[number]) & set(after[number])) for number in about}
    once = {probes[number].row: number for number in reversed(about)}
    first = sorted(once.values(), key=lambda number: (kept[number], number))[:N_CHANGED]
    skus = catalog.products["sku"].tolist()
    return tuple(
        Changed(skus[row], title[row], kept[number], titles(before[number]), titles(after[number]))
        for number in first
        for row in [probes[number].row]
    )


def quick_quality(vectors: Vectors, queries: Vectors, right: Sequence[Sequence[int]], own: Sequence[int]) -> float:
    """Return the mean reciprocal rank of right answers among the first ten.

    Args:
        vectors: of the products, shape (n, dim), each of length 1.
        queries: shape (m, dim).
        right: for each query the positions of right answers.
        own: for each query the position that is left out; -1 for none.
    """
    total = 0.0
    for vector, answers, leave in zip(queries, right, own, strict=True):
        scores = vectors @ vector
        if leave >= 0:
            scores[leave] = -np.inf
        place = np.flatnonzero(np.isin(top(scores, PROBE_K), answers))
        total += 1 / (place[0] + 1) if len(place) else 0.0
    return total / max(len(queries), 1)
