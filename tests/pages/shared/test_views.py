"""What is on the screen is saved under a name, and opened again in another session."""

from urllib.parse import parse_qs

from tests.pages.cards import cards
from tests.pages.conftest import open_link


def test_a_saved_search_opens_again_in_another_session(built):
    app = open_link(q=["jacket"], price_max=["55"], language=["en"])
    app.text_input(key="view name").set_value("Cheap jackets").run()
    app.button(key="save view").click().run()

    (view,) = built.records("shop").views()
    assert (view.name, view.page) == ("Cheap jackets", "search")
    (link,) = [html.body for html in app.get("html") if ">Cheap jackets</a>" in html.body]
    assert f'href="{view.address}"'.replace("&", "&amp;") in link
    again = open_link(**parse_qs(view.address.partition("?")[2]))
    assert cards(again) == cards(app)
    assert "language" not in view.params

    app.button(key="forget view Cheap jackets").click().run()
    assert built.records("shop").views() == ()


def test_a_view_without_a_name_is_not_saved_and_the_reason_is_said(built):
    app = open_link(q=["jacket"])
    app.button(key="save view").click().run()

    assert "cannot be used as a name" in app.toast[0].value
    assert built.records("shop").views() == ()
