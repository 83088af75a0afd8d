"""Every kill and every damage, and a table of what came of them: ``make faults``."""

import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

from tests.faults.damages import GOOD, outcomes
from tests.faults.kills import Trial
from tests.faults.record_kills import kill_records
from tests.faults.scenes import WORKS


def _kills(folder: Path, every: int) -> int:
    print("kind of write       kills  wrong or lost", flush=True)
    n_wrong = 0
    for name in WORKS:
        trial = Trial(name, folder / name)
        toll = trial.run(range(1, trial.changes + 1, every))
        n_wrong += _print_toll(name, toll.kills, toll.wrong)
    kills, wrong = kill_records(folder / "records", every)
    return n_wrong + _print_toll("records", kills, wrong)


def _print_toll(name: str, kills: int, wrong: list[str]) -> int:
    print(f"{name:<18} {kills:>6}  {len(wrong):>13}", *wrong[:5], sep="\n    ", flush=True)
    return len(wrong)


def _damages(folder: Path, every: int) -> int:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    bad = []
    for case, outcome in outcomes(folder, every):
        counts[case.part][outcome if outcome in GOOD else "bad"] += 1
        bad += [] if outcome in GOOD else [f"{case.file.as_posix()}, {case.damage}: {outcome}"]
    print("part", *GOOD, "bad", sep=" | ")
    for part, outcome_counts in sorted(counts.items()):
        print(part, *(outcome_counts[outcome] for outcome in (*GOOD, "bad")), sep=" | ")
    print(f"{sum(map(Counter.total, counts.values()))} damages, {len(bad)} bad", *bad, sep="\n    ", flush=True)
    return len(bad)


if __name__ == "__main__":
    step = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    with tempfile.TemporaryDirectory() as root:
        sys.exit(bool(_kills(Path(root) / "kills", step) + _damages(Path(root) / "damages", step)))
