"""The Map page: what is drawn, and what a selection shows."""


def test_a_lasso_answers_with_the_products_inside(app, built):
    data = built.open().map
    x, y = data.xy[0]
    app.run()
    app.session_state["map"] = {
        "selection": {
            "points": [],
            "point_indices": [],
            "box": [{"x": [x - 1e-4, x + 1e-4], "y": [y - 1e-4, y + 1e-4]}],
            "lasso": [],
        }
    }
    app.switch_page("pages/map.py").run()

    assert not app.exception
    assert app.subheader[0].value == "1 product selected"
