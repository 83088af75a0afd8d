"""What a catalog holds: filled fields, prices, categories, findings, how well it is read, how it was built."""

from collections import Counter
from dataclasses import replace

import pandas as pd
import streamlit as st

from pages.shared import state
from pages.shared.catalog import file_cache
from pages.shared.download import download_table
from prodsim.catalog import CatalogSummary, usual_prices
from prodsim.findings import Finding
from prodsim.output.charts import counts_figure, spread_figure
from prodsim.similarity import UNREADABLE
from prodsim.workspace import CatalogInfo, OpenCatalog, build_key, request_of
from prodsim.workspace.removal import remove_catalog

UNKNOWN_TOLD_FROM = 0.03
PLAIN = {"displayModeBar": False}


def show_catalog(opened: OpenCatalog) -> None:
    """The whole tab."""
    summary = file_cache.summary_of(opened)
    _numbers(opened)
    st.text(_holds(summary))
    _tell_reading(opened.info)
    _charts(summary)
    _findings(opened)
    _how_built(opened.info)
    with st.container(horizontal=True):
        _offer_again(opened.info)
        offer_delete(opened.name)


def offer_delete(name: str) -> None:
    """A button that asks once more before the catalog is deleted."""
    is_busy = any(job.key == build_key(name) for job in state.active_jobs())
    with st.popover("Delete", icon=":material/delete:", disabled=is_busy):
        st.text(f"{name} is removed from this machine. Its file and the shared vectors stay.")
        st.button(
            "Delete it", type="primary", key=f"delete {name}", on_click=remove_catalog, args=(state.workspace(), name)
        )


def _numbers(opened: OpenCatalog) -> None:
    info = opened.info
    with st.grid(4, gap="small"):
        st.metric("Products", f"{info.products:,}", border=True)
        st.metric(
            "Distinct texts", f"{info.vectors:,}", border=True, help="Products with the same text share one vector."
        )
        st.metric(
            "Recall of the index",
            f"{info.recall:.1%}",
            border=True,
            help="Share of an exact search's ten best that the index returns, measured on a sample. Higher is better; "
            f"the search width (ef) was raised to {info.ef} for it.",
        )
        st.metric(
            "Findings",
            f"{len(opened.catalog.findings):,}",
            border=True,
            help="Imperfections of the file; each with the rule that was applied. Fewer is better.",
        )


def _holds(summary: CatalogSummary) -> str:
    """Writing, brands, categories and currencies in one line."""
    scripts = ", ".join(f"{share:.0%} {name}" if share < 1 else name for name, share in summary.scripts)
    told = [f"Titles in {scripts}"]
    told += [f"{summary.n_categories:,} categories"] if summary.n_categories else []
    told += [f"{summary.n_brands:,} brands"] if summary.n_brands else []
    codes = ", ".join(code for code, _ in summary.currencies if code)
    told += [f"prices in {codes}"] if codes else []
    return " · ".join(told)


def _tell_reading(info: CatalogInfo) -> None:
    """What the encoder does not read, and what to do about it."""
    if info.n_truncated:
        st.text(
            f"{info.n_truncated:,} texts are longer than {info.encoder} reads; “meaning” ignores their end, "
            "“words” does not."
        )
    if info.unknown_share <= UNKNOWN_TOLD_FROM:
        return
    weight = "counts little" if info.unknown_share > UNREADABLE else "counts fully"
    with st.container(border=True):
        st.text(
            f"{info.encoder} does not know {info.unknown_share:.0%} of the characters, so “meaning” {weight} here. "
            "e5-multilingual reads about 100 languages; lsa, quicker, learns any from the catalog itself."
        )
        request = replace(request_of(info), encoder="lsa")
        st.button(
            "Build again with lsa",
            icon=":material/translate:",
            on_click=state.start_build,
            args=(request,),
            disabled=not request.path.is_file(),
        )


def _charts(summary: CatalogSummary) -> None:
    left, right = st.columns(2)
    prices, n_far = usual_prices(summary.prices)
    with left:
        _bars(summary.filled, "Products with each field", "filled")
        if len(prices) > 1:
            currency = f" in {summary.currencies[0][0]}" if summary.currencies[0][0] else ""
            far = f", without {n_far:,} far above" if n_far else ""
            st.plotly_chart(spread_figure(prices, f"Prices{currency}{far}"), key="spread", config=PLAIN, alt="Prices")
    with right:
        _bars(summary.categories, "Top categories", "categories")
        _bars(summary.brands, "Top brands", "brands")


def _bars(counts: tuple[tuple[str, int], ...], title: str, key: str) -> None:
    if counts:
        st.plotly_chart(counts_figure(counts, title), key=key, config=PLAIN, alt=title)


def _findings(opened: OpenCatalog) -> None:
    findings = opened.catalog.findings
    if not findings:
        st.caption("The file had no imperfections.")
        return
    st.subheader("Findings", anchor=False)
    kinds = Counter(finding.kind for finding in findings)
    kind = st.segmented_control(
        "Kind",
        list(kinds),
        format_func=lambda k: f"{k} ({kinds[k]:,})",
        default=next(iter(kinds)),
        label_visibility="collapsed",
        required=True,
    )
    table = _findings_table([finding for finding in findings if finding.kind == kind])
    shown = table[["line", "sku", "what"]]
    st.dataframe(shown, hide_index=True, height=min(320, 40 + 36 * len(table)), alt=f"Findings: {kind}")
    download_table("Download all findings", _findings_table(findings), f"{opened.name}-findings.csv")


def _findings_table(findings: "list[Finding] | tuple[Finding, ...]") -> pd.DataFrame:
    rows = [(f.kind, f.line, f.column, ", ".join(f.skus), f.what) for f in findings]
    table = pd.DataFrame(rows, columns=["kind", "line", "column", "sku", "what"])
    return table.astype({"line": "Int64"})


def _how_built(info: CatalogInfo) -> None:
    read_as = ", ".join(f"{name} {value}" for name, value in info.options.items() if value) or "all guessed"
    facts = {
        "source": info.source,
        "built": info.built,
        "read": read_as,
        "columns": ", ".join(f"{field} = {column}" for field, column in info.mapping.items()),
        "encoder": f"{info.encoder}, {info.dim} numbers a vector, version {info.encoder_fingerprint}",
        "closeness": info.metric,
        "index": f"recall {info.recall:.2%} at a search width (ef) of {info.ef}",
        "catalog": f"version {info.artifacts['catalog'].rpartition('-')[2]}",
        "disk": f"{state.workspace().size_mb(info.name):,.1f} MB, and its share of the vectors",
    }
    with st.expander("How it was built", icon=":material/info:"):
        st.dataframe(
            pd.DataFrame(facts.items(), columns=["what", "value"]), hide_index=True, alt="How the catalog was built"
        )


def _offer_again(info: CatalogInfo) -> None:
    request = request_of(info)
    st.button(
        "Read the file again",
        icon=":material/refresh:",
        on_click=state.start_build,
        args=(request,),
        disabled=not request.path.is_file(),
        help="Updates the catalog when its file was changed; only new and changed texts are encoded.",
    )
