"""Clusters of the map, and words that name them."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from prodsim.text import has_chinese, words

N_WORDS = 3
MIN_SAMPLES = 5
"""Points that make a place dense."""

MIN_SHARE = 0.15
"""Share of a cluster's products that have a word, for the word to name it."""
FULL_SHARE = 0.8
"""Share of a word's products that have a longer word around it, for the longer one to take its place."""

# Small words, what is said of any product, sizes and units: nothing a group of products is known by.
_STOP_WORDS = """
    a an and are as at by for from in into is it of off on or per set the this that to up with without your our you
    all any only one two new original official genuine free sale pack packs piece pieces pcs pair item items assorted
    size sizes small medium large extra xxs xxl xxxl one-size inch inches litre litres liter liters gram grams lbs
    的 了 和 与 及 是 在 款 新 装 包 个 件 套 新款 正品 包邮 官方 旗舰 旗舰店 专柜 原装 套装 单件 一件 一个 一套 两件
    组合 规格 尺寸 尺码 大号 中号 小号 加大 均码 毫升 厘米 毫米 英寸 公斤 千克 升装 片装 支装 瓶装 盒装 袋装
"""
_STOP = frozenset(_STOP_WORDS.split())


def find_clusters(xy: NDArray[np.float32]) -> NDArray[np.int32]:
    """Return the dense regions of the map by HDBSCAN (Campello et al. 2013).

    See ``smallest_cluster`` for how many points make one.

    Args:
        xy: float32, shape (n, 2). Equal positions count once, so that copies of one product make no cluster.

    Returns:
        int32, shape (n,): clusters numbered from 0, the largest first; -1 for points in no cluster, which are all of
        them on a map too small for two clusters.
    """
    places, place_of = np.unique(xy, axis=0, return_inverse=True)
    smallest = smallest_cluster(len(places))
    if len(places) < 2 * smallest:
        return np.full(len(xy), -1, np.int32)
    import hdbscan  # a second to import; only a build pays

    model = hdbscan.HDBSCAN(min_cluster_size=smallest, min_samples=MIN_SAMPLES, core_dist_n_jobs=1)
    clusters = model.fit_predict(places.astype(np.float64))[place_of.ravel()]
    sizes = np.bincount(clusters[clusters >= 0], minlength=int(clusters.max()) + 1)
    number = np.empty(len(sizes) + 1, np.int32)
    number[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    number[-1] = -1  # noise has the number -1, which is the last place
    return np.asarray(number[clusters], np.int32)


def smallest_cluster(n_places: int) -> int:
    """Return the fewest points of a cluster, a third of the root of all: 13 of 1,500, 105 of 100,000."""
    return max(MIN_SAMPLES, round(math.sqrt(n_places) / 3))


def keep_names(
    labels: Sequence[str], cluster: NDArray[np.int32], labels_before: Sequence[str], before: NDArray[np.int32]
) -> list[str]:
    """Give clusters the names they had: those that share more than half of all products in either with an earlier one.

    Args:
        labels: names of the clusters as they are now.
        cluster: each product's; -1 for none.
        labels_before: names of the earlier clusters.
        before: the earlier cluster of each product; -1 for none, or for a product that was not there.
    """
    both = Counter(zip(cluster[cluster >= 0].tolist(), before[cluster >= 0].tolist(), strict=True))
    sizes, sizes_before = Counter(cluster.tolist()), Counter(before.tolist())
    same = {
        now: labels_before[then]
        for (now, then), n in both.items()
        if then >= 0 and 2 * n > sizes[now] + sizes_before[then] - n
    }
    named = list(same.values())
    for number, label in enumerate(labels):
        if number not in same:
            same[number] = _numbered(label, named) if label in named else label
            named.append(same[number])
    return [same[number] for number in range(len(labels))]


def label_clusters(texts: Sequence[str], cluster: NDArray[np.int32]) -> list[str]:
    """Name each cluster by up to three words that set it apart, most distinctive first, spelt as in the texts.

    A kind of class-based TF-IDF (Grootendorst 2022): see ``_ranked``. Numbers, sizes and small words name nothing. No
    two clusters get the same words: a later one gets another third word, or a number.

    Args:
        texts: one per product, such as titles.
        cluster: the products' clusters, -1 for none.

    Returns:
        One label per cluster, cluster 0 first; "unnamed" where no text has a word.
    """
    named = [dict(_naming_words(text)) for text in texts]
    total = Counter(word for counted in named for word in counted)
    labels: list[str] = []
    used: set[frozenset[str]] = set()
    for rows in _members(cluster):
        counts = Counter(word for row in rows for word in named[row])
        expected = {word: total[word] * len(rows) / len(texts) for word in counts}
        ranked = _ranked(counts, expected, len(rows))
        chosen = _unused(_distinct(ranked, counts), used)
        spelt = {word: _usual(named[row][word] for row in rows if word in named[row]) for word in chosen}
        phrases = _phrases(chosen, [texts[row].lower() for row in rows])
        label = ", ".join(" ".join(spelt[word] for word in phrase.split(" ")) for phrase in phrases) or "unnamed"
        labels.append(_numbered(label, labels) if label in labels else label)
        used.add(frozenset(chosen))
    return labels


def _members(cluster: NDArray[np.int32]) -> list[list[int]]:
    """Return the rows of each cluster, ascending."""
    order = np.argsort(cluster, kind="stable")
    ends = np.searchsorted(cluster[order], np.arange(int(cluster.max(initial=-1)) + 2))
    return [rows.tolist() for rows in np.split(order, ends)[1:-1]]


def _naming_words(text: str) -> Iterator[tuple[str, str]]:
    """Yield the words of a text that could name a group, each in lower case and as it is spelt there."""
    lower, position = text.lower(), 0
    for word in words(text):
        place = lower.find(word, position)
        if place >= 0 and not has_chinese(word):  # the parts of a Chinese word overlap, and have one spelling
            position = place + len(word)
        long_enough = len(word) > 1 if has_chinese(word) else len(word) > 2
        if long_enough and word not in _STOP and not any(c.isdigit() for c in word):
            same_length = place >= 0 and len(lower) == len(text)
            yield word, text[place : place + len(word)] if same_length else word


def _ranked(counts: Counter[str], expected: Mapping[str, float], size: int) -> list[str]:
    """Return the words that set a cluster apart, most distinctive first; its most common words where none does.

    A word's weight is its share of the cluster, squared, so that a group is named by what it is before what a few of
    it are like, times the logarithm of how much more common it is here than anywhere. Equal words: the longer first.

    Args:
        counts: products of the cluster that have the word.
        expected: how many would have it if words fell anywhere.
        size: products in the cluster.
    """
    distinctive = [word for word in counts if counts[word] > expected[word] and counts[word] >= MIN_SHARE * size]

    def weight(word: str) -> float:
        return float(counts[word] ** 2 * np.log(counts[word] / expected[word])) if distinctive else counts[word]

    return sorted(distinctive or counts, key=lambda word: (-weight(word), -len(word), word))


def _distinct(ranked: Sequence[str], counts: Counter[str]) -> list[str]:
    """Return the best words, none a part of another: "jacket" beside "jackets" adds nothing."""
    kept: list[str] = []
    for word in ranked[: 20 * N_WORDS]:
        related = next((place for place, other in enumerate(kept) if _overlap(word, other)), None)
        if related is None:
            kept.append(word)
        elif (
            has_chinese(word) and len(word) > len(kept[related]) and counts[word] >= FULL_SHARE * counts[kept[related]]
        ):
            kept[related] = word  # the whole word rather than a part that jieba also lists
    return list(dict.fromkeys(kept))


def _overlap(word: str, other: str) -> bool:
    if has_chinese(word):
        return word in other or other in word
    return word.startswith(other) or other.startswith(word)


def _phrases(parts: list[str], texts: Sequence[str]) -> list[str]:
    """Join parts that mostly stand side by side into one phrase: "torch" and "head" become "head torch"."""
    for first, second in permutations(parts, 2):
        both = [text for text in texts if first in text and second in text]
        phrase = f"{first} {second}"
        if not has_chinese(phrase) and 2 * sum(phrase in text for text in both) > len(both):
            return _phrases([phrase, *(part for part in parts if part not in (first, second))], texts)
    return parts


def _usual(spellings: Iterable[str]) -> str:
    counts = Counter(spellings)
    return min(counts, key=lambda spelt: (-counts[spelt], spelt))


def _unused(ranked: Sequence[str], used: set[frozenset[str]]) -> list[str]:
    """Return the first three words, the third exchanged for a later one while others have the same."""
    for last in range(N_WORDS, len(ranked) + 1):
        chosen = [*ranked[: N_WORDS - 1], ranked[last - 1]]
        if frozenset(chosen) not in used:
            return chosen
    return list(ranked[:N_WORDS])


def _numbered(label: str, labels: Sequence[str]) -> str:
    number = 2
    while f"{label} {number}" in labels:
        number += 1
    return f"{label} {number}"
