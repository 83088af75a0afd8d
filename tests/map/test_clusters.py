import numpy as np
import pytest

from prodsim.map.clusters import find_clusters, keep_names, label_clusters


def heaps(*sizes: int, stray: int = 0, seed: int = 0) -> np.ndarray:
    """Tight heaps of points on a circle, one after the other, then points strewn far around."""
    rng = np.random.default_rng(seed)
    angle = np.repeat(np.arange(len(sizes)) / len(sizes) * 2 * np.pi, sizes)
    inside = 20 * np.column_stack([np.cos(angle), np.sin(angle)]) + rng.normal(scale=0.3, size=(sum(sizes), 2))
    return np.vstack([inside, rng.uniform(100, 900, (stray, 2))]).astype(np.float32)


def test_each_heap_is_a_cluster_the_largest_first():
    found = find_clusters(heaps(40, 90, 60))

    assert found.dtype == np.int32
    assert [np.bincount(part[part >= 0]).argmax() for part in np.split(found, [40, 130])] == [2, 0, 1]
    assert (np.diff(np.bincount(found[found >= 0])) <= 0).all()


def test_strays_are_in_no_cluster():
    found = find_clusters(heaps(60, 60, stray=4))

    assert (found[120:] == -1).all()
    assert (found[:120] >= 0).mean() > 0.9


def test_copies_of_one_product_make_no_cluster():
    xy = np.vstack([heaps(60, 60), np.full((50, 2), 500, np.float32)])

    assert (find_clusters(xy)[120:] == -1).all()


@pytest.mark.parametrize("n", [0, 1, 5, 9])
def test_too_few_products_have_no_clusters(n):
    assert find_clusters(heaps(60)[:n]).tolist() == [-1] * n


def test_clusters_are_named_by_what_they_are():
    texts = [f"{brand} Sleeping Bag {n}" for n in range(5) for brand in ("Nordvik", "Lumo")]
    texts += [f"{brand} Coffee Mug {n}" for n in range(5) for brand in ("Nordvik", "Lumo")]

    labels = label_clusters(texts, np.repeat([0, 1], 10).astype(np.int32))

    assert [label.split(",")[0] for label in labels] == ["Sleeping Bag", "Coffee Mug"]


def test_a_shuffled_clustering_would_be_named_otherwise():
    texts = ["Sleeping Bag"] * 10 + ["Coffee Mug"] * 10
    mixed = np.tile([0, 1], 10).astype(np.int32)

    assert label_clusters(texts, mixed) != label_clusters(texts, np.repeat([0, 1], 10).astype(np.int32))


def test_chinese_clusters_are_named_in_whole_words():
    texts = ["清风 玫瑰 洗发水 500ml", "云朵 控油 洗发水 200ml"] * 5 + [
        "清风 陶瓷 马克杯 300ml",
        "云朵 咖啡 马克杯 大号",
    ] * 5

    labels = label_clusters(texts, np.repeat([0, 1], 10).astype(np.int32))

    assert labels[0].startswith("洗发水")
    assert labels[1].startswith("马克杯")


def test_numbers_sizes_and_small_words_name_nothing():
    texts = ["The 2-pack of Mugs, Large, 300ml XXL", "Mugs for you size Large 12", "两件 装 大号 Mugs 500ml"]

    assert label_clusters(texts, np.zeros(3, np.int32)) == ["Mugs"]


def test_names_keep_the_usual_spelling():
    texts = ["USB-C cable", "USB-C Cable", "usb-c Cable"]

    assert label_clusters(texts, np.zeros(3, np.int32)) == ["USB-C Cable"]


def test_a_part_of_a_word_lends_it_no_capitals():
    assert label_clusters(["Smart art print"] * 3, np.zeros(3, np.int32))[0] == "Smart art print"


def test_no_two_clusters_have_the_same_name():
    labels = label_clusters(["Blue mug"] * 12, np.repeat([0, 1, 2], 4).astype(np.int32))

    assert len(set(labels)) == 3
    assert labels[0].lower() == "blue mug"
    assert labels[1:] == [f"{labels[0]} 2", f"{labels[0]} 3"]


def test_the_unclustered_have_no_name_but_tell_what_is_common():
    texts = ["Red lamp"] * 4 + ["Red mug"] * 40

    assert label_clusters(texts, np.repeat([0, -1], [4, 40]).astype(np.int32))[0].split()[0] == "lamp"


def test_texts_without_words_leave_a_cluster_unnamed():
    assert label_clusters(["12", "—", ""], np.zeros(3, np.int32)) == ["unnamed"]


def test_no_clusters_have_no_names():
    assert label_clusters(["mug"], np.array([-1], np.int32)) == []
    assert label_clusters([], np.empty(0, np.int32)) == []


def test_a_cluster_that_is_mostly_the_same_keeps_its_name_whatever_its_number():
    before = np.array([0] * 6 + [1] * 4 + [-1], np.int32)
    now = np.array([1] * 5 + [2] + [0] * 4 + [0], np.int32)

    assert keep_names(["mugs", "coats", "boots"], now, ["jackets", "cups"], before) == ["cups", "jackets", "boots"]


def test_a_new_cluster_does_not_take_the_name_of_one_that_keeps_it():
    before, now = np.array([0, 0, 0, -1, -1], np.int32), np.array([1, 1, 1, 0, 0], np.int32)

    assert keep_names(["mugs", "cups"], now, ["mugs"], before) == ["mugs 2", "mugs"]
