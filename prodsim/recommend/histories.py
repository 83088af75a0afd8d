"""Events of shoppers: read from a file, users replaced by keyed hashes, every imperfection reported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.artifacts import fingerprint
from prodsim.catalog import BadLine, Catalog, read_table
from prodsim.errors import CatalogError, QueryError
from prodsim.findings import Finding
from prodsim.phrases import Plural, Text, phrase
from prodsim.recommend.columns import EVENT_FIELDS, event_of, is_cancelled, name_column, numbered_items, propose_fields
from prodsim.recommend.orders import ProductNames, fill_orders, order_states, unfold_numbered, unfold_orders
from prodsim.recommend.privacy import MIN_SHOPPERS, pseudonyms, shown_count, user_id

EVENT_STRENGTH: Mapping[str, float] = {"view": 1.0, "cart": 2.0, "buy": 3.0}
"""Evidence of interest per event; a rating counts from 0, at the middle of its scale or below, to 3."""
ROBOT_EVENTS = 1000
"""Events of one user on one day that no human shopper reaches."""
EVENT_COLUMNS = ("user", "sku", "time", "event", "strength", "basket")
N_QUOTED = 3
UNKNOWN_SHOPPER = Text("There are no events for this shopper.")
EXAMPLE_VALUES = Text("Examples: {values}.")
REPORTS: Mapping[str, Plural] = {
    "several products": Plural(
        "{n:,} order lists its products in one cell; each of them is an event.",
        "{n:,} orders list their products in one cell; each of them is an event.",
    ),
    "items in columns": Plural(
        "{n:,} order lists its products in numbered columns; each of them is an event.",
        "{n:,} orders list their products in numbered columns; each of them is an event.",
    ),
    "no shoppers": Plural(
        "The file names no shoppers: its {n:,} order counts as that of a shopper of its own.",
        "The file names no shoppers: each of its {n:,} orders counts as that of a shopper of its own.",
    ),
    "order continued": Plural(
        "{n:,} row without a shopper continues the order above it and belongs to its shopper.",
        "{n:,} rows without a shopper continue the orders above them and belong to their shoppers.",
    ),
    "product by name": Plural(
        "{n:,} event names its product by its title or by another form of its number.",
        "{n:,} events name their products by their titles or by other forms of their numbers.",
    ),
    "event without a user": Plural(
        "{n:,} event has no user and is left out.", "{n:,} events have no user and are left out."
    ),
    "cancelled": Plural(
        "{n:,} event belongs to an order that was cancelled, refunded or never paid, and is left out.",
        "{n:,} events belong to orders that were cancelled, refunded or never paid, and are left out.",
    ),
    "unknown product": Plural(
        "{n:,} event is about a product that is not in the catalog; it is left out.",
        "{n:,} events are about products that are not in the catalog; they are left out.",
    ),
    "unreadable time": Plural(
        "{n:,} event has a time that cannot be read; it counts as an event without a time.",
        "{n:,} events have a time that cannot be read; they count as events without a time.",
    ),
    "time in the future": Plural(
        "{n:,} event is dated in the future and is left out.", "{n:,} events are dated in the future and are left out."
    ),
    "return": Plural(
        "{n:,} event is a return (its quantity is below 0) and is left out.",
        "{n:,} events are returns (their quantity is below 0) and are left out.",
    ),
    "day or month": Plural(
        "{n:,} event has an ambiguous date; it is read month first.",
        "{n:,} events have ambiguous dates; they are read month first.",
    ),
    "unknown event": Plural(
        "{n:,} event has an unknown name and counts as a view.",
        "{n:,} events have an unknown name and count as views.",
    ),
    "rating not used": Plural(
        "The rating of {n:,} event is ignored, because the event itself says more.",
        "The ratings of {n:,} events are ignored, because the events themselves say more.",
    ),
    "no liking": Plural(
        "{n:,} event has a rating that shows no interest in the product.",
        "{n:,} events have ratings that show no interest in the product.",
    ),
}
"""Kind of a finding to its sentence, by the number of events."""
DAY_FIRST = Plural(
    "{n:,} event has an ambiguous date; it is read day first.",
    "{n:,} events have ambiguous dates; they are read day first.",
)


@dataclass(frozen=True)
class Histories:
    """Events of many shoppers.

    Attributes:
        events: one row an event, by time (equal or unknown times in file order, unknown ones first), RangeIndex:
            ``user`` a keyed hash, ``sku`` of the catalog, ``time`` UTC (NaT where unknown), ``event`` one of ``view``,
            ``cart``, ``buy``, ``rating``, ``strength`` float32 in [0, 3], ``basket`` a hash of the order, else of user
            and day.
        findings: imperfections of the file, and the rule that was applied to each.
    """

    events: pd.DataFrame
    findings: tuple[Finding, ...] = ()

    @property
    def n_users(self) -> int:
        """Return the number of shoppers."""
        return int(self.events["user"].nunique())

    @cached_property
    def digest(self) -> str:
        """Return a text that differs for other events; computed once, because a million take a second."""
        return fingerprint(len(self.events), int(pd.util.hash_pandas_object(self.events, index=False).sum()))

    def of(self, user: str) -> pd.DataFrame:
        """Return the events of a shopper, by the keyed hash, oldest first; empty for an unknown one."""
        return self.events[self.events["user"] == user]

    def without(self, user: str) -> Self:
        """Return the histories without a shopper's events, to erase a person.

        Raises:
            QueryError: there are none.
        """
        keep = self.events["user"] != user
        if keep.all():
            raise unknown_shopper()
        return type(self)(self.events[keep].reset_index(drop=True), self.findings)

    def rows(self, catalog: Catalog) -> NDArray[np.int64]:
        """Return each event's product as a row of the catalog, -1 where it has left the catalog."""
        return np.asarray(self.events["sku"].map(catalog.row_of).fillna(-1), np.int64)


