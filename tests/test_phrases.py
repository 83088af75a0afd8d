"""Texts are found by gettext's tools, and translated where a catalog has them."""

from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from prodsim import phrases
from prodsim.phrases import ENGLISH, Plural, Text, phrase

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {"Text": None, "Plural": (1, 2), "phrase": None}
GREETING = Text("Find products like {name}")
COUNT = Plural("{n:,} product", "{n:,} products")


@pytest.fixture
def pirate(tmp_path, monkeypatch):
    """A language with a catalog of two texts."""
    folder = tmp_path / "pirate" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    po = tmp_path / "prodsim.po"
    po.write_text(
        'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=n != 1;\\n"\n\n'
        'msgid "Find products like {name}"\nmsgstr "{name}, and mates o\' it"\n\n'
        'msgid "{n:,} product"\nmsgid_plural "{n:,} products"\nmsgstr[0] "{n:,} loot"\nmsgstr[1] "{n:,} loots"\n',
        encoding="utf-8",
    )
    with po.open("rb") as source, (folder / "prodsim.mo").open("wb") as target:
        write_mo(target, read_po(source))
    monkeypatch.setattr(phrases, "LOCALE_FOLDER", tmp_path)
    phrases._translations.cache_clear()
    phrases.read_language_from(lambda: "pirate")
    yield
    phrases.read_language_from(lambda: ENGLISH)
    phrases._translations.cache_clear()


def test_english_texts_stand_in_the_code():
    assert GREETING(name="a mug {x}") == "Find products like a mug {x}"
    assert [COUNT(1), COUNT(0), COUNT(1200)] == ["1 product", "0 products", "1,200 products"]


def test_a_share_is_written_with_a_space():
    assert phrase("{share:.0%} of {name}", share=0.923, name="5%") == "92 % of 5%"


def test_a_text_is_translated_when_it_is_read(pirate):
    assert GREETING(name="rum") == "rum, and mates o' it"
    assert [COUNT(1), COUNT(2)] == ["1 loot", "2 loots"]


def test_a_text_that_a_language_lacks_stays_english(pirate):
    assert phrase("No {what} here", what="rum") == "No rum here"


def test_a_missing_value_is_an_error():
    with pytest.raises(KeyError, match="name"):
        GREETING()


def test_all_texts_are_in_the_template_for_translators():
    written = set()
    for folder in ("prodsim", "pages"):
        for _, _, message, _, _ in extract_from_dir(ROOT / folder, keywords=KEYWORDS):
            written.add(message[0] if isinstance(message, tuple) else message)
    with (phrases.LOCALE_FOLDER / "prodsim.pot").open("rb") as file:
        collected = {m.id[0] if isinstance(m.id, tuple) else m.id for m in read_po(file) if m.id}

    assert written == collected, "run: make texts"
