from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prodsim.similarity import PRESETS, Weights, contributions, suited_weights

weight = st.floats(0, 10)
part = st.floats(-1, 1)


@given(st.tuples(weight, weight, weight).filter(lambda w: sum(w) > 0.01), st.tuples(part, part, part))
def test_contributions_are_the_weighted_mean(weights, parts):
    given_parts = {
        name: np.array([value], np.float32)
        for name, value in zip(("meaning", "words", "identifiers"), parts, strict=True)
    }

    total = sum(
        float(c[0])
        for c in contributions(given_parts, Weights(**dict(zip(given_parts, weights, strict=True)))).values()
    )

    assert total == pytest.approx(np.dot(weights, parts) / sum(weights), abs=1e-5)


def test_a_part_that_is_not_there_leaves_the_others_their_share():
    added = contributions({"words": np.array([0.8], np.float32)}, Weights(meaning=1, words=1, identifiers=1))

    assert {name: float(value[0]) for name, value in added.items()} == pytest.approx({"words": 0.8})


def test_presets_and_written_weights():
    overall = Weights.preset("overall")
    assert overall.parse("words=2, identifiers=0") == replace(overall, words=2, identifiers=0)
    assert overall.parse("title=1") == replace(overall, meaning=1)
    assert all(Weights.preset(name) for name in PRESETS)
    with pytest.raises(ValueError, match="Did you mean “overall”"):
        Weights.preset("overal")
    for text, message in (
        ("colour=1", "no part 'colour'"),
        ("words=x", "must be a number, got 'x'"),
        ("words=-1", "0 or more"),
        (",".join(f"{name}=0" for name in overall.as_dict()), "not all 0"),
    ):
        with pytest.raises(ValueError, match=message):
            Weights.preset("overall").parse(text)


def test_weights_whose_sum_is_beyond_numbers_are_refused():
    with pytest.raises(ValueError, match="finite sum"):
        Weights(meaning=1e308, words=1e308)


def test_only_some_parts_are_kept_at_their_weights():
    assert Weights(1, words=2, identifiers=3).only("words", "identifiers") == Weights(words=2, identifiers=3)
    with pytest.raises(ValueError, match="not all 0"):
        Weights(1).only("words")


def test_meaning_counts_little_where_the_encoder_cannot_read():
    assert suited_weights("overall", 0.0, has_pictures=True) == Weights.preset("overall")
    assert suited_weights("overall", 0.0).look == 0
    assert suited_weights("overall", 0.4).meaning < suited_weights("overall", 0.0).meaning / 5


def test_meaning_counts_more_for_an_encoder_that_finds_all_texts_alike():
    plain, suited = Weights.preset("same product"), suited_weights("same product", 0.0, 0.8)

    assert suited.meaning / suited.words == pytest.approx(5 * plain.meaning / plain.words, rel=0.01)
    assert max(suited.as_dict().values()) <= 2
