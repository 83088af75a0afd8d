"""Clusters of the map, and words that name them."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from prodsim.text import has_chinese, words

N_WORDS = 3
_STOP = frozenset(
    "a an and are as at by for from in into is it of off on or set the to up with without your new pack piece pcs size "
    "person cups regular medium large small wide long one per our all any only this that 的 了 和 与 及 是 在 款 新 装 包 个 件 套 正品 包邮".split()
)


def find_clusters(xy: NDArray[np.float32]) -> NDArray[np.int32]:
    """Dense regions of the map by HDBSCAN (Campello et al. 2013).

    Args:
        xy: float32, shape (n, 2). Equal positions count once, so that copies of one product make no cluster.

    Returns:
        int32, shape (n,): clusters numbered from 0, the largest first; -1 for points in no cluster.
    """
    places, place_of = np.unique(xy, axis=0, return_inverse=True)
    smallest = max(5, round(len(places) ** 0.5 / 3))
    if len(places) < 2 * smallest:
        return np.zeros(len(xy), np.int32) if len(xy) else np.empty(0, np.int32)
    import hdbscan

    model = hdbscan.HDBSCAN(min_cluster_size=smallest, min_samples=5, core_dist_n_jobs=1)
    found = model.fit_predict(places.astype(np.float64))[place_of.ravel()]
    largest_first = [label for label, _ in Counter(found[found >= 0].tolist()).most_common()]
    number = {label: position for position, label in enumerate(largest_first)}
    return np.array([number.get(label, -1) for label in found.tolist()], np.int32)


def label_clusters(texts: Sequence[str], cluster: NDArray[np.int32]) -> list[str]:
    """Name each cluster by up to three words that set it apart, most telling first.

    Class-based TF-IDF (Grootendorst 2022) over the share of a cluster's products that have a word. Words with digits and very
    common words name nothing. No two clusters get the same name: a later one gets further words.

    Args:
        texts: one per product, such as titles.
        cluster: the products' clusters, -1 for none.
    """
    total: Counter[str] = Counter()
    inside = [Counter[str]() for _ in range(int(cluster.max(initial=-1)) + 1)]
    sizes = np.bincount(cluster[cluster >= 0], minlength=len(inside))
    spelling: dict[str, Counter[str]] = {}
    for text, number in zip(texts, cluster.tolist(), strict=True):
        said = {word for word in words(text) if _names_something(word)}
        total.update(said)
        if number >= 0:
            inside[number].update(said)
            for word in text.split():
                spelling.setdefault(word.lower(), Counter())[word] += 1
    labels: list[str] = []
    for counts, size in zip(inside, sizes, strict=True):
        ranked = sorted(counts, key=lambda w: (-_weight(counts[w], size, total[w], len(texts)), w))
        labels.append(_first_unused([_spelt(word, spelling) for word in ranked], labels))
    return labels


def _names_something(word: str) -> bool:
    long_enough = len(word) > 1 if has_chinese(word) else len(word) > 2
    return long_enough and word not in _STOP and not any(c.isdigit() for c in word)


def _weight(count: int, size: int, frequency: int, n: int) -> float:
    return float(count / size * np.log(1 + n / frequency))


def _spelt(word: str, spelling: dict[str, Counter[str]]) -> str:
    return spelling[word].most_common(1)[0][0] if word in spelling else word


def _first_unused(ranked: list[str], used: list[str]) -> str:
    distinct = [w for i, w in enumerate(ranked) if not any(w.lower() in v.lower() or v.lower() in w.lower() for v in ranked[:i])]
    for size in range(N_WORDS, len(distinct) + 1):
        label = ", ".join(distinct[: N_WORDS - 1] + distinct[size - 1 : size])
        if label not in used:
            return label
    label = ", ".join(distinct[:N_WORDS]) or "unnamed"
    return label if label not in used else f"{label} {sum(u.startswith(label) for u in used) + 1}"