def unknown_shopper() -> QueryError:
    """Return the error to raise where nothing is kept about a shopper."""
    return QueryError(UNKNOWN_SHOPPER(), phrase("Enter the ID exactly as it is in the file."))


def read_histories(path: Path, catalog: Catalog, key: bytes, mapping: Mapping[str, str] | None = None) -> Histories:
    """Read a file of events: CSV and relatives, XLSX, JSON, Parquet.

    A row may be an event or an order: cells and numbered columns that list several products are taken apart, and the
    rows of an order that leave the shopper empty belong to the one of its first row. Products are named by SKU, GTIN or
    title. Where no column names the shoppers, each order is a shopper of its own.

    The rules, each reported by a finding: unreadable lines, events without a user, events of unknown products, events
    of cancelled orders, events in the future and returns (quantities below 0) are left out, and so are robots: users
    with ``ROBOT_EVENTS`` events on one day. Other quantities do not count: two pieces are evidence of no more interest
    than one. In dates such as 03.04.2023 the day comes first if another date of the column proves it or with points
    between, else the month. An unknown word for an event counts as a view, and ratings beside events do not count;
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
    columns = [str(column) for column in read.frame.columns]
    chosen = _choose_columns(path.name, columns, mapping or {})
    cells, n_numbered = _cells(read.frame, columns, chosen)
    cells, n_continued = fill_orders(cells)
    names = ProductNames(catalog.products)
    cells, n_lists = unfold_orders(cells, names)
    if "user" not in chosen:
        cells = _with_order_as_user(cells, path.name, columns)
    findings = _Findings(cells["user"])
    findings += [_bad_line(bad) for bad in read.facts.bad_lines]
    _count(findings, "items in columns", n_numbered)
    _count(findings, "several products", n_lists)
    _count(findings, "order continued", n_continued)
    _count(findings, "no shoppers", 0 if "user" in chosen else len({*cells["user"]} - {""}))
    kept = _usable(cells, names, findings)
    if len(kept):
        kept["kind"], kept["strength"] = _events(kept, findings)
        kept["user"] = pseudonyms(kept["user"], key)
        kept["basket"] = _baskets(kept, key)
        kept = _without_robots(kept, findings)
    if not len(kept):
        raise _no_event(path.name, findings, chosen)
    kept = kept.sort_values("when", kind="stable", na_position="first").reset_index(drop=True)
    events = kept[["user", "sku", "when", "kind", "strength", "basket"]].set_axis(list(EVENT_COLUMNS), axis=1)
    return Histories(events, tuple(findings))


def _usable(cells: pd.DataFrame, names: ProductNames, findings: "_Findings") -> pd.DataFrame:
    """Return the events that count, with their products' SKUs and the time ``when`` they were; others are reported."""
    kept = _leave_out(cells, cells["user"] == "", "event without a user", findings)
    kept = _leave_out(kept, kept["state"] == "cancelled", "cancelled", findings)
    kept = _with_known_skus(kept, names, findings)
    is_unknown = ~kept["sku"].map({name: bool(names.sku(name)) for name in kept["sku"].unique()}).astype(bool)
    kept = _leave_out(kept, is_unknown, "unknown product", findings, column="sku")
    kept = kept.assign(when=_times(kept.get("time", pd.Series("", kept.index)), findings))
    if "time" in kept:
        _report(findings, "unreadable time", kept.loc[kept["when"].isna(), "time"])
        late = kept["when"] > pd.Timestamp.now(tz="UTC") + pd.Timedelta(days=1)
        kept = _leave_out(kept, late, "time in the future", findings, column="time")
    if "quantity" in kept:
        back = pd.to_numeric(kept["quantity"], errors="coerce") < 0
        kept = _leave_out(kept, back, "return", findings)
    return kept


