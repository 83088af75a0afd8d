"""Every fault that a file may have is found by its name, in English and in Chinese, and a file without one has none."""

import pandas as pd
import pytest

from prodsim.catalog import make_catalog, propose_columns, read_table
from prodsim.quality.checks.registry import CHECKS, run_checks
from tests.quality.conftest import subject_from

N = 360
CHECKED = [check for check in CHECKS if check.name not in ("duplicates", "misfiled", "assortment")]
"""The checks of single products and columns; products this much alike are duplicates and crowds by right."""
ENGLISH = {
    "brands": ["Nordvik", "Hewlett-Packard", "Kaffa"],
    "colours": ["Red", "Blue", "Green"],
    "kinds": ["Rain jacket with hood", "Laser printer with tray", "Ceramic mug with handle"],
    "paths": ["Clothing > Jackets", "Office > Printers", "Kitchen > Mugs"],
    "about": "The {kind} number {n} is made for long days and for short ones.",
    "colour": "colour", "material": "material", "weight": "weight_g", "made of": ["nylon", "steel", "clay"],
}  # fmt: skip
CHINESE = {
    "brands": ["絮里", "栖禾屋", "砚白"],
    "colours": ["樱花粉", "雾霾蓝", "奶白色"],
    "kinds": ["保湿滋润面霜补水", "黄铜台灯可调光", "陶瓷咖啡杯带手柄"],
    "paths": ["美妆 > 面霜", "家居 > 台灯", "厨房 > 咖啡杯"],
    "about": "这款{kind}是第{n}号，适合白天和晚上用，送人自用都好。",
    "colour": "颜色", "material": "材质", "weight": "重量(克)", "made of": ["甘油", "黄铜", "陶瓷"],
}  # fmt: skip
SHOPS = {"English": ENGLISH, "Chinese": CHINESE}


FAULTS = [
    ("English", "title", "test product 3", "placeholder"),
    ("Chinese", "title", "测试商品", "placeholder"),
    ("English", "description", "Lorem ipsum dolor sit amet, consectetur.", "placeholder"),
    ("Chinese", "description", "暂无描述", "placeholder"),
    ("English", "title", "BUY THIS LASER PRINTER NOW", "capitals"),
    ("Chinese", "title", "栖禾屋 黄铜台灯可调光 限时抢购！！！", "capitals"),
    ("English", "title", "printer laser printer, ink printer, best printer, cheap printer", "keyword stuffing"),
    ("Chinese", "title", "台灯 黄铜台灯 卧室台灯 可调光台灯 书桌台灯", "keyword stuffing"),
    ("English", "description", "黄铜台灯可调光，适合白天和晚上用。", "wrong language"),
    ("English", "description", "Der Drucker ist für das Büro und auch für die Arbeit zu Hause.", "wrong language"),
    ("Chinese", "description", "A brass lamp for the desk and the bedroom.", "wrong language"),
    ("English", "title", "Hewlett-Packard printer â€œBlueâ€\x9d for Â£20", "mojibake repaired"),
    ("Chinese", "description", "一款持久留香的香薰蜡烛无烟吹灭以后房间里还香".encode().decode("gb18030", "ignore"), "mojibake"),
    ("English", "description", "<p>A printer for&nbsp;the <b>office</b>.</p>", "markup removed"),
    ("Chinese", "description", "<p>黄铜台灯&nbsp;<b>可调光</b></p>", "markup removed"),
    ("English", "material", "<b>steel</b>", "markup"),
    ("Chinese", "材质", "<b>黄铜</b>", "markup"),
    ("English", "description", ("a printer for the office and home " * 10)[:255], "truncated"),
    ("Chinese", "description", ("黄铜台灯可调光适合书桌卧室" * 30)[:255], "truncated"),
    ("English", "description", ("one printer for the office and home " * 1000)[:32_767], "truncated"),
    ("Chinese", "description", ("黄铜台灯可调光适合书桌卧室" * 3000)[:32_767], "truncated"),
    ("English", "brand", "", "missing field"),
    ("Chinese", "brand", "", "missing field"),
    ("English", "description", "", "missing field"),
    ("Chinese", "description", "", "missing field"),
    ("English", "brand", "", "fillable"),
    ("Chinese", "brand", "", "fillable"),
    ("English", "category", "", "fillable"),
    ("Chinese", "category", "", "fillable"),
    ("English", "material", "", "fillable"),
    ("Chinese", "材质", "", "fillable"),
    ("English", "price", "15070", "price"),
    ("Chinese", "price", "15070", "price"),
    ("English", "price", "0", "price"),
    ("English", "price", "about a hundred", "unreadable price"),
    ("Chinese", "price", "面议", "unreadable price"),
    ("English", "weight_g", "3700", "unit conflict"),
    ("Chinese", "重量(克)", "3.7千克", "unit conflict"),
    ("English", "brand", "Nordvik", "contradiction"),
    ("Chinese", "brand", "絮里", "contradiction"),
    ("English", "colour", "Blue", "contradiction"),
    ("Chinese", "颜色", "雾霾蓝", "contradiction"),
    ("English", "gtin", "2000001000071", "invalid gtin"),
    ("English", "image", "", "picture"),
    ("Chinese", "image", "", "picture"),
    ("English", "image", "https://shop.example/2.jpg", "picture"),
    ("Chinese", "image", "https://shop.example/2.jpg", "picture"),
    ("English", "sku", "P9", "repeated sku"),
    ("English", "currency", "USD", "currency"),
    ("English", "brand", "H.P.", "brand spelling"),
    ("English", "brand", "HEWLETT PACKARD", "brand spelling"),
    ("Chinese", "brand", "栖禾屋官方旗舰店", "brand spelling"),
]  # fmt: skip
"""Language, column, value and kind of finding; the value stands in a row of its own."""


