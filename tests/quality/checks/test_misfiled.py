"""Products in a category that is not theirs."""

import json

import numpy as np
import pandas as pd
import pytest

from prodsim.errors import Cancelled
from prodsim.progress import SILENT, Silent
from prodsim.quality.categories.filing import judge_filing
from prodsim.quality.checks.misfiled import check_misfiled, is_misfiled
from tests.quality.conftest import SAMPLES

KINDS = {
    "Shoes > Running": "road running shoe",
    "Shoes > Trail": "trail grip shoe",
    "Kitchen > Mugs": "ceramic coffee mug",
    "厨房 > 杯子": "陶瓷马克杯",
}


def shop(moved: dict[int, str]) -> pd.DataFrame:
    """Twelve products of each kind in turn, some of them in another category."""
    kinds = [kind for kind in KINDS for _ in range(12)]
    titles = [f"{KINDS[kind]} {'abcdefghijkl'[i % 12] * 3}" for i, kind in enumerate(kinds)]
    return pd.DataFrame({"title": titles, "category": [moved.get(i, kind) for i, kind in enumerate(kinds)]})


def test_a_moved_product_is_found_and_its_own_category_proposed(make_subject):
    (mug, cup) = check_misfiled(make_subject(shop({30: "Shoes > Running", 40: "Shoes > Trail"})), SILENT)

    assert {mug.skus[0], cup.skus[0]} == {"P30", "P40"}
    by_sku = {finding.skus[0]: finding for finding in (mug, cup)}
    assert by_sku["P30"].evidence["proposed"] == "Kitchen > Mugs"
    assert by_sku["P40"].evidence["proposed"] == "厨房 > 杯子"
    assert {near["category"] for near in by_sku["P40"].evidence["neighbours"]} == {"厨房 > 杯子"}
    assert by_sku["P40"].skus[1:] == tuple(near["sku"] for near in by_sku["P40"].evidence["neighbours"])


def test_another_department_is_severer_than_a_sister_category(make_subject):
    found = check_misfiled(make_subject(shop({0: "Shoes > Trail", 30: "Shoes > Trail"})), SILENT)

    severity = {finding.skus[0]: finding.severity for finding in found}
    assert severity["P0"] < severity["P30"] == 1.0


def test_categories_that_are_confused_all_the_time_are_not_told(make_subject):
    products = shop({})
    products["category"] = np.where(np.arange(48) < 24, np.resize(["Sale", "New"], 48), products["category"])

    assert list(check_misfiled(make_subject(products), SILENT)) == []


@pytest.mark.parametrize("title", ["test product", "测试商品"])
def test_a_placeholder_tells_no_category(make_subject, title):
    products = shop({30: "Shoes > Running"})
    products.loc[[0, *range(36, 42)], "title"] = title

    subject = make_subject(products)

    assert is_misfiled(judge_filing(subject), "usual")[0]
    assert [finding.skus[0] for finding in check_misfiled(subject, SILENT)] == ["P30"]


@pytest.mark.parametrize("name", ["outdoor", "beauty_zh"])
def test_every_planted_one_is_found_before_anything_else(samples, name):
    truth = json.loads((SAMPLES / f"{name}_truth.json").read_text(encoding="utf-8"))
    planted = {case["skus"][0]: case["was"] for case in truth["misfiled"]}

    found = {finding.skus[0]: finding.evidence["proposed"] for finding in check_misfiled(samples[name], SILENT)}

    assert [sku for sku in list(found)[: len(planted)] if sku not in planted] == []
    assert planted.items() <= found.items()
    assert len(found) <= len(planted) + 1


def test_progress_counts_every_product_and_can_stop(make_subject):
    class Counted(Silent):
        n = 0

        def advance(self, n: int = 1) -> None:
            self.n += n

    class Stopped(Silent):
        def check(self) -> None:
            raise Cancelled

    subject, counted = make_subject(shop({})), Counted()
    check_misfiled(subject, counted)
    assert counted.n == 48
    with pytest.raises(Cancelled):
        check_misfiled(subject, Stopped())
