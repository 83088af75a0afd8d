"""Measures what 200 judgements teach, on products that were not judged: ``python -m benchmarks.learned DATA [HOME]``.

DATA is as for ``benchmarks.similarity``. The judgements are drawn as a person would make them: a product or text asked
by, one partner, and two of the ten closest that are none; where negatives are listed, listed pairs. HOME keeps vectors.
"""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from benchmarks.peers import Parts
from benchmarks.similarity import Task, Truth, make_comparer, make_task, partners, read_set, total
from prodsim.catalog import Catalog
from prodsim.encoders import Encoder, open_encoder
from prodsim.index import Rows, top
from prodsim.learn import Judged, Learned, learn_weights
from prodsim.search import Query, ScoreCalibration, SearchEngine
from prodsim.search.engine import CANDIDATES
from prodsim.search.prepared_query import PreparedQuery
from prodsim.settings import Settings
from prodsim.similarity import Weights

N_JUDGED = 200
SHOWN = 10
NEGATIVES = 2
SAMPLES = 5
"""Sets of judgements drawn per set of data."""
AT_MOST = 1000
"""Queries measured per sample."""
RESAMPLES = 1000

Values = NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """What is known of a catalog.

    Attributes:
        truth: asked by (a row, or the place of a text) to the rows that belong to it.
        source: a number per row; partners come from another one.
        texts: what is asked by; empty when products are.
        listed: rows, rows and whether they belong together, where others are not known to be apart.
    """

    name: str
    catalog: Catalog
    engine: SearchEngine
    truth: Truth
    source: Rows
    texts: tuple[str, ...] = ()
    listed: tuple[Rows, Rows, NDArray[np.bool_]] | None = None

    def candidates(self, asked: int) -> tuple[Rows, Parts]:
        """What the indexes propose, with its parts."""
        comparer, text = self.engine.comparer, self.texts[asked] if self.texts else ""
        sku = "" if text else self.skus[asked]
        query = Query(text) if text else Query(like=(sku,))
        prepared = PreparedQuery(comparer, self.engine.lookup, query, self.engine.weights)
        if text:
            prepared.vector = self.engine.encode([text])
            rows = prepared.candidates(CANDIDATES, np.arange(len(self.source))).rows
            return rows, comparer.text_parts(text, prepared.vector, rows)
        rows = prepared.candidates(CANDIDATES, np.flatnonzero(self.source != self.source[asked])).rows
        return rows, comparer.product_parts(asked, rows)

    @property
    def skus(self) -> list[str]:
        """In row order."""
        return list(self.catalog.products["sku"])


def main() -> None:
    """Print a line per sample of judgements."""
    data = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as passing:
        settings = Settings(Path(sys.argv[2]) if len(sys.argv) > 2 else Path(passing))
        encoder = open_encoder("minilm", settings)
        print(f"{'set':22}{'judged':>7}{'held-out AP':>40}  {'metric on the rest':>50}  weights")
        for folder in sorted(path for path in data.iterdir() if path.is_dir()):
            for world in find_worlds(folder, encoder, settings.home):
                for seed in range(SAMPLES):
                    print_line(world, np.random.default_rng(seed))


def find_worlds(folder: Path, encoder: Encoder, home: Path) -> Iterator[World]:
    """What the folder has the truth for; nothing for a folder without."""
    catalog = read_set(folder)
    if catalog is None:
        return
    comparer = make_comparer(catalog, encoder, home)
    engine = SearchEngine(catalog, comparer, lambda: encoder, ScoreCalibration({}, {}))
    products = catalog.products
    source = pd.factorize(products["source"])[0] if "source" in products else np.arange(len(products))
    row_of = {sku: row for row, sku in enumerate(products["sku"])}
    if (folder / "queries.csv").is_file():
        texts, truth = read_texts(folder, row_of)
        yield World(f"{folder.name} queries", catalog, engine, truth, source, texts)
    if (folder / "pairs.csv").is_file():
        pairs = pd.read_csv(folder / "pairs.csv", dtype=str)
        a, b = (pairs[name].map(row_of).to_numpy(np.int64) for name in ("sku_a", "sku_b"))
        label = pairs["label"].astype(float).to_numpy() > 0
        truth = partners(zip(a[label].tolist(), b[label].tolist(), strict=True))
        yield World(folder.name, catalog, engine, truth, source, listed=None if label.all() else (a, b, label))
    elif (folder / "clusters.csv").is_file():
        clusters = pd.read_csv(folder / "clusters.csv", dtype=str)
        groups = clusters.assign(row=clusters["sku"].map(row_of)).groupby("cluster_id")["row"]
        truth = {row: set(rows) - {row} for _, rows in groups for row in rows if len(rows) > 1}
        yield World(folder.name, catalog, engine, truth, source)


def read_texts(folder: Path, row_of: Mapping[str, int]) -> tuple[tuple[str, ...], Truth]:
    """The query texts, and the rows of the highest grade by the text's place."""
    queries = pd.read_csv(folder / "queries.csv", dtype=str, keep_default_na=False)
    qrels = pd.read_csv(folder / "qrels.csv", dtype={"query_id": str, "sku": str, "grade": float})
    place = {name: i for i, name in enumerate(queries["query_id"])}
    truth: Truth = {}
    best = qrels[qrels["grade"] == qrels["grade"].max()]
    for name, sku in zip(best["query_id"], best["sku"], strict=True):
        truth.setdefault(place[name], set()).add(row_of[sku])
    return tuple(queries["query"]), truth


