"""What came of a run: the verdict, before and after, and how much quality for how much speed."""

import pandas as pd
import streamlit as st

from prodsim.adapt import PROBES, Option, Outcome
from prodsim.workspace.adaptations import offered_options

N_CATEGORIES = 12


def draw_verdict(outcome: Outcome) -> None:
    """What came of it, in a box."""
    (st.success if outcome.is_better else st.warning)(
        outcome.verdict.replace("$", r"\$"), icon=":material/check_circle:" if outcome.is_better else ":material/info:"
    )


def draw_measures(outcome: Outcome) -> None:
    """The measures, categories, and the products whose neighbours changed most."""
    measured = outcome.measured
    st.dataframe(
        pd.DataFrame(
            [
                {
                    "asked": PROBES[one.probe],
                    "by": one.setting,
                    "measure": one.metric,
                    "before": round(one.before, 3),
                    "after": round(one.after, 3),
                    "difference": f"{one.difference:+.3f}",
                    "95 % within": f"{one.low:+.3f} to {one.high:+.3f}",
                    "questions": one.n,
                }
                for one in measured.compared
            ]
        ),
        hide_index=True, alt="Measures before and after",
        column_config={"asked": st.column_config.TextColumn(width=300)},
    )  # fmt: skip
    left, right = st.columns([1, 2], gap="large")
    with left:
        st.subheader("By category", anchor=False)
        st.dataframe(
            pd.DataFrame(
                [
                    {"category": name, "before": round(old, 3), "after": round(new, 3), "questions": n}
                    for name, (old, new, n) in list(measured.by_category.items())[:N_CATEGORIES]
                ]
            ),
            hide_index=True, alt="Recall@1 by category",
        )  # fmt: skip
        if len(measured.by_category) > N_CATEGORIES:
            st.caption(f"The {N_CATEGORIES} largest of {len(measured.by_category):,}.")
    with right:
        st.subheader("What changed most", anchor=False)
        st.dataframe(
            pd.DataFrame(
                [
                    {
                        "product": one.title,
                        "nearest before": " | ".join(one.before),
                        "nearest after": " | ".join(one.after),
                        "kept of ten": one.kept,
                    }
                    for one in measured.changed
                ]
            ),
            hide_index=True, alt="Products whose neighbours by meaning changed most",
        )  # fmt: skip


def draw_options(outcome: Outcome) -> str:
    """How much quality for how much speed, where there is a choice; the option chosen, "" for none."""
    if not outcome.options:
        return ""
    now = outcome.options[0]
    st.dataframe(
        pd.DataFrame([_row(one, now) for one in outcome.options]), hide_index=True, alt="Options of a smaller encoder"
    )
    offered = offered_options(outcome)
    if not offered:
        return ""
    if len(offered) == 1:
        return offered[0].name
    names = {one.told: one.name for one in offered}
    chosen = st.select_slider("How much quality for how much speed (faster to the right)", list(names), key="option")
    return names[chosen]


def _row(one: Option, now: Option) -> dict[str, object]:
    return {
        "encoder": one.told.rstrip(","),
        "meaning, recall@1": round(one.meaning, 3),
        "nDCG@10": round(one.meaning_ndcg, 3),
        "same product, recall@1": round(one.same_product, 3),
        "texts a second": round(one.texts_per_s),
        "speed": f"{one.texts_per_s / now.texts_per_s:.1f} ×",
        "model MB": round(one.model_mb, 1),
        "numbers": one.dim,
        "not beaten": one.is_best,
        "offered": one.is_offered,
    }