def _bad_line(bad: BadLine) -> Finding:
    what = phrase("Line {line} is left out: {reason}.", line=bad.line, reason=bad.reason)
    return Finding("bad line", what, line=bad.line)


def _no_event(file: str, findings: "_Findings", chosen: Mapping[str, str]) -> CatalogError:
    return CatalogError(
        phrase(
            "{file} has no event that can be used. {reasons}",
            file=file,
            reasons=" ".join(finding.what for finding in findings) or phrase("The file is empty."),
        ),
        phrase(
            "Check the columns: {mapping}.",
            mapping=", ".join(f'{field} = "{column}"' for field, column in chosen.items()),
        ),
    )


def _choose_columns(name: str, columns: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    wrong = [field for field in mapping if field not in EVENT_FIELDS]
    if wrong:
        raise CatalogError(
            phrase("Histories have no field “{field}”.", field=wrong[0]),
            phrase("The fields are {fields}.", fields=", ".join(EVENT_FIELDS)),
        )
    lost = [column for column in mapping.values() if column and column not in columns]
    if lost:
        raise CatalogError(
            phrase(
                "{file} has no column “{column}”; it has {columns}.",
                file=name,
                column=lost[0],
                columns=_listed(columns),
            ),
            phrase("Choose another column."),
        )
    chosen = {**propose_fields([c for c in columns if c not in mapping.values()]), **mapping}
    chosen = {field: column for field, column in chosen.items() if column}
    if "sku" not in chosen:
        raise _unrecognised(name, [field for field in ("user", "sku") if field not in chosen], columns)
    return chosen


def _unrecognised(file: str, fields: Sequence[str], columns: Sequence[str]) -> CatalogError:
    return CatalogError(
        phrase(
            "{file}: no column could be recognised as {fields}; the file has {columns}.",
            file=file,
            fields=", ".join(fields),
            columns=_listed(columns),
        ),
        phrase("Choose the column yourself, or pass --map {field}=COLUMN.", field=fields[0]),
    )


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f"“{column}”" for column in columns[:15])


