"""Cards show texts of products as they are, and only pictures of the catalog's folder."""

from pages.shared.cards import card_html, image_html, picture_url
from prodsim.catalog import PRODUCT_FIELDS
from tests.pages.conftest import ROOT, open_link


def test_product_text_is_never_markup():
    evil = '**bold** <script>alert(1)</script> $x$ :red[hi] "quoted"'
    product = dict.fromkeys(PRODUCT_FIELDS, evil) | {"price": 1.0}

    body = card_html(product, ROOT, 0.5, {"meaning": 0.5})  # type: ignore[arg-type]

    assert "<script>" not in body
    assert "&lt;script&gt;" in body
    assert '"quoted"' not in body


def test_a_picture_never_leaves_the_catalogs_folder(tmp_path):
    (tmp_path / "secret.svg").write_text("<svg/>")
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "ok.svg").write_text("<svg/>")

    assert picture_url("../secret.svg", tmp_path / "shop") == ""
    assert picture_url(str(tmp_path / "secret.svg"), tmp_path / "shop") == ""
    assert picture_url("ok.svg", tmp_path / "shop").startswith("data:image/svg")
    assert picture_url("javascript:alert(1)", tmp_path / "shop") == ""


def test_the_server_of_a_picture_does_not_learn_which_page_shows_it(tmp_path):
    body = image_html({"image": "https://pictures.example/mug.png"}, tmp_path)  # type: ignore[typeddict-item]

    assert 'src="https://pictures.example/mug.png"' in body
    assert 'referrerpolicy="no-referrer"' in body


def test_no_page_tells_servers_its_address(built):
    """Streamlit's own tables draw pictures without attributes; for those the page has a policy, set by a component."""
    app = open_link("pages/settings.py")

    assert any(element.type == "bidi_component" and "no-referrer" in element.proto.js_content for element in app.main)
