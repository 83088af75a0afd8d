"""Commands about what shoppers did: recommending, measuring that, and looking after the histories."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from prodsim.catalog import read_whole_table
from prodsim.cli.context import (
    CatalogName,
    CommandContext,
    Home,
    Json,
    PerBrand,
    PerCategory,
    PerFamily,
    Rules,
    app,
    open_door,
)
from prodsim.cli.values import choose_rules, parse_mapping, parse_one_of, timed
from prodsim.errors import CatalogError, QueryError
from prodsim.output.tables import write_table
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
from prodsim.search import Arrangement, RuleSet, left_out_text
from prodsim.workspace import OpenCatalog
from prodsim.workspace.shoppers import Shoppers

Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--map", metavar="FIELD=COLUMN", help="user, sku, time, event, quantity, basket or rating; repeatable."
    ),
]


@app.command()
def recommend(
    interactions: Annotated[
        Path | None, typer.Option("--interactions", help="Events of shoppers; those kept by `histories` by default.")
    ] = None,
    columns: Columns = None,
    user: Annotated[str | None, typer.Option("--user", help="Recommend to this shopper of the file.")] = None,
    history: Annotated[
        str | None,
        typer.Option("--history", metavar="SKU,SKU,…", help="Recommend by these products, the last one last."),
    ] = None,
    goes_with: Annotated[
        str | None, typer.Option("--goes-with", metavar="SKU", help="What is bought together with this product.")
    ] = None,
    users: Annotated[
        Path | None, typer.Option("--users", help="Table with user_id: recommend to each of them, into --out.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="With --users: the table to write, .csv or .parquet.")
    ] = None,
    evaluate: Annotated[
        str | None,
        typer.Option(
            "--evaluate", metavar="last|time", help="Measure instead: keep back the last new product, or a time."
        ),
    ] = None,
    k: Annotated[int, typer.Option("-k", min=1, help="How many products.")] = 10,
    where: Annotated[str, typer.Option("--where", help="A condition in SQL that every product meets.")] = "",
    per_brand: PerBrand = None,
    per_category: PerCategory = None,
    per_family: PerFamily = None,
    diversity: Annotated[float, typer.Option("--diversity", help="0 best first, 1 as unlike as can be.")] = 0.0,
    min_closeness: Annotated[
        float, typer.Option("--min-closeness", help="Only closer than this share of random pairs.")
    ] = 0.0,
    same_category: Annotated[
        bool, typer.Option("--same-category", help="Only products of the category of the last one.")
    ] = False,
    price_band: Annotated[
        float | None, typer.Option("--price-band", help="Only prices within this share of the last one's.")
    ] = None,
    rules: Rules = None,
    again: Annotated[bool, typer.Option("--again", help="Also products that the shopper has seen.")] = False,
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Recommend what shoppers should see next, from one history and from what everybody did."""
    with open_door(home, as_json) as door:
        if sum(one is not None for one in (user, history, goes_with, users, evaluate)) != 1:
            raise ValueError("give one of --user, --history, --goes-with, --users and --evaluate")
        opened, shoppers = door.workspace.open(catalog), door.workspace.shoppers(catalog)
        histories = _histories(door, shoppers, opened, interactions, parse_mapping(columns or []))
        with door.progress as progress:
            if evaluate is not None:
                split = parse_one_of("--evaluate", Split, evaluate)
                found, wall_s = timed(lambda: shoppers.measure(opened, histories, split, progress))
                counts = {"n": _counted(found.n), "n_able": _counted(found.n_able)}
                door.print({**asdict(found), **counts, "wall_s": wall_s}, lambda: say_measurement(found))
                return
            recommender, fit_s = timed(lambda: shoppers.recommender(opened, histories, progress))
        if goes_with is not None:
            together = recommender.bought_together(opened.engine.lookup.row(goes_with), k)
            facts = {"goes_with": [asdict(one) for one in together], "fit_s": fit_s}
            door.print(facts, lambda: _say_together(together))
            return
        ruled = choose_rules(door.workspace, catalog, rules).over(
            where,
            Arrangement(per_brand, per_family, diversity, min_closeness, same_category, price_band, per_category),
        )
        if users is not None:
            if out is None:
                raise ValueError("--users needs --out FILE for the lists")
            (table, unknown), wall_s = timed(
                lambda: _lists(recommender, shoppers, opened, histories, users, k, ruled, again)
            )
            write_table(table, out)
            asked = int(table["user_id"].nunique())
            facts = {"rows": len(table), "users": asked, "unknown": unknown, "fit_s": fit_s, "wall_s": wall_s}
            told = f"; {unknown:,} of them have no events and get what is liked" if unknown else ""
            door.print(
                {**facts, "out": str(out)}, lambda: f"Wrote {len(table):,} rows for {asked:,} shoppers to {out}{told}."
            )
            return
        profile = _taste(shoppers, opened, histories, user, history)
        result = recommender.recommend(profile, k, ruled.filters, ruled.arrangement, again=again)
        learned = {
            "weights": recommender.source_weights.weights,
            "learned_of": recommender.source_weights.n,
            "fit_s": fit_s,
        }
        door.print({**asdict(result), **learned}, lambda: say_recommended(result))


