"""Faults planted into the samples, each with a name, so that checks can be held against the truth."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from sample_data.chance import Dice
from sample_data.products import Product, check_digit

Truth = dict[str, list[dict[str, Any]]]
"""Name to cases; each case has ``skus``, and ``was`` where a field was changed."""

Reword = Callable[[str], tuple[str, str]]
"""From a SKU to another title and description of the same product."""

ODD = {
    "outdoor": (
        ("Gift voucher processing fee", "Internal position, do not show in the shop."),
        ("Printer toner TN-2420, black", "For the office on the second floor. Replaces the empty one."),
        ("Annual travel insurance, family of four", "Covers medical costs abroad and lost luggage for twelve months."),
    ),
    "beauty_zh": (
        ("运费补差价专用链接", "差多少补多少，单拍不发货。"),
        ("办公室打印机墨盒 黑色", "内部采购使用，请勿上架。"),
        ("汽车轮胎 205/55R16 四季胎", "适用于多数家用轿车，到店安装。"),
    ),
}


CROPPED = "-cropped-"
"""Part of the name of a picture that is the middle of another one."""
OTHER_COLOURS = {
    "outdoor": (("fleece-sky-blue.", "fleece-red."), ("backpack-sky-blue.", "backpack-red.")),
    "beauty_zh": (("-7793ae.", "-d8a23f."),) * 2,
}
"""Parts of the names of a blue picture, and of the red or yellow one that is given in its place."""
UNLIKE_DEPARTMENTS = (
    ("Clothing", "Kitchen"), ("Footwear", "Kitchen"), ("Packs", "Kitchen"), ("美妆护肤", "家居生活 > 家"),
    ("家居生活 > 餐厨", "美妆护肤 > 面部护肤"),
)  # fmt: skip
"""Departments, each with one whose pictures are foreign to it."""


class _Planter:
    """Plants faults, each into products that have none yet."""

    def __init__(self, rows: list[Product], seed: int) -> None:
        self.dice = Dice(seed)
        self.rows = rows
        self.free = self.dice.some(range(len(rows)), len(rows))
        self.copies: list[Product] = []
        self.truth: Truth = {}
        self._next_sku = max(int(row["sku"][2:]) for row in rows) + 1

    def take(self, fits: Callable[[Product], bool] = lambda row: True) -> Product:
        """A product without a fault that fits, no longer free."""
        place = next(place for place, number in enumerate(self.free) if fits(self.rows[number]))
        return self.rows[self.free.pop(place)]

    def change(
        self,
        fault: str,
        count: int,
        field: str,
        new: Callable[[Product], str],
        fits: Callable[[Product], bool] = lambda row: True,
    ) -> None:
        """Change one field of so many products."""
        cases = self.truth.setdefault(fault, [])
        for _ in range(count):
            row = self.take(fits)
            cases.append({"skus": [row["sku"]], "was": row[field]})
            row[field] = new(row)

    def copy(self, fault: str, count: int, new: Callable[[Product], Product]) -> None:
        """Add so many products that repeat another one, changed, under a SKU of their own unless ``new`` sets one."""
        cases = self.truth.setdefault(fault, [])
        for _ in range(count):
            row = self.take()
            twin = row | {"sku": self.fresh_sku(row)} | new(row)
            self.copies.append(twin)
            cases.append({"skus": list(dict.fromkeys((row["sku"], twin["sku"])))})

    def fresh_sku(self, row: Product) -> str:
        """A SKU that nobody has."""
        self._next_sku += 1
        return f"{row['sku'][:2]}{self._next_sku}"

    def place_copies(self) -> None:
        """Put the added products anywhere into the file."""
        for twin in self.copies:
            self.rows.insert(self.dice.below(len(self.rows) + 1), twin)


def plant(rows: list[Product], shop: str, reword: Reword, spare: Sequence[Product], seed: int = 11) -> Truth:
    """Change and add rows in place; no product has two faults.

    Args:
        rows: the products of a shop, without faults.
        shop: ``outdoor`` or ``beauty_zh``.
        reword: says a product once more.
        spare: other products of the shop; each is added under the SKU of one of the rows.
        seed: the same seed plants the same faults.

    Returns:
        Fault name to its cases; a case names the SKUs concerned, and what a changed field held before.
    """
    planter, is_chinese = _Planter(rows, seed), shop == "beauty_zh"
    planter.copy("exact duplicate", 10, lambda row: {})
    planter.copy("near duplicate", 15, lambda row: _reworded(row, reword))
    others = iter(spare)
    planter.copy("repeated sku", len(spare), lambda row: next(others) | {"sku": row["sku"]})
    _plant_odd(planter, ODD[shop])
    categories = sorted({row["category"] for row in rows})
    planter.change("misfiled", 15, "category", lambda row: _wrong(row["category"], categories, planter.dice))
    for fault, count, field, new in _FIELDS:
        planter.change(fault, count, field, new)
    planter.change(
        "unreadable price",
        4,
        "price",
        lambda row: planter.dice.pick(("电询", "abc") if is_chinese else ("call us", "abc")),
    )
    planter.change("placeholder title", 3, "title", lambda row: "测试商品" if is_chinese else "test product")
    has_marks = (lambda row: True) if is_chinese else (lambda row: not row["description"].isascii())
    planter.change("mojibake", 5, "description", lambda row: _misread(row["description"], is_chinese), fits=has_marks)
    for own, other in OTHER_COLOURS[shop]:
        _plant_other_colour(planter, own, other)
    planter.change("picture of another product", 3, "image", partial(_foreign_picture, planter), _has_opposite)
    cropped = partial(_foreign_picture, planter, change=_cropped)
    planter.change("part of another picture", 2, "image", cropped, _has_opposite)
    planter.place_copies()
    return planter.truth


_FIELDS: tuple[tuple[str, int, str, Callable[[Product], str]], ...] = (
    ("price 100 times too high", 4, "price", lambda row: f"{float(row['price']) * 100:.2f}"),
    ("price zero", 3, "price", lambda row: "0"),
    ("missing brand", 5, "brand", lambda row: ""),
    ("empty title", 3, "title", lambda row: ""),
    ("empty description", 4, "description", lambda row: ""),
    ("wrong check digit", 5, "gtin", lambda row: row["gtin"][:12] + str((int(check_digit(row["gtin"][:12])) + 3) % 10)),
    (
        "markup in description",
        5,
        "description",
        lambda row: (
            f"<p><b>{row['brand']}</b> &ndash; {row['description']}</p><ul><li>{row['material']}</li></ul><br/>"
        ),
    ),
)


def _reworded(row: Product, reword: Reword) -> Product:
    """As a second supplier would have sent the same product: own words, no identifiers."""
    title, description = reword(row["sku"])
    price = f"{float(row['price']) * 1.02:.2f}"
    return {
        "title": title, "description": description, "price": price, "gtin": "", "mpn": "", "group_id": "", "url": "",
    }  # fmt: skip


def _plant_odd(planter: _Planter, odd: tuple[tuple[str, str], ...]) -> None:
    for title, description in odd:
        row = planter.take()
        blank = dict.fromkeys(row, "")
        keep = {name: row[name] for name in ("category", "price", "currency", "availability")}
        sku = planter.fresh_sku(row)
        planter.copies.append(blank | keep | {"sku": sku, "title": title, "description": description})
        planter.truth.setdefault("odd product", []).append({"skus": [sku]})


def whole_picture(image: str) -> str:
    """The picture that a cropped one is a part of; other pictures themselves."""
    return image.replace(CROPPED, "-")


def _cropped(image: str) -> str:
    """The name of the middle of a picture."""
    stem, _, colour = image.rpartition("-")
    return f"{stem}{CROPPED}{colour}"


def _plant_other_colour(planter: _Planter, own: str, other: str) -> None:
    """Give a product whose colour is named the picture of another colour."""
    pictures = {row["image"] for row in planter.rows}

    def fits(row: Product) -> bool:
        return bool(row["colour"]) and own in row["image"] and row["image"].replace(own, other) in pictures

    planter.change("picture of another colour", 1, "image", lambda row: row["image"].replace(own, other), fits)


def _has_opposite(row: Product) -> bool:
    return any(row["category"].startswith(department) for department, _ in UNLIKE_DEPARTMENTS)


def _foreign_picture(planter: _Planter, row: Product, change: Callable[[str], str] = str) -> str:
    """The picture of a product of a department that has nothing in common with the product's."""
    others = next(b for a, b in UNLIKE_DEPARTMENTS if row["category"].startswith(a))
    return change(planter.take(lambda other: other["category"].startswith(others))["image"])


def _wrong(category: str, categories: list[str], dice: Dice) -> str:
    department = category.split(" > ")[0]
    return dice.pick([other for other in categories if not other.startswith(department)])


def _misread(text: str, is_chinese: bool) -> str:
    """UTF-8 read as the encoding that was usual before it."""
    return text.encode().decode("gb18030" if is_chinese else "cp1252", errors="replace")
