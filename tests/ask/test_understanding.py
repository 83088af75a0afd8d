"""What questions are understood as: prices, negations, for whom, kinds, slips of the pen."""

import pandas as pd
import pytest

from prodsim.ask import Vocabulary
from prodsim.ask.language import with_digits
from prodsim.ask.understanding import understand
from prodsim.catalog import RawTable, ReadFacts, make_catalog
from prodsim.knowledge import names_of, stem


def chips(opened, question):
    return [chip.label for chip in understand(question, opened.asker.vocabulary).chips]


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("jacket under 100", ["at most 100"]),
        ("jacket for less than £99.50", ["at most 99.50"]),
        ("a jacket, no more than 80 pounds", ["at most 80"]),
        ("jacket 80 or less", ["at most 80"]),
        ("jacket over 100", ["at least 100"]),
        ("jacket between 50 and 90", ["at least 50", "at most 90"]),
        ("jacket $50-90", ["at least 50", "at most 90"]),
        ("jacket around £50", ["at least 40", "at most 60"]),
        ("jacket under 500 g", []),
        ("mug 350 ml", []),
        ("jacket under 2.5 kg", []),
        ("jacket under 900 grams", []),
        ("torch under 200 lumens", []),
        ("jacket below 5 degrees", []),
        ("jacket under 100 in blue", ["at most 100"]),
        ("jacket under 12999.99", ["at most 12,999.99"]),
        ("jacket max 90", []),  # it may be its name, as of an air max 90
        ("jacket, max 90", ["at most 90"]),
        ("max 90, jacket", ["at most 90"]),
        ("jacket max £90", ["at most 90"]),
        ("jacket max. 90 pounds", ["at most 90"]),
        ("jacket maximum of 90", ["at most 90"]),
        ("jacket 90 max", ["at most 90"]),
        ("phone 13 max jacket", []),
        ("jacket cover 11", []),
        ("pullover 42", []),
        ("vitamin 100 jacket", []),
        ("roundabout £5", []),
    ],
)
def test_prices_are_read_and_other_numbers_are_not(english, question, wanted):
    found = understand(question, english.asker.vocabulary).chips

    assert [chip.label for chip in found if chip.kind.startswith("price")] == wanted


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("口红 200元以内", ["at most 200"]),
        ("不超过100的口红", ["at most 100"]),
        ("口红别超过100", ["at most 100"]),
        ("不到一百块的口红", ["at most 100"]),
        ("100元内的口红", ["at most 100"]),
        ("100块钱能买到的口红", ["at most 100"]),
        ("百元以内的口红", ["at most 100"]),
        ("50到100之间的口红", ["at least 50", "at most 100"]),
        ("100到200元的口红", ["at least 100", "at most 200"]),
        ("三百五以内", ["at most 350"]),
        ("二百元左右的口红", ["at least 160", "at most 240"]),
        ("预算300 风扇", ["at most 300"]),
        ("300元以上的风扇", ["at least 300"]),
        ("1万以内的风扇", ["at most 10,000"]),
        ("风扇 不超过一千", ["at most 1,000"]),
        ("2千元以内的风扇", ["at most 2,000"]),
    ],
)
def test_chinese_prices_are_read(chinese, question, wanted):
    found = understand(question, chinese.asker.vocabulary).chips

    assert [chip.label for chip in found if chip.kind.startswith("price")] == wanted


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("三百以内", "300以内"),
        ("一千二百元", "1200元"),
        ("二十到五十元", "20到50元"),
        ("一万二千以内", "12000以内"),
        ("十二万元", "120000元"),
        ("1.5万以内", "15000以内"),
        ("千里江山图", "千里江山图"),
    ],
)
def test_chinese_numbers_become_digits(written, read):
    assert with_digits(written) == read


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("jacket, not black", {"not Black", "Jackets"}),
        ("jacket not red or black", {"not Red", "not Black", "Jackets"}),
        ("jacket without red, under 90", {"at most 90", "not Red", "Jackets"}),
        ("socks, no wool", {"not wool", "Socks"}),
        ("jacket not by Nordvik", {"not Nordvik", "Jackets"}),
        ("a jacket that is not too expensive", {"Jackets"}),
        ("jacket not Nordvik and not red", {"not Nordvik", "not Red", "Jackets"}),
        ("red jacket for women", {"Red", "women", "Jackets"}),
        ("socks for my husband", {"men", "Socks"}),
        ("jackets for men and women", {"women and men", "Jackets"}),
        ("jackets except for men", {"not men", "Jackets"}),
        ("non-slip socks", {"Socks"}),
        ("headtorch in stock", {"in stock", "Head torches"}),
        ("clothing: rain jackets", {"Rain jackets"}),
    ],
)
def test_conditions_are_what_the_question_says(english, question, wanted):
    assert set(chips(english, question)) == wanted


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("不要红色的口红", {"not 豆沙红", "口红"}),
        ("红色口红", {"豆沙红", "口红"}),
        ("静音风扇，不要白色，200元以内", {"at most 200", "not 奶白色", "静音", "风扇"}),
        ("鹿汀的口红", {"鹿汀 LUTING", "口红"}),
        ("除了野芷记以外的口红", {"not 野芷记", "口红"}),
        ("护肤品 有货", {"in stock", "面部护肤"}),
    ],
)
def test_chinese_conditions_are_what_the_question_says(chinese, question, wanted):
    assert set(chips(chinese, question)) == wanted


