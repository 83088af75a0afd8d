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
