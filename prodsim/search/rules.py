"""Rules for products in a list, whatever their scores: pins, buries, boosts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import Catalog, ages_in_days
from prodsim.errors import QueryError
from prodsim.index import Rows
from prodsim.phrases import phrase
from prodsim.search.where import find_rows
from prodsim.text import excerpt

Does = Literal["pin", "bury", "boost", "boost_by"]
"""First in the list, last in it, with more score, or with more score the higher a column's number is."""
PINNED, BURIED = "pinned", "buried: "
"""The label of a pin, and what those of burying begin with."""
BOOST = "boost: "
"""What the names of the parts that boosts add begin with."""
KEPT = 64
"""Conditions whose rows stay in memory: a set of rules has rarely as many."""
NEWNESS, NEWEST = "newness", 0.2
"""The part of the score that age decides, and what the newest product gains: as much as a clearly closer one."""
MAX_BOOST = 10.0
"""The largest boost; scores are at most about 1, so it stands above all."""

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        does: what becomes of the products.
        target: a SKU, or (but for *pin*) a condition in SQL over the catalog's columns; for *boost_by* a column of
            numbers.
        by: what a boost adds to the score, in [-10, 10], not 0; with *boost_by* times the product's place among the
            column's distinct numbers, from 0 for the lowest to 1 for the highest; without a number it gets nothing.
        when: only where the query's text, or the title of one of its products, contains this; always when empty.

    Raises:
        ValueError: there is no target, or ``by`` does not go with it.
    """

    does: Does
    target: str
    by: float = 0.0
    when: str = ""

    def __post_init__(self) -> None:
        if self.does not in get_args(Does):
            raise ValueError(
                phrase("a rule is one of {kinds}; got {kind}", kinds=", ".join(get_args(Does)), kind=self.does)
            )
        if not self.target.strip():
            raise ValueError(phrase("{kind} needs a product or a condition", kind=self.does))
        rule = f"{self.does} {excerpt(self.target)}"
        if self.is_boost and not 0 < abs(self.by) <= MAX_BOOST:
            raise ValueError(
                phrase("{rule} needs “by”: a number from -{limit:g} to {limit:g}, not 0", rule=rule, limit=MAX_BOOST)
            )
        if not self.is_boost and self.by:
            raise ValueError(phrase("{rule} takes no “by”; got {by}", rule=rule, by=excerpt(str(self.by), 20)))

    @property
    def is_boost(self) -> bool:
        """Return whether it changes scores."""
        return self.does in ("boost", "boost_by")

    @property
    def label(self) -> str:
        """Return what is shown on a product that it moved; for a boost also the name of the part it adds."""
        match self.does:
            case "pin":
                return PINNED
            case "bury":
                return f"{BURIED}{self.target}"
            case "boost":
                return f"{BOOST}{self.target}"
            case "boost_by":
                return f"{BOOST}by {self.target}"

    def applies_to(self, text: str) -> bool:
        """Return whether it applies to a query of this text."""
        return self.when.casefold() in text.casefold()


class Targets:
    """The products that rules are about; those of the last ``KEPT`` conditions and columns are kept.

    Attributes:
        matching: the rows that meet a condition, ascending; see ``find_rows``.
        places: the products' places by a column; see ``_places``.
        newness: what products gain by being new, by the half-life in days; see ``_newness``.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self.matching = lru_cache(maxsize=KEPT)(partial(find_rows, catalog.products))
        self.places = lru_cache(maxsize=KEPT)(partial(_places, catalog))
        self.newness = lru_cache(maxsize=KEPT)(partial(_newness, catalog))

    def rows(self, rule: Rule) -> Rows:
        """Return rows of the rule's products, ascending; of *boost_by* those of the upper half, which gain the most.

        Raises:
            QueryError: it is no SKU of the catalog and no condition.
        """
        if rule.does == "boost_by":
            places = self.places(rule.target)
            return np.flatnonzero(places >= 0.5 if rule.by > 0 else places < 0.5)
        row = self._catalog.row_of.get(rule.target)
        if row is not None:
            return np.array([row], np.int64)
        if rule.does == "pin":
            raise QueryError(
                phrase("A rule pins “{sku}”, which is not a product of this catalog.", sku=excerpt(rule.target)),
                phrase("Give the SKU of a product."),
            )
        return self.matching(rule.target)


def _places(catalog: Catalog, column: str) -> Scores:
    """Return each product's place among a column's distinct numbers, from 0 for the lowest to 1; 0 without one.

    Raises:
        QueryError: there is no such column, or it holds no numbers.
    """
    numbers = pd.to_numeric(catalog.column(column), errors="coerce")
    if not numbers.notna().any():
        raise QueryError(
            phrase("The column “{column}” cannot boost products: it has no number.", column=column),
            phrase("Choose another column."),
        )
    place = numbers.rank(method="dense") - 1
    return (place / max(place.max(), 1)).fillna(0.0).to_numpy(np.float32)


