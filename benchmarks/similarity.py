"""Measures what each part finds where the truth is known: ``python -m benchmarks.similarity DATA [HOME [ENCODER]]``.

DATA holds a folder per set: ``catalog.csv`` or ``catalog.csv.gz``, and ``pairs.csv`` (sku_a, sku_b, label),
``clusters.csv`` (sku, cluster_id), or ``queries.csv`` (query_id, query) with ``qrels.csv`` (query_id, sku, grade).
HOME keeps vectors for the next run. In a catalog with a column ``source``, partners come from another source.
"""

import itertools
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from prodsim.catalog import Catalog, make_catalog, propose_columns, read_table
from prodsim.encoders import Encoder, open_encoder
from prodsim.encoders.text_recipe import TextRecipe, compose_texts, description_texts
from prodsim.index import ExactIndex, FieldVectors, GroupedIndex, unique_vectors
from prodsim.lexical import LexicalIndex
from prodsim.lexical.matrix import TermMatrix
from prodsim.lexical.occurrences import Occurrences
from prodsim.lexical.terms import word_forms, word_terms
from prodsim.search.comparer import Comparer
from prodsim.search.engine import CANDIDATES
from prodsim.search.lookup import Lookup
from prodsim.search.prepared_query import PreparedQuery
from prodsim.search.types import Query
from prodsim.settings import Settings
from prodsim.similarity import PRESETS, Scores, Weights, contributions
from prodsim.text import text_digests, words
from prodsim.traits import TraitIndex
from prodsim.vectors import VectorStore

AT_MOST = 3000
"""Queries per set; more are sampled, which the table says."""
GRID = [
    Weights(meaning=meaning, description=description, words=1.0, identifiers=identifiers, quantities=0.1, price=price)
    for meaning, description, identifiers, price in itertools.product(
        (0.25, 0.5, 1.0), (0.0, 0.1, 0.2), (0.5, 0.8, 1.2), (0.0, 0.1, 0.2)
    )
]
SINGLE = ("meaning", "characters", "BM25", "word TF-IDF", "identifiers")
DISCOUNTS = 1 / np.log2(np.arange(2, 12))

Parts = dict[str, NDArray[np.float32]]
Truth = dict[int, set[int]]


@dataclass(frozen=True, slots=True)
class Task:
    """Queries of one set, with the parts of their candidates, query after query.

    Attributes:
        n_all: queries there are; ``sizes`` tells those taken.
        sizes: candidates per query.
        wanted: true partners per query, found or not.
        parts: by name; ``characters``, ``BM25`` and ``word TF-IDF`` stand alone, ``words`` is what a search uses.
        right: whether the candidate is a true partner.
        gain: the candidate's grade, 1 for a partner where there are no grades.
        ideal: the best discounted gain there can be among ten, per query.
        pairs: parts and labels of listed pairs with negatives among them, else ``None``.
    """

    name: str
    n_all: int
    sizes: NDArray[np.int64]
    wanted: NDArray[np.int64]
    parts: Parts
    right: NDArray[np.bool_]
    gain: NDArray[np.float64]
    ideal: NDArray[np.float64]
    pairs: tuple[Parts, NDArray[np.bool_]] | None = None

    def values(self, score: Callable[[Parts], NDArray[np.floating]]) -> dict[str, NDArray[np.float64]]:
        """Per query: a partner first, one among ten, nDCG among ten, and the share of the partners among ten."""
        query = np.repeat(np.arange(len(self.sizes)), self.sizes)
        order = np.lexsort((-score(self.parts), query))  # stable: equal scores keep row order
        rank = np.arange(len(order)) - np.repeat(np.cumsum(self.sizes) - self.sizes, self.sizes)
        right, first, n = self.right[order], rank < 10, len(self.sizes)
        among = np.bincount(query[right & first], minlength=n)
        gained = self.gain[order][first] * DISCOUNTS[rank[first]]
        return {
            "recall@1": np.bincount(query[right & (rank == 0)], minlength=n).astype(np.float64),
            "recall@10": (among > 0).astype(np.float64),
            "ndcg@10": np.bincount(query[first], gained, minlength=n) / self.ideal,
            "share@10": among / np.minimum(self.wanted, 10),
        }

    def metrics(self, score: Callable[[Parts], NDArray[np.floating]]) -> dict[str, float]:
        """The means of ``values``, and the average precision over listed pairs."""
        found = {name: float(value.mean()) for name, value in self.values(score).items()}
        if self.pairs is not None:
            found["ap"] = float(average_precision_score(self.pairs[1], score(self.pairs[0])))
        return found

    @property
    def chosen_by(self) -> str:
        """The metric weights are chosen by: AP where negatives are listed, as unlisted partners count wrong there."""
        return "ap" if self.pairs is not None else "share@10" if "queries" in self.name else "recall@1"


