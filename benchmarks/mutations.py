"""Files of every kind of catalog, each damaged in a way of its own: outside, and inside where a frame hides it.

A workbook and an archive are damaged in their members and packed again, Parquet between its frame's marks, and nested
formats also as trees, so that readers get further than to the first check.
"""

import copy
import gzip
import io
import json
import random
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pandas as pd

from sample_data.generate import generate_products

N_PRODUCTS = 40
KINDS = ("csv", "tsv", "xlsx", "parquet", "json", "jsonl", "xml", "html", "zip", "gz", "text")
MICRODATA = '<div itemscope itemtype="https://schema.org/Product"><span itemprop="name">Cup</span></div>'
_ODD_VALUES: tuple[Any, ...] = (
    None, True, "", " ", "\ud800", "\0", "x" * 3000, 0, -1, 1e308, 10**400, [], {}, [[]], {"": {}}, [1, "a"],
    {"value": []}, {"@type": "Product"},
    "2024-01-01", "<b>", "http://", "=1+1",
)  # fmt: skip
_VALUES = r"(?<=>)[^<>]{1,400}(?=<)|(?<=\")[^\"<>]{1,200}(?=\")"
_MARKUP = re.compile(rf"<[^<>]{{0,400}}>|{_VALUES}")
_ELEMENTS = re.compile(rf"<(\w[\w:]*)[^<>]{{0,400}}(?:/>|>[^<>]{{0,400}}</\1>)|{_VALUES}")
"""What can be changed without leaving a tag open: elements without others in them, values of attributes, texts."""
_ODD_TEXTS = (
    "", " ", "0", "-1", "1e999", "nan", "99999999999", "A1048577", "XFD1", "ZZZZ9", "true", "&amp;", "&#65;", "s",
    "str", "inlineStr", "e", "d", "b", "2147483648",
    "../../x", "\u202e", "9" * 400,
)  # fmt: skip
_PIECES = (
    b'"', b"'", b",", b";", b"\n", b"\r", b"\0", b'","', b'"\n"', b"\xff\xfe", b"<", b"{", b"sep=;\n", b"\t", b"\x1a",
    b"</", b"]]>", b"<!--",
)  # fmt: skip


def damaged_files(kind: str, n: int, chance: random.Random) -> Iterator[bytes]:
    """Yield ``n`` files of a kind of ``KINDS``."""
    for _ in range(n):
        yield _MAKERS[kind](chance)


@cache
def _products() -> pd.DataFrame:
    return generate_products(N_PRODUCTS)


def _text_file(separators: str) -> Callable[[random.Random], bytes]:
    def make(chance: random.Random) -> bytes:
        encoding = chance.choice(["utf-8", "utf-8", "utf-16", "gb18030", "utf-8-sig"])
        ends = chance.choice(["\n", "\r\n"])
        text = _products().to_csv(index=False, sep=chance.choice(separators), lineterminator=ends)
        return damaged(text.encode(encoding, "replace"), chance)

    return make


def _random_text(chance: random.Random) -> bytes:
    signs = 'ab1,;\t|"\n\r\\ é茶ж={}[]<>#' + chance.choice(["", "\0"])
    content = "".join(chance.choices(signs, k=chance.randint(1, 3000))).encode()
    return damaged(content, chance) if chance.random() < 0.5 else content


def _workbook(chance: random.Random) -> bytes:
    """Return a workbook of which one to three parts are damaged: bytes, values, elements, or the part as a whole."""
    parts = dict(_whole_workbook())
    for _ in range(chance.randint(1, 3)):
        name = chance.choice([*parts] or ["xl/workbook.xml"])
        content = parts.get(name, b"")
        match chance.randrange(12):
            case 0:
                parts[name] = damaged(content, chance, 2)
            case 1:
                parts.pop(name, None)
            case 2 if parts:
                parts[name] = parts[chance.choice([*parts])]
            case _:
                text = content.decode("utf-8", "replace")
                pieces = chance.choice([_ELEMENTS, _ELEMENTS, _ELEMENTS, _MARKUP])
                parts[name] = changed_markup(text, chance, pieces).encode("utf-8", "replace")
    return _packed(parts)


@cache
def _whole_workbook() -> tuple[tuple[str, bytes], ...]:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([*_products().columns])
    for row in _products().itertuples(index=False):
        sheet.append([*row])
    sheet["B3"], sheet["C4"] = "=1+1", pd.Timestamp("2024-05-01").to_pydatetime()
    book.create_sheet("Help").append(["how", "to"])
    stream = io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as archive:
        return tuple((name, archive.read(name)) for name in archive.namelist())


def _packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name)  # without the time: one seed, one file
            info.compress_type = method
            archive.writestr(info, content)
    return stream.getvalue()


def _parquet(chance: random.Random) -> bytes:
    """Return Parquet of odd columns, damaged in its pages or its footer, between marks and a length that fit."""
    data = _whole_parquet(chance)
    (length,) = struct.unpack("<I", data[-8:-4])
    pages, footer = data[4 : -8 - length], data[-8 - length : -8]
    match chance.randrange(4):
        case 0:
            pages = damaged(pages, chance, 2)
        case 1 | 2:
            footer = _flipped(footer, chance)
    return b"PAR1" + pages + footer + struct.pack("<I", len(footer)) + b"PAR1"


