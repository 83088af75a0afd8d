"""What decides about pairs."""

from dataclasses import replace

import numpy as np

from prodsim.quality.duplicates.matches import judged_scores
from prodsim.quality.duplicates.pairs import PairScorer
from prodsim.quality.duplicates.variants import VariantAttributes
from tests.quality.duplicates.conftest import shop_of


def test_judgements_are_heard_only_where_the_score_decides():
    subject = shop_of({"title": "Mug red"}, {"title": "Mug 蓝色"}, {"title": "Mug blue"}, {"title": "Big mug"})
    judged = (("P1", "P0", False), ("P2", "P0", False), ("P3", "P0", True), ("gone", "P0", True))
    subject = replace(subject, judged=judged)

    attributes, best = VariantAttributes.of(subject), np.zeros(len(subject.catalog), np.float32)

    assert [same for _, same in judged_scores(subject, best, attributes, PairScorer.of(subject))] == [True]
