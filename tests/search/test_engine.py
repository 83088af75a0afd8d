"""Searching a small world whose right answers are known."""

import threading

import numpy as np
import pandas as pd
import pytest

from prodsim.catalog import PRODUCT_FIELDS, Catalog
from prodsim.encoders.hashing import HashingEncoder
from prodsim.errors import QueryError
from prodsim.index import ExactIndex, GroupedIndex, unique_vectors
from prodsim.lexical import LexicalIndex
from prodsim.search import Comparer, Filters, Query, ScoreCalibration, SearchEngine, SearchOptions
from prodsim.similarity import PRESETS, Weights
from prodsim.traits import TraitIndex

FAMILIES = {"J": "waterproof rain jacket", "M": "ceramic coffee mug", "L": "brass desk lamp"}


def make_catalog():
    rows = [
        {
            "sku": f"{letter}{n}", "title": f"{title} model {letter}X-{300 + n}", "brand": f"Brand{letter}", "mpn": f"{letter}X-{300 + n}",
            "category": f"Shop > {title.split()[-1]}", "price": float(10 * (n + 1)), "availability": "in stock" if n % 2 else "out of stock",
            "shop": "a" if n < 5 else "b",
        }
        for letter, title in FAMILIES.items()
        for n in range(10)
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    for field in PRODUCT_FIELDS:
        if field not in frame:
            frame[field] = ""
    return Catalog(frame)


def make_catalog_of_titles():
    frame = make_catalog().products
    return Catalog(pd.DataFrame({field: frame[field] if field in ("sku", "title") else "" for field in PRODUCT_FIELDS}))


def make_engine(catalog, get_encoder=HashingEncoder):
    texts = catalog.products["title"].tolist()
    unique, group_of = unique_vectors(HashingEncoder().encode(texts))
    index = GroupedIndex(ExactIndex(unique), group_of)
    comparer = Comparer(index, LexicalIndex.build(texts), TraitIndex.build(catalog), "cosine")
    calibration = ScoreCalibration.measure(comparer, texts, lambda typed: HashingEncoder().encode(typed, "query"))
    return SearchEngine(catalog, comparer, get_encoder, calibration)


@pytest.fixture(scope="module")
def engine():
    return make_engine(make_catalog())


def skus(result):
    return [hit.sku for hit in result.hits]


def families(result):
    return {sku[0] for sku in skus(result)}


def test_a_product_finds_its_family_and_not_itself(engine):
    result = engine.search(Query(like=("M4",)), 9)

    assert families(result) == {"M"}
    assert "M4" not in skus(result)
    assert [hit.score for hit in result.hits] == sorted((hit.score for hit in result.hits), reverse=True)


def test_words_find_the_family(engine):
    assert families(engine.search(Query(text="rain jackets"), 10)) == {"J"}


@pytest.mark.parametrize(
    "query",
    [
        Query(text="desk lamp"),
        Query(like=("J1",)),
        Query(text="mug", like=("L1",), unlike=("J2",)),
        Query(text="MX-304"),
    ],
)
@pytest.mark.parametrize("preset", PRESETS)
def test_the_parts_add_up_to_the_score(engine, query, preset):
    for hit in engine.search(query, 30, SearchOptions(weights=Weights.preset(preset))).hits:
        assert abs(sum(hit.parts.values()) - hit.score) < 1e-6


def test_a_disliked_product_pushes_its_like_away(engine):
    both = engine.search(Query(like=("J1", "M1")), 28)
    without_mugs = engine.search(Query(like=("J1",), unlike=("M1",)), 28)

    assert families(both) >= {"J", "M"}
    assert np.mean([skus(without_mugs).index(s) for s in skus(without_mugs) if s[0] == "M"]) > np.mean(
        [skus(both).index(s) for s in skus(both) if s[0] == "M"]
    )
    assert skus(without_mugs)[0][0] == "J"


@pytest.mark.parametrize("typed", ["M4", "m4", "MX-304", "mx304"])
def test_a_sku_or_model_number_typed_shows_its_product_first(engine, typed):
    result = engine.search(Query(text=typed), 5)

    assert skus(result)[0] == "M4"
    assert families(result) == {"M"}
    assert "comes first" in result.note
    assert ["exact match" in hit.parts for hit in result.hits] == [True, False, False, False, False]
    assert result.hits[0].score == pytest.approx(1)


def test_a_brand_typed_shows_its_products_first(engine):
    result = engine.search(Query(text="brandl"), 10)

    assert families(result) == {"L"}
    assert "is a brand" in result.note
    assert all(0.9 < hit.score <= 1 for hit in result.hits)
    assert len({hit.score for hit in result.hits}) > 1  # closer ones still come first


def test_a_named_product_that_the_filters_leave_out_is_told(engine):
    result = engine.search(Query(text="M4"), 5, SearchOptions(filters=Filters(price_max=20)))

    assert "M4" not in skus(result)
    assert result.note == "“M4” is a SKU, but the filters or the disliked products exclude it."


def test_a_mistyped_sku_is_answered_with_the_ones_like_it(engine):
    for typed, meant in (("j-1", "J1"), ("J11", "J1")):
        with pytest.raises(QueryError) as caught:
            engine.search(Query(like=(typed,)))
        assert meant in caught.value.fix


def test_a_mode_compares_only_its_parts(engine):
    for mode in ("meaning", "words"):
        result = engine.search(Query(text="rain jacket"), 5, SearchOptions(mode=mode))
        assert set(result.hits[0].parts) == {mode}
        assert families(result) == {"J"}
    by_number = engine.search(Query(text="rain jacket 3"), 5, SearchOptions(mode="words"))
    assert set(by_number.hits[0].parts) == {"words", "identifiers"}


def test_a_product_that_has_all_that_was_typed_has_nearly_all_of_its_words(engine):
    hit = engine.search(Query(text="rain jacket"), 1, SearchOptions(mode="words")).hits[0]

    assert 0.95 < hit.score <= 1


def test_a_mode_without_a_weight_is_refused(engine):
    with pytest.raises(QueryError, match="Neither Words nor Identifiers has a weight"):
        engine.search(Query(text="mug"), options=SearchOptions(weights=Weights(1, 0, 0), mode="words"))


def test_words_alone_need_no_encoder():
    def refuse():
        raise AssertionError("the encoder was asked for")

    assert families(
        make_engine(make_catalog(), refuse).search(Query(text="coffe mug"), 5, SearchOptions(mode="words"))
    ) == {"M"}


def test_many_queries_at_once_give_what_each_gives_and_encode_once():
    calls = []

    class Counting(HashingEncoder):
        def encode(self, texts, *rest):
            calls.append(list(texts))
            return super().encode(texts, *rest)

    engine = make_engine(make_catalog(), Counting)
    queries = [Query("desk lamp"), Query(like=("J1",)), Query("coffee mug"), Query("M4"), Query("desk lamp")]
    found = engine.search_many(queries, 4, SearchOptions(filters=Filters(price_min=20)))

    assert calls == [["desk lamp", "coffee mug"]]
    assert [result.hits for result in found] == [
        engine.search(q, 4, SearchOptions(filters=Filters(price_min=20))).hits for q in queries
    ]


def test_a_wrong_query_among_many_is_named(engine):
    with pytest.raises(QueryError, match="Query 2: None of the 30 products has the SKU “J99”"):
        engine.search_many([Query("mug"), Query(like=("J99",))])
    assert engine.search_many([]) == []


def test_filters_hold_and_are_counted(engine):
    result = engine.search(
        Query(text="mug"),
        30,
        SearchOptions(filters=Filters(price_min=20, price_max=50, in_stock=True, categories=("Shop",))),
    )

    assert result.n_allowed == 6
    assert {sku[1:] for sku in skus(result)} == {"1", "3"}


def test_exact_and_usual_search_agree_on_a_small_catalog(engine):
    query = Query(text="coffee mug", like=("M1",))

    assert skus(engine.search(query, 10, SearchOptions(exact=True))) == skus(engine.search(query, 10))


def test_more_hits_than_products_gives_all_and_none_allowed_gives_none(engine):
    assert len(engine.search(Query(text="mug"), 500).hits) == 30
    assert engine.search(Query(text="mug"), 5, SearchOptions(filters=Filters(price_min=1e6))).hits == ()


def test_a_search_by_sku_needs_no_encoder():
    def refuse():
        raise AssertionError("the encoder was asked for")

    assert families(make_engine(make_catalog(), refuse).search(Query(like=("J1",)), 5)) == {"J"}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (Query(), "query is empty"),
        (Query(text="  "), "empty"),
        (Query(like=("J99",)), "None of the 30 products has the SKU “J99”"),
        (Query(like=("J1",), unlike=("J1",)), "Liked and disliked at the same time"),
    ],
)
def test_a_query_that_cannot_be_searched_is_refused(engine, query, message):
    with pytest.raises(QueryError, match=message):
        engine.search(query)


