"""Training whose result tells little about any block of pairs."""

import numpy as np
import pytest
import torch

from prodsim.adapt import TrainingPairs, TrainingRecipe
from prodsim.adapt.private_steps import BLOCK, Privacy, blocks_of, learn_privately
from prodsim.errors import TrainingError


@pytest.fixture
def pairs():
    """170 products, of which every tenth has a twin, two pairs each."""
    texts = [f"mug number {row}" for row in range(187)]
    views = TrainingPairs.of(texts, texts, ((row, row) for row in range(187)), "two views")
    return TrainingPairs.joined(
        [views, TrainingPairs.of(texts, texts, ((10 * i, 170 + i) for i in range(17)), "twins")]
    )


def test_every_pair_is_in_one_block_and_every_product_too(pairs):
    blocks = blocks_of(pairs, np.arange(50)[::-1])

    positions = np.concatenate([family for block in blocks for family in block])
    assert sorted(positions.tolist()) == list(range(len(pairs)))
    products = [{*pairs.row_a[family], *pairs.row_b[family]} for block in blocks for family in block]
    assert sum(map(len, products)) == len(set().union(*products)) == 187
    assert [len(block) for block in blocks[:-1]] == [BLOCK] * (170 // BLOCK - 1)
    assert pairs.row_a[blocks[0][0][0]] == 49  # read first


def test_a_chosen_epsilon_is_met():
    privacy = Privacy.meet(8.0, 100, 64, 60)

    assert 7.9 < privacy.epsilon <= 8
    assert (privacy.delta, privacy.rate) == (1e-5, 64 / BLOCK / 100)
    assert Privacy.meet(1.0, 100, 64, 60).noise > 2 * privacy.noise


@pytest.mark.parametrize(
    ("epsilon", "n_blocks", "what"),
    [
        (1e-4, 100, "No amount of noise keeps 500 steps within ε = 0.0001"),
        (8, 19, "too small for differential privacy"),
    ],
)
def test_an_epsilon_that_cannot_be_met_is_refused(epsilon, n_blocks, what):
    with pytest.raises(TrainingError, match=what):
        Privacy.meet(epsilon, n_blocks, 64, 500)


def test_no_block_moves_the_weights_further_than_its_share(pairs):
    blocks = blocks_of(pairs, np.arange(len(pairs)))
    model = torch.nn.Linear(1, 1, bias=False)
    begun = model.weight.detach().clone()
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    silent = Privacy(8.0, 1e-5, 0.0, 1.0, 3)  # no noise, and every block is read

    learn_privately(
        model, pairs, blocks, silent, TrainingRecipe(), 3, optimizer, lambda texts: 1000 * model(torch.ones(1))
    )

    assert float(begun - model.weight) == pytest.approx(3.0, rel=1e-3)
