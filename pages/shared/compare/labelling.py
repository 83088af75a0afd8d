"""Judge the pairs that are most informative about two settings, and learn weights from judgements."""

import html
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

import pandas as pd
import streamlit as st

from pages.shared import texts as shared
from pages.shared.background import answer, answered, ask
from pages.shared.cards import part_name
from pages.shared.compare import texts
from pages.shared.compare.sides import ChosenSide, use_as_b
from pages.shared.download import download_table
from pages.shared.frame import as_written, errors_shown
from pages.shared.pair_html import PAIR_STYLE, facts_html, picture_html
from pages.shared.permission import permitted
from pages.shared.upload_formats import FORMATS, on_disk
from prodsim.evaluation.pair_queue import PairToJudge, pairs_to_judge
from prodsim.learn import MIN_JUDGEMENTS, Learned
from prodsim.output.html import marked
from prodsim.phrases import retold
from prodsim.records import Judgement, Records
from prodsim.similarity import Setting
from prodsim.workspace.learning import learn_from_judgements

ROUND, IMPORTED = "labelling round", "judgements imported"
N_ROUND = 30
MOST_DESCRIPTION = 160
"""Characters shown of a description."""
GRADES = (
    (shared.GOOD_MATCH, ":material/thumb_up:", "G", 1.0),
    (shared.BAD_MATCH, ":material/thumb_down:", "B", 0.0),
    (texts.SKIP, ":material/skip_next:", "K", None),
)
"""What can be said of a pair: label, icon, key, grade."""


@dataclass(slots=True)
class JudgingRound:
    """Pairs that one person judges in one go.

    Attributes:
        sides: both settings that its pairs were chosen by; other settings have other pairs.
        number: of the round in this session; another one has other pairs.
        known: the judgements when it began.
        grades: of the pairs so far, in their order; None for a skipped pair.
    """

    sides: Hashable
    number: int
    known: tuple[Judgement, ...]
    grades: list[float | None] = field(default_factory=list)


def draw_pairs(records: Records, a: ChosenSide, b: ChosenSide) -> None:
    """Draw one pair after the other, the most informative first."""
    running = _round(records, a, b)
    question = (running.sides, running.number, running.known)
    work = lambda job: pairs_to_judge(a.side(), b.side(), running.known, N_ROUND, job)  # noqa: E731 - runs as a job
    pairs = answer("pairs", question, texts.CHOOSING_PAIRS(), work, 360)
    if pairs is None:
        return
    if not pairs:
        st.info(texts.NO_PAIRS_LEFT(), icon=":material/task_alt:")
        return
    n_judged, n_shown = sum(grade is not None for grade in running.grades), len(running.grades)
    st.progress(n_shown / len(pairs), text=texts.ROUND_PROGRESS(judged=n_judged, n=len(pairs)))
    _draw_buttons(records, running, pairs)  # above the pair, so that they stay where the pointer is
    if n_shown < len(pairs):
        _draw_pair(pairs[n_shown], a)
    else:
        st.info(texts.ROUND_DONE(), icon=":material/task_alt:")


def draw_learning(records: Records, judgements: Sequence[Judgement], a: ChosenSide) -> None:
    """Draw a button that learns weights from all judgements, and how they compare with A's on held-out ones."""
    question = (a.question, tuple(judgements))
    work = lambda job: learn_from_judgements(a.side().engine, records, a.weights, job)  # noqa: E731 - runs as a job
    n = len(judgements)
    st.button(
        shared.LEARN_FROM_JUDGEMENTS(),
        icon=":material/model_training:",
        on_click=ask,
        args=("learned", question, texts.LEARNING(), work),
        disabled=n < MIN_JUDGEMENTS,
        help=texts.LEARN_HELP(n=MIN_JUDGEMENTS),
    )
    if n < MIN_JUDGEMENTS:
        st.caption(texts.TOO_FEW(MIN_JUDGEMENTS - n, judgements=shared.N_JUDGEMENTS(n)))
    learned: Learned | None = answered("learned", question, 200)
    if learned is not None:
        _draw_learned(records, a, learned)


