"""What was decided: a list, narrowed by person and decision, from which a finding is decided or commented again."""

from collections import Counter
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.shared import link
from pages.shared import texts as shared
from pages.shared.checks import ReviewItem
from pages.shared.frame import errors_shown
from pages.shared.quality import texts
from pages.shared.quality.finding_card import describe_decision, draw_finding
from pages.shared.quality.queue import MOST_NOTE_CHARS, draw_bar, draw_buttons, review_session
from prodsim.phrases import retold
from prodsim.records import Records
from prodsim.workspace import OpenCatalog

EVERY = "all"
MOST_LISTED = 1_000
"""Findings of a list that are sent to the browser."""


def draw_list(opened: OpenCatalog, records: Records, listed: Sequence[ReviewItem]) -> None:
    """Draw a list of findings that do not wait, latest decision first; a selected one can be decided again."""
    if not listed:
        st.info(texts.NOTHING_DECIDED(), icon=":material/pending_actions:")
        return
    narrowed = _narrow(listed)
    newest = sorted(narrowed, key=lambda item: item.decision.when if item.decision else "", reverse=True)
    event = st.dataframe(
        _list_table(newest[:MOST_LISTED]),
        hide_index=True,
        height=215,
        on_select="rerun",
        selection_mode="single-row",
        key="decided",
        alt=texts.DECISIONS_ALT(),
        column_config={
            "decision": texts.DECISION(),
            "finding": st.column_config.TextColumn(shared.FINDING(), width="large"),
            "note": texts.NOTE(),
            "who": texts.DECIDED_BY(),
            "when": st.column_config.DatetimeColumn(texts.WHEN()),
        },
    )
    if len(newest) > MOST_LISTED:
        st.caption(texts.SOME_LISTED(listed=MOST_LISTED, n=len(newest)))
    st.caption(texts.SELECT_ROW())
    chosen = event["selection"]["rows"]
    if chosen and chosen[0] < len(newest):
        draw_bar(records, len(newest), len(newest))
        draw_buttons(opened, records, newest[chosen[0]])
        _draw_comment(opened, records, newest[chosen[0]])
        draw_finding(opened, newest[chosen[0]])


def _narrow(listed: Sequence[ReviewItem]) -> list[ReviewItem]:
    """Draw the choice of what was decided and by whom, each where there are several; return what is left."""
    left = list(listed)
    look = {"required": True, "label_visibility": "collapsed"}
    actions = Counter(item.decision.action for item in left if item.decision)
    if len(actions) > 1:
        names: dict[str, str] = {EVERY: shared.KIND_COUNT(kind=texts.ALL_DECISIONS(), n=len(left))}
        names |= {each: shared.KIND_COUNT(kind=texts.DECISION_KINDS[each](), n=n) for each, n in actions.items()}
        action = link.choose(st.pills, texts.DECIDED_HOW(), names, "decision", EVERY, **look)
        left = [item for item in left if action == EVERY or (item.decision and item.decision.action == action)]
    people = Counter(item.decision.who for item in listed if item.decision)
    if len(people) > 1:
        names = {EVERY: texts.ALL_DECISIONS()} | {who: who or texts.NOBODY_NAMED() for who in sorted(people)}
        person = link.choose(st.selectbox, texts.DECIDED_BY(), names, "person", EVERY, width=240)
        left = [item for item in left if person == EVERY or (item.decision and item.decision.who == person)]
    return left


def _draw_comment(opened: OpenCatalog, records: Records, item: ReviewItem) -> None:
    """Draw the note of a decision, which can be written later, too; it is kept as the same decision made again."""
    if item.decision is None:
        return
    made, key = item.decision, f"comment {item.key} {item.decision.when}"

    def comment() -> None:
        with errors_shown():
            note, session = str(st.session_state[key]).strip(), review_session(records).session
            records.decide(item.finding, made.action, opened.catalog, keep=made.keep, note=note, session=session)

    st.text_input(texts.COMMENT(), made.note, MOST_NOTE_CHARS, key=key, on_change=comment)


def _list_table(listed: Sequence[ReviewItem]) -> pd.DataFrame:
    """Return a row per finding, with the decisions where there are some."""
    rows = [
        (
            describe_decision(item.decision),
            retold(item.finding.what),
            item.decision.note if item.decision else "",
            item.decision.who if item.decision else "",
            item.decision.when if item.decision else None,
        )
        for item in listed
    ]
    table = pd.DataFrame(rows, columns=["decision", "finding", "note", "who", "when"])
    if not any(item.decision for item in listed):
        return table[["finding"]]
    return table if table["who"].any() else table.drop(columns="who")
