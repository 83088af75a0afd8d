"""Cells of single fields into their normal form."""

import html
import json
import re
from urllib.parse import unquote, urlsplit

from prodsim.text import clean_text

_STOCK = {
    "in stock": "in stock|instock|in_stock|true|yes|y|1|available|有货|现货|有|是|lagernd|auf lager|en stock|active",
    "out of stock": "out of stock|outofstock|out_of_stock|false|no|n|0|unavailable|sold out|soldout|discontinued|缺货|无货|售罄|没有|否|nicht lieferbar",
    "preorder": "preorder|pre order|pre-order|backorder|back order|on backorder|预售|预订",
}
_KNOWN_STOCK = {word: state for state, words in _STOCK.items() for word in words.split("|")}
_ARROWS = re.compile(r"\s*(?:>>|»|›|→|\||＞|>)\s*")
_SLASHES = re.compile(r"\s*/\s*")
_SLUG_END = re.compile(r"[-_](?:[a-z]?\d{5,}|p\d+)$", re.IGNORECASE)


def availability(cell: str) -> str:
    """Return ``in stock``, ``out of stock``, ``preorder``, or ``""`` where it is unclear; a number counts pieces."""
    word = cell.strip().casefold().rsplit("/", 1)[-1]  # schema.org writes https://schema.org/InStock
    if word in _KNOWN_STOCK:
        return _KNOWN_STOCK[word]
    number = re.fullmatch(r"(\d+)(?:\.0+)?", word)
    return ("in stock" if int(number[1]) else "out of stock") if number else ""


def category(cell: str) -> str:
    """Return a path joined by `` > ``, from text with any usual separator or a JSON list of names or objects."""
    names = _json_names(cell) if cell[:1] in "[{" else None
    text = " > ".join(names) if names else html.unescape(cell)
    # A slash separates only where nothing clearer does: "Food > Tea/Coffee" is two levels, "Home/Kitchen" too.
    parts = _ARROWS.split(text) if _ARROWS.search(text) else _SLASHES.split(text)
    cleaned = [clean_text(part).strip('"[] ') for part in parts]
    return " > ".join(part for part in cleaned if part)


def image(cell: str) -> str:
    """Return the first picture's address, of a JSON list or of several separated ones."""
    text = cell.strip()
    if text[:1] == "[":
        parts = _json_names(text)
        text = parts[0] if parts else text.strip("[]\"' ")
    first = re.split(r"[\s|;]+|,(?=https?:)", text, maxsplit=1)[0]
    return first.strip("\"'")


def title_from_url(url: str) -> str:
    """Return the readable part of a link: ".../p/malm-bed-frame-white-s79012991/" gives "malm bed frame white"."""
    pieces = [unquote(piece) for piece in urlsplit(url).path.split("/") if piece]
    if not pieces:
        return ""
    slug = max(pieces, key=lambda piece: len(re.findall(r"[^\W\d_]+", piece)))
    slug = _SLUG_END.sub("", re.sub(r"\.\w{2,5}$", "", slug))
    return clean_text(re.sub(r"[-_+]+", " ", slug))


def check_digit_fits(gtin: str) -> bool:
    """Return whether a GTIN-8, -12, -13 or -14 ends in the digit its others demand (GS1 General Specifications)."""
    digits = [*map(int, filter(str.isdecimal, gtin))]
    if len(digits) not in (8, 12, 13, 14):
        return False
    return (sum(digits[-1::-2]) + 3 * sum(digits[-2::-2])) % 10 == 0


def _json_names(cell: str) -> list[str] | None:
    """Return the texts of a JSON list; of objects their name, title or url."""
    try:
        value = json.loads(cell)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, dict):
        value = [value]
    names = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            item = next((item[k] for k in ("name", "title", "label", "category_name", "url", "src") if item.get(k)), "")
        names.append(str(item))
    return names
