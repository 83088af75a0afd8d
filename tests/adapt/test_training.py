"""How a model is trained."""

import numpy as np
import pytest
import torch

from prodsim.adapt import TrainingPairs, TrainingRecipe, from_scratch
from prodsim.adapt.from_scratch import new_model
from prodsim.adapt.training import go_part_of_the_way, lesson_of_pairs, prepare, trained_weights
from prodsim.encoders.adapted import Origin, load_base
from prodsim.encoders.text_recipe import TextRecipe, compose_texts
from prodsim.settings import Settings
from tests.adapt.conftest import N


@pytest.fixture(scope="module")
def pairs():
    texts = [f"{colour} {thing}" for colour in ("red", "blue", "grey", "pink") for thing in ("mug", "sock", "lamp")] * 8
    return TrainingPairs.of(texts, [f"{text} new" for text in texts], ((row, row) for row in range(96)), "same code")


def test_a_batch_read_in_parts_teaches_the_same(pairs, tmp_path):
    model = load_base(Origin("minilm", "full"), Settings(tmp_path)).eval()
    taught = []
    for batch in (64, 96):  # a loss in one piece, and in parts
        lesson = lesson_of_pairs(pairs, np.arange(96), TrainingRecipe(batch=batch, noise=0))
        loss = lesson.make_loss(model)
        value = loss([model.preprocess(list(column)) for column in lesson.columns.values()], None)
        model.zero_grad()
        value.backward()
        gradients = torch.cat([one.grad.flatten() for one in model.parameters() if one.grad is not None])
        taught.append((type(loss), float(value), gradients))

    (whole, loss, gradients), (parts, loss_in_parts, gradients_in_parts) = taught
    assert whole is not parts
    assert loss_in_parts == pytest.approx(loss, rel=1e-4)
    assert torch.cosine_similarity(gradients, gradients_in_parts, dim=0) > 0.999


@pytest.mark.parametrize("method", ["lora", "full"])
def test_part_of_the_way_is_between_the_base_and_what_was_learned(tmp_path, method):
    recipe = TrainingRecipe(method=method)
    model = load_base(Origin("minilm", method), Settings(tmp_path)).eval()
    base = model.encode(["red mug"], normalize_embeddings=True)
    prepare(model, recipe)
    begun = trained_weights(model)
    torch.manual_seed(0)
    for weight in model.parameters():
        if weight.requires_grad:
            weight.data += 0.01 * torch.randn_like(weight)
    reached = trained_weights(model)
    learned = model.encode(["red mug"], normalize_embeddings=True)

    def after(way):
        go_part_of_the_way(model, begun, reached, way)
        return model.eval().encode(["red mug"], normalize_embeddings=True)

    assert after(0.0) == pytest.approx(base, abs=1e-5)
    assert after(1.0) == pytest.approx(learned, abs=1e-5)
    far = float((base * learned).sum())
    assert far < float((base * after(0.5)).sum()) < 1 > float((learned * after(0.5)).sum()) > far


def test_a_batch_that_cannot_be_perturbed_is_refused():
    with pytest.raises(ValueError, match="batch must be at most 64"):
        TrainingRecipe(batch=96, perturbation=0.1)


def test_a_small_model_of_its_own_learns_what_the_catalogs_encoder_knows(opened, tmp_path, monkeypatch):
    monkeypatch.setattr(from_scratch, "TAUGHT_LEAST", 60)  # a third of the way is enough to see that it learns
    texts = compose_texts(opened.catalog, TextRecipe())
    vectors = opened.index.vectors_of(np.arange(N))
    recipe = TrainingRecipe(base="scratch")

    own = new_model(texts, vectors, recipe, tmp_path / "own").encode(texts, normalize_embeddings=True)

    def nearest(found):
        scores = found @ found.T
        np.fill_diagonal(scores, -1)
        return np.argsort(-scores, axis=1)[:, :10]

    agreed = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(nearest(own), nearest(vectors), strict=True)])
    assert agreed > 0.3  # by chance 0.03
    assert sorted(path.name for path in (tmp_path / "own").iterdir() if path.is_dir()) == []
