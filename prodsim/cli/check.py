"""Commands for what is wrong with a catalog, and what people decide about it."""

import operator
import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from prodsim.cli.context import CatalogName, CommandContext, Home, Json, NameArgument, app, open_door
from prodsim.cli.context import as_json as to_json
from prodsim.cli.values import parse_one_of, timed
from prodsim.findings import Finding
from prodsim.output.export import findings_table, to_csv, to_xlsx, write_file
from prodsim.output.report import Reported, report_page
from prodsim.quality import Level
from prodsim.quality.duplicates.thresholds import describe_origin
from prodsim.records import WAITING, Decision, Records, State, finding_key, states_of
from prodsim.workspace import OpenCatalog
from prodsim.workspace.checks import CheckReport, judged_pairs, kinds_asked

N_SAID = 10
OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge, "<=": operator.le, "!=": operator.ne, "==": operator.eq,
    ">": operator.gt, "<": operator.lt, "=": operator.eq,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Condition:
    """``KIND OP NUMBER``, said of how many findings of a kind are open."""

    text: str
    kind: str
    operator: str
    number: float

    def holds(self, n_open: Mapping[str, int]) -> bool:
        """Whether so many open findings of its kind fulfil it."""
        return OPERATORS[self.operator](n_open.get(self.kind, 0), self.number)


@dataclass(frozen=True, slots=True)
class Checked:
    """Findings with what became of them.

    Attributes:
        findings, states: of each other, surest first.
        decisions: the newest of each finding by key.
    """

    findings: tuple[Finding, ...]
    states: tuple[State, ...]
    decisions: Mapping[str, Decision]

    def only_open(self) -> "Checked":
        """Those that somebody should decide about."""
        kept = [pair for pair in zip(self.findings, self.states, strict=True) if pair[1] in WAITING]
        return Checked(tuple(one for one, _ in kept), tuple(state for _, state in kept), self.decisions)

    def counts(self, kinds: Sequence[str]) -> dict[str, int]:
        """Findings per kind, 0 included."""
        return {**dict.fromkeys(kinds, 0), **Counter(finding.kind for finding in self.findings)}


