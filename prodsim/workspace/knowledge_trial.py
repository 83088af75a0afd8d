"""What a thesaurus would change in a catalog, measured on the catalog's own queries before it is used."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from prodsim.catalog.category_paths import leaf_of
from prodsim.index import Rows
from prodsim.knowledge import Knowledge, Thesaurus, name_key
from prodsim.phrases import Plural, Text, joined
from prodsim.progress import SILENT, Progress
from prodsim.search import Query, Readings, SearchEngine, SearchOptions
from prodsim.search.readings import Reading
from prodsim.workspace.open_catalog import OpenCatalog

MOST_QUERIES = 400
"""Of each kind that are asked: titles, and values of categories, brands and attributes, the most frequent ones."""
MOST_NAMES = 2_000
"""Names of the thesaurus that are asked, spread evenly over it."""
MOST_VALUES = 60
"""Different values of an attribute up to which each is a query."""
K = 10
SHOWN = 5
"""Examples in a sentence, and queries that find less."""
GAINED = Plural(
    "{n:,} of {names:,} names of the file is in no product and would now find some: {examples}.",
    "{n:,} of {names:,} names of the file are in no product and would now find some: {examples}.",
)
NO_GAIN = Text("None of {names:,} names of the file would find products that it does not find already.")
READ_AS = Text("“{name}” as “{other}”")
SWALLOWED = Plural(
    "{n:,} value of the catalog would also be read as something else: {examples}.",
    "{n:,} values of the catalog would also be read as something else: {examples}.",
)
BETTER = Plural(
    "Of {queries:,} queries made of titles, categories, brands and values, {n:,} finds more of what it names, and "
    "{worse:,} less.",
    "Of {queries:,} queries made of titles, categories, brands and values, {n:,} find more of what they name, and "
    "{worse:,} less.",
)
NOTHING_CHANGES = Text(
    "None of {queries:,} queries made of titles, categories, brands and values finds more or less of what it names."
)
WORSE = Text("“{query}”, also read as “{read_as}”: {after:.0%} of the best results have it, {before:.0%} before.")


@dataclass(frozen=True, slots=True)
class ChangedQuery:
    """A query that is read otherwise with the thesaurus.

    Attributes:
        text: of the query.
        read_as: the first new reading of it.
        before, after: share of the ten best, compared by words, that have the value or are the product, in [0, 1].
    """

    text: str
    read_as: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class KnowledgeTrial:
    """What a thesaurus would change.

    Attributes:
        catalog: its name.
        n_names: names of the thesaurus that were asked.
        gained: of these, what no product has and finds products by another name now, with that name.
        n_queries: queries of the catalog itself that were asked: titles, categories, brands, values.
        swallowed: values of the catalog that would be read as something else, with what.
        better, worse: queries of the catalog that find more, or less, of what they name.
    """

    catalog: str
    n_names: int
    gained: tuple[tuple[str, str], ...]
    n_queries: int
    swallowed: tuple[tuple[str, str], ...]
    better: tuple[ChangedQuery, ...]
    worse: tuple[ChangedQuery, ...]


@dataclass(frozen=True, slots=True)
class _Question:
    text: str
    relevant: Rows
    is_value: bool


def try_knowledge(opened: OpenCatalog, read: Thesaurus, progress: Progress = SILENT) -> KnowledgeTrial:
    """Ask the catalog's own queries with the thesauri that are in use, and with one more.

    Only queries that are read otherwise are searched, and by words, since meaning stays as it is.

    Args:
        opened: the catalog.
        read: the thesaurus; one in use of the same name is taken for its earlier state.
        progress: advanced by queries.
    """
    now = opened.knowledge
    others = [each for each in now.thesauri if each.source != read.source]
    engines = [_engine(opened, Knowledge(own)) for own in (others, [read, *others])]
    names, questions = _names(read), list(_questions(opened))
    progress.step("queries", len(names) + len(questions), "queries")
    gained = [(name, new) for name in names if _is_lacked(opened, name) and (new := _new_reading(engines, name))]
    progress.advance(len(names))
    swallowed, changed = [], []
    for question in questions:
        if new := _new_reading(engines, question.text):
            before, after = (_found(engine, question) for engine in engines)
            changed.append(ChangedQuery(question.text, new, before, after))
            swallowed += [(question.text, new)] if question.is_value else []
        progress.advance()
    return KnowledgeTrial(
        opened.name,
        len(names),
        tuple(gained),
        len(questions),
        tuple(swallowed),
        tuple(one for one in changed if one.after > one.before),
        tuple(sorted((one for one in changed if one.after < one.before), key=lambda one: one.after - one.before)),
    )


def _engine(opened: OpenCatalog, knowledge: Knowledge) -> SearchEngine:
    comparer = opened.engine.comparer
    readings = Readings(lambda: knowledge, comparer.lexical, opened.catalog)
    return opened.engine.with_comparer(replace(comparer, readings=readings))


def _names(read: Thesaurus) -> list[str]:
    """Return different names, at most ``MOST_NAMES`` and evenly spread."""
    names = list({name_key(name): name for concept in read.concepts for name in concept.names}.values())
    return names[:: max(1, -(-len(names) // MOST_NAMES))]


def _questions(opened: OpenCatalog) -> Iterator[_Question]:
    """Yield titles with their product, then values with the products that have them."""
    products = opened.catalog.products
    for row in np.unique(np.linspace(0, len(products) - 1, min(MOST_QUERIES, len(products))).astype(int)).tolist():
        yield _Question(str(products["title"].iloc[row]), np.array([row]), False)
    columns = [products["category"].map(leaf_of), products["brand"]]
    attributes = (products[name] for name in opened.catalog.attributes)
    columns += [values for values in attributes if values.nunique() <= MOST_VALUES]
    values = [
        _Question(str(value), np.asarray(rows, np.int64), True)
        for column in columns
        for value, rows in column.groupby(column).indices.items()
        if str(value).strip()
    ]
    yield from sorted(values, key=lambda one: -len(one.relevant))[:MOST_QUERIES]


def _is_lacked(opened: OpenCatalog, name: str) -> bool:
    return not opened.engine.comparer.lexical.frequency(name)


def _new_reading(engines: Sequence[SearchEngine], text: str) -> str:
    """Return the first reading that the second engine has and the first has not; ``""`` for none."""
    before, after = (engine.comparer.readings_of(text) for engine in engines)
    known = {reading.text for reading in before}
    return next((_instead(reading) for reading in after if reading.text not in known), "")


def _instead(reading: Reading) -> str:
    return ", ".join(one.instead for one in reading.replaced)


def _found(engine: SearchEngine, question: _Question) -> float:
    """Return the share of the best, as many as are relevant and at most ten, that are relevant."""
    k = min(K, len(question.relevant))
    hits = engine.search(Query(question.text), k, SearchOptions(mode="words")).hits
    return float(np.isin([hit.row for hit in hits], question.relevant).sum() / k)


def describe_trial(trial: KnowledgeTrial) -> list[str]:
    """Say what would change, a sentence each: what is gained, what would be read as something else, what is lost."""
    told = [
        GAINED(len(trial.gained), names=trial.n_names, examples=_pairs(trial.gained))
        if trial.gained
        else NO_GAIN(names=trial.n_names),
        SWALLOWED(len(trial.swallowed), examples=_pairs(trial.swallowed)) if trial.swallowed else "",
    ]
    if trial.better or trial.worse:
        told.append(BETTER(len(trial.better), queries=trial.n_queries, worse=len(trial.worse)))
    else:
        told.append(NOTHING_CHANGES(queries=trial.n_queries))
    told += [
        WORSE(query=one.text, read_as=one.read_as, before=one.before, after=one.after) for one in trial.worse[:SHOWN]
    ]
    return [sentence for sentence in told if sentence]


def _pairs(pairs: Sequence[tuple[str, str]]) -> str:
    return joined(READ_AS(name=name, other=other) for name, other in pairs[:SHOWN])
