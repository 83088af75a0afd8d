"""Rules as a YAML file that people write, with errors that say what to correct."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self, get_args

from prodsim.errors import RulesError, did_you_mean
from prodsim.phrases import Text, phrase
from prodsim.search.arrangement import Arrangement
from prodsim.search.filters import Filters
from prodsim.search.rules import Does, Rule, Targets
from prodsim.text import excerpt

NUMBERS = ("diversity", "min_closeness", "price_band", "half_life")
COUNTS = ("per_brand", "per_category", "per_family")
SWITCHES = ("same_category",)
FORMER_KEY = "one_per_family"
"""Older files have it in place of ``per_family: 1``."""
DOES: tuple[Does, ...] = get_args(Does)
KEYS = ("only", *COUNTS, *SWITCHES, *NUMBERS, "rules")
WRONG_VALUE: dict[type, Text] = {
    float: Text("{name} must be a number, not {value}."),
    int: Text("{name} must be a whole number, not {value}."),
    bool: Text("{name} must be true or false, not {value}."),
    str: Text("{name} must be a text, not {value}. Put it into quotes."),
}
A_LIST = Text("a list")
A_MAPPING = Text("keys with values")
A_TEXT = Text("a text")
_STRICTER = {"per_brand": min, "per_category": min, "per_family": min, "price_band": min, "min_closeness": max}
MAX_RULES = 500
EXAMPLE = """\
# Only these products; a condition in SQL over the catalog's columns.
# only: availability = 'in stock'
# How many products of one brand, and of one family of variants, a list shows.
per_brand: 3
per_family: 1
# "pin" puts products first, "bury" puts them last, and "boost" raises their score.
# "when" limits a rule to queries that contain these words.
rules:
- boost: availability = 'in stock'
  by: 0.1
- bury: price = 0
# - pin: SKU of a product
#   when: jacket
# - boost_by: a column of numbers, such as margin
#   by: 0.2
"""
"""The start for a new file."""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules for every list.

    Attributes:
        only: a condition in SQL that every product of a list meets; none when empty.
        arrangement: the rules.
    """

    only: str = ""
    arrangement: Arrangement = Arrangement()

    @property
    def filters(self) -> Filters:
        """Return the condition as a filter."""
        return Filters(where=self.only)

    def over(self, where: str, arrangement: Arrangement) -> Self:
        """Return these rules with a further condition and arrangement; of two limits the stricter one holds."""
        own, default = self.arrangement, Arrangement()
        given = {field.name: getattr(arrangement, field.name) for field in fields(Arrangement)}
        changed = {name: value for name, value in given.items() if value != getattr(default, name)}
        for name, stricter in _STRICTER.items():
            if name in changed:
                changed[name] = stricter(limit for limit in (getattr(own, name), changed[name]) if limit is not None)
        both = f"(\n{self.only}\n) AND (\n{where}\n)" if self.only and where else self.only or where
        return replace(self, only=both, arrangement=replace(own, **changed))

    def check(self, targets: Targets) -> None:
        """Try every product and condition on a catalog.

        Raises:
            QueryError: a rule does not fit it.
        """
        if self.only:
            targets.matching(self.only)
        for rule in self.arrangement.rules:
            targets.rows(rule)


def rules_from_yaml(text: str, name: str = "The rules") -> RuleSet:
    """Read what ``rules_to_yaml`` writes, or a person.

    Args:
        text: a YAML mapping with any of ``KEYS``.
        name: of the file, for errors.

    Raises:
        RulesError: it is none; says where, what it has and what is expected.
    """
    read = _read(text, name)
    if read is None:
        return RuleSet()
    if not isinstance(read, dict):
        raise RulesError(phrase("{name} is {kind}, not keys with values.", name=name, kind=_kind(read)), _how())
    formerly = read.pop(FORMER_KEY, None)
    if formerly is not None and _value(formerly, bool, f"{name}: {FORMER_KEY}"):
        read.setdefault("per_family", 1)
    _check_keys(read, KEYS, name)
    listed = read.pop("rules", None) or []
    if not isinstance(listed, list) or len(listed) > MAX_RULES:
        raise RulesError(
            phrase(
                "{name}: “rules” is {kind}, not a list of at most {limit:,}.",
                name=name,
                kind=_kind(listed),
                limit=MAX_RULES,
            ),
            _how(),
        )
    rules = tuple(
        _rule(rule, phrase("{name}, rule {number:,}", name=name, number=number))
        for number, rule in enumerate(listed, 1)
    )
    only = _value(read.pop("only", "") or "", str, f"{name}: only")
    kinds = dict.fromkeys(NUMBERS, float) | dict.fromkeys(COUNTS, int) | dict.fromkeys(SWITCHES, bool)
    values = {key: _value(value, kinds[key], f"{name}: {key}") for key, value in read.items() if value is not None}
    try:
        return RuleSet(only, Arrangement(**values, rules=rules))
    except ValueError as error:
        raise RulesError(phrase("{name}: {problem}.", name=name, problem=error), _how()) from error