@app.command()
def check(
    name: NameArgument = None,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="Only findings of this kind; repeatable; a wrong one lists all.")
    ] = None,
    level: Annotated[
        str, typer.Option("--level", help="strict (few and sure), usual, or loose (many and less sure).")
    ] = "usual",
    threshold: Annotated[
        float | None,
        typer.Option("--threshold", help="Score in [0, 1] from which two products are one, in place of the level's."),
    ] = None,
    only_open: Annotated[bool, typer.Option("--open", help="Leave out what is decided or declared already.")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="Where to write them: .csv, .json or .html.")] = None,
    fail_on: Annotated[
        list[str] | None,
        typer.Option("--fail-on", metavar="CONDITION", help='End with 1 if so many are open: "duplicates>0".'),
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Check the catalog: duplicates, variants, misfiled, odd and broken products."""
    with open_door(home, as_json) as door:
        chosen: Level = parse_one_of("--level", Level, level)
        conditions = [_condition(text, kinds_asked(kind or ())) for text in fail_on or ()]
        if out is not None and out.suffix.lower() not in (".csv", ".json", ".html"):
            raise ValueError(f"--out must end in .csv, .json or .html, got {out.name!r}")
        if threshold is not None and not 0 <= threshold <= 1:
            raise ValueError(f"--threshold must be within 0 and 1, got {threshold:g}")
        opened = door.workspace.open(name)
        records = door.workspace.records(opened.name)
        judged = judged_pairs(records.decisions().values(), opened.catalog)
        with door.progress as progress:
            run = partial(opened.check, kind or (), chosen, progress, threshold=threshold, judged=judged)
            report, wall_s = timed(run)
        if report.is_whole:
            records.keep_summary(report.summary)
        decisions = records.decisions()  # somebody may have decided while the checks ran
        checked = Checked(report.findings, states_of(report.findings, decisions, opened.catalog), decisions)
        n_open = checked.only_open().counts(report.kinds)
        shown = checked.only_open() if only_open else checked
        facts = {**_facts(shown, report, n_open), "wall_s": wall_s}
        if out is not None:
            _write(out, facts, _reported(opened, records, report, shown))
            facts["out"] = str(out)
        _end(door, facts, shown, n_open, [one for one in conditions if one.holds(n_open)])


@app.command()
def decisions(
    import_from: Annotated[Path | None, typer.Option("--import", help="A table that --export wrote.")] = None,
    export_to: Annotated[
        Path | None, typer.Option("--export", help="The table to write, .csv or .xlsx: a row a product.")
    ] = None,
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Take decisions on findings in from a file, write them to one, or count them."""
    with open_door(home, as_json) as door:
        if export_to is not None and export_to.suffix.lower() not in (".csv", ".xlsx"):
            raise ValueError(f"--export must end in .csv or .xlsx, got {export_to.name!r}")
        records = door.workspace.records(catalog)
        if not records.path.exists():
            door.workspace.info(catalog)  # a mistyped name must not start a file
        taken, findings = records.import_decisions(import_from) if import_from else (0, [])
        kept, table = records.decisions(), records.decisions_table()
        if export_to is not None:
            write_file(to_xlsx(table) if export_to.suffix.lower() == ".xlsx" else to_csv(table), export_to)
        actions = dict(Counter(decision.action for decision in kept.values()))
        facts = {"decisions": len(kept), "actions": actions, "taken": taken, "left_out": len(findings)}
        told = [f"{len(kept):,} decisions, {taken:,} taken in, {len(findings):,} left out"]
        door.print({**facts, "findings": [asdict(one) for one in findings]}, lambda: _say(told, findings))


def _condition(text: str, kinds: Sequence[str]) -> Condition:
    """What ``--fail-on`` says; refused before the work starts if it can never be told."""
    found = re.fullmatch(r"\s*(.+?)\s*(>=|<=|!=|==|>|<|=)\s*(\d+(?:\.\d+)?)\s*", text)
    if not found:
        raise ValueError(f'--fail-on takes KIND OP NUMBER, such as "duplicates>0"; got {text!r}')
    if found[1] not in kinds:
        raise ValueError(f"--fail-on {text!r}: the kind {found[1]!r} is not looked for; there are {', '.join(kinds)}")
    return Condition(text, found[1], found[2], float(found[3]))


def _facts(checked: Checked, report: CheckReport, n_open: Mapping[str, int]) -> dict[str, Any]:
    """What is printed: the findings with their states, and how many there are of each kind."""
    findings = [
        {
            "kind": one.kind,
            "severity": one.severity,
            "skus": one.skus,
            "score": one.score,
            "what": one.what,
            "column": one.column,
            "evidence": one.evidence,
            "proposal": one.proposal,
            "state": state,
            "decision": decision.action if (decision := checked.decisions.get(finding_key(one))) else None,
        }
        for one, state in zip(checked.findings, checked.states, strict=True)
    ]
    counts = {"counts": checked.counts(report.kinds), "open": dict(n_open)}
    found = report.threshold
    used = {"value": found[0], "from": found[1], "reason": describe_origin(found[1])} if found else None
    return {"findings": findings, **counts, "level": report.level, "threshold": used, "products": report.products}


def _reported(opened: OpenCatalog, records: Records, report: CheckReport, shown: Checked) -> Reported:
    trend = records.summaries(report.level) if report.is_whole else ()
    return Reported.of(opened, report, shown.findings, shown.states, shown.decisions, trend)


def _write(out: Path, facts: Mapping[str, Any], about: Reported) -> None:
    if out.suffix.lower() == ".json":
        data = to_json(facts).encode()
    elif out.suffix.lower() == ".html":
        data = report_page(about).encode()
    else:
        data = to_csv(findings_table(about.findings, about.states))
    write_file(data, out)


def _end(
    door: CommandContext,
    facts: dict[str, Any],
    checked: Checked,
    n_open: Mapping[str, int],
    failed: Sequence[Condition],
) -> None:
    """Print, and end the program with 1 where a condition holds."""
    kinds = [f"{kind}: {n:,}, {n_open.get(kind, 0):,} open" for kind, n in facts["counts"].items()]
    said = partial(_say, kinds, checked.findings)
    if not failed:
        door.print(facts, said)
    else:
        what = "; ".join(f'"{one.text}" holds: {n_open.get(one.kind, 0):,} {one.kind} are open' for one in failed)
        error = {"what": f"{what}.", "fix": "Mend them, or decide about them on the Quality page."}
        door.print({**facts, "error": error}, said)
        print(f"{error['what']}\n{error['fix']}", file=sys.stderr)
        raise typer.Exit(1)


def _say(told: Sequence[str], findings: Sequence[Finding]) -> str:
    lines = [*told, *(f"{finding.score:.2f}  {finding.what}" for finding in findings[:N_SAID])]
    lines += [f"and {len(findings) - N_SAID:,} more; --json tells all"] if len(findings) > N_SAID else []
    return "\n".join(lines)