def test_scores_do_not_depend_on_the_other_hits(engine):
    few, many = engine.search(Query(text="coffee mug"), 3), engine.search(Query(text="coffee mug"), 30)

    assert [hit.score for hit in few.hits] == [hit.score for hit in many.hits[:3]]


def test_the_table_of_neighbours_says_what_single_searches_say(engine):
    table = engine.neighbours(4)

    assert table.groupby("sku").size().eq(4).all()
    for sku in ("J3", "M7"):
        hits = engine.search(Query(like=(sku,)), 4).hits
        mine = table[table["sku"] == sku]
        assert mine["neighbour_sku"].tolist() == [hit.sku for hit in hits]
        assert np.allclose(mine["score"], [hit.score for hit in hits], atol=1e-5)


def test_across_gives_only_products_of_the_other_shop(engine):
    table = engine.neighbours(3, across="shop")
    shop = engine._catalog.products.set_index("sku")["shop"]

    assert (shop[table["sku"]].to_numpy() != shop[table["neighbour_sku"]].to_numpy()).all()
    assert (table["sku"].str[0] == table["neighbour_sku"].str[0]).all()
    with pytest.raises(QueryError, match="no column “nope”"):
        engine.neighbours(3, across="nope")


def test_many_threads_may_search_at_once(engine):
    expected = skus(engine.search(Query(text="desk lamp"), 10))
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(skus(engine.search(Query(text="desk lamp"), 10))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [expected] * 8


def test_a_sku_is_found_as_the_file_writes_it(engine):
    assert skus(engine.search(Query(like=(" Ｍ4 ",)), 3)) == skus(engine.search(Query(like=("M4",)), 3))


@pytest.mark.parametrize("metric", ["cosine", "ip", "l2"])
def test_the_metric_changes_the_closeness_of_meaning_and_no_other_part(engine, metric):
    usual, other = (e.parts_of(Query(like=("M4",)), "M5") for e in (engine, engine.by(metric)))

    assert (usual["meaning"] == pytest.approx(other["meaning"], abs=1e-4)) == (metric != "l2")
    assert {n: p for n, p in usual.items() if n != "meaning"} == {n: p for n, p in other.items() if n != "meaning"}
    assert families(engine.by(metric).search(Query(like=("M4",)), 9)) == {"M"}


def test_weights_that_leave_nothing_to_compare_by_are_refused(engine):
    with pytest.raises(QueryError, match="parts with a weight: Price"):
        engine.search(Query(text="mug"), options=SearchOptions(weights=Weights(price=1)))
    with pytest.raises(QueryError, match="parts with a weight: Attributes"):
        make_engine(make_catalog_of_titles()).neighbours(3, Weights(attributes=1))
