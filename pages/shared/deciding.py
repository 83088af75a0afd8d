"""Deciding: findings one after the other, each with what proves it and what can be done about it."""

import html
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, cast
from uuid import uuid4

import pandas as pd
import streamlit as st

from pages.shared.cards import draw_card
from pages.shared.comparing import STYLE as PAIR_STYLE
from pages.shared.comparing import picture_html
from pages.shared.frame import errors_shown
from pages.shared.labelling import differing_html
from prodsim.findings import Finding
from prodsim.records import Action, Decision, Records, State
from prodsim.workspace import OpenCatalog

SITTING, NOTE = "deciding sitting", "decision note"
COMPARED = ("duplicates", "variants")
"""Kinds whose products are the same or nearly: they are held side by side, and one is kept."""
MOST_SHOWN = 12
"""Products of one finding that are drawn; a table lists the others."""
MOST_NEIGHBOURS = 4
PAUSE_S = 300.0
"""Longer between two decisions was a pause and tells nothing of the pace."""
ACTIONS: Mapping[Action, str] = {
    "keep": "keep", "variants": "variants", "dismissed": "not a problem", "accepted": "as proposed", "later": "later",
}  # fmt: skip
"""What a person calls them."""
_DRAWN = ("neighbours", "nearest", "text", "differing", "differing_words", "keeper", "declared", "examples", "value")
"""Evidence that is seen in the products and their neighbours, or said in the proposal."""
_NOT_TOLD = ("sku", "title", "image", "currency")
STYLE = f"""{PAIR_STYLE}<style>
.pq-what{{font-size:1.05rem;font-weight:620;line-height:1.4;overflow-wrap:anywhere}}
.pq-wide{{overflow-x:auto}}
.pq-table{{border-collapse:collapse;width:100%;table-layout:fixed;font-family:inherit}}
.pq-table td,.pq-table th{{text-align:left;vertical-align:top;font-weight:400;padding:.35rem .6rem;border:0;
overflow-wrap:anywhere;border-bottom:1px solid color-mix(in srgb,currentColor 14%,transparent)}}
.pq-table th{{width:6.5rem;font-size:.82rem;opacity:.75}}
.pq-table td{{min-width:9rem}}
.pq-table mark{{background:color-mix(in srgb,#d97706 32%,transparent);color:inherit}}
.pq-about{{background:color-mix(in srgb,#d97706 14%,transparent)}}
</style>"""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with what was decided about it.

    Attributes:
        finding: as a check gave it.
        key: its identity.
        state: open, decided or changed.
        decision: the newest one, if there is one.
    """

    finding: Finding
    key: str
    state: State
    decision: Decision | None


@dataclass(slots=True)
class Sitting:
    """What one person decided in this browser tab.

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


def draw_decided(opened: OpenCatalog, records: Records, decided: Sequence[Found]) -> None:
    """What was decided, newest first; a chosen one can be decided anew."""
    if not decided:
        st.info("Nothing of this is decided yet.", icon=":material/pending_actions:")
        return
    newest = sorted(decided, key=lambda found: found.decision.when if found.decision else "", reverse=True)
    rows = [
        (told_decision(one), one.finding.what, one.decision.note, one.decision.when) for one in newest if one.decision
    ]
    columns = st.column_config
    event = st.dataframe(
        pd.DataFrame(rows, columns=["decision", "finding", "note", "when"]),
        hide_index=True,
        height=215,
        on_select="rerun",
        selection_mode="single-row",
        key="decided",
        alt="Decisions, newest first",
        column_config={
            "decision": columns.TextColumn("Decided"),
            "finding": columns.TextColumn("Finding", width="large"),
            "note": columns.TextColumn("Note"),
            "when": columns.DatetimeColumn("When (UTC)"),
        },
    )
    chosen = event["selection"]["rows"]
    again = newest[chosen[0]] if chosen and chosen[0] < len(newest) else None
    st.caption("Choose a row to see the finding again and to decide anew.")
    if again is not None:
        _draw_bar(records, len(decided), len(decided))
        _draw_buttons(opened, records, again)
        draw_finding(opened, again)


def sitting() -> Sitting:
    """What was decided in this browser tab."""
    if SITTING not in st.session_state:
        st.session_state[SITTING] = Sitting(uuid4().hex)
    return cast("Sitting", st.session_state[SITTING])


