import numpy as np
import pytest

from prodsim.errors import StorageError
from prodsim.index import ServerIndex, unique_vectors
from prodsim.index.postgresql import PostgresServer
from tests.worlds import random_vectors


@pytest.fixture(autouse=True)
def no_wait(monkeypatch):
    monkeypatch.setattr("prodsim.index.postgresql.WAIT_S", 0)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda url: url.replace("postgres:@", "reader:not-this@"), "does not accept the user or the password"),
        (lambda url: url.replace("postgres:@", "reader:s3same@"), "does not allow what the index needs"),
        (lambda url: url.replace("/vectors?", "/absent?"), "cannot be reached"),
        (lambda url: "postgresql://shop:not-this@127.0.0.1:1/shop", "cannot be reached"),
        (lambda url: "postgresql://shop:not-this@127.0.0.1:port/shop", "cannot be"),
    ],
)
def test_a_server_that_cannot_be_used_is_told_without_the_password(vector_server, change, problem):
    server = PostgresServer(change(vector_server))

    with pytest.raises(StorageError, match=problem) as told:
        server.table("prodsim_new").create(3)

    assert "not-this" not in str(told.value)


def test_a_connection_that_the_server_has_closed_is_replaced(vector_server, monkeypatch):
    monkeypatch.setattr("prodsim.index.candidates.WALKED", 0.1)
    server = PostgresServer(vector_server)
    index = ServerIndex.build(server, "postgresql_closed", unique_vectors(random_vectors(100))[0])
    before = index.search(random_vectors(1, seed=1), 5)

    with PostgresServer(vector_server).connection() as other:
        other.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid != pg_backend_pid()")

    assert (index.search(random_vectors(1, seed=1), 5).rows == before.rows).all()


def test_a_server_that_goes_down_in_the_middle_is_told_and_found_again(vector_server, monkeypatch):
    monkeypatch.setattr("prodsim.index.candidates.WALKED", 0.1)
    server = PostgresServer(vector_server)
    index = ServerIndex.build(server, "postgresql_down", unique_vectors(random_vectors(100))[0])
    with server.connection() as connection:
        connection.execute("SELECT 1")
        connection.close()

    monkeypatch.setattr(server, "_url", "postgresql://127.0.0.1:1/vectors")
    with pytest.raises(StorageError, match="cannot be reached"):
        index.search(random_vectors(1, seed=1), 5)

    monkeypatch.setattr(server, "_url", vector_server)
    assert index.search(random_vectors(1, seed=1), 5).rows.shape == (1, 5)


def test_numbers_arrive_as_they_are(vector_server):
    table = PostgresServer(vector_server).table("postgresql_numbers")
    vectors = np.array([[1, -2.5, 65504], [6e-8, 0, 0.33325]], np.float16)

    table.create(3)
    table.add(np.array([2**62, 7]), vectors)
    table.add(np.array([7]), vectors[:1])  # there already

    with PostgresServer(vector_server).connection() as connection:
        rows = connection.execute("SELECT id, vector::real[] FROM postgresql_numbers ORDER BY id").fetchall()
    assert [row[0] for row in rows] == [7, 2**62]
    assert (np.array([row[1] for row in rows], np.float16) == vectors[::-1]).all()


def test_vectors_that_are_too_long_are_refused(vector_server):
    with pytest.raises(StorageError, match="up to 4,000 numbers, these have 5,000"):
        PostgresServer(vector_server).table("postgresql_long").create(5000)
