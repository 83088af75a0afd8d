"""Textual faults, in English and in Chinese."""

import pandas as pd
import pytest

from prodsim.progress import SILENT
from prodsim.quality.checks.texts import TEXT_RULES, check_texts

ENGLISH = [f"Waterproof hiking jacket model {name} for long days" for name in "abcdefghijklmnopqrstuvwxyzABCD"]
CHINESE = [
    f"保湿滋润面霜{name}号 补水 敏感肌可用" for name in "一二三四五六七八九十百千万甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午"
]
MISREAD = "一款持久留香的香薰蜡烛无烟吹灭以后房间里还香".encode().decode("gb18030", "ignore")


def found(make_subject, titles, descriptions="", level="usual", **columns):
    frame = pd.DataFrame({"title": titles, "description": descriptions, **columns})
    return [(finding.kind, finding.skus) for finding in check_texts(make_subject(frame, level), SILENT)]


@pytest.mark.parametrize("usual", [ENGLISH, CHINESE], ids=["English", "Chinese"])
def test_usual_titles_have_no_fault(make_subject, usual):
    assert found(make_subject, usual) == []


@pytest.mark.parametrize(
    ("kind", "usual", "title"),
    [
        ("placeholder", ENGLISH, "test product 2"),
        ("placeholder", ENGLISH, "Lorem ipsum dolor sit amet"),
        ("placeholder", ENGLISH, "TBD"),
        ("placeholder", CHINESE, "测试商品"),
        ("placeholder", CHINESE, "暂无标题"),
        ("nearly empty", ENGLISH, "12345"),
        ("nearly empty", CHINESE, "500 - 30"),
        ("capitals", ENGLISH, "BUY THIS GREAT WATERPROOF JACKET NOW"),
        ("keyword stuffing", ENGLISH, "jacket rain jacket, men jacket, best jacket, cheap jacket"),
        ("keyword stuffing", CHINESE, "面霜 补水面霜 保湿面霜 正品面霜 女士面霜"),
        ("wrong language", ENGLISH, "保湿滋润面霜 补水 敏感肌可用"),
        ("wrong language", ENGLISH, "Непромокаемая куртка для походов"),
        ("wrong language", CHINESE, "Moisturising face cream for sensitive skin"),
        ("wrong language", CHINESE, "しっとりする保湿クリームです 敏感肌"),
        ("wrong language", ENGLISH, "Wasserdichte Wanderjacke mit Kapuze für lange Tage"),
        ("wrong language", ENGLISH, "Chaqueta impermeable para el frío, con capucha"),
        ("capitals", ENGLISH, "Waterproof jacket, buy now!!!"),
        ("capitals", CHINESE, "保湿滋润面霜 清仓抢购！！！"),
        ("mojibake", CHINESE, MISREAD),
        ("mojibake", ENGLISH, "Itâ€™s a â€œjacketâ€\x9d for Â£20"),
        ("markup", ENGLISH, "Jacket <br with &nbsp; fleece"),
        ("markup", CHINESE, "保湿面霜&nbsp;<p 补水"),
        ("truncated", ENGLISH, ("warm jacket for the hills " * 20)[:255]),
        ("truncated", CHINESE, ("滋润补水面霜适合秋冬" * 30)[:255]),
    ],
)
def test_a_faulty_title_is_found(make_subject, kind, usual, title):
    assert (kind, ("P30",)) in found(make_subject, [*usual, title])


@pytest.mark.parametrize(
    ("usual", "title"),
    [
        (ENGLISH, "Pregnancy test kit, 5 strips"),
        (ENGLISH, "Crème brûlée torch – Señor café"),
        (ENGLISH, "USB-C HDMI cable"),
        (ENGLISH, "Salt & pepper mill, 20 cm > 15 cm"),
        (CHINESE, "SK-II 神仙水 230ml"),
        (CHINESE, "Lancôme"),
        (CHINESE, "早孕测试纸 10片"),
        (CHINESE, "の保湿面霜 补水"),
        (ENGLISH, "Crème de la Mer moisturising cream"),
        (ENGLISH, "Side by side fridge, side handle, side lamp, side shelf"),
    ],
)
def test_a_title_that_only_looks_faulty_is_not(make_subject, usual, title):
    assert found(make_subject, [*usual, title]) == []


