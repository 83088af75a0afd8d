"""Measures similarity by look, by words and by both: ``python -m benchmarks.look DATA [HOME [--colours]]``.

DATA holds folders with ``catalog.csv`` (sku, title, category, image and more), and pictures beside it. Two kinds are
known: one with ``clusters.csv`` and a column ``kind``, whose photos ask for the shop's product of their cluster, the
category being the word typed beside the photo; and one with gender and baseColour, where a product asks for another one
of its category, gender and colour by picture and title. HOME keeps vectors for the next run;
``--colours`` tries other shares of the colours.
"""

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.peers import encoded
from prodsim.catalog import Catalog, make_catalog, read_table
from prodsim.encoders import open_encoder, open_picture_encoder
from prodsim.encoders.protocol import unit_vectors
from prodsim.graph import build_graph
from prodsim.index import ExactIndex, GroupedIndex, unique_vectors
from prodsim.lexical import LexicalIndex
from prodsim.look import Depictions, LookIndex, encode_pictures, hashes, open_store
from prodsim.look import index as look_index
from prodsim.look.sketch import N_COLOURS, N_LAYOUT
from prodsim.pictures import PictureFiles
from prodsim.progress import SILENT
from prodsim.search import Comparer, Crowding
from prodsim.settings import Settings
from prodsim.similarity import Weights, contributions
from prodsim.traits import TraitIndex

AT_MOST = 800
"""Queries per set; more are sampled, which the table says."""
RESAMPLES = 1000
GRAPH_K = 15
"""Neighbours by meaning among which crowding is measured, as a build has them."""
SHARES = (0.0, 0.1, 0.25, 0.4, 0.6, 1.0)
"""Shares of the colours that are tried."""
LOOK_WEIGHTS = (0.25, 0.5, 1.0, 1.5, 2.0)
PRESETS_TRIED = ("overall", "same style", "substitutes", "same product")

Scores = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Task:
    """Queries of one set.

    Attributes:
        pictures: of all rows, as the store has them.
        queries, candidates: rows; a query is no answer to itself.
        is_right: whether a candidate is an answer, shape (queries, candidates).
        titles: vectors of the candidates' titles.
        by_words: each part of the score but the look, shape (queries, candidates).
    """

    name: str
    pictures: NDArray[np.float32]
    queries: NDArray[np.int64]
    candidates: NDArray[np.int64]
    is_right: NDArray[np.bool_]
    titles: GroupedIndex
    by_words: Mapping[str, Scores]

    def hits(self, scores: Scores, k: int) -> NDArray[np.float64]:
        """Whether each query has an answer among its k best."""
        shown = np.where(self.queries[:, None] == self.candidates, -np.inf, scores)
        best = np.argsort(-shown, axis=1, kind="stable")[:, :k]
        return np.take_along_axis(self.is_right, best, 1).any(axis=1).astype(np.float64)

    def index(self) -> LookIndex:
        """Return the pictures of the candidates."""
        every = range(len(self.candidates))
        return LookIndex.of("lite0", "", self.pictures[self.candidates], [[row] for row in every], every)

    def look(self) -> Scores:
        """Return how alike the pictures are, as the product has it."""
        index, every = self.index(), np.arange(len(self.candidates))
        return np.array([index.scores(index.centre.looks(self.pictures[[row]]), every) for row in self.queries])

    def depictions(self) -> Depictions | None:
        """Return what pictures say of titles; ``None`` for photos, which are compared by their looks alone."""
        is_of_products = len(self.pictures) == len(self.candidates)
        return Depictions.learn(self.index(), self.titles) if is_of_products else None

    def fits(self, learned: Depictions) -> Scores:
        """Return how well pictures fit titles."""
        return np.array([learned.fits(query, self.candidates, self.titles) for query in self.queries.tolist()])


def main() -> None:
    """Print a table per set."""
    with tempfile.TemporaryDirectory() as passing:
        settings = Settings(Path(sys.argv[2]) if len(sys.argv) > 2 else Path(passing))
        for folder in sorted(path for path in Path(sys.argv[1]).iterdir() if (path / "catalog.csv").is_file()):
            table = pd.read_csv(folder / "catalog.csv", dtype=str, keep_default_na=False)
            if {"kind", "image"} <= {*table} and (folder / "clusters.csv").is_file():
                print_task(photo_task(folder, table, settings))
            elif {"baseColour", "gender", "image"} <= {*table}:
                print_task(fashion_task(folder, table, settings))


