"""Duplicates and variants in small shops whose right answers are known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from prodsim.catalog import Catalog
from prodsim.catalog.columns import FIELDS
from prodsim.encoders.hashing import HashingEncoder
from prodsim.graph import build_graph
from prodsim.index import ExactIndex, GroupedIndex, unique_vectors
from prodsim.lexical import LexicalIndex
from prodsim.quality import Subject, run_checks
from prodsim.quality.checks.duplicates import ThresholdExplorer, check_duplicates
from prodsim.quality.duplicates.groups import group_pairs
from prodsim.quality.duplicates.matches import judged_scores
from prodsim.quality.duplicates.pairs import Pairs, PairScorer
from prodsim.quality.duplicates.thresholds import USUAL, Thresholds
from prodsim.quality.duplicates.variants import VariantAttributes, find_colours, find_sizes
from prodsim.search import Comparer, ScoreCalibration
from prodsim.traits import TraitIndex

OTHERS = [
    "Garden hose",
    "Brass desk lamp",
    "Wool rug",
    "Bath mat",
    "Oak shelf",
    "Tin opener",
    "Bird feeder",
    "Chess set",
]


def make_subject(*products: dict[str, str]) -> Subject:
    rows = [*products, *({"title": title} for title in OTHERS)]
    frame = pd.DataFrame(rows).fillna("")
    frame["sku"] = [f"P{number}" for number in range(len(rows))]
    for name in FIELDS:
        frame[name] = frame.get(name, "")
    frame["price"] = pd.to_numeric(frame["price"], errors="coerce")
    catalog, titles = Catalog(frame), frame["title"].tolist()
    encoder = HashingEncoder()
    index = GroupedIndex(*_indexed(encoder.encode(titles)))
    comparer = Comparer(index, LexicalIndex.build(titles), TraitIndex.build(catalog), "cosine")
    return Subject(
        catalog, comparer, build_graph(index.index, 10), ScoreCalibration.measure(comparer, titles, encoder.encode)
    )


def _indexed(vectors):
    unique, group_of = unique_vectors(vectors)
    return ExactIndex(unique), group_of


def groups(subject: Subject, kind: str) -> list[set[str]]:
    return [set(finding.skus) for finding in run_checks(subject, [kind])]


def test_the_same_gtin_is_a_duplicate_whatever_the_words():
    subject = make_subject({"title": "Red kettle", "gtin": "4006381333931"}, {"title": "水壶", "gtin": "4006381333931"})

    assert groups(subject, "duplicates") == [{"P0", "P1"}]


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
    subject = make_subject({"title": one}, {"title": other})

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
    subject = make_subject({"title": one}, {"title": other, "image": "a.jpg"})

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
    (finding,) = run_checks(make_subject(*rows), ["duplicates", "variants"])

    assert finding.kind == kind
    assert set(finding.skus) == {f"P{number}" for number in range(60)}


def test_where_all_are_much_alike_the_threshold_stays_a_score():
    spread = np.linspace(0, 1, 101)

    found = Thresholds.of(spread, spread, spread, "loose")

    assert (found.value, found.origin) == (1.0, "chance")


def test_groups_do_not_chain():
    pairs = Pairs.of(np.array([0, 1, 2]), np.array([1, 2, 3]), 4)

    assert group_pairs(pairs, np.array([0.9, 0.8, 0.9])) == [[0, 1], [2, 3]]


def test_members_stay_with_their_medoid():
    pairs = Pairs.of(np.array([0, 0, 1]), np.array([1, 2, 2]), 3)

    assert group_pairs(pairs, np.array([0.9, 0.8, 0.7])) == [[0, 1, 2]]


def test_stricter_levels_ask_for_more_and_a_person_may_choose():
    scores = np.linspace(0, 1, 101)

    found = Thresholds.of(scores, np.zeros(10), scores, "usual")
    asked = Thresholds.of(scores, np.zeros(10), scores, "usual", asked=0.52)

    assert found.of_level["strict"] > found.value > found.of_level["loose"]
    assert (asked.value, asked.origin, asked.of_level) == (0.52, "asked", found.of_level)


def moved_shop() -> Subject:
    return make_subject(
        {"title": "Nordvik rain jacket Fjord, red, M"},
        {"title": "Rain jacket Nordvik Fjord (red, M)"},
        {"title": "暖禾居 听雨保温杯 红色 350ml"},
        {"title": "暖禾居 听雨保温杯 大口防漏 红色 350毫升"},
        {"title": "Kaffa espresso beans Roma 250 g"},
        {"title": "Kaffa espresso beans Roma 1 kg"},
    )


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.6, 0.7, 0.8, 1.0])
def test_a_move_tells_exactly_what_the_check_would_find(threshold):
    subject = moved_shop()

    told = ThresholdExplorer.of(subject).groups(threshold)
    found = check_duplicates(replace(subject, threshold=threshold))

    skus = subject.catalog.products["sku"]
    assert {skus.iloc[[*one.rows]].agg(",".join) for one in told.duplicates} == {
        ",".join(one.skus) for one in found if one.kind == "duplicates"
    }
    assert len(told.variants) == sum(one.kind == "variants" for one in found)


def test_a_higher_threshold_finds_less_and_one_out_of_reach_is_refused():
    movable = ThresholdExplorer.of(moved_shop())

    counts = [movable.groups(threshold).repeated for threshold in (0.3, 0.6, 1.0)]

    assert counts[0] == 2
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] < counts[0]
    with pytest.raises(ValueError, match="from 0.2.* on, got 0.01"):
        movable.groups(0.01)
    with pytest.raises(ValueError, match="within 0 and 1, got 1.5"):
        replace(moved_shop(), threshold=1.5)


def test_judgements_are_heard_only_where_the_score_decides():
    subject = make_subject({"title": "Mug red"}, {"title": "Mug 蓝色"}, {"title": "Mug blue"}, {"title": "Big mug"})
    judged = (("P1", "P0", False), ("P2", "P0", False), ("P3", "P0", True), ("gone", "P0", True))
    subject = replace(subject, judged=judged)

    telling, best = VariantAttributes.of(subject), np.zeros(len(subject.catalog), np.float32)

    assert [same for _, same in judged_scores(subject, best, telling, PairScorer.of(subject))] == [True]


def test_judged_pairs_move_the_threshold():
    judged = [(0.6, False)] * 10 + [(0.66, True)] * 10

    assert Thresholds.of(np.zeros(5), np.zeros(5), np.zeros(5), "usual", judged).value > USUAL + 0.1


def test_colours_and_sizes_are_read_in_both_languages():
    assert find_colours("Mug, navy/grey") == {"navy", "grey"}
    assert find_colours("保温杯 红色") == {"red"}
    assert find_colours("口红 不易掉色 补水显色 好气色") == set()
    assert find_sizes("Men's Jacket, XL") == {"XL"}
    assert find_sizes("跑鞋 42码") == {"42"}


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
    found = check_duplicates(make_subject(*({"title": title} for title in titles)))

    assert {one.kind for one in found} <= {"variants"}  # or nothing


@pytest.mark.parametrize(
    "titles",
    [
        ("Aurelia brass lamp", "Aurelia brass lamp tall", "Aurelia tall floor lamp", "Tall floor lamp Nordvik"),
        ("听雨黄铜台灯", "听雨黄铜台灯高款卧室", "听雨黄铜台灯高款卧室暖光", "高款卧室暖光落地灯"),
    ],
)
def test_every_member_is_close_to_the_medoid_and_the_smallest_score_is_told(titles):
    subject = replace(make_subject(*({"title": title} for title in titles)), threshold=0.4)
    movable = ThresholdExplorer.of(subject)
    matches = movable.candidates.at(0.4)
    same = {*zip(matches.pairs.a[matches.is_same].tolist(), matches.pairs.b[matches.is_same].tolist(), strict=True)}

    (group,) = (one for one in movable.groups(0.4).duplicates if len(one.rows) > 2)
    assert (set(group.rows), group.medoid) == ({0, 1, 2}, 1)
    assert (0, 2) not in same  # they are together only because both are close to the medoid
    for one in movable.groups(0.4).duplicates:
        others = [row for row in one.rows if row != one.medoid]
        assert {(min(one.medoid, row), max(one.medoid, row)) for row in others} <= same
    for finding in check_duplicates(subject):
        assert finding.evidence["smallest_score"] <= min(finding.evidence["scores"].values())
