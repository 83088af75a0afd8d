"""Compare: two settings side by side, which one is better by people's judgements, and what to judge next."""

import streamlit as st

from pages.shared import frame, link, state
from pages.shared import texts as shared
from pages.shared.background import answer
from pages.shared.compare import texts
from pages.shared.compare.index_recall import draw_recall
from pages.shared.compare.labelling import draw_learning, draw_pairs, offer_files
from pages.shared.compare.lists import choose_product, describe_comparison, draw_lists
from pages.shared.compare.sides import ChosenSide, choose_sides
from prodsim.evaluation import N_COMPARED, Comparison, JudgedComparison, compare_judged, compare_settings, sample_skus
from prodsim.jobs import Job
from prodsim.output.charts import measures_figure
from prodsim.records import Judgement

DIFFERENCES, BETTER, PAIRS, RECALL = texts.SECTIONS
"""The sections by their names in the link."""


def show_differences(a: ChosenSide, b: ChosenSide) -> None:
    """Search both sides by the same products, and draw how far the results differ, and where most."""
    sentence, sample = st.columns([3, 1], vertical_alignment="center", gap="medium")
    n = sample.slider(
        texts.N_COMPARED(),
        20,
        200,
        N_COMPARED,
        step=10,
        key="sample",
        bind=link.binding("sample", link.a_whole_number(20, 200)),
    )
    work = lambda job: compare(a, b, n, job)  # noqa: E731 - runs as a job
    comparison = answer("compare", (a.question, b.question, n), texts.COMPARING(), work, 700)
    if comparison is None:
        return
    sentence.text(describe_comparison(comparison))
    if comparison.overlap.mean == 1 and comparison.rbo.mean == 1:
        st.caption(texts.NO_DIFFERENCES())
    product = choose_product(comparison)
    title, sku = frame.as_written(product.title), frame.as_written(product.sku)
    st.caption(texts.RESULTS_FOR(title=title, sku=sku))
    draw_lists(product, a, b)


def compare(a: ChosenSide, b: ChosenSide, n: int, job: Job) -> Comparison:
    """Compare both sides on a sample of n products."""
    side_a, side_b = a.side(), b.side()
    return compare_settings(side_a, side_b, sample_skus(side_a, side_b, n), progress=job)


def show_better(a: ChosenSide, b: ChosenSide, judgements: tuple[Judgement, ...]) -> None:
    """Draw the measures of both sides by the judgements, and the verdict."""
    if not judgements:
        st.info(texts.NO_JUDGEMENTS(), icon=":material/thumbs_up_down:")
        st.markdown(texts.HOW_TO_JUDGE())
        st.markdown(texts.OR_IMPORT())
        return
    work = lambda job: compare_judged(a.side(), b.side(), judgements, job)  # noqa: E731 - runs as a job
    judged = answer("judged", (a.question, b.question, judgements), texts.MEASURING_SIDES(), work, 420)
    if judged is None:
        return
    st.subheader(frame.as_written(judged.verdict), anchor=False)
    figure = measures_figure(judged.measures, a.name, b.name)
    st.plotly_chart(figure, key="measures", config={"displayModeBar": False}, alt=texts.MEASURES_ALT())
    st.caption(describe_basis(judged))


def describe_basis(judged: JudgedComparison) -> str:
    """Say what the measures rest on."""
    queries = texts.N_QUERIES(judged.n_queries)
    sentences = [
        texts.BASED_ON(judgements=shared.N_JUDGEMENTS(judged.n_judgements), queries=queries),
        texts.SHARE_JUDGED(a=judged.judged_a, b=judged.judged_b),
        texts.N_NOT_IN_BOTH(judged.left_out) if judged.left_out else "",
        texts.N_NO_GOOD_MATCH(judged.n_hopeless) if judged.n_hopeless else "",
    ]
    return " ".join(filter(None, sentences))


frame.title(shared.COMPARE(), texts.PURPOSE())
opened = state.require_catalog()
a, b = choose_sides(opened)
sections = {name: label() for name, label in texts.SECTIONS.items()}
section = link.choose(
    st.segmented_control, shared.SHOW(), sections, "section", DIFFERENCES, required=True, label_visibility="collapsed"
)
records = state.workspace().records(opened.name)
judgements = records.judgements()
if section == DIFFERENCES:
    show_differences(a, b)
elif section == BETTER:
    show_better(a, b, judgements)
    offer_files(records, judgements, opened.name)
elif section == PAIRS:
    draw_pairs(records, a, b)
    draw_learning(records, judgements, a)
    offer_files(records, judgements, opened.name)
else:
    draw_recall(a)
