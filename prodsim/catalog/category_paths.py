"""Paths of categories, such as *Kitchen > Mugs*: names of levels, the widest first, between one separator."""

from collections.abc import Iterable

SEPARATOR = " > "


def levels_of(path: str) -> list[str]:
    """Return the names of a path's levels, the widest first; one empty name for an empty path."""
    return path.split(SEPARATOR)


def path_of(levels: Iterable[str]) -> str:
    """Return the path of some levels."""
    return SEPARATOR.join(levels)


def leaf_of(path: str) -> str:
    """Return the name of a path's last level."""
    return path.rpartition(SEPARATOR)[2]


def parent_of(path: str) -> str:
    """Return the path above; ``""`` above the first level."""
    return path.rpartition(SEPARATOR)[0]


def depth_of(path: str) -> int:
    """Return how many levels stand above the last one."""
    return path.count(SEPARATOR)


def with_parents(path: str) -> list[str]:
    """Return all paths above a path, the widest first, and the path itself; none for an empty one."""
    levels = levels_of(path) if path else []
    return [path_of(levels[:depth]) for depth in range(1, len(levels) + 1)]


def is_within(path: str, other: str) -> bool:
    """Return whether a path is another one or lies below it."""
    return f"{path}{SEPARATOR}".startswith(f"{other}{SEPARATOR}")
