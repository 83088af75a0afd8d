"""Measures what each part finds where the truth is known: ``python -m benchmarks.similarity DATA [HOME]``.

DATA holds a folder per set: ``catalog.csv`` or ``catalog.csv.gz``, and ``pairs.csv`` (sku_a, sku_b, label),
``clusters.csv`` (sku, cluster_id), or ``queries.csv`` (query_id, query) with ``qrels.csv`` (query_id, sku, grade).
HOME keeps vectors for the next run. In a catalog with a column ``source``, partners come from another source.
"""

import itertools
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from prodsim.catalog import Catalog, make_catalog, propose_columns, read_table
from prodsim.encoders import Encoder, open_encoder
from prodsim.index import ExactIndex, FieldVectors, GroupedIndex, unique_vectors
from prodsim.lexical import LexicalIndex
from prodsim.recipe import TextRecipe, compose_texts, description_texts
from prodsim.search.engine import CANDIDATES
from prodsim.search.lookup import Lookup
from prodsim.search.types import Query
from prodsim.search.wish import Comparer, Wish
from prodsim.settings import Settings
from prodsim.similarity import PRESETS, Weights, contributions
from prodsim.text import text_digests
from prodsim.traits import TraitIndex
from prodsim.vectors import VectorStore

AT_MOST = 3000
"""Queries per set; more are sampled, which the table says."""
GRID = [
    Weights(meaning=meaning, words=1.0, identifiers=identifiers, quantities=quantities, price=price)
    for meaning, identifiers, quantities, price in itertools.product(
        (0.25, 0.5, 1.0), (0.5, 0.8, 1.2), (0.0, 0.1), (0.0, 0.1, 0.2)
    )
]
SINGLE = ("meaning", "characters", "whole words", "identifiers")

Parts = dict[str, NDArray[np.float32]]
Truth = dict[int, set[int]]


@dataclass(frozen=True, slots=True)
class Task:
    """Queries of one set, with the parts of their candidates, query after query.

    Attributes:
        n_all: queries there are; ``sizes`` tells those taken.
        sizes: candidates per query.
        wanted: true partners per query, found or not.
        parts: by name; ``characters`` and ``whole words`` stand alone, ``words`` is what a search uses.
        right: whether the candidate is a true partner.
        pairs: parts and labels of listed pairs with negatives among them, else ``None``.
    """

    name: str
    n_all: int
    sizes: NDArray[np.int64]
    wanted: NDArray[np.int64]
    parts: Parts
    right: NDArray[np.bool_]
    pairs: tuple[Parts, NDArray[np.bool_]] | None = None

    def metrics(self, score: Callable[[Parts], NDArray[np.floating]]) -> dict[str, float]:
        """Share of queries with a partner first, and among ten; share of partners among ten; AP over listed pairs."""
        query = np.repeat(np.arange(len(self.sizes)), self.sizes)
        order = np.lexsort((-score(self.parts), query))  # stable: equal scores keep row order
        rank = np.arange(len(order)) - np.repeat(np.cumsum(self.sizes) - self.sizes, self.sizes)
        right = self.right[order]
        among = np.bincount(query[right & (rank < 10)], minlength=len(self.sizes))
        found = {
            "recall@1": float((right & (rank == 0)).sum() / len(self.sizes)),
            "recall@10": float((among > 0).mean()),
            "share@10": float((among / np.minimum(self.wanted, 10)).mean()),
        }
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
        encoder = open_encoder("minilm", settings)
        tasks = []
        for folder in sorted(path for path in data.iterdir() if path.is_dir()):
            for task in find_tasks(folder, encoder, settings.home):
                print_table(task)
                tasks.append(task)
    print_choice(tasks)


