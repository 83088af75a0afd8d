"""The command that checks a catalog."""

import operator
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from prodsim.cli.context import CommandContext, app, open_context
from prodsim.cli.context import as_json as to_json
from prodsim.cli.options import Home, Json, NameArgument
from prodsim.cli.parsing import check_suffix, parse_one_of
from prodsim.cli.printing import scored_lines
from prodsim.output.export import findings_table, to_csv, write_file
from prodsim.output.report import Reported
from prodsim.output.reports import REPORTS, check_report
from prodsim.progress import timed
from prodsim.quality import Level
from prodsim.workspace.checks import kinds_to_check
from prodsim.workspace.recorded_checks import DecidedFindings, check_and_record, findings_facts

OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge, "<=": operator.le, "!=": operator.ne, "==": operator.eq,
    ">": operator.gt, "<": operator.lt, "=": operator.eq,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Condition:
    """``KIND OP NUMBER``: a condition on the number of open findings of a kind."""

    text: str
    kind: str
    operator: str
    number: float

    def holds(self, n_open: Mapping[str, int]) -> bool:
        """Return whether the numbers of open findings per kind meet it."""
        return OPERATORS[self.operator](n_open.get(self.kind, 0), self.number)


@app.command()
def check(
    name: NameArgument = None,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="Only findings of this kind; repeatable; a wrong one lists all.")
    ] = None,
    level: Annotated[
        str, typer.Option("--level", help="strict (few and almost certain), usual, or loose (many and less certain).")
    ] = "usual",
    threshold: Annotated[
        float | None,
        typer.Option(
            "--threshold", help="Score from 0 to 1 that makes two products duplicates. Default: set by the level."
        ),
    ] = None,
    only_open: Annotated[bool, typer.Option("--open", help="Leave out findings that need no decision.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the findings here: .csv, .json, .html, .pdf or .pptx.")
    ] = None,
    fail_on: Annotated[
        list[str] | None,
        typer.Option("--fail-on", metavar="CONDITION", help='Exit with 1 if open findings meet it: "duplicates>0".'),
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Check a catalog for duplicates, variants, misfiled and unusual products, and faulty fields."""
    with open_context(home, as_json) as context:
        chosen: Level = parse_one_of("--level", Level, level)
        conditions = [_condition(text, kinds_to_check(kind or ())) for text in fail_on or ()]
        check_suffix("--out", out, (".csv", ".json", *REPORTS))
        check_report(out.suffix.lower() if out else "")
        if threshold is not None and not 0 <= threshold <= 1:
            raise ValueError(f"--threshold must be within 0 and 1, got {threshold:g}")
        opened = context.workspace.open(name)
        records = context.workspace.records(opened.name)
        with context.progress as progress:
            run = partial(check_and_record, opened, records, kind or (), chosen, threshold, progress)
            report, wall_s = timed(run)
        decided = DecidedFindings.of(report, records, opened.catalog)
        n_open = decided.only_open().counts(report.kinds)
        shown = decided.only_open() if only_open else decided
        facts = {**findings_facts(shown, report, n_open), "wall_s": wall_s}
        if out is not None:
            _write(out, facts, Reported.of(opened, report, shown.findings, shown.states, records))
            facts["out"] = str(out)
        _end(context, facts, shown, n_open, [each for each in conditions if each.holds(n_open)])


def _condition(text: str, kinds: Sequence[str]) -> Condition:
    """Read a condition of ``--fail-on``; one that can never hold is refused before the work starts."""
    match = re.fullmatch(r"\s*(.+?)\s*(>=|<=|!=|==|>|<|=)\s*(\d+(?:\.\d+)?)\s*", text)
    if not match:
        raise ValueError(f'--fail-on takes KIND OP NUMBER, such as "duplicates>0"; got {text!r}')
    if match[1] not in kinds:
        raise ValueError(f"--fail-on {text!r}: the kind {match[1]!r} is not checked; there are {', '.join(kinds)}")
    return Condition(text, match[1], match[2], float(match[3]))


def _write(out: Path, facts: Mapping[str, Any], about: Reported) -> None:
    if out.suffix.lower() == ".json":
        data = to_json(facts).encode()
    elif out.suffix.lower() in REPORTS:
        data = REPORTS[out.suffix.lower()](about)
    else:
        data = to_csv(findings_table(about.findings, about.states))
    write_file(data, out)


def _end(
    context: CommandContext,
    facts: dict[str, Any],
    shown: DecidedFindings,
    n_open: Mapping[str, int],
    failed: Sequence[Condition],
) -> None:
    """Print, and end the program with 1 where a condition holds."""
    kinds = [f"{kind}: {n:,}, {n_open.get(kind, 0):,} open" for kind, n in facts["counts"].items()]
    text = "\n".join([*kinds, *scored_lines(shown.findings)])
    if not failed:
        context.print(facts, lambda: text)
    else:
        what = "; ".join(
            f'"{condition.text}" holds: {n_open.get(condition.kind, 0):,} {condition.kind} are open'
            for condition in failed
        )
        error = {"what": f"{what}.", "fix": "Correct the products, or decide about the findings on the Quality page."}
        context.print({**facts, "error": error}, lambda: text)
        print(f"{error['what']}\n{error['fix']}", file=sys.stderr)
        raise typer.Exit(1)
