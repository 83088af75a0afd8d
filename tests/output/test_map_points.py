"""The map in numbers: places, colours, names."""

import numpy as np
import pandas as pd
import pytest

from prodsim.output.charts import GREY, PALETTE
from prodsim.output.map_points import (
    amount_colours,
    as_places,
    as_positions,
    cluster_colours,
    first_frame,
    kind_colours,
    names_of_clusters,
)

XY = np.array([[0, 10], [5, 20], [10, 30]], np.float32)


def test_places_are_shares_of_each_axis_and_shapes_come_back():
    assert as_places(XY).tolist() == [[0, 0], [32768, 32768], [65535, 65535]]
    assert as_positions(XY, [[0.5, 0.5], [1, 0]]) == ([5, 10], [20, 10])
    assert as_places(XY[:0]).shape == (0, 2)


def test_a_far_point_does_not_leave_the_map_empty():
    xy = np.concatenate([np.random.default_rng(0).random((1_000, 2)), [[100, 100]]]).astype(np.float32)

    assert first_frame(xy)[2] < 0.011


def test_every_cluster_is_coloured_and_near_ones_differ():
    middles = np.stack(np.meshgrid(np.arange(8), np.arange(8)), axis=-1).reshape(-1, 2).astype(np.float32)
    cluster = np.array([*range(64), -1], np.int32)
    colours = cluster_colours(np.concatenate([middles, [[9, 9]]]).astype(np.float32), cluster)

    assert colours.palette[colours.codes[-1]] == GREY
    assert set(colours.codes[:-1].tolist()) == set(range(len(PALETTE)))
    grid = colours.codes[:-1].reshape(8, 8)
    assert (grid[1:] != grid[:-1]).all()
    assert (grid[:, 1:] != grid[:, :-1]).all()


def test_kinds_have_a_legend_and_amounts_a_scale():
    kinds = kind_colours(pd.Series(["mug", "mug", "", "lamp"]))
    assert dict(kinds.legend)["mug"] == kinds.palette[kinds.codes[0]]
    assert kinds.palette[kinds.codes[2]] == GREY

    prices = amount_colours(pd.Series([1.0, 10.0, 100.0, np.nan, 0.0]))
    assert np.diff(prices.codes[:3].astype(int)).tolist() == pytest.approx([11.5, 11.5], abs=1)
    assert {prices.palette[code] for code in prices.codes[3:]} == {GREY}


def test_names_stand_at_the_middle_and_the_largest_cluster_has_the_largest():
    names = names_of_clusters(XY, np.array([0, 0, 1], np.int32), ["Rain, Jacket", "Mug"])

    assert names[0][:3] == ("Rain", 0.25, 0.25)
    assert names[0][3] > names[1][3]
