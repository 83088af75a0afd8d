"""Two products of two catalogs side by side, with what proves that they are one, and the buttons to decide."""

import html
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import numpy as np
import pandas as pd
import streamlit as st

from pages.shared import state
from pages.shared import texts as shared
from pages.shared.frame import errors_shown
from pages.shared.match import texts
from pages.shared.match.compared import MatchView
from pages.shared.permission import permitted
from pages.shared.score_parts import parts_html
from pages.shared.side_by_side import SIDE_BY_SIDE_STYLE, compared_fields, side_by_side_html
from prodsim.catalog import Catalog
from prodsim.formats import money
from prodsim.match import SAME_GTIN, SAME_MPN, PriceComparison
from prodsim.match.prices import SAME_PRICE
from prodsim.phrases import Text
from prodsim.records import MatchDecision, Verdict

SESSION, N_DECIDED = "match session", "matches decided"
CODE_REASONS = {SAME_GTIN: texts.SAME_GTIN, SAME_MPN: texts.SAME_MPN}
DECISIONS: dict[Verdict, Text] = {"accepted": texts.SAME, "rejected": texts.DIFFERENT, "later": texts.LATER}


@dataclass(frozen=True, slots=True)
class ShownPair:
    """A pair of products.

    Attributes:
        a, b: their rows.
        certainty: how sure it is that they are one; ``None`` for a rejected pair.
        code: which code proves it.
        is_accepted: whether a person accepted it.
        has_score: whether it is a candidate.
    """

    a: int
    b: int
    certainty: float | None
    code: int = 0
    is_accepted: bool = False
    has_score: bool = True

    @classmethod
    def of(cls, view: MatchView, place: int) -> "ShownPair":
        """Return a match by its place."""
        matching = view.matching
        score = matching.scores[place]
        return cls(
            int(matching.a[place]),
            int(matching.b[place]),
            float(matching.certainty[place]),
            int(matching.codes[place]),
            bool(matching.is_accepted[place]),
            bool(score == score),
        )


def draw_pair(view: MatchView, pair: ShownPair) -> None:
    """Draw the decisions, the two products side by side, their prices, and why they match."""
    draw_buttons(view, pair)
    products = _both(view, pair)
    with st.container(border=True, gap="small"):
        st.html(f"{SIDE_BY_SIDE_STYLE}{_head_html(view, pair)}")
        beside, reasons = st.columns([3, 2], gap="medium")
        bases = [Path(view.a.info.base), Path(view.b.info.base)]
        fields = sorted(compared_fields(Catalog(products)), key="description".__eq__)  # long ones last
        with beside:
            st.html(SIDE_BY_SIDE_STYLE + side_by_side_html(products, fields, bases))
        with reasons:
            st.caption(texts.WHY())
            if pair.has_score:
                st.html(parts_html(view.compared.explain(pair.a, pair.b)))
            else:
                st.text(texts.NO_LONGER())


def draw_buttons(view: MatchView, pair: ShownPair) -> None:
    """Draw what can be decided, with the keys of the Quality page, and undo."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        _button(view, pair, "accepted", ":material/check:", "A")
        _button(view, pair, "rejected", ":material/block:", "N")
        _button(view, pair, "later", ":material/schedule:", "L")
        st.button(
            shared.UNDO(), icon=":material/undo:", shortcut="U", key="undo match", type="tertiary", on_click=_undo,
            args=(view,), **permitted("decide", is_off=not st.session_state.get(N_DECIDED)),
        )  # fmt: skip


def _button(view: MatchView, pair: ShownPair, verdict: Verdict, icon: str, shortcut: str) -> None:
    st.button(
        DECISIONS[verdict](),
        icon=icon,
        shortcut=shortcut,
        key=f"{shortcut} {pair.a} {pair.b}",  # of this pair: a late key press must not decide the next one unseen
        on_click=_decide,
        args=(view, pair, verdict),
        **permitted("decide"),
        type={"accepted": "primary", "rejected": "secondary", "later": "tertiary"}[verdict],  # type: ignore[arg-type]
    )


def _decide(view: MatchView, pair: ShownPair, verdict: Verdict) -> None:
    sku_a, sku_b = (str(one.catalog.products["sku"].iloc[row]) for one, row in ((view.a, pair.a), (view.b, pair.b)))
    with errors_shown():
        records = state.workspace().records(view.a.name)
        records.decide_match(MatchDecision(view.b.name, sku_a, sku_b, verdict), session=_session())
        st.session_state[N_DECIDED] = st.session_state.get(N_DECIDED, 0) + 1


def _undo(view: MatchView) -> None:
    with errors_shown():
        undone = state.workspace().records(view.a.name).undo_match(session=_session())
        st.session_state[N_DECIDED] = max(st.session_state.get(N_DECIDED, 0) - 1, 0)
        if undone is not None:
            st.toast(texts.UNDONE(decision=DECISIONS[undone.verdict]()), icon=":material/undo:")


def _session() -> str:
    """Return what stands for this browser tab, so that undo takes back nobody else's decision."""
    return str(st.session_state.setdefault(SESSION, uuid4().hex))


def _both(view: MatchView, pair: ShownPair) -> pd.DataFrame:
    """Return the two products with the fields and attributes that both catalogs have, the name of the catalog first."""
    own, theirs = view.a.catalog.products.iloc[[pair.a]], view.b.catalog.products.iloc[[pair.b]]
    both = pd.concat([own, theirs], join="inner", ignore_index=True)
    both.insert(0, "catalog", [view.a.name, view.b.name], allow_duplicates=False)
    return both


def _head_html(view: MatchView, pair: ShownPair) -> str:
    """Return how certain the match is, what proves it, and how the prices differ."""
    lines = [texts.REJECTED() if pair.certainty is None else texts.CERTAINTY(certainty=pair.certainty)]
    lines += [texts.ACCEPTED()] if pair.is_accepted else []
    lines += [CODE_REASONS[pair.code]()] if pair.code in CODE_REASONS else []
    first = f'<div class="pq-what">{html.escape(" · ".join(lines))}</div>'
    price = _describe_price(view, pair)
    return first + (f'<div style="margin-top:.25rem">{html.escape(price)}</div>' if price else "")


def _describe_price(view: MatchView, pair: ShownPair) -> str:
    own, theirs = view.a.catalog.products.iloc[pair.a], view.b.catalog.products.iloc[pair.b]
    prices = PriceComparison.of(view.a.catalog, view.b.catalog, np.array([pair.a]), np.array([pair.b]))
    if prices.n_other_currency:
        return texts.OTHER_CURRENCY()
    if not prices.is_comparable[0]:
        return ""
    difference = float(prices.differences[0])
    text = texts.SAME_PRICE if abs(difference) <= SAME_PRICE else texts.DEARER if difference > 0 else texts.CHEAPER
    currency = own["currency"] or theirs["currency"]
    return text(
        a=view.a.name,
        share=abs(difference),
        own=money(own["price"], currency),
        theirs=money(theirs["price"], currency),
    )