@pytest.mark.parametrize(
    ("values", "asked", "passing"),
    [
        (("Women", "Men", "Unisex"), "jacket for my wife", {"Women", "Unisex", ""}),
        (("女士", "男士", "男女通用"), "送妈妈的外套", {"女士", "男女通用", ""}),
        (("Female", "Male", "Girls", "All"), "jackets for men and women", {"Female", "Male", "All", ""}),
    ],
)
def test_an_audience_is_known_by_what_the_column_says(values, asked, passing):
    vocabulary = Vocabulary.of(shop_for(values))

    (chip,) = understand(asked, vocabulary).chips

    assert {*chip.values, *chip.or_else} == passing


def test_a_column_of_another_kind_of_target_is_no_audience():
    assert Vocabulary.of(shop_for(("weeds", "moss", "ants"))).audience == ""


def shop_for(audiences):
    frame = pd.DataFrame({"sku": [f"A{n}" for n in range(len(audiences))], "title": "thing", "target": audiences})
    table = RawTable(frame, ReadFacts("x.csv", "csv", len(frame)), pd.Index(range(2, len(frame) + 2)))
    return make_catalog(table, {"sku": "sku", "title": "title"})


def test_a_part_of_a_word_of_a_material_counts(english):
    found = understand("wool throw", english.asker.vocabulary)

    assert set(next(chip for chip in found.chips if chip.kind == "attribute").values) == {"merino wool", "lambswool"}


def test_slips_are_mended_by_the_catalogs_words_and_english_is_left_alone(english):
    understood = understand("walkng soks in purple", english.asker.vocabulary)

    assert "purple" not in understood.corrections
    assert all(word in ("walkng", "soks") for word in understood.corrections)


def test_a_slip_of_a_word_used_often_is_told(tmp_path):
    vocabulary = Vocabulary(spellings={"jacket": 5, "rucksack": 4})
    understood = understand("waterproof jackett and ruksack", vocabulary)

    assert understood.corrections == {"jackett": "jacket", "ruksack": "rucksack"}
    assert understood.text == "waterproof jacket rucksack"


