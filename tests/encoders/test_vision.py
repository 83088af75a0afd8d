"""Models of pictures by folder, tried with small ones of random weights."""

import json

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (
    BertConfig,
    BertModel,
    CLIPConfig,
    CLIPModel,
    Dinov2Config,
    Dinov2Model,
    PreTrainedTokenizerFast,
    ResNetConfig,
    ResNetModel,
)

from prodsim.encoders import open_picture_encoder
from prodsim.errors import EncoderError
from prodsim.search import Query, SearchOptions
from prodsim.settings import Settings
from prodsim.similarity import Weights
from prodsim.workspace import BuildRequest, Workspace
from tests.pictures.drawn import draw

PREPARATION = {"image_mean": [0.5, 0.5, 0.5], "image_std": [0.25, 0.25, 0.25]}
SMALL = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}


def saved(model, folder):
    model.save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text(json.dumps(PREPARATION), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return Settings(tmp_path_factory.mktemp("home"), device="cpu")


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """A CLIP of random weights, in the layout of sentence-transformers."""
    torch.manual_seed(0)
    words = ["[UNK]", "[PAD]", "[EOS]", "red", "blue", "disc"]
    vision = {**SMALL, "image_size": 32, "patch_size": 8}
    text = {**SMALL, "vocab_size": len(words), "max_position_embeddings": 8, "eos_token_id": 2, "pad_token_id": 1}
    folder = tmp_path_factory.mktemp("clip")
    inner = folder / "0_CLIPModel"
    saved(CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=12)), inner)
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]", eos_token="[EOS]"
    ).save_pretrained(inner)
    (folder / "modules.json").write_text(json.dumps([{"path": "0_CLIPModel"}]), encoding="utf-8")
    return folder


def pictures(side):
    return [np.asarray(draw(*what, (side, side))) for what in (("disc", "red"), ("bars", "blue")) for _ in range(6)]


def test_a_clip_model_reads_pictures_and_texts_into_one_space(clip, settings):
    encoder = open_picture_encoder(str(clip), settings)

    vectors, texts = encoder.encode(pictures(encoder.side)), encoder.encode_texts(["red disc", "blue", "red disc"])

    assert (encoder.side, encoder.dim, encoder.reads_texts) == (32, 12, True)
    assert vectors.shape == (12, 12)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    assert np.allclose(vectors[0], vectors[5], atol=1e-4)  # of two batches
    assert np.allclose(texts[0], texts[2], atol=1e-5)
    assert not np.allclose(texts[0], texts[1], atol=1e-3)


def test_a_text_finds_pictures_by_such_a_model(clip, tmp_path):
    lines = ["sku,title,image"]
    for number, (shape, colour) in enumerate((("disc", "red"), ("bars", "blue"), ("square", "green"))):
        draw(shape, colour).save(tmp_path / f"{number}.png")
        lines.append(f"P{number},Article {number},{number}.png")
    (tmp_path / "shop.csv").write_text("\n".join(lines), encoding="utf-8")
    workspace = Workspace(Settings(tmp_path / "home", device="cpu"))
    workspace.build(BuildRequest(tmp_path / "shop.csv", encoder="hashing", picture_encoder=str(clip)))
    opened = workspace.open()

    result = opened.search(Query("red"), 3, SearchOptions(weights=Weights(look=1.0)))
    explained = opened.explain(Query("red"), result.hits[0].sku, Weights(look=1.0))

    assert len({hit.score for hit in result.hits}) == 3
    assert all(hit.score == pytest.approx(hit.parts["look"]) for hit in result.hits)
    assert "of what the text says" in explained.parts[0].sentence


@pytest.mark.parametrize(
    "make",
    [
        lambda: Dinov2Model(Dinov2Config(**SMALL, image_size=28, patch_size=14)),
        lambda: ResNetModel(ResNetConfig(embedding_size=8, hidden_sizes=[8, 16], depths=[1, 1])),
    ],
    ids=["DINO", "ResNet"],
)
def test_models_of_pictures_alone_are_read_too(make, settings, tmp_path):
    torch.manual_seed(0)
    encoder = open_picture_encoder(str(saved(make(), tmp_path / "model")), settings)

    vectors = encoder.encode(pictures(encoder.side))

    assert not encoder.reads_texts
    assert vectors[0] @ vectors[5] > vectors[0] @ vectors[6]


def test_other_weights_have_another_fingerprint(settings, tmp_path):
    first, second = (
        saved(ResNetModel(ResNetConfig(embedding_size=8, hidden_sizes=[8], depths=[1])), tmp_path / name)
        for name in ("first", "second")
    )

    fingerprints = {open_picture_encoder(str(folder), settings).fingerprint for folder in (first, first, second)}

    assert len(fingerprints) == 2


def test_what_is_no_model_of_pictures_is_refused_in_words(settings, tmp_path):
    of_texts = saved(BertModel(BertConfig(vocab_size=8, **SMALL)), tmp_path / "texts")
    unprepared = saved(
        ResNetModel(ResNetConfig(embedding_size=8, hidden_sizes=[8], depths=[1])), tmp_path / "unprepared"
    )
    (unprepared / "preprocessor_config.json").unlink()
    (tmp_path / "empty").mkdir()

    with pytest.raises(EncoderError, match="reads no pictures; it is of the kind bert"):
        open_picture_encoder(str(of_texts), settings)
    with pytest.raises(EncoderError, match=r"how pictures are prepared: preprocessor_config.json"):
        open_picture_encoder(str(unprepared), settings)
    with pytest.raises(EncoderError, match=r"has no model.safetensors"):
        open_picture_encoder(str(tmp_path / "empty"), settings)
    with pytest.raises(EncoderError, match="no picture encoder “lite1”"):
        open_picture_encoder("lite1", settings)
