"""Ask: a shopper's question answered with products."""

from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.shared import frame, state
from pages.shared.ask.conversation import (
    EXAMPLES,
    VARIED,
    ask_learning,
    choose,
    conversation,
    draw_chips,
    follow_link,
    forget,
    offer_phrasing,
    put,
)
from pages.shared.grid import Action, Card, draw_cards, products_shown
from pages.shared.results import offer_exports
from pages.shared.rules_form import ask_rules
from prodsim.ask import Answer
from prodsim.ask.answering import MAX_QUESTION_CHARS
from prodsim.ask.language import ORDINALS

frame.title(
    "Ask", "A shopper's question, in English or Chinese, answered with products and with what the catalog says."
)
opened = state.require_catalog()
talk = conversation(opened)
with st.container():  # within one it stays here; by itself it would scroll the page to its end
    question = st.chat_input("What are you looking for?", key="question", max_chars=MAX_QUESTION_CHARS)
with st.container(horizontal=True, vertical_alignment="center"):
    rules = ask_rules(opened).over("", VARIED)
    learns = ask_learning(opened)
    if talk.answers:
        st.button("New conversation", icon=":material/restart_alt:", on_click=forget)
follow_link(opened, talk, rules.filters, rules.arrangement)
if question and question.strip():
    put(opened, talk, question, rules.filters, rules.arrangement)


def table(answer: Answer) -> pd.DataFrame:
    """An answer as it is exported."""
    rows = [(one.hit.sku, one.hit.title, one.hit.score, one.reason, one.differs) for one in answer.suggestions]
    return pd.DataFrame(rows, columns=["sku", "title", "score", "reason", "differs"])


if not talk.answers:
    st.caption("For example:")
    with st.container(horizontal=True):
        for example in EXAMPLES:
            st.button(example, on_click=put, args=(opened, talk, example, rules.filters, rules.arrangement))
    st.stop()
for earlier in talk.answers[:-1]:
    st.caption(frame.as_written(f"{earlier.understood.question}  →  {earlier.text}"))
answer = talk.answers[-1]
with st.chat_message("user", avatar=":material/person:"):
    st.text(answer.understood.question)
draw_chips(opened, talk, rules.filters, rules.arrangement)
with st.container(horizontal=True, vertical_alignment="center"):
    st.text(answer.text)
    st.space("stretch")
    offer_phrasing(answer)
    offer_exports(f"{opened.name} answer", lambda: table(answer), answer.text)


def follow(words: str) -> None:
    """Ask what refines the answer."""
    put(opened, talk, words, rules.filters, rules.arrangement)


def similar(sku: str) -> None:
    """Products like one of the answer, within what was asked."""
    place = next(number for number, one in enumerate(answer.suggestions) if one.hit.sku == sku)
    follow(f"more like the {ORDINALS[place]}")


actions = [Action(":material/hub:", "More like this, within what was asked", similar, "Similar")]
if learns:
    chosen = partial(choose, opened, talk)
    actions.append(
        Action(":material/check:", "This is what was looked for; remembered for like questions", chosen, "Chosen")
    )
products = products_shown(opened.catalog, [one.hit.row for one in answer.suggestions])
notes = [" · ".join(filter(None, [one.differs, one.reason])) for one in answer.suggestions]
draw_cards(
    [Card(product, tuple(actions), note=note) for product, note in zip(products, notes, strict=True)],
    Path(opened.info.base),
)
with st.container(horizontal=True):
    for words in ("cheaper", "in stock"):
        st.button(words.capitalize(), on_click=follow, args=(words,), icon=":material/reply:")
