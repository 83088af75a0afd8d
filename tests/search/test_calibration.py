"""How close products are by chance."""

import numpy as np
import pytest

from prodsim.search import Query, ScoreCalibration, SearchOptions, closeness_word
from prodsim.similarity import Setting, Weights, contributions
from tests.search.test_engine import make_catalog, make_engine


@pytest.fixture(scope="module")
def engine():
    return make_engine(make_catalog())


@pytest.mark.parametrize("metric", ["cosine", "ip", "l2"])
def test_the_share_is_counted_over_random_pairs(engine, metric):
    by_metric, weights = engine.by(metric), Weights.preset("overall")
    n = len(make_catalog())
    scores = []
    for row in range(n):
        others = np.delete(np.arange(n), row)
        parts = contributions(by_metric.comparer.product_parts(row, others), weights)
        scores += np.sum(list(parts.values()), axis=0).tolist()
    middle = float(np.median(scores))

    share = engine.calibration.closer_than(np.array([middle]), Setting(weights, metric), is_text=False)[0]

    assert share == pytest.approx(0.5, abs=0.12)  # a product is drawn with some others, not with all


def test_the_own_family_is_closer_than_chance_and_others_are_not(engine):
    hits = engine.search(Query(like=("M4",)), 29, SearchOptions(exact=True)).hits

    assert min(hit.closer_than for hit in hits[:9]) > max(hit.closer_than for hit in hits[9:])
    assert hits[8].closer_than > 0.6  # a third of all pairs are of one family
    assert [hit.closer_than for hit in hits] == sorted((hit.closer_than for hit in hits), reverse=True)


def test_a_text_is_measured_by_texts(engine):
    hits = engine.search(Query(text="waterproof rain jacket model"), 30, SearchOptions(exact=True)).hits

    assert {hit.sku[0] for hit in hits if hit.closer_than > 0.6} == {"J"}


def test_the_least_score_of_a_share_is_just_above_it(engine):
    setting = Setting(Weights.preset("overall"))
    least = engine.calibration.least_score(0.8, setting, is_text=False)

    found = engine.calibration.closer_than(np.array([least, least - 1e-3]), setting, is_text=False)

    assert found[0] >= 0.8 > found[1]
    assert engine.calibration.least_score(0.0, setting, is_text=False) == -np.inf


def test_saved_and_loaded_alike(engine, tmp_path):
    engine.calibration.save(tmp_path)
    setting, scores = Setting(Weights.preset("same style"), "l2"), np.linspace(-1, 1, 21)

    loaded = ScoreCalibration.load(tmp_path)

    for is_text in (False, True):
        expected = engine.calibration.closer_than(scores, setting, is_text=is_text)
        assert loaded.closer_than(scores, setting, is_text=is_text).tolist() == expected.tolist()


def test_one_product_alone_is_close_to_what_finds_it():
    catalog = make_catalog()
    alone = make_engine(type(catalog)(catalog.products.iloc[:1].reset_index(drop=True)))

    assert alone.search(Query(text="rain jacket"), 1).hits[0].closer_than == 1.0


def test_words_for_shares():
    words = [closeness_word(share) for share in (1.0, 0.997, 0.96, 0.8, 0.2, 0.0)]
    assert words == ["very close", "close", "related", "loosely related", "unlike", "unlike"]