def in_turn(queue: Sequence[Found]) -> list[Found]:
    """The findings in their order, but what was put off after all others, longest ago first."""
    return sorted(queue, key=lambda found: found.decision.when if found.decision and found.state == "open" else "")


def told_progress(n_decided: int, n: int, pace_s: float | None) -> str:
    """How far a queue is, and how long the rest will take."""
    told = f"{n_decided:,} of {n:,}"
    if pace_s is None or n_decided >= n:
        return f"{told} decided"
    minutes = (n - n_decided) * pace_s / 60
    if minutes < 1.5:
        return f"{told}, about a minute left at your pace"
    return (
        f"{told}, about {f'{minutes:.0f} minutes' if minutes < 90 else f'{minutes / 60:.0f} hours'} left at your pace"
    )


def told_decision(found: Found) -> str:
    """What was decided, in a few words."""
    decision = found.decision
    return f"{ACTIONS[decision.action]} {decision.keep}".strip() if decision else ""


def draw_finding(opened: OpenCatalog, found: Found) -> None:
    """A finding, big: what it is, its products side by side, the proposal and why, neighbours."""
    finding, products = found.finding, opened.catalog.products
    there = [opened.catalog.row_of[sku] for sku in concerned(finding) if sku in opened.catalog.row_of]
    with st.container(border=True, gap="small"):
        st.html(f"{STYLE}{_head_html(found)}")
        if there:
            shown = products.iloc[there[:MOST_SHOWN]]
            told = tellable(opened)
            field_of = {column: field for field, column in opened.info.mapping.items()}
            about = field_of.get(finding.column or "", finding.column or "")
            st.html(f"{STYLE}{side_by_side_html(shown, told, Path(opened.info.base), about)}")
        if len(there) > MOST_SHOWN:
            st.caption(f"{MOST_SHOWN} of {len(there):,} products are drawn; this lists all.")
            st.dataframe(
                products.iloc[there][["sku", "title", "brand", "category", "price"]], hide_index=True, height=180
            )
        _draw_evidence(opened, finding)


def tellable(opened: OpenCatalog) -> list[str]:
    """The fields that are held side by side, in the catalog's order."""
    return [str(name) for name in opened.catalog.products.columns if name not in _NOT_TOLD]


def side_by_side_html(products: pd.DataFrame, fields: Sequence[str], base: Path, about: str = "") -> str:
    """Products in columns: picture and title, then a row per field that differs, with the words that differ marked.

    Args:
        products: one to twelve.
        fields: names of the columns to be told.
        base: folder of the pictures.
        about: the field that the finding is about; marked as a whole.
    """
    texts = {name: [_text(value) for value in products[name]] for name in ("title", *fields)}
    is_alone = len(products) == 1
    differing = [name for name in fields if len(set(texts[name])) > 1 or name == about or (is_alone and texts[name][0])]
    head = "".join(
        f"<td>{picture_html(product, base, '110px')}<div class='pc-title'>{title}</div>"
        f"<div class='ps-soft ps-sku'>{html.escape(str(product['sku']))}</div></td>"
        for (_, product), title in zip(products.iterrows(), _marked(texts["title"]), strict=True)
    )
    rows = "".join(
        f"<tr{_class(name == about)}><th>{html.escape(name)}</th>"
        f"{''.join(f'<td>{cell}</td>' for cell in _marked(texts[name]))}</tr>"
        for name in sorted(differing, key=lambda name: name != about)
    )
    same = " · ".join(
        f"{html.escape(name)}: {html.escape(texts[name][0])}"
        for name in fields
        if name not in differing and texts[name][0]
    )
    width = f"{6.5 + 13 * len(products)}rem"
    return (
        f'<div class="pq-wide"><table class="pq-table" style="min-width:{width}">'
        f"<tr{_class(about == 'title')}><th></th>{head}</tr>{rows}</table></div>"
        + (f'<div class="ps-soft" style="white-space:normal;margin-top:.4rem">The same: {same}</div>' if same else "")
    )


def _marked(texts: Sequence[str]) -> list[str]:
    """Texts with the words marked that the first one lacks; in the first those that the second lacks."""
    if len(texts) == 1:
        return [html.escape(texts[0])]
    others = [texts[1], *[texts[0]] * (len(texts) - 1)]
    return [differing_html(own, other) for own, other in zip(texts, others, strict=True)]


