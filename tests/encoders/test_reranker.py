import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from prodsim.encoders.reranker import PAIRS_PER_BATCH, open_reranker
from prodsim.errors import Cancelled, EncoderError
from prodsim.jobs import Job
from prodsim.settings import Settings

PAIRS = [(query, f"{title} {n}") for n in range(9) for query in ("waterproof jacket", "保湿面霜")
         for title in ("rain coat with a hood", "补水面霜 50g", "mug " * 200)]  # fmt: skip


def save_tiny(folder, kind="BertForSequenceClassification", labels=1):
    """A BERT of two layers with random weights, the same each time, that reads letters and some Chinese."""
    import torch
    import transformers

    folder.mkdir()
    torch.manual_seed(0)
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz0123456789补水保湿面霜"]
    tokens += [f"##{letter}" for letter in tokens[5:41]]
    (folder / "vocab.txt").write_text("\n".join(tokens), encoding="utf-8")
    transformers.BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    config = transformers.BertConfig(
        vocab_size=len(tokens), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=64, num_labels=labels, initializer_range=0.5,
    )  # fmt: skip
    getattr(transformers, kind)(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_tiny(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def reranker(folder):
    return open_reranker(str(folder), Settings(folder.parent, device="cpu"))


def by_hand(folder, pairs):
    """The sigmoid of what transformers gives for each pair alone."""
    import torch
    import transformers

    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder).eval()
    with torch.no_grad():
        read = (tokenizer(*pair, truncation=True, max_length=64, return_tensors="pt") for pair in pairs)
        return np.array([torch.sigmoid(model(**inputs).logits[0, 0]).item() for inputs in read])


def test_scores_are_the_models_own_through_one_sigmoid_in_order(reranker, folder):
    scores = reranker.score(PAIRS)

    assert (scores.shape, scores.dtype) == ((len(PAIRS),), np.float32)
    assert np.allclose(scores, by_hand(folder, PAIRS), atol=1e-4)
    assert np.ptp(scores) > 0.01


def test_a_pair_scores_the_same_alone_and_among_others(reranker):
    together = reranker.score(PAIRS)
    alone = np.concatenate([reranker.score([pair]) for pair in PAIRS])

    assert len(PAIRS) > PAIRS_PER_BATCH
    assert np.allclose(together, alone, atol=1e-5)
    assert np.allclose(reranker.score(PAIRS[::-1])[::-1], together, atol=1e-5)


def test_nothing_and_empty_texts_are_allowed(reranker):
    assert reranker.score([]).shape == (0,)
    assert 0 <= reranker.score([("", "")])[0] <= 1


def test_progress_counts_every_pair_and_can_stop(reranker):
    job = Job("a", "A", {})
    job.step("rerank", len(PAIRS), "pairs")
    reranker.score(PAIRS, job)
    assert job.state.done == len(PAIRS)

    job.cancel()
    with pytest.raises(Cancelled):
        reranker.score(PAIRS, job)


def test_only_as_much_is_read_as_there_are_positions(reranker):
    long = "mug " * 100

    assert reranker.max_tokens == 64
    assert reranker.score([("a", long)]) == pytest.approx(reranker.score([("a", long + "jacket")]))


def test_other_weights_have_another_fingerprint(reranker, tmp_path):
    other = save_tiny(tmp_path / "other", labels=1)
    again = open_reranker(str(other), Settings(tmp_path, device="cpu"))
    assert again.fingerprint == reranker.fingerprint

    weights = other / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4] + np.float32(0.25).tobytes())
    assert open_reranker(str(other), Settings(tmp_path, device="cpu")).fingerprint != reranker.fingerprint


@pytest.mark.parametrize(
    ("kind", "labels", "told"),
    [
        ("BertModel", 1, "it is BertModel, which does not score pairs"),
        ("BertForSequenceClassification", 3, "3 classes"),
    ],
)
def test_a_model_that_cannot_rerank_is_refused(tmp_path, kind, labels, told):
    folder = save_tiny(tmp_path / "other", kind, labels)

    with pytest.raises(EncoderError, match=told):
        open_reranker(str(folder), Settings(tmp_path, device="cpu"))


def test_damaged_weights_are_told(tmp_path):
    folder = save_tiny(tmp_path / "broken")
    (folder / "model.safetensors").write_bytes(b"\xab" * 500)

    with pytest.raises(EncoderError, match="cannot be loaded"):
        open_reranker(str(folder), Settings(tmp_path, device="cpu"))


def test_an_unknown_name_is_told_with_what_would_do(home, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")

    with pytest.raises(EncoderError, match="There is no cross-encoder “no-such-model”") as caught:
        open_reranker("no-such-model", Settings(home))
    assert "PRODSIM_ALLOW_DOWNLOAD=1" in caught.value.what


def test_a_folder_without_weights_is_told(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({}))

    with pytest.raises(EncoderError, match="has no model.safetensors"):
        open_reranker(str(tmp_path), Settings(tmp_path))


def test_importing_loads_no_torch():
    code = "import sys, prodsim.encoders.reranker; print([m for m in ('torch', 'sentence_transformers') if m in sys.modules])"

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )

    assert done.stdout.strip() == "[]"