def _cells(table: pd.DataFrame, columns: Sequence[str], chosen: Mapping[str, str]) -> tuple[pd.DataFrame, int]:
    """Return the cells of each field, and how many orders list their products in numbered columns.

    Beside the chosen fields there are ``user``, ``""`` where no column holds it, and the ``state`` of the order; the
    ``basket`` of products in numbered columns is their row.
    """
    table, n_numbered = unfold_numbered(
        table.set_axis(pd.Index(columns), axis=1), numbered_items(columns, chosen["sku"])
    )
    cells = pd.DataFrame({field: table[column].str.strip() for field, column in chosen.items()})
    named = name_column(columns, chosen.values())
    if named:
        cells["sku"] = cells["sku"].where(cells["sku"] != "", table[named].str.strip())
    cells["user"] = cells["user"].map(user_id) if "user" in chosen else ""
    cells["state"] = order_states(table)
    if "event" in chosen:
        is_lost = cells["event"].map({word: is_cancelled(word) for word in cells["event"].unique()})
        cells["state"] = cells["state"].mask(is_lost, "cancelled")
    if n_numbered and "basket" not in chosen:
        cells["basket"] = [f"row {row}" for row in table.index]
    return cells.reset_index(drop=True), n_numbered


def _with_order_as_user(cells: pd.DataFrame, file: str, columns: Sequence[str]) -> pd.DataFrame:
    """Let each order be a shopper of its own; raises ``CatalogError`` where nothing says what an order is."""
    if "basket" not in cells:
        raise _unrecognised(file, ["user"], columns)
    return cells.assign(user=cells["basket"])


def _with_known_skus(cells: pd.DataFrame, names: ProductNames, findings: "_Findings") -> pd.DataFrame:
    """Return cells with the SKUs of products that are named by their title or another form of their GTIN."""
    skus = {name: names.sku(name) or name for name in cells["sku"].unique()}
    known = cells["sku"].map(skus)
    _count(findings, "product by name", int((known != cells["sku"]).sum()))
    return cells.assign(sku=known)


def _count(findings: "_Findings", kind: str, n_events: int) -> None:
    if n_events:
        findings.append(Finding(kind, REPORTS[kind](n_events), evidence={"events": n_events}))


def _leave_out(
    cells: pd.DataFrame, wrong: "pd.Series[bool]", kind: str, findings: "_Findings", column: str = ""
) -> pd.DataFrame:
    """Return the cells that are not wrong, and report the others."""
    _report(findings, kind, cells.loc[wrong, column or "sku"], with_values=bool(column))
    return cells[~wrong]


class _Findings(list[Finding]):
    """Findings that quote cells, but none that may be a user's id: a shifted row has them in any column.

    So a cell is quoted only if it is no user's id and occurs in events of ``MIN_SHOPPERS`` users.
    """

    def __init__(self, users: "pd.Series[str]") -> None:
        super().__init__()
        self._users = users
        self._known = frozenset(users)

    def common(self, values: "pd.Series[str]") -> list[str]:
        """Return the ``N_QUOTED`` most frequent values that may be quoted; their index is that of the users."""
        users = self._users[values.index].groupby(values.to_numpy()).nunique()
        quotable = {value for value, n in users.items() if n >= MIN_SHOPPERS and user_id(str(value)) not in self._known}
        return values[values.isin(quotable)].value_counts().index[:N_QUOTED].tolist()


def _report(
    findings: "_Findings",
    kind: str,
    values: "pd.Series[str]",
    sentence: Plural | None = None,
    *,
    with_values: bool = True,
) -> None:
    if not len(values):
        return
    common = findings.common(values) if with_values else []
    sentences = [(sentence or REPORTS[kind])(len(values))]
    sentences += [EXAMPLE_VALUES(values=", ".join(map(repr, common)))] if common else []
    findings.append(Finding(kind, " ".join(sentences), evidence={"events": len(values)}))


def _times(cells: "pd.Series[str]", findings: "_Findings") -> "pd.Series[pd.Timestamp]":
    """Return times in UTC; numbers are seconds, milliseconds where seconds would lie far in the future, or days.

    Days are counted from 1899-12-30, as spreadsheets do.
    """
    numbers = pd.to_numeric(cells, errors="coerce")
    if len(numbers) and (is_day := numbers.between(20_000, 80_000)).mean() > 0.5:
        return pd.to_datetime(numbers.where(is_day), unit="D", origin="1899-12-30", utc=True, errors="coerce").dt.round(
            "s"
        )
    if len(numbers) and (is_number := numbers > 1e8).mean() > 0.5:
        seconds = numbers.where(numbers < 1e11, numbers / 1000).where(is_number)
        return pd.to_datetime(seconds, unit="s", utc=True, errors="coerce")
    cells = cells.str.replace(r"\s*[年월月년]\s*", "-", regex=True).str.replace(r"[日일]", "", regex=True)
    dated = cells.where(cells.str.match(r"\s*[\w]"), "")  # a year below 0 is an error that is not coerced
    day_first = _is_day_first(dated, findings)
    return pd.to_datetime(dated, format="mixed", dayfirst=day_first, utc=True, errors="coerce")


