"""The Map page: what is selected, and what charts and filters leave."""

import json

from streamlit.testing.v1 import AppTest

from pages.shared.map.figure import SELECTION
from tests.pages.conftest import open_link

MAP = "pages/map.py"


def drawn(app: AppTest, name: str):
    """What an element of the page is given."""
    (proto,) = [each.proto for each in app.get("bidi_component") if each.proto.component_name == f"prodsim_{name}"]
    return json.loads(proto.json)


def test_what_is_drawn_around_is_selected_also_with_a_filter(built):
    data = built.open().map
    x, y = ((data.xy[0] - data.xy.min(axis=0)) / (data.xy.max(axis=0) - data.xy.min(axis=0))).tolist()
    app = open_link(MAP)
    assert not app.exception
    app.session_state[SELECTION] = {
        "outline": [[x - 1e-4, y - 1e-4], [x + 1e-4, y - 1e-4], [x + 1e-4, y + 1e-4], [x - 1e-4, y + 1e-4]],
        "rows": [],
    }

    assert app.run().subheader[0].value == "1 product selected"
    app.multiselect(key="brand").set_value(["Kaffa"]).run()
    assert (
        app.subheader[0].value == f"{int(built.open().catalog.products['brand'].iat[0] == 'Kaffa')} products selected"
    )


def test_a_chart_counts_what_the_others_leave_and_the_list_follows(built):
    app = open_link(MAP, brand=["Kaffa"])

    assert app.subheader[0].value == "8 products selected"
    assert set(app.dataframe[0].value["sku"].str[0]) == {"M"}
    charts = drawn(app, "map_charts")["html"]
    assert charts.count('data-field="brand"') == 3, "brands are counted without their own filter"
    assert 'data-value="Kitchen"' in charts
    assert 'data-value="Home"' not in charts


def test_what_a_search_finds_is_lit_up_and_a_title_alone_is_that_product(built):
    assert any("lit up for “mug”" in caption.value for caption in open_link(MAP, highlight="mug").caption)
    app = open_link(MAP, highlight="Ceramic coffee mug number 3")
    assert any("1 product lit up" in caption.value for caption in app.caption)
