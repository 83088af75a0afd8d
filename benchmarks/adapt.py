"""Adapts encoders to real catalogs and measures before and after: ``python -m benchmarks.adapt DATA [SET]…``.

Each set of DATA with pairs or clusters is adapted to twice: without labels, and with ``LABELLED`` pairs drawn from the
truth, of which a fifth is kept out. The Chinese set has no truth: its products are asked for by rewritten texts, and by
those that words and numbers take for the same. All asked products are kept out of the training. A run with some of the
pairs takes every other for a mistake; so it is measured once more, by all pairs of products kept out ("all labels").
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from prodsim.adapt import TrainingRecipe
from prodsim.adapt.measurement import N_PROBES, Probe, ProbeComparison, exactly, measure, read_again
from prodsim.adapt.runs import WAY
from prodsim.encoders import open_encoder
from prodsim.encoders.adapted import ADAPTED_PREFIX
from prodsim.encoders.text_recipe import TextRecipe, compose_texts, description_texts
from prodsim.evaluation.evaluate import Truth, truth_of_table
from prodsim.progress import timed
from prodsim.search import Query
from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, OpenCatalog, Workspace
from prodsim.workspace.adaptations import Adaptations

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
                known = read_truth(opened, truth)
                run(workspace, opened, "judgements", draw_pairs(opened, known, Path(home)), known)


def run(workspace: Workspace, opened: OpenCatalog, kind: str, truth: Path | None, whole: Truth | None = None) -> None:
    """Adapt and print; where the file is a part of the truth, also by the whole."""
    adaptations = Adaptations(workspace)
    recipe = TrainingRecipe(kind, base=adaptations.base_of(opened))
    found, wall_s = timed(lambda: adaptations.adapt(opened, f"{opened.name} {kind}", recipe, truth, trackers=()))
    outcome = found.outcome
    told = ", ".join(f"{n:,} {source}" for source, n in outcome.n_pairs.items())
    print(
        f"{opened.name}, {kind}, {opened.info.encoder} → {recipe.base}: {wall_s:.0f} s, {outcome.facts['model_mb']} MB"
    )
    taken = f"{outcome.facts[WAY]:.0%} of what was learned is taken"
    print(f"  {told}; best after {outcome.best_at} of {outcome.steps} batches; {taken}")
    for one in outcome.measured.compared:
        print_compared(one.probe, one)
    if whole is not None:
        kept_out = adaptations.plan(opened, recipe, truth).kept_out
        for one in by_all(workspace, opened, f"{ADAPTED_PREFIX}{found.name}", whole, kept_out):
            print_compared("all labels", one)
    print(f"  {'better' if outcome.measured.is_better else 'not better'}\n", flush=True)


def print_compared(asked: str, one: ProbeComparison) -> None:
    """A line."""
    print(
        f"  {asked:10} {one.setting:13}{one.metric:10}{one.before:.3f} → {one.after:.3f}  "
        f"{one.difference:+.3f} ({one.low:+.3f} to {one.high:+.3f})  n {one.n}"
    )


def by_all(
    workspace: Workspace, opened: OpenCatalog, name: str, whole: Truth, kept_out: np.ndarray
) -> tuple[ProbeComparison, ...]:
    """Products kept out with a partner that is, too, asked for any of their partners."""
    skus, row_of = opened.catalog.products["sku"].tolist(), opened.catalog.row_of
    kept = {skus[row] for row in kept_out.tolist()}
    able = sorted(sku for sku in kept & set(whole.gains) if kept & set(whole.gains[sku]))
    asked = np.random.default_rng(0).permutation(len(able))[:N_PROBES]
    probes = [
        Probe("labels", Query(like=(able[n],)), row_of[able[n]], tuple(row_of[sku] for sku in whole.gains[able[n]]))
        for n in asked.tolist()
    ]
    texts = compose_texts(opened.catalog, TextRecipe(**opened.info.recipe))
    encoder = open_encoder(name, workspace.settings)
    after = read_again(opened.engine, opened.catalog, texts, description_texts(opened.catalog), encoder)
    return measure(exactly(opened.engine), after, opened.catalog, probes, len(kept)).compared


def read_truth(opened: OpenCatalog, truth: Path) -> Truth:
    """All that is known of pairs."""
    return truth_of_table(pd.read_csv(truth, dtype=str), opened.catalog)


def draw_pairs(opened: OpenCatalog, known: Truth, folder: Path) -> Path:
    """A file of ``LABELLED`` pairs of the same product, and as many that are not where the truth lists such."""
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
