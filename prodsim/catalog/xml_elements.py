"""The elements of an XML file, one after the other, as nested objects; nothing outside the file is ever read."""

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from prodsim.catalog.encodings import decode
from prodsim.catalog.facts import BadLine, RepairedLine
from prodsim.catalog.nested_values import TEXT, Record, field_of
from prodsim.catalog.xml_pieces import GOOGLE, Piece, local_name, message_of, pieces_of
from prodsim.errors import CatalogError
from prodsim.phrases import phrase

_HEAD = 100_000
_PROLOG = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)", re.DOTALL | re.IGNORECASE)
_DECLARATION = re.compile(r"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["'][^>]*\?>""")
_BLOCKS = frozenset({"p", "br", "ul", "ol", "div", "span", "strong", "em", "h1", "h2", "h3", "h4", "table", "tbody"})
_INLINE = frozenset({*_BLOCKS, "b", "i", "u", "a", "li", "font", "img", "sub", "sup", "small", "h5", "h6"})
_LANGUAGES = {
    "deu": "de", "ger": "de", "eng": "en", "fra": "fr", "fre": "fr", "ita": "it", "spa": "es", "nld": "nl",
    "dut": "nl", "pol": "pl", "ces": "cs", "cze": "cs", "por": "pt", "rus": "ru", "swe": "sv", "dan": "da",
    "hun": "hu", "fin": "fi", "nor": "no",
}  # fmt: skip
_PLACES = {"title": 2, "price": 3, "sku": 1, "gtin": 2, "image": 1, "brand": 1, "description": 1, "url": 1}


@dataclass(slots=True)
class XmlText:
    """An XML file ready to be parsed.

    Attributes:
        data: UTF-8.
        encoding: the encoding that the file is in.
        notes: what the person should read.
    """

    data: bytes
    encoding: str
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Elements:
    """Products and the rest of a file that is read element by element.

    Attributes:
        records: line and content of each product.
        bad: products that cannot be read.
        repaired: products that are read after a repair.
        notes: what the person should read.
    """

    records: list[tuple[int, Record]] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)
    repaired: list[RepairedLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def xml_text(data: bytes, encoding: str | None, name: str) -> XmlText:
    """Bring an XML file into UTF-8: from the encoding given, else the declared one, else by its bytes.

    Raises:
        CatalogError: an encoding that is unknown, no text at all, or entities of the file's own, which can grow
            without measure and name other files.
    """
    declared = declared_encoding(data)
    if encoding is None and declared in (None, "utf-8") and data[:1] == b"<" and _is_utf8(data):
        _check_entities(data[:_HEAD].decode("utf-8", "replace"), name)
        return XmlText(data, "utf-8")
    used, notes = encoding or declared or "utf-8", list[str]()
    if encoding is None and declared != "utf-8" and not data.isascii() and _is_utf8(data):
        used = "utf-8"
        if declared:
            notes.append(phrase("The file declares the encoding {declared}, but is UTF-8.", declared=declared))
    try:
        text = data.decode(used)
    except (LookupError, UnicodeError):
        used = "utf-8" if encoding is None and _is_mostly_utf8(data) else decode(data, encoding, name)[1]
        text = data.decode(used, "replace")
        if declared and declared != used and encoding is None:
            notes.append(
                phrase("The file declares the encoding {declared}, but reads as {used}.", declared=declared, used=used)
            )
        if n := text.count("\ufffd"):
            notes.append(phrase("{n:,} characters cannot be read in the encoding {used}.", n=n, used=used))
    _check_entities(text, name)
    text = text.lstrip("\ufeff \t\r\n") if text[:1] in "\ufeff \t" else text
    text = _DECLARATION.sub(lambda match: "\n" * match.group().count("\n"), text, count=1)
    return XmlText(text.encode("utf-8", "replace"), used, notes)


def declared_encoding(data: bytes) -> str | None:
    """Return the encoding that an XML file's marks or first line name, in lower case; ``None`` where they do not."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return encoding
    if data[:4] == b"<\x00?\x00" or data[:4] == b"\x00<\x00?":
        return "utf-16-le" if data[:1] == b"<" else "utf-16-be"
    match = _DECLARATION.match(data[:300].decode("latin-1").lstrip())
    return match[1].casefold() if match else None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_mostly_utf8(data: bytes) -> bool:
    """Return whether nearly all characters beyond ASCII are valid UTF-8, as they are by chance in no other encoding."""
    text = data.decode("utf-8", "replace")
    n_bad = text.count("\ufffd")
    return 10 * n_bad < sum(map(len, re.findall(r"[^\x00-\x7f\ufffd]+", text)))


def head_of(text: str) -> tuple[str, str]:
    """Return a file's declarations, comments and document type, and the text from its first element on."""
    position = 0
    while match := _PROLOG.match(text, position):
        position = match.end()
    return text[:position], text[position:]


def _check_entities(text: str, name: str) -> None:
    start = text.find("<!DOCTYPE")
    if start < 0:
        return
    declarations = re.sub(r"<!--.*?-->", "", text[start : start + _HEAD], flags=re.DOTALL)
    if "<!ENTITY" in re.split(r"<[^!?\s]", declarations, maxsplit=1)[0]:
        raise CatalogError(
            phrase(
                "{name} defines entities of its own, which are not followed, as they can read other files.", name=name
            ),
            phrase("Export the feed without a document type, or as CSV."),
        )


def root_name(data: bytes) -> str:
    """Return the name of the outermost element, without prefix; ``""`` where there is none."""
    match = re.match(r"\s*<([^\s/>]+)", head_of(data[:_HEAD].decode("utf-8", "replace"))[1])
    return local_name(match[1]) if match else ""


def find_product_tag(data: bytes) -> str:
    """Return the name of the elements that look most like products, by their children and how often they come.

    Of an element that comes once, only one without such elements within is taken. ``""`` where there is none.
    """
    counts: Counter[tuple[str, ...]] = Counter()
    parts: dict[tuple[str, ...], set[str]] = {}
    path: list[str] = []
    for event, element in _events(data, ("start", "end")):
        if event == "end":
            path.pop()
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
            continue
        name = local_name(element.tag)
        parts.setdefault(tuple(path), set()).add(name)
        path.append(name)
        counts[tuple(path)] += 1
        parts.setdefault(tuple(path), set()).update(map(local_name, element.attrib))
    candidates = [p for p in counts if len(parts.get(p, ())) > 1 and (len(p) > 1 or len(counts) < 60)]
    if not candidates:
        return ""
    best = max(candidates, key=lambda p: (counts[p] > 1, _likeness(parts[p], p[-1]), len(parts[p]), -len(p)))
    return best[-1]


def _likeness(parts: set[str], name: str) -> int:
    fields = {field_of(part) for part in parts}
    is_called_so = re.fullmatch(r"product|item|offer|article|artikel|produkt|entry|sku|good", name, re.IGNORECASE)
    return sum(weight for field_name, weight in _PLACES.items() if field_name in fields) + 2 * bool(is_called_so)


def _events(data: bytes, events: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Yield the parser's events of a file as far as it can be followed, whatever is wrong in it."""
    try:
        yield from etree.iterparse(
            io.BytesIO(data), events=events, recover=True, resolve_entities=False, no_network=True, load_dtd=False,
            remove_comments=True, remove_pis=True,
        )  # fmt: skip
    except etree.XMLSyntaxError:
        return


def read_elements(
    data: bytes, products: frozenset[str], others: frozenset[str], collect: Callable[[Any], None]
) -> Elements:
    """Read the products of a file, and give ``collect`` each element called one of ``others`` outside of them.

    A file that is not well-formed is read again product by product, so that one fault costs one product; what only
    lacks the escape of an ampersand, or has entities of HTML, is repaired.
    """
    elements = Elements()
    try:
        for line, element, is_product in _parsed(data, products, others):
            if is_product:
                elements.records.append((line, as_object(record_of(element))))
            else:
                collect(element)
    except etree.XMLSyntaxError as error:
        elements = Elements()
        for piece in pieces_of(data.decode("utf-8", "replace"), products, others):
            _take(piece, elements, collect)
        elements.notes.append(
            phrase(
                "The file is not well-formed XML (line {line}: {reason}); each product was read by itself.",
                line=error.lineno or 1,
                reason=message_of(error),
            )
        )
    return elements


def _take(piece: Piece, elements: Elements, collect: Callable[[Any], None]) -> None:
    if piece.element is None and piece.is_product:
        elements.bad.append(BadLine(piece.line, piece.reason, piece.text))
    elif piece.element is not None and piece.is_product:
        elements.records.append((piece.line, as_object(record_of(piece.element))))
        if piece.is_repaired:
            repair = phrase("characters that XML does not allow")
            elements.repaired.append(RepairedLine(piece.line, repair, piece.text))
    elif piece.element is not None:
        collect(piece.element)


def as_object(value: Any) -> Record:
    """Return a product's content as an object, also where it holds only text."""
    return value if isinstance(value, dict) else {TEXT: value}


def _parsed(data: bytes, products: frozenset[str], others: frozenset[str]) -> Iterator[tuple[int, Any, bool]]:
    tags = [f"{{*}}{tag}" for tag in sorted(products | others)]
    parser = etree.iterparse(
        io.BytesIO(data), events=("end",), tag=tags, resolve_entities=False, no_network=True, load_dtd=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    for _, element in parser:
        name = local_name(element.tag)
        if any(local_name(ancestor.tag) in products for ancestor in element.iterancestors()):
            continue
        yield element.sourceline or 0, element, name in products
        if name in products:
            element.clear(keep_tail=False)
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]


def record_of(element: Any) -> Any:
    """Return an element as a text, or as an object of its attributes and children; repeated children are lists."""
    children = [child for child in element if isinstance(child.tag, str)]
    record: Record = {}
    for name, value in element.attrib.items():
        key = local_name(name)
        if str(name).startswith("{http://www.w3.org/1999/xlink}"):
            continue  # PrestaShop's addresses of its own interface
        if key not in ("schemaLocation", "space", "nil", "noNamespaceSchemaLocation"):
            record[key] = _LANGUAGES.get(value, value) if key == "lang" else value
    text = "".join(filter(None, [element.text, *(child.tail for child in element)])).strip()
    if not children:
        return {**record, **({TEXT: text} if text else {})} if record else text
    names = {local_name(child.tag).casefold() for child in children}
    if names <= _INLINE and (names & _BLOCKS or text):
        inner = (element.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in children)
        return {**record, TEXT: inner.strip()} if record else inner.strip()
    _add_children(record, children)
    return {**record, TEXT: text} if text else record


def _add_children(record: Record, children: list[Any]) -> None:
    """Put children under their names without namespace; of two namespaces Google's keeps the plain name."""
    spaces: dict[str, str] = {}
    for child in children:
        tag = str(child.tag)
        name = local_name(tag)
        space = "g" if tag.startswith((f"{{{GOOGLE}}}", "g:")) else tag.rpartition("}")[0] or tag.rpartition(":")[0]
        value = record_of(child)
        if name in spaces and spaces[name] != space:
            if space == "g":
                record[f"feed {name}"] = record.pop(name)
            else:
                name = f"feed {name}" if spaces[name] == "g" else f"{child.prefix or 'other'}:{name}"
        elif name not in spaces and name in record:
            name = f"{name} (element)"  # an attribute is called so, too
        spaces[name] = space
        if name in record:
            known = record[name]
            record[name] = [*known, value] if isinstance(known, list) else [known, value]
        else:
            record[name] = value
