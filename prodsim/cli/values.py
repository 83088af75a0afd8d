"""Options into values, and values into what is printed."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args

from prodsim.catalog import Catalog, read_whole_table
from prodsim.cli.context import CommandContext
from prodsim.errors import RulesError
from prodsim.evaluation.evaluate import Evaluation, Truth, truth_of_clusters, truth_of_pairs, truth_of_queries
from prodsim.index import Metric
from prodsim.search import RuleSet, SearchResult, lacking_note, lacking_parts, left_out_text, rules_from_yaml
from prodsim.similarity import Setting, Weights
from prodsim.workspace import BuildReport, CatalogInfo, OpenCatalog, Workspace

T = TypeVar("T")


def parse_one_of(option: str, literal: Any, value: str) -> Any:
    """The value, if the ``Literal`` type allows it."""
    allowed = get_args(literal)
    if value not in allowed:
        raise ValueError(f"{option} must be one of {', '.join(allowed)}; got {value!r}")
    return value


@dataclass(frozen=True, slots=True)
class Chosen:
    """What ``--setting``, ``--preset``, ``--weights`` and ``--metric`` come to.

    Attributes:
        setting: the weights and the metric to use.
        name: of the saved setting or preset that the others were laid over; ``None`` for what the catalog does itself.
    """

    setting: Setting
    name: str | None

    def as_dict(self) -> dict[str, Any]:
        """What is printed of it."""
        return {"weights": self.setting.weights.as_dict(), "metric": self.setting.metric, "name": self.name}


def choose_setting(
    workspace: Workspace,
    catalog: str | None,
    name: str | None,
    preset: str | None,
    weights: str | None,
    metric: str | None,
) -> Chosen:
    """The saved setting or the preset, else without ``--weights`` the catalog's default, with the others laid over.

    Raises:
        QueryError: there is no such catalog or setting.
    """
    if name is not None and preset is not None:
        raise ValueError("give --setting or --preset, not both")
    info = workspace.info(catalog)
    records = workspace.records(info.name)
    if name is None and preset is None and weights is None:
        name = records.default_name()
    own = Setting(info.weights, parse_one_of("the catalog's metric", Metric, info.metric))
    base = own if name is None else records.setting(name)
    chosen = parse_weights(preset, weights, base.weights)
    return Chosen(Setting(chosen, parse_one_of("--metric", Metric, metric or base.metric)), name or preset)


def choose_rules(workspace: Workspace, catalog: str | None, rules: str | None) -> RuleSet:
    """The saved rules of that name, or those of a YAML file; none for ``None``.

    Raises:
        QueryError: there are no such rules.
        RulesError: the file cannot be read or understood.
    """
    if rules is None:
        return RuleSet()
    if Path(rules).suffix.lower() in (".yaml", ".yml"):
        return read_rules(Path(rules))
    return workspace.records(workspace.info(catalog).name).rules(rules).rules


def read_rules(path: Path) -> RuleSet:
    """The rules of a YAML file; raises ``RulesError`` where it cannot be read."""
    try:
        return rules_from_yaml(path.read_text(encoding="utf-8"), path.name)
    except OSError as error:
        raise RulesError(f"{path} cannot be read: {error.strerror}.", "Give the path of a YAML file.") from error
    except UnicodeDecodeError as error:
        raise RulesError(f"{path.name} is not UTF-8 text.", "Save it as UTF-8.") from error


def open_chosen(door: CommandContext, catalog: str | None, chosen: Chosen) -> OpenCatalog:
    """The catalog with that setting; warns of weights that a person chose and that count nothing in it."""
    opened = door.workspace.open(catalog, chosen.setting)
    told = lacking_note(lacking_parts(chosen.setting.weights, opened.parts))
    if told and chosen.setting.weights != opened.info.weights:
        door.warn(told)
    return opened


def parse_mapping(pairs: Sequence[str]) -> dict[str, str]:
    """``["title=name"]`` as ``{"title": "name"}``; an empty column leaves the field out."""
    wrong = [pair for pair in pairs if "=" not in pair]
    if wrong:
        raise ValueError(f"--map takes FIELD=COLUMN, such as title=name; got {wrong[0]!r}")
    return dict(pair.split("=", 1) for pair in pairs)


def parse_weights(preset: str | None, weights: str | None, default: Weights) -> Weights:
    """The weights of ``--preset`` with ``--weights`` laid over; without both, the catalog's own."""
    base = default if preset is None else Weights.preset(preset)
    return base if weights is None else base.parse(weights)


