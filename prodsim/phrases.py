"""The texts that people read: written in English where they are used, translated by gettext's catalogs.

A text with a name of its own is a ``Text``, or a ``Plural`` where a number decides; a text that is made where it is
used goes through ``phrase``. ``make texts`` collects them into ``prodsim/locale/prodsim.pot``; a language is a folder
beside it.
"""

import gettext
import string
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DOMAIN = "prodsim"
LOCALE_FOLDER = Path(__file__).parent / "locale"
ENGLISH = "en"


class _Formatter(string.Formatter):
    """Writes a share as 92 %, as the house does, where ``format`` writes 92%."""

    def format_field(self, value: object, format_spec: str) -> str:
        text = format(value, format_spec)
        return f"{text[:-1]} %" if format_spec.endswith("%") else text


_FORMATTER = _Formatter()
_language: Callable[[], str] = lambda: ENGLISH  # noqa: E731


def read_language_from(source: Callable[[], str]) -> None:
    """Ask this function for the reader's language, such as ``en`` or ``zh_CN``, whenever a text is made."""
    global _language
    _language = source


def reader_language() -> str:
    """Return the reader's language, such as ``en`` or ``zh_CN``."""
    return _language()


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
        return _FORMATTER.format(_translations(_language()).ngettext(self.one, self.many, n), n=n, **values)


def phrase(message: str, **values: object) -> str:
    """Return this English text in the reader's language, with these values in place of ``{name}``."""
    return _FORMATTER.format(_translations(_language()).gettext(message), **values)


@cache
def _translations(language: str) -> gettext.NullTranslations:
    """Return the catalog of a language; English texts as they are where there is none."""
    return gettext.translation(DOMAIN, LOCALE_FOLDER, [language], fallback=True)
