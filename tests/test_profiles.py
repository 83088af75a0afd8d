"""Kinds of catalogs: words and fields as data."""

import pytest

from prodsim.phrases import Plural, Text, in_english, languages, read_language_from, reader_profile
from prodsim.profiles import profiles, reworded


@pytest.fixture
def as_films():
    read_language_from(lambda: "en@films")
    yield
    read_language_from(lambda: "en")


def test_texts_are_in_the_words_of_the_open_catalogs_kind(as_films):
    count = Plural("{n:,} product of a brand", "{n:,} products of a brand")

    assert count(2) == "2 films of a director"
    assert Text("Products of the category “{category}”")(category="product") == "Films of the genre “product”"
    assert in_english(count(1)) == "1 product of a brand"
    assert "price" in reader_profile().absent


def test_an_article_fits_its_new_word():
    assert reworded("A product of a brand", "en", "news") == "An article of a source"
    assert reworded("an unknown product", "en", "jobs") == "an unknown job"


@pytest.mark.parametrize("text", ["price < 100 AND brand = 'Acme'", "Inner product", "https://a.example/products.csv"])
def test_conditions_metrics_and_addresses_stay(text):
    assert reworded(text, "en", "films") == text


def test_chinese_has_its_measure_words():
    assert reworded("{n:,} 个商品，{brand} 个品牌", "zh_CN", "films") == "{n:,} 部电影，{brand} 位导演"


def test_every_kind_speaks_every_language():
    for profile in profiles().values():
        assert set(profile.labels) == set(languages())
        assert profile.name == "products" or set(profile.words) == set(languages())
