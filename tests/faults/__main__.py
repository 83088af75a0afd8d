"""Every kill, every damage and every garbled input, and a table of what came of them: ``make faults``.

``python -m tests.faults 4`` tries every fourth kill and damage, and a sample of the inputs.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from tests.faults.damages import GOOD, outcomes
from tests.faults.garbling import WHOLE
from tests.faults.kills import Trial
from tests.faults.record_kills import kill_records
from tests.faults.scenes import WORKS
from tests.faults.swaps import swap_outcomes

HERE = Path(__file__).resolve().parent


class Table:
    """A row for each promise, printed as soon as it was tried, and below them what was wrong."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        print("| what is tried | cases | result | wrong |\n|---|---:|---|---:|", flush=True)

    def add(self, tried: str, cases: int, result: str, wrong: Sequence[str]) -> None:
        """Print a row."""
        print(f"| {tried} | {cases:,} | {result} | {len(wrong)} |", flush=True)
        self.wrong += [f"{tried}: {each}" for each in wrong]


def _kills(table: Table, folder: Path, every: int) -> None:
    for name, work in WORKS.items():
        trial = Trial(name, folder / name)
        toll = trial.run(range(1, trial.changes + 1, every * work.every))
        table.add(f"kill: {name}", toll.kills, "as before or as after, and completed when done again", toll.wrong)
    kills, wrong = kill_records(folder / "records", every)
    table.add("kill: judgements within SQLite", kills, "all are kept or none", wrong)


def _damages(table: Table, folder: Path, every: int) -> None:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    bad: dict[str, list[str]] = defaultdict(list)
    for case, outcome in outcomes(folder, every):
        counts[case.part][outcome if outcome in GOOD else "wrong"] += 1
        bad[case.part] += [] if outcome in GOOD else [f"{case.file.as_posix()}, {case.damage}: {outcome}"]
    for part, outcome_counts in sorted(counts.items()):
        result = ", ".join(f"{n} {outcome}" for outcome, n in outcome_counts.most_common())
        table.add(f"damage: {part}", outcome_counts.total(), result, bad[part])


def _swaps(table: Table, folder: Path, every: int) -> None:
    tried = list(swap_outcomes(folder, every))
    wrong = [f"{case}: {problem}" for case, problem in tried if problem]
    table.add("swap: files and folders, under each command", len(tried), "done, or said in words", wrong)


def _garbled(table: Table, every: int) -> None:
    surroundings = {**os.environ, WHOLE: "whole" if every == 1 else ""}
    for file in sorted([*HERE.glob("test_garbled_*.py"), *HERE.glob("test_odd_*.py")]):
        command = [sys.executable, "-m", "pytest", "-n", "0", "-q", str(file)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=HERE.parents[1], env=surroundings)
        *lines, last = done.stdout.strip().splitlines()
        failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
        inputs = file.stem.removeprefix("test_").replace("_", " ")
        table.add(
            f"inputs: {inputs}",
            sum(map(int, re.findall(r"(\d+) (?:passed|failed)", last))),
            last,
            failed if done.returncode else [],
        )


def _main(every: int) -> int:
    table = Table()
    with tempfile.TemporaryDirectory() as root:
        _kills(table, Path(root) / "kills", every)
        _damages(table, Path(root) / "damages", every)
        _swaps(table, Path(root) / "swaps", every)
    _garbled(table, every)
    print(*table.wrong, sep="\n")
    return len(table.wrong)


if __name__ == "__main__":
    sys.exit(bool(_main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)))
