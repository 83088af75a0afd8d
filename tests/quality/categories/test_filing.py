"""How well products fit their categories."""

import pandas as pd
import pytest

from prodsim.quality.categories import filing
from prodsim.quality.categories.filing import judge_filing, title_features

TITLES = [f"{kind} {letter * 3}" for kind in ("coffee mug", "陶瓷马克杯") for letter in "abcdefghijkl"]


def test_titles_with_pieces_in_common_have_like_features(monkeypatch):
    titles = ["coffee mug", "coffee mugs", "trail shoe", "马克杯", "陶瓷马克杯", "?"]

    close = title_features(titles)
    monkeypatch.setattr(filing, "MAX_FEATURES", 7)
    shared = title_features(titles)

    likeness = (close @ close.T).toarray()
    assert likeness.diagonal() == pytest.approx([1, 1, 1, 1, 1, 0], abs=1e-5)
    assert set(likeness[0].argsort()[-2:]) == {0, 1}
    assert set(likeness[3].argsort()[-2:]) == {3, 4}
    assert shared.shape == (6, 7)


def test_a_catalog_with_one_or_no_category_has_nothing_misfiled(make_subject):
    for category in ("", "Shoes"):
        judged = judge_filing(make_subject(pd.DataFrame({"title": TITLES, "category": category})))
        assert not judged.doubt.any()
