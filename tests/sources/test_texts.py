"""A folder of texts."""

import json

import pytest

from prodsim.errors import CatalogError
from prodsim.sources import Folder, fetch


@pytest.fixture
def news(tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "b.txt").write_text("Published: 2026-05-03\nSource: Post\n\nFerry: none today\n\nIt stops.\n", "utf-8")
    (folder / "a.md").write_text("# Bread is dearer\n\nBy a tenth.\n", "utf-8")
    return folder


def test_each_text_of_a_folder_is_a_thing(news, tmp_path):
    fetched = fetch(Folder(news), tmp_path / "kept")
    read = [json.loads(line) for line in fetched.path.read_text("utf-8").splitlines()]

    assert fetched.path.name == "news.jsonl"
    assert read == [
        {"sku": "a", "title": "Bread is dearer", "text": "By a tenth."},
        {"sku": "b", "title": "Ferry: none today", "published": "2026-05-03", "source": "Post", "text": "It stops."},
    ]


def test_a_folder_of_texts_is_fetched_anew_when_one_changes(news, tmp_path):
    first = fetch(Folder(news), tmp_path / "kept")
    same = fetch(Folder(news), tmp_path / "kept", first.facts)
    (news / "c.txt").write_text("Rain\n", "utf-8")

    assert not same.is_changed
    assert fetch(Folder(news), tmp_path / "kept", first.facts).is_changed


def test_a_text_in_another_encoding_is_named(news, tmp_path):
    (news / "c.txt").write_bytes("面包".encode("gb18030"))

    with pytest.raises(CatalogError, match=r"c\.txt is not text in UTF-8"):
        fetch(Folder(news), tmp_path / "kept")
