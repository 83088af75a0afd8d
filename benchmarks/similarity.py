"""Measures what each part finds where the truth is known: ``python -m benchmarks.similarity DATA [HOME [SET…]]``.

DATA holds a folder per set: ``catalog.csv`` or ``catalog.csv.gz``, and ``pairs.csv`` (sku_a, sku_b, label),
``clusters.csv`` (sku, cluster_id), or ``queries.csv`` (query_id, query) with ``qrels.csv`` (query_id, sku, grade).
HOME keeps vectors for the next run. In a catalog with a column ``source``, partners come from another source. Each set
has the encoder that a build chooses for it; what MiniLM and e5 find by themselves stands beside it.
"""

import itertools
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from benchmarks.peers import Parts, Peers, encoded
from prodsim.catalog import Catalog, make_catalog, propose_columns, read_table
from prodsim.encoders import Encoder, choose_encoder, find_spec, open_encoder
from prodsim.encoders.text_recipe import TextRecipe, compose_texts, description_texts
from prodsim.graph import build_graph
from prodsim.index import ExactIndex, FieldVectors, GroupedIndex, unique_vectors
from prodsim.lexical import LexicalIndex
from prodsim.search.comparer import Comparer
from prodsim.search.crowding import Crowding
from prodsim.search.engine import CANDIDATES
from prodsim.search.lookup import Lookup
from prodsim.search.prepared_query import PreparedQuery
from prodsim.search.types import Query
from prodsim.settings import Settings
from prodsim.similarity import PRESETS, UNREADABLE, Weights, contributions, suited_weights
from prodsim.traits import TraitIndex
from prodsim.workspace.build import GRAPH_K

AT_MOST = 3000
"""Queries per set; more are sampled, which the table says."""
GRID = [
    Weights(meaning=meaning, description=description, words=1.0, identifiers=identifiers, quantities=0.1, price=price)
    for meaning, description, identifiers, price in itertools.product(
        (0.25, 0.5, 1.0), (0.0, 0.1, 0.2), (0.5, 0.8, 1.2), (0.0, 0.1, 0.2)
    )
]
PEERS = {"MiniLM": "minilm", "e5": "e5-multilingual"}
"""Encoders measured by themselves."""
SINGLE = (*PEERS, "characters", "BM25", "word TF-IDF", "identifiers")
DISCOUNTS = 1 / np.log2(np.arange(2, 12))

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
        presets: weights of each preset, as they suit the set's encoder.
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
    presets: Mapping[str, Weights] = field(default_factory=dict)

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
        encoders = {name: open_encoder(name, settings) for name in PEERS.values()}
        tasks = []
        folders = [data / name for name in sys.argv[3:]] or sorted(path for path in data.iterdir() if path.is_dir())
        for folder in folders:
            for task in find_tasks(folder, encoders, settings.home):
                print_table(task)
                tasks.append(task)
    print_summary(tasks)
    if len(tasks) > 1:
        print_choice(tasks)


def find_tasks(folder: Path, encoders: Mapping[str, Encoder], home: Path) -> Iterator[Task]:
    """The tasks that the folder has the truth for; none for a folder without."""
    catalog = read_set(folder)
    if catalog is None:
        return
    chosen = choose_encoder(compose_texts(catalog, TextRecipe()), encoders["minilm"], UNREADABLE).name
    spec = find_spec(chosen)
    presets = {name: suited_weights(name, 0.0, spec.baseline if spec else 0.0) for name in PRESETS}
    for task in _tasks(folder, catalog, encoders[chosen], encoders, home):
        yield replace(task, presets=presets)


def _tasks(
    folder: Path, catalog: Catalog, encoder: Encoder, encoders: Mapping[str, Encoder], home: Path
) -> Iterator[Task]:
    comparer = make_comparer(catalog, encoder, home)
    peers = Peers.of(catalog, comparer, {peer: encoders[name] for peer, name in PEERS.items()}, home)
    row_of = {sku: row for row, sku in enumerate(catalog.products["sku"])}
    if (folder / "queries.csv").is_file():
        yield text_task(folder, catalog, comparer, row_of, encoder, peers)
    if (folder / "pairs.csv").is_file():
        pairs = pd.read_csv(folder / "pairs.csv", dtype=str)
        a, b = (pairs[name].map(row_of).to_numpy(np.int64) for name in ("sku_a", "sku_b"))
        label = pairs["label"].astype(float).to_numpy() > 0
        listed = None if label.all() else (pair_parts(comparer, peers, a, b), label)
        truth = partners(zip(a[label], b[label], strict=True))
        yield product_task(folder.name, catalog, comparer, truth, peers, listed)
    elif (folder / "clusters.csv").is_file():
        clusters = pd.read_csv(folder / "clusters.csv", dtype=str)
        groups = clusters.assign(row=clusters["sku"].map(row_of)).groupby("cluster_id")["row"]
        together = (pair for _, rows in groups for pair in itertools.combinations(rows.tolist(), 2))
        yield product_task(folder.name, catalog, comparer, partners(together), peers)


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
    index, lexical = ExactIndex(unique), LexicalIndex.build(texts, codes, products["description"].tolist())
    return Comparer(
        GroupedIndex(index, group_of),
        lexical,
        TraitIndex.build(catalog),
        "cosine",
        FieldVectors.of(rows, len(catalog), *fields) if fields else None,
        crowding=Crowding.measure(lexical, build_graph(index, GRAPH_K), group_of),
    )


