"""Prices as people write them, and what their column decides."""

import numpy as np
import pytest

from prodsim.catalog.prices import read_prices


@pytest.mark.parametrize(
    ("cell", "amount", "currency"),
    [
        ("R$ 1.549,90", 1549.9, "BRL"), ("A$ 12.50", 12.5, "AUD"), ("HK$128", 128, "HKD"), ("US $24.50", 24.5, "USD"), ("$ 2,499.00 MXN", 2499, "MXN"),
        ("S/ 59.90", 59.9, "PEN"), ("R 1 450.00", 1450, "ZAR"), ("KSh 1,200", 1200, "KES"), ("1 590 грн", 1590, "UAH"), ("890 ₸", 890, "KZT"),
        ("2 490 р.", 2490, "RUB"), ("89,90 zł/szt.", 89.9, "PLN"), ("14.990 Ft", 14990, "HUF"), ("24,50 лв.", 24.5, "BGN"), ("99.90 ש\"ח", 99.9, "ILS"),
        ("١٬٢٥٠٫٥٠ ر.س", 1250.5, "SAR"), ("２，４８０円", 2480, "JPY"), ("2,480円(税込)～", 2480, "JPY"), ("25,900원~", 25900, "KRW"), ("NT$1,290元", 1290, "TWD"),
        ("1.290.000đ", 1290000, "VND"), ("Rp 150rb", 150000, "IDR"), ("1.5万円", 15000, "JPY"), ("12.500 د.ك", 12.5, "KWD"), ("Rs. 2,49,900/-", 249900, "INR"),
        ("à partir de 14,90 €", 14.9, "EUR"), ("da 14,90 €", 14.9, "EUR"), ("3 für 10 €", 10 / 3, "EUR"), ("2/$5", 2.5, "USD"), ("14,90 € - 17,90 €", 14.9, "EUR"),
        ("12,50 €/100 g", 12.5, "EUR"), ("12,99 € (25,98 €/kg)", 12.99, "EUR"), ("1 Stück 12,99 €", 12.99, "EUR"), ("2.199,-", 2199, ""), ("199:-", 199, ""),
        ("12€50", 12.5, "EUR"), ("$4.99 (-20%)", 4.99, "USD"), ("&euro;&nbsp;12,50", 12.5, "EUR"), ("1.000 - 2.000 €", 1000, "EUR"), ("₭ 50,000", 50000, "LAK"),
        ('{"amount": "12.99", "currency": "EUR"}', 12.99, "EUR"), ("4 x 2,50 €", None, "EUR"), ("20%", None, ""), ("- 12 €", None, ""), ("Preis auf Anfrage", None, ""),
        ("3 kg", None, ""), ("AB-001", None, ""), ("2025-01-31", None, ""), ("12.34.5", None, ""),
    ],
)  # fmt: skip
def test_amounts_and_currencies_of_the_world(cell, amount, currency):
    amounts, codes = read_prices([cell])

    assert amounts[0] == pytest.approx(np.nan if amount is None else amount, nan_ok=True)
    assert amount is None or codes == [currency]


@pytest.mark.parametrize(
    ("cells", "known", "amounts"),
    [
        (["1.299", "12.99", "5.50"], {}, [1.299, 12.99, 5.5]),
        (["1.299", "1.299,00", "5,50"], {}, [1299, 1299, 5.5]),
        (["1,299", "12,99"], {}, [1.299, 12.99]),
        (["1.299", "899", "2.499"], {}, [1299, 899, 2499]),
        (["1.299", "2.499"], {"language": "de"}, [1299, 2499]),
        (["1.299", "2.499"], {"currency": "IDR"}, [1299, 2499]),
        (["0.125", "1.250"], {}, [0.125, 1.25]),
    ],
)
def test_the_column_decides_what_a_point_means(cells, known, amounts):
    assert read_prices(cells, **known)[0].tolist() == pytest.approx(amounts)


@pytest.mark.parametrize(
    ("cells", "known", "codes"),
    [
        (["$12", "C$ 13", "$5"], {}, ["CAD"] * 3), (["¥1200", "1300円"], {}, ["JPY"] * 2), (["¥1200"], {"language": "ja"}, ["JPY"]),
        (["¥1200"], {"language": "zh-CN"}, ["CNY"]), (["690元"], {"language": "zh-TW"}, ["TWD"]), (["129 kr"], {"language": "da"}, ["DKK"]),
        (["129 kr"], {"currency": "NOK"}, ["NOK"]), (["12", "$13", "£9"], {"currency": "CAD"}, ["CAD", "CAD", "GBP"]),
    ],
)  # fmt: skip
def test_the_column_decides_what_a_sign_means(cells, known, codes):
    assert read_prices(cells, **known)[1] == codes
