"""Damaged XML product by product: each is parsed by itself, so that one fault costs one product."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5
from typing import Any

from lxml import etree

from prodsim.phrases import phrase

GOOGLE = "http://base.google.com/ns/1.0"
_ENTITY = re.compile(r"&(?:(#\d+|#x[0-9a-fA-F]+|amp|lt|gt|quot|apos);|(\w+);)?")
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SPACE = re.compile(r"""\bxmlns(?::[\w.-]+)?\s*=\s*(?:"[^"<]*"|'[^'<]*')""")
_PREFIX = re.compile(r"[</\s]([\w.-]+):[\w.-]+(?=[\s=>/])")
_HEAD = 100_000
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Piece:
    """An element that was parsed by itself.

    Attributes:
        line: where it begins, from 1.
        is_product: whether it is a product, or another element that counts.
        element: the element; ``None`` where it cannot be parsed.
        reason: why it cannot.
        is_repaired: whether it took a repair.
        text: its beginning.
    """

    line: int
    is_product: bool
    element: Any
    reason: str
    is_repaired: bool
    text: str


def pieces_of(text: str, products: frozenset[str], others: frozenset[str]) -> Iterator[Piece]:
    """Yield the products of a damaged file, and the elements called one of ``others`` outside of them, in file order.

    What only lacks the escape of an ampersand, has entities of HTML, control characters or prefixes that nothing
    declares, is repaired.
    """
    spaces = " ".join(dict.fromkeys(_SPACE.findall(text[:_HEAD])))
    line, counted = 1, 0
    for start, end, name in _spans(text, products, others):
        line, counted = line + text.count("\n", counted, start), start
        element, reason, is_repaired = _parsed(text[start:end], spaces)
        yield Piece(line, name in products, element, reason, is_repaired, text[start : min(end, start + _SHOWN)])


def _spans(text: str, products: frozenset[str], others: frozenset[str]) -> Iterator[tuple[int, int, str]]:
    """Yield begin, end and name of each element; one that is not closed ends where the next begins."""
    names = "|".join(map(re.escape, sorted(products | others, key=len, reverse=True)))
    tags = re.compile(rf"<(/?)((?:[\w.-]+:)?(?:{names}))(?=[\s>/])([^<>]*/>)?")
    opened: tuple[int, str] | None = None
    for match in tags.finditer(text):
        tag, name = match[2], local_name(match[2])
        if match[1]:
            if opened and opened[1] == tag:
                yield opened[0], _behind(text, match.end()), name
                opened = None
            continue
        if opened and opened[1] != tag and (local_name(opened[1]) in products or name not in products):
            continue  # within a product, or a group within a group
        if opened:
            yield opened[0], match.start(), local_name(opened[1])
        opened = None if match[3] else (match.start(), tag)
        if match[3]:
            yield match.start(), match.end(), name
    if opened:
        yield opened[0], len(text), local_name(opened[1])


def _behind(text: str, position: int) -> int:
    end = text.find(">", position)
    return len(text) if end < 0 else end + 1


def _parsed(piece: str, spaces: str) -> tuple[Any, str, bool]:
    """Return an element, why there is none, and whether it took a repair."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    prefixes = sorted(set(_PREFIX.findall(piece)) - {"xml", "xmlns"})
    own = [(p, f'xmlns:{p}="{GOOGLE if p == "g" else p}"') for p in prefixes if f"xmlns:{p}" not in piece]
    declared = " ".join([spaces, *(space for p, space in own if f"xmlns:{p}" not in spaces)])
    reason = ""
    for attempt, names in (
        (piece, declared),
        (_escaped(piece), declared),
        (_escaped(piece), " ".join(s for _, s in own)),
    ):
        try:
            root = etree.fromstring(f"<r {names}>{attempt}</r>".encode("utf-8", "replace"), parser)
        except etree.XMLSyntaxError as error:
            reason = reason or phrase("not well-formed XML: {reason}", reason=message_of(error))
            continue
        return (root[0] if len(root) else None), phrase("it is empty"), attempt != piece
    return None, reason, False


def message_of(error: Any) -> str:
    """Return what the parser says, without the place, which is another in a piece than in the file."""
    return re.sub(r",? ?\(?line \d+.*", "", str(error.msg)) or phrase("it breaks off")


def _escaped(piece: str) -> str:
    """Escape ampersands that begin no entity, write HTML's entities as characters, drop control characters."""

    def entity(match: "re.Match[str]") -> str:
        if match[1]:
            return match.group()
        character = html5.get(f"{match[2]};") if match[2] else None
        return character or f"&amp;{match.group()[1:]}"

    parts = _CDATA.split(_CONTROL.sub("", piece))
    return "".join(part if part.startswith("<![CDATA[") else _ENTITY.sub(entity, part) for part in parts)


def local_name(tag: Any) -> str:
    """Return an element's or attribute's name without its namespace and prefix."""
    return str(tag).rsplit("}", 1)[-1].rsplit(":", 1)[-1]
