"""What a catalog holds: filled fields, prices, categories, findings, how well it is read."""

from collections import Counter

import pandas as pd
import streamlit as st

from pages.shared import state
from prodsim.catalog import FIELDS
from prodsim.charts import counts_figure, spread_figure
from prodsim.similarity import UNREADABLE
from prodsim.workspace import OpenCatalog


def show_catalog(opened: OpenCatalog) -> None:
    """The whole tab."""
    info, products = opened.info, opened.catalog.products
    with st.grid(4, gap="small"):
        st.metric("Products", f"{info.products:,}", border=True)
        st.metric(
            "Distinct texts", f"{info.vectors:,}", border=True, help="Products with the same text share one vector."
        )
        st.metric(
            "Recall of the index",
            f"{info.recall:.1%}",
            border=True,
            help="Share of an exact search's ten best that the index returns, measured on a sample. Higher is better.",
        )
        st.metric(
            "Findings",
            f"{len(opened.catalog.findings):,}",
            border=True,
            help="Imperfections of the file; each with the rule that was applied.",
        )
    _warn_of_reading(opened)
    left, right = st.columns(2)
    with left:
        filled = [(f, int((products[f].notna() & (products[f].astype(str) != "")).sum())) for f in FIELDS]
        st.plotly_chart(
            counts_figure([f for f in filled if f[1]], "Products with each field"),
            key="filled",
            config={"displayModeBar": False},
            alt="Filled fields",
        )
    with right:
        top = products["category"].str.split(" > ").str[0].value_counts().head(10)
        counts = [(str(name), int(count)) for name, count in top.items() if name]
        if counts:
            st.plotly_chart(
                counts_figure(counts, "Top categories"),
                key="categories",
                config={"displayModeBar": False},
                alt="Categories",
            )
        if products["price"].notna().sum() > 1:
            st.plotly_chart(
                spread_figure(products["price"], "Prices"), key="spread", config={"displayModeBar": False}, alt="Prices"
            )
    _findings(opened)
    with st.expander("How it was built", icon=":material/info:"):
        facts = {
            "source": info.source,
            "built": info.built,
            "encoder": f"{info.encoder} ({info.dim} numbers, {info.encoder_fingerprint})",
            "closeness": info.metric,
            "search width (ef)": str(info.ef),
            "columns": ", ".join(f"{field} = {column}" for field, column in info.mapping.items()),
            "disk": f"{state.workspace().size_mb(info.name):,.1f} MB",
        }
        st.dataframe(
            pd.DataFrame(facts.items(), columns=["what", "value"]), hide_index=True, alt="How the catalog was built"
        )
    _offer_delete(opened.name)


def _warn_of_reading(opened: OpenCatalog) -> None:
    info = opened.info
    if info.n_truncated:
        st.caption(f"{info.n_truncated:,} texts are longer than the encoder reads; “meaning” ignores their end.")
    if info.unknown_share > 0.03:
        weight = "counts little" if info.unknown_share > UNREADABLE else "counts fully"
        st.warning(
            f"{info.encoder} does not know {info.unknown_share:.0%} of the characters, so “meaning” {weight} here. "
            "Build the catalog again with the encoder lsa, or with a multilingual model by name.",
            icon=":material/translate:",
        )


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
    )
    chosen = [finding for finding in findings if finding.kind == kind]
    table = pd.DataFrame([(f.line, ", ".join(f.skus), f.what) for f in chosen], columns=["line", "sku", "what"])
    st.dataframe(table, hide_index=True, height=min(320, 40 + 36 * len(table)), alt=f"Findings: {kind}")
    everything = pd.DataFrame(
        [(f.kind, f.line, f.column, ", ".join(f.skus), f.what) for f in findings],
        columns=["kind", "line", "column", "sku", "what"],
    )
    st.download_button(
        "Download all findings",
        lambda: everything.to_csv(index=False).encode("utf-8-sig"),
        f"{opened.name}-findings.csv",
        on_click="ignore",
    )


def _offer_delete(name: str) -> None:
    with st.popover("Delete this catalog", icon=":material/delete:"):
        st.text(f"{name} is removed from this machine. Its file and the shared vectors stay.")
        st.button("Delete", type="primary", on_click=state.workspace().remove, args=(name,))
