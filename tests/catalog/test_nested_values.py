import datetime
from decimal import Decimal

import pytest

from prodsim.catalog.nested_values import cell_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), ("", ""), (True, "true"), (3.0, "3"), (3.25, "3.25"), (float("nan"), ""), (Decimal("NaN"), ""),
        (Decimal("1E+3"), "1000"), (Decimal("0.10"), "0.10"), (b"A1", "A1"), (b"\xff", "ff"), ({"a": "ü"}, '{"a": "ü"}'),
        ([1, Decimal("2.5"), b"A1"], '[1, "2.5", "A1"]'), (datetime.date(2026, 5, 1), "2026-05-01"),
    ],
)  # fmt: skip
def test_values_become_the_text_that_a_file_would_have(value, text):
    assert cell_text(value) == text
