"""A conversation with the catalog: questions, what was understood as chips, and answers with products."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from pages.shared import state
from pages.shared.ask import texts
from pages.shared.frame import as_written, errors_shown
from pages.shared.link import a_switch, binding
from pages.shared.permission import permitted
from prodsim.ask import Answer, conversation_words
from prodsim.ask.language import ORDINALS
from prodsim.ask.phrasing import outgoing_text, rephrase
from prodsim.records import Choice
from prodsim.search import Arrangement, Filters
from prodsim.workspace import OpenCatalog

KEY, QUESTION, LEARN = "conversation", "ask", "learn"
PRODUCTS_PER_ANSWER = len(ORDINALS)
"""So that a question can name each by its place."""


@dataclass
class Conversation:
    """The answers of one catalog, oldest first; another catalog or build begins another conversation."""

    of: tuple[str, str]
    answers: list[Answer] = field(default_factory=list)


def current_conversation(opened: OpenCatalog) -> Conversation:
    """Return this person's conversation with this catalog; an empty one where there is none yet."""
    of = (opened.name, opened.info.built)
    kept: Conversation | None = st.session_state.get(KEY)
    if kept is None or kept.of != of:
        kept = st.session_state[KEY] = Conversation(of)
    return kept


def follow_link(opened: OpenCatalog, conversation: Conversation, filters: Filters, arrangement: Arrangement) -> None:
    """Answer the questions of a link that was just opened."""
    linked = [question for question in st.query_params.get_all(QUESTION) if question.strip()]
    if linked and not conversation.answers:
        for question in linked:
            _answer(opened, conversation, question, filters, arrangement)


def put(
    opened: OpenCatalog, conversation: Conversation, question: str, filters: Filters, arrangement: Arrangement
) -> None:
    """Ask one more question; the link holds them all."""
    _answer(opened, conversation, question, filters, arrangement)
    st.query_params[QUESTION] = [answer.understood.question for answer in conversation.answers]


def ask_learning(opened: OpenCatalog) -> bool:
    """Draw the switch that makes this conversation learn from choices; return whether it is on."""
    records = state.workspace().records(opened.name)
    with st.popover(texts.LEARNING(), icon=":material/school:", key="learning"):
        is_on = st.toggle(texts.LEARN(), key=LEARN, bind=binding(LEARN, a_switch), help=texts.LEARN_HELP())
        n = sum(choice.times for choice in records.choices())
        st.caption(texts.CHOICES(n))
        if n:
            st.button(
                texts.DELETE_CHOICES(), icon=":material/delete:", on_click=_erase, args=(opened.name,),
                **permitted("judge"),
            )  # fmt: skip
    return bool(is_on)


def _choices(opened: OpenCatalog) -> Sequence[Choice]:
    """Return earlier choices, where this conversation learns from them."""
    is_on = st.session_state.get(LEARN) or st.query_params.get(LEARN) == "true"
    return state.workspace().records(opened.name).choices() if is_on else ()


def _erase(catalog: str) -> None:
    with errors_shown():
        state.workspace().records(catalog).forget_choices()


def choose(opened: OpenCatalog, conversation: Conversation, sku: str) -> None:
    """Store a product as the right answer to this conversation."""
    words = conversation_words(conversation.answers[-1].understood, opened.asker.vocabulary)
    with errors_shown():
        state.workspace().records(opened.name).remember_choice(words, sku)
        st.toast(texts.REMEMBERED(), icon=":material/school:")


def offer_phrasing(answer: Answer) -> None:
    """Draw what would be sent to the chat model, if one is connected, and a button that sends it."""
    settings = state.workspace().settings
    if not settings.chat_url:
        return
    with st.popover(texts.WRITE_ANSWER(), icon=":material/edit_note:", key="phrasing"):
        st.caption(texts.SENT(address=as_written(settings.chat_url)))
        st.text(outgoing_text(answer))
        is_sent = st.button(texts.SEND(), type="primary", icon=":material/send:")
    if is_sent:
        with errors_shown():
            st.text(rephrase(answer, settings))


def forget() -> None:
    """Begin another conversation."""
    st.session_state.pop(KEY, None)
    st.query_params.pop(QUESTION, None)


def draw_chips(opened: OpenCatalog, conversation: Conversation, filters: Filters, arrangement: Arrangement) -> None:
    """Draw how the last question was understood; a press removes a part of it and answers again."""
    last = conversation.answers[-1].understood
    if not last.chips:
        return

    def drop(key: str) -> None:
        conversation.answers[-1] = opened.asker.answer(
            last.without(key), PRODUCTS_PER_ANSWER, filters, arrangement, _choices(opened)
        )

    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(texts.UNDERSTOOD(), width="content")
        for chip in last.chips:
            label, help_text = as_written(chip.label), texts.CHIP_HELP(words=as_written(chip.cue))
            key = f"chip {chip.key}"
            st.button(label, key=key, on_click=drop, args=(chip.key,), icon=":material/close:", help=help_text)


def _answer(
    opened: OpenCatalog, conversation: Conversation, question: str, filters: Filters, arrangement: Arrangement
) -> None:
    before = conversation.answers[-1] if conversation.answers else None
    with errors_shown():
        conversation.answers.append(
            opened.asker.ask(question, PRODUCTS_PER_ANSWER, before, filters, arrangement, _choices(opened))
        )