def photo_task(folder: Path, table: pd.DataFrame, settings: Settings) -> Task:
    """Photos ask for products, with their category as the word beside them."""
    cluster = pd.read_csv(folder / "clusters.csv", dtype=str).set_index("sku")["cluster_id"]
    own = table["sku"].map(cluster).to_numpy()
    is_product = (table["kind"] == "shop").to_numpy()
    photos, products = np.flatnonzero(~is_product), np.flatnonzero(is_product)
    photos = sampled(photos)
    encoder = open_encoder("minilm", settings)
    comparer = comparer_by_words(table.iloc[products], settings)
    words = table["category"].iloc[photos].tolist()
    vector_of = dict(zip({*words}, encoder.encode([*{*words}], "query"), strict=True))
    every = np.arange(len(products))
    rows = [comparer.text_parts(word, vector_of[word][None], every) for word in words]
    is_right = own[photos][:, None] == own[products]
    return Task(
        folder.name, stored_pictures(folder, table, settings), photos, products, is_right, comparer.index, stacked(rows)
    )


def fashion_task(folder: Path, table: pd.DataFrame, settings: Settings) -> Task:
    """Products ask for others of their category, gender and colour."""
    kind = (table["category"] + "|" + table["gender"] + "|" + table["baseColour"]).to_numpy()
    queries = sampled(np.flatnonzero(pd.Series(kind).duplicated(keep=False)))
    comparer = comparer_by_words(table, settings)
    every = np.arange(len(table))
    rows = [comparer.product_parts(row, every) for row in queries.tolist()]
    is_right = kind[queries][:, None] == kind
    return Task(
        folder.name, stored_pictures(folder, table, settings), queries, every, is_right, comparer.index, stacked(rows)
    )


