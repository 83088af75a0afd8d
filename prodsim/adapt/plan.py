"""The plan of a run: training pairs, their negatives, and held-out products."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodsim.adapt.batches import arrange
from prodsim.adapt.measurement import Probe, ProbeKind, make_probes
from prodsim.adapt.pairs import Counterexamples, Labels, TrainingPairs, catalog_pairs, families, keep_out
from prodsim.adapt.recipes import TrainingRecipe
from prodsim.artifacts import fingerprint
from prodsim.catalog import Catalog
from prodsim.errors import TrainingError
from prodsim.graph import NeighbourGraph
from prodsim.index import Rows
from prodsim.phrases import phrase
from prodsim.progress import SILENT, Progress
from prodsim.search import SearchEngine

TRAINING_PACKAGES = ("torch", "sentence-transformers", "transformers", "peft", "openvino")
MIN_PAIRS = 50
"""Pairs that a training needs."""
MIN_FAMILIES = 20
CATALOG_PAIRS_PER_LABEL = 2
"""Pairs of the catalog's own that are read for each one that people gave; being few, those would be lost else."""
VALIDATION_SHARE = 0.3
"""Share of the held-out products that validate during training; the rest tests once, at the end."""

ExcludedPairs = Collection[tuple[str, str, str]]
"""Pairs that a person struck out: two SKUs and the source."""


@dataclass(frozen=True)
class Plan:
    """All that a run uses.

    Attributes:
        texts: what the encoder reads of each product.
        descriptions: beginnings of descriptions; "" where there is none.
        pairs: that are trained on.
        order: positions of the pairs as they are read, whole batches; none for ``smaller``, which reads no pairs.
        probes: questions on held-out products, for the test at the end.
        validation_probes: questions on other held-out products, for validation during training.
        kept_out: rows of all products kept out.
    """

    texts: Sequence[str]
    descriptions: Sequence[str]
    pairs: TrainingPairs
    order: NDArray[np.int64]
    probes: Sequence[Probe]
    validation_probes: Sequence[Probe]
    kept_out: Rows

    @property
    def digest(self) -> str:
        """Return a text that differs for other training data or other held-out products."""
        pairs = (self.pairs.row_a.tolist(), self.pairs.row_b.tolist(), self.pairs.source)
        return fingerprint(self.texts, self.descriptions, self.kept_out.tolist(), pairs, self.order.tolist())

    @property
    def rows_seen(self) -> Rows:
        """Return the products that are not held out, ascending."""
        return np.setdiff1d(np.arange(len(self.texts)), self.kept_out)

    @property
    def seen(self) -> list[str]:
        """Return the texts of the products that are not held out."""
        return [self.texts[row] for row in self.rows_seen.tolist()]

    def facts(self, catalog: Catalog) -> dict[str, Any]:
        """Return digests of the data and the split, to compare runs by, and the versions of packages."""
        skus = catalog.products["sku"].tolist()
        return {
            "texts": fingerprint(list(self.texts)),
            "kept_out": fingerprint([skus[row] for row in self.kept_out.tolist()]),
            "products": len(catalog),
            "versions": {name: version(name) for name in TRAINING_PACKAGES},
        }


def make_plan(
    catalog: Catalog,
    engine: SearchEngine,
    graph: NeighbourGraph,
    texts: Sequence[str],
    descriptions: Sequence[str],
    recipe: TrainingRecipe,
    labels: Labels,
    *,
    struck: ExcludedPairs = (),
    progress: Progress = SILENT,
) -> Plan:
    """Make pairs, keep families out, and arrange batches.

    Args:
        catalog: the products.
        engine: of the catalog; its *same product* finds twins and tells who may be the same.
        graph: of the catalog's vectors.
        texts: what the encoder reads of each product.
        descriptions: their beginnings.
        recipe: how much is kept out; ``language`` only measures by the labels, the others train on them.
        labels: what is known of pairs of products.
        struck: pairs that are not used.
        progress: advanced by steps.

    Raises:
        TrainingError: fewer than ``MIN_PAIRS`` pairs are left, or the held-out products give no questions.
    """
    _check_labels(recipe, labels)
    progress.step("pairs")
    every = catalog_pairs(catalog, engine, texts, descriptions, progress)
    twins = _rows(every, "twins")
    source = "had together" if recipe.kind == "shoppers" else "said to be the same"
    labelled = TrainingPairs.of(texts, texts, map(tuple, labels.same.tolist()), source)
    # What shoppers had together links nearly all products; they are one kept out, one not, and such pairs unused.
    family = families(catalog, every, labels if recipe.kind != "shoppers" else Labels.of(()), texts)
    _check_families(family)
    kept_out = keep_out(family, recipe.held_out, recipe.seed)
    validated = keep_out(family[kept_out], VALIDATION_SHARE, recipe.seed + 1)
    validated, tested = kept_out[validated], np.delete(kept_out, validated)
    used = every if recipe.kind == "language" else TrainingPairs.joined([_not_apart(every, labels), labelled])
    used = used.without(kept_out)
    used = _without_struck(used, catalog, struck)
    progress.check()
    known = labels if recipe.kind != "language" else Labels.of(())
    order = np.empty(0, np.int64)
    if recipe.kind != "smaller":
        _check_enough(used, recipe)
        progress.step("counterexamples")
        near = lru_cache(maxsize=None)(Counterexamples(engine, graph, np.unique(used.row_a), known))
        order = arrange(used, near, recipe.batches, recipe.batch, recipe.seed, _times(used, source))
    kind: ProbeKind = "had together" if recipe.kind == "shoppers" else "labels"
    probes = make_probes(catalog, texts, tested, {kind: labels.same, "twins": twins}, recipe.seed)
    validation_probes = make_probes(catalog, texts, validated, {kind: known.same, "twins": twins}, recipe.seed + 1)
    _check_probes(probes, validation_probes, kept_out)
    return Plan(texts, descriptions, used, order, probes, validation_probes, kept_out)


