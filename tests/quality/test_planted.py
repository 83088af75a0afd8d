"""The faults planted into the sample catalogs, by the names of the truth files."""

import json
from dataclasses import replace

import pytest

from prodsim.look import find_same_pictures
from prodsim.progress import SILENT
from prodsim.quality.checks.outliers import check_outliers
from prodsim.quality.checks.registry import CHECKS, run_checks
from prodsim.quality.picture_colours import find_colour_conflicts
from sample_data.faults import whole_picture
from tests.quality.conftest import SAMPLES

KINDS = {
    "repeated sku": "repeated sku",
    "price 100 times too high": "price",
    "price zero": "price",
    "unreadable price": "unreadable price",
    "missing brand": "missing field",
    "empty title": "empty title",
    "empty description": "missing field",
    "wrong check digit": "invalid gtin",
    "placeholder title": "placeholder",
    "markup in description": "markup removed",
}
"""Planted fault to the kind of finding that tells it; mojibake has two, because reading repairs most of it."""
OTHERS = [
    check for check in CHECKS if check.name in ("odd", "texts", "fields", "brands", "pictures", "assortment", "reading")
]


@pytest.fixture(scope="module", params=["outdoor", "beauty_zh"])
def case(request, samples):
    truth = json.loads((SAMPLES / f"{request.param}_truth.json").read_text(encoding="utf-8"))
    planted = {name: {case["skus"][-1] for case in cases} for name, cases in truth.items() if "skus" in cases[0]}
    return run_checks(samples[request.param], checks=OTHERS), planted


def planted_rows(name, samples, fault):
    """The rows with a planted fault."""
    truth = json.loads((SAMPLES / f"{name}_truth.json").read_text(encoding="utf-8"))
    return {samples[name].catalog.row_of[case["skus"][0]] for case in truth[fault]}


def found(findings, kind):
    return {finding.skus[0] for finding in findings if finding.kind == kind and finding.skus}


@pytest.mark.parametrize("fault", KINDS)
def test_every_planted_fault_is_found(case, fault):
    findings, planted = case

    assert planted[fault] - found(findings, KINDS[fault]) == set()


@pytest.mark.parametrize("kind", ["odd", "price", "placeholder", "mojibake", "invalid gtin"])
def test_nothing_else_is_found(case, kind):
    findings, planted = case
    faulty = set().union(*(skus for fault, skus in planted.items() if fault in {*KINDS, "mojibake", "odd product"}))

    assert found(findings, kind) - faulty == set()


@pytest.mark.parametrize("name", ["outdoor", "beauty_zh"])
def test_odd_products_are_the_surest_of_their_kind_but_two(name, samples):
    """Counted words tell less than a model's vectors, so the level is loose."""
    truth = json.loads((SAMPLES / f"{name}_truth.json").read_text(encoding="utf-8"))

    findings = check_outliers(replace(samples[name], level="loose"), SILENT)

    assert {case["skus"][0] for case in truth["odd product"]} <= {finding.skus[0] for finding in findings[:5]}


def test_misread_text_is_found_repaired_or_not(case):
    findings, planted = case

    assert found(findings, "mojibake") | found(findings, "mojibake repaired") == planted["mojibake"]


def test_the_surest_come_first_and_are_true(case):
    findings, planted = case
    anything = set().union(*planted.values())
    told = [finding for finding in findings if finding.skus][:50]

    assert [f.score for f in findings] == sorted((f.score for f in findings), reverse=True)
    assert sum(not anything & set(finding.skus) for finding in told) <= len(told) / 11


@pytest.mark.parametrize("name", ["outdoor", "beauty_zh"])
def test_pictures_of_another_colour_are_found_and_no_others(name, samples, sample_looks):
    conflicts = find_colour_conflicts(samples[name].catalog, sample_looks[name])

    assert {conflict.row for conflict in conflicts} == planted_rows(name, samples, "picture of another colour")


@pytest.mark.parametrize("name", ["outdoor", "beauty_zh"])
def test_a_part_of_a_picture_is_known_to_be_that_picture(name, samples, sample_looks):
    same, mains = find_same_pictures(sample_looks[name]), sample_looks[name].mains.tolist()
    images = samples[name].catalog.products["image"].tolist()

    for row in planted_rows(name, samples, "part of another picture"):
        whole = images.index(whole_picture(images[row]))
        assert same.get(mains[row], mains[row]) == same.get(mains[whole], mains[whole])