def test_a_catalog_in_capitals_writes_so(make_subject):
    assert found(make_subject, [title.upper() for title in ENGLISH]) == []


@pytest.mark.parametrize(
    "sentence", ["Free shipping and 30 days of guarantee on all orders.", "喜欢可以先收藏下单当天发货包邮到家。"]
)
def test_boilerplate_is_one_finding_with_all_its_products(make_subject, sentence):
    own = [f"Jacket number {n} is special in its way. " for n in range(300)]
    descriptions = [text + (sentence if n < 200 else "") for n, text in enumerate(own)]

    findings = found(make_subject, [f"Jacket {n}a" for n in range(300)], descriptions, category=["a", "b", "c"] * 100)

    assert findings == [("boilerplate", tuple(f"P{n}" for n in range(200)))]


def test_a_fault_of_hundreds_is_told_once(make_subject):
    titles = ENGLISH * 10 + ["BUY THIS GREAT WATERPROOF JACKET NOW"] * 150

    findings = found(make_subject, titles)

    assert [(kind, len(skus)) for kind, skus in findings] == [("capitals", 150)]


def test_a_strict_level_finds_less_than_a_loose_one(make_subject):
    titles = [*ENGLISH, "jacket rain jacket, men jacket, jacket"]

    assert found(make_subject, titles, level="strict") == []
    assert found(make_subject, titles, level="loose") == [("keyword stuffing", ("P30",))]


def test_rules_have_kinds_of_their_own():
    assert len({rule.kind for rule in TEXT_RULES}) == len(TEXT_RULES)


@pytest.mark.parametrize(
    ("usual", "title", "kind"),
    [
        (ENGLISH, "保湿滋润面霜 补水 敏感肌可用", "wrong language"),
        (CHINESE, "面霜 补水面霜 保湿面霜 正品面霜 女士面霜", "keyword stuffing"),
    ],
)
def test_a_faulty_title_of_several_variants_is_one_finding(make_subject, usual, title, kind):
    (finding,) = check_texts(make_subject(pd.DataFrame({"title": [*usual, *usual, *usual, *[title] * 3]})), SILENT)

    assert (finding.kind, finding.skus) == (kind, ("P90", "P91", "P92"))
    assert finding.what.startswith("P90 and 2 others: the title ")


@pytest.mark.parametrize(("usual", "title"), [(ENGLISH, "test product"), (CHINESE, "测试商品")])
def test_each_product_with_a_placeholder_needs_a_text_of_its_own(make_subject, usual, title):
    assert found(make_subject, [*usual, title, title]) == [("placeholder", ("P30",)), ("placeholder", ("P31",))]


def test_a_placeholder_is_not_told_as_nearly_empty_too(make_subject):
    assert found(make_subject, [*ENGLISH, "???"]) == [("placeholder", ("P30",))]


@pytest.mark.parametrize("words", ["warm jacket for the hills ", "滋润补水面霜适合秋冬 "])
@pytest.mark.parametrize("limit", [255, 32_767])
def test_a_description_that_a_spreadsheet_cut_is_found(make_subject, words, limit):
    descriptions = [*[f"{words * 3}{name}" for name in ENGLISH], (words * 3_000)[:limit]]

    assert ("truncated", ("P30",)) in found(make_subject, [*ENGLISH, "Last jacket"], descriptions)


def test_a_catalog_of_several_languages_has_no_wrong_one(make_subject):
    german = [f"Wasserdichte Jacke Modell {name} mit Kapuze für lange Tage" for name in "abcdefghij"]

    assert found(make_subject, [*ENGLISH, *german]) == []
