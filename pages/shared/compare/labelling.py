"""Labelling: judging the pairs that tell most, and learning weights from what was judged."""

import html
import tempfile
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

import pandas as pd
import streamlit as st

from pages.shared.background import answer, answered, ask
from pages.shared.compare.sides import STYLE, Chosen, facts_html, picture_html, use_as_b
from pages.shared.download import download_table
from pages.shared.frame import errors_shown
from prodsim.evaluation.pair_queue import PairToJudge, pairs_to_judge
from prodsim.jobs import Job
from prodsim.learn import MIN_JUDGEMENTS, Learned
from prodsim.output.html import marked
from prodsim.records import Judgement, Records
from prodsim.similarity import Setting
from prodsim.workspace.learning import learn_from_judgements

ROUND, IMPORTED = "labelling round", "judgements imported"
N_ROUND = 30
MOST_TOLD = 160
"""Characters shown of a description."""


@dataclass(slots=True)
class Round:
    """Pairs that one person is asked in one go.

    Attributes:
        sides: both settings, as its pairs were chosen by; others ask for other pairs.
        number: of the round in this session; another one asks for other pairs.
        known: what was judged when it began.
        grades: the answers so far in the order asked; None for a skipped pair.
    """

    sides: Hashable
    number: int
    known: tuple[Judgement, ...]
    grades: list[float | None] = field(default_factory=list)


def draw_queue(records: Records, a: Chosen, b: Chosen) -> None:
    """One pair after the other, the most telling first."""
    now = _round(records, a, b)
    question = (now.sides, now.number, now.known)
    work = lambda job: pairs_to_judge(a.side(), b.side(), now.known, N_ROUND, job)  # noqa: E731 - runs as a job
    pairs = answer("pairs", question, "Looking for telling pairs", work, 360)
    if pairs is None:
        return
    if not pairs:
        st.info(
            "No pair is left to judge among those that A and B both have and either finds.", icon=":material/task_alt:"
        )
        return
    n_judged, n_asked = sum(grade is not None for grade in now.grades), len(now.grades)
    st.progress(n_asked / len(pairs), text=f"{n_judged:,} judged of this round of {len(pairs):,}")
    _draw_buttons(records, now, pairs)  # above the pair, so that they stay where the pointer is
    if n_asked < len(pairs):
        _draw_pair(pairs[n_asked], a)
    else:
        st.info("This round is done. Learn from it below, or go on with the next.", icon=":material/task_alt:")


def draw_learning(records: Records, judgements: Sequence[Judgement], a: Chosen) -> None:
    """Weights learned from all judgements, held against A's on judgements they had not seen."""
    question = (a.question, tuple(judgements))
    work = lambda job: _learn(records, a, job)  # noqa: E731 - runs as a job
    st.button(
        "Learn from my judgements",
        icon=":material/model_training:",
        on_click=ask,
        args=("learned", question, "Learning weights", work),
        disabled=len(judgements) < MIN_JUDGEMENTS,
        help=f"Weights for A's catalog under which your good matches score higher; needs {MIN_JUDGEMENTS} judgements.",
    )
    if len(judgements) < MIN_JUDGEMENTS:
        st.caption(f"{len(judgements):,} judgements; learning needs {MIN_JUDGEMENTS - len(judgements):,} more.")
    learned: Learned | None = answered("learned", question, 200)
    if learned is not None:
        _draw_learned(records, a, learned)


