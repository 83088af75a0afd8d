"""The first page says what a catalog holds and how it stands; links to what was the first page before still work."""

from streamlit.testing.v1 import AppTest

from tests.pages.cards import cards
from tests.pages.conftest import ROOT, open_link
from tests.pages.test_compare import click, settled, texts

OVERVIEW = "pages/overview.py"


def first_page(**params):
    """The address without a page, with these parameters."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, values in params.items():
        app.query_params[name] = values
    return app.run()


def test_a_search_link_to_the_first_page_opens_the_same_search(built):
    old = first_page(catalog=["shop"], q=["jacket"], price_max=["50"], brand=["Nordvik", "Kaffa"], per_brand=["3"])
    new = open_link(catalog=["shop"], q=["jacket"], price_max=["50"], brand=["Nordvik", "Kaffa"], per_brand=["3"])

    assert not old.exception
    assert [app.title[0].value for app in (old, new)] == ["Search", "Search"]
    assert old.query_params == new.query_params
    assert cards(old) == cards(new)
    assert old.number_input(key="per_brand").value == 3


def test_a_link_to_the_first_page_that_names_a_catalog_stays_there(built):
    assert first_page(catalog=["shop"], language=["en"]).title[0].value == "Overview"


def test_the_overview_offers_the_checks_and_then_says_how_the_catalog_stands(built):
    app = settled(first_page())
    assert [metric.value for metric in app.metric][:3] == ["24", "3", "3"]
    assert "has not been checked yet" in app.info[0].value

    click(app, "Check the catalog")

    health = next(metric for metric in app.metric if metric.label == "Products without an open issue")
    records = built.records("shop")
    assert health.value == f"{1 - records.summaries()[-1].faulty / 24:.1%}".replace("%", " %")
    assert "The trend begins with the next upload." in texts(app)
