"""Names of columns and words of files as they are compared."""

import re
import unicodedata

_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ة": "ه", "ى": "ي", "ـ": "", "ð": "d", "þ": "th"}
)

_PUNCTUATION = re.compile(r"[\W_]+")

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def plain_name(name: str) -> str:
    """Return a name as names are compared: lower case, no accents, signs or full-width forms, single spaces."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Mn").translate(_LETTERS)
    text = _PUNCTUATION.sub(" ", unicodedata.normalize("NFC", text)).strip()
    return " ".join(_without_article(word) for word in text.split(" "))


def split_words(name: str) -> str:
    """Return a name with a space before each capital inside a word: ``productName`` gives ``product Name``."""
    return _CAMEL.sub(" ", name)


def _without_article(word: str) -> str:
    return word[2:] if word.startswith("ال") and len(word) > 4 else word
