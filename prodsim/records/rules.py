"""Named sets of rules, every version of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from prodsim.errors import QueryError, did_you_mean
from prodsim.phrases import phrase
from prodsim.records.judgements import utc
from prodsim.records.place import Connection
from prodsim.search import RuleSet, rules_from_yaml, rules_to_yaml

_RULE_COLUMNS = 'name, version, text, who, "when"'


@dataclass(frozen=True, slots=True)
class SavedRules:
    """A version of a set of rules.

    Attributes:
        name: of the set.
        version: from 1, one more with each change.
        rules: the set.
        who: who saved it; may be empty.
        when: ISO 8601 in UTC to the second.
    """

    name: str
    version: int
    rules: RuleSet
    who: str
    when: str


def save_rules(connection: Connection, name: str, rules: RuleSet, who: str) -> SavedRules:
    """Keep a set as the next version of its name; where it is as the newest, that one."""
    versions = versions_of(connection, name)
    if versions and versions[-1].rules == rules:
        return versions[-1]
    saved = SavedRules(name, len(versions) + 1, rules, who, utc(""))
    row = (name, saved.version, rules_to_yaml(rules), who, saved.when)
    connection.execute(f"INSERT INTO ruled ({_RULE_COLUMNS}) VALUES (?, ?, ?, ?, ?)", row)
    return saved


def versions_of(connection: Connection, name: str) -> list[SavedRules]:
    """Return all versions of a set, oldest first; none where there is no such set."""
    rows = connection.execute(f"SELECT {_RULE_COLUMNS} FROM ruled WHERE name = ? ORDER BY version", (name,))
    return [
        SavedRules(name, version, rules_from_yaml(text, f"The rules “{name}”"), who, when)
        for name, version, text, who, when in rows
    ]


def names_of(connection: Connection) -> list[str]:
    """Return the names of the sets, in their order."""
    return [str(name) for (name,) in connection.execute("SELECT DISTINCT name FROM ruled ORDER BY name")]


def no_rules(name: str, names: Sequence[str], version: int | None) -> QueryError:
    """Return the error for a set, or a version of it, that does not exist."""
    if version is not None and name in names:
        return QueryError(
            phrase("The rules “{name}” have no version {version}.", name=name, version=version),
            phrase("Leave the version out for the newest."),
        )
    return QueryError(phrase("There is no rule set “{name}”.", name=name), suggest_name(name, names))


def suggest_name(name: str, names: Sequence[str]) -> str:
    """Return a sentence with the names there are, and the closest one to a name that does not exist."""
    if not names:
        return phrase("None is saved yet.")
    listed = phrase("Saved are: {names}.", names=", ".join(f"“{known}”" for known in names))
    return f"{did_you_mean(name, names)} {listed}".strip()
