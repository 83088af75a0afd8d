"""Odd values for the Python API give an answer, or an error of ours: a ProdsimError, or a ValueError that says what."""

import random

import pytest

from prodsim.errors import ProdsimError
from prodsim.search import Arrangement, Filters, Mode, Query, Rule, SearchOptions
from prodsim.settings import Settings
from prodsim.similarity import Weights
from prodsim.workspace import BuildRequest, Workspace
from tests.faults.garbling import BREAKERS, garbled, n_inputs

NUMBERS = (
    0,
    1,
    -1,
    3,
    0.5,
    1e300,
    -1e300,
    1e-300,
    float("inf"),
    float("-inf"),
    float("nan"),
    10**400,
    -(10**30),
    2**63,
)
WORDS = (
    "rain jacket",
    "J1",
    "mug under 10",
    "not red",
    "cheapest lamp",
    "more like the second",
    "红色",
    "J1 in blue?",
    "under",
    "100",
    "-",
)
MODES: tuple[Mode, ...] = ("both", "meaning", "words")


@pytest.fixture
def opened(home, shop):
    workspace = Workspace(Settings(home))
    workspace.build(BuildRequest(shop, encoder="hashing"))
    return workspace.open()


def arranged(chance):
    """An arrangement, or a ValueError."""
    names = ("per_brand", "per_family", "diversity", "min_closeness", "price_band", "per_category")
    chosen = {name: chance.choice(NUMBERS) for name in names if chance.random() < 0.06}
    rules = tuple(
        Rule(chance.choice(("pin", "bury", "boost", "boost_by")), chance.choice((*BREAKERS, *WORDS, "price")), chance.choice(NUMBERS))
        for _ in range(chance.choice((0, 0, 0, 1)))
    )  # fmt: skip
    return Arrangement(**chosen, same_category=chance.random() < 0.3, rules=rules)


def test_odd_arguments_give_an_answer_or_an_error_of_ours(opened):
    chance = random.Random(4)
    for text in garbled(WORDS, n_inputs(80), seed=5):
        skus = tuple(chance.choice((*BREAKERS, "J1", "M2", "j1")) for _ in range(chance.choice((0, 0, 1, 2, 200))))
        try:
            filters = Filters(
                *(chance.choice((*[None] * 30, *NUMBERS)) for _ in range(2)),
                brands=tuple(chance.sample(BREAKERS, chance.choice((0, 0, 3)))),
                where=chance.choice(("", "", text)),
            )
            weights = Weights(*(chance.choice((*[0.0, 1.0] * 20, *NUMBERS)) for _ in range(3)))
            options = SearchOptions(weights, filters, arranged(chance), chance.choice(MODES), chance.random() < 0.2)
            result = opened.search(
                Query(text, skus, skus[:1] if chance.random() < 0.1 else ()), chance.choice((1, 5, 100)), options
            )
            assert len(result.hits) <= result.n_products
            opened.asker.ask(text, filters=filters)
        except (ProdsimError, ValueError) as error:
            assert str(error).strip()
            assert not isinstance(error, UnicodeError)
