import pytest
from hypothesis import given
from hypothesis import strategies as st

from prodsim.text import clean_text, clean_texts, folded, has_chinese, text_digests, words


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


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Crème brûlée Łódź Việt Smørrebrød", "Creme brulee Lodz Viet Smorrebrod"),
        ("Ωμέγα", "Ωμεγα"),
        ("ёлка й", "елка й"),
        ("أحمد كتابة ک ۵۰۰", "احمد كتابه ك 500"),
        ("๒๕๐ मग", "250 मग"),
        ("保濕面霜 髮膜", "保湿面霜 发膜"),
        ("가방 ステンレス", "가방 ステンレス"),
        ("weiß", "weiß"),
    ],
)
def test_what_is_searched_alike_is_written_alike(text, plain):
    assert folded(text) == plain


@given(st.text())
def test_folding_keeps_every_place_and_folds_once(text):
    assert len(folded(text)) == len(text)
    assert folded(folded(text)) == folded(text)


def test_many_texts_are_cleaned_as_each_is():
    texts = [
        "Mug",
        "Tea & <b>cup</b>",
        "",
        "a ~ b",
        " edge",
        "edge ",
        "Caf\u0065\u0301",
        "\u0301accent",
        "茶杯",
        "x\u200by",
    ] * 40

    assert clean_texts(texts) == [clean_text(text) for text in texts]
