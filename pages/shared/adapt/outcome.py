"""What came of a run: the verdict, before and after, and how much quality for how much speed."""

import pandas as pd
import streamlit as st

from pages.shared import texts as shared
from pages.shared.adapt import texts
from prodsim.adapt import PROBES, Option, Outcome
from prodsim.adapt.runs import CLIENTS
from prodsim.workspace.adaptations import offered_options

N_LISTED_CATEGORIES = 12


def draw_verdict(outcome: Outcome) -> None:
    """Draw the verdict in a box."""
    (st.success if outcome.is_better else st.warning)(
        outcome.verdict.replace("$", r"\$"), icon=":material/check_circle:" if outcome.is_better else ":material/info:"
    )


def draw_measures(outcome: Outcome) -> None:
    """Draw the measures, categories, and the products whose neighbours changed most."""
    st.dataframe(
        _measures(outcome),
        hide_index=True,
        alt=texts.MEASURES(),
        column_config={texts.QUESTIONS_ABOUT(): st.column_config.TextColumn(width=300)},
    )
    left, right = st.columns([1, 2], gap="large")
    with left:
        st.subheader(texts.BY_CATEGORY(), anchor=False)
        by_category = outcome.measured.by_category
        st.dataframe(_categories(outcome), hide_index=True, alt=texts.CATEGORY_RECALL())
        if len(by_category) > N_LISTED_CATEGORIES:
            st.caption(texts.LARGEST_CATEGORIES(n=N_LISTED_CATEGORIES, total=len(by_category)))
    with right:
        st.subheader(texts.CHANGED_MOST(), anchor=False)
        st.dataframe(_changes(outcome), hide_index=True, alt=texts.CHANGED_PRODUCTS())


def draw_together(outcome: Outcome) -> None:
    """Draw which catalogs learned together, and what the model may tell of each."""
    clients = outcome.facts.get(CLIENTS)
    if not clients:
        return
    st.subheader(texts.TOOK_PART(), anchor=False)
    rows = [
        {
            shared.CATALOG(): name,
            texts.N_PAIRS(): own["pairs"],
            texts.N_ROUNDS(): own["rounds"],
            "ε": round(own["epsilon"], 2) if "epsilon" in own else None,
            "δ": f"{own['delta']:.1g}" if "delta" in own else None,
        }
        for name, own in clients.items()
    ]
    st.dataframe(pd.DataFrame(rows).dropna(axis=1, how="all"), hide_index=True, alt=texts.TOOK_PART(), width=560)
    limited = [own for own in clients.values() if "epsilon" in own]
    if limited:
        epsilon, delta = (max(own[name] for own in limited) for name in ("epsilon", "delta"))
        st.caption(texts.PRIVATE_UP_TO(epsilon=epsilon, delta=delta))
    else:
        st.caption(texts.NOT_PRIVATE())


def draw_options(outcome: Outcome) -> str:
    """Draw how much quality each option has for how much speed; return the chosen one, "" for none."""
    if not outcome.options:
        return ""
    present = outcome.options[0]
    st.dataframe(
        pd.DataFrame([_row(option, present) for option in outcome.options]),
        hide_index=True,
        alt=texts.OPTIONS(),
        column_config={
            texts.IS_BEST(): st.column_config.CheckboxColumn(help=texts.IS_BEST_HELP()),
            texts.IS_OFFERED(): st.column_config.CheckboxColumn(help=texts.IS_OFFERED_HELP()),
        },
    )
    offered = offered_options(outcome)
    if not offered:
        return ""
    if len(offered) == 1:
        return offered[0].name
    names = {option.told: option.name for option in offered}
    return names[st.select_slider(texts.OPTION(), list(names), key="option")]


def _measures(outcome: Outcome) -> pd.DataFrame:
    rows = [
        {
            texts.QUESTIONS_ABOUT(): PROBES[measure.probe](),
            shared.SETTING(): measure.setting,
            texts.MEASURE(): measure.metric,
            texts.BEFORE(): round(measure.before, 3),
            texts.AFTER(): round(measure.after, 3),
            texts.DIFFERENCE(): f"{measure.difference:+.3f}",
            shared.INTERVAL(): texts.INTERVAL_RANGE(low=measure.low, high=measure.high),
            texts.N_QUESTIONS(): measure.n,
        }
        for measure in outcome.measured.compared
    ]
    return pd.DataFrame(rows)


def _categories(outcome: Outcome) -> pd.DataFrame:
    rows = [
        {
            shared.CATEGORY(): name,
            texts.BEFORE(): round(before, 3),
            texts.AFTER(): round(after, 3),
            texts.N_QUESTIONS(): n,
        }
        for name, (before, after, n) in list(outcome.measured.by_category.items())[:N_LISTED_CATEGORIES]
    ]
    return pd.DataFrame(rows)


def _changes(outcome: Outcome) -> pd.DataFrame:
    rows = [
        {
            texts.PRODUCT(): change.title,
            texts.NEAREST_BEFORE(): " | ".join(change.before),
            texts.NEAREST_AFTER(): " | ".join(change.after),
            texts.KEPT_OF_TEN(): change.kept,
        }
        for change in outcome.measured.changed
    ]
    return pd.DataFrame(rows)


def _row(option: Option, present: Option) -> dict[str, object]:
    return {
        shared.ENCODER(): option.told.rstrip(","),
        texts.MEANING_RECALL(): round(option.meaning, 3),
        texts.MEANING_NDCG(): round(option.meaning_ndcg, 3),
        texts.SAME_PRODUCT_RECALL(): round(option.same_product, 3),
        texts.TEXTS_PER_SECOND(): round(option.texts_per_s),
        texts.SPEED(): texts.TIMES(ratio=option.texts_per_s / present.texts_per_s),
        texts.MODEL_SIZE(): round(option.model_mb, 1),
        shared.DIMENSIONS(): option.dim,
        texts.IS_BEST(): option.is_best,
        texts.IS_OFFERED(): option.is_offered,
    }