def offer_files(records: Records, judgements: Sequence[Judgement], name: str) -> None:
    """Draw buttons that export the judgements as a table and import others."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if judgements:
            file_name = f"{texts.JUDGEMENTS_FILE(catalog=name)}.csv"
            download_table(texts.EXPORT_JUDGEMENTS(), records.judgements_table(), file_name)
        with st.popover(texts.IMPORT_JUDGEMENTS(), icon=":material/upload:"):
            st.caption(as_written(texts.IMPORT_HELP()))
            file = st.file_uploader(texts.JUDGEMENTS(), FORMATS, label_visibility="collapsed")
            if file is not None:
                arguments = (records, file.name, file.getvalue())
                st.button(
                    shared.IMPORT(), type="primary", on_click=_import, args=arguments,
                    **permitted("judge"),
                )  # fmt: skip
        st.caption(texts.N_OF_CATALOG(len(judgements), catalog=as_written(name)))
    _show_imported()


def _round(records: Records, a: ChosenSide, b: ChosenSide) -> JudgingRound:
    """Return the running round; a new one when none runs, or when it runs for other settings."""
    key, sides = f"{ROUND} {a.opened.name}", (a.question, b.question)
    running = cast("JudgingRound | None", st.session_state.get(key))
    if running is not None and running.sides == sides:
        return running
    number = 1 if running is None else running.number + 1
    started = st.session_state[key] = JudgingRound(sides, number, records.judgements())
    return started


def _draw_pair(pair: PairToJudge, a: ChosenSide) -> None:
    products = [a.opened.catalog.products.iloc[a.opened.catalog.row_of[sku]] for sku in (pair.sku_a, pair.sku_b)]
    st.caption(pair.reason)
    with st.container(border=True):
        for place, own, other in zip(st.columns(2, gap="medium"), products, products[::-1], strict=True):
            with place:
                st.html(_product_html(own, str(other["title"]), Path(a.opened.info.base)))


def _product_html(product: "pd.Series[Any]", other_title: str, base: Path) -> str:
    description, sku = str(product["description"]), html.escape(str(product["sku"]))
    is_whole = len(description) <= MOST_DESCRIPTION
    shown = html.escape(description if is_whole else f"{description[:MOST_DESCRIPTION]}…")
    return (
        f'{PAIR_STYLE}<div class="pc-pair">{picture_html(product, base, "150px")}<div>'
        f'<div class="pc-title">{marked(str(product["title"]), [other_title])}</div>'
        f'<div style="margin:.3rem 0">{facts_html(product)}</div>'
        f'<div class="ps-soft" style="white-space:normal">{shown}</div><div class="ps-soft">{sku}</div></div></div>'
    )


def _draw_buttons(records: Records, running: JudgingRound, pairs: Sequence[PairToJudge]) -> None:
    n_shown = len(running.grades)
    with st.container(horizontal=True):
        for label, icon, shortcut, grade in GRADES:
            args = (records, running, pairs, n_shown, grade)
            kind: Literal["secondary", "tertiary"] = "tertiary" if grade is None else "secondary"
            st.button(
                label(), icon=icon, shortcut=shortcut, on_click=_judge, args=args, type=kind,
                **permitted("judge", is_off=n_shown >= len(pairs)),
            )  # fmt: skip
        st.button(
            shared.UNDO(), icon=":material/undo:", shortcut="U", on_click=_undo,
            args=(records, running, pairs, n_shown), type="tertiary",
            **permitted("judge", is_off=not n_shown),
        )  # fmt: skip
        st.button(
            texts.NEXT_ROUND(), icon=":material/arrow_forward:", on_click=_next_round, args=(records, running),
            type="tertiary",
        )  # fmt: skip


def _judge(
    records: Records, running: JudgingRound, pairs: Sequence[PairToJudge], place: int, grade: float | None
) -> None:
    """Grade the pair at ``place``, if it is still the one shown: a second press must not judge the next."""
    if len(running.grades) != place:
        return
    pair = pairs[place]
    with errors_shown():
        if grade is not None:
            records.judge(pair.sku_a, pair.sku_b, grade)
        running.grades.append(grade)


def _undo(records: Records, running: JudgingRound, pairs: Sequence[PairToJudge], n_shown: int) -> None:
    if len(running.grades) != n_shown:
        return
    with errors_shown():
        pair = pairs[n_shown - 1]
        if running.grades[-1] is not None:
            records.withdraw(pair.sku_a, pair.sku_b)
        running.grades.pop()


def _next_round(records: Records, running: JudgingRound) -> None:
    running.number, running.known = running.number + 1, records.judgements()
    running.grades.clear()


def _draw_learned(records: Records, a: ChosenSide, learned: Learned) -> None:
    summary = shared.LEARNED_FROM_SOME if learned.n_left_out else shared.LEARNED
    draw, icon = (st.success, ":material/trending_up:") if learned.is_better else (st.info, ":material/balance:")
    draw(summary(learned.n, left_out=learned.n_left_out, verdict=learned.verdict), icon=icon)
    now, proposed = learned.present.as_dict(), learned.weights.as_dict()
    rows = [(part_name(part), now[part], proposed[part]) for part in a.opened.parts]
    table = pd.DataFrame(rows, columns=["part", "a", "learned"])
    labels = {"part": texts.PART(), "a": texts.WEIGHT_NOW(), "learned": texts.WEIGHT_LEARNED()}
    st.dataframe(table, hide_index=True, alt=texts.LEARNED_ALT(), width=420, column_config=labels)
    if learned.is_better:
        with st.container(horizontal=True):
            st.button(texts.USE_AS_B(), icon=":material/arrow_forward:", on_click=use_as_b, args=(a, learned.weights))
            with st.popover(shared.SAVE_AS(), icon=":material/save:"):
                name = st.text_input(texts.SETTING_NAME(), key="learned name")
                arguments = (records, name or "", Setting(learned.weights, a.metric))
                st.button(
                    shared.SAVE(), type="primary", on_click=_save, args=arguments,
                    **permitted("save", is_off=not name),
                )  # fmt: skip


def _save(records: Records, name: str, setting: Setting) -> None:
    with errors_shown():
        records.save_setting(name, setting)
        st.toast(texts.SAVED(name=as_written(name)), icon=":material/check:")


def _import(records: Records, name: str, data: bytes) -> None:
    with errors_shown(), on_disk(name, data) as path:
        st.session_state[IMPORTED] = records.import_file(path)


def _show_imported() -> None:
    """Draw what the last import added and left out, once."""
    n_imported, findings = st.session_state.pop(IMPORTED, (None, []))
    if n_imported is None:
        return
    left_out = texts.N_ROWS_LEFT_OUT(len(findings)) if findings else ""
    st.info(" ".join(filter(None, [texts.N_IMPORTED(n_imported), left_out])), icon=":material/upload:")
    if findings:
        rows = [(finding.line, retold(finding.what)) for finding in findings]
        labels = {"line": shared.LINE(), "why": shared.REASON()}
        table = pd.DataFrame(rows, columns=["line", "why"])
        st.dataframe(table, hide_index=True, height=200, alt=texts.ROWS_LEFT_OUT(), column_config=labels)
