"""Times a build after 1 % of the rows were edited: ``python -m benchmarks.incremental [products] [encoder]``."""

import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from prodsim.settings import Settings
from prodsim.workspace import BuildReport, BuildRequest, OpenCatalog, Workspace
from sample_data.generate import generate_products

STEPS = ("encode", "index", "graph", "map")
"""What an edit need not pay for all products; the other steps read every product again."""


def main() -> None:
    """Build invented products, edit some, build again, and build the edited ones from nothing."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    encoder = sys.argv[2] if len(sys.argv) > 2 else "hashing"
    products = generate_products(n + n // 400)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "shop.csv"

        def build(table: pd.DataFrame, home: str) -> tuple[BuildReport, OpenCatalog]:
            table.to_csv(file, index=False)
            workspace = Workspace(Settings(Path(folder) / home))
            return workspace.build(BuildRequest(file, encoder=encoder)), workspace.open("shop")

        first, before = build(products[:n], "home")
        placed = before.map_table()
        again, after = build(edited(products, n), "home")
        fresh, anew = build(edited(products, n), "another")
        print(f"{n:,} products, {encoder}; half of 1 % reworded, a quarter removed, a quarter added\n")
        _print_steps(first, again, fresh)
        _print_agreement(after, anew)
        _print_map(placed, after.map_table())


def edited(products: pd.DataFrame, n: int) -> pd.DataFrame:
    """The first n products with half of 1 % reworded and a quarter removed, and a quarter of 1 % of new ones."""
    rows = np.random.default_rng(0).choice(n, n // 200 + n // 400, replace=False)
    reworded, removed = np.split(rows, [n // 200])
    out = products.copy()
    out.loc[reworded, "title"] = [f"{title} second edition" for title in out.loc[reworded, "title"]]
    return out.drop(index=removed)


def _print_steps(first: BuildReport, again: BuildReport, fresh: BuildReport) -> None:
    print(f"{'seconds':12}{'whole':>9}{'edited':>9}{'share':>9}{'edited, from nothing':>23}")
    for name, seconds in first.steps.items():
        line = f"{name:12}{seconds:9.1f}{again.steps[name]:9.1f}{again.steps[name] / seconds:9.0%}"
        print(f"{line}{fresh.steps[name]:23.1f}")
    asked = sum(again.steps[name] for name in STEPS)
    print(f"{'all':12}{first.wall_s:9.1f}{again.wall_s:9.1f}{again.wall_s / first.wall_s:9.0%}{fresh.wall_s:23.1f}")
    print(f"\n{', '.join(STEPS)}: {asked:.1f} s, {asked / first.wall_s:.1%} of the whole build")
    print(
        f"recall@10 {first.info.recall:.4f} before, {again.info.recall:.4f} after, {fresh.info.recall:.4f} from nothing"
    )
    print(f"ef {first.info.ef} before, {again.info.ef} after, {fresh.info.ef} from nothing")


def _print_agreement(after: OpenCatalog, anew: OpenCatalog) -> None:
    lower = after.graph.scores < anew.graph.scores
    higher = after.graph.scores > anew.graph.scores
    print(f"neighbours: {lower.mean():.3%} of the scores are lower than from nothing, {higher.mean():.3%} higher")


def _print_map(before: pd.DataFrame, after: pd.DataFrame) -> None:
    both = before.merge(after, on=["sku"], suffixes=("_before", ""))
    moved = np.hypot(both["x"] - both["x_before"], both["y"] - both["y_before"]) / np.ptp(before["x"])
    named = (both["label"] == both["label_before"]).mean()
    still = (moved == 0).mean()
    print(f"map: {still:.2%} of the products that stayed are where they were; the 99.9th percentile moved "
          f"{np.percentile(moved, 99.9):.2%} of its width; {named:.2%} are in a cluster of the same name")  # fmt: skip


if __name__ == "__main__":
    main()
