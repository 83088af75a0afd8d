"""The command that recommends products, and measures how well it does."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from prodsim.catalog import read_whole_table
from prodsim.cli.context import CommandContext, app, open_context
from prodsim.cli.options import CatalogName, Columns, Home, Json, ListOptions, with_groups
from prodsim.cli.parsing import parse_mapping, parse_one_of
from prodsim.cli.printing import interval_text
from prodsim.errors import CatalogError, QueryError
from prodsim.output.tables import write_table
from prodsim.phrases import phrase, retold
from prodsim.progress import timed
from prodsim.recommend import (
    MIN_SHOPPERS,
    BoughtTogether,
    Histories,
    Measurement,
    RecommendationList,
    Recommender,
    Split,
    UserProfile,
    shown_count,
)
from prodsim.search import RuleSet, left_out_text
from prodsim.workspace import OpenCatalog
from prodsim.workspace.shoppers import Shoppers


@dataclass(frozen=True, slots=True)
class Task:
    """Whom to recommend to, or what to do instead: exactly one of them."""

    user: Annotated[str | None, typer.Option("--user", help="Recommend to this shopper, who is in the histories.")] = (
        None
    )
    history: Annotated[
        str | None,
        typer.Option("--history", metavar="SKU,SKU,…", help="Recommend from these viewed products, oldest first."),
    ] = None
    goes_with: Annotated[
        str | None, typer.Option("--goes-with", metavar="SKU", help="Products bought together with this one.")
    ] = None
    users: Annotated[
        Path | None, typer.Option("--users", help="Table with user_id: recommend to each of them, into --out.")
    ] = None
    evaluate: Annotated[
        str | None,
        typer.Option(
            "--evaluate",
            metavar="last|time",
            help="Measure instead: predict each shopper's last new product, or a later time.",
        ),
    ] = None

    def check(self) -> None:
        """Raise ``ValueError`` unless exactly one is given."""
        if sum(one is not None for one in (self.user, self.history, self.goes_with, self.users, self.evaluate)) != 1:
            raise ValueError("give one of --user, --history, --goes-with, --users and --evaluate")


@dataclass(frozen=True, slots=True)
class ShopperData:
    """What there is to recommend from.

    Attributes:
        opened: the catalog.
        shoppers: its histories on the disk.
        histories: those to use; ``None`` where there are none.
    """

    opened: OpenCatalog
    shoppers: Shoppers
    histories: Histories | None


@app.command()
@with_groups
def recommend(
    task: Task,
    listed: ListOptions,
    interactions: Annotated[
        Path | None,
        typer.Option("--interactions", help="File of shoppers' events. Default: what `histories` keeps."),
    ] = None,
    columns: Columns = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="With --users: the table to write, .csv or .parquet.")
    ] = None,
    k: Annotated[int, typer.Option("-k", min=1, help="How many products.")] = 10,
    again: Annotated[bool, typer.Option("--again", help="Also products that the shopper has already seen.")] = False,
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Recommend what a shopper should see next, from the shopper's own history and those of all shoppers."""
    with open_context(home, as_json) as context:
        task.check()
        opened, shoppers = context.workspace.open(catalog), context.workspace.shoppers(catalog)
        histories = _histories(context, shoppers, opened, interactions, parse_mapping(columns or []))
        data = ShopperData(opened, shoppers, histories)
        if task.evaluate is not None:
            return _measure(context, data, parse_one_of("--evaluate", Split, task.evaluate))
        with context.progress as progress:
            recommender, fit_s = timed(lambda: shoppers.recommender(opened, histories, progress))
        if task.goes_with is not None:
            return _bought_together(context, recommender, fit_s, opened.engine.lookup.row(task.goes_with), k)
        ruled = listed.choose(context.workspace, catalog)
        if task.users is not None:
            return _recommend_to_all(context, recommender, fit_s, data, task.users, k, ruled, again, out)
        profile = _profile(data, task)
        result = recommender.recommend(profile, k, ruled.filters, ruled.arrangement, again=again)
        weights = recommender.source_weights
        facts = {**asdict(result), "weights": weights.weights, "learned_of": weights.n, "fit_s": fit_s}
        context.print(facts, lambda: recommendations_text(result))


def _measure(context: CommandContext, data: ShopperData, split: Split) -> None:
    with context.progress as progress:
        measurement, wall_s = timed(lambda: data.shoppers.measure(data.opened, data.histories, split, progress))
    counts = {"n": _counted(measurement.n), "n_able": _counted(measurement.n_able)}
    facts = {**asdict(measurement), **counts, "wall_s": wall_s}
    context.print(facts, lambda: measurement_text(measurement))


def _bought_together(context: CommandContext, recommender: Recommender, fit_s: float, row: int, k: int) -> None:
    together = recommender.bought_together(row, k)
    facts = {"goes_with": [asdict(one) for one in together], "fit_s": fit_s}
    context.print(facts, lambda: _together_text(together))


