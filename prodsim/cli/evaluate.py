"""The command that measures the similarity with known pairs, clusters or graded queries."""

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from prodsim.artifacts import write_text_atomically
from prodsim.catalog import Catalog, read_whole_table
from prodsim.cli.context import app, open_context
from prodsim.cli.options import Across, CatalogName, Home, Json, SettingOptions, with_groups
from prodsim.cli.parsing import check_suffix
from prodsim.cli.printing import interval_text
from prodsim.evaluation.evaluate import (
    Evaluation,
    Truth,
    evaluate,
    truth_of_clusters,
    truth_of_pairs,
    truth_of_queries,
)
from prodsim.evaluation.failures import failures_table
from prodsim.evaluation.robustness import RobustnessReport, measure_robustness
from prodsim.output.export import to_csv, to_page
from prodsim.progress import timed


@app.command(name="evaluate")
@with_groups
def evaluate_similarity(
    similarity: SettingOptions,
    pairs: Annotated[Path | None, typer.Option("--pairs", help="Table with sku_a, sku_b, label.")] = None,
    clusters: Annotated[Path | None, typer.Option("--clusters", help="Table with sku, cluster_id.")] = None,
    queries: Annotated[Path | None, typer.Option("--queries", help="Table with query_id, query; with --qrels.")] = None,
    qrels: Annotated[Path | None, typer.Option("--qrels", help="Table with query_id, sku, grade.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Where to write the worst failures, explained: .html or .csv.")
    ] = None,
    robust: Annotated[
        bool,
        typer.Option("--robust", help="Search by texts with slips, other units and the like, and show what is lost."),
    ] = False,
    across: Across = None,
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Measure how well the similarity finds products that are known to belong together."""
    if robust and (across or out):
        raise typer.BadParameter("--robust searches by text and lists no failures; leave out --across and --out")
    with open_context(home, as_json) as context:
        opened, chosen = similarity.open(context, catalog)
        check_suffix("--out", out, (".html", ".csv"))
        truth = _parse_truth(opened.catalog, pairs, clusters, queries, qrels)
        weights = chosen.setting.weights
        settings = {**chosen.as_dict(), "encoder": opened.info.encoder, "across": across, "best_grade": truth.best}
        if robust:
            with context.progress as progress:
                report = measure_robustness(opened.engine, opened.catalog, truth, weights, progress=progress)
            context.print({**asdict(report), "settings": settings}, lambda: robustness_text(report))
            return
        with context.progress as progress:
            work = partial(evaluate, opened.engine, opened.catalog, truth, weights, across=across, progress=progress)
            evaluation, wall_s = timed(work)
        facts: dict[str, Any] = {**asdict(evaluation), "settings": settings, "wall_s": wall_s}
        if out is not None:
            write_failures(evaluation, opened.name, out)
            facts["out"] = str(out)
        context.print(facts, lambda: evaluation_text(evaluation))


def write_failures(evaluation: Evaluation, name: str, out: Path) -> None:
    """Write the worst failures of an evaluation as one self-contained page, or as a table."""
    table = failures_table(evaluation.failures)
    subtitle = f"The {len(table)} worst of {evaluation.n:,} queries: what came first, and why the right product did not"
    page = to_page(table, f"{name}: failures", subtitle) if out.suffix.lower() == ".html" else to_csv(table)
    write_text_atomically(out, page.decode())


def evaluation_text(evaluation: Evaluation) -> str:
    """Return the metrics with their intervals, a line each."""
    left_out = f", {evaluation.left_out:,} rows of the truth left out" if evaluation.left_out else ""
    lines = [f"{evaluation.n:,} queries{left_out}"]
    for name, value in evaluation.metrics.items():
        lines.append(f"{name:12} {value:.3f}   {interval_text(*evaluation.intervals[name])}")
    return "\n".join(lines)


def robustness_text(report: RobustnessReport) -> str:
    """Return what each kind of perturbation finds and loses, a line each."""
    lines = [f"{report.n:,} of {report.n_all:,} queries, searched by as text"]
    for kind, metrics in report.kinds.items():
        found = "   ".join(f"{name} {metrics[name]:.3f}" for name in ("recall@1", "recall@10", "ndcg@10"))
        lost = report.lost.get(kind)
        if lost is not None:
            found += (
                f"   lost {lost.mean:+.3f} {interval_text(lost.low, lost.high)}, {report.n_changed[kind]:,} changed"
            )
        lines.append(f"{kind:24} {found}")
    return "\n".join(lines)


def _parse_truth(
    catalog: Catalog, pairs: Path | None, clusters: Path | None, queries: Path | None, qrels: Path | None
) -> Truth:
    """Read the truth in the one form that was given: pairs, clusters, or queries with grades."""
    ways = sum(path is not None for path in (pairs, clusters, queries))
    if pairs and ways == 1:
        return truth_of_pairs(read_whole_table(pairs), catalog)
    if clusters and ways == 1:
        return truth_of_clusters(read_whole_table(clusters), catalog)
    if queries and qrels and ways == 1:
        return truth_of_queries(read_whole_table(queries), read_whole_table(qrels), catalog)
    raise ValueError("give one of --pairs FILE, --clusters FILE, or --queries FILE with --qrels FILE")
