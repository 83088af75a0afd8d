"""Rules as a file that people write: YAML, and back, with errors that say what to mend."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self, get_args

from prodsim.errors import RulesError
from prodsim.search.arrangement import Arrangement
from prodsim.search.filters import Filters
from prodsim.search.rules import Does, Rule, Targets

NUMBERS = ("diversity", "min_closeness", "price_band")
COUNTS = ("per_brand", "per_category", "per_family")
SWITCHES = ("same_category",)
FORMERLY = "one_per_family"
"""What rules written before a family could have several said instead of ``per_family: 1``."""
DOES: tuple[Does, ...] = get_args(Does)
KEYS = ("only", *COUNTS, *SWITCHES, *NUMBERS, "rules")
_STRICTER = {"per_brand": min, "per_category": min, "per_family": min, "price_band": min, "min_closeness": max}
MOST_RULES = 500
EXAMPLE = """\
# Only these products; a condition in SQL over the catalog's columns.
# only: availability = 'in stock'
# What may stand beside what.
per_brand: 3
per_family: 1
# First, last, or with more score; "when" limits a rule to queries that hold these words.
rules:
- boost: availability = 'in stock'
  by: 0.1
- bury: price = 0
# - pin: SKU of a product
#   when: jacket
# - boost_by: a column of numbers, such as margin
#   by: 0.2
"""
"""What a person starts from."""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What an expert wants of every list.

    Attributes:
        only: a condition in SQL that every product of a list meets; none when empty.
        arrangement: the rules.
    """

    only: str = ""
    arrangement: Arrangement = Arrangement()

    @property
    def filters(self) -> Filters:
        """The condition as a filter."""
        return Filters(where=self.only)

    def over(self, where: str, arrangement: Arrangement) -> Self:
        """These rules with a further condition and what an arrangement asks for; of two limits the stricter one."""
        mine, usual = self.arrangement, Arrangement()
        asked = {field.name: getattr(arrangement, field.name) for field in fields(Arrangement)}
        changed = {name: value for name, value in asked.items() if value != getattr(usual, name)}
        for name, stricter in _STRICTER.items():
            if name in changed:
                changed[name] = stricter(one for one in (getattr(mine, name), changed[name]) if one is not None)
        both = f"(\n{self.only}\n) AND (\n{where}\n)" if self.only and where else self.only or where
        return replace(self, only=both, arrangement=replace(mine, **changed))

    def check(self, targets: Targets) -> None:
        """Try every product and condition on a catalog.

        Raises:
            QueryError: one does not fit it.
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
        RulesError: it is none; says where, what was seen and what is understood.
    """
    import yaml  # only rules pay

    try:
        read = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise RulesError(f"{name}: {where}{getattr(error, 'problem', None) or error}.", _HOW) from error
    except RecursionError as error:
        raise RulesError(f"{name} is nested too deeply to be rules.", _HOW) from error
    if read is None:
        return RuleSet()
    if not isinstance(read, dict):
        raise RulesError(f"{name} is {_kind(read)}, not keys with values.", _HOW)
    formerly = read.pop(FORMERLY, None)
    if formerly is not None and _value(formerly, bool, f"{name}: {FORMERLY}"):
        read.setdefault("per_family", 1)
    _check_keys(read, KEYS, name)
    listed = read.pop("rules", None) or []
    if not isinstance(listed, list) or len(listed) > MOST_RULES:
        raise RulesError(f'{name}: "rules" is {_kind(listed)}, not a list of at most {MOST_RULES}.', _HOW)
    rules = tuple(_rule(one, f"{name}, rule {number}") for number, one in enumerate(listed, 1))
    only = _value(read.pop("only", "") or "", str, f"{name}: only")
    kinds = dict.fromkeys(NUMBERS, float) | dict.fromkeys(COUNTS, int) | dict.fromkeys(SWITCHES, bool)
    values = {key: _value(value, kinds[key], f"{name}: {key}") for key, value in read.items() if value is not None}
    try:
        return RuleSet(only, Arrangement(**values, rules=rules))
    except ValueError as error:
        raise RulesError(f"{name}: {error}.", _HOW) from error


def rules_to_yaml(rules: RuleSet) -> str:
    """The rules as ``rules_from_yaml`` reads them; what is as without rules is left out."""
    import yaml  # only rules pay

    usual = Arrangement()
    arranged = {field.name: getattr(rules.arrangement, field.name) for field in fields(Arrangement)}
    written: dict[str, Any] = {"only": rules.only} if rules.only else {}
    written |= {key: arranged[key] for key in KEYS if key in arranged and arranged[key] != getattr(usual, key)}
    if rules.arrangement.rules:
        written["rules"] = [_written(rule) for rule in rules.arrangement.rules]
    return str(yaml.safe_dump(written, sort_keys=False, allow_unicode=True)) if written else ""


_HOW = f"Write keys such as {', '.join(KEYS)}; each rule is one of {', '.join(DOES)}, maybe with by and when."


def _rule(read: object, name: str) -> Rule:
    if not isinstance(read, dict):
        raise RulesError(f"{name} is {_kind(read)}, not {DOES[0]}: SKU, or another of {', '.join(DOES)}.", _HOW)
    _check_keys(read, (*DOES, "by", "when"), name)
    does = [key for key in DOES if key in read]
    if len(does) != 1:
        seen = " and ".join(does) or "none"
        raise RulesError(f"{name} must be one of {', '.join(DOES)}; it is {seen}.", _HOW)
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
        raise RulesError(f"{name}: {error}.", _HOW) from error


def _written(rule: Rule) -> dict[str, Any]:
    by = {"by": rule.by} if rule.is_boost else {}
    return {rule.does: rule.target, **by, **({"when": rule.when} if rule.when else {})}


def _check_keys(read: Mapping[object, object], known: tuple[str, ...], name: str) -> None:
    for key in read:
        if key not in known:
            near = difflib.get_close_matches(str(key), known, n=1)
            raise RulesError(f'{name}: "{key}" is not known.{f" Did you mean {near[0]}?" if near else ""}', _HOW)


def _value(value: Any, kind: type, name: str) -> Any:
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        wanted = {float: "a number", int: "a whole number", bool: "true or false", str: "a text"}[kind]
        hint = " Put it into quotes." if kind is str else ""
        raise RulesError(f"{name} must be {wanted}; it is {value!r}.{hint}", _HOW)
    return value


def _kind(value: object) -> str:
    kinds: dict[type, str] = {list: "a list", dict: "keys with values", str: "a text"}
    return kinds.get(type(value), repr(value)[:40])