def test_a_chip_that_is_taken_away_leaves_the_others(english):
    understood = understand("red jacket under 100", english.asker.vocabulary)
    fewer = understood.without("colour:Red")

    assert {chip.label for chip in fewer.chips} == {"at most 100", "Jackets"}
    assert understood.without("nothing of that name").chips == understood.chips


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [
        ("torches", "torch"),
        ("knives", "knife"),
        ("boxes", "box"),
        ("glass", "glass"),
        ("mugs", "mug"),
        ("gloves", "glove"),
        ("sleeves", "sleeve"),
        ("batteries", "battery"),
    ],
)
def test_plurals_are_one_word_with_their_singular(word, stemmed):
    assert stem(word) == stem(stemmed) == stemmed
    assert stem("cookies") == stem("cookie")


def test_names_of_the_catalog_are_no_slips():
    columns = ["sku", "title", "brand"]
    rows = [("BOOTY-001", "Rain cape", "Bootz"), *((f"B{n}", "Rain boots", "Nordvik") for n in range(4))]
    frame = pd.DataFrame(rows, columns=columns)
    table = RawTable(frame, ReadFacts("x.csv", "csv", len(frame)), pd.Index(range(2, len(frame) + 2)))
    vocabulary = Vocabulary.of(make_catalog(table, {name: name for name in columns}))

    assert [chip.label for chip in understand("bootz cape", vocabulary).chips] == ["Bootz"]
    assert understand("booty-001", vocabulary).corrections == {}
    assert understand("rain bootsy", vocabulary).corrections == {"bootsy": "boots"}


@pytest.mark.parametrize(
    ("question", "amount"),
    [("jacket under 1,000", 1000), ("jacket under £1,299.50", 1299.5), ("jacket under 12,50", 12.5)],
)
def test_thousands_and_decimal_commas_are_told_apart(english, question, amount):
    assert understand(question, english.asker.vocabulary).chips[0].amount == amount


def test_what_is_said_twice_is_one_condition(english):
    assert chips(english, "jacket, not black, and not black") == ["not Black", "Jackets"]


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("jacket not less than 100", ["at least 100"]),
        ("jacket not under 100", ["at least 100"]),
        ("no more than 100 for a jacket", ["at most 100"]),
        ("jacket under " + "9" * 400, []),
    ],
)
def test_limits_that_are_turned_round_are_read_so(english, question, wanted):
    found = understand(question, english.asker.vocabulary).chips
    assert [chip.label for chip in found if chip.kind.startswith("price")] == wanted


@pytest.mark.parametrize(
    ("question", "wanted"), [("口红不要超过100元", "at most 100"), ("口红不少于100元", "at least 100")]
)
def test_chinese_limits_that_are_turned_round_are_read_so(chinese, question, wanted):
    assert wanted in chips(chinese, question)


def test_an_audience_and_a_stock_can_be_excluded(english):
    assert set(chips(english, "jacket not for men")) == {"not men", "Jackets"}
    assert chips(english, "jacket not in stock") == ["Jackets"]


@pytest.mark.parametrize(
    ("question", "features"),
    [
        ("wireless gaming mouse", ["wireless", "gaming"]),
        ("a waterproof breathable jacket", ["waterproof", "breathable"]),
        ("无线静音鼠标", ["wireless", "quiet"]),
        ("faltbarer Stuhl, wasserdicht", ["foldable", "waterproof"]),
        ("保温杯", []),
    ],
)
def test_each_feature_is_a_condition_whatever_the_language(english, question, features):
    found = understand(question, english.asker.vocabulary).chips

    assert [chip.dimension for chip in found if chip.dimension in names_of("features")] == features


def test_a_thing_may_be_named_late(english):
    found = understand("I have got 50 to spend on a head torch, what would you take?", english.asker.vocabulary)

    assert found.thing.kinds == ("head torch",)
    assert any(chip.kind == "price_max" and chip.amount == 50 for chip in found.chips)


def test_a_negation_covers_each_of_the_words_it_lists(english):
    found = understand("jacket without pockets or snow", english.asker.vocabulary).chips

    assert [(chip.cue, chip.wanted) for chip in found if not chip.wanted] == [("pockets", False), ("snow", False)]
