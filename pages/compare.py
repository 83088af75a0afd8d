"""Compare: two settings side by side, which one is better on what people judged, and what to judge next."""

import streamlit as st

from pages.shared import frame, state
from pages.shared.background import answer
from pages.shared.compare.index_recall import draw_trust
from pages.shared.compare.labelling import draw_learning, draw_queue, offer_files
from pages.shared.compare.sides import Chosen, ask_sides, choose_product, draw_lists, told_comparison
from prodsim.evaluation import N_COMPARED, Comparison, JudgedComparison, compare_judged, compare_settings, sample_skus
from prodsim.jobs import Job
from prodsim.output.charts import measures_figure
from prodsim.records import Judgement

DIFFERENCES, BETTER, JUDGE, TRUST = "What differs", "Which is better", "Judge pairs", "Trust in the index"
HINTS = (
    "Judge pairs: the thumbs on the Search page, or *Judge pairs* above, which asks the most telling ones first.",
    "Or import judgements from a file below.",
)


def show_differences(a: Chosen, b: Chosen) -> None:
    """The same products asked of both sides: how far the answers differ, and where most."""
    told, asked = st.columns([3, 1], vertical_alignment="center", gap="medium")
    n = asked.slider("Products asked", 20, 200, N_COMPARED, step=10, key="sample", bind="query-params")
    found = answer("compare", (a.question, b.question, n), "Comparing", lambda job: compare(a, b, n, job), 700)
    if found is None:
        return
    told.text(told_comparison(found))
    if found.overlap.mean == 1 and found.rbo.mean == 1:
        st.caption("A and B find the same everywhere. Choose another setting, or move the weights of one.")
    product = choose_product(found)
    st.caption(f"Closest to “{frame.as_written(product.title)}” ({product.sku}). Choose another row to see its lists.")
    draw_lists(product, a, b)


def compare(a: Chosen, b: Chosen, n: int, job: Job) -> Comparison:
    """The work behind it."""
    side_a, side_b = a.side(), b.side()
    return compare_settings(side_a, side_b, sample_skus(side_a, side_b, n), progress=job)


def show_better(a: Chosen, b: Chosen, judgements: tuple[Judgement, ...]) -> None:
    """The measures of both sides on what was judged, and the verdict."""
    if not judgements:
        st.info("Nothing is judged yet, so nothing tells which setting is better.", icon=":material/thumbs_up_down:")
        for hint in HINTS:
            st.markdown(hint)
        return
    work = lambda job: compare_judged(a.side(), b.side(), judgements, job)  # noqa: E731 - runs as a job
    found = answer("judged", (a.question, b.question, judgements), "Asking what was judged", work, 420)
    if found is None:
        return
    st.subheader(found.verdict, anchor=False)
    figure = measures_figure(found.measures, a.name, b.name)
    st.plotly_chart(figure, key="measures", config={"displayModeBar": False}, alt="Measures of A and B")
    st.caption(told_judged(found))


def told_judged(found: JudgedComparison) -> str:
    """What the measures rest on, in a few sentences."""
    told = [
        f"{counted(found.n_judgements, 'judgement')}, asked as {counted(found.n_queries, 'query', 'queries')}. "
        "Higher is better; bars hold 95 %.",
        f"Judged are {found.judged_a:.0%} of what A finds and {found.judged_b:.0%} of what B finds; the rest counts as "
        "not similar, so a side with much less of it may be better than it looks.",
    ]
    told += [f"{found.left_out:,} are of products that one catalog lacks."] if found.left_out else []
    told += [f"{found.n_hopeless:,} products without a similar one are left out."] if found.n_hopeless else []
    return " ".join(told)


def counted(n: int, one: str, many: str = "") -> str:
    """A number of things."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


frame.title(
    "Compare", "Two settings side by side: what differs, and which one finds better what you judged to be similar."
)
opened = state.require_catalog()
a, b = ask_sides(opened)
section = st.segmented_control(
    "Show", (DIFFERENCES, BETTER, JUDGE, TRUST), key="section", bind="query-params", default=DIFFERENCES, required=True,
    label_visibility="collapsed",
)  # fmt: skip
records = state.workspace().records(opened.name)
judgements = records.judgements()
if section == DIFFERENCES:
    show_differences(a, b)
elif section == BETTER:
    show_better(a, b, judgements)
    offer_files(records, judgements, opened.name)
elif section == JUDGE:
    draw_queue(records, a, b)
    draw_learning(records, judgements, a)
    offer_files(records, judgements, opened.name)
else:
    draw_trust(a)
