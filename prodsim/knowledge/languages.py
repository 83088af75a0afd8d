"""Words of languages, from a file per language: names of kinds of products, colours, materials, units, patterns."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

WORDS = Path(__file__).with_name("words")
"""The folder with a file of words for each language."""


@lru_cache(maxsize=1)
def language_files() -> tuple[Mapping[str, Any], ...]:
    """Return what the files of the languages hold, in the order of their names."""
    return tuple(tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(WORDS.glob("*.toml")))


@lru_cache(maxsize=16)
def names_of(section: str) -> Mapping[str, tuple[str, ...]]:
    """Return a section's keys with their names in all languages, those of a key's own language first."""
    joined: dict[str, list[str]] = {}
    for file in language_files():
        for key, names in file.get(section, {}).items():
            joined.setdefault(key, []).extend(name.strip() for name in names.split("|"))
    return {key: tuple(dict.fromkeys(names)) for key, names in joined.items()}
