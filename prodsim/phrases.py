"""The texts that people read: written in English where they are used, translated by gettext's catalogs.

A text with a name of its own is a ``Text``, or a ``Plural`` where a number decides; a text that is made where it is
used goes through ``phrase``. ``make texts`` collects them into ``prodsim/locale/prodsim.pot`` and puts what is new into
each language; a language is a folder beside it.
"""

import gettext
import io
import re
import string
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast

from prodsim.profiles import Profile, profile_of, reworded

DOMAIN = "prodsim"
LOCALE_FOLDER = Path(__file__).parent / "locale"
ENGLISH = "en"

Value = TypeVar("Value")
Message: TypeAlias = str | tuple[str, str]
"""English: a text, or one for a single thing and one for several, of which the value ``n`` decides."""

_language: Callable[[], str] = lambda: ENGLISH  # noqa: E731


def read_language_from(source: Callable[[], str]) -> None:
    """Ask this function for the reader's language whenever a text is made.

    It is such as ``en`` or ``zh_CN``, or ``en@films`` for the words of a kind of catalog; see ``prodsim.profiles``.
    """
    global _language
    _language = source


def reader_language() -> str:
    """Return the reader's language, such as ``en`` or ``zh_CN``."""
    return _language().partition("@")[0]


def reader_profile() -> Profile:
    """Return the kind of catalog that the reader has open; that of products where nobody said."""
    return profile_of(_language().partition("@")[2])


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that there are texts in, English first."""
    return (ENGLISH, *sorted(path.parts[-3] for path in LOCALE_FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po")))


def nearest_language(tag: str) -> str:
    """Return the language with texts for a tag such as ``zh-CN``; else one of the same name; else English."""
    wanted = tag.replace("-", "_")
    if wanted in languages():
        return wanted
    name = wanted.partition("_")[0].lower()
    return next((language for language in languages() if language.partition("_")[0] == name), ENGLISH)


class Sentence(str):
    """What texts and phrases give: it remembers what it was made of, so that ``retold`` can make it anew.

    Attributes:
        message: the English original.
        values: what stands in place of each ``{name}``.
        language: the text's own, as ``read_language_from`` has it.
    """

    message: Message
    values: Mapping[str, Any]
    language: str

    @classmethod
    def of(cls, text: str, message: Message, values: Mapping[str, Any], language: str) -> "Sentence":
        """Let a text remember what it was made of."""
        sentence = cls(text)
        sentence.message, sentence.values, sentence.language = message, values, language
        return sentence

    @classmethod
    def made(cls, message: Message, values: Mapping[str, Any], language: str) -> "Sentence":
        """Make the text in a language, and with it the sentences among its values."""
        spoken, _, profile = language.partition("@")
        if isinstance(message, tuple):
            template = _translations(spoken).ngettext(*message, values["n"])
        else:
            template = _translations(spoken).gettext(message)
        template = reworded(template, spoken, profile) if profile else template
        own = {name: _in_language(value, language) for name, value in values.items()}
        return cls.of(_formatter(spoken).vformat(template, (), own), message, values, language)

    def parts(self) -> dict[str, Any]:
        """Return message and values such that JSON can hold them."""
        return {"message": self.message, "values": {name: _plain(value) for name, value in self.values.items()}}

    @classmethod
    def of_parts(cls, text: str, parts: Mapping[str, Any]) -> "Sentence":
        """Let an English text remember what ``parts`` gave; the sentences within it are made when they are needed."""
        message = parts["message"]
        values = {name: cls.of_parts("", v) if isinstance(v, dict) else v for name, v in parts["values"].items()}
        return cls.of(text, message if isinstance(message, str) else tuple(message), values, ENGLISH if text else "")


def retold(text: str) -> str:
    """Return a text in the reader's language and words, whoever it was made for; no ``Sentence`` as it is."""
    return _in_language(text, _language())


def in_english(text: str) -> str:
    """Return a text in English, whoever it was made for; one that is no ``Sentence`` as it is."""
    return _in_language(text, ENGLISH)


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the screens. Called, it gives the text in the reader's language.

    Attributes:
        message: English; ``{name}`` stands for a value, with the format of ``str.format``; ``{{`` is a brace.
    """

    message: str

    def __call__(self, **values: object) -> str:
        """Return the text with these values; a value that is not given is a KeyError."""
        return phrase(self.message, **values)


@dataclass(frozen=True, slots=True)
class Plural:
    """A text that depends on a number, ``{n}``. Called with it, it gives the text in the reader's language.

    Attributes:
        one: English, for one.
        many: English, for all other numbers.
    """

    one: str
    many: str

    def __call__(self, n: int, **values: object) -> str:
        """Return the text for ``n`` with these values; a value that is not given is a KeyError."""
        return Sentence.made((self.one, self.many), {"n": n, **values}, _language())


def phrase(message: str, **values: object) -> str:
    """Return this English text in the reader's language, with these values in place of ``{name}``."""
    return Sentence.made(message, values, _language())


BY_COMMAS = Text("{first}, {rest}")
BY_SEMICOLONS = Text("{first}; {rest}")
SENTENCE_AFTER_SENTENCE = Text("{first} {rest}")


def joined(texts: Iterable[str], joint: Text = BY_COMMAS) -> str:
    """Return texts as one, as the reader's language joins them: by commas, or as the joint has it; ``""`` for none."""
    *others, text = [*texts] or [""]
    for other in reversed(others):
        text = joint(first=other, rest=text)
    return text


class _Formatter(string.Formatter):
    """Writes the numbers of a text as its language does: 1,234.5 and, as the house has it in English, 92 %."""

    def __init__(self, language: str) -> None:
        self._marks: Mapping[int, str] = {}
        self._share = "{} %"
        if language != ENGLISH:
            from babel import Locale  # only readers of other languages pay for locale data
            from babel.numbers import get_decimal_symbol, get_group_symbol

            locale = Locale.parse(language)
            self._marks = str.maketrans({",": get_group_symbol(locale), ".": get_decimal_symbol(locale)})
            self._share = re.sub("[#0,.]+", "{}", locale.percent_formats[None].pattern)

    def format_field(self, value: object, format_spec: str) -> str:
        """Return a value in its format."""
        text = format(value, format_spec)
        if not format_spec or isinstance(value, str):
            return text
        number = text.removesuffix("%").translate(self._marks)
        return self._share.format(number) if text.endswith("%") else number


@cache
def _formatter(language: str) -> _Formatter:
    return _Formatter(language)


@cache
def _translations(language: str) -> gettext.NullTranslations:
    """Return the catalog of a language; English texts as they are where there is none.

    It is read from the .po that translators write: that takes a tenth of a second, once in a process and only where
    somebody reads that language, and there is no compiled copy that could be forgotten, be it in a checkout or a wheel.
    """
    path = LOCALE_FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if language == ENGLISH or not path.is_file():
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _in_language(value: Value, language: str) -> Value:
    """Return a sentence in the language, and any other value as it is."""
    if not isinstance(value, Sentence) or value.language == language:
        return value
    return cast(Value, Sentence.made(value.message, value.values, language))


def _plain(value: Any) -> Any:
    """Return a value of a sentence such that JSON can hold it; a number of numpy's becomes Python's."""
    if isinstance(value, Sentence):
        return value.parts()
    value = value.item() if hasattr(value, "item") else value
    return value if isinstance(value, str | int | float | bool | None) else str(value)
