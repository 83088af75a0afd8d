"""What reading found, as a check reports it."""

from dataclasses import replace

import pandas as pd
import pytest

from prodsim.catalog import Catalog
from prodsim.findings import Finding
from prodsim.progress import SILENT
from prodsim.quality.checks.reading import IMPORT_PROBLEMS, check_reading


@pytest.mark.parametrize("title", ["Rain jacket", "保湿面霜"])
def test_each_finding_says_what_to_do_at_the_source(make_subject, title):
    subject = make_subject(pd.DataFrame({"title": [title] * 3}))
    found = (Finding("invalid gtin", f"The GTIN of {title} is not valid.", ("P0",)), Finding("reading", "A note."))
    catalog = Catalog(subject.catalog.products, found)

    gtin, note = check_reading(replace(subject, catalog=catalog), SILENT)

    assert gtin.proposal == "Correct the GTIN, or leave it empty."
    assert (note.what, note.proposal) == ("A note.", "")
    assert {"invalid gtin", "reading"} <= {*IMPORT_PROBLEMS}
