"""Learns together and alone, with and without differential privacy: ``python -m benchmarks.federated DATA``.

Three catalogs are made of the PriceRunner offers of DATA, a category each. Every catalog keeps products out, with all
offers of them. Measured is recall@1 by meaning alone: how often another offer of the same product comes first for an
offer that was kept out, in its own catalog. The attack guesses which pairs a model was trained on: by how close it puts
them, by how much closer than the base, and by a logistic regression learned from another catalog's model, whose members
the attacker knows (a shadow model). 0.5 is guessing.
"""

import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.adapt import TrainingPairs, TrainingRecipe
from prodsim.adapt.aggregation import Change
from prodsim.adapt.federated import Client, put_weights, terms_of, train_together, weights_of
from prodsim.adapt.plan import Plan
from prodsim.adapt.training import prepare
from prodsim.encoders.adapted import Origin, load_base
from prodsim.evaluation.evaluate import mean_interval
from prodsim.progress import timed
from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, Workspace
from prodsim.workspace.adaptations import Adaptations

CATEGORIES = {"tvs": "TVs", "dishwashers": "Dishwashers", "microwaves": "Microwaves"}
N_PRODUCTS = 400
"""Offers of a catalog, of products with two or more of them."""
OFFERS_EACH = 3
"""Of a product, at most."""
EPSILON = 8.0
RECIPE = TrainingRecipe("federated", batches=18, batch=32, rounds=3, rank=4, learning_rate=1e-2, held_out=0.3)
PLANNED = TrainingRecipe("judgements", batches=RECIPE.batches, batch=RECIPE.batch, held_out=RECIPE.held_out)
"""Its plan is that of a catalog that learns along: its own pairs, and known ones."""
PRIVATE = replace(RECIPE, epsilon=EPSILON)
LAYERS = (0, 1)
"""Of the bundled model's six; so the whole takes minutes on one core."""
SHADOW = "microwaves"
"""The catalog whose own model, and whose members, the attacker knows."""


@dataclass(frozen=True)
class Shop:
    """A catalog: its plan, its offers of one product, and the rows that are kept out."""

    client: Client
    cluster: NDArray[np.int64]

    @property
    def texts(self) -> list[str]:
        """What the model reads of each offer."""
        return list(self.client.plan.texts)

    def pairs(self, *, kept_out: bool) -> NDArray[np.int64]:
        """Two offers of one product each, all kept out or all trained on, shape (n, 2)."""
        plan = self.client.plan
        rows = plan.kept_out if kept_out else plan.rows_seen
        of = pd.Series(rows).groupby(self.cluster[rows])
        return np.array([group.tolist()[:2] for _, group in of if len(group) > 1], np.int64).reshape(-1, 2)


def main() -> None:
    """Print recall@1 of every way on the products kept out, and how well the attack guesses."""
    data = Path(sys.argv[1]) / "pricerunner"
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Settings(Path(folder) / "home"))
        shops, built_s = timed(lambda: [shop(workspace, data, Path(folder), name) for name in CATEGORIES])
        model = load_base(Origin("minilm", "lora", LAYERS), workspace.settings)
        prepare(model, RECIPE)
        print(
            ", ".join(
                f"{one.client.name}: {len(one.texts):,} offers, {len(one.client.plan.pairs):,} pairs" for one in shops
            )
        )
        print(flush=True)
        weights, told = learn(model, shops, Path(folder))
        vectors = {name: encoded(model, one, shops) for name, one in weights.items()}
        print_quality(shops, vectors, told)
        print_attacks(shops, vectors)
        print(f"built in {built_s:.0f} s")


