"""Writes the sample catalogs, all invented, from a seed; and catalogs of any size for benchmarks.

    python -m sample_data.generate                                     rewrites the shipped files
    python -m sample_data.generate --products 100000 --out big.csv     a large catalog
"""

import argparse
import csv
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sample_data import kinds_en, kinds_zh
from sample_data.drawings import draw
from sample_data.faults import plant
from sample_data.histories import write_histories
from sample_data.kinds_en import Kind

FOLDER = Path(__file__).parent
COLUMNS = (
    "sku title description brand category price currency image url gtin mpn availability group_id colour size material".split()
)
CHINESE_COLUMNS = dict(
    zip(COLUMNS, "商品编号 商品标题 商品描述 品牌 类目 价格 币种 主图 商品链接 条码 型号 库存状态 款号 颜色 规格 材质".split(), strict=True)
)


@dataclass(frozen=True, slots=True)
class Shop:
    """One invented shop.

    Attributes:
        kinds, brands, series, colours: what its products are made of.
        prefix: how its SKUs begin.
        is_chinese: its language.
    """

    kinds: tuple[Kind, ...]
    brands: tuple[str, ...]
    series: list[str]
    colours: dict[str, str]
    prefix: str
    is_chinese: bool = False


ENGLISH = Shop(kinds_en.KINDS, kinds_en.BRANDS, kinds_en.SERIES, kinds_en.COLOURS, "OH")
CHINESE = Shop(kinds_zh.KINDS, kinds_zh.BRANDS, kinds_zh.SERIES, kinds_zh.COLOURS, "MZ", is_chinese=True)

Product = dict[str, Any]


def products(n: int, shop: Shop = ENGLISH, seed: int = 7) -> Iterator[Product]:
    """n products, variants of one model behind each other; the same seed gives the same products."""
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    made = model = 0
    while made < n:
        for product in _model(rng, shop, model):
            if made < n:
                yield product | {"sku": f"{shop.prefix}{100000 + made:06d}"}
                made += 1
        model += 1


def generate_products(n: int, seed: int = 7) -> pd.DataFrame:
    """n English products as a table of text and prices, for benchmarks and tests."""
    return pd.DataFrame(products(n, seed=seed), columns=COLUMNS)


def _model(rng: random.Random, shop: Shop, number: int) -> Iterator[Product]:
    """The variants of one model: one to four sizes or colours."""
    kind = shop.kinds[number % len(shop.kinds)] if number < len(shop.kinds) else rng.choice(shop.kinds)
    brand, series, name = rng.choice(shop.brands), rng.choice(shop.series), rng.choice(kind.names)
    traits = rng.sample(kind.traits, 2)
    code = f"{brand[:1].upper()}{series[:1].upper()}-{rng.randint(100, 9999)}" if not shop.is_chinese else f"M{rng.randint(100, 9999)}"
    price = round(rng.uniform(*kind.price), 0) - (0.05 if not shop.is_chinese else 0.1)
    description = _description(rng, shop, kind, name, traits)
    material, template = rng.choice(kind.materials), rng.randrange(5)
    pairs = [(c, s) for c in shop.colours for s in kind.sizes]
    for colour, size in rng.sample(pairs, min(len(pairs), rng.choice((1, 1, 2, 3, 4)))):
        title = _title(shop, template, brand, series, name, traits, colour, size, code, rng.choice(kind.uses))
        yield {
            "sku": "",
            "title": title,
            "description": description,
            "brand": brand,
            "category": kind.category,
            "price": f"{price:.2f}",
            "currency": "CNY" if shop.is_chinese else "EUR",
            "image": f"images/{kind.shape}-{list(shop.colours).index(colour)}{'z' if shop.is_chinese else ''}.svg",
            "url": f"https://shop.example/{code.lower()}/{number}",
            "gtin": _gtin(rng),
            "mpn": code,
            "availability": rng.choices(("in stock", "out of stock", "preorder") if not shop.is_chinese else ("有货", "缺货", "预售"), (85, 12, 3))[0],
            "group_id": f"G{number:05d}",
            "colour": colour,
            "size": size,
            "material": material,
        }