def sampled(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return at most ``AT_MOST`` of the rows, the same in every run."""
    return np.sort(np.random.default_rng(0).choice(rows, min(AT_MOST, len(rows)), replace=False))


def comparer_by_words(table: pd.DataFrame, settings: Settings) -> Comparer:
    """Compare products by their titles alone: the other columns tell the answers."""
    titles = table["title"].tolist()
    vectors, group_of = unique_vectors(encoded(titles, open_encoder("minilm", settings), settings.home))
    nothing = [""] * len(titles)
    catalog = make_titled(table)
    lexical = LexicalIndex.build(titles, nothing, nothing)
    index = ExactIndex(vectors)
    crowding = Crowding.measure(lexical, build_graph(index, min(GRAPH_K, len(vectors) - 1)), group_of)
    grouped = GroupedIndex(index, group_of)
    return Comparer(grouped, lexical, TraitIndex.build(catalog), "cosine", crowding=crowding)


def make_titled(table: pd.DataFrame) -> Catalog:
    """Return a catalog of SKUs and titles."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "titles.csv"
        table[["sku", "title"]].to_csv(path, index=False)
        return make_catalog(read_table(path), {"sku": "sku", "title": "title"})


def stacked(rows: list[dict[str, Scores]]) -> dict[str, Scores]:
    """Return each part of all queries as a matrix; of those that a title has, and all queries."""
    names = [name for name in ("meaning", "words", "identifiers") if all(name in row for row in rows)]
    return {name: np.array([row[name] for row in rows]) for name in names}


def stored_pictures(folder: Path, table: pd.DataFrame, settings: Settings) -> NDArray[np.float32]:
    """Return the pictures' vectors, colours and layouts, encoded where HOME lacks them."""
    encoder = open_picture_encoder("lite0", settings)
    store = open_store(settings.home / "vectors", encoder)
    with PictureFiles(folder / "catalog.csv") as files:
        pictures = encode_pictures(table["image"].tolist(), files.read, encoder, store, SILENT)
    if pictures.problems:
        raise ValueError(f"{folder.name} has pictures that cannot be compared: {pictures.problems}")
    return store.get([pictures.digests[place] for place in table["image"]])


def print_task(task: Task) -> None:
    """Print recall@1 and recall@10 of each way."""
    print(f"\n{task.name}: {len(task.queries):,} queries, {len(task.candidates):,} products")
    for name, scores in single_scores(task).items():
        print_line(task, name, scores)
    look, learned = task.look(), task.depictions()
    if learned is not None:
        print(f"  titles foretold from pictures that taught nothing: cosine {learned.reliability:.3f}")
        print_line(task, "pictures alike", look)
        print_line(task, "pictures fit titles", task.fits(learned))
        look = learned.blended(look, task.fits(learned))
        print_texts_and_pictures(task, learned)
    print_line(task, "by look", look)
    for preset in PRESETS_TRIED:
        weights = Weights.preset(preset)
        by_words = combined(task, replace(weights, look=0.0), look)
        print_line(task, f"{preset}, words", by_words)
        for weight in sorted({*LOOK_WEIGHTS, weights.look} if preset == "overall" else {weights.look}):
            both = combined(task, replace(weights, look=weight), look)
            print_line(task, f"{preset}, look {weight:.2f}", both)
            print(f"  {'':26} more than the better  {gains(task, both, by_words, look)}", flush=True)
    if "--colours" in sys.argv:
        print_shares(task)


def print_shares(task: Task) -> None:
    """Print what other shares of the colours would find."""
    usual = look_index.COLOUR_SHARE
    for share in SHARES:
        look_index.COLOUR_SHARE = share
        print_line(task, f"alike, colours {share:.2f}", task.look())
    look_index.COLOUR_SHARE = usual


def gains(task: Task, both: Scores, *single: Scores) -> str:
    """Return by how much recall@1 and recall@10 of both exceed the better of the single ones, with intervals."""
    cells = []
    for k in (1, 10):
        best = max((task.hits(scores, k) for scores in single), key=lambda hits: float(hits.mean()))
        cells.append(interval(task.hits(both, k) - best))
    return "   ".join(cells)


def print_texts_and_pictures(task: Task, learned: Depictions) -> None:
    """Print how often a title finds its own picture among all, and a picture its title, by maps without the product."""
    foretold = np.asarray(learned.foretold, np.float32)
    titles = unit_vectors(task.titles.vectors_of(task.candidates) - learned.centre)
    for name, queries, others in (("title to picture", titles, foretold), ("picture to title", foretold, titles)):
        own = (queries * others).sum(axis=1)
        rank = np.array([(others @ query > score).sum() for query, score in zip(queries, own, strict=True)])
        cells = [f"{k}: {interval((rank < k).astype(np.float64))}" for k in (1, 10, 100)]
        print(f"  {name:26} recall@{'   recall@'.join(cells)} of {len(own):,}", flush=True)


def combined(task: Task, weights: Weights, look: Scores) -> Scores:
    """Return the scores by all parts."""
    return np.asarray(sum(contributions({**task.by_words, "look": look}, weights).values()))


def single_scores(task: Task) -> dict[str, Scores]:
    """Return what a perceptual hash, colours and the encoder alone say."""
    dim = task.pictures.shape[1] - N_COLOURS - N_LAYOUT
    bits = np.unpackbits(hashes(task.pictures[:, -N_LAYOUT:]), axis=1).astype(np.float32)

    def cosines(vectors: NDArray[np.float32]) -> Scores:
        return np.asarray(vectors[task.queries] @ vectors[task.candidates].T)

    return {
        "perceptual hash": cosines(2 * bits - 1),  # the more bits agree, the higher
        "colour histogram": cosines(task.pictures[:, dim : dim + N_COLOURS]),
        "bare network": cosines(task.pictures[:, :dim]),
    }


def print_line(task: Task, name: str, scores: Scores) -> None:
    """Print one way's recall with 95 % intervals, by resampling queries."""
    cells = [f"{k}: {interval(task.hits(scores, k))}" for k in (1, 10)]
    print(f"  {name:26} recall@{'   recall@'.join(cells)}", flush=True)


def interval(hits: NDArray[np.float64]) -> str:
    """Return a mean with its bootstrap interval."""
    means = np.random.default_rng(0).choice(hits, (RESAMPLES, len(hits))).mean(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return f"{hits.mean():.3f} ({low:.3f}-{high:.3f})"


if __name__ == "__main__":
    main()
