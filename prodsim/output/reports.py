"""The report as a file: a page to read in a browser, or slides to show."""

from collections.abc import Callable, Mapping

from prodsim.extras import require
from prodsim.output.report import Reported, report_page
from prodsim.output.slides import footer, make_slides


def _page(about: Reported) -> bytes:
    return report_page(about).encode()


def _pdf(about: Reported) -> bytes:
    from prodsim.output.pdf_slides import slides_as_pdf  # needs packages of the extra "report"

    return slides_as_pdf(make_slides(about), footer(about))


def _pptx(about: Reported) -> bytes:
    from prodsim.output.pptx_slides import slides_as_pptx  # needs packages of the extra "report"

    return slides_as_pptx(make_slides(about), footer(about))


REPORTS: Mapping[str, Callable[[Reported], bytes]] = {".html": _page, ".pdf": _pdf, ".pptx": _pptx}
"""Makes the file that ends so; raises ``MissingPackage`` where what writes slides is not installed."""


def check_report(suffix: str) -> None:
    """Raise ``MissingPackage`` where a report of that ending cannot be made; for before the work starts."""
    if suffix in (".pdf", ".pptx"):
        require("report")
