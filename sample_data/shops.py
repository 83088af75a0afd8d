"""What the invented shops sell: the word tables under ``words/``, read into values."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

WORDS = Path(__file__).parent / "words"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A feature or a use: how a title says it, and sentences that say it in a description."""

    words: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of product.

    Attributes:
        key: its name in the word table, such as ``rain-jacket``.
        category: path, joined by `` > ``.
        shape: which drawing shows it.
        names: phrasings of what it is.
        features, uses: what sets one apart, and what it is for.
        materials, colours: what it may be made of, and which colours it comes in.
        price: lowest and highest of the smallest size.
        weight: lowest and highest, in grams.
        attributes: other attributes and their values.
        sets: attributes that a feature or a use decides.
        plural: whether its names are plural (boots, trousers).
        audience: for whom it is cut; empty when that does not matter.
        size_name, sizes: the attribute in which variants differ and its values, smallest first.
        size_first: whether a title names the size before the product ("750 ml water bottle").
        size_price: how much dearer each size is than the one before it.
        colour_shown: whether the shop names the colour, or the picture alone has it.
        clash: features and uses that one product cannot have together.
    """

    key: str
    category: str
    shape: str
    names: tuple[str, ...]
    features: tuple[Phrase, ...]
    uses: tuple[Phrase, ...]
    materials: tuple[str, ...]
    colours: tuple[str, ...]
    price: tuple[float, float]
    weight: tuple[int, int]
    attributes: Mapping[str, tuple[str, ...]]
    sets: Mapping[str, Mapping[str, str]]
    plural: bool = False
    audience: tuple[str, ...] = ()
    size_name: str = ""
    sizes: tuple[str, ...] = ("",)
    size_first: bool = False
    size_price: float = 1.0
    colour_shown: bool = True
    clash: tuple[tuple[str, str], ...] = ()

    def fits(self, *words: str) -> bool:
        """Whether one product can have all these features and uses."""
        return not any(one in words and other in words for one, other in self.clash)


@dataclass(frozen=True, slots=True)
class Shop:
    """One invented shop.

    Attributes:
        name: the folder of its words, and the name of its files.
        prefix: how its SKUs begin.
        currency: of its prices.
        kinds: what it sells.
        brands: brand to the departments (first part of a category) that it sells in.
        series: names that brands give to their models.
        colours: colour to its value, such as ``#bf4142``.
    """

    name: str
    prefix: str
    currency: str
    kinds: tuple[Kind, ...]
    brands: Mapping[str, tuple[str, ...]]
    series: tuple[str, ...]
    colours: Mapping[str, str]

    def brands_in(self, category: str) -> list[str]:
        """The brands that sell in the department of this category."""
        department = category.split(" > ")[0]
        return [brand for brand, departments in self.brands.items() if department in departments]

    def attributes(self) -> list[str]:
        """Names of all attributes that differ by category, in the order of the word tables."""
        names = [name for kind in self.kinds for name in (kind.size_name, *kind.attributes) if name]
        return list(dict.fromkeys(names))

    def picture(self, kind: Kind, colour: str) -> str:
        """Path of the drawing of a kind in a colour, relative to the shop's file."""
        label = colour.lower().replace(" ", "-") if colour.isascii() else self.colours[colour].lstrip("#")
        return f"images/{kind.shape}-{label}.webp"


@cache
def open_shop(name: str) -> Shop:
    """The shop ``outdoor`` (English) or ``beauty_zh`` (Chinese)."""
    prefix = {"outdoor": "OH", "beauty_zh": "MZ"}[name]
    tables = {path.stem: _read(path) for path in sorted((WORDS / name).glob("*.toml"))}
    about = tables.pop("shop")
    kinds = tuple(_kind(key, row, about["palettes"]) for table in tables.values() for key, row in table.items())
    brands = {brand: tuple(departments) for brand, departments in about["brands"].items()}
    return Shop(name, prefix, about["currency"], kinds, brands, tuple(about["series"]), about["colours"])


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _kind(key: str, row: dict[str, Any], palettes: Mapping[str, list[str]]) -> Kind:
    phrases: dict[str, Any] = {
        part: tuple(Phrase(words, tuple(rest)) for words, *rest in row[part]) for part in ("features", "uses")
    }
    fixed: dict[str, Any] = {
        "attributes": {name: tuple(values) for name, values in row.get("attributes", {}).items()},
        "sets": row.get("sets", {}),
        "clash": tuple((one, other) for one, other in row.get("clash", ())),
        "colours": tuple(palettes[row["palette"]]),
    }
    plain: dict[str, Any] = {
        name: tuple(v) if isinstance(v, list) else v for name, v in row.items() if name != "palette"
    }
    return Kind(key=key, **(plain | phrases | fixed))
