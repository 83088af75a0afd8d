import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prodsim.errors import QueryError
from prodsim.learn import NAMES, Judged, Judgements, learn_weights, read_judgements, splits
from prodsim.records import Judgement
from prodsim.settings import Settings
from prodsim.similarity import Weights
from prodsim.workspace import BuildRequest, Workspace

WORDS = ["red", "blue", "small", "large", "soft", "lamp", "chair", "mug", "红色", "蓝色", "台灯", "椅子", "杯子"]
N = 91


@pytest.fixture(scope="module")
def titles():
    """Words at random, English and Chinese."""
    rng = np.random.default_rng(0)
    return [" ".join(rng.choice(WORDS, 5)) for _ in range(N)]


@pytest.fixture(scope="module")
def engine(tmp_path_factory, titles):
    """Product P<i> is of brand i % 9, and of one of seven prices far apart: that of i % 7."""
    lines = [f"P{i},{title},Brand{i % 9},{3 ** (i % 7)}" for i, title in enumerate(titles)]
    folder = tmp_path_factory.mktemp("learn")
    file = folder / "random.csv"
    file.write_text("\n".join(["sku,title,brand,price", *lines]) + "\n", encoding="utf-8")
    workspace = Workspace(Settings(folder / "home"))
    workspace.build(BuildRequest(file, encoder="hashing"))
    return workspace.open().engine


def pairs_of(n, grade, seed=1):
    """Each product with another; half of the pairs have one price."""
    rng = np.random.default_rng(seed)
    a = rng.permutation(N)[:n].tolist()
    b = [(i + (7 if place % 2 else 1 + place % 6)) % N for place, i in enumerate(a)]
    return [Judged(f"P{i}", f"P{j}", grade(i, j, rng)) for i, j in zip(a, b, strict=True)]


def same_price(a, b, _):
    return float(a % 7 == b % 7)


def by_chance(_a, _b, rng):
    return float(rng.integers(2))


def share(weights, name):
    return weights.as_dict()[name] / sum(weights.as_dict().values())


def test_the_part_that_decides_gets_most_weight_and_unseen_judgements_are_told_better(engine):
    found = learn_weights(engine, pairs_of(80, same_price))

    assert share(found.weights, "price") > 0.3 > 0.1 > share(engine.weights, "price")
    assert found.weights.price == max(found.weights.as_dict().values()) == max(engine.weights.as_dict().values())
    assert found.auc.learned > 0.95 > found.auc.present + 0.1
    assert found.is_better
    assert re.fullmatch(
        r"better on held-out judgements: AP \S+ compared with \S+ \(difference .*95 % interval .* to .*\)",
        found.verdict,
    )


def test_chance_is_never_told_better_and_seldom_moves_the_weights(engine):
    found = [learn_weights(engine, pairs_of(80, by_chance, seed)) for seed in range(5)]

    moved = [max(abs(share(one.weights, name) - share(engine.weights, name)) for name in NAMES) for one in found]
    assert sum(most > 0.05 for most in moved) <= 1  # 80 throws of a coin can look like a rule
    assert not any(one.is_better for one in found)
    assert all(one.verdict.endswith("keep the current weights") for one in found)


def test_texts_teach_too(engine, titles):
    texts = {i: f"{titles[i + 1]} Brand{i % 9}" for i in range(0, 80, 2)}  # the brand of one, the words of the next
    judged = [Judged(text, f"P{i + place}", 1.0 - place, is_text=True) for i, text in texts.items() for place in (0, 1)]

    found = learn_weights(engine, judged)

    assert found.n == 80
    assert found.weights.identifiers > found.weights.words  # "Brand3" is a name with a digit
    assert found.is_better


def test_what_names_no_product_or_a_product_itself_is_counted_and_left_out(engine):
    judged = [Judged("P1", "P2", 1), Judged("P1", "gone", 1), Judged("gone", "P2", 0), Judged("P3", "P3", 1)]

    data, n_left_out = read_judgements(engine, [*judged, Judged("p3", "P3", 1, is_text=True)])

    assert data.ends.tolist() == [[1, 2]]
    assert n_left_out == 4


