"""Encoding on workers of the tests' own: two processes on this machine."""

import os
import signal

import numpy as np
import pytest
from distributed import LocalCluster

from prodsim.encoders import open_encoder
from prodsim.encoders.workers import open_workers
from prodsim.errors import EncoderError
from prodsim.progress import Silent
from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, Workspace


@pytest.fixture(scope="module")
def cluster():
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
    ) as running:
        yield running


@pytest.fixture
def encoder(home):
    return open_encoder("hashing", Settings(home))


class Killer(Silent):
    """Kills a worker when the first shard is back."""

    def __init__(self, cluster):
        self.victim = next(iter(cluster.workers.values())).pid
        self.done = 0

    def advance(self, n=1):
        if not self.done:
            os.kill(self.victim, signal.SIGTERM)
        self.done += n


def test_vectors_are_those_of_one_process_also_when_a_worker_is_killed(cluster, encoder, monkeypatch):
    monkeypatch.setattr("prodsim.encoders.workers.SHARD", 16)
    texts = [f"Rain jacket number {number}" for number in range(100)]
    killer = Killer(cluster)

    with open_workers(cluster.scheduler_address) as workers:
        vectors = workers.encoder(encoder).encode(texts, progress=killer)

    assert (vectors == encoder.encode(texts)).all()
    assert killer.done == len(texts)


def test_a_worker_that_gives_other_vectors_is_refused(cluster, encoder):
    with open_workers(cluster.scheduler_address) as workers:
        spread = workers.encoder(encoder)
        spread._probes = np.roll(spread._probes, 1, axis=1)
        with pytest.raises(EncoderError, match="gives other vectors"):
            spread.encode(["Mug"])


def test_what_a_worker_cannot_open_is_told(cluster, encoder):
    with open_workers(cluster.scheduler_address) as workers:
        spread = workers.encoder(encoder)
        spread.name = "no-such-encoder"
        with pytest.raises(EncoderError, match="A worker cannot encode: .*no-such-encoder"):
            spread.encode(["Mug"])


def test_a_scheduler_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setattr("prodsim.encoders.workers.CONNECT_S", 0.1)
    with (
        pytest.raises(EncoderError, match="No worker can be reached by tcp://127.0.0.1:1"),
        open_workers("tcp://127.0.0.1:1"),
    ):
        pass


def test_a_build_on_workers_gives_the_catalog_that_one_process_gives(cluster, shop_home, shop, tmp_path):
    spread = Workspace(Settings(tmp_path / "spread"))

    report = spread.build(BuildRequest(shop, encoder="hashing"), workers=cluster.scheduler_address)

    assert report.encoded == 24
    assert (spread.open().index.vectors == Workspace(Settings(shop_home)).open().index.vectors).all()