def product_task(
    name: str,
    catalog: Catalog,
    comparer: Comparer,
    truth: Truth,
    peers: Peers,
    listed: tuple[Parts, NDArray[np.bool_]] | None = None,
) -> Task:
    """Every product with a partner asks for it."""
    lookup, skus = Lookup(catalog), catalog.products["sku"].tolist()
    products = catalog.products
    source = pd.factorize(products["source"])[0] if "source" in products else np.arange(len(products))
    found = []
    for row in sampled(truth):
        prepared = PreparedQuery(comparer, lookup, Query(like=(skus[row],)), Weights.preset("overall"))
        rows = prepared.candidates(CANDIDATES, np.flatnonzero(source != source[row])).rows
        parts = {**comparer.product_parts(row, rows), **peers.of_product(row, products["title"].iat[row], rows)}
        found.append((rows, parts, dict.fromkeys(truth[row], 1.0)))
    return make_task(name, len(truth), found, listed)


def text_task(
    folder: Path, catalog: Catalog, comparer: Comparer, row_of: Mapping[str, int], encoder: Encoder, peers: Peers
) -> Task:
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
    by_peer = peers.encode(texts)
    lookup, everything, found = Lookup(catalog), np.arange(len(catalog)), []
    for place, (i, vector) in enumerate(zip(taken, encoder.encode(texts, "query"), strict=True)):
        text = texts[place]
        prepared = PreparedQuery(comparer, lookup, Query(text), Weights.preset("overall"))
        prepared.vector = vector[None]
        rows = prepared.candidates(CANDIDATES, everything).rows
        singles = peers.of_text(text, {name: vectors[place] for name, vectors in by_peer.items()}, rows)
        found.append((rows, {**comparer.text_parts(text, vector[None], rows), **singles}, grades[i]))
    return make_task(f"{folder.name} queries", len(taken), found, best=best)


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


def pair_parts(comparer: Comparer, peers: Peers, a: NDArray[np.int64], b: NDArray[np.int64]) -> Parts:
    """Parts of pairs of products."""
    each = [
        {**comparer.product_parts(row, b[i : i + 1]), **peers.of_row(row, b[i : i + 1])}
        for i, row in enumerate(a.tolist())
    ]
    return {name: np.concatenate([one[name] for one in each]) for name in each[0]}


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
    for preset, weights in task.presets.items():
        lines[preset] = total(weights)
    for name, score in lines.items():
        told = [f"{metric:>10} {interval(value)}" for metric, value in task.values(score).items()]
        ap = f"        ap {task.metrics(score)['ap']:.3f}" if task.pairs is not None else ""
        print(f"  {name:14}" + "".join(told) + ap)


def print_summary(tasks: list[Task]) -> None:
    """One line per set: what each method alone and the two presets that look for the same find, and the better one."""
    names = (*SINGLE, "same product", "overall")
    print("\n" + f"{'':28}{'':10}" + "".join(f"{name:>14}" for name in names))
    for task in tasks:
        by = {name: (lambda parts, name=name: parts[name]) for name in SINGLE}
        by |= {name: total(task.presets[name]) for name in names[-2:]}
        metric = "ndcg@10" if "queries" in task.name else "recall@1"
        values = {name: task.values(score)[metric] for name, score in by.items()}
        print(f"{task.name:28}{metric:10}" + "".join(f"{interval(values[name]):>14}" for name in names))
        if task.pairs is not None:
            ap = {
                n: average_precision_score(task.pairs[1], s(task.pairs[0]))
                for n, s in by.items()
                if n in task.pairs[0] or n in PRESETS
            }
            print(f"{'':28}{'ap':10}" + "".join(f"{ap[n]:>14.3f}" if n in ap else f"{'':>14}" for n in names))


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
    shipped = np.array([relative(task, task.presets["overall"]) for task in tasks])
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
