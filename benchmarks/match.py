"""Measures one-to-one matches where they are known: ``python -m benchmarks.match HOME DATA…``.

DATA holds a folder per set: ``catalog.csv`` with a column ``source``, whose first value is catalog A and all others B,
and ``pairs.csv`` (sku_a, sku_b, label); or ``catalog.csv`` and ``clusters.csv`` (sku, cluster_id), of which one product
goes to A and, of seven clusters in ten, another to B. Where every product has a match, a second line leaves out a
quarter of A and half of B, so that many have none. HOME keeps vectors for the next run.
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching
from sklearn.metrics import log_loss

from benchmarks.similarity import encoded
from prodsim.catalog import Catalog, make_catalog, propose_columns, read_table
from prodsim.encoders import Encoder, choose_encoder, find_spec, open_encoder
from prodsim.encoders.text_recipe import TextRecipe, compose_texts, description_texts
from prodsim.index import FieldVectors, GroupedIndex, HnswIndex, unique_vectors
from prodsim.match import USUAL_THRESHOLD, CrossPairs, JointCatalog, Matching, Side, match_products
from prodsim.match.certainty import certainties
from prodsim.settings import Settings
from prodsim.similarity import SAME_PRODUCT, UNREADABLE, suited_weights

MATCHED_SHARE = 0.7
"""Of clusters, those that have a product in both catalogs."""
HEADER = (
    "set                          A       B   known    F1     P     R   sure P     R  expected  greedy F1  log loss  s"
)

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Task:
    """Two catalogs and which product of one is which of the other."""

    name: str
    a: Catalog
    b: Catalog
    truth: frozenset[Pair]

    @property
    def n_findable(self) -> int:
        """The known pairs of the largest one-to-one match: a product may have several partners in the other shop."""
        rows_a, rows_b = ([side.row_of[pair[n]] for pair in self.truth] for n, side in enumerate((self.a, self.b)))
        known = csr_matrix((np.ones(len(self.truth), bool), (rows_a, rows_b)), shape=(len(self.a), len(self.b)))
        return int((maximum_bipartite_matching(known, perm_type="column") >= 0).sum())

    def is_right(self, rows_a: NDArray[np.int64], rows_b: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether each pair is known."""
        skus_a, skus_b = self.a.products["sku"].to_numpy(), self.b.products["sku"].to_numpy()
        return np.array([pair in self.truth for pair in zip(skus_a[rows_a], skus_b[rows_b], strict=True)], bool)


def main() -> None:
    """Print a line per set."""
    settings = Settings(Path(sys.argv[1]))
    print(HEADER)
    for data in map(Path, sys.argv[2:]):
        for folder in sorted(path for path in data.iterdir() if path.is_dir()):
            for task in find_tasks(folder):
                print(measured(task, settings), flush=True)


def find_tasks(folder: Path) -> Iterator[Task]:
    """The tasks that the folder has the truth for; none for a folder without."""
    file = folder / "catalog.csv"
    if not file.is_file():
        return
    table = read_table(file)
    catalog = make_catalog(table, propose_columns(table).mapping)
    if "source" in catalog.products and (folder / "pairs.csv").is_file():
        task = by_source(folder, catalog)
        yield task
        if len(task.truth) >= 0.9 * min(len(task.a), len(task.b)):
            yield halved(task)
    elif (folder / "clusters.csv").is_file():
        clusters = pd.read_csv(folder / "clusters.csv", dtype=str).set_index("sku")["cluster_id"]
        yield by_cluster(folder.name, catalog, clusters)


def by_source(folder: Path, catalog: Catalog) -> Task:
    """Two shops in one file."""
    source = catalog.products["source"]
    a, b = (part(catalog, which) for which in (source == source.iloc[0], source != source.iloc[0]))
    pairs = pd.read_csv(folder / "pairs.csv", dtype=str)
    listed = pairs[pairs["label"].astype(float) > 0][["sku_a", "sku_b"]].itertuples(index=False, name=None)
    turned = ((x, y) if x in a.row_of else (y, x) for x, y in listed)
    return Task(folder.name, a, b, frozenset((x, y) for x, y in turned if x in a.row_of and y in b.row_of))


def halved(task: Task) -> Task:
    """The same without a quarter of A and half of B."""
    rng = np.random.default_rng(0)
    a = part(task.a, rng.random(len(task.a)) >= 0.25)
    b = part(task.b, rng.random(len(task.b)) >= 0.5)
    known = frozenset((x, y) for x, y in task.truth if x in a.row_of and y in b.row_of)
    return Task(f"{task.name} (half)", a, b, known)


