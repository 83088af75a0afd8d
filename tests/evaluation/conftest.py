"""Two settings of one small shop, to be compared."""

from dataclasses import replace

import pytest

from prodsim.catalog import Catalog
from prodsim.evaluation import Side
from prodsim.similarity import Weights
from tests.search.test_engine import make_catalog, make_engine

WORDS = Weights(words=1.0)


def side_of(catalog: Catalog, weights: Weights = WORDS, name: str = "A") -> Side:
    return Side(name, catalog, make_engine(catalog), weights)


@pytest.fixture(scope="session")
def a() -> Side:
    return side_of(make_catalog())


@pytest.fixture(scope="session")
def by_price(a) -> Side:
    """Ranks what costs the same first, which is never of the same family."""
    return replace(a, weights=Weights(price=1.0), name="B")
