"""Rewriting texts."""

import pytest

from prodsim.adapt.augmentation import Noise
from prodsim.adapt.spellings import Wording

TEXT = "Waterproof rain jacket with hood 500 ml blue"


def test_the_same_seed_rewrites_alike():
    assert [Noise(3, 0.3).rewrite(TEXT) for _ in range(2)] == [Noise(3, 0.3).rewrite(TEXT)] * 2


def test_some_words_go_and_some_change_but_most_stay():
    noise = Noise(0, 0.3)
    written = [noise.rewrite(TEXT).lower().split() for _ in range(200)]
    own = TEXT.lower().split()

    kept = sum(len(set(words) & set(own)) for words in written) / (len(written) * len(own))

    assert 0.5 < kept < 0.85


@pytest.mark.parametrize("text", ["a", "防晒", ""])
def test_nothing_is_left_empty_that_was_not(text):
    assert bool(Noise(0, 0.9).rewrite(text)) == bool(text)


def test_chinese_stays_without_spaces_and_loses_words():
    noise = Noise(0, 0.4)
    written = {noise.rewrite("补水保湿面霜礼盒装送妈妈") for _ in range(20)}

    assert len(written) > 5
    assert all(" " not in text for text in written)


def test_two_views_differ_and_overlap():
    noise = Noise(0, 0.0)
    views = [noise.two_views(TEXT) for _ in range(50)]

    assert sum(a != b for a, b in views) > 45
    assert sum(bool(set(a.split()) & set(b.split())) for a, b in views) > 45


def test_words_are_written_as_the_catalog_also_writes_them():
    texts = ["Waterproof boots", "water proof socks", "waterproof hat", "trainers blue", "sneakers blue"]
    same = [("trainers blue", "sneakers blue"), ("red trainers", "red sneakers"), ("green hat", "green mug")]
    noise = Noise(0, 0.4, Wording.of(texts, same))

    apart = [noise.rewrite("Waterproof trainers hat").lower() for _ in range(100)]
    together = [noise.rewrite("water proof socks").lower() for _ in range(100)]

    assert sum("sneakers" in text for text in apart) > 10
    assert sum("water proof" in text for text in apart) > 10
    assert sum("waterproof" in text for text in together) > 5
    assert not any("mug" in text for text in apart)  # one pair alone does not tell


def test_a_slip_in_chinese_takes_a_character_that_sounds_alike():
    wording = Wording.of(["面霜 补水", "不锈钢 双层"])
    written = {Noise(seed, 0.5, wording).rewrite("补水面霜") for seed in range(40)}

    assert wording.sounds["补"] == "不"
    assert wording.sounds["霜"] == "双"
    assert any("不水" in text for text in written)
    assert not any("钢" in text for text in written)
