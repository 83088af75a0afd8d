"""Ask: a shopper's question answered with products."""

from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.shared import frame, state
from pages.shared import texts as shared_texts
from pages.shared.ask import texts
from pages.shared.ask.conversation import (
    ask_learning,
    choose,
    current_conversation,
    draw_chips,
    follow_link,
    forget,
    offer_phrasing,
    put,
)
from pages.shared.grid import Action, Card, draw_cards, products_shown
from pages.shared.product import show_product
from pages.shared.results import offer_exports, variants_notes
from pages.shared.rules_form import ask_rules
from pages.shared.search_form import ask_families
from prodsim.ask import Answer, example_questions
from prodsim.ask.answering import MAX_QUESTION_CHARS
from prodsim.ask.language import ORDINALS
from prodsim.roles import why_not
from prodsim.search import Arrangement

frame.title(shared_texts.ASK(), texts.PURPOSE())
opened = state.require_catalog()
show_product(opened)
conversation = current_conversation(opened)
with st.container():  # without it the box would stand at the end of the page and scroll there
    question = st.chat_input(texts.PLACEHOLDER(), key="question", max_chars=MAX_QUESTION_CHARS)
above = st.container()
with st.container(horizontal=True, vertical_alignment="center"):
    families = ask_families(opened)
    rules = ask_rules(opened, above).over("", Arrangement(families=families))
    learns = ask_learning(opened)
    if conversation.answers:
        st.button(texts.NEW_CONVERSATION(), icon=":material/restart_alt:", on_click=forget)
follow_link(opened, conversation, rules.filters, rules.arrangement)
if question and question.strip():
    put(opened, conversation, question, rules.filters, rules.arrangement)


def table(answer: Answer) -> pd.DataFrame:
    """Return an answer as it is exported."""
    rows = [(s.hit.sku, s.hit.title, s.hit.score, s.reason, s.differs) for s in answer.suggestions]
    return pd.DataFrame(rows, columns=["sku", "title", "score", "reason", "differs"])


if not conversation.answers:
    st.caption(texts.FOR_EXAMPLE())
    with st.container(horizontal=True):
        for example in example_questions(opened.catalog):
            st.button(example, on_click=put, args=(opened, conversation, example, rules.filters, rules.arrangement))
    st.stop()
for earlier in conversation.answers[:-1]:
    st.caption(frame.as_written(texts.EARLIER(question=earlier.understood.question, answer=earlier.text)))
answer = conversation.answers[-1]
with st.chat_message("user", avatar=":material/person:"):
    st.text(answer.understood.question)
draw_chips(opened, conversation, rules.filters, rules.arrangement)
with st.container(horizontal=True, vertical_alignment="center"):
    st.text(answer.text)
    st.space("stretch")
    offer_phrasing(answer)
    offer_exports(texts.EXPORT_NAME(catalog=opened.name), lambda: table(answer), answer.text)


def follow(words: str) -> None:
    """Ask a question that refines the answer."""
    put(opened, conversation, words, rules.filters, rules.arrangement)


def similar(sku: str) -> None:
    """Ask for products like one of the answer, within the same limits."""
    place = next(place for place, suggestion in enumerate(answer.suggestions) if suggestion.hit.sku == sku)
    follow(f"more like the {ORDINALS[place]}")


actions = [Action(":material/hub:", texts.SIMILAR_HELP(), similar, shared_texts.SIMILAR())]
if learns:
    remember = partial(choose, opened, conversation)
    actions.append(Action(":material/check:", texts.CHOSEN_HELP(), remember, texts.CHOSEN(), why_off=why_not("judge")))
products = products_shown(opened.catalog, [suggestion.hit.row for suggestion in answer.suggestions])
notes = [" · ".join(filter(None, [s.differs, s.reason])) for s in answer.suggestions]
variants = variants_notes(opened.catalog, [suggestion.hit for suggestion in answer.suggestions])
draw_cards(
    [
        Card(product, tuple(actions), note=note, variants=own)
        for product, note, own in zip(products, notes, variants, strict=True)
    ],
    Path(opened.info.base),
)
with st.container(horizontal=True):
    for words, label in texts.FOLLOW_UPS.items():
        st.button(label(), on_click=follow, args=(words,), icon=":material/reply:")
