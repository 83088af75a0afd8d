"""Writes the sample catalogs, all invented, from a seed; and catalogs of any size for benchmarks.

python -m sample_data.generate                                     rewrites the shipped files
python -m sample_data.generate --products 100000 --out big.csv     a large catalog
"""

import argparse
import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from sample_data import chinese, english
from sample_data.answers import good_answers
from sample_data.chance import Dice
from sample_data.drawings import as_webp, cropped, draw
from sample_data.faults import Reword, plant, whole_picture
from sample_data.histories import Event, draw_histories
from sample_data.models import Model, reworded
from sample_data.products import Product, columns, generate_products, make_products, products_with_models
from sample_data.shops import Shop, open_shop

__all__ = ["generate_products", "main", "write_catalog", "write_samples"]

FOLDER = Path(__file__).parent
SIZES = {"outdoor": 1500, "beauty_zh": 600}
SEED = 7

CHINESE_HEADER = {
    "sku": "商品编号", "title": "商品标题", "description": "商品描述", "brand": "品牌", "category": "类目",
    "price": "价格", "currency": "币种", "image": "主图", "url": "商品链接", "gtin": "条形码", "mpn": "型号",
    "availability": "库存状态", "group_id": "款号", "colour": "颜色", "material": "材质成分", "weight_g": "毛重(克)",
    "audience": "适用人群", "net_content": "净含量", "skin_type": "适用肤质", "shade": "色号", "capacity": "容量",
    "size": "规格",
}  # fmt: skip


def write_samples(folder: Path = FOLDER) -> None:
    """Write both shops, their pictures, the truth about them, and the shopper histories."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    for name, n in SIZES.items():
        shop = open_shop(name)
        stream = products_with_models(shop, SEED)
        made = list(islice(stream, n))
        spare = _first_of_models(stream, made[-1][0].number)
        rows = [dict(product) for _, product in made]
        truth = plant(rows, name, _reword(name, made), [product for _, product in spare])
        faulty = {sku for cases in truth.values() for case in cases for sku in case["skus"]}
        truth["good answers"] = good_answers(name, made, faulty)
        if name == "outdoor":
            events, truth["taste groups"] = draw_histories([product for _, product in made])
            _write_table(folder / "outdoor_histories.csv", Event._fields, events)
        used = {field for row in rows for field, value in row.items() if value}
        header = [field for field in columns(shop) if field in used]
        write_catalog(folder / f"{name}.csv", rows, header, CHINESE_HEADER if name == "beauty_zh" else {})
        _write_text(folder / f"{name}_truth.json", _json(truth))
        _write_pictures(folder, shop, made + spare, rows)


def write_catalog(path: Path, products: Iterable[Product], fields: Sequence[str], header: Mapping[str, str]) -> None:
    """Write products as UTF-8 CSV with plain line feeds, one by one: the same bytes on every system.

    Args:
        path: the file, which is replaced.
        products: any number of them.
        fields: which fields, in this order.
        header: what a field is called in the file, where that differs.
    """
    rows = ([product.get(field, "") for field in fields] for product in products)
    _write_table(path, [header.get(field, field) for field in fields], rows)


def _write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _first_of_models(stream: Iterator[tuple[Model, Product]], after: int) -> list[tuple[Model, Product]]:
    """The first variant of each of the three models that follow."""
    firsts: dict[int, tuple[Model, Product]] = {}
    for model, product in stream:
        if model.number > after + 3:
            return list(firsts.values())
        if model.number > after:
            firsts.setdefault(model.number, (model, product))
    return []


def _reword(shop: str, made: Sequence[tuple[Model, Product]]) -> Reword:
    """Names a product once more, from what is known about its model."""
    known = {product["sku"]: (model, product) for model, product in made}
    words, dice = (english if shop == "outdoor" else chinese), Dice(SEED + 2)

    def say(sku: str) -> tuple[str, str]:
        model, product = known[sku]
        other = reworded(model, dice)
        colour, size = model.variants[int(product["mpn"].rpartition("-")[2]) - 1]
        return words.title(other, colour, size), words.describe(other, dice)

    return say


def _write_pictures(folder: Path, shop: Shop, made: Sequence[tuple[Model, Product]], rows: Sequence[Product]) -> None:
    wanted = {
        shop.picture(model.kind, colour): (model.kind.shape, shop.colours[colour])
        for model, _ in made
        for colour, _ in model.variants
    }
    for image in {row["image"] for row in rows if row["image"]}:
        whole = whole_picture(image)
        picture = draw(*wanted[whole])
        (folder / image).write_bytes(as_webp(picture if image == whole else cropped(picture)))


def _json(truth: Mapping[str, Sequence[object]]) -> str:
    """One line per case, so that a change of the sample can be read in a diff."""
    named = (
        f"{json.dumps(name, ensure_ascii=False)}: [\n"
        + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
        + "\n]"
        for name, cases in truth.items()
    )
    return "{\n" + ",\n".join(named) + "\n}\n"


def _write_text(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def main() -> None:
    """Rewrite the samples, or write a large catalog without faults."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, help="how many products to write")
    parser.add_argument("--out", type=Path, help="the CSV to write them to")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--shop", choices=SIZES, default="outdoor")
    chosen = parser.parse_args()
    if (chosen.products is None) != (chosen.out is None):
        parser.error("--products and --out go together")
    if chosen.out is None:
        write_samples()
        return
    shop = open_shop(chosen.shop)
    header = CHINESE_HEADER if chosen.shop == "beauty_zh" else {}
    write_catalog(chosen.out, make_products(chosen.products, shop, chosen.seed), columns(shop), header)


if __name__ == "__main__":
    main()
