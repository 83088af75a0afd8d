"""Each page in a language that puts every text into ⟦brackets⟧: no words stand outside them but the catalog's own."""

import gettext
import html
import json
import re

import pytest
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Node

from pages.shared.language import language_name
from prodsim import phrases
from prodsim.ask import example_questions
from prodsim.doctor import FEATURES
from prodsim.phrases import languages
from prodsim.profiles import profiles
from tests.pages.conftest import ROOT
from tests.pages.test_every_page import PAGES

VIEWS = {page: [{}] for page in PAGES} | {
    "pages/search.py": [
        {},
        {"q": "rain jacket", "tune": "true"},
        {"like": ["J0"], "view": "table", "per_brand": "2"},
        {"q": "jacket", "price_min": "9999"},
    ],
    "pages/map.py": [{}, {"highlight": "jacket"}],
    "pages/ask.py": [{}, {"ask": "rain jacket under 52", "learn": "true"}],
}
"""The links that each page is opened by."""
NAMES = ("minilm", *map(language_name, languages()))
"""Encoders and languages, which have one name in every language."""

SHOWN = {
    "label",
    "help",
    "body",
    "placeholder",
    "options",
    "text",
    "value_text",
    "alt",
    "title",
    "html",
    "json",
    "columns",
}
"""Fields of Streamlit's messages whose strings are drawn."""
NO_TEXT = {"", "en", "query-params", "prodsim", "hashing", "shop", "cosine"}
ICON = re.compile(r'<style>.*?</style>|<span class="ps-icon">.*?</span>|:material/\w+:|:\w+(?=\[)', re.DOTALL)
TAG = re.compile(r'<[^>]*?(?:title|aria-label)="([^"]*)"[^>]*>|<[^>]*>')


class Bracketed(gettext.NullTranslations):
    """A language whose texts are the English ones in brackets."""

    def gettext(self, message):
        return f"⟦{message}⟧"

    def ngettext(self, one, many, n):
        return f"⟦{one if n == 1 else many}⟧"


@pytest.fixture
def bracketed(built, monkeypatch):
    """The small shop, shown in brackets."""
    built.open()  # what is written while a catalog is opened stays English
    monkeypatch.setattr(phrases, "_translations", lambda language: Bracketed())
    return built


@pytest.mark.parametrize("page", PAGES)
def test_every_text_is_translatable(bracketed, page):
    values = [*_values_of(bracketed.open().catalog), *(kind.label("en") for kind in profiles().values())]
    untranslated = set()
    for link in VIEWS[page]:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        for name, value in link.items():
            app.query_params[name] = value
        app.switch_page(page).run()
        assert not app.exception
        typed = [word for words in (link.get("q", ""), link.get("ask", "")) for word in [words, *words.split()] if word]
        untranslated |= {word for text in _texts(app._tree) for word in _words_outside(text, [*typed, *values])}

    assert not untranslated


def _values_of(catalog):
    """What a catalog itself says, the longest first."""
    cells = {str(cell) for name in catalog.products for cell in catalog.products[name]}
    parts = {part for cell in cells for part in re.split(r" > |, |\s", cell)}
    return sorted({*cells, *parts, *catalog.attributes, *example_questions(catalog)} - {""}, key=len, reverse=True)


def _texts(node):
    """Every string that a tree of elements shows."""
    if isinstance(node, Block):
        for child in node.children.values():
            yield from _texts(child)
    proto = getattr(node, "proto", None)
    if isinstance(node, Node) and isinstance(proto, Message):
        yield from _strings(proto)


def _strings(message):
    for field, value in message.ListFields():
        many = value if field.is_repeated else [value]
        for item in many:
            if isinstance(item, Message):
                yield from _strings(item)
            elif isinstance(item, str) and field.name in SHOWN:
                yield from _leaves(json.loads(item)) if item.startswith("{") else [item]


def _leaves(value):
    """What is shown of JSON, in which components and columns of tables say what they show."""
    for key, item in value.items():
        if isinstance(item, dict):
            yield from _leaves(item)
        elif isinstance(item, str) and key in SHOWN:
            yield item


def _words_outside(text, values):
    """The words of a text that stand outside brackets, are no markup and no values of the catalog."""
    text = html.unescape(TAG.sub(lambda tag: f" {tag[1] or ''} ", ICON.sub(" ", text)))
    while (inner := re.sub(r"⟦[^⟦⟧]*⟧", " ", text)) != text:
        text = inner
    for value in [*FEATURES, *NAMES, *values]:
        text = text.replace(value, " ")
    return [word for word in re.findall(r"[^\W\d_]{2,}", text) if word not in NO_TEXT]
