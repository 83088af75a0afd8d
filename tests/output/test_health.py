import numpy as np
import pandas as pd
import pytest

from prodsim.catalog import PRODUCT_FIELDS, Catalog
from prodsim.findings import Finding
from prodsim.output.health import Health, concerned, waiting

CATEGORIES = ["Kitchen > Mugs"] * 10 + ["灯具"] * 5 + ["Tiny"] * 2 + ["Fine"] * 6 + [""] * 9
FOUND = [Finding("odd", "", (f"S{i}",), 0.5) for i in (0, 1, 1, 10, 11, 15, 30)] + [
    Finding("odd", "", ("gone",)),
    Finding("variants", "", ("S0", "S2", "S3", "S4"), 0.1),
]


@pytest.fixture
def health():
    frame = pd.DataFrame({name: "" for name in PRODUCT_FIELDS}, index=range(len(CATEGORIES)))
    frame["sku"], frame["category"] = [f"S{i}" for i in range(len(CATEGORIES))], CATEGORIES
    return Health(Catalog(frame), FOUND)


def test_worst_categories_are_those_where_a_product_fares_worst_on_average(health):
    table = health.worst_categories(np.full(len(FOUND), True))

    assert table.values.tolist() == [["灯具", 5, 2, 0.2], ["Kitchen > Mugs", 10, 2, pytest.approx(0.1)]]


def test_only_the_findings_asked_about_count(health):
    which = waiting(["decided", "grouped", "changed", *["decided"] * 5, "open"])

    assert which.tolist() == [False, False, True, *[False] * 5, True]
    assert health.n_products(which) == 5
    assert health.share(which) == pytest.approx(1 - 1 / len(CATEGORIES))  # S1; variants are a hint
    assert health.worst_categories(which)["category"].tolist() == ["Kitchen > Mugs"]


def test_no_finding_no_fault(health):
    empty = Health(health.catalog, [])

    assert (empty.share(waiting([])), empty.n_products(waiting([]))) == (1.0, 0)
    assert len(empty.worst_categories(waiting([]))) == 0


def test_products_that_only_prove_a_finding_are_not_concerned():
    misfiled = Finding("misfiled", "", ("甲", "b", "c"), evidence={"neighbours": [{"sku": "b"}, "c"]})

    assert concerned(misfiled) == ["甲"]
    assert concerned(Finding("odd", "", ("b",), evidence={"neighbours": ["b"]})) == ["b"]
