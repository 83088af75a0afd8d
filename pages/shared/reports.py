"""The report of a catalog's quality, to take away as a page or as slides."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from pages.shared import texts
from pages.shared.checks import CheckResults, ReviewItem
from pages.shared.download import Download, draw_downloads
from prodsim.output.report import Reported
from prodsim.output.reports import REPORTS
from prodsim.records import Records
from prodsim.workspace import OpenCatalog

MIMES = {
    ".pdf": "application/pdf",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".html": "text/html",
}


def offer_reports(opened: OpenCatalog, records: Records, results: CheckResults, items: Sequence[ReviewItem]) -> None:
    """Draw a button for each form of the report, which is made when it is pressed."""
    st.caption(texts.REPORT_HELP())
    name = texts.REPORT_FILE(catalog=opened.name)
    make = partial(make_report, opened, records, results, items)
    draw_downloads(
        "report",
        [
            Download(texts.REPORTS[suffix](), partial(make, suffix), f"{name}{suffix}", MIMES[suffix])
            for suffix in MIMES
        ],
    )


def make_report(
    opened: OpenCatalog, records: Records, results: CheckResults, items: Sequence[ReviewItem], suffix: str
) -> bytes:
    """Return the report as a file that ends so."""
    report, states = results.report, [item.state for item in items]
    return REPORTS[suffix](Reported.of(opened, report, report.findings, states, records))