def main() -> None:
    """Print each set's table, then what the sets choose and what they choose for one another."""
    data = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as passing:
        settings = Settings(Path(sys.argv[2]) if len(sys.argv) > 2 else Path(passing))
        encoder = open_encoder(sys.argv[3] if len(sys.argv) > 3 else "minilm", settings)
        tasks = []
        for folder in sorted(path for path in data.iterdir() if path.is_dir()):
            for task in find_tasks(folder, encoder, settings.home):
                print_table(task)
                tasks.append(task)
    print_choice(tasks)


def find_tasks(folder: Path, encoder: Encoder, home: Path) -> Iterator[Task]:
    """The tasks that the folder has the truth for; none for a folder without."""
    catalog = read_set(folder)
    if catalog is None:
        return
    comparer = make_comparer(catalog, encoder, home)
    row_of = {sku: row for row, sku in enumerate(catalog.products["sku"])}
    if (folder / "queries.csv").is_file():
        yield text_task(folder, catalog, comparer, row_of, encoder)
    if (folder / "pairs.csv").is_file():
        pairs = pd.read_csv(folder / "pairs.csv", dtype=str)
        a, b = (pairs[name].map(row_of).to_numpy(np.int64) for name in ("sku_a", "sku_b"))
        label = pairs["label"].astype(float).to_numpy() > 0
        listed = None if label.all() else (pair_parts(comparer, a, b), label)
        yield product_task(folder.name, catalog, comparer, partners(zip(a[label], b[label], strict=True)), listed)
    elif (folder / "clusters.csv").is_file():
        clusters = pd.read_csv(folder / "clusters.csv", dtype=str)
        groups = clusters.assign(row=clusters["sku"].map(row_of)).groupby("cluster_id")["row"]
        together = (pair for _, rows in groups for pair in itertools.combinations(rows.tolist(), 2))
        yield product_task(folder.name, catalog, comparer, partners(together))


def read_set(folder: Path) -> Catalog | None:
    """The catalog of a folder that has the truth for something; ``None`` for another folder."""
    files = [folder / name for name in ("catalog.csv", "catalog.csv.gz") if (folder / name).is_file()]
    if not files or not any((folder / f"{name}.csv").is_file() for name in ("pairs", "clusters", "queries")):
        return None
    table = read_table(files[0])
    return make_catalog(table, propose_columns(table).mapping)


def make_comparer(catalog: Catalog, encoder: Encoder, home: Path) -> Comparer:
    """Both indexes of a catalog as a build makes them, but that vectors are searched exactly."""
    texts, products = compose_texts(catalog, TextRecipe()), catalog.products
    unique, group_of = unique_vectors(encoded(texts, encoder, home))
    described = [(row, text) for row, text in enumerate(description_texts(catalog)) if text]
    rows = [row for row, _ in described]
    fields = unique_vectors(encoded([text for _, text in described], encoder, home)) if rows else None
    codes = [f"{gtin} {mpn}" for gtin, mpn in zip(products["gtin"], products["mpn"], strict=True)]
    return Comparer(
        GroupedIndex(ExactIndex(unique), group_of),
        LexicalIndex.build(texts, codes, products["description"].tolist()),
        TraitIndex.build(catalog),
        "cosine",
        FieldVectors.of(rows, len(catalog), *fields) if fields else None,
    )


def encoded(texts: list[str], encoder: Encoder, home: Path) -> NDArray[np.float32]:
    """The texts' vectors, kept in HOME."""
    digests = text_digests(texts)
    store = VectorStore(home / "vectors", encoder.fingerprint, encoder.dim)
    missing = store.missing(digests)
    if len(missing):
        store.append([digests[p] for p in missing], encoder.encode([texts[p] for p in missing]))
    return store.get(digests)


