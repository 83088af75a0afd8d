"""The command that matches two catalogs."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from prodsim.cli.context import app, open_context
from prodsim.cli.options import Home, Json
from prodsim.cli.parsing import check_suffix
from prodsim.match import USUAL_THRESHOLD, Matching, PriceComparison
from prodsim.output.export import to_csv, to_page, to_xlsx, write_file
from prodsim.output.matches import describe_matches, describe_prices, matches_table
from prodsim.phrases import phrase
from prodsim.progress import timed
from prodsim.workspace.matches import CatalogMatch, decisions_between, match_catalogs


@app.command()
def match(
    a: Annotated[str, typer.Argument(metavar="A", help="A catalog: yours.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Another catalog: a competitor's, a supplier's, last year's.")],
    out: Annotated[Path | None, typer.Option("--out", help="The table to write, .csv, .xlsx or .html.")] = None,
    threshold: Annotated[
        float, typer.Option("--threshold", help="Certainty from 0 to 1 from which a match counts as sure.")
    ] = USUAL_THRESHOLD,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Find which product of one catalog is which of another: one to one, with how sure it is and both prices."""
    with open_context(home, as_json) as context:
        check_suffix("--out", out, (".csv", ".xlsx", ".html"))
        if not 0 <= threshold <= 1:
            raise ValueError(f"--threshold must be within 0 and 1, got {threshold:g}")
        workspace = context.workspace
        opened_a, opened_b = workspace.open(a), workspace.open(b)
        with context.progress as progress:
            compared, wall_s = timed(lambda: match_catalogs(workspace, opened_a, opened_b, progress))
        matching = compared.matching(decisions_between(workspace, opened_a.name, opened_b.name))
        lines, facts = _summary(compared, matching, threshold)
        facts["wall_s"] = wall_s
        if out is not None:
            table = matches_table(opened_a.catalog, opened_b.catalog, matching)
            write_file(_written(table, out.suffix.lower(), opened_a.name, opened_b.name, " ".join(lines)), out)
            facts["out"] = str(out)
        context.print(facts, lambda: "\n".join(lines))


def _summary(compared: CatalogMatch, matching: Matching, threshold: float) -> tuple[list[str], dict[str, Any]]:
    """Return what is said of the matches, in sentences and for JSON."""
    a, b, is_sure = compared.a, compared.b, matching.sure(threshold)
    prices = PriceComparison.of(a.catalog, b.catalog, matching.a, matching.b)
    index = prices.index(is_sure)
    lines = [
        *describe_matches(matching, threshold, a.name, b.name),
        describe_prices(index, prices.n_other_currency, a.name),
    ]
    facts = {
        "a": a.name,
        "b": b.name,
        "matches": len(matching),
        "sure": int(is_sure.sum()),
        "threshold": threshold,
        "only_a": len(matching.only_a),
        "only_b": len(matching.only_b),
        "prices": {
            "compared": index.n,
            "dearer": index.n_dearer,
            "cheaper": index.n_cheaper,
            "same": index.n_same,
            "median_difference": index.median_difference,
            "other_currency": prices.n_other_currency,
        },
        "note": compared.note,
    }
    return lines, facts


def _written(table: pd.DataFrame, suffix: str, name_a: str, name_b: str, summary: str) -> bytes:
    title = phrase("{a} and {b}: matches", a=name_a, b=name_b)
    writers: Mapping[str, Callable[[], bytes]] = {
        ".csv": lambda: to_csv(table), ".xlsx": lambda: to_xlsx(table), ".html": lambda: to_page(table, title, summary),
    }  # fmt: skip
    return writers[suffix]()
