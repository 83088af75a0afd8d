"""YAML as people write settings in it: keys, lists, texts and numbers, of a limited size.

What YAML has beyond that can make gigabytes of a hundred letters (aliases), or something else than a value (tags).
"""

from pathlib import Path
from typing import Any

import yaml

from prodsim.phrases import Text, phrase
from prodsim.text import excerpt, has_half_character

MAX_CHARACTERS = 200_000
"""Of a file: more than 500 rules with conditions of several lines have."""
MAX_DEPTH = 20
MAX_DIGITS = 40
"""Characters of a number. Python refuses to convert more than some thousand digits."""

_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
_PLAIN = {"tag:yaml.org,2002:null", "tag:yaml.org,2002:bool", *_NUMBERS}

TOO_LONG = Text("it has {n:,} characters, and the limit is {limit:,}")
TOO_DEEP = Text("it is nested more than {limit} levels deep")
ALIAS = Text("it uses an anchor or an alias (& or *)")
TAG = Text("it uses the tag {tag}")
LONG_NUMBER = Text("a number has {n:,} characters, and the limit is {limit:,}")
HALF_CHARACTER = Text("a text holds half of a character, which cannot be saved")
SAME_KEY = Text("a key stands there twice")
ON_LINE = Text("line {line:,}: {problem}")
NOT_YAML = Text("it is not YAML: {problem}")


class WrongYaml(ValueError):
    """A text is no YAML that can be used; the message says why, in a part of a sentence."""


class _PlainLoader(yaml.SafeLoader):  # type: ignore[misc]  # PyYAML has no types
    """Reads plain values only; a date is the text that was written."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as the base class has it
        first: [(tag, pattern) for tag, pattern in resolvers if tag in _PLAIN]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Refuse what is not plain before it is made."""
        event = self.peek_event()
        if event.anchor is not None:
            raise _wrong(ALIAS(), event.start_mark)
        if getattr(event, "tag", None) is not None:
            raise _wrong(TAG(tag=excerpt(event.tag, 40)), event.start_mark)
        if self._depth >= MAX_DEPTH:
            raise _wrong(TOO_DEEP(limit=MAX_DEPTH), event.start_mark)
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def compose_scalar_node(self, anchor: Any) -> yaml.ScalarNode:
        """Refuse numbers and texts that nothing can be done with."""
        node = super().compose_scalar_node(anchor)
        if node.tag in _NUMBERS and len(node.value) > MAX_DIGITS:
            raise _wrong(LONG_NUMBER(n=len(node.value), limit=MAX_DIGITS), node.start_mark)
        if has_half_character(node.value):
            raise _wrong(HALF_CHARACTER(), node.start_mark)
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Refuse a key that would hide another."""
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        if len(mapping) < len(node.value):
            raise _wrong(SAME_KEY(), node.start_mark)
        return mapping


def parse_yaml(text: str) -> Any:
    """Return the value that a text means: keys with values, a list, a text, a number, true, false or ``None``.

    Raises:
        WrongYaml: it is no YAML, uses more of it than plain values, or is beyond one of the limits.
    """
    if len(text) > MAX_CHARACTERS:
        raise WrongYaml(TOO_LONG(n=len(text), limit=MAX_CHARACTERS))
    try:
        loader = _PlainLoader(text)
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        problem = excerpt(str(getattr(error, "problem", None) or error))
        mark = getattr(error, "problem_mark", None)
        raise (_wrong(problem, mark) if mark else WrongYaml(NOT_YAML(problem=problem))) from error
    except WrongYaml:
        raise
    except (ValueError, OverflowError) as error:  # of an escape such as \\UFFFFFFFF, which PyYAML lets through
        raise WrongYaml(NOT_YAML(problem=excerpt(str(error)))) from error


def read_yaml_text(path: Path) -> str:
    """Return the text of a YAML file; one that is too long is not read.

    Raises:
        OSError: it cannot be read.
        WrongYaml: it is too long, or no text in UTF-8.
    """
    size = path.stat().st_size
    if size > 4 * MAX_CHARACTERS:
        raise WrongYaml(phrase("it has {n:,} bytes, and the limit is {limit:,}", n=size, limit=4 * MAX_CHARACTERS))
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongYaml(phrase("it is not UTF-8 text")) from error


def _wrong(problem: str, mark: yaml.Mark) -> WrongYaml:
    return WrongYaml(ON_LINE(line=mark.line + 1, problem=problem))