def test_a_text_that_names_a_product_counts_as_that_product(engine):
    data, _ = read_judgements(engine, [Judged("p3", "P4", 1, is_text=True), Judged("P3", "P4", 1)])

    assert data.ends.tolist() == [[3, 4], [3, 4]]
    assert not data.is_text.any()
    assert (data.parts[0] == data.parts[1]).all()


def test_the_score_is_the_one_a_search_shows(engine):
    from prodsim.search import Query

    data, _ = read_judgements(engine, [Judged("P1", "P2", 1), Judged("台灯 red", "P5", 0, is_text=True)])
    shown = [engine.parts_of(Query(like=("P1",)), "P2"), engine.parts_of(Query("台灯 red"), "P5")]

    score = data.score(np.array(list(engine.weights.as_dict().values())))

    assert score == pytest.approx([sum(parts.values()) for parts in shown], abs=1e-6)


@given(
    st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25), st.booleans()), min_size=2, max_size=60),
    st.integers(2, 5),
)
def test_no_product_is_on_both_sides_of_a_split(edges, n_folds):
    data = numbers(edges)

    for train, held_out in splits(data, n_folds):
        assert not set(data.ends[train].ravel()) & set(data.ends[held_out].ravel())
        assert held_out.any()
        assert min(data[train].of_each_kind) > 0


def test_judgements_that_share_no_product_are_each_held_out_once():
    data = numbers([(2 * i, 2 * i + 1, i % 3 == 0) for i in range(60)])

    held_out = [mask for _, mask in splits(data, 5)]

    assert (np.sum(held_out, axis=0) == 1).all()
    assert [data[mask].of_each_kind for mask in held_out] == [(4, 8)] * 5


def test_a_chain_of_products_is_cut_where_few_judgements_are_lost():
    data = numbers([(i, i + 1, i % 2 == 0) for i in range(100)])

    assert np.sum([held_out for _, held_out in splits(data, 5)]) >= 90


@pytest.mark.parametrize(
    ("n", "told", "fix"),
    [
        (20, "too few judgements to learn from: 1", "10 more pairs in total"),
        (0, "0 good matches and 0 bad", "30 more pairs in total, 8 more good matches, 8 more bad matches"),
    ],
)
def test_too_few_are_refused_with_how_many_more_would_do(engine, n, told, fix):
    with pytest.raises(QueryError, match=told) as caught:
        learn_weights(engine, pairs_of(n, same_price))

    assert fix in caught.value.fix


def test_too_few_of_one_kind_are_refused(engine):
    with pytest.raises(QueryError, match=r"40 good matches and 0 bad matches. Judgements that cannot be used: 1"):
        learn_weights(engine, [*pairs_of(40, lambda *_: 1.0), Judged("gone", "P1", 0)])


def test_judgements_of_one_product_are_refused(engine):
    judged = [Judged("P0", f"P{i}", float(i % 2)) for i in range(1, 60)]

    with pytest.raises(QueryError, match="59 judgements are about too few products") as caught:
        learn_weights(engine, judged)

    assert "for other products" in caught.value.fix


@pytest.mark.parametrize("grade", [-0.1, 1.1, float("nan")])
def test_a_grade_outside_0_to_1_is_refused(grade):
    with pytest.raises(ValueError, match="grade must be in"):
        Judged("P1", "P2", grade)


def test_a_kept_judgement_is_taken_with_what_it_was_judged_for():
    assert Judged.of(Judgement("P2", "P1", 0.5)) == Judged("P1", "P2", 0.5)
    assert Judged.of(Judgement("", "P1", 1, "台灯 red")) == Judged("台灯 red", "P1", 1, is_text=True)


def test_the_same_judgements_teach_the_same(engine):
    judged, weights = pairs_of(60, same_price), Weights.preset("same product")

    assert learn_weights(engine, judged, weights) == learn_weights(engine, judged, weights)


def numbers(edges):
    """Judgements of which only the products and the kind matter."""
    n = len(edges)
    a, b, kind = zip(*edges, strict=True)
    parts = np.zeros((n, len(NAMES)))
    return Judgements(np.column_stack([a, b]), parts, parts == 0, np.zeros(n, bool), np.array(kind, np.float64))
