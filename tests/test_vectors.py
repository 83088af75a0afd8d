import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prodsim.index import ExactIndex
from prodsim.text import text_digests
from prodsim.vectors import VectorStore

DIM = 8


def vectors_of(texts, seed=0):
    """A vector per text that depends on the text alone; every number fits float16."""
    return np.array(
        [[(hash_byte * (i + 3) % 256) / 256 for i, hash_byte in enumerate(d[:DIM])] for d in text_digests(texts)],
        np.float32,
    )


def filled(folder, texts, encoder="e"):
    store = VectorStore(folder, encoder, DIM)
    store.append(text_digests(texts), vectors_of(texts))
    return store


def test_what_was_appended_comes_back_in_any_order_and_after_reopening(tmp_path):
    filled(tmp_path, ["a", "b", "c"])

    store = VectorStore(tmp_path, "e", DIM)

    assert (store.get(text_digests(["c", "a", "c"])) == vectors_of(["c", "a", "c"])).all()
    assert store.missing(text_digests(["b", "x", "x", "y"])) == [1, 3]


@given(st.lists(st.text(max_size=5), min_size=1, max_size=20), st.randoms())
def test_the_order_of_input_does_not_matter(tmp_path_factory, texts, random):
    texts = list(dict.fromkeys(texts))
    shuffled = random.sample(texts, len(texts))
    store = filled(tmp_path_factory.mktemp("store"), shuffled)

    assert (store.get(text_digests(texts)) == vectors_of(texts)).all()


def test_encoders_do_not_mix(tmp_path):
    filled(tmp_path, ["a"], encoder="one")

    assert VectorStore(tmp_path, "two", DIM).missing(text_digests(["a"])) == [0]


def test_a_damaged_segment_is_encoded_again_and_the_others_are_kept(tmp_path):
    store = filled(tmp_path, ["a"])
    store.append(text_digests(["b"]), vectors_of(["b"]))
    victim = next(
        s for s in (tmp_path / "e").iterdir() if (np.load(s / "digests.npy")[0].tobytes() == text_digests(["a"])[0])
    )
    (victim / "vectors.npy").write_bytes(b"")

    assert VectorStore(tmp_path, "e", DIM).missing(text_digests(["a", "b"])) == [0]


def test_wrong_shapes_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"shape \(1, 8\), got \(2, 8\)"):
        VectorStore(tmp_path, "e", DIM).append(text_digests(["a"]), np.zeros((2, 8), np.float32))
    with pytest.raises(KeyError):
        VectorStore(tmp_path, "e", DIM).get(text_digests(["a"]))


APPENDING = """
import sys
from pathlib import Path
import numpy as np
from prodsim.text import text_digests
from prodsim.vectors import VectorStore

folder, number, dim = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
store = VectorStore(folder, "e", dim)
for part in range(5):
    texts = [f"{number} {part} {i}" for i in range(10)]
    store.append(text_digests(texts), np.ones((10, dim), np.float32))
"""


def test_two_processes_may_append_at_once(tmp_path):
    words = [sys.executable, "-c", APPENDING, str(tmp_path)]
    workers = [subprocess.Popen([*words, str(number), str(DIM)]) for number in range(2)]

    assert [worker.wait(300) for worker in workers] == [0, 0]
    assert len(VectorStore(tmp_path, "e", DIM)) == 100


def test_float16_on_disk_keeps_the_neighbours(tmp_path):
    exact = np.random.default_rng(0).normal(size=(2000, 384)).astype(np.float32)
    store = VectorStore(tmp_path, "e", 384)
    digests = text_digests([str(i) for i in range(2000)])
    store.append(digests, exact)

    truth = ExactIndex(exact).search(exact[:100], 10).rows
    stored = ExactIndex(store.get(digests)).search(exact[:100], 10).rows
    kept = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(truth, stored, strict=True)])

    assert kept > 0.99