def _recommend_to_all(
    context: CommandContext,
    recommender: Recommender,
    fit_s: float,
    data: ShopperData,
    users: Path,
    k: int,
    ruled: RuleSet,
    again: bool,
    out: Path | None,
) -> None:
    """Write the list of each shopper of a table."""
    if out is None:
        raise ValueError("--users needs --out FILE for the lists")
    (table, unknown), wall_s = timed(partial(_lists, recommender, data, users, k, ruled, again))
    write_table(table, out)
    n = int(table["user_id"].nunique())
    facts = {"rows": len(table), "users": n, "unknown": unknown, "fit_s": fit_s, "wall_s": wall_s, "out": str(out)}
    popular = f"; {unknown:,} of them have no events and get popular products" if unknown else ""
    context.print(facts, lambda: f"Wrote {len(table):,} rows for {n:,} shoppers to {out}{popular}.")


def _counted(n: int) -> int | str:
    return n if n >= MIN_SHOPPERS else shown_count(n)


def recommendations_text(result: RecommendationList) -> str:
    """Return a line per product with its reason."""
    lines = [result.note] if result.note else []
    for hit in result.hits:
        because = f"  because of {hit.because[0].title} ({hit.because[0].why})" if hit.because else ""
        lines.append(
            f"{hit.score:6.3f}  {hit.sku:<16}  {hit.title}{because}" + f"  {list(hit.rules)}" * bool(hit.rules)
        )
    lines += [left_out_text(result.left_out)] if any(result.left_out.values()) else []
    lines.append(f"{len(result.hits):,} products, {result.took_ms:.0f} ms")
    return "\n".join(lines)


def _together_text(together: Sequence[BoughtTogether]) -> str:
    lines = [f"{one.score:6.3f}  {one.sku:<16}  {one.title}" for one in together]
    return "\n".join(lines) or "No product is known to be bought together with it."


def measurement_text(measurement: Measurement) -> str:
    """Return the methods as a table."""
    lines = [f"{measurement.shoppers}; {measurement.cold_wanted:.1%} of their next products were new to everybody", ""]
    lines.append(f"{'':20}{'recall@10':>22}{'ndcg@10':>9}{'mrr':>8}{'coverage':>10}{'novelty':>9}{'new':>7}")
    for method in measurement.methods:
        recall, metrics = method.metrics["recall@10"], method.metrics
        lines.append(
            f"{method.name:20}{recall.mean:8.3f} {f'{recall.low:.3f} to {recall.high:.3f}':>13}"
            f"{metrics['ndcg@10'].mean:9.3f}{metrics['mrr'].mean:8.3f}{method.coverage:10.1%}"
            f"{metrics['novelty'].mean:9.2f}{method.cold:7.1%}"
        )
    gain = measurement.gains["ndcg@10"]
    lines += [
        "",
        f"ndcg@10 against the best other: {gain.mean:+.3f}, {interval_text(gain.low, gain.high, '+')}",
    ]
    lines.append(
        "weights: " + ", ".join(f"{name} {weight:.2f}" for name, weight in measurement.weights.items() if weight)
    )
    return "\n".join(lines)


def _histories(
    context: CommandContext, shoppers: Shoppers, opened: OpenCatalog, path: Path | None, mapping: Mapping[str, str]
) -> Histories | None:
    """Read the file, with warnings for its findings; without one, load what is kept; ``None`` where nothing is."""
    if path is None:
        return shoppers.histories() if shoppers.exists else None
    read = shoppers.read(path, opened, mapping)
    for finding in read.findings:
        context.warn(retold(finding.what))
    return read


def _profile(data: ShopperData, task: Task) -> UserProfile:
    if task.history is not None:
        skus = [sku.strip() for sku in task.history.split(",") if sku.strip()]
        return UserProfile.of([data.opened.engine.lookup.row(sku) for sku in skus])
    shoppers, histories = data.shoppers, _required(data.histories)
    return shoppers.profile(data.opened, histories, shoppers.pseudonym(task.user or ""))


def _lists(
    recommender: Recommender, data: ShopperData, path: Path, k: int, ruled: RuleSet, again: bool
) -> tuple[pd.DataFrame, int]:
    """Return a table user_id, sku, rank, score, users in file order, each once; and how many of them have no events."""
    table = read_whole_table(path)
    if "user_id" not in table:
        there = ", ".join(map(str, table.columns))
        raise CatalogError(
            phrase("{file}: the column user_id is missing; the file has {columns}.", file=path.name, columns=there),
            phrase("Name the column with the shoppers' IDs user_id."),
        )
    profiles = data.shoppers.profiles(data.opened, _required(data.histories))
    listed: list[tuple[str, str, int, float]] = []
    users = list(dict.fromkeys(table["user_id"].astype("str").tolist()))
    own = [profiles.get(hashed, UserProfile.of([])) for hashed in data.shoppers.pseudonyms(users)]
    for user, profile in zip(users, own, strict=True):
        hits = recommender.recommend(profile, k, ruled.filters, ruled.arrangement, again=again).hits
        listed += [(user, hit.sku, rank, hit.score) for rank, hit in enumerate(hits, 1)]
    columns = ["user_id", "sku", "rank", "score"]
    return pd.DataFrame(listed, columns=columns), sum(not len(profile) for profile in own)


def _required(histories: Histories | None) -> Histories:
    if histories is None:
        raise QueryError(
            phrase("This catalog has no histories in which to find the shopper."), phrase("Pass --interactions FILE.")
        )
    return histories