def print_line(world: World, rng: np.random.Generator) -> None:
    """Draw judgements, learn, and measure on what was not judged."""
    pairs = draw_listed(world, rng) if world.listed else draw(world, rng)
    skus = world.skus
    judged = [
        Judged(world.texts[a] if world.texts else skus[a], skus[b], float(label), bool(world.texts))
        for a, b, label in pairs
    ]
    learned = learn_weights(world.engine, judged)
    touched = {b for _, b, _ in pairs} | (set() if world.texts else {a for a, _, _ in pairs})
    asked = {a for a, _, _ in pairs}
    measured = measure_listed if world.listed else measure
    print(
        f"{world.name:22}{learned.n:7}{show_ap(learned):>40}  {measured(world, learned, asked, touched, rng):>50}"
        f"  {show(learned.weights)}",
        flush=True,
    )


def draw(world: World, rng: np.random.Generator) -> list[tuple[int, int, bool]]:
    """One partner and two close others of as many queries as it takes."""
    pairs: list[tuple[int, int, bool]] = []
    for asked in rng.permutation(sorted(world.truth)).tolist():
        if len(pairs) >= N_JUDGED:
            break
        rows, parts = world.candidates(asked)
        shown = rows[top(total(world.engine.weights)(parts), SHOWN)]
        apart = [row for row in shown.tolist() if row not in world.truth[asked]]
        pairs.append((asked, int(rng.choice(sorted(world.truth[asked]))), True))
        pairs += [(asked, int(row), False) for row in rng.permutation(apart)[:NEGATIVES]]
    return pairs[:N_JUDGED]


def draw_listed(world: World, rng: np.random.Generator) -> list[tuple[int, int, bool]]:
    """Listed pairs, a third of them partners."""
    a, b, label = world.listed
    n = N_JUDGED // (1 + NEGATIVES)
    taken = np.concatenate(
        [
            rng.choice(np.flatnonzero(label), n, replace=False),
            rng.choice(np.flatnonzero(~label), N_JUDGED - n, replace=False),
        ]
    )
    return [(int(a[i]), int(b[i]), bool(label[i])) for i in taken]


def measure(world: World, learned: Learned, asked: set[int], touched: set[int], rng: np.random.Generator) -> str:
    """Per query on those that were not asked and whose products were not judged, resampled in pairs."""
    free = [
        one
        for one, wanted in world.truth.items()
        if one not in asked and not wanted & touched and (world.texts or one not in touched)
    ]
    taken = rng.permutation(sorted(free))[:AT_MOST].tolist()
    task = make_task(
        world.name, len(free), [(*world.candidates(one), dict.fromkeys(world.truth[one], 1.0)) for one in taken]
    )
    before, after = per_query(task, world.engine.weights), per_query(task, learned.weights)
    rows = rng.integers(0, len(taken), (RESAMPLES, len(taken)))
    told = []
    for name in before:
        drawn = (after[name] - before[name])[rows].mean(axis=1)
        told.append(show_change(name, float(before[name].mean()), float(after[name].mean()), drawn))
    return " ".join(told)


def measure_listed(world: World, learned: Learned, asked: set[int], touched: set[int], rng: np.random.Generator) -> str:
    """AP over the listed pairs of products that were not judged, resampled in pairs."""
    a, b, label = world.listed
    free = ~(np.isin(a, list(touched | asked)) | np.isin(b, list(touched | asked)))
    label, parts = label[free], world.engine.comparer.pair_parts(a[free], b[free])
    scores = [total(weights)(parts) for weights in (world.engine.weights, learned.weights)]
    before, after = (float(average_precision_score(label, score)) for score in scores)
    drawn = []
    for _ in range(RESAMPLES // 5):
        rows = rng.integers(0, len(label), len(label))
        old, new = (average_precision_score(label[rows], score[rows]) for score in scores)
        drawn.append(new - old)
    return show_change("AP", before, after, np.array(drawn))


def per_query(task: Task, weights: Weights) -> dict[str, Values]:
    """Whether the first is a partner, and the share of partners among ten."""
    query = np.repeat(np.arange(len(task.sizes)), task.sizes)
    order = np.lexsort((-total(weights)(task.parts), query))
    rank = np.arange(len(order)) - np.repeat(np.cumsum(task.sizes) - task.sizes, task.sizes)
    right = task.right[order]
    among = np.bincount(query[right & (rank < 10)], minlength=len(task.sizes))
    first = np.bincount(query[right & (rank == 0)], minlength=len(task.sizes))
    return {"recall@1": first.astype(np.float64), "share@10": among / np.minimum(task.wanted, 10)}


def show_ap(learned: Learned) -> str:
    """The held-out AP and whether it is called better."""
    ap = learned.ap
    sign = "better" if learned.is_better else "keep"
    return f"{ap.present:.3f} → {ap.learned:.3f} [{ap.low:+.3f}, {ap.high:+.3f}] {sign}"


def show_change(name: str, before: float, after: float, drawn: Values) -> str:
    """Before, after, and the 95 % interval of the difference."""
    low, high = np.percentile(drawn, [2.5, 97.5])
    return f"{name} {before:.3f} → {after:.3f} [{low:+.3f}, {high:+.3f}]"


def show(weights: Weights) -> str:
    """The weights that are not 0."""
    return " ".join(f"{name} {value:.2f}" for name, value in weights.as_dict().items() if value)


if __name__ == "__main__":
    main()
