import numpy as np
import pytest

from prodsim.graph import build_graph
from prodsim.index import ExactIndex
from prodsim.lexical import LexicalIndex
from prodsim.search import Crowding

RANGE = ["Nordvik rain jacket men", "Nordvik rain jacket women", "Nordvik rain jacket kids", "Nordvik rain jacket boys"]
TITLES = [*RANGE, "Brass desk lamp", "Lamp of brass for a desk", "Brass desk lamp"]


@pytest.fixture(scope="module")
def lexical():
    return LexicalIndex.build(TITLES)


@pytest.fixture(scope="module")
def crowding(lexical):
    """The last title is the one before the last but one again, so that both have one vector."""
    vectors = np.eye(6, dtype=np.float32) + 0.1
    graph = build_graph(ExactIndex(vectors, "cosine"), 5)
    return Crowding.measure(lexical, graph, np.array([0, 1, 2, 3, 4, 5, 4]))


def test_products_of_a_range_are_more_crowded_than_others(crowding):
    assert crowding.of[:4].min() > crowding.of[4:].max()
    assert crowding.of[4] == crowding.of[6]
    assert (crowding.of >= 0).all()
    assert (crowding.of <= 1).all()


def test_what_a_range_has_in_common_counts_less_than_as_much_between_others(crowding):
    closeness = np.full(3, 0.6, np.float32)

    in_range, outside = (
        crowding.scaled(closeness, 0, np.array([1, 2, 3])),
        crowding.scaled(closeness, 4, np.arange(5, 6)),
    )
    assert (in_range < 0.6).all()
    assert (outside > 0.6).all()


def test_crowding_is_the_mean_of_the_three_most_similar(crowding, lexical):
    grams = np.sort(lexical.product_grams(4, np.array([0, 1, 2, 3, 5])))

    assert crowding.of[4] == pytest.approx(grams[-3:].mean())


def test_what_is_saved_comes_back(crowding, tmp_path):
    crowding.save(tmp_path)

    assert (Crowding.load(tmp_path).of == crowding.of).all()
    assert Crowding.load(tmp_path).mean == crowding.mean


def test_a_catalog_of_one_product_has_no_crowding(lexical):
    alone = LexicalIndex.build(["Brass desk lamp"])
    graph = build_graph(ExactIndex(np.ones((1, 2), np.float32), "cosine"), 5)

    assert Crowding.measure(alone, graph, np.array([0])).of.tolist() == [0.0]
