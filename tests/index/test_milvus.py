import pytest

from prodsim.artifacts import write_artifact
from prodsim.errors import StaleArtifact, StorageError
from prodsim.index import ServerIndex, unique_vectors
from prodsim.index.milvus import MilvusServer
from prodsim.index.server import labels_of
from tests.worlds import random_vectors


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    return MilvusServer(f"{tmp_path_factory.mktemp('milvus').as_uri().replace('file', 'milvus', 1)}/shop.db")


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("milvus://shop:not-this@127.0.0.1:1", "cannot be reached"),
        ("milvus://shop:not-this@127.0.0.1:port", "cannot be understood"),
        ("milvus://", "cannot be understood"),
    ],
)
def test_a_server_that_cannot_be_used_is_told_without_the_password(address, problem):
    with pytest.raises(StorageError, match=problem) as told:
        MilvusServer(address).table("prodsim_new").create(3)

    assert "not-this" not in str(told.value)


def test_the_place_has_no_password():
    assert MilvusServer("milvus+https://shop:not-this@db.example/shop").place == "milvus+https://db.example:19530/shop"


def test_a_saved_index_is_checked_when_it_is_opened(server, tmp_path, monkeypatch):
    monkeypatch.setattr("prodsim.index.candidates.WALKED", 0.1)
    vectors = unique_vectors(random_vectors(60))[0]
    index, params = ServerIndex.build(server, "checked", vectors, "l2"), {}
    with write_artifact(tmp_path / "index-1", params) as work:
        params.update(index.save(work))

    opened = ServerIndex.load(server, tmp_path / "index-1", vectors)
    assert (opened.search(random_vectors(3, seed=1), 5).rows == index.search(random_vectors(3, seed=1), 5).rows).all()
    assert sorted(server.table("checked").labels()) == sorted(labels_of(vectors))

    server.table("checked").remove(labels_of(vectors)[:7])
    with pytest.raises(StaleArtifact, match="has 53 vectors, not 60"):
        ServerIndex.load(server, tmp_path / "index-1", vectors)

    server.table("checked").drop()
    with pytest.raises(StaleArtifact, match="no longer there"):
        ServerIndex.load(server, tmp_path / "index-1", vectors)
    with pytest.raises(StaleArtifact, match="no longer on milvus://"):
        opened.search(random_vectors(1), 5)
