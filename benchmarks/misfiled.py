"""Finds products moved to another category, next to cleanlab: ``python -m benchmarks.misfiled DATA [HOME]``.

Of every catalog with categories in DATA, and of both sample catalogs without their own planted faults, one product in
twenty is moved to another random category, three times over; texts are composed and encoded after that, because they
hold the category. Of catalogs with more than 5,000 products as many are taken. The peer, cleanlab, gets probabilities
of a logistic regression, cross-validated in five parts, over the same vectors and over TF-IDF of the titles; the table
shows the best of all of these and of its scores, chosen by the result, and the seconds that either takes from titles,
vectors and neighbours to scores.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from benchmarks.similarity import make_comparer
from prodsim.catalog import Catalog, make_catalog, propose_columns, read_table
from prodsim.encoders import Encoder, open_encoder
from prodsim.graph import build_graph
from prodsim.quality import Subject
from prodsim.quality.categories.filing import judge_filing
from prodsim.quality.checks.misfiled import is_misfiled
from prodsim.search import ScoreCalibration
from prodsim.settings import Settings

SEEDS = (0, 1, 2)
MOVED = 0.05
AT_MOST = 5000
IN_CATEGORY = 10
"""Products that a category needs to be taken; and half as many of those taken, for each part of a cross-validation."""
SCORES = ("self_confidence", "normalized_margin")
SAMPLES = Path(__file__).resolve().parent.parent / "sample_data"
PLANTED = ("misfiled", "odd product", "placeholder title", "empty title", "mojibake")


@dataclass(frozen=True, slots=True)
class Scored:
    """How well the moved products come first: average precision, and the seconds it took."""

    precision: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Measured:
    """One catalog with one choice of moved products.

    Attributes:
        ours: by doubt.
        theirs: by each kind of input and score that cleanlab takes.
        reported: precision and recall of what the check reports at the usual level.
    """

    ours: Scored
    theirs: Mapping[str, Scored]
    reported: tuple[float, float]


def main() -> None:
    """Print a line per set."""
    with tempfile.TemporaryDirectory() as passing:
        home = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(passing)
        encoder = open_encoder("minilm", Settings(home))
        print(f"{'average precision':47}prodsim{'':9}s   cleanlab{'':8}s   its best{'':27}reported: precision  recall")
        for name, catalog in find_catalogs(Path(sys.argv[1])):
            results = [measure(catalog, encoder, home, seed) for seed in SEEDS]
            best = max(results[0].theirs, key=lambda kind: np.mean([each.theirs[kind].precision for each in results]))
            reported = np.mean([each.reported for each in results], axis=0)
            print(
                f"{name:18}{len(catalog):6,} products in {catalog.products['category'].nunique():3}   "
                f"{_cells([each.ours for each in results])}   {_cells([each.theirs[best] for each in results])}   "
                f"{best:43}{reported[0]:7.3f}{reported[1]:8.3f}",
                flush=True,
            )


def _cells(scored: list[Scored]) -> str:
    """Return the mean precision with its deviation, and the mean seconds."""
    precisions = [each.precision for each in scored]
    return f"{np.mean(precisions):.4f} ±{np.std(precisions):.4f}{np.mean([each.seconds for each in scored]):6.1f}"


def find_catalogs(data: Path) -> Iterator[tuple[str, Catalog]]:
    """Yield the catalogs with at least two categories that are large enough, their products sampled."""
    for path in (SAMPLES / "outdoor.csv", SAMPLES / "beauty_zh.csv", *sorted(data.glob("*/catalog.csv*"))):
        table = read_table(path)
        products = make_catalog(table, propose_columns(table).mapping).products
        truth = path.with_name(f"{path.stem}_truth.json")
        planted = json.loads(truth.read_text(encoding="utf-8")) if truth.is_file() else {}
        wrong = {sku for kind in PLANTED for case in planted.get(kind, ()) for sku in case["skus"]}
        products = products[(products["category"] != "") & ~products["sku"].isin(wrong)]
        products = large_categories(products, IN_CATEGORY)
        products = products.sample(min(AT_MOST, len(products)), random_state=0).sort_index()
        products = large_categories(products, IN_CATEGORY // 2).reset_index(drop=True)
        if products["category"].nunique() > 1:
            yield (path.stem if truth.is_file() else path.parent.name), Catalog(products)


def large_categories(products: pd.DataFrame, least: int) -> pd.DataFrame:
    """Return the products of categories that have so many."""
    return products[products.groupby("category")["sku"].transform("size") >= least]


def measure(catalog: Catalog, encoder: Encoder, home: Path, seed: int) -> Measured:
    """Move products, and find them in both ways."""
    catalog, moved = with_moved(catalog, seed)
    comparer = make_comparer(catalog, encoder, home)
    graph, titles = build_graph(comparer.index.index, 30), catalog.products["title"].tolist()
    calibration = ScoreCalibration.measure(comparer, titles, lambda texts: encoder.encode(texts, "query"))
    started = time.perf_counter()
    filing = judge_filing(Subject(catalog, comparer, graph, calibration))
    seconds = time.perf_counter() - started
    doubt = np.zeros(len(catalog))
    doubt[filing.rows] = filing.doubt
    reported = filing.rows[is_misfiled(filing, "usual")]
    right = float(moved[reported].sum())
    labels = pd.factorize(catalog.products["category"], sort=True)[0]
    scores = cleanlab_scores(titles, comparer.index.vectors_of(np.arange(len(labels))), labels)
    return Measured(
        Scored(float(average_precision_score(moved, doubt)), seconds),
        {kind: Scored(float(average_precision_score(moved, score)), spent) for kind, (score, spent) in scores.items()},
        (right / max(len(reported), 1), right / moved.sum()),
    )


def with_moved(catalog: Catalog, seed: int) -> tuple[Catalog, NDArray[np.bool_]]:
    """Move some products to another category, any other with equal chance; return the catalog and which ones."""
    rng, products = np.random.default_rng(seed), catalog.products.copy()
    names = np.array(sorted(products["category"].unique()))
    rows = rng.choice(len(products), round(MOVED * len(products)), replace=False)
    for row in rows.tolist():
        products.loc[row, "category"] = rng.choice(names[names != products.at[row, "category"]])
    return Catalog(products), np.isin(np.arange(len(products)), rows)


def cleanlab_scores(
    titles: list[str], vectors: Any, labels: NDArray[np.int64]
) -> dict[str, tuple[NDArray[np.float64], float]]:
    """Score every product by each kind of input, turned round: higher is more likely wrong; with the seconds."""
    from cleanlab.rank import get_label_quality_scores

    inputs: dict[str, tuple[Callable[[], Any], float]] = {
        "vectors, C=10": (lambda: vectors, 10.0),
        "words, C=1": (lambda: words(titles), 1.0),
        "characters, C=1": (lambda: characters(titles), 1.0),
        "characters, C=10": (lambda: characters(titles), 10.0),
    }
    parts = StratifiedKFold(5, shuffle=True, random_state=0)
    scores = {}
    for name, (features, c) in inputs.items():
        started = time.perf_counter()
        model = LogisticRegression(C=c, max_iter=200)
        guessed = cross_val_predict(model, features(), labels, cv=parts, method="predict_proba")
        seconds = time.perf_counter() - started
        for score in SCORES:
            for adjust in (False, True):
                if adjust and score == "self_confidence":
                    continue  # self-confidence adjusted is not among the three that cleanlab recommends
                quality = get_label_quality_scores(labels, guessed, method=score, adjust_pred_probs=adjust)
                scores[f"{name}, {score}{' adjusted' if adjust else ''}"] = (-np.asarray(quality), seconds)
    return scores


def words(titles: list[str]) -> Any:
    """Compute TF-IDF of words and of pairs of them."""
    return TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)).fit_transform(titles)


def characters(titles: list[str]) -> Any:
    """Compute TF-IDF of character n-grams within words."""
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, min_df=2).fit_transform(titles)


if __name__ == "__main__":
    main()
