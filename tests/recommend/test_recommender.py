"""Lists for shoppers: taste, interests, reasons, rules, and what nobody had yet."""

import numpy as np
import pytest

from prodsim.errors import CatalogError, QueryError
from prodsim.recommend import Histories, Interactions, UserProfile
from prodsim.recommend.measurement import _by_time
from prodsim.search import Arrangement, Filters, Rule


@pytest.fixture
def recommender(shoppers, opened, events):
    return shoppers.recommender(opened, shoppers.read(events, opened))


def profile(opened, *skus):
    return UserProfile.of([opened.engine.lookup.row(sku) for sku in skus])


def shelves(result):
    return "".join(hit.sku[0] for hit in result.hits)


def test_a_shopper_of_one_shelf_gets_that_shelf_and_nothing_they_had(recommender, opened):
    result = recommender.recommend(profile(opened, "M2", "M3"), 6)

    assert shelves(result) == "MMMMMM"
    assert not {"M2", "M3"} & {hit.sku for hit in result.hits}
    assert "M4" in [hit.sku for hit in result.hits[:3]]


def test_what_was_seen_is_shown_again_when_asked_for(recommender, opened):
    again = recommender.recommend(profile(opened, "M2", "M3"), 12, again=True)

    assert {"M2", "M3"} <= {hit.sku for hit in again.hits}


def test_two_interests_are_both_served_and_not_a_third(recommender, opened):
    result = recommender.recommend(profile(opened, "J1", "J2", "J3", "M5"), 8)

    assert result.n_interests == 2
    assert set(shelves(result)) == {"J", "M"}
    assert len({hit.interest for hit in result.hits}) == 2


def test_parts_add_up_and_reasons_are_products_of_the_history(recommender, opened):
    for hit in recommender.recommend(profile(opened, "M2", "L3"), 10).hits:
        assert hit.score == pytest.approx(sum(hit.parts.values()))
        assert hit.because[0].sku == ("M2" if hit.sku.startswith("M") else "L3")
        assert sum(one.share for one in hit.because) <= 1 + 1e-6


def test_a_product_nobody_had_is_recommended_and_marked(recommender, opened):
    hits = recommender.recommend(profile(opened, "L9", "L10"), 10).hits

    assert [hit.sku for hit in hits if hit.is_new] == ["L11"]


def test_one_click_without_histories_gives_what_is_similar(shoppers, opened):
    result = shoppers.recommender(opened).recommend(profile(opened, "J4"), 5)

    assert shelves(result) == "JJJJJ"
    assert all(set(hit.parts) == {"similar"} for hit in result.hits)


def test_a_shopper_of_whom_nothing_is_known_gets_what_many_like(recommender, shoppers, opened):
    result = recommender.recommend(UserProfile.of([]), 5)

    assert len(result.hits) == 5
    assert "popular products" in result.note
    counts = recommender.sources.collaborative.shoppers[[hit.row for hit in result.hits]]
    assert counts.min() == np.sort(recommender.sources.collaborative.shoppers)[-5]
    with pytest.raises(QueryError, match="nothing to base recommendations on"):
        shoppers.recommender(opened).recommend(UserProfile.of([]), 5)


def test_rules_and_limits_hold_and_are_told_on_the_hits(recommender, opened):
    rules = (Rule("pin", "L0"), Rule("boost", "brand = 'B1'", by=5.0))
    result = recommender.recommend(
        profile(opened, "M2", "M3"), 6, Filters(price_max=20), Arrangement(per_brand=2, rules=rules)
    )

    assert result.hits[0].sku == "L0"
    assert result.hits[0].rules == ("pinned",)
    brands = opened.catalog.products["brand"].iloc[[hit.row for hit in result.hits[1:]]].tolist()
    assert brands[:2] == ["B1", "B1"]
    assert brands.count("B1") == 2
    assert any(hit.moved > 0 for hit in result.hits)
    assert opened.catalog.products["price"].iloc[[hit.row for hit in result.hits]].max() <= 20


def test_the_last_product_counts_more_than_those_before(opened):
    found = profile(opened, "J1", "M1", "J1")

    assert found.rows.tolist() == [opened.engine.lookup.row(sku) for sku in ("J1", "M1")]
    assert found.weights[0] > found.weights[1]
    assert found.weights.sum() == pytest.approx(1)


