"""Decide findings one after the other, with buttons, keys, undo, and how far the queue is."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Literal
from uuid import uuid4

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.shared import texts as shared
from pages.shared.checks import ReviewItem
from pages.shared.frame import errors_shown
from pages.shared.permission import permitted
from pages.shared.quality import texts
from pages.shared.quality.finding_card import describe_decision, draw_finding
from pages.shared.tiles import COMPARED
from prodsim.findings import Finding
from prodsim.phrases import Text
from prodsim.progress import duration
from prodsim.quality import kind_title
from prodsim.records import Action, Records
from prodsim.records.decisions import proposed_action
from prodsim.workspace import OpenCatalog

REVIEW_SESSIONS, NOTE = "review sessions", "decision note"
PAUSE_S = 300.0
"""A longer gap between two decisions was a pause and does not count for the pace."""
MOST_NOTE_CHARS = 1_000
LEAST_SURE, SURE_PERCENT = "least sure", 98
"""How sure a finding is that is decided together with others, and what stands there at first."""


@dataclass(slots=True)
class ReviewSession:
    """What one person decided about one catalog in this browser tab.

    Attributes:
        session: of the records, so that undo takes back nobody else's.
        times: of the decisions, in seconds.
    """

    session: str
    times: list[float] = field(default_factory=list)

    @property
    def pace_s(self) -> float | None:
        """Return the seconds that a decision takes, without pauses; None until three were made."""
        gaps = [after - before for before, after in zip(self.times, self.times[1:], strict=False)]
        quick = [gap for gap in gaps[-30:] if gap < PAUSE_S]
        return median(quick) if len(quick) > 1 else None


def draw_queue(
    opened: OpenCatalog,
    records: Records,
    queue: Sequence[ReviewItem],
    n_decided: int,
    all_open: Sequence[ReviewItem] = (),
) -> None:
    """Draw the first finding of a queue, big, with its buttons; postponed ones come last.

    Args:
        opened: the catalog.
        records: what is decided about it.
        queue: findings that wait.
        n_decided: others that were decided.
        all_open: the findings of all checks that wait in the same way.
    """
    waiting = in_turn(queue)
    with draw_bar(records, n_decided, n_decided + len(queue)):
        draw_many(opened, records, queue, all_open)
    if waiting:
        draw_buttons(opened, records, waiting[0])
        draw_finding(opened, waiting[0])
    else:
        st.info(texts.NOTHING_OPEN(), icon=":material/task_alt:")


def review_session(records: Records) -> ReviewSession:
    """Return what was decided about a catalog in this browser tab."""
    sessions: dict[str, ReviewSession] = st.session_state.setdefault(REVIEW_SESSIONS, {})
    return sessions.setdefault(records.place, ReviewSession(uuid4().hex))


def in_turn(queue: Sequence[ReviewItem]) -> list[ReviewItem]:
    """Return the findings in their order, but postponed ones after all others, longest ago first."""
    return sorted(queue, key=lambda item: item.decision.when if item.decision and item.state == "open" else "")


def describe_progress(n_decided: int, n: int, pace_s: float | None) -> str:
    """Say how far a queue is, and how long the rest will take."""
    if pace_s is None or n_decided >= n:
        return texts.PROGRESS(done=n_decided, n=n)
    return texts.PROGRESS_LEFT(done=n_decided, n=n, left=duration((n - n_decided) * pace_s))


def draw_bar(records: Records, n_decided: int, n: int) -> DeltaGenerator:
    """Draw how far the queue is, a note for the next decision, and undo; return the place before them."""
    review = review_session(records)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.progress(n_decided / max(n, 1), text=describe_progress(n_decided, n, review.pace_s), width="stretch")
        place = st.container(width="content")
        with st.popover(":material/edit_note:", help=texts.ADD_NOTE()):
            st.text_input(texts.NOTE(), key=NOTE, placeholder=texts.NOTE_PLACEHOLDER(), max_chars=MOST_NOTE_CHARS)
        st.button(
            shared.UNDO(), icon=":material/undo:", shortcut="U", on_click=_undo, args=(records,), type="tertiary",
            **permitted("decide", is_off=not review.times),
        )  # fmt: skip
    return place


def draw_many(
    opened: OpenCatalog, records: Records, queue: Sequence[ReviewItem], all_open: Sequence[ReviewItem]
) -> None:
    """Draw how to decide all findings that are sure enough, of the queue or of all checks, with how many these are."""
    with st.popover(texts.DECIDE_MANY(), icon=":material/done_all:", disabled=not (queue or all_open), key="many"):
        if len(all_open) > len(queue) and st.toggle(texts.OF_ALL_CHECKS(), key="of all checks"):
            queue = all_open
        least = st.number_input(texts.AT_LEAST_SURE(), 0, 100, SURE_PERCENT, key=LEAST_SURE)
        sure = [item.finding for item in queue if item.finding.score >= least / 100]
        proposed = [(finding, *action) for finding in sure if (action := proposed_action(finding))]
        n_without = len(sure) - len(proposed)
        st.caption(texts.N_SURE(len(queue), sure=len(sure), share=least / 100))
        if n_without:
            st.caption(texts.N_WITHOUT_PROPOSAL(n_without))
        dismissed: list[tuple[Finding, Action, str]] = [(finding, "dismissed", "") for finding in sure]
        for key, label, decided in (("accept", texts.ACCEPT_N, proposed), ("dismiss", texts.DISMISS_N, dismissed)):
            st.button(
                label(len(decided)),
                key=f"{key} many",
                width="stretch",
                **permitted("decide", is_off=not decided),
                on_click=decide,
                args=(opened, records, decided),
            )
        st.caption(texts.MANY_UNDONE_AT_ONCE())


def draw_buttons(opened: OpenCatalog, records: Records, item: ReviewItem) -> None:
    """Draw what can be decided, above the finding, so that the buttons stay where the pointer is."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        if item.finding.kind in COMPARED:
            _draw_keeping(opened, records, item)
        elif item.finding.proposal:
            _button(opened, records, item, texts.ACCEPT, ":material/check:", "A", "accepted")
        _button(opened, records, item, texts.DISMISS, ":material/block:", "N", "dismissed")
        _button(opened, records, item, texts.POSTPONE, ":material/schedule:", "L", "later")


