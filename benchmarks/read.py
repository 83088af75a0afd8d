"""Times reading and indexing words against pandas and scikit-learn: ``python -m benchmarks.read [products]``.

Reading has no peer that cleans a catalog as well; ``pandas.read_csv`` is the floor below it.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_union

from prodsim.catalog import make_catalog, propose_columns, read_table
from prodsim.lexical import LexicalIndex
from sample_data.generate import generate_products

REPEATS = 3
Ways = Mapping[str, Callable[[], object]]


def main() -> None:
    """Print one table; those that do the same work take turns."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    products = generate_products(n)
    titles = products["title"].tolist()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "shop.csv"
        products.to_csv(file, index=False)
        print(f"{n:,} invented products, {file.stat().st_size / 1e6:,.0f} MB, {REPEATS} turns each\n")
        print(f"{'':42}{'s median':>10}{'lowest':>10}{'highest':>10}")
        _race({"pandas.read_csv": lambda: pd.read_csv(file, dtype=str), "prodsim read and clean": lambda: _read(file)})
    _race(
        {
            "scikit-learn TF-IDF, char_wb and word": lambda: _tfidf(titles),
            "prodsim LexicalIndex": lambda: _index(titles),
        }
    )


def _race(ways: Ways) -> None:
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(REPEATS):
        for name, work in ways.items():
            started = time.perf_counter()
            work()
            took[name].append(time.perf_counter() - started)
    for name, seconds in took.items():
        print(f"{name:42}{statistics.median(seconds):10.2f}{min(seconds):10.2f}{max(seconds):10.2f}")
    peer, ours = (statistics.median(seconds) for seconds in took.values())
    print(f"{'  ratio of medians, the second to the first':42}{ours / peer:10.2f}\n")


def _read(file: Path) -> object:
    table = read_table(file)
    return make_catalog(table, propose_columns(table).mapping)


def _tfidf(titles: list[str]) -> object:
    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2, dtype=np.float32)
    return make_union(grams, TfidfVectorizer(dtype=np.float32)).fit_transform(titles)


def _index(titles: list[str]) -> object:
    return LexicalIndex.build(titles)


if __name__ == "__main__":
    main()
