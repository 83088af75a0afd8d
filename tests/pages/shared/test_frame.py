"""The frame opens the catalog that a link means, and says so where there is none."""

from pages.shared.state import CATALOG_KEY
from tests.pages.conftest import open_link


def captions(app):
    return [caption.value for caption in app.caption]


def test_a_link_may_write_the_catalogs_name_in_other_case(built):
    app = open_link(catalog=["SHOP"])

    assert app.selectbox(key=CATALOG_KEY).value == "shop"
    assert not any("The link names the catalog" in caption for caption in captions(app))


def test_a_catalog_that_is_not_there_is_named_also_after_another_click(built):
    app = open_link(catalog=["gone"])
    assert "The link names the catalog “gone”, which does not exist here." in captions(app)

    app.text_input(key="q").set_value("jacket").run()

    assert "The link names the catalog “gone”, which does not exist here." in captions(app)