def _whole_parquet(chance: random.Random) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet

    n = N_PRODUCTS
    odd = {
        "when": pa.array([chance.choice([0, 2**62, -(2**62), None]) for _ in range(n)], pa.timestamp("us")),
        "for": pa.array([10**12] * n, pa.duration("s")),
        "day": pa.array([chance.randint(-(2**31), 2**31 - 1) for _ in range(n)], pa.date32()),
        "raw": pa.array([chance.randbytes(5) for _ in range(n)]),
        "list": pa.array([[{"a": None}], None] * (n // 2)),
        "map": pa.array([[("k", 1)], []] * (n // 2), pa.map_(pa.string(), pa.int8())),
        "none": pa.nulls(n),
        "kind": pa.array(["a", None] * (n // 2)).dictionary_encode(),
        "float": pa.array([float("nan"), float("inf")] * (n // 2)),
        "title": pa.array(["once more"] * n),
    }
    table = pa.Table.from_pandas(_products())
    for name in chance.sample([*odd], chance.randint(0, 4)):
        table = table.append_column(name, odd[name])
    stream = io.BytesIO()
    pyarrow.parquet.write_table(table, stream, compression=chance.choice(["none", "snappy", "zstd"]))
    return stream.getvalue()


def _json(chance: random.Random) -> bytes:
    items = changed_tree(_records(chance), chance)
    shape = chance.choice([items, {"products": items}, {"data": {"items": items}}, {"rows": items, "next": None}])
    text = json.dumps(shape, ensure_ascii=chance.random() < 0.5)
    content = text.encode("utf-8", "surrogatepass")
    return damaged(content, chance, 2) if chance.random() < 0.4 else content


def _json_lines(chance: random.Random) -> bytes:
    items = changed_tree(_records(chance), chance)
    items = items if isinstance(items, list) else [items]
    content = "\n".join(json.dumps(item) for item in items).encode()
    return damaged(content, chance, 2) if chance.random() < 0.6 else content


def _records(chance: random.Random) -> list[Any]:
    """Return products as interfaces write them: flat, or with variants, offers and pictures within."""
    flat: list[dict[str, Any]] = json.loads(_products().head(12).to_json(orient="records", force_ascii=False))
    nested = chance.random() < 0.6
    for n, item in enumerate(flat if nested else []):
        item["variants"] = [{"sku": f"{item['sku']}-{size}", "price": n, "option1": size} for size in "SM"]
        item["images"] = [{"src": f"https://shop.example/{n}.jpg"}]
        item["offers"] = {"price": {"amount": n, "currency": "EUR"}}
        item["options"] = [{"name": "Size", "values": ["S", "M"]}]
        if chance.random() < 0.3:
            item |= {"handle": f"h{n}", "vendor": "Tarn"}
    return flat


def changed_tree(tree: Any, chance: random.Random) -> Any:
    """Return a tree of JSON with one to six of its nodes changed, removed, doubled, wrapped or put elsewhere."""
    root = [copy.deepcopy(tree)]
    for _ in range(chance.randint(1, 6)):
        parent, key = chance.choice([*_nodes(root, 400)])
        match chance.randrange(6):
            case 0 if isinstance(parent, dict):
                del parent[key]
            case 1 if isinstance(parent, dict):
                parent[f"{key}.{key}"] = parent[key]
            case 2:
                parent[key] = [parent[key]] * chance.choice([1, 2, 30])
            case 3:
                for _ in range(chance.choice([1, 5, 200])):
                    parent[key] = {str(key): parent[key]}
            case 4:
                other, place = chance.choice([*_nodes(root, 400)])
                parent[key] = copy.deepcopy(other[place])
            case _:
                parent[key] = copy.deepcopy(chance.choice(_ODD_VALUES))
    return root[0]


def _nodes(tree: Any, most: int) -> Iterator[tuple[Any, Any]]:
    """Yield what holds each node of a tree, with its key; no more than ``most``."""
    waiting, n = [tree], 0
    while waiting and n < most:
        node = waiting.pop()
        inner = list(node.items() if isinstance(node, dict) else enumerate(node))
        for key, value in inner:
            yield node, key
            n += 1
            if isinstance(value, dict | list):
                waiting.append(value)


def _xml(chance: random.Random) -> bytes:
    item = chance.choice([
        "<item><g:id>{0}</g:id><title>{1}</title><g:price>{2} EUR</g:price><link>https://s.example/{0}</link></item>",
        "<SHOPITEM><ITEM_ID>{0}</ITEM_ID><PRODUCTNAME>{1}</PRODUCTNAME><PRICE_VAT>{2}</PRICE_VAT></SHOPITEM>",
        '<offer id="{0}" available="true"><name>{1}</name><price>{2}</price><categoryId>1</categoryId></offer>',
        '<thing nr="{0}"><name><![CDATA[{1}]]></name><price cur="EUR">{2}</price></thing>',
    ])  # fmt: skip
    rows = _products().head(12)[["sku", "title", "price"]].itertuples(index=False)
    items = "\n".join(item.format(sku, re.sub("[<&]", "", title), price) for sku, title, price in rows)
    before = '<?xml version="1.0" encoding="UTF-8"?>\n' * chance.randint(0, 1)
    text = f'{before}<rss xmlns:g="http://base.google.com/ns/1.0"><channel>\n{items}\n</channel></rss>'
    content = changed_markup(text, chance).encode("utf-8", "replace")
    return damaged(content, chance, 2) if chance.random() < 0.4 else content


def _html(chance: random.Random) -> bytes:
    rows = _products().head(12)[["sku", "title", "price"]].itertuples(index=False)
    table = "".join(f"<tr><td>{sku}</td><td colspan=1>{title}</td><td>{price}</td></tr>" for sku, title, price in rows)
    linked = json.dumps(
        changed_tree([{"@type": "Product", "name": "Mug", "sku": "M1", "offers": {"price": 5}}], chance)
    )
    text = (
        '<!doctype html><html><head><meta charset="utf-8"><meta property="og:title" content="Mug">'
        f'<script type="application/ld+json">{linked if chance.random() < 0.5 else ""}</script></head><body>'
        f"{MICRODATA if chance.random() < 0.3 else ''}<table><tr><th>sku</th><th>title</th><th>price</th></tr>"
        f"{table}</table></body></html>"
    )
    content = changed_markup(text, chance).encode("utf-8", "replace")
    return damaged(content, chance, 2) if chance.random() < 0.4 else content


def changed_markup(text: str, chance: random.Random, pieces: re.Pattern[str] = _MARKUP) -> str:
    """Return markup with one to six of its pieces changed, removed, doubled or put elsewhere: its tags and values."""
    for _ in range(chance.randint(1, 6)):
        spans = [match.span() for match in pieces.finditer(text)]
        if not spans:
            return text
        (start, end), (other_start, other_end) = chance.choice(spans), chance.choice(spans)
        piece = text[start:end]
        match chance.randrange(4):
            case 0:
                changed = ""
            case 1:
                changed = piece * chance.choice([2, 2, 50])
            case 2:
                changed = text[other_start:other_end]
            case _:
                changed = chance.choice(_ODD_TEXTS)
        text = text[:start] + changed + text[end:]
    return text


def _archive(chance: random.Random) -> bytes:
    """Return an archive whose members are damaged and packed well, or the other way round."""
    inner = chance.choice(["csv", "tsv", "json", "xml", "xlsx", "gz"])
    parts = {f"shop.{inner}": _MAKERS[inner](chance)}
    for n in range(chance.randint(0, 2)):
        parts[chance.choice(["__MACOSX/._shop.csv", "../read.me", "a/b/", f"empty{n}.csv"])] = chance.randbytes(3 * n)
    data = _packed(
        parts, chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    )
    return damaged(data, chance, 1) if chance.random() < 0.3 else data


def _gzip(chance: random.Random) -> bytes:
    data = gzip.compress(_MAKERS[chance.choice(["csv", "json", "jsonl", "xml"])](chance), mtime=0)
    return damaged(data, chance, 1) if chance.random() < 0.3 else data


def damaged(content: bytes, chance: random.Random, most: int = 6) -> bytes:
    """Return bytes damaged one to ``most`` times."""
    data = bytearray(content)
    for _ in range(chance.randint(1, most)):
        chance.choice(_DAMAGES)(data, chance)
    return bytes(data)


def _flipped(content: bytes, chance: random.Random) -> bytes:
    data = bytearray(content)
    _flip(data, chance)
    return bytes(data)


def _place(data: bytearray, chance: random.Random) -> int:
    return chance.randrange(len(data) + 1)


def _flip(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 20)):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[_place(data, chance) :]


def _remove(data: bytearray, chance: random.Random) -> None:
    start = _place(data, chance)
    del data[start : start + chance.randint(1, 200)]


def _repeat(data: bytearray, chance: random.Random) -> None:
    start = _place(data, chance)
    data[start:start] = data[start : start + chance.randint(1, 500)] * chance.randint(1, 5)


def _insert(data: bytearray, chance: random.Random) -> None:
    piece = chance.choice(_PIECES)
    for _ in range(chance.randint(1, 10)):
        start = _place(data, chance)
        data[start:start] = piece


def _swap(data: bytearray, chance: random.Random) -> None:
    lines = data.split(b"\n")
    chance.shuffle(lines)
    data[:] = b"\n".join(lines)


_DAMAGES: list[Callable[[bytearray, random.Random], None]] = [_flip, _cut, _remove, _repeat, _insert, _insert, _swap]
_MAKERS: dict[str, Callable[[random.Random], bytes]] = {
    "csv": _text_file(",;|"),
    "tsv": _text_file("\t"),
    "xlsx": _workbook,
    "parquet": _parquet,
    "json": _json,
    "jsonl": _json_lines,
    "xml": _xml,
    "html": _html,
    "zip": _archive,
    "gz": _gzip,
    "text": _random_text,
}
