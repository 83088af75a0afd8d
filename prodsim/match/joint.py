"""Two catalogs as one, so that words, identifiers and numbers weigh what they tell among the products of both."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, Self

import numpy as np
import pandas as pd

from prodsim.catalog import PRODUCT_FIELDS, Catalog, comparable_gtin
from prodsim.index import ExactIndex, FieldVectors, GroupedIndex, Metric
from prodsim.lexical import LexicalIndex
from prodsim.progress import SILENT, Progress
from prodsim.search import Comparer, ScoreCalibration, SearchEngine
from prodsim.similarity import Weights
from prodsim.traits import TraitIndex

A_MARK, B_MARK = "A:", "B:"
"""What the SKUs of each catalog begin with among those of both."""
WORDS_FOLDER, TRAITS_FOLDER = "words", "traits"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two catalogs.

    Attributes:
        catalog: its products.
        texts: of each product, as it was indexed.
        index: its vectors by the encoder of both; ``None`` where no encoder reads both.
        descriptions: likewise those of the descriptions.
    """

    catalog: Catalog
    texts: Sequence[str]
    index: GroupedIndex | None = None
    descriptions: FieldVectors | None = None


@dataclass(frozen=True, slots=True)
class JointCatalog:
    """The products of A and after them those of B.

    Attributes:
        catalog: SKUs begin with ``A_MARK`` or ``B_MARK``; the attributes are those that both have.
        comparer: of the products, in rows of ``catalog``.
        texts: of the products.
        n_a: how many are of A; that of B in row i stands in row ``n_a + i``.
    """

    catalog: Catalog
    comparer: Comparer
    texts: Sequence[str]
    n_a: int

    @classmethod
    def of(cls, a: Side, b: Side, metric: Metric, progress: Progress = SILENT) -> Self:
        """Join two catalogs; ``progress`` is advanced by products."""
        catalog = joined_products(a.catalog, b.catalog)
        products, texts = catalog.products, [*a.texts, *b.texts]
        gtins = [comparable_gtin(gtin) or gtin for gtin in products["gtin"]]
        codes = [f"{gtin} {mpn}" for gtin, mpn in zip(gtins, products["mpn"], strict=True)]
        lexical = LexicalIndex.build(texts, codes, products["description"].tolist(), progress)
        return cls(catalog, _comparer(a, b, lexical, TraitIndex.build(catalog), metric), texts, len(a.catalog))

    @classmethod
    def load(cls, folder: Path, a: Side, b: Side, metric: Metric) -> Self:
        """Map what ``save`` wrote into memory; the sides are those that it was made of."""
        lexical, traits = LexicalIndex.load(folder / WORDS_FOLDER), TraitIndex.load(folder / TRAITS_FOLDER)
        catalog = joined_products(a.catalog, b.catalog)
        return cls(catalog, _comparer(a, b, lexical, traits, metric), [*a.texts, *b.texts], len(a.catalog))

    def save(self, folder: Path) -> None:
        """Write what takes long to make: the words and the traits of the products of both."""
        (folder / WORDS_FOLDER).mkdir()
        (folder / TRAITS_FOLDER).mkdir()
        self.comparer.lexical.save(folder / WORDS_FOLDER)
        self.comparer.traits.save(folder / TRAITS_FOLDER)

    def engine(self, weights: Weights) -> SearchEngine:
        """Return a search engine over the products of both, to explain scores with; it encodes no text."""
        return SearchEngine(self.catalog, self.comparer, _no_encoder, ScoreCalibration({}, {}), weights)


def joined_products(a: Catalog, b: Catalog) -> Catalog:
    """Return the products of A and then those of B, without prices in a currency other than the commonest."""
    kept = [*PRODUCT_FIELDS, *(name for name in a.attributes if name in set(b.attributes))]
    tables = [
        side.products[kept].assign(sku=mark + side.products["sku"].astype(str))
        for mark, side in ((A_MARK, a), (B_MARK, b))
    ]
    products = pd.concat(tables, ignore_index=True)
    known = products["currency"].where(products["currency"] != "")
    if known.nunique() > 1:
        products.loc[known.notna() & (known != known.mode()[0]), "price"] = np.nan
    return Catalog(products)


def _comparer(a: Side, b: Side, lexical: LexicalIndex, traits: TraitIndex, metric: Metric) -> Comparer:
    return Comparer(_joined_index(a, b, metric), lexical, traits, metric, _joined_descriptions(a, b))


def _joined_index(a: Side, b: Side, metric: Metric) -> GroupedIndex:
    """Return both catalogs' vectors; where they cannot be compared, one that all products share."""
    if a.index is None or b.index is None:
        n = len(a.catalog) + len(b.catalog)
        return GroupedIndex(ExactIndex(np.ones((1, 1), np.float16), metric), np.zeros(n, np.int64))
    vectors = np.concatenate([a.index.index.vectors, b.index.index.vectors])
    group_of = np.concatenate([a.index.group_of, b.index.group_of + len(a.index.index)])
    return GroupedIndex(ExactIndex(vectors, metric), group_of)


def _joined_descriptions(a: Side, b: Side) -> FieldVectors | None:
    if a.descriptions is None or b.descriptions is None:
        return None
    theirs = b.descriptions.group_of
    shifted = np.where(theirs >= 0, theirs + len(a.descriptions.vectors), -1)
    vectors = np.concatenate([a.descriptions.vectors, b.descriptions.vectors])
    return FieldVectors(vectors, np.concatenate([a.descriptions.group_of, shifted]))


def _no_encoder() -> NoReturn:
    raise AssertionError("scores of products are explained without an encoder")
