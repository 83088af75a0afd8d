"""Rules of experts: which saved set is in use, and writing, keeping and taking away sets."""

from collections.abc import Callable

import streamlit as st

from pages.shared import state
from pages.shared.frame import errors_shown, show_error
from pages.shared.grid import Action
from prodsim.errors import ProdsimError
from prodsim.records import Records
from prodsim.search import Arrangement, Query, Rule, RuleSet, rules_from_yaml, rules_to_yaml
from prodsim.search.ruleset import EXAMPLE
from prodsim.workspace import OpenCatalog

KEY, WRITE, NAME, TEXT = "rules", "write rules", "rules name", "rules text"
WANTED = "rules wanted"
OWN = "my rules"
"""The set that a pin from a card goes into while none is in use."""


def ask_rules(opened: OpenCatalog) -> RuleSet:
    """Which of the catalog's sets is in use; its name lives in the link."""
    records = _records(opened.name)
    names = records.rule_names()
    if WANTED in st.session_state:  # the choice cannot be set once it is drawn
        st.session_state[KEY] = st.session_state.pop(WANTED)
    linked = st.query_params.get(KEY)
    if linked and linked not in names:
        st.query_params.pop(KEY)
        st.caption("Left out of the link: rules that this catalog does not have.")
    if st.session_state.get(KEY) not in names:
        st.session_state.pop(KEY, None)
    name = st.session_state.get(KEY) or st.query_params.get(KEY)
    with st.popover(f"Rules: {name}" if name else "Rules", icon=":material/gavel:", key="rules popover"):
        name = st.selectbox(
            "Rules in use",
            names,
            index=None,
            key=KEY,
            placeholder="none",
            bind="query-params",
            help="Products that an expert pins, puts last or boosts, and how many of a kind may stand in a list.",
        )
        st.button("Change them" if name else "Write some", icon=":material/edit:", on_click=_write, args=(name,))
    try:
        used = records.rules(name).rules if name else RuleSet()
        used.check(opened.engine.targets)
    except ProdsimError as error:
        show_error(error)
        used = RuleSet()
    if st.session_state.get(WRITE):
        _dialog(opened)
    return used


def rule_actions(opened: OpenCatalog, query: Query) -> tuple[Action, ...]:
    """What a card offers: pin the product for this search, or put it last."""
    asked = query.text.strip() or _title(opened, query)
    pin = _adder(opened, lambda sku: Rule("pin", sku, when=asked))
    bury = _adder(opened, lambda sku: Rule("bury", sku, when=asked))
    return (
        Action(":material/keep:", "Pin for this search", pin, is_rare=True),
        Action(":material/vertical_align_bottom:", "Put last for this search", bury, is_rare=True),
    )


def _title(opened: OpenCatalog, query: Query) -> str:
    rows = [opened.engine.lookup.row(sku) for sku in query.like[:1]]
    return "".join(opened.catalog.products["title"].iloc[rows])


def _adder(opened: OpenCatalog, make: Callable[[str], Rule]) -> Callable[[str], None]:
    def add(sku: str) -> None:
        with errors_shown():
            records = _records(opened.name)
            name = st.session_state.get(KEY) or OWN
            before = records.rules(name).rules if name in records.rule_names() else RuleSet()
            rule = make(sku)
            others = [old for old in before.arrangement.rules if (old.target, old.when) != (rule.target, rule.when)]
            records.save_rules(name, before.over("", Arrangement(rules=(*others, rule))))
            st.session_state[KEY] = name

    return add


def _write(name: str | None) -> None:
    st.session_state[WRITE] = True
    st.session_state[NAME] = name or OWN
    st.session_state.pop(TEXT, None)


def _close() -> None:
    st.session_state.pop(WRITE, None)


@st.dialog("Rules", width="large", on_dismiss=_close)
def _dialog(opened: OpenCatalog) -> None:
    """Write a set as YAML; it is checked on this catalog before it is kept."""
    records = _records(opened.name)
    name = st.text_input("Name", key=NAME)
    versions = records.rule_versions(name)
    if TEXT not in st.session_state:
        st.session_state[TEXT] = rules_to_yaml(versions[-1].rules) if versions else EXAMPLE
    text = st.text_area("Rules", key=TEXT, height=320, help="YAML. Save tries every product and condition first.")
    with st.container(horizontal=True):
        is_saved = st.button("Save and use", type="primary", icon=":material/save:")
        st.download_button(
            "YAML", text, f"{name}.yaml", "application/yaml", icon=":material/download:", on_click="ignore"
        )
        if versions and st.button("Delete all versions", icon=":material/delete:"):
            records.delete_rules(name)
            _close()
            st.rerun()
    if is_saved:
        with errors_shown():
            read = rules_from_yaml(text)
            read.check(opened.engine.targets)
            records.save_rules(name, read)
            st.session_state[WANTED] = name
            _close()
            st.rerun()
    if versions:
        shown = [f"{one.version} · {one.when[:16].replace('T', ' ')} UTC" for one in reversed(versions)]
        st.caption(f"Versions of {name}: {', '.join(shown[:5])}")
        st.button("Back to the version before", icon=":material/undo:", on_click=_older, args=(records, name))


def _older(records: Records, name: str) -> None:
    """Put the version before the newest into the text; saving makes it the newest."""
    versions = records.rule_versions(name)
    st.session_state[TEXT] = rules_to_yaml(versions[-2 if len(versions) > 1 else -1].rules)


def _records(catalog: str) -> Records:
    return state.workspace().records(catalog)
