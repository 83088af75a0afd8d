"""Deciding: findings one after the other, with buttons, keys, undo, and how far the queue is."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Literal
from uuid import uuid4

import pandas as pd
import streamlit as st

from pages.shared.frame import errors_shown
from pages.shared.quality.finding_card import ACTIONS, Found, draw_finding, told_decision
from prodsim.findings import Finding
from prodsim.progress import duration
from prodsim.records import Action, Records
from prodsim.workspace import OpenCatalog

SITTING, NOTE = "deciding sitting", "decision note"
COMPARED = ("duplicates", "variants")
"""Kinds whose products are the same or nearly: they are held side by side, and one is kept."""
MOST_LISTED = 1_000
"""Findings of a list that are sent to the browser."""
PAUSE_S = 300.0
"""Longer between two decisions was a pause and tells nothing of the pace."""
MOST_OF_A_NOTE = 1_000
"""Characters."""


@dataclass(slots=True)
class Sitting:
    """What one person decided about one catalog in this browser tab.

    Attributes:
        session: of the records, so that undo takes back nobody else's.
        times: of the decisions, in seconds.
    """

    session: str
    times: list[float] = field(default_factory=list)

    @property
    def pace_s(self) -> float | None:
        """Seconds a decision takes, pauses left out; None until three were made."""
        gaps = [after - before for before, after in zip(self.times, self.times[1:], strict=False)]
        quick = [gap for gap in gaps[-30:] if gap < PAUSE_S]
        return median(quick) if len(quick) > 1 else None


def draw_queue(opened: OpenCatalog, records: Records, queue: Sequence[Found], n_decided: int) -> None:
    """The first finding of a queue, big, with its buttons; what was put off comes last.

    Args:
        opened: the catalog.
        records: what is decided about it.
        queue: findings that wait.
        n_decided: others that were decided.
    """
    waiting = in_turn(queue)
    _draw_bar(records, n_decided, n_decided + len(queue))
    if waiting:
        _draw_buttons(opened, records, waiting[0])
        draw_finding(opened, waiting[0])
    else:
        st.info("Nothing is waiting here. What was decided is under *Decided*.", icon=":material/task_alt:")


def draw_list(opened: OpenCatalog, records: Records, listed: Sequence[Found]) -> None:
    """Findings that do not wait, those decided last first; a chosen one can be seen, and decided anew."""
    if not listed:
        st.info("Nothing of this is decided yet.", icon=":material/pending_actions:")
        return
    newest = sorted(listed, key=lambda found: found.decision.when if found.decision else "", reverse=True)
    event = st.dataframe(
        _list_table(newest[:MOST_LISTED]),
        hide_index=True,
        height=215,
        on_select="rerun",
        selection_mode="single-row",
        key="decided",
        alt="Findings, newest decision first",
        column_config={
            "Finding": st.column_config.TextColumn(width="large"),
            "When (UTC)": st.column_config.DatetimeColumn(),
        },
    )
    left = f"{MOST_LISTED:,} of {len(newest):,} are listed. " * (len(newest) > MOST_LISTED)
    st.caption(f"{left}Choose a row to see the finding, and to decide about it.")
    chosen = event["selection"]["rows"]
    if chosen and chosen[0] < len(newest):
        _draw_bar(records, len(newest), len(newest))
        _draw_buttons(opened, records, newest[chosen[0]])
        draw_finding(opened, newest[chosen[0]])


def _list_table(listed: Sequence[Found]) -> pd.DataFrame:
    """A line each; with what was decided, where something was."""
    rows = [
        (told_decision(one), one.finding.what, one.decision.note if one.decision else "",
         one.decision.when if one.decision else None)
        for one in listed
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["Decided", "Finding", "Note", "When (UTC)"])
    return table if any(one.decision for one in listed) else table[["Finding"]]


def sitting(records: Records) -> Sitting:
    """What was decided about a catalog in this browser tab."""
    sittings: dict[Path, Sitting] = st.session_state.setdefault(SITTING, {})
    return sittings.setdefault(records.path, Sitting(uuid4().hex))


def in_turn(queue: Sequence[Found]) -> list[Found]:
    """The findings in their order, but what was put off after all others, longest ago first."""
    return sorted(queue, key=lambda found: found.decision.when if found.decision and found.state == "open" else "")


def told_progress(n_decided: int, n: int, pace_s: float | None) -> str:
    """How far a queue is, and how long the rest will take."""
    told = f"{n_decided:,} of {n:,}"
    if pace_s is None or n_decided >= n:
        return f"{told} decided"
    return f"{told}, about {duration((n - n_decided) * pace_s)} left at your pace"


def _draw_bar(records: Records, n_decided: int, n: int) -> None:
    """How far the queue is, a note for the next decision, and undo."""
    now = sitting(records)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.progress(n_decided / max(n, 1), text=told_progress(n_decided, n, now.pace_s), width="stretch")
        with st.popover(":material/edit_note:", help="A note for the next decision"):
            st.text_input("Note", key=NOTE, placeholder="why", max_chars=MOST_OF_A_NOTE)
        st.button(
            "Undo", icon=":material/undo:", shortcut="U", on_click=_undo, args=(records,), type="tertiary",
            disabled=not now.times,
        )  # fmt: skip


def _draw_buttons(opened: OpenCatalog, records: Records, found: Found) -> None:
    """Above the finding, so that they stay where the pointer is."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if found.finding.kind in COMPARED:
            _draw_keeping(opened, records, found)
        elif found.finding.proposal:
            _button(opened, records, found, "As proposed", ":material/check:", "A", "accepted")
        _button(opened, records, found, "Not a problem", ":material/block:", "N", "dismissed")
        _button(opened, records, found, "Later", ":material/schedule:", "L", "later")


