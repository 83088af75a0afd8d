"""The death of a process at any step of SQLite while it keeps what people decided."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandas as pd

from prodsim.records import Records

ROOT = Path(__file__).resolve().parents[2]
DEAD = 9
BEFORE, AFTER = ["a"], ["a", "b", "c"]
"""SKUs that are judged."""


def kill_records(folder: Path, every: int) -> tuple[int, list[str]]:
    """Kill the keeping of judgements in a new file, and in one that has some, at every n-th step of SQLite.

    It runs in a program of its own, because only one without threads may be forked at will.

    Returns:
        How many kills there were, and what was wrong afterwards, a line each.
    """
    command = [sys.executable, "-m", "tests.faults.record_kills", str(folder), str(every)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    kills, wrong = json.loads(done.stdout)
    return kills, wrong


def _judge(path: Path, skus: list[str]) -> None:
    Records(path).import_judgements(pd.DataFrame({"sku_a": "x", "sku_b": skus, "grade": 1}))


def _skus(path: Path) -> list[str]:
    return sorted(
        judgement.sku_b if judgement.sku_a == "x" else judgement.sku_a for judgement in Records(path).judgements()
    )


def _killed(work: Callable[[], None], last: int) -> bool:
    """Do some work in a child that dies at a step of SQLite; whether it died."""
    child = os.fork()
    if not child:
        steps = iter(range(1, last))
        connect = sqlite3.connect

        def watched(*arguments: Any, **options: Any) -> sqlite3.Connection:
            connection = connect(*arguments, **options)
            connection.set_progress_handler(lambda: 0 if next(steps, None) else os._exit(DEAD), 1)
            return connection

        with patch("sqlite3.connect", watched):
            work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == DEAD


def _main(folder: Path, every: int) -> tuple[int, list[str]]:
    kills, wrong = 0, []
    folder.mkdir(parents=True, exist_ok=True)
    for before in ([], BEFORE):
        last = 1
        while True:
            path = folder / f"{len(before)}-{last}.sqlite"
            if before:
                _judge(path, before)
            if not _killed(lambda: _judge(path, AFTER), last):  # noqa: B023 - it is called at once
                break
            kills += 1
            if _skus(path) not in (before, AFTER):
                wrong.append(f"step {last}: {_skus(path)}")
            _judge(path, AFTER)
            if _skus(path) != AFTER:
                wrong.append(f"step {last}, done again: {_skus(path)}")
            last += every
    return kills, wrong


if __name__ == "__main__":
    print(json.dumps(_main(Path(sys.argv[1]), int(sys.argv[2]))))
