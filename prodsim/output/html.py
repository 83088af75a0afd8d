"""Texts as HTML, with the words marked in which they differ."""

import html
import re
from collections.abc import Sequence

from prodsim.text import CHINESE

_HTML_TOKEN = re.compile(rf"\d+(?:[.,]\d+)*|[{CHINESE}]|[^\W\d_{CHINESE}]+")


def as_html(text: str) -> str:
    """Escape a text for HTML; half a character that a file may hold becomes a question mark."""
    return html.escape(text.encode("utf-8", "replace").decode())


def marked(text: str, others: Sequence[str]) -> str:
    """Return the text as HTML, with the words marked that one of the other texts lacks; Chinese by character.

    Signs and the case of letters are no difference; a number is one word, with its point or comma.
    """
    if not others:
        return as_html(text)
    shared = set.intersection(*({token.casefold() for token in _HTML_TOKEN.findall(other)} for other in others))
    pieces, end = [], 0
    for match in _HTML_TOKEN.finditer(text):
        if match[0].casefold() not in shared:
            pieces += [as_html(text[end : match.start()]), f"<mark>{as_html(match[0])}</mark>"]
            end = match.end()
    return "".join([*pieces, as_html(text[end:])]).replace("</mark><mark>", "")
