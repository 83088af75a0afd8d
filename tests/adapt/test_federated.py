"""Several catalogs train one model."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from prodsim.adapt import TrainingPairs, TrainingRecipe, open_common_model
from prodsim.adapt.federated import Client, put_weights, terms_of, train_together, weights_of
from prodsim.adapt.plan import Plan
from prodsim.adapt.training import prepare
from prodsim.encoders.adapted import Origin, load_base
from prodsim.errors import Cancelled, ProdsimError, TrainingError
from prodsim.settings import Settings
from prodsim.workspace import BuildRequest
from tests.adapt.conftest import N_TOOLS, make_shop

TOGETHER = TrainingRecipe("federated", batches=4, batch=8, rounds=2, learning_rate=2e-3, partners=("south",))


def client(name: str, *things: str) -> Client:
    texts = [f"{colour} {thing}" for colour in ("red", "blue", "grey", "pink") for thing in things]
    pairs = TrainingPairs.of(texts, [f"{text} new" for text in texts], ((i, i) for i in range(len(texts))), "same code")
    return Client(name, Plan(texts, [""] * len(texts), pairs, np.arange(8), (), (), np.empty(0, np.int64)))


@pytest.fixture(scope="module")
def clients():
    return [client("north", "mug", "lamp"), client("south", "sock", "glove")]


def begun(base: str, recipe: TrainingRecipe, folder: Path):
    settings = Settings(folder)
    model = load_base(Origin(base, "lora"), settings)
    prepare(model, recipe)
    return model, terms_of(model, recipe, "digest")


def silent(*_):
    return False


def test_rounds_change_the_common_weights_alone_and_alike(base, clients, tmp_path):
    model, terms = begun(base, TOGETHER, tmp_path)
    before = weights_of(model)

    trained, rounds = train_together(model, clients, TOGETHER, terms, tmp_path / "training", silent)

    assert (trained.steps, trained.planned, len(rounds)) == (4, 4, 2)
    assert all(one.taken == ("north", "south") and not one.refused for one in rounds)
    assert len(before) == len(weights_of(model)) < 200_000
    assert {name.rpartition(".lora_")[2][0] for name, one in model.named_parameters() if one.requires_grad} == {"B"}


def test_a_run_that_was_stopped_in_a_round_goes_on_after_the_last_whole_one(base, clients, tmp_path):
    recipe = replace(TOGETHER, noise=0.0)

    def stopped(step, *_):
        if step:
            raise Cancelled
        return False

    model, terms = begun(base, recipe, tmp_path)
    with pytest.raises(Cancelled):
        train_together(model, clients, recipe, terms, tmp_path / "training", stopped)
    later, _ = begun(base, recipe, tmp_path)
    later.eval()
    seen = []
    train_together(later, clients, recipe, terms, tmp_path / "training", lambda step, *_: seen.append(step) or False)

    assert seen == [4]


def test_a_pull_to_the_common_weights_keeps_a_catalog_near_them(base, clients, tmp_path):
    model, terms = begun(base, TOGETHER, tmp_path)
    begin = weights_of(model)
    lengths = []
    for pull in (0.0, 100.0):
        recipe = replace(TOGETHER, proximal=pull, learning_rate=5e-3)
        put_weights(model, begin)
        lengths.append(np.linalg.norm(clients[0].learn(model, recipe, 1, terms).change))

    assert lengths[1] < 0.9 * lengths[0]


def test_a_catalog_that_is_too_small_for_an_epsilon_learns_nothing(base, clients, tmp_path):
    recipe = replace(TOGETHER, epsilon=8.0)
    model, terms = begun(base, recipe, tmp_path)
    before = weights_of(model)

    with pytest.raises(TrainingError, match="too small for differential privacy"):
        train_together(model, clients, recipe, terms, tmp_path / "training", silent)
    assert (weights_of(model) == before).all()


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"partners": ()}, "needs at least one other catalog"),
        ({"partners": ("tools",)}, "only with other catalogs"),
        ({"base": "scratch"}, "only from a model that all of them have"),
        ({"aggregation": "median"}, "median needs at least 3 catalogs"),
        ({"partners": ("nowhere",)}, "nowhere"),
    ],
)
def test_a_recipe_that_catalogs_cannot_follow_is_refused(adaptations, opened, base, change, what):
    recipe = replace(TOGETHER, base=base, partners=("twin",))
    with pytest.raises(ProdsimError, match=what):
        adaptations.start(opened, replace(recipe, **change))


@pytest.fixture(scope="module")
def partner(workspace, tmp_path_factory):
    """A second catalog: half of the first one's offers."""
    folder = tmp_path_factory.mktemp("partner")
    shop = pd.read_csv(make_shop(folder)[0])
    shop.iloc[:N_TOOLS].to_csv(folder / "partner.csv", index=False)
    return workspace.build(BuildRequest(folder / "partner.csv", encoder="hashing")).info.name


@pytest.fixture
def together(good):
    return replace(good, kind="federated", batches=4, batch=16, rounds=2, partners=("tools",))


def test_what_was_learned_together_is_measured_and_told(workspace, adaptations, partner, together):
    run = adaptations.adapt(workspace.open(partner), "together", together, trackers=())

    facts = run.outcome.facts
    assert (facts["rounds"], facts["clients"]["tools"]["rounds"]) == (2, 2)
    card = (run.path / "card.md").read_text(encoding="utf-8")
    assert "| tools |" in card
    assert "| none | none |" in card
    assert run.recipe == together
    assert run.numbers().query("name == 'clients'")["value"].tolist() == [2, 2]


def test_a_catalog_learns_along_with_a_server_elsewhere_and_keeps_the_model(workspace, adaptations, partner, together):
    model, terms = open_common_model(together, workspace.settings)
    common = weights_of(model)

    update = adaptations.learn_along(partner, together, common, 1)
    run = adaptations.adopt(partner, "from elsewhere", together, common + update.change)

    assert (update.client, update.round, update.terms, update.n) == (partner, 1, terms, 32)
    assert run.catalog == partner
    assert run.outcome.facts["clients"] == {partner: {"pairs": 90, "rounds": 2}}
    assert adaptations.state(run) == "done"
    with pytest.raises(TrainingError, match="trained weights, and this one"):
        adaptations.learn_along(partner, together, common[1:], 1)


def test_a_catalog_learns_privately_and_its_noise_moves_the_weights(base, tmp_path):
    recipe = replace(TOGETHER, epsilon=8.0, batches=2, rounds=1, batch=4)
    one = client("north", *[f"thing number {number}" for number in range(25)])
    model, terms = begun(base, recipe, tmp_path)

    update = one.learn(model, recipe, 1, terms)

    assert one.privacy(recipe).epsilon <= 8
    assert np.isfinite(update.change).all()
    assert np.linalg.norm(update.change) > 0