@app.command()
def histories(
    keep: Annotated[
        Path | None, typer.Option("--keep", metavar="FILE", help="Read events of shoppers and keep them, hashed.")
    ] = None,
    columns: Columns = None,
    export: Annotated[
        str | None, typer.Option("--export", metavar="USER", help="Write all that is kept of a person to --out.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="With --export: .csv or .parquet.")] = None,
    erase: Annotated[str | None, typer.Option("--erase", metavar="USER", help="Erase a person.")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Delete all histories of the catalog.")] = False,
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Keep the histories of a catalog's shoppers, export or erase a person, or count them."""
    with open_door(home, as_json) as door:
        shoppers, facts = door.workspace.shoppers(catalog), dict[str, Any]()
        if keep is not None:
            shoppers.keep(shoppers.read(keep, door.workspace.open(catalog), parse_mapping(columns or [])))
        if export is not None:
            if out is None:
                raise ValueError("--export needs --out FILE")
            events = shoppers.events_of(export)
            if not len(events):
                raise QueryError("There are no events of that shopper.", "Give the id as it stands in the file.")
            write_table(events.drop(columns=["user", "basket"]), out)
            facts["exported"] = len(events)
        if erase is not None:
            facts["erased"] = shoppers.erase(erase)
        if remove:
            shoppers.remove()
        kept = shoppers.histories() if shoppers.exists else None
        facts |= {"events": 0 if kept is None else len(kept.events), "findings": []}
        facts["shoppers"] = shown_count(0 if kept is None else kept.n_users)
        if kept is not None:
            facts["findings"] = [asdict(finding) for finding in kept.findings]
        door.print(facts, lambda: _say_histories(facts))


def _counted(n: int) -> int | str:
    return n if n >= MIN_SHOPPERS else shown_count(n)


def say_recommended(result: RecommendationList) -> str:
    """A line per product with its reason."""
    lines = [result.note] if result.note else []
    for hit in result.hits:
        because = f"  because of {hit.because[0].title} ({hit.because[0].why})" if hit.because else ""
        lines.append(
            f"{hit.score:6.3f}  {hit.sku:<16}  {hit.title}{because}" + f"  {list(hit.rules)}" * bool(hit.rules)
        )
    lines += [left_out_text(result.left_out)] if any(result.left_out.values()) else []
    lines.append(f"{len(result.hits):,} products, {result.took_ms:.0f} ms")
    return "\n".join(lines)


def _say_together(together: Sequence[BoughtTogether]) -> str:
    lines = [f"{one.score:6.3f}  {one.sku:<16}  {one.title}" for one in together]
    return "\n".join(lines) or "Nothing is known to be bought together with it."


def say_measurement(found: Measurement) -> str:
    """A table of the methods."""
    lines = [f"{found.shoppers}; {found.cold_wanted:.1%} of what they took next nobody had before", ""]
    lines.append(f"{'':20}{'recall@10':>22}{'ndcg@10':>9}{'mrr':>8}{'coverage':>10}{'novelty':>9}{'new':>7}")
    for one in found.methods:
        recall, metrics = one.metrics["recall@10"], one.metrics
        lines.append(
            f"{one.name:20}{recall.mean:8.3f} {f'{recall.low:.3f} to {recall.high:.3f}':>13}"
            f"{metrics['ndcg@10'].mean:9.3f}{metrics['mrr'].mean:8.3f}{one.coverage:10.1%}"
            f"{metrics['novelty'].mean:9.2f}{one.cold:7.1%}"
        )
    gain = found.gains["ndcg@10"]
    lines += [
        "",
        f"lead in ndcg@10 over the best other: {gain.mean:+.3f}, 95 % within {gain.low:+.3f} to {gain.high:+.3f}",
    ]
    lines.append("weights: " + ", ".join(f"{name} {weight:.2f}" for name, weight in found.weights.items() if weight))
    return "\n".join(lines)


def _histories(
    door: CommandContext, shoppers: Shoppers, opened: OpenCatalog, path: Path | None, mapping: Mapping[str, str]
) -> Histories | None:
    """Those of the file, with its findings told; else those kept; ``None`` where there are none."""
    if path is None:
        return shoppers.histories() if shoppers.exists else None
    read = shoppers.read(path, opened, mapping)
    for finding in read.findings:
        door.warn(finding.what)
    return read


def _taste(
    shoppers: Shoppers, opened: OpenCatalog, histories: Histories | None, user: str | None, history: str | None
) -> UserProfile:
    if history is not None:
        skus = [sku.strip() for sku in history.split(",") if sku.strip()]
        return UserProfile.of([opened.engine.lookup.row(sku) for sku in skus])
    if histories is None:
        raise QueryError("There are no histories to look the shopper up in.", "Pass --interactions FILE.")
    return shoppers.profile(opened, histories, shoppers.pseudonym(user or ""))


def _lists(
    recommender: Recommender,
    shoppers: Shoppers,
    opened: OpenCatalog,
    histories: Histories | None,
    path: Path,
    k: int,
    ruled: RuleSet,
    again: bool,
) -> tuple[pd.DataFrame, int]:
    """A table user_id, sku, rank, score, users in file order, each once; and how many of them have no events."""
    table = read_whole_table(path)
    if "user_id" not in table:
        raise CatalogError(f"{path.name} has the columns {', '.join(map(str, table.columns))}.", "user_id is needed.")
    if histories is None:
        raise QueryError("There are no histories to look shoppers up in.", "Pass --interactions FILE.")
    profiles = shoppers.profiles(opened, histories)
    found: list[tuple[str, str, int, float]] = []
    users = list(dict.fromkeys(table["user_id"].astype("str").tolist()))
    own = [profiles.get(hashed, UserProfile.of([])) for hashed in shoppers.pseudonyms(users)]
    for user, profile in zip(users, own, strict=True):
        hits = recommender.recommend(profile, k, ruled.filters, ruled.arrangement, again=again).hits
        found += [(user, hit.sku, rank, hit.score) for rank, hit in enumerate(hits, 1)]
    listed = pd.DataFrame(found, columns=["user_id", "sku", "rank", "score"])
    return listed, sum(not len(profile) for profile in own)


def _say_histories(facts: Mapping[str, Any]) -> str:
    findings: Sequence[Mapping[str, Any]] = facts["findings"]
    lines = [f"{facts['events']:,} events of {facts['shoppers']} shoppers"]
    lines += [f"{facts['exported']:,} events written."] if "exported" in facts else []
    lines += [f"{facts['erased']:,} events erased."] if "erased" in facts else []
    return "\n".join([*lines, *(str(finding["what"]) for finding in findings)])
