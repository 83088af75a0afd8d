"""Products as a page with pictures, for people who will not open the dashboard."""

import pandas as pd
import pytest
from PIL import Image

from prodsim.output import products_page as module
from prodsim.output.products_page import products_page


@pytest.fixture
def shop(tmp_path):
    """Three hits: one with a picture beside the catalog, one with a picture on the web, one with markup for a title."""
    Image.new("RGB", (300, 200), "red").save(tmp_path / "mug.png")
    hits = pd.DataFrame(
        {
            "rank": [1, 2, 3],
            "score": [0.912, 0.5, 0.1],
            "why": ["Both are mugs.", "", ""],
            "sku": ["M1", "M2", "M3"],
            "title": ["Red mug", "保温杯", "<script>alert(1)</script>"],
            "category": ["Kitchen > Mugs", "", ""],
            "price": [12.5, float("nan"), 3.0],
            "currency": ["EUR", "", ""],
            "image": ["mug.png", "https://example.com/x.png", ""],
        }
    )
    return hits, tmp_path


def test_each_product_is_a_card_and_nothing_comes_from_elsewhere(shop):
    hits, base = shop
    page = products_page(hits, "Mugs & more", "3 of 9", base).decode()

    cards = page.split("<article>")[1:]
    assert len(cards) == 3
    assert 'src="data:image/' in cards[0]
    assert all(
        words in cards[0] for words in ("Red mug", "Mugs", "12.50 EUR", "SKU M1", "score 0.91", "Both are mugs.")
    )
    assert '<div class="pic">保</div>' in cards[1]
    assert "price unknown" in cards[1]
    assert "<script>" not in page
    assert 'src="http' not in page
    assert "default-src &#x27;none&#x27;" in page or "default-src 'none'" in page
    assert "<td>https://example.com/x.png</td>" in page


def test_pictures_beyond_what_a_page_holds_are_counted(shop, monkeypatch):
    hits, base = shop
    monkeypatch.setattr(module, "MAX_PICTURES_BYTES", 1)
    many = pd.concat([hits.iloc[:1]] * 4, ignore_index=True)

    page = products_page(many, "Mugs", "", base).decode()

    assert page.count('src="data:image/') == 1
    assert "3 pictures are left out because the page would be too large." in page