def offer_files(records: Records, judgements: Sequence[Judgement], name: str) -> None:
    """Take judgements along as a table, or bring some."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if judgements:
            download_table("Export judgements", records.judgements_table(), f"{name} judgements.csv")
        with st.popover("Import judgements", icon=":material/upload:"):
            st.caption("A table with sku_a, sku_b and grade: 1 similar, 0 not. query in place of sku_a for a text.")
            file = st.file_uploader(
                "Judgements", type=["csv", "tsv", "xlsx", "json", "parquet"], label_visibility="collapsed"
            )
            if file is not None:
                st.button("Import", type="primary", on_click=_import, args=(records, file.name, file.getvalue))
        st.caption(f"{len(judgements):,} judgements of {name}")
    _tell_imported()


def _round(records: Records, a: Chosen, b: Chosen) -> Round:
    """The running round; a new one when none runs, or when it runs for other settings."""
    key, sides = f"{ROUND} {a.opened.name}", (a.question, b.question)
    running = cast("Round | None", st.session_state.get(key))
    if running is not None and running.sides == sides:
        return running
    now = Round(sides, 1 if running is None else running.number + 1, records.judgements())
    st.session_state[key] = now
    return now


def _draw_pair(pair: PairToJudge, a: Chosen) -> None:
    products = [a.opened.catalog.products.iloc[a.opened.catalog.row_of[sku]] for sku in (pair.sku_a, pair.sku_b)]
    st.caption(pair.reason)
    with st.container(border=True):
        for place, own, other in zip(st.columns(2, gap="medium"), products, products[::-1], strict=True):
            with place:
                st.html(_product_html(own, str(other["title"]), Path(a.opened.info.base)))


def _product_html(product: "pd.Series[Any]", other: str, base: Path) -> str:
    description, sku = str(product["description"]), html.escape(str(product["sku"]))
    told = html.escape(description if len(description) <= MOST_TOLD else f"{description[:MOST_TOLD]}…")
    return (
        f'{STYLE}<div class="pc-pair">{picture_html(product, base, "150px")}<div>'
        f'<div class="pc-title">{marked(str(product["title"]), [other])}</div>'
        f'<div style="margin:.3rem 0">{facts_html(product)}</div>'
        f'<div class="ps-soft" style="white-space:normal">{told}</div><div class="ps-soft">{sku}</div></div></div>'
    )


def _draw_buttons(records: Records, now: Round, pairs: Sequence[PairToJudge]) -> None:
    n_asked = len(now.grades)
    with st.container(horizontal=True):
        for label, icon, key, grade in (
            ("Similar", ":material/thumb_up:", "S", 1.0),
            ("Not similar", ":material/thumb_down:", "N", 0.0),
            ("Skip", ":material/skip_next:", "K", None),
        ):
            args = (records, now, pairs, n_asked, grade)
            kind: Literal["secondary", "tertiary"] = "tertiary" if grade is None else "secondary"
            st.button(
                label, icon=icon, shortcut=key, on_click=_judge, args=args, disabled=n_asked >= len(pairs), type=kind
            )
        st.button(
            "Undo", icon=":material/undo:", shortcut="U", on_click=_undo, args=(records, now, pairs, n_asked),
            type="tertiary", disabled=not n_asked,
        )  # fmt: skip
        st.button(
            "Next round", icon=":material/arrow_forward:", on_click=_next_round, args=(records, now), type="tertiary"
        )


def _judge(records: Records, now: Round, pairs: Sequence[PairToJudge], place: int, grade: float | None) -> None:
    """Answer the pair at ``place``, if it is still the one that is asked: a second press must not answer the next."""
    if len(now.grades) != place:
        return
    pair = pairs[place]
    if grade is not None:
        records.judge(pair.sku_a, pair.sku_b, grade)
    now.grades.append(grade)


def _undo(records: Records, now: Round, pairs: Sequence[PairToJudge], n_asked: int) -> None:
    if len(now.grades) == n_asked and now.grades.pop() is not None:
        pair = pairs[len(now.grades)]
        records.withdraw(pair.sku_a, pair.sku_b)


def _next_round(records: Records, now: Round) -> None:
    now.number, now.known = now.number + 1, records.judgements()
    now.grades.clear()


def _learn(records: Records, a: Chosen, job: Job) -> Learned:
    return learn_from_judgements(a.side().engine, records, a.weights, job)


def _draw_learned(records: Records, a: Chosen, learned: Learned) -> None:
    told = learned.verdict[:1].upper() + learned.verdict[1:]
    left_out = f" {learned.n_left_out:,} judgements of products that are not in the catalog are left out." * bool(
        learned.n_left_out
    )
    kind, icon = (st.success, ":material/trending_up:") if learned.is_better else (st.info, ":material/balance:")
    kind(f"{told}.{left_out}", icon=icon)
    present, proposed = learned.present.as_dict(), learned.weights.as_dict()
    table = pd.DataFrame(
        [(part, present[part], proposed[part]) for part in a.opened.parts], columns=["part", "A", "learned"]
    )
    st.dataframe(table, hide_index=True, alt="Weights learned", width=420)
    if learned.is_better:
        with st.container(horizontal=True):
            st.button("Use as B", icon=":material/arrow_forward:", on_click=use_as_b, args=(a, learned.weights))
            with st.popover("Save as…", icon=":material/save:"):
                name = st.text_input("Name of the setting", key="learned name")
                save = (records, name or "", Setting(learned.weights, a.metric))
                st.button("Save", type="primary", on_click=_save, args=save, disabled=not name)


def _save(records: Records, name: str, setting: Setting) -> None:
    with errors_shown():
        records.save_setting(name, setting)
        st.toast(f"Saved as {name}.", icon=":material/check:")


def _import(records: Records, name: str, read: Callable[[], bytes]) -> None:
    with errors_shown(), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(read())
        st.session_state[IMPORTED] = records.import_file(path)


def _tell_imported() -> None:
    """What the last import took and left out, once."""
    taken, findings = st.session_state.pop(IMPORTED, (None, []))
    if taken is None:
        return
    st.info(f"{taken:,} judgements were taken in, {len(findings):,} rows left out.", icon=":material/upload:")
    if findings:
        table = pd.DataFrame({"line": [one.line for one in findings], "why": [one.what for one in findings]})
        st.dataframe(table, hide_index=True, height=200, alt="Rows left out")