def _newness(catalog: Catalog, half_life: float) -> Scores:
    """Return what each product gains by being new: ``NEWEST`` the newest, half as much each ``half_life`` days earlier.

    Without a date it gains nothing.

    Raises:
        QueryError: no column holds dates.
    """
    ages = ages_in_days(catalog)
    if np.isnan(ages).all():
        raise QueryError(
            phrase("Age cannot count: no column of this catalog holds dates."),
            phrase("Add a column of dates such as 2026-05-03 to the file, and build the catalog again."),
        )
    return np.nan_to_num(NEWEST * np.exp2(-ages / half_life)).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Ruling:
    """The rules that a query has, as rows of a catalog, and what counts by age.

    Attributes:
        rules: those that apply, in their order.
        rows: of each rule's products.
        places: for *boost_by*, by column; see ``Targets.places``.
        newness: of every product; ``None`` where age does not count.
    """

    rules: tuple[Rule, ...] = ()
    rows: tuple[Rows, ...] = ()
    places: Mapping[str, Scores] | None = None
    newness: Scores | None = None

    @classmethod
    def of(cls, rules: Sequence[Rule], targets: Targets, text: str, half_life: float = 0.0) -> "Ruling":
        """Return those of the rules that apply to a query of this text, and newness by a half-life in days.

        Raises:
            QueryError: a rule does not fit the catalog.
        """
        applying = tuple(rule for rule in rules if rule.applies_to(text))
        places = {rule.target: targets.places(rule.target) for rule in applying if rule.does == "boost_by"}
        newness = targets.newness(half_life) if half_life else None
        return cls(applying, tuple(map(targets.rows, applying)), places, newness)

    @property
    def is_empty(self) -> bool:
        """Return whether it changes nothing."""
        return not self.rules and self.newness is None

    @property
    def pinned(self) -> Rows:
        """Return rows of pinned products, in the order of the rules, each once."""
        return np.array(list(dict.fromkeys(row for rows in self._of("pin") for row in rows.tolist())), np.int64)

    @property
    def buried(self) -> Rows:
        """Return rows of buried products, ascending; a pinned product is not buried."""
        return np.setdiff1d(np.concatenate([np.empty(0, np.int64), *self._of("bury")]), self.pinned)

    @property
    def boosted(self) -> list[Rows]:
        """Return, per boost that raises, rows of the products it raises most; of newness those within a half-life."""
        pairs = zip(self.rules, self.rows, strict=True)
        by_rules = [rows for rule, rows in pairs if rule.is_boost and (rule.by > 0 or rule.does == "boost_by")]
        return by_rules if self.newness is None else [*by_rules, np.flatnonzero(self.newness >= NEWEST / 2)]

    def parts(self, rows: Rows) -> dict[str, Scores]:
        """Return what each boost, and newness, adds to the scores of rows, under its label, shape (len(rows),)."""
        added: dict[str, Scores] = {} if self.newness is None else {NEWNESS: self.newness[rows]}
        for rule, targets in zip(self.rules, self.rows, strict=True):
            if rule.does == "boost":
                share = np.isin(rows, targets).astype(np.float32)
            elif rule.does == "boost_by" and self.places is not None:
                share = self.places[rule.target][rows]
            else:
                continue
            added[rule.label] = np.asarray(added.get(rule.label, np.float32(0)) + rule.by * share, np.float32)
        return added

    def order(self, order: NDArray[np.int64], rows: Rows) -> tuple[NDArray[np.int64], int, int]:
        """Return positions in ``rows``, closest first, with pinned ones put first and buried ones last.

        Returns:
            The positions, how many of them are pinned, and how many buried.
        """
        place = {row: position for position, row in enumerate(rows.tolist())}
        pinned = np.array([place[row] for row in self.pinned.tolist() if row in place], np.int64)
        is_buried = np.isin(rows[order], self.buried)
        free = order[~np.isin(order, pinned) & ~is_buried]
        return np.concatenate([pinned, free, order[is_buried]]), len(pinned), int(is_buried.sum())

    def labels(self, row: int) -> tuple[str, ...]:
        """Return the labels of the rules that moved a product."""
        pinned, pairs = set(self.pinned.tolist()), zip(self.rules, self.rows, strict=True)
        return tuple(
            dict.fromkeys(
                rule.label
                for rule, rows in pairs
                if self._moves(rule, row, rows) and not (rule.does == "bury" and row in pinned)
            )
        )

    def _moves(self, rule: Rule, row: int, rows: Rows) -> bool:
        if rule.does == "boost_by" and self.places is not None:
            return bool(self.places[rule.target][row] > 0)
        return bool(np.isin(row, rows))

    def _of(self, does: Does) -> list[Rows]:
        return [rows for rule, rows in zip(self.rules, self.rows, strict=True) if rule.does == does]
