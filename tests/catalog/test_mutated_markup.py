"""Damaged JSON, XML and web pages: read as far as they go, or refused with a message; never anything else."""

import json
import random

import pytest

from prodsim.catalog import read_table
from prodsim.errors import CatalogError

PRODUCTS = [
    {"sku": f"P-{n}", "title": f"Кружка {n}", "price": {"value": n, "currency": "EUR"}, "brand": {"name": "Tarn"},
     "images": [{"src": f"https://shop.example/{n}.jpg"}], "attributes": [{"name": "Color", "value": "red"}],
     "variants": [{"sku": f"P-{n}-{size}", "size": size, "price": n} for size in "SM"]}
    for n in range(6)
]  # fmt: skip
SHOPIFY = [
    {"title": f"Mug {n}", "handle": f"mug-{n}", "vendor": "Tarn", "options": [{"name": "Size", "values": ["S"]}],
     "images": [{"id": 1, "src": "https://shop.example/1.jpg"}], "variants": [{"sku": f"M{n}", "price": "5.00", "option1": "S"}]}
    for n in range(6)
]  # fmt: skip
ITEM = (
    "<item><g:id>{0}</g:id><title>Mug &amp; cup {0}</title><g:price>{0}.00 EUR</g:price><description><![CDATA[<b>Nice</b>]]></description>"
    '<param name="Color">red</param></item>'
)
OFFER = '<offer id="{0}" available="true"><name>Чашка {0}</name><price>{0}</price><categoryId>1</categoryId><param name="Цвет">синий</param></offer>'
ROW = "<tr><td>P{0}</td><td>Mug {0}</td><td>{0}.50</td></tr>"
LINKED = {"@type": "Product", "name": "Mug", "sku": "M1", "offers": {"price": 5, "priceCurrency": "EUR"}}


def repeated(text):
    return "\n".join(text.format(n) for n in range(6))


SEEDS = {
    "json": json.dumps({"products": PRODUCTS}, ensure_ascii=False, indent=1).encode(),
    "shopify": json.dumps({"products": SHOPIFY}).encode(),
    "json lines": "\n".join(json.dumps(product) for product in PRODUCTS).encode(),
    "merchant": f'<rss xmlns:g="http://base.google.com/ns/1.0"><channel>\n{repeated(ITEM)}\n</channel></rss>'.encode(),
    "yml": (
        '<?xml version="1.0" encoding="windows-1251"?><yml_catalog><shop><categories><category id="1">Дом</category></categories><offers>'
        f"{repeated(OFFER)}</offers></shop></yml_catalog>"
    ).encode("windows-1251"),
    "unknown xml": ("<shop><list>" + repeated('<thing nr="{0}"><name>Mug {0}</name><price>5</price></thing>') + "</list></shop>").encode(),
    "table": f"<html><body><table><tr><th>sku</th><th>title</th><th>price</th></tr>{repeated(ROW)}</table></body></html>".encode(),
    "page": f'<!doctype html><html><script type="application/ld+json">{json.dumps([LINKED] * 3)}</script><p>Mug</p></html>'.encode(),
}  # fmt: skip
PIECES = [
    b"<", b">", b"&", b'"', b"'", b"{", b"}", b"[", b"]", b",", b":", b"\x00", b"\xff", b"\xef\xbb\xbf", b"]]>", b"<![CDATA[", b"<!--", b"-->",
    b"<item>", b"</item>", b"</offer>", b"<!DOCTYPE a [", b"&nbsp;", b"&#0;", b"&#xD800;", b"\\ud800", b"1e999", b"NaN", b"null", b"<table>",
    b'xmlns:g="', b"<?xml version='1.0'?>", b"9" * 5000, b"<a>" * 300, b"[" * 2000, b"{}", b"\r", b"\n\n",
]  # fmt: skip


def mutated(content, rng):
    """Return a content with one to four pieces changed, removed, doubled, cut off or put in."""
    data = bytearray(content)
    for _ in range(rng.randint(1, 4)):
        start = rng.randrange(len(data) + 1)
        end = min(len(data), start + rng.choice((1, 2, 8, 60)))
        match rng.randrange(5):
            case 0:
                data[start:end] = bytes([rng.randrange(256)])
            case 1:
                del data[start:end]
            case 2:
                data[start:start] = rng.choice(PIECES)
            case 3:
                data[start:start] = data[start:end]
            case _:
                del data[start + len(data) // 2 :]
    return bytes(data)


@pytest.mark.parametrize("kind", SEEDS)
def test_whatever_is_damaged_is_read_or_told(kind, tmp_path):
    rng = random.Random(kind)
    path = tmp_path / "shop"
    n_read = 0
    for _ in range(60):
        path.write_bytes(mutated(SEEDS[kind], rng))
        try:
            table = read_table(path)
        except CatalogError as error:
            assert error.what
            assert error.fix
            continue
        n_read += 1
        assert len(table.frame) == len(table.lines) == table.facts.n_rows > 0
        assert all(isinstance(cell, str) for cell in table.frame.to_numpy().ravel())
    assert n_read


@pytest.mark.parametrize("kind", ["merchant", "yml", "json lines"])
def test_a_change_within_products_loses_none_without_a_word(kind, tmp_path):
    rng = random.Random(kind)
    # a CDATA section whose end is broken holds the next product by XML's own rules
    lines = SEEDS[kind].replace(b"<![CDATA[<b>Nice</b>]]>", b"Nice").split(b"\n")
    inner = [n for n, line in enumerate(lines) if b"P-" in line or b"Mug" in line or b"offer id" in line][1:]
    for _ in range(60):
        changed = list(lines)
        number = rng.choice(inner)
        start = rng.randrange(12, len(changed[number]) - 10)
        changed[number] = (
            changed[number][:start] + rng.choice([b"<", b"&", b"</b>", b"\x01", b'"', b"{"]) + changed[number][start:]
        )
        path = tmp_path / "shop"
        path.write_bytes(b"\n".join(changed))

        table = read_table(path)

        kept = {int(line) for line in table.lines}
        assert len(kept) + len({bad.line for bad in table.facts.bad_lines} - kept) == 6
