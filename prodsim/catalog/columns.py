"""Which column of a file holds which field of a product: guessed from names and contents."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from prodsim.catalog.chunks import kept_rows
from prodsim.catalog.column_facts import ColumnFacts
from prodsim.catalog.facts import RawTable
from prodsim.catalog.locales import columns_aside
from prodsim.catalog.mapping import MAPPED_FIELDS, Doubt, Proposal
from prodsim.catalog.name_table import WEAK
from prodsim.catalog.names import MIN_KNOWN_FIT, ColumnName, is_order_name, read_name
from prodsim.catalog.plain_names import plain_name
from prodsim.catalog.row_kinds import COLUMNS
from prodsim.catalog.shop_systems import own_columns
from prodsim.phrases import phrase

MIN_CONFIDENCE = 0.35
NEARLY = 0.98
"""How near the second-best column must come to the best one for a person to decide."""
DOUBTED = ("sku", "title", "brand", "category", "price", "sale_price", "gtin")
"""Fields worth a question; of others the better column is good enough."""
NO_PATHS = 0.85
"""What is left of the fit of categories without a path, where a column beside them may have one."""
SAMPLED_CELLS = 500
SAMPLED_UNNAMED = 60
"""Cells that are looked at of a column whose name says nothing."""
MIN_ALIKE = 0.8
"""Share of a column's cells that must look like a field's for the contents alone to decide."""
NEXT_NUMBER = 0.9
"""What is left of the fit of a shop's own number where the shop system has a better one."""
FOREIGN_NUMBER = 0.5
"""What is left of the fit of a number where the shop system has another column for the shop's own."""
EMPTY_COUNTS = 0.6
"""What is left of the rank of a column without any value, compared with a full one of the same fit."""
FLAG_COUNTS = 0.8
"""What is left of the fit of a yes or no as the availability, where its name is not sure."""
NET_COUNTS = 0.8
"""What is left of the rank of a price without tax."""


