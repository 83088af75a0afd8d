"""Finds products moved to another category, next to cleanlab: ``python -m benchmarks.misfiled DATA [HOME]``.

Of every catalog with categories in DATA, and of both sample catalogs without their own planted faults, one product in
twenty is moved to another random category, three times over; texts are composed and encoded after that, because they
hold the category. Of catalogs with more than 5,000 products as many are taken. The peer, cleanlab, gets probabilities
of a logistic regression, cross-validated in five parts, over the same vectors and over TF-IDF of the titles; the table
shows the best of all of these and of its scores, chosen by the result.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
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
from prodsim.quality.misfiled import is_misfiled, judge_filing
from prodsim.search import Chance
from prodsim.settings import Settings

SEEDS = (0, 1, 2)
MOVED = 0.05
AT_MOST = 5000
IN_CATEGORY = 10
"""Products that a category needs to be taken; and half as many of those taken, for each part of a cross-validation."""
SCORES = ("self_confidence", "normalized_margin")
SAMPLES = Path(__file__).resolve().parent.parent / "sample_data"
PLANTED = ("misfiled", "odd product", "placeholder title", "empty title", "mojibake")


def main() -> None:
    """Print a line per set."""
    with tempfile.TemporaryDirectory() as passing:
        home = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(passing)
        encoder = open_encoder("minilm", Settings(home))
        for name, catalog in find_catalogs(Path(sys.argv[1])):
            results = [measure(catalog, encoder, home, seed) for seed in SEEDS]
            best = {kind: np.mean([found[kind] for _, found, _ in results]) for kind in results[0][1]}
            kind = max(best, key=lambda each: best[each])
            ours = np.array([each for each, _, _ in results])
            told = np.mean([each for _, _, each in results], axis=0)
            print(
                f"{name:20}{len(catalog):6,} products {catalog.products['category'].nunique():4} categories   "
                f"prodsim {ours.mean():.4f} ±{ours.std():.4f}   cleanlab {best[kind]:.4f} ({kind})   "
                f"told as usual: precision {told[0]:.3f} recall {told[1]:.3f}",
                flush=True,
            )


def find_catalogs(data: Path) -> Iterator[tuple[str, Catalog]]:
    """The catalogs with at least two categories that are large enough, their products sampled."""
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
    """The products of categories that have so many."""
    return products[products.groupby("category")["sku"].transform("size") >= least]


def measure(
    catalog: Catalog, encoder: Encoder, home: Path, seed: int
) -> tuple[float, dict[str, float], tuple[float, float]]:
    """Average precision of ours and of each of cleanlab's, and precision and recall of what the check would tell."""
    catalog, moved = with_moved(catalog, seed)
    comparer = make_comparer(catalog, encoder, home)
    graph = build_graph(comparer.index.index, 30)
    chance = Chance.measure(comparer, catalog.products["title"].tolist(), lambda texts: encoder.encode(texts, "query"))
    filing = judge_filing(Subject(catalog, comparer, graph, chance))
    doubt = np.zeros(len(catalog))
    doubt[filing.rows] = filing.doubt
    told = filing.rows[is_misfiled(filing, "usual")]
    right = float(moved[told].sum())
    labels = pd.factorize(catalog.products["category"], sort=True)[0]
    theirs = cleanlab_scores(
        catalog.products["title"].tolist(), comparer.index.vectors_of(np.arange(len(labels))), labels
    )
    precisions = {kind: float(average_precision_score(moved, score)) for kind, score in theirs.items()}
    ours = float(average_precision_score(moved, doubt))
    return ours, precisions, (right / max(len(told), 1), right / moved.sum())


def with_moved(catalog: Catalog, seed: int) -> tuple[Catalog, NDArray[np.bool_]]:
    """The catalog with some products in another category, any other alike; and which ones."""
    rng, products = np.random.default_rng(seed), catalog.products.copy()
    names = np.array(sorted(products["category"].unique()))
    rows = rng.choice(len(products), round(MOVED * len(products)), replace=False)
    for row in rows.tolist():
        products.loc[row, "category"] = rng.choice(names[names != products.at[row, "category"]])
    return Catalog(products), np.isin(np.arange(len(products)), rows)


def cleanlab_scores(titles: list[str], vectors: Any, labels: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """Scores of every product by what cleanlab is given, turned round: higher is more likely wrong."""
    from cleanlab.rank import get_label_quality_scores

    inputs = {
        "vectors, C=10": (vectors, 10.0),
        "words, C=1": (TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)).fit_transform(titles), 1.0),
        "characters, C=1": (characters(titles), 1.0),
        "characters, C=10": (characters(titles), 10.0),
    }
    parts = StratifiedKFold(5, shuffle=True, random_state=0)
    found = {}
    for name, (features, c) in inputs.items():
        model = LogisticRegression(C=c, max_iter=200)
        guessed = cross_val_predict(model, features, labels, cv=parts, method="predict_proba")
        for score in SCORES:
            for adjust in (False, True):
                if adjust and score == "self_confidence":
                    continue  # self-confidence adjusted is not among the three that cleanlab recommends
                quality = get_label_quality_scores(labels, guessed, method=score, adjust_pred_probs=adjust)
                found[f"{name}, {score}{' adjusted' if adjust else ''}"] = -np.asarray(quality)
    return found


def characters(titles: list[str]) -> Any:
    """TF-IDF of character n-grams within words."""
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, min_df=2).fit_transform(titles)


if __name__ == "__main__":
    main()
