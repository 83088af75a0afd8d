"""A conversation with the catalog: questions, what was understood as chips, and answers with products."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from pages.shared import state
from pages.shared.frame import as_written, errors_shown
from prodsim.ask import Answer, conversation_words
from prodsim.ask.language import ORDINALS
from prodsim.ask.phrasing import outgoing_text, rephrase
from prodsim.records import Choice
from prodsim.search import Arrangement, Filters
from prodsim.workspace import OpenCatalog

KEY, QUESTION, LEARN = "conversation", "ask", "learn"
N_PRODUCTS = len(ORDINALS)
"""So that each can be pointed at by its place."""
VARIED = Arrangement(per_family=1)
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
    linked = [question for question in st.query_params.get_all(QUESTION) if question.strip()]
    if linked and not talk.answers:
        for question in linked:
            _answer(opened, talk, question, filters, arrangement)


def put(opened: OpenCatalog, talk: Conversation, question: str, filters: Filters, arrangement: Arrangement) -> None:
    """Ask one more question; the link holds them all."""
    _answer(opened, talk, question, filters, arrangement)
    st.query_params[QUESTION] = [answer.understood.question for answer in talk.answers]


def ask_learning(opened: OpenCatalog) -> bool:
    """Whether this conversation learns from what askers chose; off unless wanted."""
    records = state.workspace().records(opened.name)
    with st.popover("Learning", icon=":material/school:", key="learning"):
        is_on = st.toggle(
            "Learn from what is chosen", key=LEARN, bind="query-params",
            help="Keeps the question's words that the catalog itself uses, and the SKU chosen; nothing of the asker.",
        )  # fmt: skip
        n = sum(choice.times for choice in records.choices())
        st.caption(f"{n:,} choices are kept.")
        if n:
            st.button("Erase them", icon=":material/delete:", on_click=_erase, args=(opened.name,))
    return bool(is_on)


def _choices(opened: OpenCatalog) -> Sequence[Choice]:
    """What earlier askers chose, where this conversation learns from it."""
    is_on = st.session_state.get(LEARN) or st.query_params.get(LEARN) == "true"
    return state.workspace().records(opened.name).choices() if is_on else ()


def _erase(catalog: str) -> None:
    state.workspace().records(catalog).forget_choices()


def choose(opened: OpenCatalog, talk: Conversation, sku: str) -> None:
    """Remember that a product was what this conversation looked for."""
    words = conversation_words(talk.answers[-1].understood, opened.asker.vocabulary)
    state.workspace().records(opened.name).remember_choice(words, sku)
    st.toast("Remembered for like questions.", icon=":material/school:")


def offer_phrasing(answer: Answer) -> None:
    """Where a chat model is connected: what would be sent to it, and a button that does."""
    settings = state.workspace().settings
    if not settings.chat_url:
        return
    with st.popover("Phrase it", icon=":material/edit_note:", key="phrasing"):
        to = as_written(settings.chat_url)
        st.caption(f"This goes to {to}, with the model's name and the request to say nothing but that:")
        st.text(outgoing_text(answer))
        wants = st.button("Send it", type="primary", icon=":material/send:")
    if wants:
        with errors_shown():
            st.text(rephrase(answer, settings))


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
        talk.answers[-1] = opened.asker.answer(last.without(key), N_PRODUCTS, filters, arrangement, _choices(opened))

    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Understood:", width="content")
        for chip in last.chips:
            st.button(
                as_written(chip.label), key=f"chip {chip.key}", on_click=drop, args=(chip.key,),
                icon=":material/close:", help=f"From “{as_written(chip.cue)}”. Press to take it away.",
            )  # fmt: skip


def _answer(opened: OpenCatalog, talk: Conversation, question: str, filters: Filters, arrangement: Arrangement) -> None:
    before = talk.answers[-1] if talk.answers else None
    with errors_shown():
        talk.answers.append(opened.asker.ask(question, N_PRODUCTS, before, filters, arrangement, _choices(opened)))
