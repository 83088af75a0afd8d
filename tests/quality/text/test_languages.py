"""Scripts and languages of texts."""

from prodsim.quality.text.languages import language_of, script_of


def test_scripts():
    assert [script_of(text) for text in ("Jacket", "面霜 ABC", "これは靴です", "123", "Куртка")] == [
        "Latin letters", "Chinese", "Japanese", "", "Cyrillic",
    ]  # fmt: skip


def test_the_language_is_told_by_little_words():
    titles = ("Jacket for men and women", "Jacke mit Kapuze für Herren", "Veste pour homme avec capuche", "Nike Air 2")

    assert [language_of(title) for title in titles] == ["English", "German", "French", ""]
