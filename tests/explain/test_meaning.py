import numpy as np
import pytest

from prodsim.explain import explain_meaning
from prodsim.search import Query
from prodsim.similarity import Weights
from tests.explain.conftest import EVERY, QUERIES


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("metric", ["cosine", "l2"])
def test_words_left_out_and_the_completeness_error_make_up_meaning(opened, query, metric):
    catalog = opened.by(metric)
    for sku in ("B", "D"):
        found = catalog.explain(query, sku, EVERY, by_meaning=True)
        meaning = next(part for part in found.parts if part.name == "meaning").contribution

        total = sum(amount for _, amount in found.meaning.words)
        assert total + found.meaning.completeness_error == pytest.approx(meaning, abs=1e-6)
        assert "% of Meaning" in found.meaning.sentence


def test_a_word_in_common_carries_meaning_and_another_takes_it_away(opened):
    words = dict(opened.explain(Query(text="lotion"), "C", by_meaning=True).meaning.words)
    chinese = dict(opened.explain(Query(text="玫瑰身体乳"), "D", by_meaning=True).meaning.words)

    assert words["Lotion"] == max(words.values()) > 0.05
    assert words["Oil"] < 0
    assert chinese["玫瑰身体乳"] == max(chinese.values()) > 0.05


def test_without_a_weight_of_meaning_no_encoder_is_needed(opened, monkeypatch):
    monkeypatch.setattr(type(opened), "_encoder", None)
    by_words = Weights.preset("overall").only("words")

    assert opened.explain(Query(like=("A",)), "B", by_words, by_meaning=True).meaning.words == ()


def test_words_beyond_sixty_are_counted(opened):
    text = " ".join(f"word{i}" for i in range(70))
    encode = lambda texts: np.ones((len(texts), opened.info.dim), np.float32)  # noqa: E731
    found = explain_meaning(opened.engine, text, encode, Query(like=("A",)), "B")

    assert (len(found.words), found.n_left) == (60, 10)
    assert "10 words at the end" in found.sentence
