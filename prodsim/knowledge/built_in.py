"""The words that come with prodsim: those of ``thesaurus_files/``, and the names of things in ``words/``."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from prodsim.knowledge.languages import language_files
from prodsim.knowledge.read import read_terms
from prodsim.knowledge.thesaurus import Concept, Knowledge, Thesaurus
from prodsim.phrases import Text

FOLDER = Path(__file__).with_name("thesaurus_files")
"""A file of terms for each kind of shop."""
BUILT_IN = Text("built-in words")
SECTIONS = ("kinds", "colours", "materials")
"""Of the files of languages, what names things in them."""


@lru_cache(maxsize=1)
def built_in() -> Thesaurus:
    """Return the thesaurus that comes with prodsim."""
    written = [concept for path in sorted(FOLDER.glob("*.csv")) for concept in read_terms(path)]
    return Thesaurus.of(BUILT_IN(), (*written, *_concepts_of_languages()))


@lru_cache(maxsize=1)
def built_in_knowledge() -> Knowledge:
    """Return that thesaurus alone."""
    return Knowledge([built_in()])


def _concepts_of_languages() -> Iterator[Concept]:
    """Yield each key of the files of languages: its first name in each is the thing, the others are kinds of it."""
    for section in SECTIONS:
        heads: dict[str, list[str]] = {}
        for file in language_files():
            for key, written in file.get(section, {}).items():
                first, *others = (name.strip() for name in written.split("|"))
                heads.setdefault(key, []).append(first)
                yield from (Concept((name,), (first,)) for name in others)
        yield from (Concept(tuple(dict.fromkeys(names))) for names in heads.values())
