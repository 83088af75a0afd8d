"""What a thing is for: from what a person tells, without naming it, to the thing that helps."""

import re
from collections.abc import Sequence
from functools import lru_cache

from prodsim.ask.tables import table_pattern
from prodsim.ask.types import Thing
from prodsim.knowledge import language_files


def is_story(question: str) -> bool:
    """Return whether a question tells something, rather than naming what it asks for."""
    return table_pattern("vague").match(table_pattern("empty").sub(" ", question)) is not None


def needed_thing(question: str, named: Thing) -> str:
    """Return the thing that helps with what a question tells; "" where it asks for a thing, or nothing is known of it.

    Args:
        question: as it is asked.
        named: the thing that it names; in a story that is mostly what a person has.
    """
    if named.kinds and not is_story(question):
        return ""
    return next((name for pattern, name in _needs() if pattern.search(question)), "")


@lru_cache(maxsize=1)
def _needs() -> Sequence[tuple[re.Pattern[str], str]]:
    return [
        (re.compile(told, re.IGNORECASE), name)
        for file in language_files()
        for name, told in file.get("needs", {}).items()
    ]
