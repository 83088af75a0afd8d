"""Knowledge from files as others publish or keep it; the content decides what a file is, not its name."""

import csv
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from prodsim.catalog.category_paths import levels_of, path_of
from prodsim.errors import CatalogError
from prodsim.knowledge.skos import skos_concepts, skos_format
from prodsim.knowledge.taxonomy import Node, Taxonomy
from prodsim.knowledge.thesaurus import Concept, Thesaurus
from prodsim.phrases import phrase
from prodsim.text import clean_text, excerpt

MAX_BYTES = 128 * 2**20
"""Of a file; all nouns of WordNet are 15 MB."""
MAX_THINGS = 250_000
"""Concepts or nodes of a file."""
MAX_NAME = 200
"""Characters of a name."""
Read = TypeVar("Read", Thesaurus, Taxonomy)
TERM_COLUMNS = {
    "term": ("term", "preflabel", "skos:preflabel", "word", "name", "词", "词语"),
    "same": ("same", "synonyms", "synonym", "altlabel", "skos:altlabel", "alias", "aliases", "同义词", "别名"),
    "broader": ("broader", "skos:broader", "parent", "hypernym", "上位词"),
}
"""The columns of a table of terms, and what others call them."""
_GOOGLE = re.compile(r"(?:(?P<key>\d+) - )?(?P<path>[^>]+(?: > [^>]+)*)")
_SHOPIFY = re.compile(r"(?P<key>gid://shopify/TaxonomyCategory/\S+)\s*:\s*(?P<path>.+)")
_WORDNET = re.compile(r"\d{8} \d\d [nvasr] [0-9a-f]{2} ")
_BARS = re.compile(r"\s*[|;；]\s*")
_COMMAS = re.compile(r"\s*(?:,|，|、|=>|\t)\s*")


def read_knowledge(path: Path, name: str = "") -> Thesaurus | Taxonomy:
    """Read a thesaurus or a taxonomy.

    Understood are Google's product taxonomy (text, with or without numbers), Shopify's (JSON or text), the ``data``
    files of WordNet, SKOS (RDF/XML, Turtle), tables of terms (``TERM_COLUMNS``, also with the names of SKOS), and lines
    of words that mean the same with commas between them, as search engines read them (``a, b => c``).

    Args:
        path: the file.
        name: what people read of it; the file's by default.

    Raises:
        CatalogError: it cannot be read, is none of these, is too large, or has nothing in it; says on which line.
        MissingPackage: it is SKOS, and rdflib is not installed.
    """
    source = name or path.stem
    text = _text_of(path)
    lines = text.splitlines()
    first = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    if written := skos_format(text):
        return _limited(path, Thesaurus.of(source, _skos(path, text, written)))
    if text.lstrip()[:1] in ("{", "["):
        return _limited(path, Taxonomy(source, *_shopify_json(path, text)))
    if _SHOPIFY.fullmatch(first.strip()):
        return _limited(path, Taxonomy(source, [*_paths(path, lines, _SHOPIFY)], _version(lines)))
    if re.match(r"#.*Taxonomy", text) or re.match(r"\d+ - .", first):
        return _limited(path, Taxonomy(source, [*_paths(path, lines, _GOOGLE)], _version(lines)))
    if any(map(_WORDNET.match, lines[:60])):
        return _limited(path, Thesaurus.of(source, _wordnet(path, lines)))
    columns = _term_columns(first)
    if columns:
        return _limited(path, Thesaurus.of(source, _terms(path, lines, columns)))
    return _limited(path, Thesaurus.of(source, _groups(path, lines)))


