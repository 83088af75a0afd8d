"""Names of brands."""

import pytest

from prodsim.quality.fields.brand_names import is_no_brand


@pytest.mark.parametrize("name", ["No Brand", "unbranded", "Tidak Ada Merk", "无品牌", "其他", ""])
def test_some_names_say_that_there_is_no_brand(name):
    assert is_no_brand(name)
    assert not is_no_brand(f"{name} Nordvik 欧莱雅")
