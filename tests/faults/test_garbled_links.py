"""Links whose parameters are garbled open a page that says what it ignores."""

import random
import re

import pytest

from tests.faults.garbling import BREAKERS, garbled, n_inputs
from tests.pages.conftest import ROOT, open_link
from tests.pages.test_every_page import PAGES

PER_LINK = 20
"""Parameters of one link: a page takes a second to draw."""


def parameters():
    """Every name that a page reads from a link, found in the code of the pages."""
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "pages").rglob("*.py"))
    named = re.findall(r'(?:query_params\.get(?:_all)?\(|key=)"([^"{]+)"', sources)
    constants = re.findall(r'^([A-Z_, ]+) = ((?:"[^"]+"(?:, )?)+)$', sources, re.MULTILINE)
    values = [value for _, texts in constants for value in re.findall(r'"([^"]+)"', texts)]
    return sorted(
        {*named, *values, *(f"{side}_{of}" for side in "ab" for of in ("catalog", "setting", "metric", "weights"))}
    )


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("page", PAGES)
def test_a_garbled_link_opens_its_page(page):
    chance, names = random.Random(page), parameters()
    plain = ("1", "2.5", "price", "meaning=1", "J1", "price=0.5,words=2", "cosine", "true", "search", "shop")
    values = [*BREAKERS, *garbled(plain, 50, seed=6)]
    for _ in range(n_inputs(1, whole=30)):
        link = {name: chance.choice(values) for name in chance.sample(names, PER_LINK)}
        app = open_link(**{name: value.encode("utf-8", "replace").decode() for name, value in link.items()})
        app.switch_page(page).run()
        problems = [element.value for element in (*app.exception, *app.error)]

        assert problems == [], link