def product_task(
    name: str,
    catalog: Catalog,
    comparer: Comparer,
    truth: Truth,
    listed: tuple[Parts, NDArray[np.bool_]] | None = None,
) -> Task:
    """Every product with a partner asks for it."""
    lookup, skus = Lookup(catalog), catalog.products["sku"].tolist()
    products = catalog.products
    alone = WordsAlone.build(comparer, compose_texts(catalog, TextRecipe()))
    source = pd.factorize(products["source"])[0] if "source" in products else np.arange(len(products))
    found = []
    for row in sampled(truth):
        prepared = PreparedQuery(comparer, lookup, Query(like=(skus[row],)), Weights.preset("overall"))
        rows = prepared.candidates(CANDIDATES, np.flatnonzero(source != source[row])).rows
        parts = {**comparer.product_parts(row, rows), **alone.of(products["title"].iat[row], rows)}
        found.append((rows, {**parts, "characters": parts["words"]}, dict.fromkeys(truth[row], 1.0)))
    return make_task(name, len(truth), found, listed)


def text_task(folder: Path, catalog: Catalog, comparer: Comparer, row_of: Mapping[str, int], encoder: Encoder) -> Task:
    """Every query with a product of the highest grade asks for it."""
    queries = pd.read_csv(folder / "queries.csv", dtype=str, keep_default_na=False)
    qrels = pd.read_csv(folder / "qrels.csv", dtype={"query_id": str, "sku": str, "grade": float})
    best = qrels["grade"].max()
    place = {name: i for i, name in enumerate(queries["query_id"])}
    grades: dict[int, dict[int, float]] = {}
    for name, sku, grade in zip(qrels["query_id"], qrels["sku"], qrels["grade"], strict=True):
        grades.setdefault(place[name], {})[row_of[sku]] = grade
    truth = {i: {row for row, grade in found.items() if grade == best} for i, found in grades.items()}
    taken = sampled({i: rows for i, rows in truth.items() if rows})
    texts = [queries["query"].iat[i] for i in taken]
    alone = WordsAlone.build(comparer, compose_texts(catalog, TextRecipe()))
    lookup, everything, found = Lookup(catalog), np.arange(len(catalog)), []
    for i, text, vector in zip(taken, texts, encoder.encode(texts, "query"), strict=True):
        prepared = PreparedQuery(comparer, lookup, Query(text), Weights.preset("overall"))
        prepared.vector = vector[None]
        rows = prepared.candidates(CANDIDATES, everything).rows
        singles = {**alone.of(text, rows), "characters": alone.characters(text, rows)}
        found.append((rows, {**comparer.text_parts(text, vector[None], rows), **singles}, grades[i]))
    return make_task(f"{folder.name} queries", len(taken), found, best=best)


