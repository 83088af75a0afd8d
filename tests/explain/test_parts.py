import json

import numpy as np
import pytest

from prodsim.search import Filters, Query, SearchOptions
from prodsim.similarity import PRESETS, Weights
from tests.explain.conftest import EVERY, QUERIES


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("preset", PRESETS)
def test_the_reasons_of_every_hit_add_up_to_its_score(opened, query, preset):
    weights = Weights.preset(preset)
    for hit in opened.search(query, 6, SearchOptions(weights=weights)).hits:
        found = opened.explain(query, hit.sku, weights)

        assert found.score == pytest.approx(hit.score, abs=1e-6)
        assert sum(part.contribution for part in found.parts) == pytest.approx(hit.score, abs=1e-6)
        for part in found.parts:
            assert part.name == "exact match" or part.share * part.closeness == pytest.approx(part.contribution)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("metric", ["cosine", "ip", "l2"])
def test_the_reasons_add_up_by_every_metric_and_no_score_depends_on_other_hits(opened, query, metric):
    catalog = opened.by(metric)
    hits = catalog.search(query, 6).hits
    for hit in hits:
        found = catalog.explain(query, hit.sku)
        alone = catalog.search(query, 1, SearchOptions(filters=Filters(where=f"sku='{hit.sku}'"))).hits[0]

        assert sum(part.contribution for part in found.parts) == pytest.approx(hit.score, abs=1e-6)
        assert alone.score == pytest.approx(hit.score, abs=1e-7)


@pytest.mark.parametrize(("liked", "sku"), [("A", "B"), ("A", "C"), ("D", "E"), ("A", "F")])
def test_the_spans_of_a_text_add_up_to_what_the_two_have_in_common(opened, liked, sku):
    found = opened.explain(Query(like=(liked,)), sku)
    words = next(part for part in found.parts if part.name == "words")
    row, other = map(opened.engine.lookup.row, (liked, sku))
    closeness = opened.lexical.product_grams(row, np.array([other]))

    assert sum(amount for _, amount in found.spans) == pytest.approx(words.share * closeness[0], abs=1e-6)
    assert words.closeness == pytest.approx(opened.crowding.scaled(closeness, row, np.array([other]))[0], abs=1e-6)


def test_a_span_in_common_adds_and_another_does_not(opened):
    spans = dict(opened.explain(Query(like=("A",)), "C").spans)

    assert spans["Lotion"] > 0.05
    assert spans["Oil"] == pytest.approx(0)


def test_short_explanations_name_the_largest_parts(opened):
    hits = opened.search(Query(like=("A",)), 3, SearchOptions(weights=EVERY)).hits

    explanations = dict(
        zip([hit.sku for hit in hits], opened.short_explanations(Query(like=("A",)), hits, EVERY), strict=True)
    )

    assert "Words: rose, lotion" in explanations["B"]
    assert "Identifiers: rx200 in common" in explanations["B"]
    assert all(sentence.count("; ") <= 2 for sentence in explanations.values())


def test_an_explanation_is_json(opened):
    hits = opened.search(Query(text="玫瑰"), 6).hits
    found = opened.explain(Query(text="玫瑰"), "D", by_meaning=True, hits=hits).as_dict()

    assert json.loads(json.dumps(found))["what_if"]["rank"] == 2
    assert {"sku", "score", "parts", "pieces", "meaning", "what_if"} == set(found)
