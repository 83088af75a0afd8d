"""The command that compares two settings or two catalogs."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from prodsim.cli.context import CommandContext, app, open_context
from prodsim.cli.options import Home, Json, NameArgument, SettingOptions
from prodsim.cli.printing import interval_text, more_line
from prodsim.errors import CatalogError
from prodsim.evaluation import (
    N_COMPARED,
    Comparison,
    Estimate,
    JudgedComparison,
    K,
    Side,
    compare_judged,
    compare_settings,
    sample_skus,
)
from prodsim.evaluation.pair_queue import PairToJudge, pairs_to_judge
from prodsim.progress import Progress, timed
from prodsim.records import Judgement
from prodsim.similarity import PRESETS
from prodsim.workspace import OpenCatalog
from prodsim.workspace.chosen_setting import ChosenSetting

LINES_PER_LIST = 5
SETTING = "a saved setting or a preset. Default: the catalog's default."


@app.command()
def compare(
    name: NameArgument = None,
    a: Annotated[str | None, typer.Option("--a", metavar="SETTING", help=f"Side A: {SETTING}")] = None,
    b: Annotated[str | None, typer.Option("--b", metavar="SETTING", help=f"Side B: {SETTING}")] = None,
    other: Annotated[
        str | None, typer.Option("--other", metavar="CATALOG", help="Side B uses this catalog, which must share SKUs.")
    ] = None,
    k: Annotated[int, typer.Option("-k", min=1, help="Results per product.")] = K,
    products: Annotated[int, typer.Option("--products", min=1, help="How many products to search by.")] = N_COMPARED,
    pairs: Annotated[int, typer.Option("--pairs", min=0, help="How many pairs to propose for judging.")] = 10,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Compare two settings or two catalogs: what differs, which is better by judgements, and what to judge next."""
    with open_context(home, as_json) as context:
        opened, chosen_a, side_a = _side(context, "A", name, a)
        other_opened, chosen_b, side_b = _side(context, "B", other or opened.name, b)
        if opened.name == other_opened.name and chosen_a.setting == chosen_b.setting:
            raise ValueError("A and B are the same; give a different --a, --b or --other")
        judgements = context.workspace.records(opened.name).judgements()
        with context.progress as progress:

            def work() -> tuple[Comparison, JudgedComparison | None, tuple[PairToJudge, ...]]:
                comparison = compare_settings(side_a, side_b, sample_skus(side_a, side_b, products), k, progress)
                judged = _judged(context, side_a, side_b, judgements, progress)
                return comparison, judged, pairs_to_judge(side_a, side_b, judgements, pairs, progress) if pairs else ()

            (comparison, judged, to_judge), wall_s = timed(work)
        sides = {"a": _side_facts(opened, chosen_a), "b": _side_facts(other_opened, chosen_b)}
        facts = {**sides, **_facts(comparison, judged, to_judge), "wall_s": wall_s}
        context.print(facts, lambda: comparison_text(side_a, side_b, comparison, judged, to_judge))


def comparison_text(
    a: Side, b: Side, comparison: Comparison, judged: JudgedComparison | None, to_judge: Sequence[PairToJudge]
) -> str:
    """Return how far the results differ and where most, which side is better, and what to judge next."""
    lines = [f"A: {a.name}", f"B: {b.name}", f"{len(comparison.products):,} products, {comparison.k} results each"]
    lines += [_metric_text(f"overlap@{comparison.k}", comparison.overlap), _metric_text("rbo", comparison.rbo)]
    if comparison.n_foreign:
        lines.append(
            f"{comparison.n_foreign:,} results are in only one of the catalogs, so the sides cannot share them."
        )
    moved = [product for product in comparison.products if product.rbo < 1][:LINES_PER_LIST]
    lines += [f"differs most: {product.sku}  {product.title}  rbo {product.rbo:.2f}" for product in moved]
    if judged is None:
        lines.append("There are no judgements that both sides can use, so it is open which is better.")
    else:
        lines += [
            f"{one.name:8} {one.a.mean:.3f} A   {one.b.mean:.3f} B   p {one.p_value:.3f}" for one in judged.measures
        ]
        lines.append(judged.verdict)
    lines += [f"to judge: {pair.sku_a} and {pair.sku_b}. {pair.reason}" for pair in to_judge[:LINES_PER_LIST]]
    return "\n".join([*lines, *more_line(len(to_judge) - LINES_PER_LIST)])


def _side(
    context: CommandContext, letter: str, catalog: str | None, setting: str | None
) -> tuple[OpenCatalog, ChosenSetting, Side]:
    """Open one side."""
    saved, preset = (None, setting) if setting in PRESETS else (setting, None)
    opened, chosen = SettingOptions(saved, preset).open(context, catalog)
    name = f"{letter} ({chosen.name or 'default'}, {opened.name})"
    return opened, chosen, Side(name, opened.catalog, opened.engine, chosen.setting.weights)


def _side_facts(opened: OpenCatalog, chosen: ChosenSetting) -> dict[str, Any]:
    return {"catalog": opened.name, "encoder": opened.info.encoder, **chosen.as_dict()}


def _judged(
    context: CommandContext, a: Side, b: Side, judgements: Sequence[Judgement], progress: Progress
) -> JudgedComparison | None:
    """Measure both sides by the judgements; ``None``, with a warning, where these give no query."""
    try:
        return compare_judged(a, b, judgements, progress) if judgements else None
    except CatalogError as error:
        context.warn(f"{error.what} {error.fix}")
        return None


def _facts(comparison: Comparison, judged: JudgedComparison | None, to_judge: Sequence[PairToJudge]) -> dict[str, Any]:
    measured = {f"overlap@{comparison.k}": comparison.overlap, "rbo": comparison.rbo}
    return {
        "products": len(comparison.products),
        "metrics": {name: one.mean for name, one in measured.items()},
        "intervals": {name: [one.low, one.high] for name, one in measured.items()},
        "n_foreign": comparison.n_foreign,
        "moved": [
            {
                "sku": product.sku,
                "title": product.title,
                "overlap": product.overlap,
                "rbo": product.rbo,
                "a": [placed.hit.sku for placed in product.a],
                "b": [placed.hit.sku for placed in product.b],
            }
            for product in comparison.products
        ],
        "judged": None if judged is None else asdict(judged),
        "telling": [
            {
                "sku_a": pair.sku_a,
                "sku_b": pair.sku_b,
                "rank_a": pair.rank_a,
                "rank_b": pair.rank_b,
                "telling": pair.expected_gain,
                "why": pair.reason,
            }
            for pair in to_judge
        ],
    }


def _metric_text(name: str, one: Estimate) -> str:
    return f"{name:12} {one.mean:.3f}   {interval_text(one.low, one.high)}"
