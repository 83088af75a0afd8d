import base64
import json
import quopri

import pytest

from prodsim.catalog import make_catalog, propose_columns, read_table
from prodsim.errors import CatalogError


@pytest.fixture
def read(tmp_path):
    def call(text, encoding="utf-8"):
        path = tmp_path / "page.html"
        path.write_bytes(text.encode(encoding))
        return read_table(path)

    return call


def rows(table):
    """Return each row's filled cells."""
    return [{name: cell for name, cell in row.items() if cell} for row in table.frame.to_dict("records")]


CHAIR = {
    "id": "C1",
    "title": "Chair",
    "brand": "Seat",
    "price": "99.00",
    "currency": "USD",
    "image_link": "https://shop.example/c.jpg",
}
LINKED = {"@context": "https://schema.org", "@type": "Product", "name": "Chair", "sku": "C1", "brand": {"@type": "Brand", "name": "Seat"},
          "image": "https://shop.example/c.jpg", "offers": {"@type": "Offer", "price": "99.00", "priceCurrency": "USD"}}  # fmt: skip


def script(data):
    return f'<script type="application/ld+json">{data if isinstance(data, str) else json.dumps(data)}</script>'


@pytest.mark.parametrize(
    "body",
    [
        script(LINKED),
        script({"@graph": [{"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "name": "Home"}]}, LINKED]}),
        script({"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": 1, "item": LINKED}]}),
        script({"@type": "WebPage", "mainEntity": LINKED}),
        script(f"<!--\n{json.dumps([LINKED])}\n-->") + script("{broken"),
        '<div itemscope itemtype="http://schema.org/Product"><h1 itemprop="name">Chair</h1><img itemprop="image" '
        'src="https://shop.example/c.jpg"><span itemprop="brand" itemscope itemtype="http://schema.org/Brand"><meta itemprop="name" '
        'content="Seat"></span><span itemprop="sku">C1</span><div itemprop="offers" itemscope itemtype="http://schema.org/Offer">'
        '<span itemprop="price" content="99.00">$99</span><meta itemprop="priceCurrency" content="USD"></div></div>',
        '<div vocab="https://schema.org/" typeof="Product"><h1 property="name">Chair</h1><img property="image" '
        'src="https://shop.example/c.jpg"><span property="brand">Seat</span><span property="sku">C1</span><div property="offers" '
        'typeof="Offer"><span property="price" content="99.00">$99</span><meta property="priceCurrency" content="USD"></div></div>',
    ],
    ids=["json-ld", "graph", "list", "main entity", "in a comment", "microdata", "rdfa"],
)  # fmt: skip
def test_the_product_that_a_page_marks_up_is_read(read, body):
    table = read(
        f"<!doctype html><html><body><table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table>{body}</body></html>"
    )

    assert (table.facts.format, rows(table)) == ("html", [CHAIR])


def test_products_that_a_product_refers_to_are_none_of_the_page(read):
    assert len(read(f"<html>{script({**LINKED, 'isRelatedTo': {**LINKED, 'sku': 'C2'}})}</html>").frame) == 1


def test_broken_linked_data_of_a_product_is_told(read):
    table = read(f"<html>{script(LINKED)}{script(json.dumps({**LINKED, 'sku': 'C2'})[:-9])}</html>")

    assert len(table.frame) == 1
    assert "not valid JSON" in table.facts.bad_lines[0].reason


def test_what_of_a_page_cannot_be_read_is_told_with_its_table_and_where_there_is_none(write):
    broken = script(json.dumps(LINKED)[:-9])
    table = "<table><tr><th>sku</th><th>title</th></tr><tr><td>A1</td><td>Kännchen</td></tr></table>"
    read = read_table(write(f"<html>\n{broken}\n{table}</html>", "page.html"))

    assert (len(read.frame), [bad.line for bad in read.facts.bad_lines]) == (1, [2])
    with pytest.raises(CatalogError, match="Line 2 is left out: "):
        read_table(write(f"<html>\n{broken}\nKännchen</html>", "page.html"))


def test_a_page_of_one_line_is_read_but_for_the_bytes_that_do_not_fit(tmp_path):
    page = tmp_path / "page.html"
    table = "<table><tr><th>sku</th><th>title</th></tr><tr><td>A1</td><td>Grünes Kännchen {}blau</td></tr></table>"
    page.write_bytes(f"<html>{table.format(chr(0xDCFF))}</html>".encode("utf-8", "surrogateescape"))
    read = read_table(page)

    assert rows(read) == [{"sku": "A1", "title": "Grünes Kännchen �blau"}]
    assert read.facts.notes[0].startswith("1 byte does not fit the encoding utf-8 and was replaced, on line 1: “")
    assert "Kännchen �blau" in read.facts.notes[0]


def test_the_only_product_of_a_page_has_its_address_and_the_path_of_its_breadcrumbs(read):
    names = [
        ("Home", "https://shop.example/"),
        ("Furniture", "https://shop.example/f"),
        ("Chairs", "https://shop.example/f/c"),
        ("Chair", ""),
    ]
    crumbs = [
        {"@type": "ListItem", "position": n, "name": name, "item": url or None}
        for n, (name, url) in enumerate(names, 1)
    ]
    table = read(
        f'<html><link rel="canonical" href="https://shop.example/chair">'
        f"{script({'@type': 'BreadcrumbList', 'itemListElement': crumbs})}{script(LINKED)}</html>"
    )

    assert rows(table) == [{**CHAIR, "link": "https://shop.example/chair", "product_type": "Furniture > Chairs"}]


def test_open_graph_is_the_last_resort(read):
    tags = {"og:type": "product", "og:title": "Vase", "og:image": "https://shop.example/v.jpg", "product:price:amount": "5",
            "product:price:currency": "EUR"}  # fmt: skip
    table = read(
        "<html><head>" + "".join(f'<meta property="{k}" content="{v}">' for k, v in tags.items()) + "</head></html>"
    )

    assert rows(table) == [
        {"title": "Vase", "image_link": "https://shop.example/v.jpg", "price": "5", "currency": "EUR"}
    ]
    assert len(table.facts.notes) == 1


TABLE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta http-equiv="Content-Type" content="text/html;
charset={declared}"></head><body><table><tr><th>Kód</th><th>Název</th><th>Cena</th><th>Foto</th></tr><tr><td>P1</td><td>Židle &amp;
stůl</td><td>10,5</td><td><img src="https://shop.example/1.jpg"></td></tr><tr><td>P2</td><td>Hrnek</td><td>5</td><td></td></tr></table>"""


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("windows-1250", "windows-1250"), ("utf-8", "utf-8"), ("windows-1250", "utf-8"), ("utf-8", "windows-1250")],
)
def test_a_table_that_is_called_a_workbook_is_read(read, declared, encoding):
    table = read(TABLE.format(declared=declared), encoding)

    assert table.frame.to_numpy().tolist() == [
        ["P1", "Židle & stůl", "10,5", "https://shop.example/1.jpg"],
        ["P2", "Hrnek", "5", ""],
    ]
    assert table.lines.tolist() == [2, 3]


def test_cells_over_several_columns_and_rows_keep_the_others_in_place(read):
    table = read(
        "<table><tr><td>sku</td><td>title</td><td>price</td></tr><tr><td rowspan=2>A1</td><td>Mug</td><td>5</td></tr>"
        "<tr><td>Cup</td><td>6</td></tr><tr><td colspan=2>A3</td><td>7</td></tr></table>"
    )

    assert table.frame.to_numpy().tolist() == [["A1", "Mug", "5"], ["", "Cup", "6"], ["A3", "", "7"]]


def test_other_tables_with_the_same_columns_are_named(read):
    def table(*names):
        return f"<table><tr><th>sku</th><th>title</th></tr>{''.join(f'<tr><td>{n}</td><td>{n} cup</td></tr>' for n in names)}</table>"

    menu = "<table><tr><td>Home</td><td>Help</td></tr><tr><td>Cart</td><td>Login</td></tr></table>"
    page = read(f"<html>{menu}{table('A', 'B')}{table('C', 'D', 'E')}</html>")

    assert page.frame["sku"].tolist() == ["C", "D", "E"]
    assert page.facts.notes == ("Only the largest table of the page is read. One more has the same columns.",)
    assert not read(f"<html>{menu}{table('C', 'D', 'E')}</html>").facts.notes


@pytest.mark.parametrize(
    "text", ["<html><body><p>Nothing</p></body></html>", "<!doctype html>", "<table><tr><td>1</td></tr></table>"]
)
def test_a_page_without_products_says_what_was_looked_for(read, text):
    with pytest.raises(CatalogError, match="JSON-LD, microdata, RDFa"):
        read(text)


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_a_page_saved_with_its_pictures_in_one_file_is_the_page(tmp_path, encoding):
    page = '<!DOCTYPE html><html><head><script type="application/ld+json">' + json.dumps(
        {"@type": "Product", "sku": "K-7", "name": "Kännchen", "offers": {"price": "7.50", "priceCurrency": "EUR"}},
        ensure_ascii=False,
    ) + "</script></head><body>Kännchen</body></html>"  # fmt: skip
    coded = {"quoted-printable": quopri.encodestring, "base64": base64.encodebytes, "8bit": bytes}[encoding]
    file = tmp_path / "Kännchen.mhtml"
    file.write_bytes(
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://shop.example/k-7\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="----b1"\r\n\r\n\r\n'
        b"------b1\r\nContent-Type: text/html; charset=windows-1252\r\nContent-Transfer-Encoding: " + encoding.encode()
        + b"\r\n\r\n" + coded(page.encode("cp1252")) + b"\r\n------b1\r\nContent-Type: image/png\r\n"
        b"Content-Transfer-Encoding: base64\r\nContent-Location: cid:1\r\n\r\niVBORw0KGgo=\r\n------b1--\r\n"
    )  # fmt: skip

    table = read_table(file)

    assert table.facts.format == "html"
    assert make_catalog(table, propose_columns(table).mapping).products[
        ["sku", "title", "price"]
    ].to_numpy().tolist() == [["K-7", "Kännchen", 7.5]]
