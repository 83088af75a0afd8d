import pytest

from prodsim.encoders.languages import MIN_SHARE, SAMPLED, catalog_languages, name_languages
from prodsim.phrases import read_language_from

ENGLISH = [f"{colour} {what}" for colour in ("blue", "white", "black") for what in (
    "ceramic mug with handle", "waterproof rain jacket", "desk lamp", "leather wallet for men", "cotton bed sheets",
    "running shoes", "garden hose 20 m", "stainless steel bottle", "wooden chair", "wireless headphones")]  # fmt: skip
INDONESIAN = [
    "jaket wanita musim dingin", "botol minum anti bocor", "sepatu lari pria", "lampu meja belajar", "tas ransel sekolah",
    "kaos polos lengan panjang", "mainan anak edukasi", "sabun cuci muka", "rak bumbu dapur kayu", "celana pendek pria",
]  # fmt: skip


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        (INDONESIAN, "id"),
        (["kurtka zimowa damska", "buty do biegania męskie", "lampka biurkowa", "plecak wodoodporny"], "pl"),
        (["รองเท้าวิ่งผู้ชาย", "กระเป๋าเป้กันน้ำ"], "th"),
        (["рубашка мужская хлопок", "кофемашина с кофемолкой"], "ru"),
        (["قميص رجالي قطن", "حذاء رياضي للرجال"], "ar"),
    ],
)
def test_a_few_titles_tell_their_language(texts, language):
    assert next(iter(catalog_languages(texts))) == language


def test_brands_model_numbers_and_names_do_not_make_an_english_catalog_foreign():
    names = ["Sony KDL-40 BRAVIA", "Nikon Coolpix S210", "Los Lobos Kiko", "La Sardina Camera", "Villeroy Boch Vivo"]

    assert list(catalog_languages(ENGLISH + names)) == ["en"]
    assert list(catalog_languages(["Amelie", "Il Postino", "desk lamp", "ceramic mug"])) == ["en"]


def test_the_shares_of_a_mixed_catalog_are_those_of_its_texts():
    shares = catalog_languages(ENGLISH + INDONESIAN)

    assert shares == {"en": pytest.approx(0.75, abs=0.07), "id": pytest.approx(0.25, abs=0.07)}
    assert list(catalog_languages(ENGLISH * 10 + INDONESIAN)) == ["en"]


def test_a_large_catalog_is_known_by_a_sample():
    texts = [f"{text} {n}" for n in range(SAMPLED) for text in ("ceramic mug with handle", "sepatu lari pria")]

    assert set(catalog_languages(texts)) == {"en", "id"}


@pytest.mark.parametrize("texts", [[], [""], ["123 456", "☂"]])
def test_without_words_there_is_no_language(texts):
    assert catalog_languages(texts) == {}


def test_languages_are_named_as_the_reader_calls_them():
    named = name_languages({"id": 0.6, "en": 0.3, "zh": MIN_SHARE})

    assert named == "Indonesian (60 %), English (30 %) and Chinese (10 %)"
    assert name_languages({"pl": 0.97}) == "Polish"
    read_language_from(lambda: "de")
    try:
        assert name_languages({"pl": 0.97}) == "Polnisch"
    finally:
        read_language_from(lambda: "en")
