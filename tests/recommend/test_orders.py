"""Orders as shop systems export them."""

import json

import pytest

from prodsim.recommend import propose_fields, read_histories

KEY = b"k" * 32


def bought(tmp_path, opened, text, name="orders.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    found = read_histories(path, opened.catalog, KEY)
    baskets = [sorted(own["sku"]) for _, own in found.events.groupby("basket", sort=False)]
    return sorted(baskets), found


def test_rows_of_a_shopify_order_share_its_shopper(tmp_path, opened):
    text = (
        "Name,Email,Financial Status,Created at,Lineitem quantity,Lineitem name,Lineitem sku\n"
        "#1001,ann@shop.example,paid,2025-12-30 14:05:00 +0100,1,Waterproof rain jacket alpha,J0\n"
        "#1001,,,,2,Ceramic coffee mug beta,M1\n"
        "#1002,bob@shop.example,paid,2025-12-31 09:00:00 +0100,1,Ceramic coffee mug alpha,M0\n"
    )

    baskets, found = bought(tmp_path, opened, text)

    assert baskets == [["J0", "M1"], ["M0"]]
    assert found.n_users == 2
    assert found.events["time"].notna().all()
    assert [finding.kind for finding in found.findings] == ["order continued"]


@pytest.mark.parametrize(
    "cell",
    [
        "Waterproof rain jacket, alpha (J0) x2, Ceramic coffee mug (M1) x1",
        "2× Waterproof rain jacket alpha, 1× Ceramic coffee mug beta",
        "J0 (2x), M1",
        "J0 M1",
        "2 x J0 | 1 x M1",
        "J0,M1",
        "J0; M1",
        "J0|M1",
        "J0:2,M1:1",
        "id:5|name:Jacket|sku:J0|quantity:2|total:9;id:6|name:Mug|sku:M1|quantity:1|total:4",
        json.dumps([{"sku": "J0", "quantity": 2}, {"sku": "M1", "quantity": 1}]),
        json.dumps(["J0", "M1"]),
    ],
)
def test_a_cell_with_several_products_is_taken_apart(tmp_path, opened, cell):
    quoted = cell.replace('"', '""')

    baskets, found = bought(tmp_path, opened, f'order_id,customer_email,products\n1,ann@x.example,"{quoted}"\n')

    assert baskets == [["J0", "M1"]]
    assert "several products" in [finding.kind for finding in found.findings]


def test_orders_of_an_api_are_read(tmp_path, opened):
    orders = [
        {"id": 1, "email": "ann@x.example", "created_at": "2025-12-30T14:05:00Z", "line_items": [{"sku": "J0"}, {"sku": "M1"}]},
        {"id": 2, "email": "bob@x.example", "created_at": "2025-12-31T14:05:00Z", "line_items": [{"sku": "L2"}]},
    ]  # fmt: skip

    baskets, _ = bought(tmp_path, opened, json.dumps({"orders": orders}), "orders.json")

    assert baskets == [["J0", "M1"], ["L2"]]


def test_a_line_without_a_sku_is_found_by_its_name(tmp_path, opened):
    text = "Name,Email,Lineitem name,Lineitem sku\n#1,ann@x.example,Ceramic coffee mug beta,\n#1,,,J0\n"

    baskets, _ = bought(tmp_path, opened, text)

    assert baskets == [["J0", "M1"]]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (["Bestellnummer", "Kundennummer", "Artikelnummer", "Menge", "Bestelldatum"], "basket user sku quantity time"),
        (["N° commande", "Client", "Référence", "Quantité", "Date de commande"], "basket user sku quantity time"),
        (["Número de pedido", "Cliente", "Referencia", "Cantidad", "Fecha"], "basket user sku quantity time"),
        (["Номер заказа", "Покупатель", "Артикул", "Количество", "Дата"], "basket user sku quantity time"),
        (["注文番号", "会員ID", "商品コード", "個数", "注文日時"], "basket user sku quantity time"),
        (["주문번호", "구매자ID", "상품코드", "수량", "주문일시"], "basket user sku quantity time"),
        (["訂單編號", "會員編號", "商品編號", "數量", "訂單日期"], "basket user sku quantity time"),
    ],
)
def test_headers_of_orders_are_known_in_many_languages(columns, expected):
    fields = {column: field for field, column in propose_fields(columns).items()}

    assert [fields[column] for column in columns] == expected.split()


