"""From a catalog's pictures to vectors in the store: each picture is read and encoded once, in whatever catalog."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from prodsim.artifacts import fingerprint
from prodsim.encoders import PictureEncoder, Vectors
from prodsim.look.sketch import N_COLOURS, N_LAYOUT, Sketch, sketch
from prodsim.pictures import PictureError, Pixels, decode, picture_digest
from prodsim.progress import Progress
from prodsim.vectors import VectorStore

PICTURES_PER_SAVE = 256
"""Pictures encoded between two saves: what a kill can lose, a few seconds of a laptop's work."""
READ_AHEAD = 32
"""Pictures read before they are encoded."""
DECODING = 3
"""Raised when pictures are read or sketched in another way."""

Result = TypeVar("Result")
Read = Callable[[str], bytes]
"""Gives the bytes of the picture at a place, or raises ``PictureError``."""


@dataclass(frozen=True, slots=True)
class EncodedPictures:
    """The pictures of a catalog.

    Attributes:
        digests: of the file of each place whose picture can be compared.
        problems: why the picture of a place cannot be, by its place; see ``prodsim.pictures.PROBLEMS``.
        encoded: pictures encoded now; the others were in the store.
    """

    digests: dict[str, bytes]
    problems: dict[str, str]
    encoded: int


def reading_of(encoder: PictureEncoder) -> str:
    """Return a digest of everything that changes what is stored of a picture: the encoder, and how colours are read."""
    return fingerprint("pictures", encoder.fingerprint, DECODING, N_COLOURS, N_LAYOUT)


def open_store(folder: Path, encoder: PictureEncoder) -> VectorStore:
    """Return the store of an encoder's picture vectors; each is followed by the picture's colours and layout."""
    return VectorStore(folder, reading_of(encoder), encoder.dim + N_COLOURS + N_LAYOUT)


def encode_pictures(
    places: Sequence[str], read: Read, encoder: PictureEncoder, store: VectorStore, progress: Progress
) -> EncodedPictures:
    """Encode the pictures that the store lacks, a save every ``PICTURES_PER_SAVE``.

    Args:
        places: where the pictures are, each once.
        read: gives a picture's bytes; called from several threads.
        encoder: of the store's vectors.
        store: is added to.
        progress: advanced by pictures; ``Cancelled`` passes through.
    """
    progress.step("look", len(places), "pictures")
    digests: dict[str, bytes] = {}
    problems: dict[str, str] = {}
    faults: dict[bytes, str] = {}
    encoded = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for start in range(0, len(places), PICTURES_PER_SAVE):
            chunk = places[start : start + PICTURES_PER_SAVE]
            own = _digests(chunk, read, pool, problems)
            digests |= own
            place_of = {digest: place for place, digest in own.items() if digest not in faults}
            missing = [[*place_of][position] for position in store.missing([*place_of])]
            encoded += _encode({digest: place_of[digest] for digest in missing}, read, encoder, store, pool, faults)
            progress.advance(len(chunk))
    problems |= {place: faults[digest] for place, digest in digests.items() if digest in faults}
    return EncodedPictures({p: digest for p, digest in digests.items() if p not in problems}, problems, encoded)


def sketched_vectors(pictures: Iterable[Pixels], encoder: PictureEncoder) -> Vectors:
    """Return a row per picture as the store has it: its vector, its colours, its layout."""
    sketches: list[Sketch] = []

    def passed_on() -> Iterator[Pixels]:
        for pixels in pictures:
            sketches.append(sketch(pixels))
            yield pixels

    vectors = encoder.encode(passed_on())
    return np.hstack([vectors, np.array(sketches, np.float32).reshape(-1, N_COLOURS + N_LAYOUT)])


def _digests(places: Sequence[str], read: Read, pool: Executor, problems: dict[str, str]) -> dict[str, bytes]:
    """Return the digest of each place's file; of those that cannot be read, note why."""

    def digest(place: str) -> bytes | str:
        try:
            return picture_digest(read(place))
        except PictureError as error:
            return error.problem

    digests: dict[str, bytes] = {}
    for place, result in zip(places, pool.map(digest, places), strict=True):
        if isinstance(result, bytes):
            digests[place] = result
        else:
            problems[place] = result
    return digests


def _encode(
    place_of: Mapping[bytes, str],
    read: Read,
    encoder: PictureEncoder,
    store: VectorStore,
    pool: Executor,
    faults: dict[bytes, str],
) -> int:
    """Encode and store pictures by their digests; note why some cannot be read. Returns how many were encoded."""
    encoded: list[bytes] = []

    def pixels_of(digest: bytes) -> Pixels | str:
        try:
            return decode(read(place_of[digest]), encoder.side).pixels
        except PictureError as error:
            return error.problem

    def readable() -> Iterator[Pixels]:
        for digest, result in zip(place_of, _ahead(pool, pixels_of, place_of), strict=True):
            if isinstance(result, str):
                faults[digest] = result
            else:
                encoded.append(digest)
                yield result

    vectors = sketched_vectors(readable(), encoder)
    if encoded:
        store.append(encoded, vectors)
    return len(encoded)


def _ahead(pool: Executor, work: Callable[[bytes], Result], items: Iterable[bytes]) -> Iterator[Result]:
    """Yield the results of ``work`` in order, while at most ``READ_AHEAD`` further ones are made."""
    running: deque[Future[Result]] = deque()
    for item in items:
        running.append(pool.submit(work, item))
        if len(running) > READ_AHEAD:
            yield running.popleft().result()
    while running:
        yield running.popleft().result()
