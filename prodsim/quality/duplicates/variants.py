"""What distinguishes variants of one product: colours, sizes, amounts, model numbers, and columns of such."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import comparable_gtin
from prodsim.phrases import Text
from prodsim.quality.duplicates.pairs import ProductPairs, TokenSets, quantities_differ
from prodsim.quality.subject import Subject
from prodsim.traits.quantities import BASES, UNIT_DIMENSIONS, find_quantities

COLOUR_NAMES = (
    "black|黑", "white|白", "red|红", "blue|蓝", "green|绿", "yellow|黄", "orange|橙|橘", "purple|violet|紫", "pink|粉",
    "brown|棕|咖", "grey|gray|灰", "silver|银", "gold|golden|金", "beige|米", "navy|藏青", "teal|青", "turquoise",
    "khaki|卡其", "ivory|cream|奶白|象牙", "charcoal|炭", "burgundy|maroon|wine|酒红", "olive|橄榄", "coral|珊瑚",
    "mustard|姜黄",
    "bronze|古铜", "copper|铜", "lavender|薰衣草", "mint|薄荷", "sand|沙", "slate", "stainless|inox", "graphite|石墨",
    "rose|玫瑰", "peach|桃", "tan|驼", "lilac|丁香", "plum|梅", "indigo|靛", "magenta", "cyan", "terracotta|陶土",
)  # fmt: skip
"""Names of colours, English and Chinese; the names of one entry mean the same."""
SIZE_NAMES = ("xxs", "xs", "s|均码小", "m", "l", "xl", "xxl|2xl", "xxxl|3xl", "4xl", "5xl")
CONTRASTS = (
    "men|mens|gents|男士|男款|男鞋|男表", "women|womens|ladies|女士|女款|女鞋|女表",
    "boys|boy|男童|男孩", "girls|girl|女童|女孩", "left|左侧|左手", "right|右侧|右手",
    "day|日间|日霜|日用", "night|夜间|晚间|晚霜|夜用", "with", "without", "wired|有线", "wireless|无线",
    "scented|有香", "unscented|无香", "oily|有油|油性", "oil-free|无油|干性", "indoor|室内", "outdoor|户外",
)  # fmt: skip
"""Words that distinguish variants, English and Chinese; the names of one entry mean the same."""
VARIANT_COLUMNS = re.compile(
    r"colou?r|shade|size|capacity|volume|storage|memory|pack|flavou?r|scent|length|width|power|brightness|"
    r"颜色|色号|尺码|尺寸|容量|规格|净含量|口味|香型|长度|功率|内存",
    re.IGNORECASE,
)
"""Headers of columns in which variants of one product differ."""
DIFFERENCES: Mapping[str, Text] = {
    "colour": Text("colour"),
    "size": Text("size"),
    "kind": Text("kind"),
    "model number": Text("model number"),
    "GTIN": Text("GTIN"),
    "volume": Text("volume"),
    "mass": Text("weight"),
    "length": Text("length"),
    "storage": Text("storage"),
    "power": Text("power"),
    "voltage": Text("voltage"),
    "charge": Text("battery capacity"),
    "light": Text("brightness"),
    "count": Text("number of pieces"),
}
"""What differs between variants; a name that is missing here is a column."""

_NUMBERED_SIZE = re.compile(r"\b(?:size|eu|uk|us)\s?(\d{1,2}(?:\.5)?)\b|(?<!\d)(\d{2,3}(?:\.5)?)\s?码", re.IGNORECASE)
_LETTER_SIZE = re.compile(r"(?<![\w'’.&-])(?:XXS|XS|S|M|L|XL|XXL|XXXL|[2-5]XL)(?![\w'’.&-])")
_NAME_IN_LATIN = re.compile(r"[a-z]+")
_COLOUR_BY_CHARACTERS = re.compile("[\u4e00-\u9fff]{1,3}色|[黑白红蓝绿黄橙紫粉棕灰银金](?![\u4e00-\u9fff])")
_NO_COLOURS = tuple(f"{word}色" for word in "褪掉脱显变上染补提气肤绝特出角本润")
"""Chinese words that end in 色 and name no colour: 褪色 fades, 气色 is a complexion, 绝色 a beauty."""
_RED_COSMETICS = re.compile("口红|腮红")
"""Lipstick and blush, whatever their colour."""


def _first_names(entries: Sequence[str]) -> dict[str, str]:
    """Map each name of each entry to the first name of that entry."""
    return {name: names.split("|")[0] for names in entries for name in names.split("|")}


_COLOUR_OF, _SIZE_OF, _CONTRAST_OF = _first_names(COLOUR_NAMES), _first_names(SIZE_NAMES), _first_names(CONTRASTS)
_CHINESE_CONTRASTS = [name for name in _CONTRAST_OF if not name.isascii()]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int64]


def find_colours(text: str) -> frozenset[str]:
    """Return the colours that a text names, by the first name of each in ``COLOUR_NAMES``; 抹茶绿色 is one of its own.

    Chinese ones count where they end in 色 or stand before a break, since 金 and 白 also stand in other words.
    """
    colours = {_COLOUR_OF[word] for word in _NAME_IN_LATIN.findall(text.lower()) if word in _COLOUR_OF}
    for name in _COLOUR_BY_CHARACTERS.findall(_RED_COSMETICS.sub("", text)):
        if not name.endswith(_NO_COLOURS):
            colours.add(_COLOUR_OF.get(name.removesuffix("色"), name))
    return frozenset(colours)


def find_sizes(text: str) -> frozenset[str]:
    """Return the sizes of clothes and shoes that a text names: capital S to 5XL, size 43, EU 43, 42码."""
    letters = {_SIZE_OF[size.lower()].upper() for size in _LETTER_SIZE.findall(text)}
    return frozenset(letters | {latin or chinese for latin, chinese in _NUMBERED_SIZE.findall(text)})


def find_contrasts(text: str) -> frozenset[str]:
    """Return the words of ``CONTRASTS`` in a text, by the first name of each."""
    words = [word for word in _NAME_IN_LATIN.findall(text.lower()) if word in _CONTRAST_OF]
    words += [word for word in _CHINESE_CONTRASTS if word in text]
    return frozenset(_CONTRAST_OF[word] for word in words)


@dataclass(frozen=True)
class VariantAttributes:
    """The attributes of products by which variants differ.

    Attributes:
        titles: of the products.
        sets: attribute to what each product's title says of it, a set per product.
        tokens: ``sets``, to compare many at a time.
        codes: attribute to a number per product, -1 where the value is unknown.
        values: the texts of ``codes``.
    """

    titles: Sequence[str]
    sets: Mapping[str, Sequence[frozenset[str]]]
    tokens: Mapping[str, TokenSets]
    codes: Mapping[str, Codes]
    values: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, subject: Subject) -> Self:
        """Read every product's title, its codes and the columns of ``VARIANT_COLUMNS``."""
        products = subject.catalog.products
        titles = products["title"].tolist()
        columns = [name for name in subject.catalog.attributes if VARIANT_COLUMNS.search(name)]
        values = {name: [str(value).strip().casefold() for value in products[name]] for name in columns}
        values["model number"] = products["mpn"].str.casefold().tolist()
        values["GTIN"] = [comparable_gtin(gtin) or gtin.lstrip("0") for gtin in products["gtin"]]
        codes = {name: _codes(texts) for name, texts in values.items()}
        finders = {"colour": find_colours, "size": find_sizes, "kind": find_contrasts}
        sets = {name: [find(title) for title in titles] for name, find in finders.items()}
        return cls(titles, sets, {name: TokenSets.of(texts) for name, texts in sets.items()}, codes, values)

    def differing(self, subject: Subject, pairs: ProductPairs) -> dict[str, Flags]:
        """Return for each attribute whether the two of each pair differ; an unknown value is no difference.

        Sets differ when each has something that the other lacks: "navy blue" and "blue" do not.
        """
        differs = {name: tokens.differ(pairs) for name, tokens in self.tokens.items()}
        for name, own in self.codes.items():
            a, b = own[pairs.a], own[pairs.b]
            differs[name] = differs.get(name, np.zeros(len(pairs), bool)) | ((a != b) & (a >= 0) & (b >= 0))
        amounts = quantities_differ(subject.comparer.traits, pairs)
        for dimension, name in enumerate(UNIT_DIMENSIONS):
            differs[name] = differs.get(name, np.zeros(len(pairs), bool)) | amounts[:, dimension]
        return differs

    def value_of(self, name: str, row: int) -> str:
        """Return a product's value of an attribute, for people; ``""`` where it is unknown."""
        text = self.values[name][row] if name in self.values else ""
        if not text and name in self.sets:
            text = "/".join(sorted(self.sets[name][row]))
        if not text and name in UNIT_DIMENSIONS:
            wanted, quantities = UNIT_DIMENSIONS.index(name), find_quantities(self.titles[row])
            text = ", ".join(f"{amount:g} {BASES[wanted]}" for dimension, amount in quantities if dimension == wanted)
        return text


def _codes(texts: Sequence[str]) -> Codes:
    """Number texts, the same text by the same number; -1 for an empty one."""
    values = pd.Series(texts, dtype=object)
    codes, _ = pd.factorize(values.where(values != ""))
    return codes.astype(np.int64)