def _times(pairs: TrainingPairs, source: str) -> NDArray[np.int64]:
    """Return how often each pair is read in a pass: more than once where those of a source are few."""
    given = np.array([name == source for name in pairs.source], bool)
    n = int(given.sum())
    often = -(-(len(given) - n) // (CATALOG_PAIRS_PER_LABEL * max(n, 1)))
    return np.where(given, max(often, 1), 1)


def _rows(pairs: TrainingPairs, source: str) -> Rows:
    own = np.array([name == source for name in pairs.source], bool)
    return np.stack([pairs.row_a[own], pairs.row_b[own]], axis=1)


def _not_apart(pairs: TrainingPairs, labels: Labels) -> TrainingPairs:
    """Return the pairs that nobody judged to be different products."""
    apart = {frozenset(pair) for pair in labels.apart.tolist()}
    rows = zip(pairs.row_a.tolist(), pairs.row_b.tolist(), strict=True)
    return pairs[np.array([i for i, pair in enumerate(rows) if frozenset(pair) not in apart], np.int64)]


def _without_struck(pairs: TrainingPairs, catalog: Catalog, struck: ExcludedPairs) -> TrainingPairs:
    if not struck:
        return pairs
    skus, out = catalog.products["sku"].tolist(), set(struck)
    rows = zip(pairs.row_a.tolist(), pairs.row_b.tolist(), pairs.source, strict=True)
    return pairs[np.array([i for i, (a, b, name) in enumerate(rows) if (skus[a], skus[b], name) not in out], np.int64)]


def _check_families(family: NDArray[np.int64]) -> None:
    n = len(np.unique(family))
    if n < MIN_FAMILIES:
        raise TrainingError(
            phrase(
                "The catalog is too uniform to hold products out: its {products:,} products form only {n:,} families "
                "of equal texts, variants and pairs, and {least} are needed.",
                products=len(family),
                n=n,
                least=MIN_FAMILIES,
            ),
            phrase("Use a larger catalog, or one whose products have more distinct texts."),
        )


def _check_probes(probes: Sequence[Probe], validation_probes: Sequence[Probe], kept_out: Rows) -> None:
    if not probes or not validation_probes:
        raise TrainingError(
            phrase(
                "The {n:,} products that can be held out are too few for validation during the training and a test at "
                "its end.",
                n=len(kept_out),
            ),
            phrase("Use a recipe with a larger held_out, or a catalog whose products are less related."),
        )


def _check_labels(recipe: TrainingRecipe, labels: Labels) -> None:
    if recipe.kind in ("judgements", "shoppers") and len(labels.same) < MIN_PAIRS:
        raise TrainingError(
            phrase(
                "Too few pairs of products are known to belong together: {n:,} instead of at least {least}.",
                n=len(labels.same),
                least=MIN_PAIRS,
            ),
            phrase("Judge more pairs on the Compare page, pass --pairs FILE, or learn from the catalog's texts alone."),
        )


def _check_enough(pairs: TrainingPairs, recipe: TrainingRecipe) -> None:
    if len(pairs) < MIN_PAIRS:
        raise TrainingError(
            phrase(
                "The catalog has too few training pairs: {n:,} instead of at least {least}, with {share:.0%} of the "
                "products held out.",
                n=len(pairs),
                least=MIN_PAIRS,
                share=recipe.held_out,
            ),
            phrase("Use a larger catalog, or one whose products have more distinct texts."),
        )
