"""What every index must do; run by each of them, with each metric where it matters."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from prodsim.artifacts import write_artifact
from prodsim.index import ExactIndex, GroupedIndex, HnswIndex, Index, Metric, ServerIndex, Vectors, unique_vectors
from prodsim.index.milvus import MilvusServer
from prodsim.index.postgresql import PostgresServer
from tests.worlds import families, fan, random_vectors, two_families, with_copies

METRICS = ("cosine", "ip", "l2")


def make_exact(vectors: Vectors, metric: Metric = "cosine") -> Index:
    return ExactIndex(vectors, metric)


def make_hnsw(vectors: Vectors, metric: Metric = "cosine") -> Index:
    return HnswIndex.build(vectors, metric)


def make_grouped(vectors: Vectors, metric: Metric = "cosine") -> Index:
    unique, group_of = unique_vectors(vectors)
    return GroupedIndex(HnswIndex.build(unique, metric), group_of)


@pytest.fixture(scope="session")
def make_postgresql(vector_server):
    server, numbers = PostgresServer(vector_server), itertools.count()

    def make(vectors: Vectors, metric: Metric = "cosine") -> Index:
        unique, group_of = unique_vectors(vectors)
        return GroupedIndex(ServerIndex.build(server, f"contract_{next(numbers)}", unique, metric), group_of)

    return make


@pytest.fixture(scope="session")
def make_milvus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("milvus").as_uri().replace("file", "milvus", 1)
    server, numbers = MilvusServer(f"{folder}/contract.db"), itertools.count()

    def make(vectors: Vectors, metric: Metric = "cosine") -> Index:
        unique, group_of = unique_vectors(vectors)
        return GroupedIndex(ServerIndex.build(server, f"contract_{next(numbers)}", unique, metric), group_of)

    return make


@pytest.fixture(params=[make_exact, make_hnsw, make_grouped, "make_postgresql", "make_milvus"])
def make_index(request, monkeypatch):
    # So that filters and batches of a test's size go through the graph, as those of a large catalog do.
    monkeypatch.setattr("prodsim.index.candidates.FEW_ROWS", 20)
    monkeypatch.setattr("prodsim.index.candidates.WALKED", 0.1)
    return request.getfixturevalue(request.param) if isinstance(request.param, str) else request.param


def by_hand(vectors: Vectors, query: Vectors, metric: Metric) -> np.ndarray:
    """Scores as the definition says, in float64."""
    rows, one = vectors.astype(np.float16).astype(np.float64), query.astype(np.float64)
    if metric == "ip":
        return rows @ one
    if metric == "l2":
        return 1 / (1 + np.linalg.norm(rows - one, axis=1))
    return rows @ one / np.linalg.norm(rows, axis=1) / np.linalg.norm(one)


def test_neighbours_stay_in_their_family(make_index):
    vectors = two_families(n=10)

    found = make_index(vectors).search(vectors, k=10)

    assert ((found.rows < 10) == (np.arange(20) < 10)[:, None]).all()


@pytest.mark.parametrize("metric", ["cosine", "l2"])
def test_nearer_comes_first(make_index, metric):
    found = make_index(fan(30), metric).search(fan(30)[:1], k=30)

    assert found.rows[0].tolist() == list(range(30))
    assert (np.diff(found.scores[0]) < 0).all()


@pytest.mark.parametrize("metric", METRICS)
def test_finds_what_comparing_by_hand_finds(make_index, metric):
    vectors, queries = random_vectors(400).astype(np.float16), random_vectors(20, seed=1)

    found = make_index(vectors, metric).search(queries, k=10)

    for rows, query in zip(found.rows, queries, strict=True):
        right = np.argsort(-by_hand(vectors, query, metric))[:10]
        assert len(np.intersect1d(rows, right)) >= 9


@pytest.mark.parametrize("metric", METRICS)
def test_scores_are_exact_and_best_first(make_index, metric):
    vectors, query = random_vectors(300).astype(np.float16), random_vectors(1, seed=1)

    found = make_index(vectors, metric).search(query, k=20)

    right = by_hand(vectors, query[0], metric)[found.rows[0]]
    np.testing.assert_allclose(found.scores[0], right, rtol=1e-5, atol=1e-6)
    assert (np.diff(found.scores[0]) <= 0).all()


@pytest.mark.parametrize("metric", METRICS)
def test_exact_is_exact_whatever_the_index(make_index, metric):
    vectors, queries = random_vectors(300).astype(np.float16), random_vectors(10, seed=1)

    found = make_index(vectors, metric).search(queries, 15, exact=True)
    judge = ExactIndex(vectors, metric).search(queries, 15)

    assert (found.rows == judge.rows).all()
    assert (found.scores == judge.scores).all()


@pytest.mark.parametrize("metric", METRICS)
def test_scores_of_chosen_rows_are_those_of_the_search(make_index, metric):
    index, query = make_index(random_vectors(200).astype(np.float16), metric), random_vectors(1, seed=1)

    found = index.search(query, k=30)

    assert (index.scores(query, found.rows[0]) == found.scores).all()


def test_one_by_one_is_the_same_as_all_at_once(make_index):
    index, queries = make_index(random_vectors(300)), random_vectors(40, seed=1)

    together = index.search(queries, k=5)
    alone = [index.search(query[None], k=5) for query in queries]

    assert (together.rows == np.vstack([found.rows for found in alone])).all()
    assert (together.scores == np.vstack([found.scores for found in alone])).all()


@pytest.mark.parametrize("n_allowed", [1, 15, 60, 299])
def test_filters_never_leak_and_lose_nothing(make_index, n_allowed):
    index = make_index(families(30, 10))
    rows = np.sort(np.random.default_rng(2).choice(300, n_allowed, replace=False))

    found = index.search(random_vectors(20, seed=1), k=10, rows=rows)

    assert found.rows.shape == (20, min(10, n_allowed))
    assert np.isin(found.rows, rows).all()
    assert all(len(set(line)) == len(line) for line in found.rows.tolist())


def test_a_filter_far_from_the_query_still_gives_its_best(make_index):
    vectors = families(30, 10)
    others = np.arange(10, 300)[::3]

    found = make_index(vectors).search(vectors[:1], k=5, rows=others)

    assert (
        found.rows[0].tolist() == ExactIndex(vectors.astype(np.float16)).search(vectors[:1], 5, others).rows[0].tolist()
    )


def test_allowed_rows_may_come_in_any_order_and_twice(make_index):
    found = make_index(fan(30)).search(fan(30)[:1], k=5, rows=np.array([9, 4, 9, 2, 4]))

    assert found.rows.tolist() == [[2, 4, 9]]


def test_no_allowed_rows_give_no_answers(make_index):
    found = make_index(fan(30)).search(fan(30)[:2], k=5, rows=np.empty(0, np.int64))

    assert found.rows.shape == found.scores.shape == (2, 0)


@pytest.mark.parametrize("row", [-1, 30])
def test_a_filter_with_an_unknown_row_is_refused(make_index, row):
    with pytest.raises(ValueError, match=f"rows must lie in 0 to 29, got {row}"):
        make_index(fan(30)).search(fan(30)[:1], k=5, rows=np.array([3, row]))


def test_more_than_there_are_gives_all(make_index):
    found = make_index(two_families(10)).search(two_families(10)[:3], k=50)

    assert np.sort(found.rows, axis=1).tolist() == [list(range(20))] * 3


def test_more_than_the_graph_looks_at_gives_as_many_as_asked(make_index):
    vectors = families(40, 20)

    found = make_index(vectors).search(vectors[:5], k=400)

    assert found.rows.shape == (5, 400)
    assert (found.rows[:, :20] < 20).all()


@pytest.mark.parametrize("shape", [(1, 5), (3,), (2, 3, 1)])
def test_queries_of_another_width_are_refused(make_index, shape):
    with pytest.raises(ValueError, match=r"queries must have shape \(n, 3\), got"):
        make_index(fan(30)).search(np.ones(shape, np.float32), k=5)


def test_asking_for_none_is_refused(make_index):
    with pytest.raises(ValueError, match="k must be at least 1, got 0"):
        make_index(fan(30)).search(fan(30)[:1], k=0)


def test_no_queries_give_no_answers(make_index):
    assert make_index(fan(30)).search(fan(30)[:0], k=5).rows.shape == (0, 5)


@pytest.mark.parametrize("metric", METRICS)
def test_an_empty_index_gives_no_answers(make_index, metric):
    index = make_index(np.empty((0, 3), np.float32), metric)

    assert len(index) == 0
    assert index.search(fan(30)[:2], k=5).rows.shape == (2, 0)


@pytest.mark.parametrize("metric", METRICS)
def test_one_vector_is_its_own_answer(make_index, metric):
    index = make_index(fan(30)[:1], metric)

    assert index.search(fan(30)[5:6], k=5).rows.tolist() == [[0]]


def test_equal_vectors_come_in_row_order(make_index):
    vectors = with_copies(random_vectors(40), row=7, n=25)

    found = make_index(vectors).search(vectors[7:8], k=20, exact=True)

    assert found.rows[0].tolist() == [7, *range(40, 59)]


def test_a_vector_of_zeros_is_close_to_nothing_by_cosine(make_index):
    vectors = np.vstack([np.zeros((1, 3), np.float32), fan(30)])

    found = make_index(vectors).search(fan(30)[:1], k=31)

    assert found.scores[0][found.rows[0] == 0].tolist() == [0.0]


def test_threads_get_the_answers_that_one_alone_gets(make_index):
    index, queries = make_index(random_vectors(2000)), random_vectors(60, seed=1)
    rows = np.arange(0, 2000, 2)

    def ask(number: int) -> np.ndarray:
        # Different numbers of answers at once, so that one search could disturb another's depth.
        k = 5 if number % 2 else 150
        return index.search(queries[number : number + 1], k, rows if number % 3 == 0 else None).rows

    alone = [ask(number) for number in range(60)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(ask, range(60)))

    assert all((a == b).all() for a, b in zip(alone, together, strict=True))


@pytest.mark.parametrize("metric", METRICS)
def test_saved_and_loaded_gives_the_same_answers(metric, tmp_path):
    vectors, queries = random_vectors(500).astype(np.float16), random_vectors(20, seed=1)
    index = HnswIndex.build(vectors, metric)
    params: dict[str, object] = {}
    with write_artifact(tmp_path / "index", params) as work:
        params.update(index.save(work))

    loaded = HnswIndex.load(tmp_path / "index", vectors)

    assert (loaded.ef, loaded.recall, loaded.metric) == (index.ef, index.recall, metric)
    assert (loaded.search(queries, 10).rows == index.search(queries, 10).rows).all()
