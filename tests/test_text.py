import pytest
from hypothesis import given
from hypothesis import strategies as st

from prodsim.text import clean_text, has_chinese, text_digests, words


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("<p><b>A</b>B<br>C</p>", "A B C"), ("CafÃ© crÃ¨me", "Café crème"), ("a < b and c > d", "a < b and c > d"),
        ("&amp;lt;b&amp;gt;x", "x"), ("补水　保湿 ５０ｇ", "补水 保湿 50g"), ("<script>x()</script>hi", "hi"), ("a\u200bb\x07c\u2028d", "ab c d"), ("  a \n\t b ", "a b"),
    ],
)  # fmt: skip
def test_text_becomes_plain(dirty, clean):
    assert clean_text(dirty) == clean


@given(st.text(max_size=80) | st.text("<>&;abltgmp#39x/ Ãé", max_size=40))
def test_cleaning_twice_is_cleaning_once(text):
    once = clean_text(text)

    assert clean_text(once) == once
    assert once.encode("utf-8").decode("utf-8") == once
    assert once == once.strip()


def test_words_of_both_languages():
    assert words("Rain-proof Jacket, 3-layer") == ["rain-proof", "jacket", "3-layer"]
    assert {"补水", "面霜"} <= set(words("补水保湿面霜"))
    assert has_chinese("a 面")
    assert not has_chinese("Café")


def test_digests_tell_texts_apart():
    digests = text_digests(["a", "b", "a"])

    assert digests[0] == digests[2] != digests[1]
    assert {len(digest) for digest in digests} == {16}
