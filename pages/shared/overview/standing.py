"""How the catalog stands: health, trend, opportunities and worst categories."""

from pathlib import Path

import streamlit as st

from pages.shared.cards import image_html
from pages.shared.overview import texts
from pages.shared.tiles import KIND_LINK, TILE_LINK, tile_of
from prodsim.findings import Finding
from prodsim.output.charts import bars_figure, trend_figure
from prodsim.output.html import as_html
from prodsim.output.standing import Opportunity, Standing
from prodsim.quality import kind_title
from prodsim.workspace import OpenCatalog

MOST_OPPORTUNITIES, MOST_CATEGORIES = 6, 6
MOST_POINTS = 8
"""Uploads of the trend whose dates fit beside each other."""
QUALITY_PAGE = "pages/quality.py"
MOST_PICTURES = 2
"""Pictures of an example that fit into a tile."""
PLAIN = {"displayModeBar": False}
_STYLE = """<style>
.po{display:flex;justify-content:space-between;gap:.4rem;align-items:flex-end}
.po-kind{font-weight:600}
.po-n{font-size:2rem;font-weight:620;line-height:1.25}
.po-soft{font-size:.86rem;opacity:.72}
.po-pics{display:flex;gap:.3rem}
.po-pics img{width:3.4rem;height:3.4rem;object-fit:cover;border-radius:.5rem}
.po-bar{height:1.1rem;border-radius:.55rem;overflow:hidden;background:#d97706;margin:.5rem 0 .4rem}
.po-bar span{display:block;height:100%;background:#0f766e;border-right:2px solid Canvas}
</style>"""


def draw_health(standing: Standing) -> None:
    """Draw the share of products without an open issue, large, and beside it how that went."""
    trend = standing.trend[-MOST_POINTS:]
    change = texts.HEALTH_CHANGE(points=100 * (trend[-1].share - trend[-2].share)) if len(trend) > 1 else None
    number, line = st.columns([1, 2], gap="small")
    with number.container(border=True, height="stretch"):
        st.metric(texts.HEALTHY(), texts.SHARE(share=standing.share), change)
        st.caption(texts.N_WITH_ISSUE(standing.n_faulty))
    with line.container(border=True, height="stretch"):
        if len(trend) > 1:
            labels = [texts.SHARE(share=point.share) for point in trend]
            figure = trend_figure([point.when[:10] for point in trend], [point.share for point in trend], labels)
            st.caption(texts.TREND())
            st.plotly_chart(figure, key="trend", config=PLAIN, alt=texts.TREND())
        else:
            bar = f'<div class="po-bar"><span style="width:{100 * standing.share:.2f}%"></span></div>'
            st.html(f"{_STYLE}{bar}")
            st.caption(texts.TREND_STARTS())


def draw_opportunities(opened: OpenCatalog, standing: Standing) -> None:
    """Draw a tile for each of the largest, with a link to its findings."""
    st.subheader(texts.OPPORTUNITIES(), anchor=False, help=texts.OPPORTUNITIES_HELP())
    if not standing.opportunities:
        st.info(texts.NOTHING_TO_DO(), icon=":material/task_alt:")
        return
    shown = standing.opportunities[:MOST_OPPORTUNITIES]
    with st.grid(3, gap="small"):
        for opportunity in shown:
            _draw_opportunity(opened, opportunity)
    if n_more := len(standing.opportunities) - len(shown):
        st.page_link(QUALITY_PAGE, label=texts.OTHER_KINDS(n_more), icon=":material/fact_check:")


def _draw_opportunity(opened: OpenCatalog, opportunity: Opportunity) -> None:
    """Draw how many products open findings of a kind concern, with the pictures of an example."""
    n, n_products = opportunity.n_products, opened.info.products
    title, share = as_html(kind_title(opportunity.kind)), as_html(texts.TOUCHES(n, share=n / max(n_products, 1)))
    pictures = "".join(_example_pictures(opened, opportunity.example))
    words = f'<div class="po-n">{n:,}</div><div class="po-soft">{share}</div>'
    with st.container(border=True, height="stretch", gap="xsmall"):
        row = f'<div class="po"><div>{words}</div><div class="po-pics">{pictures}</div></div>'
        st.html(f'{_STYLE}<div class="po-kind">{title}</div>{row}')
        st.page_link(
            QUALITY_PAGE,
            label=texts.DECIDE(opportunity.n_findings),
            icon=":material/arrow_forward:",
            query_params={TILE_LINK: tile_of(opportunity.kind).name, KIND_LINK: opportunity.kind},
        )


def _example_pictures(opened: OpenCatalog, example: Finding) -> list[str]:
    """Return the pictures of the first products of a finding that have one."""
    rows = [opened.catalog.row_of[sku] for sku in example.skus if sku in opened.catalog.row_of]
    products = opened.catalog.products.iloc[rows[:MOST_PICTURES]].to_dict("records")
    return [image_html(product, Path(opened.info.base)) for product in products]


def draw_worst(standing: Standing) -> None:
    """Draw the categories that fare worst."""
    worst = standing.worst.head(MOST_CATEGORIES)
    if len(worst):
        labels = [texts.N_OF_ALL(n=n, share=n / of) for n, of in zip(worst["faulty"], worst["products"], strict=True)]
        title = texts.WORST_CATEGORIES()
        figure = bars_figure(worst["category"].tolist(), worst["severity"].tolist(), labels, title)
        st.plotly_chart(figure, key="worst", config=PLAIN, alt=title)
