"""Duplicates and variants in small shops whose right answers are known."""

from dataclasses import replace

import pytest

from prodsim.quality import Subject, run_checks
from prodsim.quality.checks.duplicates import check_duplicates
from prodsim.quality.duplicates.explorer import ThresholdExplorer
from tests.quality.duplicates.conftest import shop_of


def groups(subject: Subject, kind: str) -> list[set[str]]:
    return [set(finding.skus) for finding in run_checks(subject, [kind])]


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("4006381333931", "4006381333931", True), ("036000291452", "0036000291452", True), ("0306406152", "9780306406157", True), ("4006381333931", "04006381333931", True),
        ("0000000000000", "0000000000000", False), ("Does not apply", "Does not apply", False), ("8,71E+12", "8,71E+12", False),
        ("4006381333932", "4006381333932", False),
    ],
)  # fmt: skip
def test_only_valid_gtins_make_two_products_one_in_whatever_form(first, second, is_same):
    subject = shop_of({"title": "Red kettle", "gtin": first}, {"title": "水壶", "gtin": second})

    assert groups(subject, "duplicates") == ([{"P0", "P1"}] if is_same else [])


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        ("Nordvik rain jacket Fjord, red", "Nordvik rain jacket Fjord, blue", "colour"),
        ("Nordvik rain jacket Fjord, M", "Nordvik rain jacket Fjord, XL", "size"),
        ("Kaffa espresso beans Roma 250 g", "Kaffa espresso beans Roma 1 kg", "mass"),
        ("暖禾居 听雨保温杯 红色", "暖禾居 听雨保温杯 蓝色", "colour"),
        ("暖禾居 听雨保温杯 大口防漏 350ml", "暖禾居 听雨保温杯 大口防漏 500毫升", "volume"),
        ("云步 听雨跑鞋 42码", "云步 听雨跑鞋 43码", "size"),
        ("Nordvik trail runners Fjord for men", "Nordvik trail runners Fjord for women", "kind"),
        ("云步 听雨修护面霜 日间滋润", "云步 听雨修护面霜 夜间滋润", "kind"),
    ],
)
def test_what_differs_makes_a_variant_and_is_named(one, other, name):
    subject = shop_of({"title": one}, {"title": other})

    (finding,) = run_checks(subject, ["variants"])

    assert set(finding.skus) == {"P0", "P1"}
    assert list(finding.evidence["differing"]) == [name]
    assert groups(subject, "duplicates") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nordvik rain jacket Fjord, red, M", "Rain jacket Nordvik Fjord (red, M)"),
        ("暖禾居 听雨保温杯 红色 350ml", "【送老师】暖禾居 听雨保温杯 350毫升 红色"),
    ],
)
def test_the_same_product_in_other_words_is_a_duplicate(one, other):
    subject = shop_of({"title": one}, {"title": other, "image": "a.jpg"})

    (finding,) = run_checks(subject, ["duplicates"])

    assert finding.skus == ("P1", "P0")
    assert "has a picture" in finding.proposal
    assert finding.evidence["smallest_score"] >= finding.evidence["threshold"]


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([{"title": "雨衣"}] * 60, "duplicates"),
        ([{"title": "Red mug", "price": str(number)} for number in range(60)], "duplicates"),
        ([{"title": "Nordvik rain jacket", "colour": f"no. {number}"} for number in range(60)], "variants"),
    ],
)
def test_however_many_have_one_title_they_are_one_group(rows, kind):
    (finding,) = run_checks(shop_of(*rows), ["duplicates", "variants"])

    assert finding.kind == kind
    assert set(finding.skus) == {f"P{number}" for number in range(60)}


@pytest.mark.parametrize(
    "titles",
    [
        ("Kaffa espresso beans Roma 250 g", "Kaffa espresso beans Roma 500 g", "Kaffa espresso beans Roma 1 kg"),
        ("Nordvik drill NX-100", "Nordvik drill NX-200", "Nordvik drill NX-300"),
        ("暖禾居 听雨保温杯 350ml", "暖禾居 听雨保温杯 500毫升", "暖禾居 听雨保温杯 750ml"),
        ("暖禾居 电钻 型号WM-3470", "暖禾居 电钻 型号WM-3480", "暖禾居 电钻 型号WM-3490"),
    ],
)
def test_amounts_and_model_numbers_never_make_duplicates(titles):
    found = check_duplicates(shop_of(*({"title": title} for title in titles)))

    assert {one.kind for one in found} <= {"variants"}  # or nothing


@pytest.mark.parametrize(
    "titles",
    [
        ("Aurelia brass lamp", "Aurelia brass lamp tall", "Aurelia tall floor lamp", "Tall floor lamp Nordvik"),
        ("听雨黄铜台灯", "听雨黄铜台灯高款卧室暖光", "高款卧室暖光台灯", "高款卧室暖光落地灯"),
    ],
)
def test_every_member_is_close_to_the_medoid_and_the_smallest_score_is_told(titles):
    subject = replace(shop_of(*({"title": title} for title in titles)), threshold=0.4)
    movable = ThresholdExplorer.of(subject)
    matches = movable.candidates.at(0.4)
    same = {
        *zip(
            matches.pairs.a[matches.is_duplicate].tolist(), matches.pairs.b[matches.is_duplicate].tolist(), strict=True
        )
    }

    (group,) = (one for one in movable.groups(0.4).duplicates if len(one.rows) > 2)
    assert (set(group.rows), group.medoid) == ({0, 1, 2}, 1)
    assert (0, 2) not in same  # they are together only because both are close to the medoid
    for one in movable.groups(0.4).duplicates:
        others = [row for row in one.rows if row != one.medoid]
        assert {(min(one.medoid, row), max(one.medoid, row)) for row in others} <= same
    for finding in check_duplicates(subject):
        assert finding.evidence["smallest_score"] <= min(finding.evidence["scores"].values())
