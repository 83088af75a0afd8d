import numpy as np
import pandas as pd

from prodsim.output.chart_labels import label_places, narrow_path
from prodsim.output.charts import (
    Colouring,
    colour_by_kind,
    counts_figure,
    map_figure,
    spread_figure,
)

XY = np.array([[0, 0], [1, 0], [0, 1], [5, 5]], np.float32)
KINDS = Colouring(np.array([0, 0, 1, 2]), ("jackets", "mugs", "other"))


def test_each_point_carries_its_row_and_no_text():
    figure = map_figure(XY, KINDS)

    assert {t.name: t.customdata.tolist() for t in figure.data} == {"jackets": [0, 1], "mugs": [2], "other": [3]}
    assert all(t.text is None and t.x.dtype == np.float32 and t.type == "scattergl" for t in figure.data)


def test_frequent_values_have_a_colour_and_empty_ones_are_other():
    colouring = colour_by_kind(pd.Series(["mug", "mug", "", "lamp"]))

    assert [colouring.names[code] for code in colouring.codes] == ["mug", "mug", "other", "lamp"]


def test_a_cluster_is_named_at_its_middle_by_its_first_word():
    places = label_places(XY, np.array([0, 0, 0, -1], np.int32), ["Rain, Jacket, Shell"])

    assert places == [("Rain", 0.0, 0.0)]


def test_a_name_that_would_cover_a_larger_clusters_name_is_left_out():
    xy = np.array([[0, 0], [0, 0], [0.1, 0], [10, 10]], np.float32)

    places = label_places(xy, np.array([0, 0, 1, 2], np.int32), ["Jacket", "Coat", "Mug"])

    assert [name for name, _, _ in places] == ["Jacket", "Mug"]


def test_a_long_path_keeps_the_levels_nearest_to_its_products():
    assert narrow_path("Garden > Hand tools") == "Garden > Hand tools"
    assert narrow_path("Footwear > Shoes > Trail running shoes") == "… > Trail running shoes"
    assert narrow_path("家居 > 厨房用品 > 不粘锅与煎锅 > 麦饭石") == "… > 不粘锅与煎锅 > 麦饭石"
    assert narrow_path("Everything for the house and the garden") == "Everything for the house and…"


def test_names_are_shown_and_not_read_as_markup():
    figure = map_figure(XY, Colouring(KINDS.codes, ("<b>x</b>", "b", "other")), [("<a href='e'>", 0.0, 0.0)])

    assert figure.data[0].name == "&lt;b&gt;x&lt;/b&gt;"
    assert figure.layout.annotations[0].text == "&lt;a href='e'&gt;"
    assert counts_figure([("<i>Acme</i>", 3)], "Brand").data[0].y[0] == "&lt;i&gt;Acme&lt;/i&gt;"


def test_a_spread_counts_every_known_amount():
    figure = spread_figure(pd.Series([1.0, 2.0, 2.0, np.nan, 9.0]), "Price")

    assert sum(figure.data[0].y) == 4