def read_terms(path: Path) -> list[Concept]:
    """Return the concepts of a table of terms that is known to be one, in its order."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(_terms(path, lines, _term_columns(lines[0])))


def _text_of(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            _refuse(
                path,
                phrase("It has {n:,} MB, and the limit is {limit:,} MB.", n=size >> 20, limit=MAX_BYTES >> 20),
                phrase("Leave out what your catalogs do not need."),
            )
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        _refuse(path, phrase("It is not text in UTF-8."), phrase("Save it as UTF-8, and add it again."))
    except OSError as error:
        raise CatalogError(
            phrase("{file} cannot be read: {problem}", file=path.name, problem=error.strerror or str(error)),
            phrase("Check the path."),
        ) from error


def _limited(path: Path, read: Read) -> Read:
    things: Sequence[object] = read.concepts if isinstance(read, Thesaurus) else read.nodes
    if len(things) > MAX_THINGS:
        what = phrase("It has {n:,} entries, and the limit is {limit:,}.", n=len(things), limit=MAX_THINGS)
        _refuse(path, what, phrase("Leave out what your catalogs do not need."))
    if not things:
        _refuse(
            path,
            phrase("It holds no terms and no categories."),
            phrase(
                "Give a table with the columns term and same, lines such as “sofa, couch”, Google’s or Shopify’s "
                "taxonomy, or a data file of WordNet."
            ),
        )
    return read


def _refuse(path: Path, what: str, fix: str) -> NoReturn:
    raise CatalogError(phrase("{file} cannot be used: {problem}", file=path.name, problem=what), fix)


def _version(lines: Sequence[str]) -> str:
    found = re.search(r"Version:?\s*([\w.-]+)|Taxonomy:?\s*([\d.-]+\w*)", lines[0]) if lines else None
    return next(filter(None, found.groups()), "") if found else ""


def _with_content(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines that say something, with their numbers, from 1."""
    return ((number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#"))


def _paths(path: Path, lines: Sequence[str], pattern: re.Pattern[str]) -> Iterator[Node]:
    for number, line in _with_content(lines):
        found = pattern.fullmatch(line.strip())
        if found is None:
            _refuse(
                path,
                phrase("Line {n:,} is no category: “{line}”.", n=number, line=excerpt(line)),
                phrase("Expected is a line such as “166 - Apparel & Accessories > Clothing”."),
            )
        levels = tuple(map(clean_text, levels_of(found["path"])))
        yield Node(found["key"] or path_of(levels), levels)


def _shopify_json(path: Path, text: str) -> tuple[list[Node], str]:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        _refuse(path, phrase("It is no JSON: {problem}", problem=excerpt(str(error))), phrase("Get the file again."))
    verticals = given.get("verticals") if isinstance(given, dict) else None
    if not isinstance(verticals, list):
        _refuse(
            path,
            phrase("It has no “verticals”, as Shopify’s taxonomy has."),
            phrase("Use the file categories.json of Shopify’s product taxonomy."),
        )
    listed = [_listed(vertical, "categories") for vertical in verticals]
    return [_shopify_node(one) for own in listed for one in own], str(given.get("version", ""))


def _skos(path: Path, text: str, written: str) -> list[Concept]:
    try:
        return list(skos_concepts(text, written))
    except ValueError as error:
        _refuse(path, phrase("It is no SKOS: {problem}", problem=excerpt(str(error))), phrase("Get the file again."))


def _listed(holder: object, key: str) -> list[dict[str, Any]]:
    """Return the objects in a list of an object; none where there is no such list."""
    given = holder.get(key) if isinstance(holder, dict) else None
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []


def _shopify_node(entry: dict[str, Any]) -> Node:
    attributes = tuple(str(one.get("name", "")) for one in _listed(entry, "attributes"))
    levels = tuple(map(clean_text, levels_of(str(entry.get("full_name") or entry.get("name") or ""))))
    return Node(str(entry.get("id", "")), levels, attributes)


def _wordnet(path: Path, lines: Sequence[str]) -> Iterator[Concept]:
    """Yield the synsets of a data file (WNDB), each with the first word of what it is a kind of."""
    names: dict[str, tuple[str, ...]] = {}
    above: dict[str, list[str]] = {}
    for number, line in enumerate(lines, 1):
        if not _WORDNET.match(line):
            continue
        fields = line.split(" | ")[0].split()
        n_words = int(fields[3], 16)
        words = [field.partition("(")[0].replace("_", " ") for field in fields[4 : 4 + 2 * n_words : 2]]
        if len(words) < n_words:
            _refuse(
                path,
                phrase("Line {n:,} ends before its words do: “{line}”.", n=number, line=excerpt(line)),
                phrase("Get the file again."),
            )
        names[fields[0]] = tuple(dict.fromkeys(words))
        pointers = fields[5 + 2 * n_words :]
        above[fields[0]] = [pointers[i + 1] for i in range(0, len(pointers) - 3, 4) if pointers[i] == "@"]
    for key, own in names.items():
        yield Concept(own, tuple(names[other][0] for other in above[key] if other in names))


def _term_columns(header: str) -> dict[str, str]:
    """Return the columns of a table of terms as they are called in it; nothing where it is none."""
    called = {cell.strip().lower(): cell for row in csv.reader([header], delimiter=_delimiter(header)) for cell in row}
    found = {field: next((called[one] for one in names if one in called), "") for field, names in TERM_COLUMNS.items()}
    return found if found["term"] and (found["same"] or found["broader"]) else {}


def _delimiter(header: str) -> str:
    return max(",;\t", key=header.count)


def _terms(path: Path, lines: Sequence[str], columns: dict[str, str]) -> Iterator[Concept]:
    content = list(_with_content(lines))
    table = csv.DictReader((line for _, line in content), delimiter=_delimiter(content[0][1]))
    for row in _rows(path, table):
        number = content[table.line_num - 1][0]
        cells = {field: (row.get(column) or "") if column else "" for field, column in columns.items()}
        names = [clean_text(name) for field in ("term", "same") for name in _BARS.split(cells[field])]
        _check_names(path, number, names)
        broader = tuple(clean_text(name) for name in _BARS.split(cells["broader"]) if name.strip())
        if any(names):
            yield Concept(tuple(dict.fromkeys(filter(None, names))), broader)


def _rows(path: Path, table: "csv.DictReader[str]") -> Iterator[dict[str, str]]:
    try:
        yield from table
    except csv.Error as error:
        _refuse(
            path,
            phrase("Line {n:,} is no row of a table: {problem}", n=table.line_num, problem=str(error)),
            phrase("Check the quotation marks around its cells."),
        )


def _groups(path: Path, lines: Sequence[str]) -> Iterator[Concept]:
    for number, line in _with_content(lines):
        names = [clean_text(name) for name in _COMMAS.split(line) if name.strip()]
        _check_names(path, number, names)
        if len(names) < 2:
            _refuse(
                path,
                phrase("Line {n:,} has one word alone: “{line}”.", n=number, line=excerpt(line)),
                phrase("Write words that mean the same on one line, with commas between them."),
            )
        yield Concept(tuple(dict.fromkeys(names)))


def _check_names(path: Path, number: int, names: Sequence[str]) -> None:
    for name in names:
        if len(name) > MAX_NAME:
            _refuse(
                path,
                phrase("On line {n:,}, “{name}” is longer than a name: {limit} characters.", n=number,
                       name=excerpt(name, 40), limit=MAX_NAME),
                phrase("Give names, not descriptions."),
            )  # fmt: skip