def _text(value: Any) -> str:
    return "" if value != value else f"{value:,.2f}" if isinstance(value, float) else str(value)


def _class(is_about: bool) -> str:
    return ' class="pq-about"' if is_about else ""


def _head_html(found: Found) -> str:
    finding, decision = found.finding, found.decision
    told = [f'<div class="pq-what">{html.escape(finding.what)}</div>']
    proposal = f"{html.escape(finding.proposal)} · " * bool(finding.proposal)
    told.append(f'<div style="margin-top:.25rem">{proposal}{finding.score:.0%} sure</div>')
    if decision is not None:
        since = "; its products have changed since" * (found.state == "changed")
        was = f"Decided at {decision.when}: {told_decision(found)}{since}. {decision.note}"
        told.append(f'<div class="ps-soft" style="white-space:normal">{html.escape(was)}</div>')
    return "".join(told)


def _draw_evidence(opened: OpenCatalog, finding: Finding) -> None:
    """What proves it: numbers and words in a line, neighbours as small cards."""
    told = " · ".join(
        f"{name.replace('_', ' ')}: {_told(value)}" for name, value in finding.evidence.items() if name not in _DRAWN
    )
    if told:
        st.html(f'<div class="ps-soft" style="white-space:normal">{html.escape(told)}</div>')
    rows = neighbours_of(opened, finding)[:MOST_NEIGHBOURS]
    if rows:
        st.caption("Its neighbours")
        with st.grid(min_column_width=140):
            for row in rows:
                draw_card(opened.catalog.products.iloc[row], Path(opened.info.base))


def concerned(finding: Finding) -> list[str]:
    """The SKUs that something is wrong with; those that a finding names only to prove it are left out."""
    return [sku for sku in finding.skus if sku not in _named(finding)] or list(finding.skus)


def neighbours_of(opened: OpenCatalog, finding: Finding) -> list[int]:
    """Rows of the products around a finding: those that it names, else the nearest ones of the only product it has."""
    row_of, skus = opened.catalog.row_of, concerned(finding)
    if named := _named(finding):
        return [row_of[sku] for sku in named if sku in row_of]
    if len(skus) != 1 or skus[0] not in row_of:
        return []
    return [int(row) for row in opened.subject().neighbours_of(row_of[skus[0]])[0][:MOST_NEIGHBOURS]]


def _named(finding: Finding) -> list[str]:
    """The neighbours that a finding names."""
    return [one["sku"] if isinstance(one, Mapping) else one for one in finding.evidence.get("neighbours", ())]


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_told(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(_told, value))
    return f"{value:,.3g}" if isinstance(value, float) else str(value)


def _draw_bar(records: Records, n_decided: int, n: int) -> None:
    """How far the queue is, a note for the next decision, and undo."""
    now = sitting()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.progress(n_decided / max(n, 1), text=told_progress(n_decided, n, now.pace_s), width="stretch")
        with st.popover(":material/edit_note:", help="A note for the next decision"):
            st.text_input("Note", key=NOTE, placeholder="why")
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
    st.button(
        label,
        icon=icon,
        shortcut=key,
        key=f"{label} {found.key}",  # of this finding: a late key press must not decide the next one unseen
        on_click=_decide,
        args=(opened, records, found, action, keep),
        type="primary"
        if _is_proposed(found.finding, action, keep)
        else "tertiary"
        if action == "later"
        else "secondary",
    )


def _is_proposed(finding: Finding, action: Action, keep: str) -> bool:
    """Whether that is what the finding proposes; the first of several duplicates is the one to keep."""
    if finding.kind == "duplicates":
        return action == "keep" and keep == finding.skus[0]
    return action == ("variants" if finding.kind in COMPARED else "accepted")


def _decide(opened: OpenCatalog, records: Records, found: Found, action: Action, keep: str) -> None:
    now, note = sitting(), str(st.session_state.pop(NOTE, "") or "")
    with errors_shown():
        records.decide(found.finding, action, opened.catalog, keep=keep, note=note, session=now.session)
        now.times.append(time.monotonic())


def _undo(records: Records) -> None:
    now = sitting()
    with errors_shown():
        taken = records.undo(session=now.session)
        now.times.pop()
        if taken is not None:
            st.toast(f"Taken back: {taken.kind}, {ACTIONS[taken.action]}.", icon=":material/undo:")