def shop(words):
    """Products of three kinds, each kind with a brand, a price level and a material of its own."""
    rows = []
    for n in range(N):
        kind, colour = words["kinds"][n % 3], words["colours"][n // 3 % 3]
        gtin = f"20000010{n:04}"
        digit = -sum(int(sign) * (3 if place % 2 else 1) for place, sign in enumerate(gtin)) % 10
        rows.append({
            "sku": f"P{n}", "title": f"{words['brands'][n % 3]} {kind} {colour} {300 + 10 * n} g",
            "description": words["about"].format(kind=kind, n=n), "brand": words["brands"][n % 3],
            "category": words["paths"][n % 3], "price": f"{50 + n % 3 * 100 + n / 10:.2f}", "currency": "EUR",
            "image": f"https://shop.example/{n}.jpg", "gtin": f"{gtin}{digit}",
            words["colour"]: colour, words["material"]: words["made of"][n % 3], words["weight"]: str(300 + 10 * n),
        })  # fmt: skip
    return pd.DataFrame(rows)


def kinds_found(products, folder):
    """Kind to the SKUs of its findings, of a file with these products."""
    products.to_csv(folder / "shop.csv", index=False)
    table = read_table(folder / "shop.csv")
    catalog = make_catalog(table, propose_columns(table).mapping)
    found = {}
    for finding in run_checks(subject_from(catalog), checks=CHECKED):
        found.setdefault(finding.kind, set()).update(finding.skus)
    return found


@pytest.fixture(scope="module", params=SHOPS)
def case(request, tmp_path_factory):
    """What is found in a file with all faults of a language, and the planted SKU and kind of each."""
    products, planted = shop(SHOPS[request.param]), []
    faults = [fault for fault in FAULTS if fault[0] == request.param]
    for place, (_, column, value, kind) in enumerate(faults):
        row = 1 + 9 * place  # a product of the second kind in the first colour
        products.loc[row, column] = value
        planted.append((kind, products["sku"][row]))
    return kinds_found(products, tmp_path_factory.mktemp("shop")), planted


@pytest.mark.parametrize("language", SHOPS)
def test_a_file_without_faults_has_none(language, tmp_path):
    assert kinds_found(shop(SHOPS[language]), tmp_path) == {}


def test_every_fault_is_found_by_its_name(case):
    found, planted = case

    assert [(kind, sku) for kind, sku in planted if sku not in found.get(kind, ())] == []


def test_a_product_without_a_fault_is_not_blamed(case):
    found, planted = case

    blamed = {(kind, sku) for kind, skus in found.items() if kind not in ("fillable", "picture") for sku in skus}
    assert {one for one in blamed if one[1] not in {sku for _, sku in planted}} == set()


@pytest.mark.parametrize("language", SHOPS)
def test_a_column_that_says_one_thing_is_constant(language, tmp_path):
    products = shop(SHOPS[language]).head(60)

    assert list(kinds_found(products.assign(origin="Norway"), tmp_path)) == ["constant column"]