def _draw_keeping(opened: OpenCatalog, records: Records, item: ReviewItem) -> None:
    skus = item.finding.skus
    if len(skus) == 2:
        _button(opened, records, item, texts.KEEP_LEFT, ":material/west:", "Left", "keep", skus[0])
        _button(opened, records, item, texts.KEEP_RIGHT, ":material/east:", "Right", "keep", skus[1])
    else:
        kept = st.selectbox(texts.KEEP(), skus, key=f"kept {item.key}", width=160, label_visibility="collapsed")
        _button(opened, records, item, texts.KEEP_THIS, ":material/check:", "K", "keep", kept)
    _button(opened, records, item, texts.MARK_VARIANTS, ":material/category:", "V", "variants")


def _button(
    opened: OpenCatalog,
    records: Records,
    item: ReviewItem,
    label: Text,
    icon: str,
    shortcut: str,
    action: Action,
    keep: str = "",
) -> None:
    plain: Literal["secondary", "tertiary"] = "tertiary" if action == "later" else "secondary"
    is_proposed = (proposed_action(item.finding) or ("",))[0] == action and keep in ("", *item.finding.skus[:1])
    st.button(
        label(),
        icon=icon,
        shortcut=shortcut,
        key=f"{shortcut} {item.key}",  # of this finding: a late key press must not decide the next one unseen
        on_click=_decide,
        args=(opened, records, item, action, keep),
        **permitted("decide"),
        type="primary" if is_proposed else plain,
    )


def _decide(opened: OpenCatalog, records: Records, item: ReviewItem, action: Action, keep: str) -> None:
    decide(opened, records, [(item.finding, action, keep)])


def decide(opened: OpenCatalog, records: Records, decided: Sequence[tuple[Finding, Action, str]]) -> None:
    """Keep decisions with the note that was written, as one that *Undo* takes back."""
    review, note = review_session(records), str(st.session_state.get(NOTE) or "")
    with errors_shown():
        records.decide_all(decided, opened.catalog, note=note, session=review.session)
        review.times.append(time.monotonic())
        st.session_state.pop(NOTE, None)  # only what was kept; after an error it can be tried again


def _undo(records: Records) -> None:
    review = review_session(records)
    with errors_shown():
        undone = records.undo(session=review.session)
        del review.times[-1:]
        if len(undone) == 1:
            action = describe_decision(undone[0])
            st.toast(texts.UNDONE(kind=kind_title(undone[0].kind), action=action), icon=":material/undo:")
        elif undone:
            st.toast(texts.N_UNDONE(len(undone)), icon=":material/undo:")