def test_learning_is_the_same_every_time_and_kept(shoppers, opened, events):
    histories = shoppers.read(events, opened)
    first = shoppers.recommender(opened, histories)
    assert not shoppers.is_learned(opened, histories)  # what is not kept leaves nothing on the disk
    shoppers.keep(histories)
    shoppers.recommender(opened, histories)
    kept = shoppers.recommender(opened, histories)

    asked = profile(opened, "M2")
    assert [hit.score for hit in kept.recommend(asked).hits] == [hit.score for hit in first.recommend(asked).hits]
    assert kept.source_weights == first.source_weights
    assert shoppers.is_learned(opened, histories)
    fewer = Histories(histories.events.iloc[:-1])
    assert not shoppers.is_learned(opened, fewer)


def test_similar_and_bought_together_are_two_lists(shoppers, opened, tmp_path):
    lines = ["user,sku,order_id"]
    for number in range(12):
        lines += [f"u{number},J0,o{number}", f"u{number},M0,o{number}", f"u{number},J1,p{number}"]
    (tmp_path / "orders.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    recommender = shoppers.recommender(opened, shoppers.read(tmp_path / "orders.csv", opened))

    found = recommender.bought_together(opened.engine.lookup.row("J0"), 5)
    assert [one.sku for one in found] == ["M0"]


def test_what_one_basket_holds_comes_after_what_many_hold(shoppers, opened, tmp_path):
    lines = ["user,sku,order_id", "u99,J0,x", "u99,L5,x"]
    for number in range(12):
        lines += [
            f"u{number},J0,o{number}",
            f"u{number},M0,o{number}",
            f"u{number},M0,p{number}",
            f"u{number},M7,p{number}",
        ]
    (tmp_path / "orders.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    recommender = shoppers.recommender(opened, shoppers.read(tmp_path / "orders.csv", opened))

    found = recommender.bought_together(opened.engine.lookup.row("L5"), 5)
    assert found[0].score < 0.2
    assert [one.sku for one in recommender.bought_together(opened.engine.lookup.row("J0"), 5)] == ["M0", "L5"]


def test_measuring_beats_popularity_and_tells_intervals(shoppers, opened, events):
    found = shoppers.measure(opened, shoppers.read(events, opened))
    by_name = {one.name: one for one in found.methods}

    assert found.n == 30
    ours, popular = by_name["prodsim"].metrics["ndcg@10"], by_name["popularity"].metrics["ndcg@10"]
    assert ours.low > popular.high
    assert ours.low <= ours.mean <= ours.high
    assert set(by_name) == {"prodsim", "popularity", "implicit ALS", "implicit BPR", "implicit item-item"}


def test_measuring_by_time_keeps_back_what_came_last(shoppers, opened, events):
    found = shoppers.measure(opened, shoppers.read(events, opened), "time")

    assert 0 < found.n <= 30
    assert found.split == "time"


def test_nothing_that_came_after_the_time_is_learned_from(opened):
    user, row = np.array([0, 0, 1, 1, 0]), np.array([3, 4, 5, 6, 3])
    interactions = Interactions(["a", "b"], user, row, np.ones(5, np.float32), np.zeros(5, np.int64), np.ones(5, bool))

    kept, rest = _by_time(interactions)

    assert not len(kept)  # the last event met no new product
    assert rest.row.tolist() == [3, 4, 5, 6]


def test_a_split_by_time_needs_times(shoppers, opened, tmp_path):
    (tmp_path / "untimed.csv").write_text("user,sku\nu1,J0\nu1,J1\nu2,J0\nu2,J2\n", encoding="utf-8")

    with pytest.raises(CatalogError, match="4 events have no time"):
        shoppers.measure(opened, shoppers.read(tmp_path / "untimed.csv", opened), "time")


def test_a_product_rated_badly_is_never_shown_again(shoppers, recommender, opened, tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text("user,sku,rating\nu1,J0,5\nu1,J1,1\nu1,J2,5\n", encoding="utf-8")
    histories = shoppers.read(path, opened)

    profile = shoppers.profile(opened, histories, shoppers.pseudonym("u1"))
    shown = {hit.sku for hit in recommender.recommend(profile, 36, again=True).hits}

    assert "J0" in shown
    assert "J1" not in shown
    assert shoppers.profiles(opened, histories)[shoppers.pseudonym("u1")].disliked.tolist() == profile.disliked.tolist()


def test_a_measurement_says_of_how_many_shoppers_it_drew(shoppers, opened, events, monkeypatch):
    monkeypatch.setattr("prodsim.recommend.measurement.N_MEASURED", 20)
    found = shoppers.measure(opened, shoppers.read(events, opened))

    assert (found.n, found.n_able) == (20, 30)
    assert found.shoppers == "20 shoppers, drawn at random from 30"
