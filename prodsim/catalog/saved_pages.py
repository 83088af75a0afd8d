"""Web pages that a browser saved as a single file (MHTML): the page among its pictures and styles."""

import re
from email import message_from_bytes

_HEAD_BYTES = 4096
_PAGES = ("text/html", "application/xhtml+xml")
_HEADERS = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n)+\r?\n")
_PARTS = re.compile(rb"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)


def is_saved_page(held: bytes) -> bool:
    """Return whether a file's first bytes are the head of a page with all that belongs to it."""
    head = _HEADERS.match(held[:_HEAD_BYTES].lstrip())
    return head is not None and _PARTS.search(head[0]) is not None


def is_markup(data: bytes) -> bool:
    """Return whether a file's first character, in whatever encoding, opens a tag, or it is a page with its pictures."""
    return is_saved_page(data) or data[:1000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] == b"<"


def page_of(data: bytes) -> tuple[bytes, str | None]:
    """Return the page within, the first part that is HTML, and the encoding that it is said to be in.

    Returns:
        ``b""`` where no part is a page; ``None`` as encoding where none is named, or one that does not fit.
    """
    try:
        parts = message_from_bytes(data.lstrip()).walk()
        page = next((part for part in parts if part.get_content_type() in _PAGES), None)
    except RecursionError:  # parts within parts within parts
        page = None
    if page is None:
        return b"", None
    payload = page.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    return content, _fitting_encoding(content, page.get_content_charset())


def _fitting_encoding(content: bytes, declared: str | None) -> str | None:
    try:
        content.decode(declared or "")
    except (LookupError, UnicodeError):
        return None
    return declared
