"""Training steps whose result tells little about any block of training pairs: differential privacy, by Opacus."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from prodsim.adapt.augmentation import Noise
from prodsim.adapt.pairs import TrainingPairs
from prodsim.adapt.recipes import TrainingRecipe
from prodsim.errors import TrainingError
from prodsim.extras import optional_packages
from prodsim.index import Rows
from prodsim.phrases import phrase

BLOCK = 4
"""Families of products in a block; their pairs compete with each other and with no others."""
MIN_BLOCKS = 20
MAX_NORM = 1.0
"""Length that the gradient of a block is shortened to."""
MAX_DELTA = 1e-5
"""Limit of the probability with which ``epsilon`` may not hold; with many blocks it is a tenth of one over them."""

Block = Sequence[Rows]
"""For each of its families the positions of its pairs."""


def blocks_of(pairs: TrainingPairs, order: Rows) -> Sequence[Block]:
    """Put the families of products that pairs link into blocks, neighbours together; every pair is in one of them.

    Args:
        pairs: of which no product is in two families.
        order: positions in which they are read, neighbours beside each other; see ``arrange``.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    n = int(max(pairs.row_a.max(), pairs.row_b.max())) + 1
    links = csr_array((np.ones(len(pairs)), (pairs.row_a, pairs.row_b)), shape=(n, n))
    family = connected_components(links, directed=False)[1][pairs.row_a]
    members: dict[int, list[int]] = {}
    for position, name in enumerate(family.tolist()):
        members.setdefault(name, []).append(position)
    once = list(dict.fromkeys([*family[order].tolist(), *members]))
    families: Block = [np.array(members[name], np.int64) for name in once]
    n_blocks = max(1, len(families) // BLOCK)
    return [families[i : i + BLOCK] for i in range(0, (n_blocks - 1) * BLOCK, BLOCK)] + [
        families[(n_blocks - 1) * BLOCK :]  # a last block of one family would have nothing to be told apart from
    ]


@dataclass(frozen=True, slots=True)
class Privacy:
    """What a training may tell of a block of its pairs (Abadi et al. 2016).

    Whatever the model shows is at most exp(``epsilon``) times as likely as if any one block had not been there, but for
    a probability of ``delta``. A product's pairs are all in one block. Not covered are how pairs were chosen, how many
    there are, and the held-out products, which are measured on.

    Attributes:
        epsilon, delta: those.
        noise: standard deviation of the noise, in units of ``MAX_NORM``.
        rate: share of the blocks that a step reads, each drawn by itself.
        steps: of the whole training.
    """

    epsilon: float
    delta: float
    noise: float
    rate: float
    steps: int

    @classmethod
    def meet(cls, epsilon: float, n_blocks: int, batch: int, steps: int) -> "Privacy":
        """Return the least noise that keeps a training within ``epsilon``, by Opacus' accountant.

        Raises:
            TrainingError: there are too few blocks, or no noise is enough.
        """
        with optional_packages():
            from opacus.accountants import RDPAccountant
            from opacus.accountants.utils import get_noise_multiplier

        if n_blocks < MIN_BLOCKS:
            raise TrainingError(
                phrase(
                    "The catalog is too small for differential privacy: {n:,} blocks of training pairs instead of at "
                    "least {least}.",
                    n=n_blocks,
                    least=MIN_BLOCKS,
                ),
                phrase("Use a larger catalog, or a recipe with epsilon 0."),
            )
        delta, rate = min(MAX_DELTA, 0.1 / n_blocks), min(1.0, batch / BLOCK / n_blocks)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # that a bound on the way could be tighter
                noise = get_noise_multiplier(target_epsilon=epsilon, target_delta=delta, sample_rate=rate, steps=steps)
        except ValueError as error:
            raise TrainingError(
                phrase(
                    "No amount of noise keeps {steps:,} steps within ε = {epsilon:g}.", steps=steps, epsilon=epsilon
                ),
                phrase("Choose a larger epsilon, or a recipe with fewer batches."),
            ) from error
        accountant = RDPAccountant()
        accountant.history = [(noise, rate, steps)]
        return cls(float(accountant.get_epsilon(delta)), delta, float(noise), rate, steps)


def learn_privately(
    model: Any, pairs: TrainingPairs, blocks: Sequence[Block], privacy: Privacy, recipe: TrainingRecipe,
    n_steps: int, optimizer: Any, loss: Any,
) -> None:  # fmt: skip
    """Take steps on blocks drawn at random, each block's gradient shortened, and noise added to their sum.

    The draws and the noise come from the system's randomness, never from the recipe's seed: whoever knew it could take
    the noise off again.

    Args:
        model: prepared.
        pairs: read.
        blocks: of ``blocks_of``.
        privacy: noise and rate.
        recipe: how texts are rewritten.
        n_steps: how many.
        optimizer: of torch, over all weights that are trained.
        loss: of the texts of a block; see ``TrainingData.make_loss``.
    """
    import torch

    with optional_packages():
        from opacus.optimizers import DPOptimizer

    weights = [one for one in model.parameters() if one.requires_grad]
    private = DPOptimizer(
        optimizer,
        noise_multiplier=privacy.noise,
        max_grad_norm=MAX_NORM,
        expected_batch_size=max(1, round(privacy.rate * len(blocks))),
        generator=torch.Generator(weights[0].device).manual_seed(_entropy()),
    )
    draw = np.random.default_rng()
    rewriting = Noise(_entropy(), recipe.noise)  # without the catalog's own spellings, which other blocks tell of
    for _ in range(n_steps):
        gradients = []
        for block in np.flatnonzero(draw.random(len(blocks)) < privacy.rate).tolist():
            chosen = [int(draw.choice(positions)) for positions in blocks[block]]
            texts = [[rewriting.rewrite(side[i]) for i in chosen] for side in (pairs.a, pairs.b)]
            gradients.append(torch.autograd.grad(loss(texts), weights, allow_unused=True))
        for place, weight in enumerate(weights):
            own = [torch.zeros_like(weight) if one[place] is None else one[place] for one in gradients]
            weight.grad_sample = torch.stack(own) if own else weight.new_zeros((0, *weight.shape))
        private.step()
        private.zero_grad()


def _entropy() -> int:
    import secrets

    return secrets.randbits(63)
