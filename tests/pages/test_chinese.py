"""Each page in Chinese, and what others saved: no English word is there but the catalog's own and names of things."""

import html
import re

import pytest

from prodsim.doctor import FEATURES
from tests.pages.conftest import open_link
from tests.pages.test_compare import settled
from tests.pages.test_every_page import PAGES
from tests.pages.test_every_text_is_translatable import ICON, TAG, _texts, _values_of

LINKS = {
    "pages/search.py": {"q": "rain jacket", "tune": "true", "price_max": "80", "per_brand": "2"},
    "pages/map.py": {"highlight": "jacket"},
    "pages/ask.py": {"ask": "rain jacket under 52", "learn": "true"},
    "pages/catalog.py": {"catalog view": "add"},
}
FORMATS = {
    "CSV",
    "GTIN",
    "Google",
    "HTML",
    "ISBN",
    "JSON",
    "Lines",
    "Feed",
    "MB",
    "MPN",
    "Parquet",
    "SKU",
    "TSV",
    "XLSX",
    "XML",
    "YAML",
}
NAMES = FORMATS | {
    *(
        "AP",
        "API",
        "CPU",
        "CUDA",
        "EAN",
        "English",
        "GB",
        "GPU",
        "LoRA",
        "MRR",
        "MariaDB",
        "MySQL",
        "NVIDIA",
        "OpenVINO",
    ),
    *(
        "PDF",
        "PostgreSQL",
        "PowerPoint",
        "PRODSIM_ALLOW_DOWNLOAD",
        "PRODSIM_DEVICE",
        "PRODSIM_SECRET_SHOP",
        "Linux",
        "RBO",
        "Recall",
        "SQL",
        "SQLite",
    ),
    *("TensorBoard", "UMAP", "UPC", "UTC", "auto", "bfloat", "cluster_id", "cosine", "cpu", "cuda", "doctor", "ef"),
    *(
        "float",
        "gzip",
        "hashing",
        "int",
        "label",
        "lsa",
        "minilm",
        "ml",
        "mps",
        "multilingual",
        "nDCG",
        "prodsim",
        "scratch",
    ),
    *("Shopify", "WordNet", "couch", "data", "same", "term"),
    *("sentence-transformers", "shop", "sku", "sku_a", "sku_b", "torch", "zh-CN", "zip"),
}
"""Formats, measures, programs, options and units, which have one name in every language."""


@pytest.mark.parametrize("page", PAGES)
def test_no_english_word_of_ours_is_on_a_page(built, page):
    app = open_link(page, language="zh_CN", **LINKS.get(page, {}))

    assert not app.exception
    assert not _english(app, built, LINKS.get(page, {}).values())


def test_what_was_found_by_anybody_is_read_in_chinese(built):
    app = open_link("pages/quality.py", language="zh_CN")
    settled(next(button for button in app.button if button.label == "检查商品库").click().run())

    assert any("看起来是" in text for text in _texts(app._tree)), list(_texts(app._tree))
    assert not _english(app, built, ())


def _english(app, workspace, typed):
    """The English words of an app, each with the text it stands in."""
    typed = [word for text in typed for word in (text, *text.split())]
    values = sorted([*_values_of(workspace.open().catalog), *typed], key=len, reverse=True)
    return {word: text for text in _texts(app._tree) for word in _words(text, values)}


def _words(text, values):
    shown = html.unescape(TAG.sub(lambda tag: f" {tag[1] or ''} ", ICON.sub(" ", text)))
    shown = re.sub(r"\S*/\S*", " ", shown)  # addresses and paths
    for value in [*FEATURES, *values]:
        shown = re.sub(rf"(?<![A-Za-z]){re.escape(value)}(?![A-Za-z])", " ", shown)
    return {word for word in re.findall(r"[A-Za-z][\w-]*[A-Za-z]", shown) if word not in NAMES}
