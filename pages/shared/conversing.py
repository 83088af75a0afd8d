"""A conversation with the catalog: questions, what was understood as chips, and answers with products."""

from dataclasses import dataclass, field

import streamlit as st

from prodsim.ask import Answer
from prodsim.search import Arrangement, Filters
from prodsim.workspace import OpenCatalog

KEY, QUESTION = "conversation", "ask"
N_PRODUCTS = 8
VARIED = Arrangement(one_per_family=True)
"""Of one product's variants only the closest: an answer is for choosing between products."""
EXAMPLES = (
    "waterproof jacket for hiking, not black, under 200",
    "gift for a coffee lover under 40",
    "送妈妈的护肤品，200元以内",
    "静音风扇，不要白色",
)


@dataclass
class Conversation:
    """What was asked of one catalog, oldest first; answers are anew for another catalog or build."""

    of: tuple[str, str]
    answers: list[Answer] = field(default_factory=list)


def conversation(opened: OpenCatalog) -> Conversation:
    """The one of this person with this catalog; begun by the link where it holds a question."""
    of = (opened.name, opened.info.built)
    kept: Conversation | None = st.session_state.get(KEY)
    if kept is None or kept.of != of:
        kept = st.session_state[KEY] = Conversation(of)
    return kept


def follow_link(opened: OpenCatalog, talk: Conversation, filters: Filters, arrangement: Arrangement) -> None:
    """Answer the questions of a link that was just opened."""
    linked = st.query_params.get_all(QUESTION)
    if linked and not talk.answers:
        for question in linked:
            _answer(opened, talk, question, filters, arrangement)


def put(opened: OpenCatalog, talk: Conversation, question: str, filters: Filters, arrangement: Arrangement) -> None:
    """Ask one more question; the link holds them all."""
    _answer(opened, talk, question, filters, arrangement)
    st.query_params[QUESTION] = [answer.understood.question for answer in talk.answers]


def forget() -> None:
    """Begin anew."""
    st.session_state.pop(KEY, None)
    st.query_params.pop(QUESTION, None)


def draw_chips(opened: OpenCatalog, talk: Conversation, filters: Filters, arrangement: Arrangement) -> None:
    """What the last question was understood as; a press takes one away and answers again."""
    last = talk.answers[-1].understood
    if not last.chips:
        return

    def drop(key: str) -> None:
        talk.answers[-1] = opened.asker.answer(last.without(key), N_PRODUCTS, filters, arrangement)

    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Understood:")
        for chip in last.chips:
            st.button(
                chip.label, key=f"chip {chip.key}", on_click=drop, args=(chip.key,), icon=":material/close:",
                help=f"From “{chip.cue}”. Press to take it away.",
            )  # fmt: skip


def _answer(opened: OpenCatalog, talk: Conversation, question: str, filters: Filters, arrangement: Arrangement) -> None:
    before = talk.answers[-1] if talk.answers else None
    talk.answers.append(opened.asker.ask(question, N_PRODUCTS, before, filters, arrangement))
