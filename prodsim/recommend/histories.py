"""What shoppers did: read from a file, users replaced by keyed hashes, every imperfection told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.artifacts import fingerprint
from prodsim.catalog import Catalog, read_table
from prodsim.errors import CatalogError, QueryError
from prodsim.findings import Finding
from prodsim.recommend.columns import FIELDS, event_of, propose_fields
from prodsim.recommend.privacy import FEWEST, pseudonyms, shown_count, user_id

STRENGTH: Mapping[str, float] = {"view": 1.0, "cart": 2.0, "buy": 3.0}
"""What an event tells of a shopper's liking; a rating counts from 0, the middle of the scale or below, to 3."""
ROBOT = 1000
"""Events of one user on one day from which on nobody shops like that."""
COLUMNS = ("user", "sku", "time", "event", "strength", "basket")
SHOWN = 3


@dataclass(frozen=True)
class Histories:
    """Events of many shoppers.

    Attributes:
        events: one row an event, by time (equal or unknown times in file order, unknown ones first), RangeIndex:
            ``user`` a keyed hash, ``sku`` of the catalog, ``time`` UTC (NaT where unknown), ``event`` one of ``view``,
            ``cart``, ``buy``, ``rating``, ``strength`` float32 in [0, 3], ``basket`` a hash of the order, else of user
            and day.
        findings: what was imperfect and which rule was applied.
    """

    events: pd.DataFrame
    findings: tuple[Finding, ...] = ()

    @property
    def n_users(self) -> int:
        """How many shoppers."""
        return int(self.events["user"].nunique())

    @cached_property
    def digest(self) -> str:
        """Another text for other events; read once, because a million take a second."""
        return fingerprint(len(self.events), int(pd.util.hash_pandas_object(self.events, index=False).sum()))

    def of(self, user: str) -> pd.DataFrame:
        """The events of a shopper, by the keyed hash, oldest first; empty for one unknown."""
        return self.events[self.events["user"] == user]

    def without(self, user: str) -> Self:
        """These without a shopper's events; erases a person.

        Raises:
            QueryError: there are none.
        """
        keep = self.events["user"] != user
        if keep.all():
            raise QueryError("There are no events of that shopper.", "Give the id as it stands in the file.")
        return type(self)(self.events[keep].reset_index(drop=True), self.findings)

    def rows(self, catalog: Catalog) -> NDArray[np.int64]:
        """Each event's product as a row of the catalog, -1 where it has left the catalog."""
        return np.asarray(self.events["sku"].map(catalog.row_of).fillna(-1), np.int64)


def read_histories(path: Path, catalog: Catalog, key: bytes, mapping: Mapping[str, str] | None = None) -> Histories:
    """Read a file of events: CSV and relatives, XLSX, JSON, Parquet.

    The rules, each told by a finding: lines that cannot be read, events without a user, of products that the catalog
    does not have, of times to come, and returns (quantities below 0) are left out, and so are robots: users with
    ``ROBOT`` events on one day. A quantity tells no more than that: of two pieces one learns what of one. In dates such
    as 03.04.2023 the day comes first if another date of the column says so or with points between, else the month.
    An unknown word for an event counts as a view, and ratings beside events do not count;
    without a column of events, they are ratings, purchases (where there are quantities or orders) or views.

    Args:
        path: the file.
        catalog: whose products they are.
        key: of the hashes; see ``load_key``.
        mapping: field to column, over what the names propose; "" for no column.

    Raises:
        CatalogError: the file cannot be read, has no column of users or products, or no event is left.
    """
    read = read_table(path)
    table = read.frame
    chosen = _mapped(path.name, [str(column) for column in table.columns], mapping or {})
    cells = pd.DataFrame({field: table[column].astype("str").str.strip() for field, column in chosen.items()})
    cells["user"] = cells["user"].map(user_id)
    findings = _Findings(cells["user"])
    findings += [
        Finding("bad line", f"Line {bad.line} is left out: {bad.reason}.", line=bad.line)
        for bad in read.facts.bad_lines
    ]
    kept = _left_out(cells, cells["user"] == "", "event without a user", "have no user", findings)
    known = kept["sku"].isin(catalog.row_of)
    kept = _left_out(
        kept, ~known, "unknown product", "are of products that the catalog does not have", findings, column="sku"
    )
    kept = kept.assign(when=_times(kept.get("time", pd.Series("", kept.index)), findings))
    if "time" in kept:
        _tell(findings, "unreadable time", kept.loc[kept["when"].isna(), "time"], "have a time that cannot be read")
        late = kept["when"] > pd.Timestamp.now(tz="UTC") + pd.Timedelta(days=1)
        kept = _left_out(kept, late, "time in the future", "lie in the future", findings, column="time")
    if "quantity" in kept:
        back = pd.to_numeric(kept["quantity"], errors="coerce") < 0
        kept = _left_out(kept, back, "return", "are returns, their quantity is below 0", findings)
    if len(kept):
        kept["kind"], kept["strength"] = _events(kept, findings)
        kept["user"] = pseudonyms(kept["user"], key)
        kept["basket"] = _baskets(kept, key)
        kept = _without_robots(kept, findings)
    if not len(kept):
        raise CatalogError(
            f"{path.name} has no event that can be used: {' '.join(one.what for one in findings) or 'it is empty.'}",
            f"Check which column is what: {_told(chosen)}.",
        )
    kept = kept.sort_values("when", kind="stable", na_position="first").reset_index(drop=True)
    events = kept[["user", "sku", "when", "kind", "strength", "basket"]].set_axis(list(COLUMNS), axis=1)
    return Histories(events, tuple(findings))


