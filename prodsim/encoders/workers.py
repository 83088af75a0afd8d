"""Encoding on several machines: texts go to the workers of a Dask scheduler in shards, vectors come back in order."""

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from prodsim.encoders.converted import PROBES
from prodsim.encoders.probe import agree
from prodsim.encoders.protocol import Coverage, Encoder, TextKind, Vectors
from prodsim.encoders.registry import open_encoder
from prodsim.errors import EncoderError, ProdsimError
from prodsim.extras import optional_packages
from prodsim.phrases import phrase
from prodsim.progress import SILENT, Progress
from prodsim.settings import Settings

if TYPE_CHECKING:
    from distributed import Client, Future

SHARD = 256
"""Texts sent at a time: what a killed worker costs."""
SHARDS_EACH = 8
"""Shards per worker between two saves, so that none of them waits for another for long."""
CONNECT_S = 5
LOOK_S = 1.0
"""Between two looks at whether a worker is left and the person still wants the work."""
ALONE_S = 60
"""How long a build waits for a worker to come, or to come back."""


class Workers:
    """The workers of a Dask scheduler, which all have prodsim installed.

    Dask's own messages between them hold code: whoever reaches the scheduler's port can run programs on its workers.

    Args:
        address: of the scheduler, such as ``tcp://10.0.0.5:8786``, or ``tls://…``.
    """

    def __init__(self, address: str, client: "Client") -> None:
        self._address = address
        self._client = client

    def encoder(self, encoder: Encoder) -> "EncoderOnWorkers":
        """Return an encoder by whose name each worker opens its own."""
        return EncoderOnWorkers(encoder, self)

    @property
    def texts_at_once(self) -> int:
        """Return how many texts keep all workers busy."""
        return SHARD * SHARDS_EACH * max(1, self.count())

    def count(self) -> int:
        """Return how many workers there are now; raises ``EncoderError`` where the scheduler does not answer."""
        with self.told():
            return len(self._client.nthreads())

    @contextmanager
    def told(self) -> Iterator[None]:
        """Raise what Dask raises in the block as ``EncoderError``."""
        with optional_packages():
            from distributed import KilledWorker
        try:
            yield
        except KilledWorker as error:
            raise EncoderError(
                phrase("Several workers died of the same texts."),
                phrase("Give each more memory, or build without --workers. What is encoded is kept."),
            ) from error
        except (OSError, CancelledError) as error:  # a timeout is an OSError, too
            raise _unreachable(self._address) from error
        except RuntimeError as error:
            raise EncoderError(
                phrase("A worker cannot encode: {reason}", reason=str(error)),
                phrase("Each worker needs the same version of prodsim and the same encoder as this machine."),
            ) from error

    def results(self, pending: dict["Future", int], progress: Progress) -> Iterator[tuple[int, Any]]:
        """Yield the value and the result of each pending future, as they come; what is left at the end is cancelled.

        Raises:
            EncoderError: no worker is left, or one of them cannot do it.
            Cancelled: see ``Progress``.
        """
        with optional_packages():
            from distributed import wait
        alone_s = 0.0
        try:
            while pending:
                progress.check()
                try:
                    with self._client.as_current():
                        done = wait(list(pending), timeout=LOOK_S, return_when="FIRST_COMPLETED").done
                except TimeoutError:
                    alone_s = 0.0 if self.count() else alone_s + LOOK_S
                    if alone_s >= ALONE_S:
                        raise _unreachable(self._address) from None
                    continue
                for future in done:
                    with self.told():
                        result = future.result()
                    yield pending.pop(future), result
        finally:
            self._client.cancel(list(pending))

    def submit(self, *task: Any) -> "Future":
        """Send a call of a function; one whose worker dies is sent to another."""
        return self._client.submit(*task, pure=False)


class EncoderOnWorkers:
    """An encoder whose texts are encoded elsewhere; see ``Encoder``.

    Attributes:
        name, dim, fingerprint: of the encoder here, whose vectors those of the workers must be.
    """

    def __init__(self, encoder: Encoder, workers: Workers) -> None:
        self.name = encoder.name
        self.dim = encoder.dim
        self.fingerprint = encoder.fingerprint
        self._encoder = encoder
        self._workers = workers
        self._probes = encoder.encode(PROBES)

    def encode(self, texts: Sequence[str], kind: TextKind = "product", progress: Progress = SILENT) -> Vectors:
        """Encode texts, in order; see ``Encoder.encode``.

        Raises:
            EncoderError: no worker is left, or a worker's encoder gives other vectors than the one here.
        """
        vectors = np.empty((len(texts), self.dim), np.float32)
        starts = range(0, len(texts), SHARD)
        submit = self._workers.submit
        pending = {submit(encode_shard, self.name, kind, list(texts[at : at + SHARD])): at for at in starts}
        for start, (probes, shard) in self._workers.results(pending, progress):
            if not agree(self._probes, probes):
                raise EncoderError(
                    phrase("The encoder {name} of a worker gives other vectors than the one here.", name=self.name),
                    phrase("Install the same versions of prodsim and its packages on all machines."),
                )
            vectors[start : start + len(shard)] = shard
            progress.advance(len(shard))
        return vectors

    def coverage(self, texts: Sequence[str]) -> Coverage:
        """Tell how well the texts can be read."""
        return self._encoder.coverage(texts)


@contextmanager
def open_workers(address: str) -> Iterator[Workers | None]:
    """Connect to a scheduler for the block; ``None`` without an address.

    Raises:
        EncoderError: it is not reached, or its address cannot be understood.
        MissingPackage: Dask is not installed.
    """
    if not address:
        yield None
        return
    with optional_packages():
        from distributed import Client
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what happens to workers is told in words
    try:
        client = Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise _unreachable(address) from error
    try:
        yield Workers(address, client)
    finally:
        client.close()


def encode_shard(name: str, kind: TextKind, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
    """Encode texts on a worker, by its own encoder of that name; also returns the vectors of its probes."""
    try:
        encoder, probes = _opened(name)
        return probes, encoder.encode(texts, kind)
    except ProdsimError as error:
        raise RuntimeError(str(error)) from None  # one that Dask can send


@lru_cache(maxsize=2)
def _opened(name: str) -> tuple[Encoder, Vectors]:
    encoder = open_encoder(name, Settings.from_environment())
    return encoder, encoder.encode(PROBES)


def _unreachable(address: str) -> EncoderError:
    return EncoderError(
        phrase("No worker can be reached by {address}.", address=address),
        phrase("Start `dask scheduler`, and `dask worker` on each machine, then build again. What is encoded is kept."),
    )
