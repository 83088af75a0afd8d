"""Texts are found by gettext's tools, and translated where a catalog has them."""

import json
import string
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from prodsim import phrases
from prodsim.findings import Finding
from prodsim.phrases import ENGLISH, Plural, Text, joined, nearest_language, phrase, retold

ROOT = Path(__file__).resolve().parent.parent
PO_FILES = sorted(phrases.LOCALE_FOLDER.glob("*/LC_MESSAGES/*.po"))
KEYWORDS = {"Text": None, "Plural": (1, 2), "phrase": None}
GREETING = Text("Find products like {name}")
COUNT = Plural("{n:,} product", "{n:,} products")


@pytest.fixture
def german(tmp_path, monkeypatch):
    """A language with a catalog of four texts, read by everybody."""
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "prodsim.po").write_text(
        'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=n != 1;\\n"\n\n'
        'msgid "Find products like {name}"\nmsgstr "Produkte wie {name}"\n\n'
        'msgid "{first}, {rest}"\nmsgstr "{first}/{rest}"\n\n'
        'msgid "the catalog"\nmsgstr "der Katalog"\n\n'
        'msgid "{n:,} product"\nmsgid_plural "{n:,} products"\nmsgstr[0] "{n:,} Produkt"\nmsgstr[1] "{n:,} Produkte"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(phrases, "LOCALE_FOLDER", tmp_path)
    phrases._translations.cache_clear()
    phrases.languages.cache_clear()
    phrases.read_language_from(lambda: "de")
    yield
    phrases.read_language_from(lambda: ENGLISH)
    phrases._translations.cache_clear()
    phrases.languages.cache_clear()


def test_english_texts_stand_in_the_code():
    assert GREETING(name="a mug {x}") == "Find products like a mug {x}"
    assert [COUNT(1), COUNT(0), COUNT(1200)] == ["1 product", "0 products", "1,200 products"]


def test_a_share_is_written_with_a_space():
    assert phrase("{share:.0%} of {name}", share=0.923, name="5%") == "92 % of 5%"


def test_a_text_is_translated_when_it_is_read(german):
    assert GREETING(name="Rum") == "Produkte wie Rum"
    assert [COUNT(1), COUNT(2)] == ["1 Produkt", "2 Produkte"]
    assert phrases.languages() == (ENGLISH, "de")


def test_a_text_that_a_language_lacks_stays_english(german):
    assert phrase("No {what} here", what="rum") == "No rum here"


def test_numbers_are_written_as_the_language_writes_them(german):
    assert COUNT(12345) == "12.345 Produkte"
    assert phrase("{share:.1%} of {file}", share=0.1234, file="v1.2.csv") == "12,3\N{NO-BREAK SPACE}% of v1.2.csv"


def test_texts_are_joined_as_the_language_joins_them(german):
    assert joined(["a", phrase("the catalog"), "b"]) == "a/der Katalog/b"
    assert (joined([]), joined(["a"])) == ("", "a")


def test_a_text_is_told_again_to_another_reader(german):
    german_text = GREETING(name=joined(["2.5", phrase("the catalog")]))
    saved = json.loads(json.dumps(Finding("kind", german_text, evidence={"n": 2}).saved()))
    finding = Finding.of_saved(saved)

    assert (german_text, finding.what) == ("Produkte wie 2.5/der Katalog", "Find products like 2.5, the catalog")
    assert retold(finding.what) == german_text
    assert retold("as it is") == "as it is"


def test_a_finding_that_an_earlier_version_saved_is_read(german):
    assert Finding.of_saved({"kind": "old", "what": "the catalog", "skus": ["P1"]}) == Finding(
        "old", "the catalog", ("P1",)
    )


@pytest.mark.parametrize(
    ("tag", "language"),
    [("zh-CN", "zh_CN"), ("zh-Hant-TW", "zh_CN"), ("en-GB", "en"), ("xx", "en"), ("", "en")],
)
def test_a_tag_names_the_nearest_language_that_has_texts(tag, language):
    assert nearest_language(tag) == language


def test_a_missing_value_is_an_error():
    with pytest.raises(KeyError, match="name"):
        GREETING()


def test_all_texts_are_in_the_template_and_in_each_language():
    written = set()
    for folder in ("prodsim", "pages"):
        for _, _, message, _, _ in extract_from_dir(ROOT / folder, keywords=KEYWORDS):
            written.add(message)

    assert _messages(phrases.LOCALE_FOLDER / "prodsim.pot").keys() == written, "run: make texts"
    for po in PO_FILES:
        assert _messages(po).keys() == written, "run: make texts"


@pytest.mark.parametrize("po", PO_FILES, ids=lambda po: po.parts[-3])
def test_every_text_is_translated_with_its_values(po):
    wrong = []
    for message, translated in _messages(po).items():
        english = message if isinstance(message, str) else message[1]
        texts = [translated] if isinstance(translated, str) else translated
        wrong += [english for text in texts if not text or _values(text) != _values(english)]

    assert wrong == []


def _messages(path):
    with path.open("rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id and not message.fuzzy}


def _values(text):
    """The names of a text's values, with their formats."""
    return sorted(str(value[1:]) for value in string.Formatter().parse(text) if value[1] is not None)