@pytest.mark.parametrize(
    "time", ["31.12.2025 14:05", "12/31/2025 14:05", "2025年12月31日 14:05", "46022.586805556", "1767189900"]
)
def test_times_are_read_as_they_come(tmp_path, opened, time):
    _, found = bought(tmp_path, opened, f"user,sku,time\nu1,J0,{time}\n")

    assert found.events["time"].dt.strftime("%Y-%m-%d %H:%M").tolist() == ["2025-12-31 14:05"]


@pytest.mark.parametrize(
    ("header", "first", "second"),
    [
        ("item_1_sku,item_1_qty,item_2_sku,item_2_qty", "J0,2,M1,1", "M0,1,,"),
        ("Product Item 1 Name,Product Item 1 SKU,Product Item 2 Name,Product Item 2 SKU", "Jacket,J0,Mug,M1", ",M0,,"),
        ("line_item_1,line_item_2", "name:Jacket|sku:J0|quantity:2,name:Mug|sku:M1|quantity:1", "sku:M0,"),
        ("Artikelnummer 1,Menge 1,Artikelnummer 2,Menge 2", "J0,1,M1,1", "M0,1,,"),
        ("商品コード1,商品コード2", "J0,M1", "M0,"),
        ("item_1_sku,item_1_name,item_2_sku,item_2_name", "J0,x,,Ceramic coffee mug beta", "M0,,,"),
    ],
)
def test_items_in_numbered_columns_are_events_of_one_order(tmp_path, opened, header, first, second):
    text = f"order id,email,address 1,address 2,{header}\n1,ann@x.example,A,B,{first}\n2,bob@x.example,C,D,{second}\n"

    baskets, found = bought(tmp_path, opened, text)

    assert baskets == [["J0", "M1"], ["M0"]]
    assert [finding.what for finding in found.findings if finding.kind == "items in columns"] == [
        "1 order lists its products in numbered columns; each of them is an event."
    ]


def test_an_order_without_any_item_is_told(tmp_path, opened):
    _, found = bought(tmp_path, opened, "email,item_1_sku,item_2_sku\nann@x.example,J0,M1\nbob@x.example,,\n")

    assert [finding.kind for finding in found.findings] == ["items in columns", "unknown product"]


@pytest.mark.parametrize(
    ("columns", "kept", "lost"),
    [
        ("Financial Status,Cancelled at", "paid,", "refunded,"),
        ("Financial Status,Cancelled at", "partially_refunded,", "paid,2025-12-31 10:00:00 +0100"),
        ("order_status", "wc-completed", "wc-cancelled"),
        ("order-status", "Shipped", "Cancelled"),
        ("Bestellstatus", "Teilweise erstattet", "Storniert"),
        ("Статус заказа", "Выполнен", "Отменён"),
        ("注文ステータス", "発送済み", "キャンセル済"),
        ("订单状态", "交易成功", "交易关闭"),
        ("event", "purchase", "refund"),
    ],
)
def test_cancelled_orders_are_left_out_and_counted(tmp_path, opened, columns, kept, lost):
    empty = "," * columns.count(",")
    text = f"order id,email,sku,{columns}\n1,ann@x.example,J0,{kept}\n2,bob@x.example,M1,{lost}\n2,,M0,{empty}\n"
    text = text if columns != "event" else text.replace("M0,", "M0,refund")

    baskets, found = bought(tmp_path, opened, text)

    assert baskets == [["J0"]]
    assert [finding.evidence["events"] for finding in found.findings if finding.kind == "cancelled"] == [2]


@pytest.mark.parametrize(
    "text",
    ["order id,sku\n1,J0\n1,M1\n2,M0\n", "order id,sku\n1,J0\n,M1\n2,M0\n", "basket\n\"J0,M1\"\nM0\n", "item 1,item 2\nJ0,M1\nM0,\n"],
)  # fmt: skip
def test_baskets_without_shoppers_are_shoppers_of_their_own(tmp_path, opened, text):
    baskets, found = bought(tmp_path, opened, text)

    assert baskets == [["J0", "M1"], ["M0"]]
    assert found.n_users == 2
    assert "The file names no shoppers: each of its 2 orders counts as that of a shopper of its own." in [
        finding.what for finding in found.findings
    ]