def _title(
    shop: Shop, template: int, brand: str, series: str, name: str, traits: list[str], colour: str, size: str, code: str, use: str
) -> str:
    if shop.is_chinese:
        return (
            f"{brand} {series}{name} {size} {traits[0]} {traits[1]} {colour}",
            f"{brand}{traits[0]}{name}{size} {colour} {use}",
            f"{name} {brand} {series}系列 {traits[0]} {size} {colour}",
            f"{brand} {traits[1]}{name} {traits[0]} {colour} {size}装",
            f"【{series}】{brand}{name} {traits[0]} 适合{use} {size}",
        )[template]
    return (
        f"{brand} {series} {traits[0]} {name}, {colour}, {size}",
        f"{brand} {traits[0]} {name} {series} - {colour} ({size})",
        f"{series} {name} by {brand} - {traits[0]}, {traits[1].lower()}, {colour.lower()}, {size}",
        f"{brand} {code} {name} {size} {colour}",
        f"{traits[0]} {name} for {use} | {brand} {series}, {colour}, {size}",
    )[template]


def _description(rng: random.Random, shop: Shop, kind: Kind, name: str, traits: list[str]) -> str:
    first, second = rng.sample(kind.details, 2)
    use, other = rng.sample(kind.uses, 2)
    if shop.is_chinese:
        opening = (f"这款{name}{traits[0]}，适合{use}。", f"{use}就选它：{traits[0]}的{name}。", f"为{use}准备的{name}，{traits[1]}。")
        return f"{rng.choice(opening)}{first}{second}也适合{other}。"
    low, trait = name.lower(), traits[0].lower()
    one = f"{'an' if trait[0] in 'aeiou' else 'a'} {trait} {low}"
    this, was, does = f"this {low}", "was", "does its"
    if low.endswith("s") and not low.endswith("ss"):  # boots, socks, trousers
        one, this, was, does = f"{trait} {low}", f"these {low}", "were", "do their"
    opening = (
        f"{one[0].upper()}{one[1:]} for {use}.",
        f"Made for {use}: {one} that {does} job.",
        f"{this[0].upper()}{this[1:]} {was} designed with {use} in mind.",
        f"Whether it is {use} or {other}, {this} will not let you down.",
    )
    return f"{rng.choice(opening)} {first} {second}"


def _gtin(rng: random.Random) -> str:
    """13 digits with the right check digit, in the range that is never given to real articles (02)."""
    digits = [0, 2] + [rng.randint(0, 9) for _ in range(10)]
    check = -sum(d * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10
    return "".join(map(str, [*digits, check]))


def write_csv(path: Path, rows: Iterator[Product] | list[Product], header: dict[str, str] | None = None) -> None:
    """Write products as UTF-8 CSV with ``\\n`` line ends, the same bytes on every system."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([(header or {}).get(name, name) for name in COLUMNS])
        writer.writerows([row[name] for name in COLUMNS] for row in rows)


def write_samples(folder: Path = FOLDER) -> None:
    """Write both shops, their pictures, the truth about planted faults, and the shopper histories."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    for shop, name, n, header in ((ENGLISH, "outdoor", 1500, None), (CHINESE, "beauty_zh", 600, CHINESE_COLUMNS)):
        rows = list(products(n, shop))
        clean = [dict(row) for row in rows]
        truth = plant(rows, shop.is_chinese)
        write_csv(folder / f"{name}.csv", rows, header)
        if not shop.is_chinese:
            truth["taste groups"] = write_histories(folder / "outdoor_histories.csv", clean)
        _write_text(folder / f"{name}_truth.json", json.dumps(truth, ensure_ascii=False, indent=1) + "\n")
        for row in clean:
            shape, _, rest = Path(row["image"]).stem.rpartition("-")
            colour = list(shop.colours.values())[int(rest.rstrip("z"))]
            _write_text(folder / row["image"], draw(shape, colour))


def _write_text(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def main() -> None:
    """Rewrite the samples, or write a large catalog."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, help="how many products to write")
    parser.add_argument("--out", type=Path, help="the CSV to write them to")
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    if (chosen.products is None) != (chosen.out is None):
        parser.error("--products and --out go together")
    if chosen.out is None:
        write_samples()
    else:
        write_csv(chosen.out, products(chosen.products, seed=chosen.seed))


if __name__ == "__main__":
    main()