def _mapped(name: str, columns: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    wrong = [field for field in mapping if field not in FIELDS]
    if wrong:
        raise CatalogError(f'There is no field "{wrong[0]}" of histories.', f"The fields are {', '.join(FIELDS)}.")
    lost = [column for column in mapping.values() if column and column not in columns]
    has = ", ".join(f'"{column}"' for column in columns[:15])
    if lost:
        raise CatalogError(f'{name}: there is no column "{lost[0]}"; the file has {has}.', "Choose another column.")
    chosen = {**propose_fields([c for c in columns if c not in mapping.values()]), **mapping}
    chosen = {field: column for field, column in chosen.items() if column}
    missing = [field for field in ("user", "sku") if field not in chosen]
    if missing:
        raise CatalogError(
            f"{name}: no column looks like the {' and the '.join(missing)}; the file has {has}.",
            f"Say which it is, with --map {missing[0]}=COLUMN.",
        )
    return chosen


def _told(chosen: Mapping[str, str]) -> str:
    return ", ".join(f'{field} is "{column}"' for field, column in chosen.items())


def _left_out(
    cells: pd.DataFrame, wrong: "pd.Series[bool]", kind: str, words: str, findings: "_Findings", column: str = ""
) -> pd.DataFrame:
    """The cells that are not wrong; the others are told and left out."""
    _tell(findings, kind, cells.loc[wrong, column or "sku"], f"{words}; they are left out", with_values=bool(column))
    return cells[~wrong]


class _Findings(list[Finding]):
    """Findings that quote cells, but none that may be a user's id: a shifted row has them in any column.

    So what is quoted is no user's id, and stands in events of ``FEWEST`` users.
    """

    def __init__(self, users: "pd.Series[str]") -> None:
        super().__init__()
        self._users = users
        self._known = frozenset(users)

    def common(self, values: "pd.Series[str]") -> list[str]:
        """The ``SHOWN`` most frequent of the values that may be quoted; their index is that of the users."""
        users = self._users[values.index].groupby(values.to_numpy()).nunique()
        quotable = {value for value, n in users.items() if n >= FEWEST and user_id(str(value)) not in self._known}
        return values[values.isin(quotable)].value_counts().index[:SHOWN].tolist()


def _tell(findings: "_Findings", kind: str, values: "pd.Series[str]", words: str, *, with_values: bool = True) -> None:
    if not len(values):
        return
    common = findings.common(values) if with_values else []
    such = f", such as {', '.join(map(repr, common))}" if common else ""
    findings.append(Finding(kind, f"{len(values):,} events {words}{such}.", evidence={"events": len(values)}))


def _times(cells: "pd.Series[str]", findings: "_Findings") -> "pd.Series[pd.Timestamp]":
    """Times in UTC; numbers are seconds, or thousandths where they would lie far in the future."""
    numbers = pd.to_numeric(cells, errors="coerce")
    if len(numbers) and (is_number := numbers > 1e8).mean() > 0.5:
        seconds = numbers.where(numbers < 1e11, numbers / 1000).where(is_number)
        return pd.to_datetime(seconds, unit="s", utc=True, errors="coerce")
    dated = cells.where(cells.str.match(r"\s*[\w]"), "")  # a year below 0 is an error that is not coerced
    day_first = _is_day_first(dated, findings)
    return pd.to_datetime(dated, format="mixed", dayfirst=day_first, utc=True, errors="coerce")


def _is_day_first(dates: "pd.Series[str]", findings: "_Findings") -> bool:
    """Whether 03/04/2023 is a day of April, in the whole column."""
    numbers = dates.str.extract(r"^\s*(\d{1,2})([./-])(\d{1,2})\2\d{2,4}\b").dropna()
    if not len(numbers):
        return False
    first, second = numbers[0].astype(int), numbers[2].astype(int)
    if (first > 12).any() or (second > 12).any():
        return bool((first > 12).sum() > (second > 12).sum())
    has_points = bool((numbers[1] == ".").mean() > 0.5)
    order = "day" if has_points else "month"
    _tell(
        findings,
        "day or month",
        dates[numbers.index],
        f"have a date that can be read in two ways; the {order} is taken first",
    )
    return has_points


def _events(cells: pd.DataFrame, findings: "_Findings") -> tuple["pd.Series[str]", "pd.Series[float]"]:
    """What each event is, and what it tells of a liking."""
    if "event" in cells:
        kinds = cells["event"].map({word: event_of(word) for word in cells["event"].unique()})
        _tell(findings, "unknown event", cells.loc[kinds == "", "event"], "count as views: their name is unknown")
        kinds = kinds.mask(kinds == "", "view")
        if "rating" in cells:
            _tell(findings, "rating not used", cells["rating"], "have a rating that is not used: the event tells more")
        return kinds, kinds.map(STRENGTH)
    if "rating" in cells:
        rating = pd.to_numeric(cells["rating"], errors="coerce").replace([np.inf, -np.inf], np.nan)
        low, high = _scale(rating)
        middle = (low + high) / 2
        strength = ((rating - middle) / (high - middle)).clip(0, 1).fillna(0) * STRENGTH["buy"]
        _tell(findings, "no liking", cells.loc[strength == 0, "rating"], "have a rating that tells no liking")
        return pd.Series("rating", cells.index), strength
    kind = "buy" if {"quantity", "basket"} & set(cells) else "view"
    return pd.Series(kind, cells.index), pd.Series(STRENGTH[kind], cells.index)


def _scale(ratings: "pd.Series[float]") -> tuple[float, float]:
    """The lowest and highest rating there can be: 0 to 1, 1 to 5, 1 to 10, else 0 to 100 or what is found."""
    best = float(ratings.max()) if ratings.notna().any() else 5.0
    for low, high in ((0.0, 1.0), (1.0, 5.0), (1.0, 10.0), (0.0, 100.0)):
        if best <= high:
            return min(low, float(ratings.min()) if ratings.notna().any() else low), high
    return float(ratings.min()), best


def _baskets(cells: pd.DataFrame, key: bytes) -> list[str]:
    """The order of each event, else its user and day; an event of which neither is known is a basket of its own."""
    own = pd.Series([f"line {line}" for line in range(len(cells))], cells.index)
    days = cells["when"].dt.strftime("%Y-%m-%d").fillna(own)
    orders = cells["basket"].where(cells["basket"] != "", days) if "basket" in cells else days
    return pseudonyms(cells["user"] + " " + orders, key)


def _without_robots(cells: pd.DataFrame, findings: "_Findings") -> pd.DataFrame:
    per_day = cells.groupby([cells["user"], cells["when"].dt.date], dropna=False)["sku"].transform("size")
    robots = cells.loc[(per_day >= ROBOT) & cells["when"].notna(), "user"].unique()
    if len(robots):
        wrong = cells["user"].isin(robots)
        said = shown_count(len(robots)).capitalize()
        words = f"{said} users have {ROBOT:,} events or more on one day, as robots do; they are left out."
        findings.append(Finding("robot", words, evidence={"events": int(wrong.sum())}))
        return cells[~wrong]
    return cells
