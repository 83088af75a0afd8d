"""Groups at any threshold, as the check would find them."""

from dataclasses import replace

import pytest

from prodsim.quality import Subject
from prodsim.quality.checks.duplicates import check_duplicates
from prodsim.quality.duplicates.explorer import ThresholdExplorer
from tests.quality.duplicates.conftest import shop_of


def moved_shop() -> Subject:
    return shop_of(
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
