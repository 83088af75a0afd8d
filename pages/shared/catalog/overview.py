"""What a catalog holds: filled fields, prices, categories, findings, how well it is read, how it was built."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import streamlit as st

from pages.shared import state
from pages.shared import texts as shared
from pages.shared.catalog import texts
from pages.shared.catalog.kinds import offer_kind
from pages.shared.catalog.source import show_source
from pages.shared.delete_catalog import offer_delete
from pages.shared.download import download_table
from pages.shared.permission import permitted
from prodsim.catalog import CatalogSummary, usual_prices
from prodsim.encoders import AUTO_ENCODER, ENGLISH, name_languages
from prodsim.encoders.transformer import MINILM
from prodsim.findings import Finding
from prodsim.output.charts import counts_figure, spread_figure
from prodsim.phrases import SENTENCE_AFTER_SENTENCE, joined, retold
from prodsim.pictures import PROBLEMS
from prodsim.quality import kind_title
from prodsim.similarity import UNREADABLE
from prodsim.workspace import CatalogInfo, OpenCatalog, request_of

UNKNOWN_SHOWN_FROM = 0.03
"""Share of unknown characters from which on the page says so."""
PLAIN = {"displayModeBar": False}


def show_catalog(opened: OpenCatalog) -> None:
    """Draw the whole tab."""
    summary = state.summary_of(opened)
    _show_numbers(opened)
    st.text(_contents(opened.info, summary))
    if opened.info.pictures or opened.picture_problems:
        st.text(pictures_sentence(opened.info.pictures, opened.picture_problems))
    show_source(opened.info)
    offer_kind(opened.info)
    _show_reading(opened.info)
    _show_charts(summary)
    _show_findings(opened)
    _show_build(opened.info)
    offer_delete(opened.name)


def _show_numbers(opened: OpenCatalog) -> None:
    info = opened.info
    with st.grid(4, gap="small"):
        st.metric(texts.PRODUCTS(), f"{info.products:,}", border=True)
        st.metric(texts.DISTINCT_TEXTS(), f"{info.vectors:,}", border=True, help=texts.DISTINCT_TEXTS_HELP())
        st.metric(
            texts.RECALL(), texts.RECALL_SHARE(share=info.recall), border=True, help=texts.RECALL_HELP(ef=info.ef)
        )
        n_findings = len(opened.catalog.findings)
        st.metric(texts.FINDINGS(), f"{n_findings:,}", border=True, help=texts.FINDINGS_HELP())


def pictures_sentence(n_compared: int, problems: Mapping[str, str]) -> str:
    """Return how many pictures are compared by look, and how many are left out for each reason."""
    reasons = Counter(problems.values()).most_common()
    sentences = [texts.PICTURES_LEFT_OUT(n, reason=PROBLEMS[problem]()) for problem, n in reasons]
    return joined([texts.PICTURES_COMPARED(n_compared), *sentences], SENTENCE_AFTER_SENTENCE)


def _contents(info: CatalogInfo, summary: CatalogSummary) -> str:
    """Return languages or else writing, categories, brands and currencies in one line."""
    named = [(texts.SCRIPTS[name](), share) for name, share in summary.scripts]
    scripts = joined(texts.SCRIPT_SHARE(share=share, script=name) if share < 1 else name for name, share in named)
    codes = joined(code for code, _ in summary.currencies if code)
    facts = [
        texts.TITLES_IN(scripts=name_languages(info.languages) if info.languages else scripts),
        texts.N_CATEGORIES(summary.n_categories) if summary.n_categories else "",
        texts.N_BRANDS(summary.n_brands) if summary.n_brands else "",
        texts.PRICES_IN(currencies=codes) if codes else "",
    ]
    return " · ".join(filter(None, facts))


def _show_reading(info: CatalogInfo) -> None:
    """Draw what the encoder does not read, and what to do about it."""
    if info.n_truncated:
        st.text(texts.TOO_LONG(info.n_truncated, encoder=info.encoder))
    is_foreign = info.encoder == MINILM.name and not set(info.languages) <= {ENGLISH}
    if is_foreign:
        what, other = texts.FOREIGN_MINILM(languages=name_languages(info.languages)), AUTO_ENCODER
    elif info.unknown_share > UNKNOWN_SHOWN_FROM:
        reading = texts.UNREADABLE if info.unknown_share > UNREADABLE else texts.PARTLY_READABLE
        what, other = reading(encoder=info.encoder, share=info.unknown_share), "lsa"
    else:
        return
    with st.container(border=True):
        st.text(what)
        request = replace(request_of(info), encoder=other)
        st.button(
            texts.REBUILD_WITH(encoder=other),
            icon=":material/translate:",
            on_click=state.start_build,
            args=(request,),
            **permitted("build", is_off=not request.path.is_file()),
        )


def _show_charts(summary: CatalogSummary) -> None:
    left, right = st.columns(2)
    prices, n_far = usual_prices(summary.prices)
    with left:
        filled = tuple((shared.MAPPED_FIELD_NAMES[field](), count) for field, count in summary.filled)
        _bars(filled, texts.FILLED_FIELDS(), "filled")
        if len(prices) > 1:
            currency = summary.currencies[0][0]
            title = shared.PRICES_CURRENCY(currency=currency) if currency else shared.PRICES()
            title = shared.PRICES_FAR(n_far, prices=title) if n_far else title
            st.plotly_chart(spread_figure(prices, title), key="spread", config=PLAIN, alt=title)
    with right:
        _bars(summary.categories, shared.TOP_CATEGORIES(), "categories")
        _bars(summary.brands, texts.TOP_BRANDS(), "brands")


def _bars(counts: tuple[tuple[str, int], ...], title: str, key: str) -> None:
    if counts:
        st.plotly_chart(counts_figure(counts, title), key=key, config=PLAIN, alt=title)


def _show_findings(opened: OpenCatalog) -> None:
    findings = opened.catalog.findings
    if not findings:
        st.caption(texts.NO_FINDINGS())
        return
    st.subheader(texts.FINDINGS(), anchor=False)
    kinds = Counter(finding.kind for finding in findings)
    kind = st.segmented_control(
        shared.KIND(),
        list(kinds),
        format_func=lambda each: shared.KIND_COUNT(kind=kind_title(each), n=kinds[each]),
        default=next(iter(kinds)),
        label_visibility="collapsed",
        required=True,
    )
    table = _findings_table([finding for finding in findings if finding.kind == kind])
    shown = table[["line", "sku", "what"]]
    st.dataframe(
        shown,
        hide_index=True,
        height=min(320, 40 + 36 * len(table)),
        alt=texts.FINDINGS_OF_KIND(kind=kind_title(kind)),
        column_config={"line": shared.LINE(), "sku": shared.SKU(), "what": shared.FINDING()},
    )
    download_table(texts.DOWNLOAD_FINDINGS(), _findings_table(findings), f"{opened.name}-findings.csv")


def _findings_table(findings: "list[Finding] | tuple[Finding, ...]") -> pd.DataFrame:
    rows = [(f.kind, f.line, f.column, ", ".join(f.skus), retold(f.what)) for f in findings]
    table = pd.DataFrame(rows, columns=["kind", "line", "column", "sku", "what"])
    return table.astype({"line": "Int64"})


def _show_build(info: CatalogInfo) -> None:
    read_as = ", ".join(f"{name} {value}" for name, value in info.options.items() if value) or texts.ALL_GUESSED()
    facts = {
        texts.SOURCE(): info.source,
        texts.BUILT(): info.built,
        texts.READ_AS(): read_as,
        texts.COLUMNS(): ", ".join(f"{field} = {column}" for field, column in info.mapping.items()),
        shared.ENCODER(): texts.ENCODER_FACTS(encoder=info.encoder, dim=info.dim, version=info.encoder_fingerprint),
        shared.METRIC(): shared.METRIC_NAMES[info.metric](),
        texts.INDEX(): texts.INDEX_FACTS(recall=info.recall, ef=info.ef),
        shared.CATALOG(): texts.CATALOG_VERSION(version=info.artifacts["catalog"].rpartition("-")[2]),
        texts.DISK(): texts.DISK_FACTS(size_mb=state.workspace().size_mb(info.name)),
    }
    with st.expander(texts.HOW_BUILT(), icon=":material/info:"):
        table = pd.DataFrame(facts.items(), columns=[texts.PROPERTY(), texts.VALUE()])
        st.dataframe(table, hide_index=True, alt=texts.HOW_BUILT())