def by_cluster(name: str, catalog: Catalog, cluster_of: "pd.Series[str]") -> Task:
    """One product of each cluster in either catalog, of most one in both."""
    rng, a_rows, b_rows, truth = np.random.default_rng(0), [], [], []
    shuffled = catalog.products.sample(frac=1, random_state=1)
    skus = catalog.products["sku"]
    for _, rows in shuffled.groupby(shuffled["sku"].map(cluster_of)).groups.items():
        draw = rng.random()
        if len(rows) > 1 and draw < MATCHED_SHARE:
            a_rows.append(rows[0])
            b_rows.append(rows[1])
            truth.append((skus[rows[0]], skus[rows[1]]))
        else:
            (a_rows if draw < (1 + MATCHED_SHARE) / 2 else b_rows).append(rows[0])
    a, b = (Catalog(catalog.products.iloc[sorted(rows)].reset_index(drop=True)) for rows in (a_rows, b_rows))
    return Task(name, a, b, frozenset(truth))


def part(catalog: Catalog, which: "NDArray[np.bool_] | pd.Series[bool]") -> Catalog:
    """The products of a mask, without the column that says which shop they are of."""
    return Catalog(catalog.products[which].drop(columns="source", errors="ignore").reset_index(drop=True))


def measured(task: Task, settings: Settings) -> str:
    """A line of ``HEADER``: all proposals, the sure ones, what greedy assignment would give."""
    texts = [compose_texts(side, TextRecipe()) for side in (task.a, task.b)]
    name = choose_encoder([*texts[0], *texts[1]], open_encoder("minilm", settings), UNREADABLE).name
    encoder, spec = open_encoder(name, settings), find_spec(name)
    a, b = (side_of(one, own, encoder, settings.home) for one, own in zip((task.a, task.b), texts, strict=True))
    started = time.perf_counter()
    weights = suited_weights(SAME_PRODUCT, 0.0, spec.baseline if spec else 0.0)
    pairs = CrossPairs.of(JointCatalog.of(a, b, "cosine"), a, b, weights)
    matching = match_products(pairs)
    seconds = time.perf_counter() - started
    right, n = task.is_right(matching.a, matching.b), task.n_findable
    sure = matching.sure(USUAL_THRESHOLD)
    f1, precision, recall = scores(right, n)
    _, sure_precision, sure_recall = scores(right[sure], n)
    expected = matching.certainty[sure].mean() if sure.any() else np.nan
    loss = log_loss(right, matching.certainty, labels=[False, True])
    return (
        f"{task.name:24} {len(a.catalog):6} {len(b.catalog):7} {n:7} {f1:.3f} {precision:.3f} {recall:.3f}    "
        f"{sure_precision:.3f} {sure_recall:.3f}     {expected:.3f}      {greedy_f1(task, pairs, matching, n):.3f}     "
        f"{loss:.3f}  {seconds:.0f}"
    )


def scores(right: NDArray[np.bool_], n: int) -> tuple[float, float, float]:
    """F1, precision and recall of matches of which some are right, where n could be."""
    precision, recall = float(right.mean()) if len(right) else 0.0, float(right.sum() / n)
    return 2 * precision * recall / max(precision + recall, 1e-9), precision, recall


def greedy_f1(task: Task, pairs: CrossPairs, matching: Matching, n: int) -> float:
    """The F1 where the closest free pair is taken again and again, for comparison."""
    certainty = certainties(pairs)
    free_a, free_b, taken = np.ones(pairs.n_a, bool), np.ones(pairs.n_b, bool), []
    for place in np.argsort(-pairs.scores, kind="stable"):
        a, b = pairs.a[place], pairs.b[place]
        if free_a[a] and free_b[b]:
            free_a[a] = free_b[b] = False
            taken.append(place)
    places = np.array(taken, np.int64)
    places = places[certainty[places] >= matching.certainty.min(initial=1.0)]
    return scores(task.is_right(pairs.a[places], pairs.b[places]), n)[0]


def side_of(catalog: Catalog, texts: list[str], encoder: Encoder, home: Path) -> Side:
    """A catalog as a build has it."""
    described = [(row, text) for row, text in enumerate(description_texts(catalog)) if text]
    unique, group_of = unique_vectors(encoded(texts, encoder, home))
    descriptions = None
    if described:
        fields = unique_vectors(encoded([text for _, text in described], encoder, home))
        descriptions = FieldVectors.of([row for row, _ in described], len(catalog), *fields)
    return Side(catalog, texts, GroupedIndex(HnswIndex.build(unique), group_of), descriptions)


if __name__ == "__main__":
    main()
