"""Reads damaged files of every kind and counts what is lost: ``python -m benchmarks.damage [files] [seed]``.

A file may be read, with every record a row or told, or refused with a message; anything else is a fault.
"""

import io
import random
import re
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks.mutations import KINDS, damaged_files
from prodsim.catalog import RawTable, make_catalog, propose_columns, read_table
from prodsim.catalog.content import read_content
from prodsim.errors import ProdsimError

SEED = 21
SLOWEST_S = 20.0
_JOINED = re.compile(r"(\d+) lines count as one record")
_NUMBER = re.compile(r"\d[\d,]*")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file.

    Attributes:
        kept: rows.
        lost: records that are neither rows nor told; 0 for a refused file, and where they cannot be counted.
        refusal: the message of a refused file.
    """

    kept: int = 0
    lost: int = 0
    refusal: str = ""


def main() -> None:
    """Print what became of the files of each kind."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 2200
    seed = sys.argv[2] if len(sys.argv) > 2 else str(SEED)
    faults, slowest_s = 0, 0.0
    print(f"{n:,} damaged files, seed {seed}\n")
    print(f"{'':8} {'read':>6} {'refused':>8} {'rows':>8} {'lost':>5} {'faults':>7} {'slowest s':>10}")
    with tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            counts: Counter[str] = Counter()
            slowest = 0.0
            for number, data in enumerate(damaged_files(kind, n // len(KINDS), random.Random(f"{seed} {kind}"))):
                started = time.perf_counter()
                counts += _counted(data, Path(folder) / f"shop.{kind}", f"{kind} {number}")
                slowest = max(slowest, time.perf_counter() - started)
            print(
                f"{kind:8} {counts['read']:6,} {counts['refused']:8,} {counts['rows']:8,} {counts['lost']:5,} "
                f"{counts['faults']:7,} {slowest:10.1f}"
            )
            faults, slowest_s = faults + counts["lost"] + counts["faults"], max(slowest, slowest_s)
    if faults or slowest_s > SLOWEST_S:
        sys.exit(1)


def _counted(data: bytes, path: Path, name: str) -> "Counter[str]":
    try:
        outcome = read_damaged(data, path)
    except Exception as error:  # whatever it is, it is counted and shown
        print(f"{name}: {type(error).__name__}: {error}"[:300])
        return Counter(faults=1)
    if outcome.lost:
        print(f"{name}: {outcome.lost} records are neither kept nor told")
    return Counter(read=not outcome.refusal, refused=bool(outcome.refusal), rows=outcome.kept, lost=outcome.lost)


def read_damaged(data: bytes, path: Path) -> Outcome:
    """Read a file and make a catalog of it; raises whatever is not a message for people."""
    path.write_bytes(data)
    try:
        table = read_table(path)
    except ProdsimError as error:
        return Outcome(refusal=str(error))
    n_rows, lost = len(table.frame), _lost_records(path, table)
    try:
        catalog = make_catalog(table, propose_columns(table).mapping)
    except ProdsimError as error:
        return Outcome(n_rows, lost, str(error))
    told = {"repeated sku", "no text", "reading"} & {finding.kind for finding in catalog.findings}
    return Outcome(n_rows, lost + (len(catalog) < n_rows and not told))


def _lost_records(path: Path, table: RawTable) -> int:
    """Count the records of a file that are neither a row nor told; of CSV and JSON lines each line is looked at."""
    facts = table.facts
    lost = int(len(table.lines) != len(table.frame) or facts.n_rows != len(table.frame))
    if facts.format not in ("csv", "jsonl"):
        return lost
    text = read_content(path).data.decode(facts.encoding or "utf-8", "replace")
    kept = {*table.lines.tolist(), *(bad.line for bad in facts.bad_lines)}
    undecoded = {bad.line for bad in facts.bad_lines if "does not fit the encoding" in bad.reason}
    if facts.format == "jsonl":
        n_told = sum(map(_instructions, facts.notes))
        numbers = {number for number, line in enumerate(io.StringIO(text), start=1) if line.strip()}
        return lost + max(len(numbers - kept) - n_told, 0)
    joined = [(one.line, n) for one in facts.repaired for n in map(int, _JOINED.findall(one.repair))]
    inside = {line for start, n in joined for line in range(start, start + n)}
    return lost + _lost_lines(text, {*inside, *kept, facts.header_row}, undecoded, facts.notes)


def _instructions(note: str) -> int:
    return int(_NUMBER.findall(note)[0].replace(",", "")) if "an index, not" in note else 0


def _lost_lines(text: str, covered: set[int | None], undecoded: set[int], notes: tuple[str, ...]) -> int:
    """Count the lines with a value that are no row, not told, and not inside of a record that begins before them.

    Lines that could not be decoded are told, and were no lines to the parser: a record goes on behind them.
    """
    named = {int(number.replace(",", "")) for note in notes for number in _NUMBER.findall(note)}
    has_empty = any("separators only" in note for note in notes)
    lost, quotes = 0, 0
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if number in undecoded:
            continue
        begins = number in covered or number in named
        quotes = line.count('"') if begins else quotes + line.count('"')
        is_empty = not line.strip("\ufeff \t\r\n\x1a\0") or (has_empty and not line.strip(',;\t|" \r\n'))
        is_inside = quotes > 0 and not begins  # a record with quotes may span lines
        is_sep_line = number == 1 and "sep=" in line.casefold()
        lost += not (begins or is_empty or is_inside or is_sep_line)
    return lost


if __name__ == "__main__":
    main()
