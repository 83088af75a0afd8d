"""A small shop whose words are known, built once."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, OpenCatalog, Workspace

COLUMNS = ("sku", "title", "description", "brand", "category", "price", "currency", "availability", "colour", "material", "audience", "size")  # fmt: skip
ROWS = (
    ("J1", "Rain jacket Fjord", "Keeps the rain out. It has two pockets.", "Nordvik", "Clothing > Jackets > Rain jackets", 80, "GBP", "in stock", "Black", "recycled nylon", "women", "M"),
    ("J2", "Rain jacket Fjord", "Keeps the rain out.", "Nordvik", "Clothing > Jackets > Rain jackets", 90, "GBP", "out of stock", "Sky Blue", "recycled nylon", "men", "L"),
    ("J3", "Padded jacket Sund", "Warm in the snow.", "Holm & Sons", "Clothing > Jackets > Padded jackets", 150, "GBP", "in stock", "Red", "recycled nylon", "women", "M"),
    ("S1", "Walking socks Sti", "Soft and warm.", "Nordvik", "Clothing > Socks", 12, "GBP", "in stock", "Red", "merino wool", "", "39"),
    ("S2", "Walking socks Vei", "Soft and cool.", "Holm & Sons", "Clothing > Socks", 9, "GBP", "in stock", "Black", "organic cotton", "", "42"),
    ("B1", "Throw Hygge", "A heavy throw for the sofa.", "Holm & Sons", "Home > Blankets and throws", 45, "GBP", "in stock", "Cream", "lambswool", "", ""),
    ("M1", "Coffee mug Morgen", "Holds 350 ml. Safe in a microwave.", "Nordvik", "Kitchen > Mugs", 14, "GBP", "in stock", "Cream", "stoneware", "", ""),
    ("T1", "Head torch Lys", "Rechargeable by USB. Six hours of light.", "Lumo", "Lighting > Head torches", 40, "GBP", "in stock", "Black", "aluminium", "", ""),
)  # fmt: skip
CHINESE = (
    ("K1", "木棉滋润口红 3.2g", "显白。", "野芷记", "美妆 > 彩妆 > 口红", 62, "CNY", "在售", "豆沙红", "蜂蜡", "", ""),
    ("K2", "流萤哑光口红 3.2g", "显白。", "鹿汀 LUTING", "美妆 > 彩妆 > 口红", 188, "CNY", "有货", "焦糖棕", "蜂蜡", "", ""),
    ("C1", "静音风扇 8寸", "静音的风扇，适合卧室。", "砚白", "家电 > 风扇", 120, "CNY", "有货", "奶白色", "ABS", "", ""),
    ("C2", "静音风扇 6寸", "静音的风扇。", "砚白", "家电 > 风扇", 350, "CNY", "有货", "浅灰色", "ABS", "", ""),
    ("F1", "保湿面霜 50g", "温和。", "澄芜", "美妆 > 面部护肤 > 面霜", 160, "CNY", "有货", "", "玻尿酸", "", ""),
)  # fmt: skip


def open_shop(folder: Path, name: str, rows: Sequence[tuple[object, ...]], columns: Sequence[str]) -> OpenCatalog:
    pd.DataFrame(rows, columns=list(columns)).to_csv(folder / f"{name}.csv", index=False)
    workspace = Workspace(Settings(folder / "home"))
    workspace.build(BuildRequest(folder / f"{name}.csv", encoder="hashing"))
    return workspace.open(name)


@pytest.fixture(scope="session")
def english(tmp_path_factory: pytest.TempPathFactory) -> OpenCatalog:
    return open_shop(tmp_path_factory.mktemp("ask"), "shop", ROWS, COLUMNS)


@pytest.fixture(scope="session")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> OpenCatalog:
    columns = ("sku", "标题", "描述", "品牌", "类目", "价格", "币种", "库存状态", "颜色", "材质", "audience", "尺码")
    return open_shop(tmp_path_factory.mktemp("ask"), "店", CHINESE, columns)
