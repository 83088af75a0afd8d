"""Measures duplicates where the truth is known: ``python -m benchmarks.quality DATA [HOME]``.

DATA holds a folder per set as ``benchmarks.similarity`` describes them. Precision, recall and F1 count pairs of
products in one group; where only some pairs are known these alone, and where a catalog joins two sources only
pairs between them. Nothing is tuned per set but the plain cosine threshold, which gets the best of ten.
Then what was planted in the two sample catalogs: how much of it the checks find, and what else is as sure.
"""

import itertools
import json
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.similarity import make_comparer
from prodsim.catalog import make_catalog, propose_columns, read_table
from prodsim.encoders import Encoder, open_encoder
from prodsim.graph import build_graph
from prodsim.quality import Level, Subject, run_checks
from prodsim.search import ScoreCalibration
from prodsim.settings import Settings

SETS = ("abt_buy", "amazon_google", "pricerunner", "wdc_shoes_watches")
THRESHOLDS = np.arange(0.5, 1.0, 0.05)
"""Ten of them."""
GRAPH_K = 30
SAMPLES = Path(__file__).parent.parent / "sample_data"
Keys = NDArray[np.int64]
"""A pair of rows as one number: the lower row times the number of products, plus the higher one."""


@dataclass(frozen=True, slots=True)
class Truth:
    """Pairs that are one product.

    Attributes:
        partners: their keys, ascending.
        listed: keys of all pairs of which the truth is known; ``None`` for all pairs.
        source: a number per product; only pairs of different ones count. ``None`` for all pairs.
    """

    partners: Keys
    listed: Keys | None
    source: NDArray[np.int64] | None

    def judged(self, keys: Keys, n: int) -> Keys:
        """Return the pairs of which the truth is known."""
        if self.listed is not None:
            return np.intersect1d(keys, self.listed)
        return keys if self.source is None else keys[self.source[keys // n] != self.source[keys % n]]

    def measure(self, keys: Keys, n: int) -> tuple[float, float, float]:
        """Return precision, recall and F1."""
        judged = self.judged(np.unique(keys), n)
        right = len(np.intersect1d(judged, self.partners))
        precision, recall = right / max(len(judged), 1), right / len(self.partners)
        return precision, recall, 2 * right / (len(judged) + len(self.partners))


def main() -> None:
    """Print a table per set, then the findings in the samples."""
    data = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as passing:
        settings = Settings(Path(sys.argv[2]) if len(sys.argv) > 2 else Path(passing))
        encoder = open_encoder("minilm", settings)
        for name in SETS:
            folder = data / name
            files = [folder / file for file in ("catalog.csv", "catalog.csv.gz") if (folder / file).is_file()]
            if files:
                subject = make_subject(files[0], encoder, settings.home)
                print_table(name, subject, read_truth(folder, subject))
        for shop in ("outdoor", "beauty_zh"):
            print_sample(shop, make_subject(SAMPLES / f"{shop}.csv", encoder, settings.home))


def make_subject(file: Path, encoder: Encoder, home: Path, level: Level = "usual") -> Subject:
    """Make a catalog as a build hands it to the checks."""
    table = read_table(file)
    catalog = make_catalog(table, propose_columns(table).mapping)
    comparer = make_comparer(catalog, encoder, home)
    calibration = ScoreCalibration.measure(
        comparer, catalog.products["title"].tolist(), lambda texts: encoder.encode(texts, "query")
    )
    return Subject(catalog, comparer, build_graph(comparer.index.index, GRAPH_K), calibration, level)


def read_truth(folder: Path, subject: Subject) -> Truth:
    """Read the truth of a set's ``pairs.csv`` or ``clusters.csv``."""
    products, n = subject.catalog.products, len(subject.catalog)
    source = pd.factorize(products["source"])[0].astype(np.int64) if "source" in products else None
    if (folder / "clusters.csv").is_file():
        clusters = pd.read_csv(folder / "clusters.csv", dtype=str).groupby("cluster_id")["sku"]
        return Truth(keys_of((skus.tolist() for _, skus in clusters), subject), None, source)
    pairs = pd.read_csv(folder / "pairs.csv", dtype=str)
    label = pairs["label"].astype(float).to_numpy() > 0
    skus = pairs[["sku_a", "sku_b"]].to_numpy()
    listed = None if label.all() else keys_of(skus.tolist(), subject)
    return Truth(keys_of(skus[label].tolist(), subject), listed, source if label.all() and n else None)


def keys_of(groups: Iterable[list[str]], subject: Subject) -> Keys:
    """Return the keys of all pairs within groups of SKUs, ascending, each once."""
    n, row_of = len(subject.catalog), subject.catalog.row_of
    rows = (sorted(row_of[sku] for sku in skus) for skus in groups)
    return np.unique(np.array([a * n + b for group in rows for a, b in itertools.combinations(group, 2)], np.int64))


def print_table(name: str, subject: Subject, truth: Truth) -> None:
    """Print a line per way to find duplicates."""
    n, started = len(subject.catalog), time.perf_counter()
    findings = run_checks(subject, ["duplicates"])
    seconds = time.perf_counter() - started
    print(f"\n{name}: {n:,} products, {len(truth.partners):,} pairs that are one product, checked in {seconds:.1f} s")
    ours = truth.measure(keys_of([list(finding.skus) for finding in findings], subject), n)
    best = max((truth.measure(keys, n) for keys in cosine_pairs(subject)), key=lambda values: values[2])
    rows = {"prodsim, usual": ours, "cosine, best of ten": best, "semhash": truth.measure(semhash_pairs(subject), n)}
    for label, (precision, recall, f1) in rows.items():
        print(f"  {label:22} precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}", flush=True)


def cosine_pairs(subject: Subject) -> list[Keys]:
    """Return per threshold the pairs of the graph, and of equal vectors, with at least that cosine."""
    n, graph, group_of = len(subject.catalog), subject.graph, subject.comparer.index.group_of
    own, place = np.nonzero(graph.rows >= 0)
    keys_per_threshold = []
    for threshold in THRESHOLDS:
        keep = graph.scores[own, place] >= threshold
        a, b = own[keep], graph.rows[own[keep], place[keep]]
        keys = [keys_of_vectors(a, b, subject, n)]
        same = [itertools.combinations(subject.comparer.index.members(g), 2) for g in np.unique(group_of)]
        keys.append(np.array([int(i) * n + int(j) for pairs in same for i, j in pairs], np.int64))
        keys_per_threshold.append(np.unique(np.concatenate(keys)))
    return keys_per_threshold


def keys_of_vectors(a: NDArray[np.int64], b: NDArray[np.int64], subject: Subject, n: int) -> Keys:
    """Return all pairs of products between vectors."""
    members = subject.comparer.index.members
    rows = ((int(i), int(j)) for x, y in zip(a, b, strict=True) for i in members(int(x)) for j in members(int(y)))
    return np.array([min(i, j) * n + max(i, j) for i, j in rows], np.int64)


def semhash_pairs(subject: Subject) -> Keys:
    """Return what semhash finds at its own threshold among the same vectors, as pairs of products."""
    from semhash import SemHash

    titles = subject.catalog.products["title"].tolist()
    records = [{"row": str(row), "text": title} for row, title in enumerate(titles)]
    vectors = np.asarray(subject.comparer.index.vectors, np.float32)
    hashed = SemHash.from_embeddings(vectors, records, model=None, columns=["row"])  # type: ignore[arg-type]
    repeated = hashed.self_deduplicate().filtered
    pairs = [(int(each.record["row"]), int(each.duplicate_of["row"])) for each in repeated]
    return np.unique(np.array([min(pair) * len(titles) + max(pair) for pair in pairs], np.int64))


def print_sample(shop: str, subject: Subject) -> None:
    """Print how much of what was planted the checks find, and what else is as sure."""
    planted = json.loads((SAMPLES / f"{shop}_truth.json").read_text(encoding="utf-8"))
    started = time.perf_counter()
    findings = run_checks(subject, ["duplicates", "variants"])
    print(f"\n{shop}: {len(subject.catalog):,} products, checked in {time.perf_counter() - started:.1f} s")
    duplicates = [set(finding.skus) for finding in findings if finding.kind == "duplicates"]
    true = [set(case["skus"]) for kind in ("exact duplicate", "near duplicate") for case in planted[kind]]
    for kind in ("exact duplicate", "near duplicate"):
        hits = sum(any(set(case["skus"]) <= group for group in duplicates) for case in planted[kind])
        print(f"  {kind:22} {hits} of {len(planted[kind])} found")
    strongest = duplicates[: len(true)]
    wrong = sum(not any(case <= group for case in true) for group in strongest)
    print(f"  {len(duplicates)} findings of duplicates; of the {len(strongest)} strongest {wrong} not planted")
    families = subject.catalog.products.groupby("group_id")["sku"].apply(list).drop("", errors="ignore")
    pairs = keys_of((skus for skus in families if len(skus) > 1), subject)
    mine = keys_of([list(finding.skus) for finding in findings if finding.kind == "variants"], subject)
    common = len(np.intersect1d(pairs, mine))
    recall, precision = common / max(len(pairs), 1), common / max(len(mine), 1)
    print(f"  variants: {recall:.3f} of the families' pairs, precision {precision:.3f}")


if __name__ == "__main__":
    main()
