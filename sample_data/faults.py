"""Faults planted into the samples, each with a name, so that checks can be held against the truth."""

import random
from collections.abc import Callable
from typing import Any

Product = dict[str, Any]
Truth = dict[str, Any]


def plant(rows: list[Product], is_chinese: bool, seed: int = 11) -> Truth:
    """Change and add rows in place; returns fault name to the SKUs concerned and what was done."""
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    free = list(range(len(rows)))
    rng.shuffle(free)
    truth: Truth = {}

    def each(name: str, count: int, change: Callable[[Product], Any]) -> None:
        truth[name] = [
            {"skus": [rows[i]["sku"]], "was": change(rows[i])} for i in (free.pop() for _ in range(count))
        ]

    truth["exact duplicate"] = [_copy(rows, free.pop(), "D", lambda row: None) for _ in range(10)]
    truth["near duplicate"] = [_copy(rows, free.pop(), "N", lambda row: _reword(row, is_chinese)) for _ in range(15)]
    categories = sorted({row["category"] for row in rows})
    each("misfiled", 15, lambda row: _misfile(row, categories, rng))
    each("placeholder title", 3, lambda row: _set(row, "title", "测试商品" if is_chinese else "test product"))
    each("unreadable price", 4, lambda row: _set(row, "price", "电询" if is_chinese else "call us"))
    each("price 100 times too high", 4, lambda row: _set(row, "price", f"{float(row['price']) * 100:.2f}"))
    each("price zero", 3, lambda row: _set(row, "price", "0"))
    each("missing brand", 5, lambda row: _set(row, "brand", ""))
    each("empty title", 2, lambda row: _set(row, "title", ""))
    each("wrong check digit", 5, lambda row: _set(row, "gtin", row["gtin"][:-1] + str((int(row["gtin"][-1]) + 3) % 10)))
    each("markup in description", 4, lambda row: _set(row, "description", f"<p><b>{row['title']}</b><br>{row['description']}</p>"))
    each("mojibake", 3, lambda row: _set(row, "description", ("清洁&amp;保湿 " if is_chinese else "CafÃ© and crÃ¨me brÃ»lÃ©e. ") + row["description"]))
    twice = rows[free.pop()]
    rows.append(twice | {"price": f"{float(twice['price']) + 1:.2f}"})
    truth["repeated sku"] = [{"skus": [twice["sku"]], "was": twice["price"]}]
    return truth


def _copy(rows: list[Product], original: int, mark: str, change: Callable[[Product], None]) -> dict[str, Any]:
    copy = rows[original] | {"sku": rows[original]["sku"] + mark}
    change(copy)
    rows.append(copy)
    return {"skus": [rows[original]["sku"], copy["sku"]]}


def _reword(row: Product, is_chinese: bool) -> None:
    """The same product as another person would have typed it."""
    words = row["title"].split()
    row["title"] = " ".join([*words[1:], words[0]]) if is_chinese else row["title"].lower().replace(",", "").replace(" - ", " ")
    row["price"] = f"{float(row['price']) + 0.5:.2f}"
    row["gtin"], row["mpn"] = "", row["mpn"]


def _misfile(row: Product, categories: list[str], rng: random.Random) -> str:
    top = row["category"].split(" > ")[0]
    others = [category for category in categories if not category.startswith(top)]
    return _set(row, "category", rng.choice(others))


def _set(row: Product, field: str, value: str) -> str:
    old = str(row[field])
    row[field] = value
    return old
