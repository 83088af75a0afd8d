"""The thesauri and taxonomies of a workspace: files in a folder, as they came."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from prodsim.artifacts import FileStates, disk_errors_told, file_states, safe_file_name
from prodsim.catalog import title_scripts
from prodsim.errors import QueryError, did_you_mean
from prodsim.knowledge import Knowledge, Taxonomy, Thesaurus, built_in, cycles, name_key, read_knowledge
from prodsim.phrases import phrase
from prodsim.roles import require_role
from prodsim.text import excerpt, has_chinese
from prodsim.workspace.layout import Layout
from prodsim.workspace.open_catalog import OpenCatalog

SHOWN = 5
"""Examples in a note."""


@dataclass(frozen=True, slots=True)
class KnowledgeFile:
    """A file of the workspace's knowledge.

    Attributes:
        name: what it is called, and *Why* names.
        path: where it lies.
        holds: "thesaurus" or "taxonomy".
        entries: concepts or nodes in it.
    """

    name: str
    path: Path
    holds: str
    entries: int


def knowledge_files(layout: Layout) -> list[KnowledgeFile]:
    """Return the files that were added, by name; raises as ``read_knowledge``."""
    return [_facts(path, _read(path, file_states(path))) for path in _paths(layout)]


def add_knowledge(layout: Layout, path: Path, name: str = "") -> KnowledgeFile:
    """Copy a file of knowledge into the workspace; searches use it from now on. One of the same name is replaced.

    Raises:
        CatalogError: as ``read_knowledge``; then nothing is changed.
        StorageError: the disk refuses.
    """
    require_role("save")
    name = safe_file_name(name or path.stem)
    read = read_knowledge(path, name)
    target = layout.knowledge / f"{name}{path.suffix.lower()}"
    with disk_errors_told(target):
        content = path.read_bytes()
        layout.knowledge.mkdir(parents=True, exist_ok=True)
        before = [other for other in _paths(layout) if other.stem == name]
        new = target.with_name(f".{target.name}")
        new.write_bytes(content)
        new.replace(target)
        for other in before:
            if other != target:
                other.unlink()
    return _facts(target, read)


def remove_knowledge(layout: Layout, name: str) -> None:
    """Forget a file of knowledge; searches are as before it was added.

    Raises:
        QueryError: there is none of that name.
    """
    require_role("save")
    known = {path.stem: path for path in _paths(layout)}
    if name not in known:
        fix = did_you_mean(name, known) or phrase("“prodsim knowledge list” shows what was added.")
        raise QueryError(phrase("No knowledge is called “{name}”.", name=excerpt(name, 40)), fix)
    with disk_errors_told(known[name]):
        known[name].unlink()


def load_knowledge(layout: Layout) -> Knowledge:
    """Return the workspace's thesauri, by name, before the built-in one; the same object while no file changes."""
    paths = _paths(layout)
    return _knowledge(tuple(paths), file_states(*paths))


def taxonomy_of(layout: Layout, name: str) -> Taxonomy:
    """Return a taxonomy by its name in the workspace, or by the path of a file.

    Raises:
        QueryError: there is none, or it holds words instead.
        CatalogError: as ``read_knowledge``.
    """
    added = {path.stem: path for path in _paths(layout)}
    path = added.get(name, Path(name))
    read = read_knowledge(path, path.stem)
    if not isinstance(read, Taxonomy):
        raise QueryError(
            phrase("“{name}” holds words that mean the same, no categories.", name=name),
            phrase("Give a taxonomy, such as Google’s or Shopify’s."),
        )
    return read


def notes_on(read: Thesaurus | Taxonomy, opened: OpenCatalog | None) -> list[str]:
    """Return what a person should know before a file is relied on.

    Args:
        read: the file.
        opened: the catalog that it is to serve; ``None`` says nothing of brands and of words that are there.
    """
    if isinstance(read, Taxonomy):
        return [phrase("Version {version}.", version=read.version)] if read.version else []
    notes = []
    if rings := cycles(read):
        examples = ", ".join(" > ".join(ring) for ring in rings[:SHOWN])
        notes.append(
            phrase("Kinds that lead back to themselves: {n:,}, such as {examples}.", n=len(rings), examples=examples)
        )
    if opened is not None:
        notes += _notes_on_catalog(read, opened)
    return notes


def _notes_on_catalog(read: Thesaurus, opened: OpenCatalog) -> Iterable[str]:
    names = {name_key(name): name for concept in read.concepts for name in concept.names}
    brands = [brand for brand in opened.catalog.products["brand"].unique() if brand and name_key(brand) in names]
    if brands:
        yield phrase(
            "Brands of this catalog are never read as anything else, nor anything as them: {brands}.",
            brands=_examples(brands),
        )
    n_chinese = sum(has_chinese(name) for name in names.values())
    if n_chinese and "Chinese" not in dict(title_scripts(opened.catalog.products["title"])):
        yield phrase(
            "{n:,} of {names:,} names are Chinese, and no title of this catalog is. They serve Chinese searches.",
            n=n_chinese, names=len(names),
        )  # fmt: skip
    n_usable = sum(_is_usable(concept.names, opened) for concept in read.concepts)
    yield phrase(
        "Of {n:,} things, {usable:,} are named in products of this catalog.", n=len(read.concepts), usable=n_usable
    )


def _is_usable(names: Sequence[str], opened: OpenCatalog) -> bool:
    return any(opened.engine.comparer.lexical.frequency(name) for name in names)


def _examples(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:SHOWN])
    return phrase("{names} and {n:,} more", names=shown, n=len(names) - SHOWN) if len(names) > SHOWN else shown


def _paths(layout: Layout) -> list[Path]:
    if not layout.knowledge.is_dir():
        return []
    return sorted(path for path in layout.knowledge.iterdir() if path.is_file() and not path.name.startswith("."))


def _facts(path: Path, read: Thesaurus | Taxonomy) -> KnowledgeFile:
    if isinstance(read, Thesaurus):
        return KnowledgeFile(path.stem, path, "thesaurus", len(read.concepts))
    return KnowledgeFile(path.stem, path, "taxonomy", len(read.nodes))


@lru_cache(maxsize=16)
def _read(path: Path, states: FileStates) -> Thesaurus | Taxonomy:
    return read_knowledge(path, path.stem)


@lru_cache(maxsize=4)
def _knowledge(paths: tuple[Path, ...], states: FileStates) -> Knowledge:
    read: Mapping[Path, Thesaurus | Taxonomy] = {path: _read(path, file_states(path)) for path in paths}
    return Knowledge([*(one for one in read.values() if isinstance(one, Thesaurus)), built_in()])
