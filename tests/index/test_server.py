"""What only an index on a server does; by PostgreSQL, and in the contract by every engine."""

import itertools

import numpy as np
import pytest

from prodsim.artifacts import load_artifact, write_artifact
from prodsim.errors import Cancelled, StaleArtifact
from prodsim.index import ExactIndex, ServerIndex, rows_before, unique_vectors
from prodsim.index.postgresql import PostgresServer
from prodsim.index.server import labels_of
from prodsim.progress import Silent
from tests.worlds import random_vectors

NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def server(vector_server):
    return PostgresServer(vector_server)


@pytest.fixture
def name():
    return f"server_{next(NUMBERS)}"


@pytest.fixture
def small_searches_take_candidates(monkeypatch):
    monkeypatch.setattr("prodsim.index.candidates.WALKED", 0.1)


def vectors_of(n, seed=0):
    return unique_vectors(random_vectors(n, seed=seed))[0]


def save(index, folder):
    params = {}
    with write_artifact(folder, params) as work:
        np.save(work / "vectors.npy", index.vectors)
        params.update(index.save(work))
    return folder


def test_an_update_and_the_index_before_it_are_searched_in_one_table(
    server, name, tmp_path, small_searches_take_candidates
):
    first = vectors_of(300)
    second = np.vstack([first[30:], vectors_of(60, seed=5)])
    before = save(ServerIndex.build(server, name, first), tmp_path / "index-1")
    opened = ServerIndex.load(server, before, first)

    updated = ServerIndex.update(server, before, second, rows_before(second, first))

    for index, vectors in ((opened, first), (updated, second), (ServerIndex.load(server, before, first), first)):
        found, truth = (
            index.search(random_vectors(20, seed=9), 10),
            ExactIndex(vectors).search(random_vectors(20, seed=9), 10),
        )
        assert np.mean([np.isin(*lines).mean() for lines in zip(found.rows, truth.rows, strict=True)]) > 0.98
    assert (updated.added, updated.gone, len(server.table(name))) == (60, 30, 360)
    third = second[5:]
    ServerIndex.update(server, save(updated, tmp_path / "index-2"), third, rows_before(third, second))
    assert sorted(server.table(name).labels()) == sorted(labels_of(second))  # what only the first had is gone


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda table, labels: table.drop(), "is no longer there"),
        (lambda table, labels: table.remove(labels[:7]), "has 33 vectors, not 40"),
    ],
)
def test_a_table_that_lacks_what_was_sent_is_not_opened(server, name, tmp_path, damage, problem):
    vectors = vectors_of(40)
    folder = save(ServerIndex.build(server, name, vectors), tmp_path / "index-1")

    damage(server.table(name), labels_of(vectors))

    with pytest.raises(StaleArtifact, match=problem):
        ServerIndex.load(server, folder, vectors)


def test_a_table_of_another_metric_is_not_opened(server, name, tmp_path):
    folder = save(ServerIndex.build(server, name, vectors_of(40), "l2"), tmp_path / "index-1")
    with server.connection() as connection:
        connection.execute(f'COMMENT ON TABLE {name} IS \'{{"dim": 24, "metric": "l2", "format": 99}}\'')

    with pytest.raises(StaleArtifact, match="holds something else"):
        ServerIndex.load(server, folder, vectors_of(40))


def test_a_table_that_goes_in_the_middle_of_a_search_is_told(server, name, small_searches_take_candidates):
    index = ServerIndex.build(server, name, vectors_of(100))
    server.table(name).drop()

    with pytest.raises(StaleArtifact, match="no longer on postgresql://"):
        index.search(random_vectors(1), 5)


def test_the_manifest_says_where_the_vectors_are_and_nothing_secret(server, name, tmp_path):
    facts = load_artifact(save(ServerIndex.build(server, name, vectors_of(40)), tmp_path / "index-1"))

    assert (facts["server"], facts["table"]) == (server.place, name)
    assert "@" not in str(facts)


def test_a_build_can_be_cancelled_between_two_shipments(server, name, monkeypatch):
    class Stopped(Silent):
        def advance(self, n=1):
            raise Cancelled

    monkeypatch.setattr("prodsim.index.server.SENT_ROWS", 10)
    with pytest.raises(Cancelled):
        ServerIndex.build(server, name, vectors_of(40), progress=Stopped())

    assert len(server.table(name)) == 10
