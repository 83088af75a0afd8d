"""Small shops whose duplicates and variants are known."""

import pandas as pd

from prodsim.catalog import PRODUCT_FIELDS, Catalog
from prodsim.encoders.hashing import HashingEncoder
from prodsim.graph import build_graph
from prodsim.index import ExactIndex, GroupedIndex, unique_vectors
from prodsim.lexical import LexicalIndex
from prodsim.quality import Subject
from prodsim.search import Comparer, ScoreCalibration
from prodsim.traits import TraitIndex

OTHERS = [
    "Garden hose",
    "Brass desk lamp",
    "Wool rug",
    "Bath mat",
    "Oak shelf",
    "Tin opener",
    "Bird feeder",
    "Chess set",
]


def shop_of(*products: dict[str, str]) -> Subject:
    """A catalog of some products and of eight others, compared by their titles; SKUs are P0, P1 and so on."""
    rows = [*products, *({"title": title} for title in OTHERS)]
    frame = pd.DataFrame(rows).fillna("")
    frame["sku"] = [f"P{number}" for number in range(len(rows))]
    for name in PRODUCT_FIELDS:
        frame[name] = frame.get(name, "")
    frame["price"] = pd.to_numeric(frame["price"], errors="coerce")
    catalog, titles = Catalog(frame), frame["title"].tolist()
    encoder = HashingEncoder()
    index = GroupedIndex(*_indexed(encoder.encode(titles)))
    comparer = Comparer(index, LexicalIndex.build(titles), TraitIndex.build(catalog), "cosine")
    return Subject(
        catalog, comparer, build_graph(index.index, 10), ScoreCalibration.measure(comparer, titles, encoder.encode)
    )


def _indexed(vectors):
    unique, group_of = unique_vectors(vectors)
    return ExactIndex(unique), group_of
