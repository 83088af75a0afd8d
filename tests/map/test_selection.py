import numpy as np

from prodsim.map.selection import (
    distinctive_words,
    most_central,
    rows_in_box,
    rows_in_polygon,
    rows_in_selection,
    spread_sample,
)
from prodsim.text import words

GRID = np.array([[x, y] for y in range(5) for x in range(5)], np.float32)  # row = 5 * y + x


def test_a_concave_lasso_leaves_out_its_notch():
    xs, ys = [-0.5, 4.5, 4.5, 2.0, -0.5], [-0.5, -0.5, 4.5, 0.5, 4.5]  # the notch comes down to (2, 0.5)

    inside = rows_in_polygon(GRID, xs, ys)

    assert {0, 2, 4, 5, 9} <= set(inside.tolist())
    assert not {7, 12, 17, 22} & set(inside.tolist())


def test_two_corners_hold_nothing():
    assert rows_in_polygon(GRID, [0, 4], [0, 4]).tolist() == []


def test_a_box_holds_its_edges_whichever_corner_came_first():
    assert rows_in_box(GRID, [1, 0], [1, 0]).tolist() == [0, 1, 5, 6]


def test_several_shapes_join_and_count_a_product_once():
    shapes = {"box": [{"x": [0, 1], "y": [0, 0]}], "lasso": [{"x": [0.5, 2.5, 2.5, 0.5], "y": [-1, -1, 0.5, 0.5]}]}

    assert rows_in_selection(GRID, {**shapes, "points": []}).tolist() == [0, 1, 2]


def test_a_clicked_point_is_its_row_and_a_foreign_one_is_nothing():
    assert rows_in_selection(GRID, {"points": [{"customdata": 7}]}).tolist() == [7]
    assert rows_in_selection(GRID, {"points": [{"customdata": [8]}, {"customdata": 99}, {}]}).tolist() == [8]
    assert rows_in_selection(GRID, {}).tolist() == []


def test_a_sample_keeps_shares_and_loses_no_group():
    groups = np.repeat([0, 1, 2], [900, 99, 1])

    rows = spread_sample(groups, 100)

    assert len(rows) <= 100
    assert np.bincount(groups[rows]).tolist()[2] == 1
    assert 85 <= np.bincount(groups[rows]).tolist()[0] <= 93


def test_words_tell_a_selection_apart_in_english_and_chinese():
    titles = [f"Rain jacket {n} red" for n in "abcd"] + [f"Coffee mug {n} red" for n in "abcd"]
    chinese = ["保湿面霜 温和", "保湿面霜 清爽", "陶瓷杯子 温和", "陶瓷杯子 清爽"]

    assert set(distinctive_words(titles, np.arange(4)).lower().replace(",", "").split()) == {"rain", "jacket"}
    assert {"保湿", "面霜"} <= set(words(distinctive_words(chinese, np.arange(2))))
    assert distinctive_words(titles, np.arange(8)) == ""


def test_the_most_central_come_first():
    vectors = np.array([[0, 1], [1, 0], [0.8, 0.6], [0.96, 0.28]], np.float32)

    assert most_central(vectors, 2).tolist() == [2, 3]
