"""How a catalog stands follows from its open findings alone."""

import numpy as np
import pandas as pd

from prodsim.catalog import Catalog, summarise
from prodsim.findings import Finding
from prodsim.output.health import Health, waiting
from prodsim.output.standing import Standing, missing_values
from prodsim.records import CheckSummary


def catalog_of(n):
    products = pd.DataFrame({"sku": [f"P{number}" for number in range(n)], "title": "Mug", "category": "Mugs"})
    products["price"] = [np.nan, *range(1, n)]
    for field in ("description", "brand", "image", "url", "gtin", "mpn", "availability", "group_id", "currency"):
        products[field] = ["", *["x"] * (n - 1)]
    return Catalog(products)


def test_what_is_worth_most_comes_first_and_decided_findings_and_hints_do_not_count():
    findings = (
        Finding("duplicates", "", ("P0", "P1"), severity=0.8),
        Finding("odd", "", ("P2",), severity=0.9),
        Finding("odd", "", ("P3",), severity=0.9),
        Finding("assortment", "", ("P4",), severity=0.1),
        Finding("misfiled", "", ("P5",), severity=1.0),
    )
    which = waiting(("open", "open", "open", "open", "decided"))
    before = CheckSummary("a", "usual", 20, {}, "2026-05-01", 10)
    unknown, now = CheckSummary("b", "usual", 20, {}, "2026-05-08"), CheckSummary("c", "usual", 10, {}, "2026-05-09", 9)

    standing = Standing.of(Health(catalog_of(10), findings), which, (before, unknown, now))

    assert [(one.kind, one.n_products) for one in standing.opportunities] == [("odd", 2), ("duplicates", 2)]
    assert standing.opportunities[0].example is findings[1]
    assert (standing.n_faulty, standing.share, standing.n_open) == (4, 0.6, 4)
    assert [(point.when[:10], point.share) for point in standing.trend] == [("2026-05-01", 0.5), ("2026-05-09", 0.6)]


def test_of_missing_values_the_most_come_first_and_full_fields_are_left_out():
    catalog = catalog_of(3)
    catalog.products["brand"] = ""
    catalog.products["gtin"] = "x"

    lacking = missing_values(summarise(catalog), 3)
    assert lacking[0] == ("brand", 3)
    assert dict(lacking) == {"brand": 3, "image": 1, "price": 1, "description": 1}