def _read(text: str, name: str) -> Any:
    from prodsim.plain_yaml import WrongYaml, parse_yaml  # only rules pay for YAML

    try:
        return parse_yaml(text)
    except WrongYaml as error:
        raise RulesError(phrase("{name}: {problem}.", name=name, problem=error), _how()) from error


def rules_to_yaml(rules: RuleSet) -> str:
    """Write rules as ``rules_from_yaml`` reads them; what is as by default is left out.

    Raises:
        RulesError: there are more than that reads.
    """
    import yaml  # only rules pay

    n = len(rules.arrangement.rules)
    if n > MAX_RULES:
        raise RulesError(
            phrase("There are {n:,} rules, and the limit is {limit:,}.", n=n, limit=MAX_RULES),
            phrase("Take some out, or say several with one condition."),
        )
    default = Arrangement()
    arranged = {field.name: getattr(rules.arrangement, field.name) for field in fields(Arrangement)}
    written: dict[str, Any] = {"only": rules.only} if rules.only else {}
    written |= {key: arranged[key] for key in KEYS if key in arranged and arranged[key] != getattr(default, key)}
    if rules.arrangement.rules:
        written["rules"] = [_written(rule) for rule in rules.arrangement.rules]
    return str(yaml.safe_dump(written, sort_keys=False, allow_unicode=True)) if written else ""


def _how() -> str:
    """Say what a file of rules may hold."""
    return phrase(
        "Use the keys {keys}. Each rule is one of {kinds}, optionally with “by” and “when”.",
        keys=", ".join(KEYS),
        kinds=", ".join(DOES),
    )


def _rule(read: object, name: str) -> Rule:
    if not isinstance(read, dict):
        raise RulesError(
            phrase(
                "{name} is {kind}, not “pin: SKU” or another of {kinds}.",
                name=name,
                kind=_kind(read),
                kinds=", ".join(DOES),
            ),
            _how(),
        )
    _check_keys(read, (*DOES, "by", "when"), name)
    does = [key for key in DOES if key in read]
    if len(does) != 1:
        kinds = ", ".join(DOES)
        if does:
            what = phrase("{name} must be one of {kinds}, not {given}.", name=name, kinds=kinds, given=" + ".join(does))
        else:
            what = phrase("{name} must be one of {kinds}.", name=name, kinds=kinds)
        raise RulesError(what, _how())
    target = read[does[0]]
    if isinstance(target, int) and not isinstance(target, bool):
        target = str(target)  # a SKU of digits alone
    try:
        return Rule(
            does[0],
            _value(target, str, f"{name}: {does[0]}"),
            _value(read.get("by", 0.0), float, f"{name}: by"),
            _value(read.get("when", ""), str, f"{name}: when"),
        )
    except ValueError as error:
        raise RulesError(phrase("{name}: {problem}.", name=name, problem=error), _how()) from error


def _written(rule: Rule) -> dict[str, Any]:
    by = {"by": rule.by} if rule.is_boost else {}
    return {rule.does: rule.target, **by, **({"when": rule.when} if rule.when else {})}


def _check_keys(read: Mapping[object, object], known: tuple[str, ...], name: str) -> None:
    for key in read:
        if key not in known:
            shown = excerpt(str(key), 40)
            what, hint = phrase("{name}: unknown key “{key}”.", name=name, key=shown), did_you_mean(shown, known)
            raise RulesError(f"{what} {hint}".strip(), _how())


def _value(value: Any, kind: type, name: str) -> Any:
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise RulesError(WRONG_VALUE[kind](name=name, value=_shown(value)), _how())
    return value


def _kind(value: object) -> str:
    """Name what a value of YAML is; a number, or true or false, is shown itself."""
    kinds: dict[type, Text] = {list: A_LIST, dict: A_MAPPING, str: A_TEXT}
    return kinds[type(value)]() if type(value) in kinds else _shown(value)


def _shown(value: object) -> str:
    """Return what a message shows of a value; of lists and keys with values only what they are."""
    return _kind(value) if isinstance(value, list | dict) else excerpt(repr(value), 60)