def parse_truth(
    catalog: Catalog, pairs: Path | None, clusters: Path | None, queries: Path | None, qrels: Path | None
) -> Truth:
    """The truth of the one way that was given: pairs, clusters, or queries with grades."""
    ways = sum(path is not None for path in (pairs, clusters, queries))
    if pairs and ways == 1:
        return truth_of_pairs(read_whole_table(pairs), catalog)
    if clusters and ways == 1:
        return truth_of_clusters(read_whole_table(clusters), catalog)
    if queries and qrels and ways == 1:
        return truth_of_queries(read_whole_table(queries), read_whole_table(qrels), catalog)
    raise ValueError("give one of --pairs FILE, --clusters FILE, or --queries FILE with --qrels FILE")


def say_evaluation(found: Evaluation) -> str:
    """Metrics with their intervals, a line each."""
    lines = [f"{found.n:,} queries" + (f", {found.left_out:,} rows of the truth left out" if found.left_out else "")]
    for name, value in found.metrics.items():
        low, high = found.intervals[name]
        lines.append(f"{name:12} {value:.3f}   95 % within {low:.3f} to {high:.3f}")
    return "\n".join(lines)


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """The work's result and the seconds it took."""
    started = time.perf_counter()
    return work(), time.perf_counter() - started


def catalog_facts(workspace: Workspace, info: CatalogInfo) -> dict[str, Any]:
    """What ``info`` and ``list`` print of a catalog."""
    return {
        "name": info.name,
        "products": info.products,
        "vectors": info.vectors,
        "source": info.source,
        "built": info.built,
        "encoder": info.encoder,
        "fingerprint": info.encoder_fingerprint,
        "dim": info.dim,
        "metric": info.metric,
        "recall@10": info.recall,
        "ef": info.ef,
        "unknown_share": info.unknown_share,
        "n_truncated": info.n_truncated,
        "findings": dict(info.findings),
        "mapping": dict(info.mapping),
        "recipe": dict(info.recipe),
        "built_parts": dict(info.artifacts),
        "size_mb": round(workspace.size_mb(info.name), 2),
    }


def report_facts(report: BuildReport) -> dict[str, Any]:
    """What ``build`` prints."""
    info = report.info
    return {
        "name": info.name,
        "products": info.products,
        "encoder": info.encoder,
        "dim": info.dim,
        "vectors": info.vectors,
        "encoded": report.encoded,
        "reused": report.reused,
        "described": report.described,
        "findings": sum(info.findings.values()),
        "findings_by_kind": dict(info.findings),
        "mapping": dict(info.mapping),
        "recall@10": info.recall,
        "unknown_share": info.unknown_share,
        "n_truncated": info.n_truncated,
        "steps": dict(report.steps),
        "wall_s": report.wall_s,
    }


def say_report(report: BuildReport) -> str:
    """A build in a few lines."""
    info = report.info
    mapped = ", ".join(f"{field} = {column}" for field, column in info.mapping.items())
    found = ", ".join(f"{count:,} {kind}" for kind, count in info.findings.items()) or "none"
    return (
        f'"{info.name}": {info.products:,} products in {report.wall_s:.1f} s\n'
        f"columns: {mapped}\n"
        f"texts: {report.encoded:,} encoded, {report.reused:,} reused, by {info.encoder}\n"
        f"descriptions: {report.described:,} encoded\n"
        f"findings: {found}\n"
        f"index: returns {info.recall:.1%} of what an exact search would"
    )


def say_hits(result: SearchResult) -> str:
    """Hits as lines: score, SKU, title."""
    lines = [result.note] if result.note else []
    for hit in result.hits:
        lines.append(
            f"{hit.score:6.3f}  {hit.sku:<16}  {hit.title}" + (f"  [{'; '.join(hit.rules)}]" * bool(hit.rules))
        )
    lines += [left_out_text(result.left_out)] if result.left_out else []
    lines.append(f"{len(result.hits):,} of {result.n_allowed:,} products, {result.took_ms:.0f} ms")
    return "\n".join(lines)
