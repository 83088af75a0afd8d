"""Reads damaged files of every kind and counts what is lost: ``python -m benchmarks.damage [files] [seed]``.

A file may be read, with every line a row or told, or refused with a message; anything else is a fault.
"""

import io
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from prodsim.catalog import make_catalog, propose_columns, read_table
from prodsim.errors import ProdsimError
from sample_data.generate import generate_products

SEED = 21
SLOWEST_S = 20.0
KINDS = ("csv", "xlsx", "parquet", "json", "text")
_N_PRODUCTS = 40
_JOINED = re.compile(r"(\d+) lines count as one record")
_NUMBER = re.compile(r"\d[\d,]*")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file.

    Attributes:
        kept, told: rows, and lines that are named as left out.
        lost: lines that are neither; 0 for a refused file, and where lines cannot be counted.
        refusal: the message of a refused file.
    """

    kept: int = 0
    told: int = 0
    lost: int = 0
    refusal: str = ""


def main() -> None:
    """Print what became of the files of each kind."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    seed = sys.argv[2] if len(sys.argv) > 2 else str(SEED)
    with tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            outcomes: Counter[str] = Counter()
            slowest = 0.0
            for data in damaged_files(kind, n // len(KINDS), random.Random(f"{seed} {kind}")):
                started = time.perf_counter()
                outcome = read_damaged(data, Path(folder) / f"shop.{kind}")
                slowest = max(slowest, time.perf_counter() - started)
                outcomes["lost lines" if outcome.lost else "refused" if outcome.refusal else "read"] += 1
            print(f"{kind:8} {dict(outcomes)}, slowest {slowest:.1f} s")
            if outcomes["lost lines"] or slowest > SLOWEST_S:
                sys.exit(1)


def damaged_files(kind: str, n: int, random_of: random.Random) -> Iterator[bytes]:
    """Yield ``n`` files of a kind, each damaged one to six times in a way of its own."""
    products = generate_products(_N_PRODUCTS)
    for _ in range(n):
        data = bytearray(_whole(kind, products, random_of))
        for _ in range(random_of.randint(1, 6)):
            random_of.choice(_DAMAGES)(data, random_of)
        yield bytes(data)


def read_damaged(data: bytes, path: Path) -> Outcome:
    """Read a file and make a catalog of it; raises whatever is not a message for people."""
    path.write_bytes(data)
    try:
        table = read_table(path)
    except ProdsimError as error:
        return Outcome(refusal=str(error))
    facts = table.facts
    told = len(facts.bad_lines) + sum(_lines_told(note) for note in facts.notes)
    lost = 0
    if facts.format == "csv":
        joined = [(one.line, n) for one in facts.repaired for n in map(int, _JOINED.findall(one.repair))]
        inside = {line for start, n in joined for line in range(start, start + n)}
        covered = {*inside, *table.lines.tolist(), *(bad.line for bad in facts.bad_lines), facts.header_row}
        lost = _lost_lines(data.decode(facts.encoding or "utf-8", "replace"), covered, facts.notes)
    if len(table.lines) != len(table.frame) or facts.n_rows != len(table.frame):
        lost += 1
    try:
        make_catalog(table, propose_columns(table).mapping)
    except ProdsimError as error:
        return Outcome(len(table.frame), told, lost, str(error))
    return Outcome(len(table.frame), told, lost)


def _lines_told(note: str) -> int:
    return int(note.startswith(("Line ", "Row ", "The header is repeated")))


def _lost_lines(text: str, covered: set[int | None], notes: tuple[str, ...]) -> int:
    """Count the lines with a value that are no row, not told, and not inside of a record that begins before them."""
    named = {int(number.replace(",", "")) for note in notes for number in _NUMBER.findall(note)}
    has_empty = any("separators only" in note for note in notes)
    lost, quotes = 0, 0
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        begins = number in covered or number in named
        quotes = line.count('"') if begins else quotes + line.count('"')
        is_empty = not line.strip("\ufeff \t\r\n\x1a\0") or (has_empty and not line.strip(',;\t|" \r\n'))
        is_inside = quotes > 0 and not begins  # a record with quotes may span lines
        is_sep_line = number == 1 and "sep=" in line.casefold()
        lost += not (begins or is_empty or is_inside or is_sep_line)
    return lost


def _whole(kind: str, products: pd.DataFrame, random_of: random.Random) -> bytes:
    if kind == "text":
        size = random_of.randint(1, 3000)
        return "".join(random_of.choices('ab1,;\t|"\n\r\\ é茶ж={}[]<>#\0', k=size)).encode()
    if kind == "json":
        return products.to_json(orient="records", force_ascii=False).encode()
    stream = io.BytesIO()
    if kind == "xlsx":
        products.to_excel(stream, index=False)
    elif kind == "parquet":
        products.to_parquet(stream)
    else:
        encoding = random_of.choice(["utf-8", "utf-8", "utf-16", "gb18030", "utf-8-sig"])
        separator = random_of.choice(",;\t|")
        text = products.to_csv(index=False, sep=separator, lineterminator=random_of.choice(["\n", "\r\n"]))
        return text.encode(encoding, "replace")
    return stream.getvalue()


def _place(data: bytearray, random_of: random.Random) -> int:
    return random_of.randrange(len(data) + 1)


def _flip(data: bytearray, random_of: random.Random) -> None:
    for _ in range(random_of.randint(1, 20)):
        if data:
            data[random_of.randrange(len(data))] = random_of.randrange(256)


def _cut(data: bytearray, random_of: random.Random) -> None:
    del data[_place(data, random_of) :]


def _remove(data: bytearray, random_of: random.Random) -> None:
    start = _place(data, random_of)
    del data[start : start + random_of.randint(1, 200)]


def _repeat(data: bytearray, random_of: random.Random) -> None:
    start = _place(data, random_of)
    data[start:start] = data[start : start + random_of.randint(1, 500)] * random_of.randint(1, 5)


def _insert(data: bytearray, random_of: random.Random) -> None:
    piece = random_of.choice(
        [b'"', b"'", b",", b";", b"\n", b"\r", b"\0", b'","', b'"\n"', b"\xff\xfe", b"<", b"{", b"sep=;\n"]
    )
    for _ in range(random_of.randint(1, 10)):
        start = _place(data, random_of)
        data[start:start] = piece


def _swap(data: bytearray, random_of: random.Random) -> None:
    lines = data.split(b"\n")
    random_of.shuffle(lines)
    data[:] = b"\n".join(lines)


_DAMAGES: list[Callable[[bytearray, random.Random], None]] = [_flip, _cut, _remove, _repeat, _insert, _insert, _swap]

if __name__ == "__main__":
    main()
