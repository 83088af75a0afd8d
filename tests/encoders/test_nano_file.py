import json
import struct

import numpy as np
import pytest
from tokenizers import Tokenizer

from prodsim.encoders.nano_file import read_nano, write_transformer

WIDTH, LAYERS, INNER, POSITIONS = 64, 2, 128, 160
SPECIALS = ["<s>", "<pad>", "</s>", "<unk>"]
PIECES = [
    *SPECIALS,
    *"\u2581abcdefghijklmnopqrstuvwxyz:面霜补水0123",
    "\u2581query",
    "\u2581passage",
    "\u2581mug",
    "cera",
    "mic",
]


def nano_bytes(seed=0):
    """A file as the package has it, of a small BERT with random weights; a tab is read as a space."""
    rng = np.random.default_rng(seed)
    spelt = [piece.encode() for piece in PIECES]
    starts = np.cumsum([0, *map(len, spelt)]).astype("<u4")
    scores = np.array([0.0] * len(SPECIALS) + [-float(9 - len(piece)) for piece in PIECES[len(SPECIALS) :]], "<f4")
    replacing = struct.pack("<IBI", 9, 1, 32)
    sizes = struct.pack("<7if i5iQ".replace(" ", ""), WIDTH, LAYERS, 2, INNER, len(PIECES), POSITIONS, 2, 1e-12, 32,
                        len(PIECES), 0, 2, 1, 3, int(starts[-1]))  # fmt: skip
    head = b"E5S1" + struct.pack("<I", 1) + sizes + starts.tobytes() + scores.tobytes() + b"".join(spelt)
    head += struct.pack("<iI", 1, len(replacing)) + replacing
    tensors = list(_tensors(rng))
    entries = [(name.encode(), kind, size, data) for name, kind, size, data in tensors]
    at = len(head) + 4 + sum(2 + len(name) + 21 for name, *_ in entries)
    directory, body = struct.pack("<i", len(entries)), b""
    for name, kind, size, data in entries:
        directory += struct.pack("<H", len(name)) + name + struct.pack("<BIQQ", kind, size, at + len(body), len(data))
        body += data
    return head + directory + body


def _tensors(rng):
    def plain(name, size, around=0.0):
        return name, 0, size, (around + 0.1 * rng.standard_normal(size)).astype("<f4").tobytes()

    def blocks(name, size):
        scales = (0.01 + 0.01 * rng.random(size // 32)).astype("<f2")
        numbers = rng.integers(0, 256, (size // 32, 16), np.uint8)
        data = b"".join(scale.tobytes() + row.tobytes() for scale, row in zip(scales, numbers, strict=True))
        return name, 1, size, data

    yield blocks("emb.word", len(PIECES) * WIDTH)
    yield plain("emb.pos", POSITIONS * WIDTH)
    yield plain("emb.type", 2 * WIDTH)
    yield plain("emb.ln.w", WIDTH, 1.0)
    yield plain("emb.ln.b", WIDTH)
    for layer in range(LAYERS):
        for part, rows, columns in [("q", WIDTH, WIDTH), ("k", WIDTH, WIDTH), ("v", WIDTH, WIDTH), ("ao", WIDTH, WIDTH),
                                    ("fi", INNER, WIDTH), ("fo", WIDTH, INNER)]:  # fmt: skip
            yield blocks(f"l{layer}.{part}.w", rows * columns)
            yield plain(f"l{layer}.{part}.b", rows)
        for part in ("aln", "oln"):
            yield plain(f"l{layer}.{part}.w", WIDTH, 1.0)
            yield plain(f"l{layer}.{part}.b", WIDTH)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    path = tmp_path_factory.mktemp("nano") / "small.bin"
    path.write_bytes(nano_bytes())
    return read_nano(path)


@pytest.fixture(scope="module")
def folder(source, tmp_path_factory):
    folder = tmp_path_factory.mktemp("home") / "written"
    write_transformer(source, folder)
    return folder


def test_sizes_pieces_and_numbers_are_read_as_they_lie_there(source):
    assert source.sizes["hidden_size"] == WIDTH
    assert source.sizes["num_hidden_layers"] == LAYERS
    assert list(source.pieces) == PIECES
    assert source.scores[4] == -8
    assert source.tensors["emb.word"].shape == (len(PIECES) * WIDTH,)
    scales = np.abs(source.tensors["l0.q.w"].reshape(-1, 32)).max(axis=1)
    assert 0.01 * 5 < scales.min() < scales.max() < 0.02 * 8 + 1e-3


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("mug", ["<s>", "\u2581mug", "</s>"]),
        ("ceramic  mug\tａ", ["<s>", "\u2581", "cera", "mic", "\u2581mug", "\u2581", "a", "</s>"]),
        ("面霜", ["<s>", "\u2581", "面", "霜", "</s>"]),
        ("a\x01\u2581b", ["<s>", "\u2581", "a", "\u2581", "b", "</s>"]),
        ("", ["<s>", "</s>"]),
    ],
)
def test_texts_are_cut_into_the_likeliest_pieces(folder, text, pieces):
    assert Tokenizer.from_file(str(folder / "tokenizer.json")).encode(text).tokens == pieces


def test_each_character_that_no_piece_spells_is_unknown_by_itself(folder):
    ids = Tokenizer.from_file(str(folder / "tokenizer.json")).encode("mug ЖЖЖ").ids

    assert ids.count(PIECES.index("<unk>")) == 3


def test_what_is_written_is_a_sentence_transformers_model_with_its_prompts(folder):
    prompts = json.loads((folder / "config_sentence_transformers.json").read_text())["prompts"]

    assert prompts == {"query": "query: ", "document": "passage: "}
    assert json.loads((folder / "1_Pooling" / "config.json").read_text())["pooling_mode_mean_tokens"]
