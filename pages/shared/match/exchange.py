"""Take matches and gaps along as tables and as a page."""

import streamlit as st

from pages.shared import texts as shared
from pages.shared.download import XLSX, Download, draw_downloads
from pages.shared.match import texts
from pages.shared.match.compared import MatchView
from prodsim.output.export import products_table, to_csv, to_page, to_xlsx
from prodsim.output.matches import describe_matches, describe_prices


def offer_exports(view: MatchView, threshold: float) -> None:
    """Draw buttons for the matches and for what only one catalog has; each file is made when it is pressed."""
    a, b, matching = view.a, view.b, view.matching
    name, table = texts.MATCHES_FILE(a=a.name, b=b.name), view.table
    with st.popover(shared.EXPORT(), icon=":material/download:"):
        st.caption(texts.MATCHES_HELP())
        matches = [
            Download(texts.MATCHES_CSV(), lambda: to_csv(table), f"{name}.csv", "text/csv"),
            Download(texts.MATCHES_XLSX(), lambda: to_xlsx(table), f"{name}.xlsx", XLSX),
            Download(texts.MATCHES_HTML(), lambda: _page(view, threshold), f"{name}.html", "text/html"),
        ]
        draw_downloads("matches", matches)
        st.caption(texts.GAPS_HELP())
        sides = ((a, matching.only_a), (b, matching.only_b))
        gaps = [
            Download(
                texts.GAPS_CSV(catalog=opened.name),
                lambda opened=opened, rows=rows: to_csv(products_table(opened.catalog, rows)),  # type: ignore[misc]
                f"{texts.GAPS_FILE(catalog=opened.name)}.csv",
                "text/csv",
            )
            for opened, rows in sides
        ]
        draw_downloads("gaps", gaps)


def _page(view: MatchView, threshold: float) -> bytes:
    a, b = view.a.name, view.b.name
    index = view.prices.index(view.matching.sure(threshold))
    lines = describe_matches(view.matching, threshold, a, b)
    summary = " · ".join([*lines, describe_prices(index, view.prices.n_other_currency, a)])
    return to_page(view.table, texts.MATCHES_FILE(a=a, b=b), summary)
