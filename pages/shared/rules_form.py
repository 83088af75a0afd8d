"""Rules of experts: which saved set is in use; sets are written, saved and deleted here."""

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.shared import state, texts
from pages.shared.filters_form import RULES as KEY
from pages.shared.frame import as_written, errors_shown, show_error
from pages.shared.grid import Action
from pages.shared.link import take_out
from pages.shared.permission import permitted
from pages.shared.rules_editor import PREVIEWED, begin, edit_lines, preview
from prodsim.errors import ProdsimError
from prodsim.records import Records
from prodsim.roles import why_not
from prodsim.search import Arrangement, Query, Rule, RuleSet, rules_from_yaml, rules_to_yaml
from prodsim.search.ruleset import EXAMPLE
from prodsim.workspace import OpenCatalog

WRITE, NAME, TEXT = "write rules", "rules name", "rules text"
AS_TEXT, EDITED = "rules as text", "rules edited"
WANTED = "rules wanted"
TIMES_WRITTEN = "rules times written"
"""A new popover for each time: the old one would stay open above the dialog."""
OWN = "my rules"
"""The set that a pin from a card goes into while none is in use."""


def ask_rules(opened: OpenCatalog, notes: DeltaGenerator) -> RuleSet:
    """Draw the choice among the catalog's sets of rules, whose name lives in the link; return the rules in use.

    ``notes`` is the place to show that the link names a set which is not there.
    """
    records = _records(opened.name)
    names = records.rule_names()
    if WANTED in st.session_state:  # the choice cannot be set once it is drawn
        st.session_state[KEY] = st.session_state.pop(WANTED)
    linked = st.query_params.get(KEY)
    if linked and linked not in names:
        take_out(KEY)
        notes.caption(texts.RULES_NOT_HERE(rules=as_written(linked)))
    if st.session_state.get(KEY) not in names:
        st.session_state.pop(KEY, None)
    name = st.session_state.get(KEY) or st.query_params.get(KEY)
    label = texts.RULES_NAMED(name=as_written(name)) if name else texts.RULES()
    with st.popover(label, icon=":material/gavel:", key=f"rules popover {st.session_state.get(TIMES_WRITTEN, 0)}"):
        name = st.selectbox(
            texts.RULES_IN_USE(),
            names,
            index=None,
            key=KEY,
            placeholder=texts.NONE(),
            bind="query-params",
            help=texts.RULES_HELP(),
        )
        label = texts.EDIT_RULES() if name else texts.WRITE_RULES()
        st.button(label, icon=":material/edit:", on_click=_write, args=(opened, name))
    try:
        used = records.rules(name).rules if name else RuleSet()
        used.check(opened.engine.targets)
    except ProdsimError as error:
        show_error(error)
        used = RuleSet()
    if st.session_state.get(WRITE):
        _open_dialog(opened, used)
    return used


def rule_actions(opened: OpenCatalog, query: Query) -> tuple[Action, ...]:
    """Return what a card offers: pin the product for this search, or show it last."""
    condition = query.text.strip() or _title(opened, query)
    pin = _adder(opened, lambda sku: Rule("pin", sku, when=condition))
    bury = _adder(opened, lambda sku: Rule("bury", sku, when=condition))
    why = why_not("save")
    return (
        Action(":material/keep:", texts.PIN(), pin, place="menu", why_off=why),
        Action(":material/vertical_align_bottom:", texts.BURY(), bury, place="menu", why_off=why),
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


def _write(opened: OpenCatalog, name: str | None) -> None:
    st.session_state[WRITE] = True
    st.session_state[TIMES_WRITTEN] = st.session_state.get(TIMES_WRITTEN, 0) + 1
    st.session_state[NAME] = name or OWN
    st.session_state[AS_TEXT] = False
    st.session_state[PREVIEWED] = str(st.session_state.get("q") or "")
    versions = _records(opened.name).rule_versions(name or OWN)
    begin(versions[-1].rules if versions else RuleSet())


def _close() -> None:
    st.session_state.pop(WRITE, None)


def _open_dialog(opened: OpenCatalog, used: RuleSet) -> None:
    """Open the dialog; made here, so that its title is in the reader's language."""
    st.dialog(texts.RULES(), width="large", on_dismiss=_close)(_edit_rules)(opened, used)


def _edit_rules(opened: OpenCatalog, used: RuleSet) -> None:
    """Edit a set as lines, or as text; it is checked on this catalog before it is saved."""
    records = _records(opened.name)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(texts.NAME(), key=NAME)
        st.toggle(texts.RULES_AS_TEXT(), key=AS_TEXT, on_change=_change_form)
    edited: RuleSet | None = None
    if st.session_state[AS_TEXT]:
        st.text_area(texts.RULES(), key=TEXT, height=320, help=texts.RULES_TEXT_HELP())
        with errors_shown():
            edited = rules_from_yaml(st.session_state[TEXT])
    else:
        edited = st.session_state[EDITED] = edit_lines(opened)
    if edited is not None:
        preview(opened, used, edited)
    versions = records.rule_versions(name)
    with st.container(horizontal=True):
        permission = permitted("save", is_off=edited is None)
        is_saved = st.button(texts.SAVE_AND_USE(), type="primary", icon=":material/save:", **permission)
        if edited is not None:
            st.download_button(
                texts.DOWNLOAD_YAML(),
                rules_to_yaml(edited),
                f"{name}.yaml",
                "application/yaml",
                icon=":material/download:",
                on_click="ignore",
            )
        if versions and st.button(texts.DELETE_VERSIONS(), icon=":material/delete:", **permitted("save")):
            records.delete_rules(name)
            _close()
            st.rerun()
    if is_saved and edited is not None:
        with errors_shown():
            edited.check(opened.engine.targets)
            records.save_rules(name, edited)
            st.session_state[WANTED] = name
            _close()
            st.rerun()
    if versions:
        latest = [
            texts.RULES_VERSION(version=version.version, when=version.when[:16].replace("T", " "))
            for version in reversed(versions[-5:])
        ]
        st.caption(texts.RULES_VERSIONS(name=as_written(name), versions=", ".join(latest)))
        st.button(
            texts.PREVIOUS_VERSION(), icon=":material/undo:", on_click=_restore_previous, args=(records, name),
            **permitted("save"),
        )  # fmt: skip


def _change_form() -> None:
    """Take what was written along to the other form; a text that cannot be read stays."""
    if st.session_state[AS_TEXT]:
        st.session_state[TEXT] = rules_to_yaml(st.session_state[EDITED]) or EXAMPLE
        return
    with errors_shown():
        begin(rules_from_yaml(st.session_state[TEXT]))
        return
    st.session_state[AS_TEXT] = True


def _restore_previous(records: Records, name: str) -> None:
    """Edit the version before the newest; saving makes it the newest."""
    versions = records.rule_versions(name)
    before = versions[-2 if len(versions) > 1 else -1].rules
    begin(before)
    st.session_state[TEXT] = rules_to_yaml(before)


def _records(catalog: str) -> Records:
    return state.workspace().records(catalog)
