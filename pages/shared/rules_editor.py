"""Rules as lines of choices, without a language to learn, and what they would move."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import streamlit as st

from pages.shared import state, texts
from pages.shared.cards import move_mark
from pages.shared.filters_form import counter_of
from pages.shared.frame import as_written, errors_shown
from prodsim.phrases import reader_profile
from prodsim.search import (
    Arrangement,
    Filters,
    Query,
    Rule,
    RuleSet,
    SearchOptions,
    SearchResult,
    rank_moves,
)
from prodsim.search.plain_conditions import PlainCondition, Test
from prodsim.search.rules import MAX_BOOST, Does
from prodsim.text import excerpt
from prodsim.workspace import OpenCatalog

DRAFT = "rules draft"
PREVIEWED, N_PREVIEWED, N_MOVED = "rules previewed", 24, 6
TESTS: dict[Does, tuple[Test, ...]] = {
    "pin": ("sku",),
    "bury": ("sku", "brand", "category", "price_max", "price_min", "in_stock", "not_in_stock", "attribute", "sql"),
    "boost": ("brand", "category", "price_max", "price_min", "in_stock", "not_in_stock", "attribute", "sku", "sql"),
    "boost_by": ("column",),
}
"""What each kind of rule can be about, in the order of the choice."""
FIELD_OF_TEST: dict[Test, str] = {
    **dict.fromkeys(("price_max", "price_min"), "price"), **dict.fromkeys(("in_stock", "not_in_stock"), "availability")
}  # fmt: skip
"""The field that a rule is about, where some kinds of catalog lack it."""
USUAL_BOOST = 0.1


@dataclass(slots=True)
class Line:
    """A rule while it is written.

    Attributes:
        number: tells its widgets from those of others.
        rule: as it was read; ``None`` for a new one.
    """

    number: str
    rule: Rule | None = None


@dataclass(slots=True)
class Draft:
    """A set of rules while it is written."""

    lines: list[Line]
    base: RuleSet


def begin(rules: RuleSet) -> None:
    """Begin to edit a set of rules."""
    st.session_state[DRAFT] = Draft([Line(uuid4().hex, rule) for rule in rules.arrangement.rules], rules)


def edit_lines(opened: OpenCatalog) -> RuleSet:
    """Draw the set of rules that is edited as lines with choices, and the limits; return it as it stands.

    A line that is not complete yet is left out, which is shown.
    """
    draft: Draft = st.session_state[DRAFT]
    rules, n_open = [], 0
    for line in draft.lines:
        rule = _edit_line(opened, line, draft)
        n_open += rule is None
        rules += [] if rule is None else [rule]
    st.button(texts.ADD_RULE(), icon=":material/add:", on_click=lambda: draft.lines.append(Line(uuid4().hex)))
    if n_open:
        st.caption(texts.N_INCOMPLETE(n_open))
    arrangement = draft.base.arrangement
    with st.container(horizontal=True):
        per_brand = _edit_limit(texts.MOST_PER_BRAND(), "per brand", arrangement.per_brand)
        per_category = _edit_limit(texts.MOST_PER_CATEGORY(), "per category", arrangement.per_category)
        per_family = _edit_limit(texts.MOST_PER_FAMILY(), "per family", arrangement.per_family)
    limited = replace(arrangement, per_brand=per_brand, per_category=per_category, per_family=per_family)
    return replace(draft.base, arrangement=replace(limited, rules=tuple(rules)))


def preview(opened: OpenCatalog, before: RuleSet, after: RuleSet) -> None:
    """Draw for a search what the rules would move, against those that are in use."""
    words = st.text_input(texts.PREVIEW_FOR(), key=PREVIEWED, placeholder=texts.SEARCH_PLACEHOLDER())
    if not words:
        return
    with errors_shown():
        old, new = (_first(opened, words, rules) for rules in (before, after))
        moves = {sku: move for sku, move in rank_moves(old.hits, new.hits).items() if move != 0}
        gone = [hit for hit in old.hits if hit.sku not in {each.sku for each in new.hits}]
        if not (moves or gone):
            st.caption(texts.NOTHING_MOVES(words=as_written(words)))
            return
        rising = sum(move is not None and move > 0 for move in moves.values())
        falling = sum(move is not None and move < 0 for move in moves.values())
        n_new = len(moves) - rising - falling
        st.caption(texts.WHAT_MOVES(n=N_PREVIEWED, up=rising, down=falling, new=n_new, gone=len(gone)))
        st.text("\n".join(_most_moved(new, moves)))


def _most_moved(result: SearchResult, moves: Mapping[str, int | None]) -> list[str]:
    """Return the products that moved most, new ones first, with their new places."""
    moved = [(place, hit) for place, hit in enumerate(result.hits, 1) if hit.sku in moves]
    far = sorted(moved, key=lambda each: -abs(moves[each[1].sku] or N_PREVIEWED))[:N_MOVED]
    return [
        texts.MOVED_TO(place=place, title=excerpt(hit.title, 60), move=move_mark(moves[hit.sku])) for place, hit in far
    ]


def _first(opened: OpenCatalog, words: str, rules: RuleSet) -> SearchResult:
    arrangement = rules.over("", Arrangement(families=state.families(opened))).arrangement
    options = SearchOptions(filters=Filters(where=rules.only), arrangement=arrangement)
    return opened.search(Query(words), N_PREVIEWED, options)


def _edit_line(opened: OpenCatalog, line: Line, draft: Draft) -> Rule | None:
    """Draw a rule as a line: what it does, to what, how much, and for which searches; None while it is incomplete."""
    key, rule = line.number, line.rule
    condition = PlainCondition.of(rule.target, opened.catalog.row_of) if rule else PlainCondition("brand")
    if rule is not None and rule.does == "boost_by":
        condition = PlainCondition("column", rule.target)
    with st.container(border=True, horizontal=True, vertical_alignment="bottom", gap="small"):
        kinds = list(texts.RULE_KINDS)
        does: Does = st.selectbox(
            texts.RULE_DOES(),
            kinds,
            kinds.index(rule.does if rule else "boost"),
            key=f"does {key}",
            format_func=lambda kind: texts.RULE_KINDS[kind](),
            width=170,
        )
        test = _choose_test(does, condition, key)
        condition = _edit_condition(opened, condition if condition.test == test else PlainCondition(test), key)
        by = _edit_amount(does, rule, key)
        when = st.text_input(
            texts.RULE_WHEN(), rule.when if rule else "", key=f"when {key}", placeholder=texts.ANY(), width=150
        )
        remove = lambda: draft.lines.remove(line)  # noqa: E731 - runs when it is pressed
        st.button(":material/close:", key=f"remove {key}", type="tertiary", help=texts.REMOVE_RULE(), on_click=remove)
    if not condition.is_complete or (does in ("boost", "boost_by") and not by):
        return None
    return Rule(does, condition.target, by, when.strip())


def _choose_test(does: Does, condition: PlainCondition, key: str) -> Test:
    absent = reader_profile().absent
    options = tuple(test for test in TESTS[does] if FIELD_OF_TEST.get(test) not in absent or test == condition.test)
    if len(options) == 1:
        return options[0]
    return st.selectbox(
        texts.RULE_ABOUT(),
        options,
        options.index(condition.test) if condition.test in options else 0,
        key=f"test {does} {key}",
        format_func=lambda test: texts.RULE_TESTS[test](),
        width=150,
    )


def _edit_condition(opened: OpenCatalog, condition: PlainCondition, key: str) -> PlainCondition:
    """Draw what a rule is about: a choice among the catalog's values, a number or a text."""
    key, test = f"{condition.test} {key}", condition.test
    look: dict[str, Any] = {"key": key, "width": 230}
    if test in ("in_stock", "not_in_stock"):
        return condition
    if test in ("price_max", "price_min"):
        amount = st.number_input(texts.PRICE(), 0.0, value=float(condition.value or 0) or None, **look)
        return replace(condition, value="" if amount is None else f"{amount:g}")
    if test in ("sku", "sql"):
        label = texts.SKU() if test == "sku" else texts.RULE_TESTS[test]()
        return replace(condition, value=(st.text_input(label, condition.value, **look) or "").strip())
    if test == "attribute":
        names = opened.catalog.attributes
        look["width"] = 150
        attribute = _choose(texts.ATTRIBUTE(), names, condition.attribute, {**look, "key": f"name of {key}"})
        values = _values(opened, attribute) if attribute else []
        return replace(condition, attribute=attribute, value=_choose(texts.VALUE(), values, condition.value, look))
    if test == "column":
        numbers = [str(name) for name in opened.catalog.products.select_dtypes("number")] + opened.catalog.attributes
        return replace(condition, value=_choose(texts.RULE_TESTS[test](), numbers, condition.value, look))
    values = _values(opened, test)
    return replace(condition, value=_choose(texts.RULE_TESTS[test](), values, condition.value, look))


def _choose(label: str, options: Sequence[str], chosen: str, look: Mapping[str, Any]) -> str:
    known = list(options) if chosen in options or not chosen else [chosen, *options]
    index = known.index(chosen) if chosen else None
    return st.selectbox(label, known, index, placeholder=texts.NONE(), **look) or ""


def _values(opened: OpenCatalog, field: str) -> list[str]:
    return [value for value, _ in counter_of(opened).counts(Filters(), (field,))[0].counts]


def _edit_amount(does: Does, rule: Rule | None, key: str) -> float:
    """Draw by how much a score is raised; nothing where the rule changes no score."""
    if does not in ("boost", "boost_by"):
        return 0.0
    by = rule.by if rule is not None and rule.is_boost else USUAL_BOOST
    return float(
        st.number_input(
            texts.RULE_BY(), -MAX_BOOST, MAX_BOOST, by, 0.05, key=f"by {key}", help=texts.RULE_BY_HELP(), width=110
        )
    )


def _edit_limit(label: str, name: str, limit: int | None) -> int | None:
    """Draw how many products of a kind a list may have."""
    return st.number_input(label, 1, value=limit, step=1, key=f"limit {name}", placeholder=texts.ANY())