def shop(workspace: Workspace, data: Path, folder: Path, name: str) -> Shop:
    """Build a catalog of offers of products drawn at random, and plan what it would train on."""
    offers = pd.read_csv(data / "catalog.csv", dtype=str).merge(pd.read_csv(data / "clusters.csv", dtype=str), on="sku")
    own = offers[offers["category"] == CATEGORIES[name]].groupby("cluster_id").head(OFFERS_EACH)
    own = own[own.groupby("cluster_id")["sku"].transform("size") > 1]
    drawn = np.random.default_rng(0).permutation(own["cluster_id"].unique())[: N_PRODUCTS // 2]
    own = own[own["cluster_id"].isin(drawn)].head(N_PRODUCTS)
    own.drop(columns="cluster_id").to_csv(folder / f"{name}.csv", index=False)
    own[["sku", "cluster_id"]].to_csv(folder / f"{name} clusters.csv", index=False)
    workspace.build(BuildRequest(folder / f"{name}.csv", name, encoder="hashing"))  # only its words find twins
    opened = workspace.open(name)
    plan = Adaptations(workspace).plan(opened, PLANNED, folder / f"{name} clusters.csv")
    plan = replace(plan, validation_probes=())  # the last round counts, so that nothing is chosen by a quality
    of = own.set_index("sku")["cluster_id"].astype(int)
    return Shop(Client(name, plan), of.loc[opened.catalog.products["sku"]].to_numpy())


def learn(model: Any, shops: Sequence[Shop], folder: Path) -> tuple[dict[str, Change], dict[str, str]]:
    """Return the weights of every way, and what is to be told of each."""
    begun = weights_of(model)
    clients = [one.client for one in shops]
    ways = {f"{one.name} alone": ([one], RECIPE) for one in clients}
    ways["joint"] = (clients, RECIPE)
    ways[f"joint, ε = {EPSILON:g}"] = (clients, PRIVATE)
    ways["central"] = ([Client("all", together(clients))], replace(RECIPE, batches=RECIPE.batches * len(clients)))
    weights, told = {"base": begun}, {"base": ""}
    for name, (own, recipe) in ways.items():
        put_weights(model, begun)
        terms = terms_of(model, recipe, "minilm")
        (trained, _), wall_s = timed(
            lambda: train_together(model, own, recipe, terms, folder / name, lambda *_: False)  # noqa: B023
        )
        weights[name] = weights_of(model)
        told[name] = f"{wall_s:4.0f} s, {trained.at} of {trained.planned} batches"
        if recipe.epsilon:
            told[name] += ", " + "; ".join(
                f"ε {one.privacy(recipe).epsilon:.2f} noise {one.privacy(recipe).noise:.2f}" for one in own
            )
        print(name, told[name], flush=True)
    return weights, told


def together(clients: Sequence[Client]) -> Plan:
    """The plan of one catalog that has all the products; batches are drawn from all."""
    plans = [one.plan for one in clients]
    firsts = np.cumsum([0, *(len(plan.texts) for plan in plans)])
    starts = np.cumsum([0, *(len(plan.pairs) for plan in plans)])
    shifted = [
        TrainingPairs(plan.pairs.a, plan.pairs.b, plan.pairs.row_a + first, plan.pairs.row_b + first, plan.pairs.source)
        for plan, first in zip(plans, firsts, strict=False)
    ]
    batches = np.concatenate(
        [(plan.order + start).reshape(-1, RECIPE.batch) for plan, start in zip(plans, starts, strict=False)]
    )
    order = np.random.default_rng(0).permutation(batches).ravel()
    texts = [text for plan in plans for text in plan.texts]
    kept_out = np.concatenate([plan.kept_out + first for plan, first in zip(plans, firsts, strict=False)])
    return Plan(texts, [""] * len(texts), TrainingPairs.joined(shifted), order, (), (), kept_out)


def encoded(model: Any, weights: Change, shops: Sequence[Shop]) -> dict[str, NDArray[np.float32]]:
    """The vectors of every catalog."""
    put_weights(model, weights)
    model.eval()
    return {one.client.name: model.encode(one.texts, normalize_embeddings=True) for one in shops}


def hits(one: Shop, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """1 for each kept-out offer whose nearest other offer is of the same product, for those with another one."""
    rows = [row for row in one.client.plan.kept_out.tolist() if (one.cluster == one.cluster[row]).sum() > 1]
    scores = vectors[rows] @ vectors.T
    scores[np.arange(len(rows)), rows] = -np.inf
    return (one.cluster[scores.argmax(axis=1)] == one.cluster[rows]).astype(np.float64)


def print_quality(shops: Sequence[Shop], vectors: Mapping[str, Mapping[str, Any]], told: Mapping[str, str]) -> None:
    """A line per way."""
    found = {name: [hits(one, own[one.client.name]) for one in shops] for name, own in vectors.items()}
    base = np.concatenate(found["base"])
    print(f"\n{'recall@1, kept out':<22}" + "".join(f"{one.client.name:>13}" for one in shops) + f"{'all':>8}")
    for name, own in found.items():
        every = np.concatenate(own)
        low, high = mean_interval(every - base)
        gain = f"   {every.mean() - base.mean():+.3f} ({low:+.3f} to {high:+.3f})" if name != "base" else ""
        print(
            f"{name:<22}" + "".join(f"{one.mean():13.3f}" for one in own) + f"{every.mean():8.3f}{gain}   {told[name]}"
        )
    print(f"{'offers':<22}" + "".join(f"{len(one):13,}" for one in found["base"]) + f"{len(base):8,}")


def print_attacks(shops: Sequence[Shop], vectors: Mapping[str, Mapping[str, Any]]) -> None:
    """How surely each way's members are told from pairs that were kept out: area under the curve, 0.5 for guessing."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    def features(name: str, one: Shop) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        is_member, rows = [], []
        for kept_out in (False, True):
            pairs = one.pairs(kept_out=kept_out)
            rows.append(pairs)
            is_member += [int(not kept_out)] * len(pairs)
        every = np.concatenate(rows)
        before, after = (
            (own[every[:, 0]] * own[every[:, 1]]).sum(axis=1)
            for own in (vectors["base"][one.client.name], vectors[name][one.client.name])
        )
        return np.stack([after, after - before, before], axis=1).astype(np.float64), np.array(is_member)

    shadow = next(one for one in shops if one.client.name == SHADOW)
    known, is_member = features(f"{SHADOW} alone", shadow)
    attack = LogisticRegression(class_weight="balanced").fit(known, is_member)
    print(f"\n{'attack, AUC':<22}{'closeness':>12}{'gain':>8}{'shadow':>8}")
    for name in vectors:
        if name == "base" or name.endswith(" alone"):
            continue
        told = [features(name, one) for one in shops if one is not shadow]
        x, y = np.concatenate([one for one, _ in told]), np.concatenate([one for _, one in told])
        areas = [roc_auc_score(y, score) for score in (x[:, 0], x[:, 1], attack.decision_function(x))]
        print(
            f"{name:<22}{areas[0]:12.3f}{areas[1]:8.3f}{areas[2]:8.3f}   {y.sum():,} members, {(1 - y).sum():,} others"
        )


if __name__ == "__main__":
    main()
