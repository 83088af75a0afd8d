"""What counts by age."""

import numpy as np
import pandas as pd
import pytest

from prodsim.catalog import Catalog
from prodsim.errors import QueryError
from prodsim.search import Arrangement, Query, SearchOptions
from prodsim.search.rules import NEWEST
from tests.search.test_engine import make_catalog, make_engine


@pytest.fixture(scope="module")
def engine():
    frame = make_catalog().products
    days = pd.date_range("2026-01-01", periods=len(frame)).strftime("%Y-%m-%d")
    return make_engine(Catalog(frame.assign(published=days)))


def ask(engine, **arranged):
    return engine.search(Query("coffee mug"), 40, SearchOptions(arrangement=Arrangement(**arranged), exact=True))


def test_newer_ones_rise_by_a_part_of_the_score(engine):
    plain = {hit.sku: hit.score for hit in ask(engine).hits}
    hits = ask(engine, half_life=10).hits
    age_of = {sku: len(plain) - 1 - row for row, sku in enumerate(engine._catalog.products["sku"])}

    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        assert hit.score == sum(hit.parts.values())
        np.testing.assert_allclose(hit.score - plain[hit.sku], NEWEST * 0.5 ** (age_of[hit.sku] / 10), atol=1e-6)
        assert "newness" in hit.parts


def test_age_counts_only_where_somebody_says_so_and_things_have_dates(engine):
    assert "newness" not in ask(engine, half_life=0).hits[0].parts
    with pytest.raises(QueryError, match="no column of this catalog holds dates"):
        ask(make_engine(make_catalog()), half_life=5)
