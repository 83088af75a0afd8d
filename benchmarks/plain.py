"""Asks plain search queries of Ask and of Search: ``python -m benchmarks.plain FOLDER [queries] [home]``.

FOLDER holds ``catalog.csv``, or one packed as ``catalog.csv.gz``, ``queries.csv`` (query_id, query) and ``qrels.csv``
(query_id, sku, grade). What Ask understands of a query may help or harm; nDCG@10 tells, paired by query.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from prodsim.evaluation.evaluate import truth_of_queries
from prodsim.evaluation.sides import estimate
from prodsim.search import Query
from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, Workspace

K = 10
N_ASKED = 500
DISCOUNTS = 1 / np.log2(np.arange(2, K + 2))


def main() -> None:
    """Print both means and their difference."""
    folder, n = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else N_ASKED
    with tempfile.TemporaryDirectory() as made:
        workspace = Workspace(Settings(Path(sys.argv[3] if len(sys.argv) > 3 else made)))
        if folder.name not in [info.name for info in workspace.catalogs()]:
            workspace.build(BuildRequest(next(folder.glob("catalog.csv*")), folder.name))
        opened = workspace.open(folder.name)
        queries, qrels = (pd.read_csv(folder / f"{name}.csv", dtype=str) for name in ("queries", "qrels"))
        truth = truth_of_queries(queries, qrels, opened.catalog)
        assert truth.texts is not None
        names = np.random.default_rng(0).permutation(sorted(truth.gains))[:n].tolist()
        asked, searched = np.zeros(len(names)), np.zeros(len(names))
        for at, name in enumerate(names):
            text, gains = truth.texts[name], truth.gains[name]
            found = opened.asker.ask(text, K)
            asked[at] = ndcg([one.hit.sku for one in found.suggestions], gains)
            searched[at] = ndcg([hit.sku for hit in opened.search(Query(text), K).hits], gains)
    lead = estimate(asked - searched)
    print(f"{folder.name}: {len(opened.catalog):,} products, {len(names):,} queries, nDCG@{K}\n")
    print(f"Ask     {asked.mean():.3f}\nSearch  {searched.mean():.3f}")
    better, worse = (asked > searched).mean(), (asked < searched).mean()
    print(f"lead    {lead.mean:+.3f}, 95 % within {lead.low:+.3f} to {lead.high:+.3f}")
    print(f"better for {better:.0%} of the queries, worse for {worse:.0%}")


def ndcg(skus: list[str], gains: dict[str, float]) -> float:
    """Of a list, with linear gains (Järvelin and Kekäläinen 2002)."""
    own = np.array([gains.get(sku, 0.0) for sku in skus])
    best = np.sort(np.array(list(gains.values())))[::-1][:K]
    return float(own @ DISCOUNTS[: len(own)] / (best @ DISCOUNTS[: len(best)]))


if __name__ == "__main__":
    main()
