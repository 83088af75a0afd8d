"""The scores of random pairs, which make a score comparable between models, metrics and weights."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Self, get_args

import numpy as np
from numpy.typing import NDArray

from prodsim.index import Metric, Vectors
from prodsim.look import ExpectedLook
from prodsim.search.comparer import Comparer
from prodsim.similarity import Scores, Setting
from prodsim.text import has_chinese, words

ANCHORS, OTHERS = 200, 100
"""Random products, and random others that each is paired with: 20,000 pairs, so a share is known to 0.005 %."""
QUERY_WORDS = 3
"""Words in a text as people type it, about."""
VECTOR_PARTS = ("meaning", "description")
"""The parts that the metric changes."""
CLOSENESS_LEVELS = (
    (0.9995, "very close"), (0.995, "close"), (0.95, "related"), (0.75, "loosely related"), (0.0, "unlike"),
)  # fmt: skip
"""Share of random pairs that are less close, at least, and the word for it."""

Parts = Mapping[str, Scores]


@dataclass(frozen=True, eq=False)
class ScoreCalibration:
    """The parts of random pairs of a catalog.

    Attributes:
        products: parts of pairs of products, float32, each of shape (n_pairs,); the vector parts once per metric, under
            names such as "meaning l2".
        texts: the same for pairs of a text as it might be typed, some words of a title, and another product.
    """

    products: Parts
    texts: Parts

    @classmethod
    def measure(cls, comparer: Comparer, titles: Sequence[str], encode: Callable[[Sequence[str]], Vectors]) -> Self:
        """Compare random products, the same in every run; empty for a catalog of one product.

        Args:
            comparer: of the catalog.
            titles: of the products.
            encode: gives texts their vectors, as queries.
        """
        n = len(titles)
        rng = np.random.default_rng(0)
        anchors = rng.choice(n, min(ANCHORS, n), replace=False).tolist() if n > 1 else []
        typed_texts = [_some_words(titles[anchor], rng) for anchor in anchors]
        vectors = encode(typed_texts) if anchors else ()
        products: list[Parts] = []
        texts: list[Parts] = []
        for anchor, text, vector in zip(anchors, typed_texts, vectors, strict=True):
            others = np.setdiff1d(rng.integers(0, n, OTHERS), [anchor])
            parts, typed = comparer.product_parts(anchor, others), comparer.text_parts(text, vector[None], others)
            if comparer.look is not None and "look" in parts:  # without what is only expected
                parts["look"] = np.where(comparer.look.has_pictures[others], parts["look"], np.float32(np.nan))
            for metric in get_args(Metric):
                by_metric = comparer.by(metric)
                parts |= _named(metric, by_metric.product_vector_parts(anchor, others))
                typed |= _named(metric, by_metric.text_vector_parts(vector[None], others))
            products.append(parts)
            texts.append(typed)
        return cls(_joined(products), _joined(texts))

    def save(self, folder: Path) -> None:
        """Write a matrix of parts and pairs per kind, and the parts' names."""
        for kind in ("products", "texts"):
            parts: Parts = getattr(self, kind)
            np.save(folder / f"{kind}.npy", np.array([*parts.values()], np.float32))
            (folder / f"{kind}.json").write_text(json.dumps(list(parts)), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what ``save`` wrote."""
        parts = []
        for kind in ("products", "texts"):
            names = json.loads((folder / f"{kind}.json").read_text(encoding="utf-8"))
            parts.append(dict(zip(names, np.load(folder / f"{kind}.npy"), strict=True)))
        return cls(*parts)

    @cached_property
    def expected_look(self) -> ExpectedLook:
        """Return the look to be expected of products without a picture."""
        if "look" not in self.products:
            return ExpectedLook()
        return ExpectedLook.of(self.products["meaning cosine"], self.products["look"])

    def closer_than(self, scores: NDArray[np.floating], setting: Setting, *, is_text: bool) -> NDArray[np.float64]:
        """Return the share of random pairs with a lower score by the same setting, for each score; in [0, 1].

        It is 1 where there are no pairs.
        """
        known = self._sorted(setting, is_text)
        if not len(known):
            return np.ones(len(scores))
        return np.searchsorted(known, np.asarray(scores, np.float32), side="left") / len(known)

    def least_score(self, share: float, setting: Setting, *, is_text: bool) -> float:
        """Return the lowest score that is closer than this share of random pairs; minus infinity for a share of 0."""
        known = self._sorted(setting, is_text)
        if share <= 0 or not len(known):
            return float("-inf")
        return float(np.nextafter(known[min(int(np.ceil(share * len(known))), len(known)) - 1], np.float32(np.inf)))

    @cached_property
    def _sorted(self) -> Callable[[Setting, bool], Scores]:
        """Return what gives the random pairs' scores by a setting, and keeps them: searches repeat few settings."""
        return lru_cache(maxsize=32)(partial(_sorted_scores, self.products, self.texts))


def _sorted_scores(products: Parts, texts: Parts, setting: Setting, is_text: bool) -> Scores:
    """Return the random pairs' scores, ascending."""
    parts = texts if is_text else products
    weights = {name: weight for name, weight in setting.weights.as_dict().items() if weight > 0}
    weighted = {name: parts.get(f"{name} {setting.metric}", parts.get(name)) for name in weights}
    used = {name: part for name, part in weighted.items() if part is not None}
    if not used:
        return np.empty(0, np.float32)
    columns, weight = np.array([*used.values()]), np.array([[weights[name]] for name in used])
    whole = (weight * np.isfinite(columns)).sum(axis=0)
    return np.sort(((weight * np.nan_to_num(columns)).sum(axis=0) / np.maximum(whole, 1e-12)).astype(np.float32))


def closeness_word(share: float) -> str:
    """Return a word for how many random pairs are less close: from "very close" (999.5 of 1,000) to "unlike"."""
    return next(word for least, word in CLOSENESS_LEVELS if share >= least)


def _some_words(title: str, rng: np.random.Generator) -> str:
    """Return up to three words of a title that follow each other."""
    title_words = words(title) or [title]
    start = int(rng.integers(0, max(len(title_words) - QUERY_WORDS + 1, 1)))
    between = "" if has_chinese(title) else " "
    return between.join(title_words[start : start + QUERY_WORDS])


def _named(metric: Metric, parts: Parts) -> dict[str, Scores]:
    """Return the vector parts under names such as "meaning l2"."""
    return {f"{name} {metric}": part for name, part in parts.items()}


def _joined(pairs: Sequence[Parts]) -> dict[str, Scores]:
    """Join each part into an array; NaN where a text lacks it, as a text without a quantity."""
    names = dict.fromkeys(name for parts in pairs for name in parts if name not in VECTOR_PARTS)
    unknown = [np.full(len(parts["words"]), np.nan, np.float32) for parts in pairs]
    return {
        name: np.concatenate([parts.get(name, nan) for parts, nan in zip(pairs, unknown, strict=True)])
        for name in names
    }
