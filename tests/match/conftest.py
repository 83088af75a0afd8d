"""Two small catalogs, made of a few columns, that are compared without an encoder."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from prodsim.catalog import PRODUCT_FIELDS, Catalog
from prodsim.match import CrossPairs, JointCatalog, Side
from prodsim.similarity import Weights

WEIGHTS = Weights(words=1.0, identifiers=1.0, brand=0.05, price=0.1)
OURS = pd.DataFrame(
    {
        "sku": ["K1", "K2", "K3", "M1", "T1"],
        "title": [
            "Aurel electric kettle 1.7 l steel AK-1700", "Aurel electric kettle 1.0 l white AK-1000",
            "Bruma stovetop kettle 2 l enamel BS-20", "Corvo ceramic mug 350 ml", "Dovre two-slice toaster DT-2",
        ],
        "price": [49.0, 39.0, 29.0, 8.0, 35.0],
    }
)  # fmt: skip
THEIRS = pd.DataFrame(
    {
        "sku": ["x9", "x2", "x5", "x7"],
        "title": [
            "DOVRE toaster DT-2, 2 slices", "AK-1000 kettle by Aurel, white, 1 litre", "Aurel AK-1700 kettle (1,7 l)",
            "Garden hose with reel 20 m",
        ],
        "price": [35.0, 43.0, 44.0, 60.0],
    }
)  # fmt: skip
MATES = {("K1", "x5"), ("K2", "x2"), ("T1", "x9")}


def catalog_of(products: pd.DataFrame) -> Catalog:
    """A catalog of some columns; fields that are not given are empty."""
    frame = pd.DataFrame({field: products.get(field, pd.Series("", products.index)) for field in PRODUCT_FIELDS})
    frame["price"] = pd.to_numeric(frame["price"], errors="coerce").astype("float64")
    rest = products[[name for name in products if name not in PRODUCT_FIELDS]]
    return Catalog(pd.concat([frame.astype({n: "str" for n in frame if n != "price"}), rest.astype("str")], axis=1))


def side_of(products: pd.DataFrame) -> Side:
    """A catalog without vectors."""
    catalog = catalog_of(products)
    return Side(catalog, catalog.products["title"].tolist())


def pairs_of(ours: pd.DataFrame, theirs: pd.DataFrame) -> CrossPairs:
    """The candidates of two catalogs with their scores."""
    a, b = side_of(ours), side_of(theirs)
    return CrossPairs.of(JointCatalog.of(a, b, "cosine"), a, b, WEIGHTS)


@pytest.fixture
def pairs() -> CrossPairs:
    """The candidates of ``OURS`` and ``THEIRS``."""
    return pairs_of(OURS, THEIRS)


@pytest.fixture
def scored() -> Callable[..., CrossPairs]:
    """Gives candidates with chosen scores: ``scored({(0, 1): 0.8})``."""

    def make(scores: dict[tuple[int, int], float], n_a: int = 3, n_b: int = 3) -> CrossPairs:
        rows = np.array(sorted(scores), np.int64)
        values = np.array([scores[a, b] for a, b in rows.tolist()], np.float32)
        return CrossPairs(rows[:, 0], rows[:, 1], values, np.zeros(len(rows), np.int8), n_a, n_b)

    return make
