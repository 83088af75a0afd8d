"""Judgements of pairs: good match or bad match."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime

import pandas as pd

from prodsim.errors import CatalogError
from prodsim.findings import Finding
from prodsim.phrases import phrase
from prodsim.text import clean_text


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's judgement of two products, or of a text and a product.

    Two products are put in sorted order, so (A, B) and (B, A) are one judgement.

    Attributes:
        sku_a: the query product; empty when the query is a text.
        sku_b: the judged product.
        grade: 1 for a good match, 0 for a bad one; between them in part.
        query: the query text, with single spaces; empty when the query is a product.
        who: the person; may be empty.
        when: ISO 8601 in UTC to the second; now when not given. A time without a zone counts as UTC.

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
            raise ValueError(phrase("a grade must be between 0 and 1, got {grade:g}", grade=self.grade))
        if not self.sku_b or bool(self.sku_a) == bool(self.query):
            raise ValueError(phrase("a judgement needs two products, or a text and a product"))
        if self.sku_a == self.sku_b:
            raise ValueError(phrase("a product cannot be judged against itself, got {sku} twice", sku=repr(self.sku_a)))

    @property
    def key(self) -> tuple[str, str, str]:
        """Return the judged pair, ``sku_a, sku_b, query``; only its newest judgement is kept."""
        return self.sku_a, self.sku_b, self.query


JUDGEMENT_COLUMNS = ("sku_a", "sku_b", "query", "grade", "who", "when")
"""Columns of a table of judgements."""

Lines = Sequence[int]


def judgements_table(judgements: Sequence[Judgement]) -> pd.DataFrame:
    """Return a table with a row per judgement, in their order, and the columns ``JUDGEMENT_COLUMNS``."""
    names = [field.name for field in fields(Judgement)]
    return pd.DataFrame([astuple(judgement) for judgement in judgements], columns=names)[list(JUDGEMENT_COLUMNS)]


def read_judgements(table: pd.DataFrame, lines: Lines) -> tuple[dict[int, Judgement], list[Finding]]:
    """Read the judgements of a table by line, one of each pair: the newest, of equally new ones the last.

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
            what = phrase("Line {line} is left out: {reason}.", line=line, reason=error)
            findings.append(left_out("unusable judgement", what, line))
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
    """Return a finding on a row that is left out."""
    skus = tuple(filter(None, (judgement.sku_a, judgement.sku_b))) if judgement else ()
    return Finding(kind, what, skus, 0.1 if judgement else 0.5, line=line)


def _repeated(line: int, judgement: Judgement, other: int) -> Finding:
    what = phrase(
        "Line {line} is left out: line {other} has a newer judgement of the same pair.", line=line, other=other
    )
    return left_out("repeated judgement", what, line, judgement)


def _rows(table: pd.DataFrame, lines: Lines) -> Iterator[tuple[int, dict[Hashable, str]]]:
    """Yield each line with its cells as text, by ``JUDGEMENT_COLUMNS``; absent columns and values are empty."""
    named = table if "grade" in table else table.rename(columns={"label": "grade"})
    _require(named)
    texts = pd.DataFrame({name: named.get(name, "") for name in JUDGEMENT_COLUMNS}, index=table.index)
    filled = texts.astype(object).where(texts.notna(), "").map(str)
    return zip(map(int, lines), filled.to_dict("records"), strict=True)


def _require(table: pd.DataFrame) -> None:
    missing = [name for name in ("sku_b", "grade") if name not in table]
    missing += [] if "sku_a" in table or "query" in table else ["sku_a"]
    if missing:
        raise CatalogError(
            phrase(
                "The table of judgements lacks {missing}; its columns are {columns}.",
                missing=", ".join(missing),
                columns=", ".join(map(str, table.columns)),
            ),
            phrase(
                "Import a table with the columns sku_a (or query), sku_b, and grade or label (1 good, 0 bad match)."
            ),
        )


def _judgement_of(cells: dict[Hashable, str]) -> Judgement:
    try:
        grade = float(cells["grade"])
    except ValueError:
        what = phrase("the grade must be a number between 0 and 1, got {value}", value=repr(cells["grade"]))
        raise ValueError(what) from None
    sku_a, sku_b = (clean_text(cells[name]) or " ".join(cells[name].split()) for name in ("sku_a", "sku_b"))
    return Judgement(sku_a, sku_b, grade, cells["query"], cells["who"].strip(), cells["when"].strip())


def utc(text: str) -> str:
    """Return the time in one form, whose alphabetical order is that of time; now for an empty text."""
    try:
        time = datetime.fromisoformat(text) if text else datetime.now(UTC)
        time = time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        what = phrase("a time must be like 2026-05-01T09:30:00+00:00, got {value}", value=repr(text))
        raise ValueError(what) from None
    return time.isoformat(timespec="seconds")
