"""What people say of pairs: alike or not."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime

import pandas as pd

from prodsim.errors import CatalogError
from prodsim.findings import Finding
from prodsim.text import clean_text


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person says of two products, or of a product found by a text.

    Two products are put in sorted order, so (A, B) and (B, A) are one judgement.

    Attributes:
        sku_a: the product asked by; empty when a text was.
        sku_b: the product judged.
        grade: 1 the same, or similar; 0 not; between them in part.
        query: the text searched by, with single spaces; empty when a product was.
        who: who says so; may be empty.
        when: ISO 8601 in UTC to the second; the present when not given. Without a zone, it is taken for UTC.

    Raises:
        ValueError: a grade outside [0, 1], no product or two of the same, a product as well as a text, no time.
    """

    sku_a: str
    sku_b: str
    grade: float
    query: str = ""
    who: str = ""
    when: str = ""

    def __post_init__(self) -> None:
        first, second = sorted((self.sku_a, self.sku_b))  # an empty one stays first
        values = (first, second, float(self.grade), " ".join(self.query.split()), self.who, utc(self.when))
        for field, value in zip(fields(self), values, strict=True):
            object.__setattr__(self, field.name, value)
        if not 0 <= self.grade <= 1:
            raise ValueError(f"a grade must be within 0 and 1, got {self.grade:g}")
        if not self.sku_b or bool(self.sku_a) == bool(self.query):
            raise ValueError("a judgement needs two products, or one and the text it was found by")
        if self.sku_a == self.sku_b:
            raise ValueError(f"a product cannot be judged against itself, got {self.sku_a!r} twice")

    @property
    def key(self) -> tuple[str, str, str]:
        """What is judged: ``sku_a, sku_b, query``; there is one judgement of it, the newest."""
        return self.sku_a, self.sku_b, self.query


COLUMNS = ("sku_a", "sku_b", "query", "grade", "who", "when")
"""Columns of a table of judgements."""

Lines = Sequence[int]


def judgements_table(judgements: Sequence[Judgement]) -> pd.DataFrame:
    """One row a judgement, in their order, with ``COLUMNS``."""
    names = [field.name for field in fields(Judgement)]
    return pd.DataFrame([astuple(judgement) for judgement in judgements], columns=names)[list(COLUMNS)]


def read_judgements(table: pd.DataFrame, lines: Lines) -> tuple[dict[int, Judgement], list[Finding]]:
    """The judgements of a table by line, one of each pair: the newest, of equally new ones the last.

    Args:
        table: ``sku_b`` and ``grade`` (or ``label``, as truth files have), ``sku_a`` or ``query``; maybe ``who, when``.
            SKUs are cleaned as a catalog's are.
        lines: of the rows, in the file they come from.

    Returns:
        Judgements by line, and a finding for each row left out, by line.

    Raises:
        CatalogError: a column is missing.
    """
    taken: dict[tuple[str, str, str], tuple[int, Judgement]] = {}
    findings = []
    for line, cells in _rows(table, lines):
        try:
            judgement = _judgement_of(cells)
        except ValueError as error:
            findings.append(left_out("unusable judgement", f"Line {line} is left out: {error}.", line))
            continue
        other = taken.get(judgement.key)
        if other and other[1].when > judgement.when:
            findings.append(_repeated(line, judgement, other[0]))
            continue
        if other:
            findings.append(_repeated(other[0], other[1], line))
        taken[judgement.key] = line, judgement
    return dict(taken.values()), sorted(findings, key=lambda finding: finding.line or 0)


def left_out(kind: str, what: str, line: int, judgement: Judgement | None = None) -> Finding:
    """A finding on a row that is not taken."""
    skus = tuple(filter(None, (judgement.sku_a, judgement.sku_b))) if judgement else ()
    return Finding(kind, what, skus, 0.1 if judgement else 0.5, line=line)


def _repeated(line: int, judgement: Judgement, other: int) -> Finding:
    what = f"Line {line} is left out: line {other} judges the same pair, later."
    return left_out("repeated judgement", what, line, judgement)


def _rows(table: pd.DataFrame, lines: Lines) -> Iterator[tuple[int, dict[Hashable, str]]]:
    """Each line with its cells as text, by the names of ``COLUMNS``; absent columns and values are empty."""
    named = table if "grade" in table else table.rename(columns={"label": "grade"})
    _require(named)
    texts = pd.DataFrame({name: named.get(name, "") for name in COLUMNS}, index=table.index)
    filled = texts.astype(object).where(texts.notna(), "").map(str)
    return zip(map(int, lines), filled.to_dict("records"), strict=True)


def _require(table: pd.DataFrame) -> None:
    missing = [name for name in ("sku_b", "grade") if name not in table]
    missing += [] if "sku_a" in table or "query" in table else ["sku_a"]
    if missing:
        raise CatalogError(
            f"The judgements lack the column {', '.join(missing)}; they have {', '.join(map(str, table.columns))}.",
            "A table with sku_a (or query), sku_b, and grade or label (1 the same, 0 not) is needed.",
        )


def _judgement_of(cells: dict[Hashable, str]) -> Judgement:
    try:
        grade = float(cells["grade"])
    except ValueError:
        raise ValueError(f"its grade must be a number within 0 and 1, got {cells['grade']!r}") from None
    one, other = (clean_text(cells[name]) or " ".join(cells[name].split()) for name in ("sku_a", "sku_b"))
    return Judgement(one, other, grade, cells["query"], cells["who"].strip(), cells["when"].strip())


def utc(text: str) -> str:
    """The time in one form, in which the order of the letters is that of time."""
    try:
        time = datetime.fromisoformat(text) if text else datetime.now(UTC)
        time = time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"a time must be like 2026-05-01T09:30:00+00:00, got {text!r}") from None
    return time.isoformat(timespec="seconds")
