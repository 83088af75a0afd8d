"""Faults of texts."""

from prodsim.quality.text.text_fault import count_words


def test_words_beside_chinese_characters_are_words_of_their_own():
    assert count_words("OLAY保湿面霜 50ml") == 4
