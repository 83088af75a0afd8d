"""The command that sets two settings, or two catalogs, side by side."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from prodsim.cli.context import CommandContext, Home, Json, NameArgument, app, open_door
from prodsim.cli.values import Chosen, choose_setting, open_chosen, timed
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
from prodsim.progress import Progress
from prodsim.records import Judgement
from prodsim.similarity import PRESETS
from prodsim.workspace import OpenCatalog

N_SAID = 5
SETTING = "a saved setting or a preset; what the catalog does by itself where none is given."


@app.command()
def compare(
    name: NameArgument = None,
    a: Annotated[str | None, typer.Option("--a", metavar="SETTING", help=f"One side: {SETTING}")] = None,
    b: Annotated[str | None, typer.Option("--b", metavar="SETTING", help=f"The other: {SETTING}")] = None,
    other: Annotated[
        str | None, typer.Option("--other", metavar="CATALOG", help="Ask B of this catalog, with SKUs in common.")
    ] = None,
    k: Annotated[int, typer.Option("-k", min=1, help="Hits per product.")] = K,
    products: Annotated[int, typer.Option("--products", min=1, help="About how many products to ask by.")] = N_COMPARED,
    pairs: Annotated[int, typer.Option("--pairs", min=0, help="How many telling pairs to propose for judging.")] = 10,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Compare two settings, or two catalogs: what differs, which is better on what was judged, what to judge next."""
    with open_door(home, as_json) as door:
        opened, chosen_a, side_a = _side(door, "A", name, a)
        other_opened, chosen_b, side_b = _side(door, "B", other or opened.name, b)
        if opened.name == other_opened.name and chosen_a.setting == chosen_b.setting:
            raise ValueError("A and B are the same; give another setting as --a or --b, or another catalog as --other")
        judgements = door.workspace.records(opened.name).judgements()
        with door.progress as progress:

            def work() -> tuple[Comparison, JudgedComparison | None, tuple[PairToJudge, ...]]:
                found = compare_settings(side_a, side_b, sample_skus(side_a, side_b, products), k, progress)
                judged = _judged(door, side_a, side_b, judgements, progress)
                return found, judged, pairs_to_judge(side_a, side_b, judgements, pairs, progress) if pairs else ()

            (found, judged, telling), wall_s = timed(work)
        sides = {"a": _side_facts(opened, chosen_a), "b": _side_facts(other_opened, chosen_b)}
        facts = {**sides, **_facts(found, judged, telling), "wall_s": wall_s}
        door.print(facts, lambda: say_comparison(side_a, side_b, found, judged, telling))


def say_comparison(
    a: Side, b: Side, found: Comparison, judged: JudgedComparison | None, telling: Sequence[PairToJudge]
) -> str:
    """How far the answers differ and where most, which side is better, and what to judge next."""
    lines = [f"A: {a.name}", f"B: {b.name}", f"{len(found.products):,} products, {found.k} hits each"]
    lines += [_said(f"overlap@{found.k}", found.overlap), _said("rbo", found.rbo)]
    if found.n_foreign:
        lines.append(f"{found.n_foreign:,} of the hits are in one catalog only, so they cannot be shared.")
    moved = [product for product in found.products if product.rbo < 1][:N_SAID]
    lines += [f"moved most: {product.sku}  {product.title}  rbo {product.rbo:.2f}" for product in moved]
    if judged is None:
        lines.append("Nothing that both sides can be asked is judged, so nothing tells which is better.")
    else:
        lines += [
            f"{one.name:8} {one.a.mean:.3f} A   {one.b.mean:.3f} B   p {one.p_value:.3f}" for one in judged.measures
        ]
        lines.append(judged.verdict)
    lines += [f"to judge: {pair.sku_a} and {pair.sku_b}. {pair.reason}" for pair in telling[:N_SAID]]
    more = len(telling) - N_SAID
    return "\n".join([*lines, f"and {more:,} more to judge; --json tells all"] if more > 0 else lines)


def _side(
    door: CommandContext, letter: str, catalog: str | None, setting: str | None
) -> tuple[OpenCatalog, Chosen, Side]:
    """One side, opened."""
    saved, preset = (None, setting) if setting in PRESETS else (setting, None)
    chosen = choose_setting(door.workspace, catalog, saved, preset, None, None)
    opened = open_chosen(door, catalog, chosen)
    name = f"{letter} ({chosen.name or 'by itself'}, {opened.name})"
    return opened, chosen, Side(name, opened.catalog, opened.engine, chosen.setting.weights)


def _side_facts(opened: OpenCatalog, chosen: Chosen) -> dict[str, Any]:
    return {"catalog": opened.name, "encoder": opened.info.encoder, **chosen.as_dict()}


def _judged(
    door: CommandContext, a: Side, b: Side, judgements: Sequence[Judgement], progress: Progress
) -> JudgedComparison | None:
    """Which is better on what was judged; ``None`` where that leaves no query, which is told."""
    try:
        return compare_judged(a, b, judgements, progress) if judgements else None
    except CatalogError as error:
        door.warn(f"{error.what} {error.fix}")
        return None


def _facts(found: Comparison, judged: JudgedComparison | None, telling: Sequence[PairToJudge]) -> dict[str, Any]:
    measured = {f"overlap@{found.k}": found.overlap, "rbo": found.rbo}
    return {
        "products": len(found.products),
        "metrics": {name: one.mean for name, one in measured.items()},
        "intervals": {name: [one.low, one.high] for name, one in measured.items()},
        "n_foreign": found.n_foreign,
        "moved": [
            {
                "sku": product.sku,
                "title": product.title,
                "overlap": product.overlap,
                "rbo": product.rbo,
                "a": [placed.hit.sku for placed in product.a],
                "b": [placed.hit.sku for placed in product.b],
            }
            for product in found.products
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
            for pair in telling
        ],
    }


def _said(name: str, one: Estimate) -> str:
    return f"{name:12} {one.mean:.3f}   95 % within {one.low:.3f} to {one.high:.3f}"