def _draw_keeping(opened: OpenCatalog, records: Records, found: Found) -> None:
    skus = found.finding.skus
    if len(skus) == 2:
        _button(opened, records, found, "Keep left", ":material/west:", "Left", "keep", skus[0])
        _button(opened, records, found, "Keep right", ":material/east:", "Right", "keep", skus[1])
    else:
        kept = st.selectbox("Keep", skus, key=f"kept {found.key}", width=180, label_visibility="collapsed")
        _button(opened, records, found, "Keep this", ":material/check:", "K", "keep", kept)
    _button(opened, records, found, "Variants", ":material/category:", "V", "variants")


def _button(
    opened: OpenCatalog, records: Records, found: Found, label: str, icon: str, key: str, action: Action, keep: str = ""
) -> None:
    plain: Literal["secondary", "tertiary"] = "tertiary" if action == "later" else "secondary"
    st.button(
        label,
        icon=icon,
        shortcut=key,
        key=f"{label} {found.key}",  # of this finding: a late key press must not decide the next one unseen
        on_click=_decide,
        args=(opened, records, found, action, keep),
        type="primary" if _is_proposed(found.finding, action, keep) else plain,
    )


def _is_proposed(finding: Finding, action: Action, keep: str) -> bool:
    """Whether that is what the finding proposes; the first of several duplicates is the one to keep."""
    if finding.kind == "duplicates":
        return action == "keep" and keep == finding.skus[0]
    return action == ("variants" if finding.kind in COMPARED else "accepted")


def _decide(opened: OpenCatalog, records: Records, found: Found, action: Action, keep: str) -> None:
    now, note = sitting(records), str(st.session_state.get(NOTE) or "")
    with errors_shown():
        records.decide(found.finding, action, opened.catalog, keep=keep, note=note, session=now.session)
        now.times.append(time.monotonic())
        st.session_state.pop(NOTE, None)  # only what was kept; after an error it can be tried again


def _undo(records: Records) -> None:
    now = sitting(records)
    with errors_shown():
        taken = records.undo(session=now.session)
        del now.times[-1:]
        if taken is not None:
            st.toast(f"Taken back: {taken.kind}, {ACTIONS[taken.action]}.", icon=":material/undo:")
