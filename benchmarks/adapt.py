"""Adapts encoders to real catalogs and measures before and after: ``python -m benchmarks.adapt DATA [SET]…``.

Each set of DATA with pairs or clusters is adapted to twice: without labels, and with ``LABELLED`` pairs drawn from the
truth, of which a fifth is kept out. The Chinese set has no truth: its products are asked for by rewritten texts, and by
those that words and numbers take for the same. All asked products are kept out of the training.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from prodsim.adapt import TrainingRecipe
from prodsim.cli.values import timed
from prodsim.evaluate import truth_of_clusters, truth_of_pairs
from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, OpenCatalog, Workspace
from prodsim.workspace.adapting import Adaptations

SETS = ("abt_buy", "amazon_google", "pricerunner", "wdc_shoes_watches", "zh_tmall_cosmetics")
LABELLED = 625
"""Pairs given; four fifths of them teach."""


def main() -> None:
    """Print a block per set and recipe."""
    data, names = Path(sys.argv[1]), sys.argv[2:] or SETS
    with tempfile.TemporaryDirectory() as home:
        workspace = Workspace(Settings(Path(home)))
        for name in names:
            built = workspace.build(BuildRequest(data / name / "catalog.csv", name))
            opened = workspace.open(built.info.name)
            truth = next(
                (path for kind in ("pairs", "clusters") if (path := data / name / f"{kind}.csv").exists()), None
            )
            run(workspace, opened, "language", truth)
            if truth is not None:
                run(workspace, opened, "judgements", draw_pairs(opened, truth, Path(home)))


def run(workspace: Workspace, opened: OpenCatalog, kind: str, truth: Path | None) -> None:
    """Adapt and print."""
    adaptations = Adaptations(workspace)
    recipe = TrainingRecipe(kind, base=adaptations.base_of(opened))
    found, wall_s = timed(lambda: adaptations.adapt(opened, f"{opened.name} {kind}", recipe, truth, trackers=()))
    outcome = found.outcome
    told = ", ".join(f"{n:,} {source}" for source, n in outcome.n_pairs.items())
    print(
        f"{opened.name}, {kind}, {opened.info.encoder} → {recipe.base}: {wall_s:.0f} s, {outcome.facts['model_mb']} MB"
    )
    print(f"  {told}; best after {outcome.best_at} of {outcome.steps} batches")
    for one in outcome.measured.compared:
        print(
            f"  {one.probe:10} {one.setting:13}{one.metric:10}{one.before:.3f} → {one.after:.3f}  "
            f"{one.difference:+.3f} ({one.low:+.3f} to {one.high:+.3f})  n {one.n}"
        )
    print(f"  {'better' if outcome.measured.is_better else 'not better'}\n", flush=True)


def draw_pairs(opened: OpenCatalog, truth: Path, folder: Path) -> Path:
    """A file of ``LABELLED`` pairs of the same product, and as many that are not where the truth lists such."""
    table = pd.read_csv(truth, dtype=str)
    known = (truth_of_clusters if "cluster_id" in table else truth_of_pairs)(table, opened.catalog)
    rng = np.random.default_rng(0)
    same = sorted({(min(a, b), max(a, b)) for a, partners in known.gains.items() for b in partners})
    apart = sorted({(min(a, b), max(a, b)) for a, b, is_partner in known.listed if not is_partner})
    rows = [
        (*pairs[number], label)
        for pairs, label in ((same, 1), (apart, 0))
        for number in rng.permutation(len(pairs))[:LABELLED].tolist()
    ]
    path = folder / f"{opened.name} pairs.csv"
    pd.DataFrame(rows, columns=["sku_a", "sku_b", "label"]).to_csv(path, index=False)
    return path


if __name__ == "__main__":
    main()