@dataclass(frozen=True, slots=True)
class WordsAlone:
    """What a plain word search would do."""

    lexical: LexicalIndex
    tfidf: TermMatrix

    @classmethod
    def build(cls, comparer: Comparer, texts: list[str]) -> Self:
        """Index the texts' words by TF-IDF, rows of length 1."""
        n = len(texts)

        def weigh(count: Scores, frequency: Scores, length: Scores) -> Scores:
            return np.asarray(count * (np.log((1 + n) / (1 + frequency)) + 1), np.float32)

        tokens = Occurrences.of(map(words, texts))
        return cls(comparer.lexical, TermMatrix.build(tokens, word_forms, weigh, unit=True, max_frequency=n))

    def characters(self, text: str, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """The cosine of character n-grams between a text and products."""
        grams = self.lexical.grams
        return grams.score_rows(grams.dense(*self.lexical.gram_row(text)), rows)

    def of(self, text: str, rows: NDArray[np.int64]) -> Parts:
        """BM25 and the cosine of TF-IDF between a text and products; the text's own length is the same for all."""
        columns = self.tfidf.columns_of(word_terms(text))
        n = len(self.tfidf)
        weights = np.log((1 + n) / (1 + self.tfidf.frequency[columns])) + 1
        query = self.tfidf.dense(columns, weights.astype(np.float32))
        return {"BM25": self.lexical.text_words(text, rows), "word TF-IDF": self.tfidf.score_rows(query, rows)}


def make_task(
    name: str,
    n_all: int,
    found: Sequence[tuple[NDArray[np.int64], Parts, Mapping[int, float]]],
    listed: tuple[Parts, NDArray[np.bool_]] | None = None,
    best: float = 1.0,
) -> Task:
    """Put the queries one after the other; products graded ``best`` are partners."""
    gain = [np.array([grades.get(row, 0.0) for row in rows.tolist()]) for rows, _, grades in found]
    ideal = [np.sort([*grades.values()])[::-1][:10] for _, _, grades in found]
    return Task(
        name,
        n_all,
        np.array([len(rows) for rows, _, _ in found]),
        np.array([sum(grade == best for grade in grades.values()) for _, _, grades in found]),
        {part: np.concatenate([parts[part] for _, parts, _ in found]) for part in found[0][1]},
        np.concatenate(gain) == best,
        np.concatenate(gain),
        np.array([grades @ DISCOUNTS[: len(grades)] for grades in ideal]),
        listed,
    )


def pair_parts(comparer: Comparer, a: NDArray[np.int64], b: NDArray[np.int64]) -> Parts:
    """Parts of pairs of products."""
    each = [comparer.product_parts(int(row), b[i : i + 1]) for i, row in enumerate(a)]
    parts = {name: np.concatenate([one[name] for one in each]) for name in each[0]}
    return {**parts, "characters": parts["words"]}


def partners(pairs: Iterator[tuple[int, int]]) -> Truth:
    """Each product's partners."""
    truth: Truth = {}
    for a, b in pairs:
        truth.setdefault(int(a), set()).add(int(b))
        truth.setdefault(int(b), set()).add(int(a))
    return truth


def sampled(truth: Truth) -> list[int]:
    """The queries taken, ascending; the same in every run."""
    every = np.array(sorted(truth))
    return sorted(np.random.default_rng(0).choice(every, min(AT_MOST, len(every)), replace=False).tolist())


def total(weights: Weights) -> Callable[[Parts], NDArray[np.floating]]:
    """The score by these weights."""
    return lambda parts: np.sum(list(contributions(parts, weights).values()), axis=0)


def print_table(task: Task) -> None:
    """One line per single part and per preset, with 95 % intervals."""
    print(
        f"\n{task.name}: {len(task.sizes):,} of {task.n_all:,} queries, partner among the candidates {reach(task):.3f}"
    )
    lines: dict[str, Callable[[Parts], NDArray[np.floating]]] = {
        name: lambda parts, name=name: parts[name] for name in SINGLE if task.pairs is None or name in task.pairs[0]
    }
    for preset in PRESETS:
        lines[preset] = total(Weights.preset(preset))
    for name, score in lines.items():
        told = [f"{metric:>10} {interval(value)}" for metric, value in task.values(score).items()]
        ap = f"        ap {task.metrics(score)['ap']:.3f}" if task.pairs is not None else ""
        print(f"  {name:14}" + "".join(told) + ap)


def interval(value: NDArray[np.float64]) -> str:
    """A mean over queries with half its 95 % interval, by the normal approximation."""
    return f"{value.mean():.3f} ±{1.96 * value.std() / np.sqrt(len(value)):.3f}"


def reach(task: Task) -> float:
    """Share of the queries with a partner among the candidates: no weights can find more."""
    return float(np.mean([part.any() for part in np.split(task.right, np.cumsum(task.sizes)[:-1])]))


def print_choice(tasks: list[Task]) -> None:
    """The weights that all sets choose, and for each set what the others choose and what that gives on it."""
    gains = np.array([[relative(task, weights) for task in tasks] for weights in GRID])
    print("\nWeights by the mean gain over each set's best single part (sets count alike)")
    for i in np.argsort(-gains.mean(axis=1))[:5]:
        print(f"  {show(GRID[i])}   {gains[i].mean():+.4f}   worst set {gains[i].min():+.4f}")
    default = Weights.preset("overall")
    shipped = np.array([relative(task, default) for task in tasks])
    print(f"  {show(default)}   {shipped.mean():+.4f}   worst set {shipped.min():+.4f}   (overall)")
    print("\nChosen without the set, measured on it")
    for place, task in enumerate(tasks):
        others = np.delete(gains, place, axis=1).mean(axis=1)
        best = int(np.argmax(others))
        print(
            f"  {task.name:26}{task.chosen_by:>10}   {show(GRID[best])}   {gains[best, place]:+.4f}"
            f"   overall {shipped[place]:+.4f}   best possible {gains[:, place].max():+.4f}"
        )


def relative(task: Task, weights: Weights) -> float:
    """How much these weights give above the set's best single part, in its metric."""
    single = [name for name in SINGLE if task.pairs is None or name in task.pairs[0]]
    best = max(task.metrics(lambda parts, name=name: parts[name])[task.chosen_by] for name in single)
    return task.metrics(total(weights))[task.chosen_by] - best


def show(weights: Weights) -> str:
    """The weights in a fixed width."""
    return "  ".join(f"{name} {value:4.2f}" for name, value in weights.as_dict().items() if value)


if __name__ == "__main__":
    main()
