"""The frame opens the catalog that a link means, and says so where there is none."""

from filelock import FileLock

from pages.shared.state import CATALOG_KEY
from prodsim.workspace import BuildRequest
from prodsim.workspace.build import BUILD_LOCK
from prodsim.workspace.request import save_request
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


def test_during_an_update_the_sidebar_says_which_version_is_searched(built, shop):
    folder = built.layout.catalog("shop")
    save_request(folder, BuildRequest(shop, "shop", encoder="hashing"))

    with FileLock(folder / BUILD_LOCK):
        during = captions(open_link())
    after = captions(open_link())

    sentence = "This version is searched until the running build is finished."
    assert any(line.endswith(sentence) for line in during)
    assert not any(line.endswith(sentence) for line in after)