def _is_day_first(dates: "pd.Series[str]", findings: "_Findings") -> bool:
    """Return whether 03/04/2023 is a day of April, for the whole column."""
    numbers = dates.str.extract(r"^\s*(\d{1,2})([./-])(\d{1,2})\2\d{2,4}\b").dropna()
    if not len(numbers):
        return False
    first, second = numbers[0].astype(int), numbers[2].astype(int)
    if (first > 12).any() or (second > 12).any():
        return bool((first > 12).sum() > (second > 12).sum())
    has_points = bool((numbers[1] == ".").mean() > 0.5)
    _report(findings, "day or month", dates[numbers.index], DAY_FIRST if has_points else None)
    return has_points


def _events(cells: pd.DataFrame, findings: "_Findings") -> tuple["pd.Series[str]", "pd.Series[float]"]:
    """Return the kind and the strength of each event."""
    if "event" in cells:
        kinds = cells["event"].map({word: event_of(word) for word in cells["event"].unique()})
        _report(findings, "unknown event", cells.loc[kinds == "", "event"])
        kinds = kinds.mask(kinds == "", "view")
        if "rating" in cells:
            _report(findings, "rating not used", cells["rating"])
        return kinds, kinds.map(EVENT_STRENGTH)
    if "rating" in cells:
        rating = pd.to_numeric(cells["rating"], errors="coerce").replace([np.inf, -np.inf], np.nan)
        low, high = _scale(rating)
        middle = (low + high) / 2
        strength = ((rating - middle) / (high - middle)).clip(0, 1).fillna(0) * EVENT_STRENGTH["buy"]
        _report(findings, "no liking", cells.loc[strength == 0, "rating"])
        return pd.Series("rating", cells.index), strength
    kind = "buy" if {"quantity", "basket"} & set(cells) else "view"
    return pd.Series(kind, cells.index), pd.Series(EVENT_STRENGTH[kind], cells.index)


def _scale(ratings: "pd.Series[float]") -> tuple[float, float]:
    """Return the ends of the rating scale: 0 to 1, 1 to 5, 1 to 10, else 0 to 100 or the values' own range."""
    best = float(ratings.max()) if ratings.notna().any() else 5.0
    for low, high in ((0.0, 1.0), (1.0, 5.0), (1.0, 10.0), (0.0, 100.0)):
        if best <= high:
            return min(low, float(ratings.min()) if ratings.notna().any() else low), high
    return float(ratings.min()), best


def _baskets(cells: pd.DataFrame, key: bytes) -> list[str]:
    """Return the order of each event, else its user and day; an event with neither is a basket of its own."""
    own = pd.Series([f"line {line}" for line in range(len(cells))], cells.index)
    days = cells["when"].dt.strftime("%Y-%m-%d").fillna(own)
    orders = cells["basket"].where(cells["basket"] != "", days) if "basket" in cells else days
    return pseudonyms(cells["user"] + " " + orders, key)


def _without_robots(cells: pd.DataFrame, findings: "_Findings") -> pd.DataFrame:
    per_day = cells.groupby([cells["user"], cells["when"].dt.date], dropna=False)["sku"].transform("size")
    robots = cells.loc[(per_day >= ROBOT_EVENTS) & cells["when"].notna(), "user"].unique()
    if len(robots):
        wrong = cells["user"].isin(robots)
        what = phrase(
            "Likely robots are left out: {count} users with {least:,} events or more on one day.",
            count=shown_count(len(robots)),
            least=ROBOT_EVENTS,
        )
        findings.append(Finding("robot", what, evidence={"events": int(wrong.sum())}))
        return cells[~wrong]
    return cells
