from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from prodsim.artifacts import write_artifact
from prodsim.errors import Cancelled, StaleArtifact
from prodsim.index import ExactIndex, HnswIndex, HnswParams, Neighbours
from prodsim.index.candidates import ranked
from prodsim.progress import Silent
from tests.worlds import families, random_vectors


class Stopped(Silent):
    """Cancels after the first chunk."""

    def __init__(self) -> None:
        self.done = 0

    def advance(self, n: int = 1) -> None:
        self.done += n
        raise Cancelled


class Counting(Silent):
    def __init__(self) -> None:
        self.done = 0

    def advance(self, n: int = 1) -> None:
        self.done += n


def save(index: HnswIndex, folder) -> None:
    params: dict[str, object] = {}
    with write_artifact(folder, params) as work:
        params.update(index.save(work))


def test_ef_is_raised_until_the_recall_suffices():
    vectors = random_vectors(5000, dim=48)
    weak = HnswIndex.build(vectors, "cosine", HnswParams(m=4, ef_construction=20, ef=10))
    queries = random_vectors(100, dim=48, seed=1)

    found, truth = weak.search(queries, 10).rows, ExactIndex(vectors).search(queries, 10).rows

    assert weak.ef > 10
    assert weak.recall >= 0.98
    assert np.mean([np.isin(a, b).mean() for a, b in zip(found, truth, strict=True)]) >= 0.95


def test_a_wider_search_finds_more_and_leaves_the_index_and_other_threads_as_they_are():
    vectors, queries = random_vectors(5000, dim=48), random_vectors(100, dim=48, seed=1)
    index = HnswIndex.build(vectors, "cosine", HnswParams(m=4, ef_construction=20, ef=10))
    truth = ExactIndex(vectors).search(queries, 10).rows
    widths = [10, 2000, 10, 2000]

    alone = [index.at(ef).search(queries, 10).rows for ef in widths]
    with ThreadPoolExecutor() as pool:
        together = list(pool.map(lambda ef: index.at(ef).search(queries, 10).rows, widths))

    narrow, wide = (np.mean([*map(np.isin, found, truth)]) for found in alone[:2])
    assert narrow < 0.6 < 0.95 < wide
    assert np.array_equal(alone, together)
    assert index.ef > 10


def test_a_search_that_looks_at_no_row_is_refused():
    with pytest.raises(ValueError, match="at least 1, got 0"):
        HnswIndex.build(random_vectors(100)).at(0)


def test_a_shuffled_ranking_has_no_recall(monkeypatch):
    vectors = random_vectors(1000)
    honest = HnswIndex._walk

    def shuffled(self: HnswIndex, queries: np.ndarray, k: int) -> Neighbours:
        found = honest(self, queries, k)
        return ranked(self._exact, queries, np.random.default_rng(0).permutation(1000)[found.rows])

    monkeypatch.setattr(HnswIndex, "_walk", shuffled)

    assert HnswIndex.build(vectors).recall < 0.1


def test_every_row_is_in_the_graph_also_those_that_judged():
    vectors, progress = families(40, 25), Counting()

    index = HnswIndex.build(vectors, "cosine", HnswParams(), progress)

    assert (index.search(vectors, 1).rows[:, 0] == np.arange(1000)).all()
    assert progress.done == 1000


def test_a_cancelled_build_stops_after_a_chunk():
    progress = Stopped()

    with pytest.raises(Cancelled):
        HnswIndex.build(random_vectors(5000, dim=4), "cosine", HnswParams(), progress)

    assert progress.done < 5000


def test_an_index_of_other_vectors_is_refused(tmp_path):
    save(HnswIndex.build(random_vectors(100)), tmp_path / "index")

    with pytest.raises(StaleArtifact, match="rows is 100, not 90"):
        HnswIndex.load(tmp_path / "index", random_vectors(90))


def test_a_damaged_graph_is_refused(tmp_path):
    save(HnswIndex.build(random_vectors(100)), tmp_path / "index")
    path = tmp_path / "index" / "hnsw.bin"
    path.write_bytes(bytes(path.stat().st_size))

    with pytest.raises(StaleArtifact, match="hnsw.bin was changed"):
        HnswIndex.load(tmp_path / "index", random_vectors(100))


def exchanged(n: int, lost: int, new: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vectors before and after, in another order, and each row's place before."""
    every = random_vectors(n + new).astype(np.float16)
    rng = np.random.default_rng(1)
    kept = rng.permutation(np.setdiff1d(np.arange(n + new), rng.choice(n, lost, replace=False)))
    return every[:n], every[kept], np.where(kept < n, kept, -1)


@pytest.mark.parametrize("metric", ["cosine", "ip", "l2"])
@pytest.mark.parametrize(("lost", "new"), [(60, 0), (0, 60), (200, 170)])
def test_an_updated_index_finds_what_is_there_now(tmp_path, metric, lost, new):
    before, vectors, was = exchanged(1000, lost, new)
    save(HnswIndex.build(before, metric), tmp_path / "index")

    save(HnswIndex.update(tmp_path / "index", vectors, was), tmp_path / "updated")
    index = HnswIndex.load(tmp_path / "updated", vectors)

    queries = random_vectors(100, seed=2)
    found, truth = index.search(queries, 10), ExactIndex(vectors, metric).search(queries, 10)
    assert (found.rows == truth.rows).mean() >= 0.97
    assert (index.added, index.gone, index.recall >= 0.98) == (new, lost, True)


def test_many_updates_keep_the_recall_that_they_measure(tmp_path):
    every, now = random_vectors(3600, dim=16).astype(np.float16), np.arange(2000)
    save(HnswIndex.build(every[now]), tmp_path / "index")
    for turn in range(8):
        came = np.arange(2000 + 200 * turn, 2200 + 200 * turn)
        after = np.concatenate([now[200:], came])
        was = np.concatenate([np.arange(200, 2000), np.full(200, -1)])
        index, now = HnswIndex.update(tmp_path / "index", every[after], was), after
        save(index, tmp_path / "index")

    queries = random_vectors(200, dim=16, seed=3)
    truth = ExactIndex(every[now]).search(queries, 10).rows
    assert np.mean([*map(np.isin, index.search(queries, 10).rows, truth)]) >= 0.97
    assert (index.added, index.gone) == (1600, 1600)


def test_an_update_raises_ef_where_new_rows_are_not_found(tmp_path):
    vectors = random_vectors(5000, dim=48)
    weak = HnswIndex.build(vectors[:4800], "cosine", HnswParams(m=4, ef_construction=20, ef=10)).at(10)
    save(weak, tmp_path / "index")

    index = HnswIndex.update(tmp_path / "index", vectors, np.where(np.arange(5000) < 4800, np.arange(5000), -1))

    assert index.ef > 10
    assert index.recall >= 0.98