def propose_columns(table: RawTable) -> Proposal:
    """Guess the fields from the columns' names and contents.

    Each field takes the column with the highest product of how well the name fits, how well the contents do and how
    full it is, the surest field first; a column serves one field. What no name gives is looked for by contents alone:
    addresses, pictures, trade item numbers, prices with their currency, stock, codes and texts.
    """
    columns = _Columns(table)
    candidates = sorted(columns.candidates(), key=lambda each: (-each.rank, each.order))
    chosen: dict[str, _Candidate] = {}
    for each in candidates:
        if each.field not in chosen and not any(each.column == other.column for other in chosen.values()):
            chosen[each.field] = each
    _settle_prices(chosen)
    _settle_identity(chosen, columns)
    doubts = tuple(_doubts(chosen, candidates, columns))
    notes = tuple(_notes(chosen, candidates))
    for each in columns.by_contents(chosen):
        chosen = {own: other for own, other in chosen.items() if other.column != each.column} | {each.field: each}
    mapping = {name: chosen[name].column for name in MAPPED_FIELDS if name in chosen}
    return Proposal(mapping, {name: round(chosen[name].score, 2) for name in mapping}, doubts, notes)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A column for a field: how sure it is, in (0, 1], and how it ranks among others."""

    field: str
    column: str
    score: float
    rank: float
    order: int
    name: ColumnName = dataclasses.field(default_factory=lambda: ColumnName({}))


class _Columns:
    """The columns of a table, with facts about a sample of their cells, computed for those that need them."""

    def __init__(self, table: RawTable) -> None:
        n = len(table.frame)
        is_sampled = np.zeros(n, bool)
        is_sampled[np.linspace(0, n - 1, min(SAMPLED_CELLS, n)).astype(int)] = True
        self._sample = kept_rows(table.frame, is_sampled)
        self.names = {str(column): read_name(str(column)) for column in self._sample.columns}
        self._places = {str(column): place for place, column in enumerate(self._sample.columns)}
        self._facts: dict[str, ColumnFacts] = {}
        self._lists_orders = any(is_order_name(column) for column in self.names)
        self._aside = columns_aside(list(self.names), table.facts.locale)
        self._own_skus = own_columns(table.facts.platform, "sku")
        self._own_categories = own_columns(table.facts.platform, "category")
        self._numbers_variants = any(plain_name(column) in COLUMNS["variant_id"] for column in self.names)
        self._odoo = any(plain_name(column) == "default code" for column in self.names)

    def facts(self, column: str) -> ColumnFacts:
        if column not in self._facts:
            cells: list[str] = self._sample.iloc[:, self._places[column]].astype("str").tolist()
            step = 1 if self.names[column].fits else max(1, len(cells) // SAMPLED_UNNAMED)
            self._facts[column] = ColumnFacts(cells[::step])
        return self._facts[column]

    def candidates(self) -> Iterator[_Candidate]:
        """Yield every column for every field that its name may mean, where its contents do not speak against it."""
        for order, (column, name) in enumerate(self.names.items()):
            if column in self._aside:
                continue
            for own, fit in self._fits(column, name).items():
                facts = self.facts(column)
                score = fit * _content_score(own, facts, fit)
                if score >= MIN_CONFIDENCE and not (own == "availability" and self._lists_orders and facts.numbers):
                    filled = EMPTY_COUNTS + (1 - EMPTY_COUNTS) * facts.filled
                    rank = score * filled * (NET_COUNTS if name.tax == "net" else 1.0)
                    yield _Candidate(own, column, score, rank, order, name)

    def _fits(self, column: str, name: ColumnName) -> Mapping[str, float]:
        """Return the fields that a name means; ``list_price`` may stand in for a price, costs may not.

        Of the numbers that a shop system writes, the shop's own comes first.
        """
        if self._odoo and plain_name(column) in ("list price", "standard price"):
            return {"price": 1.0} if plain_name(column) == "list price" else {}  # Odoo's list price is what it sells at
        fits = {own: fit for own, fit in name.fits.items() if own in (*MAPPED_FIELDS, "list_price")}
        if plain_name(column) in self._own_skus:
            return {"sku": NEXT_NUMBER ** self._own_skus.index(plain_name(column))}
        if plain_name(column) in self._own_categories:
            return {"category": 1.0}
        if self._numbers_variants and plain_name(column) in COLUMNS["product_id"]:
            fits["group_id"] = WEAK
        if self._own_skus and "sku" in fits:
            fits["sku"] *= FOREIGN_NUMBER
        return fits

    def by_contents(self, chosen: Mapping[str, _Candidate]) -> Iterator[_Candidate]:
        """Yield columns for fields that no name gave, each column once."""
        taken = {each.column for each in chosen.values()}
        free = [column for column, name in self.names.items() if column not in taken and not _is_named(name)]
        for own, fits in _BY_CONTENTS:
            if own in chosen:
                continue
            order = {column: place for place, column in enumerate(free)}
            scored = [(fits(self.facts(column)), -order[column], column) for column in free if column not in taken]
            score, place, column = max(scored, default=(0.0, 0, ""))
            if score >= MIN_CONFIDENCE:
                taken.add(column)
                yield _Candidate(own, column, score, score, -place, self.names[column])
        if "title" not in chosen:
            yield from self._title(chosen, taken)

    def _title(self, chosen: Mapping[str, _Candidate], taken: set[str]) -> Iterator[_Candidate]:
        """Yield a title: short descriptions, else the column of middling length that repeats least."""
        described = chosen.get("description")
        if described and self.facts(described.column).length <= 120:
            yield replace(described, field="title", score=0.5)
            return
        free = {
            column: facts
            for column in self.names
            if column not in taken and (facts := self.facts(column)).urls < 0.2 and facts.spaces > 0.5
            if facts.letters > 0.5 and 6 <= facts.length <= 250
        }
        if free:
            best = max(free, key=lambda column: free[column].distinct * free[column].filled)
            yield _Candidate("title", best, 0.4, 0.4, 0)


def _is_named(name: ColumnName) -> bool:
    return max(name.fits.values(), default=0.0) >= MIN_KNOWN_FIT


def _content_score(own: str, facts: ColumnFacts, fit: float) -> float:
    """Return how well cells fit a field, in [0, 1]; an empty column fits none."""
    if facts.filled == 0:
        return 0.0
    match own:
        case "sku":
            return (0.5 + 0.5 * facts.distinct) * (0.4 if facts.spaces > 0.5 or facts.length > 60 else 1.0)
        case "title":
            return _text_score(facts) * (1.0 if facts.length >= 8 else 0.7) * (0.6 + 0.4 * facts.distinct)
        case "description":
            return _text_score(facts) * (1.0 if facts.length >= 20 else 0.6)
        case "brand":
            is_short = facts.distinct < 0.98 or facts.length <= 20
            return _text_score(facts) * (1.0 if facts.length <= 40 else 0.3) if is_short else 0.6
        case "category":
            has_paths = NO_PATHS + (1 - NO_PATHS) * facts.paths
            repeats = 1.0 if facts.distinct < 0.9 or facts.paths > 0.5 else 0.75
            return _text_score(facts) * repeats * (1 - facts.row_kinds) * has_paths
        case "price" | "sale_price" | "list_price":
            return facts.prices * (1.0 if facts.has_amounts else 0.5)
        case "image":
            return max(facts.images, 0.8 * facts.urls)
        case "url":
            return facts.urls
        case "gtin":
            return max(facts.gtins, facts.gtin_like, 0.4) if fit >= MIN_KNOWN_FIT + 0.2 else facts.gtins
        case "currency":
            return max(facts.currencies, 0.2)
        case "availability":
            is_flag = FLAG_COUNTS if facts.flags == 1 and fit < WEAK else 1.0  # "active: 1" says nothing of pieces
            return is_flag * (facts.stock if facts.stock >= 0.5 else 0.4 if facts.length <= 40 else 0.2)
        case _:
            return 1.0 if facts.length <= 60 else 0.3


def _text_score(facts: ColumnFacts) -> float:
    return 1.0 - max(facts.urls, 0.9 * (facts.prices if facts.spaces < 0.2 else 0.0))


def _settle_prices(chosen: dict[str, _Candidate]) -> None:
    """Let a price before a reduction, or else a sale price, be the price where the file has no other."""
    list_price = chosen.pop("list_price", None)
    if "price" not in chosen and list_price:
        chosen["price"] = replace(list_price, field="price")
    elif "price" not in chosen and "sale_price" in chosen:
        chosen["price"] = replace(chosen.pop("sale_price"), field="price")


def _settle_identity(chosen: dict[str, _Candidate], columns: _Columns) -> None:
    """Let a column that may be both the only SKU and a trade item number be the SKU."""
    gtin = chosen.get("gtin")
    if "sku" not in chosen and gtin and "sku" in gtin.name.fits and columns.facts(gtin.column).distinct == 1:
        chosen["sku"] = replace(chosen.pop("gtin"), field="sku")


def _doubts(chosen: Mapping[str, _Candidate], candidates: Sequence[_Candidate], columns: _Columns) -> Iterator[Doubt]:
    taken = {each.column for each in chosen.values()}
    for own in DOUBTED:
        best = chosen.get(own)
        if not best:
            continue
        near = [
            each.column
            for each in candidates
            if each.field == own and each.rank >= NEARLY * best.rank and each.column not in taken
            if columns.facts(each.column).values != columns.facts(best.column).values
            if not (each.name.locale and best.name.locale)
        ]
        if near:
            yield Doubt(own, (best.column, *dict.fromkeys(near)))


def _notes(chosen: Mapping[str, _Candidate], candidates: Sequence[_Candidate]) -> Iterator[str]:
    price = chosen.get("price")
    net = next((each for each in candidates if each.field == "price" and each.name.tax == "net"), None)
    if price and net and net.column != price.column:
        yield phrase("The price is “{gross}”; “{net}” is without tax.", gross=price.column, net=net.column)


def _sku_by_contents(facts: ColumnFacts) -> float:
    is_key = facts.filled == 1 and facts.distinct == 1 and facts.codes >= MIN_ALIKE and facts.urls == 0
    return 0.5 if is_key and facts.prices < MIN_ALIKE and 3 <= facts.length <= 32 else 0.0


_BY_CONTENTS = (
    (
        "image",
        lambda facts: 0.5 * min(facts.urls, facts.images) if min(facts.urls, facts.images) >= MIN_ALIKE else 0.0,
    ),
    ("url", lambda facts: 0.5 * facts.urls if facts.urls >= MIN_ALIKE > facts.images else 0.0),
    ("gtin", lambda facts: 0.5 * facts.gtins if facts.gtins >= MIN_ALIKE and len(facts.values) > 1 else 0.0),
    ("price", lambda facts: 0.5 * facts.priced_in if facts.priced_in >= MIN_ALIKE and facts.spaces <= 1 else 0.0),
    (
        "category",
        lambda facts: 0.5 if facts.paths >= MIN_ALIKE and facts.urls == 0 and facts.length <= 150 else 0.0,
    ),
    ("sku", _sku_by_contents),
    (
        "availability",
        lambda facts: 0.5 if facts.stock >= MIN_ALIKE and facts.letters >= MIN_ALIKE > facts.flags else 0.0,
    ),
    ("description", lambda facts: 0.4 if facts.length >= 80 and facts.spaces > 0.5 and facts.distinct > 0.5 else 0.0),
)
"""Field to how well a column without a known name fits it by its cells, in [0, 0.5]; the clearest field first."""