def find_tasks(folder: Path, encoder: Encoder, home: Path) -> Iterator[Task]:
    """The tasks that the folder has the truth for; none for a folder without."""
    files = [folder / name for name in ("catalog.csv", "catalog.csv.gz") if (folder / name).is_file()]
    if not files or not any((folder / f"{name}.csv").is_file() for name in ("pairs", "clusters", "queries")):
        return
    table = read_table(files[0])
    catalog = make_catalog(table, propose_columns(table).mapping)
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
    source = pd.factorize(products["source"])[0] if "source" in products else np.arange(len(products))
    found = []
    for row in sampled(truth):
        wish = Wish(comparer, lookup, Query(like=(skus[row],)), Weights.preset("overall"))
        rows = wish.candidates(CANDIDATES, np.flatnonzero(source != source[row])).rows
        parts = {**comparer.product_parts(row, rows), "whole words": whole_words(comparer, products, row, rows)}
        found.append((rows, {**parts, "characters": parts["words"]}, truth[row]))
    return make_task(name, len(truth), found, listed)


def text_task(folder: Path, catalog: Catalog, comparer: Comparer, row_of: Mapping[str, int], encoder: Encoder) -> Task:
    """Every query with a product of the highest grade asks for it."""
    queries = pd.read_csv(folder / "queries.csv", dtype=str, keep_default_na=False)
    qrels = pd.read_csv(folder / "qrels.csv", dtype={"query_id": str, "sku": str, "grade": float})
    best = qrels[qrels["grade"] == qrels["grade"].max()]
    place = {name: i for i, name in enumerate(queries["query_id"])}
    truth: Truth = {}
    for name, sku in zip(best["query_id"], best["sku"], strict=True):
        truth.setdefault(place[name], set()).add(row_of[sku])
    taken = sampled(truth)
    texts = [queries["query"].iat[i] for i in taken]
    lookup, everything, found = Lookup(catalog), np.arange(len(catalog)), []
    for i, text, vector in zip(taken, texts, encoder.encode(texts, "query"), strict=True):
        wish = Wish(comparer, lookup, Query(text), Weights.preset("overall"))
        wish.vector = vector[None]
        rows = wish.candidates(CANDIDATES, everything).rows
        alone = {
            "characters": comparer.lexical.text_grams(text, rows),
            "whole words": comparer.lexical.text_words(text, rows),
        }
        found.append((rows, {**comparer.text_parts(text, vector[None], rows), **alone}, truth[i]))
    return make_task(f"{folder.name} queries", len(truth), found)


def make_task(
    name: str,
    n_all: int,
    found: list[tuple[NDArray[np.int64], Parts, set[int]]],
    listed: tuple[Parts, NDArray[np.bool_]] | None = None,
) -> Task:
    """Put the queries one after the other."""
    return Task(
        name,
        n_all,
        np.array([len(rows) for rows, _, _ in found]),
        np.array([len(wanted) for _, _, wanted in found]),
        {part: np.concatenate([parts[part] for _, parts, _ in found]) for part in found[0][1]},
        np.concatenate([np.isin(rows, list(wanted)) for rows, _, wanted in found]),
        listed,
    )


def pair_parts(comparer: Comparer, a: NDArray[np.int64], b: NDArray[np.int64]) -> Parts:
    """Parts of pairs of products."""
    each = [comparer.product_parts(int(row), b[i : i + 1]) for i, row in enumerate(a)]
    parts = {name: np.concatenate([one[name] for one in each]) for name in each[0]}
    return {**parts, "characters": parts["words"]}


def whole_words(comparer: Comparer, products: pd.DataFrame, row: int, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """BM25 of a product's title as a query: what a plain word search would do."""
    return comparer.lexical.text_words(products["title"].iat[row], rows)


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
    """One line per single part and per preset, with the 95 % interval of recall@1."""
    n = len(task.sizes)
    print(f"\n{task.name}: {n:,} of {task.n_all:,} queries, partner among the candidates {reach(task):.3f}")
    lines: dict[str, Callable[[Parts], NDArray[np.floating]]] = {
        name: lambda parts, name=name: parts[name] for name in SINGLE if task.pairs is None or name in task.pairs[0]
    }
    for preset in PRESETS:
        lines[preset] = total(Weights.preset(preset))
    for name, score in lines.items():
        found = task.metrics(score)
        half = 1.96 * np.sqrt(found["recall@1"] * (1 - found["recall@1"]) / n)
        print(f"  {name:14}" + "".join(f"{key:>11} {value:.3f}" for key, value in found.items()) + f"   ±{half:.3f}")


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
