import pytest

from prodsim.quality.promotions import find_promotion


@pytest.mark.parametrize(
    "line", ["SALE 50% OFF", "Free shipping", "-30%", "限时特价", "全场8折", "Versandkostenfrei", "Buy 2 get 1"]
)
def test_lines_that_advertise_are_found(line):
    assert find_promotion(line)


@pytest.mark.parametrize(
    "line", ["100% cotton", "Kaffa RX-200", "SPF 50+", "Salerno", "折叠椅", "Wholesale grade A", "5-30 %"]
)
def test_lines_that_describe_the_product_are_not(line):
    assert not find_promotion(line)
