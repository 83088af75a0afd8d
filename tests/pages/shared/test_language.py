"""A page is drawn in the language of the browser, of the link, or as chosen in Settings."""

from pages.shared.language import language_name
from tests.pages.conftest import open_link

SETTINGS = "pages/settings.py"


def test_a_language_is_called_what_it_calls_itself():
    assert [language_name(language) for language in ("en", "zh_CN", "de")] == ["English", "简体中文", "Deutsch"]


def test_the_browsers_language_is_read(app):
    app.context["locale"] = "zh-CN"
    app.switch_page(SETTINGS).run()

    assert app.title[0].value == "设置"


def test_a_choice_is_kept_in_the_session_and_in_the_link(app):
    app.switch_page(SETTINGS).run()
    app.selectbox(key="language choice").select("zh_CN").run()

    assert app.title[0].value == "设置"
    assert app.query_params["language"] == "zh_CN"

    app.query_params.clear()  # as by going to another page
    app.switch_page("pages/map.py").run()

    assert app.title[0].value == "地图"
    assert app.query_params["language"] == "zh_CN"


def test_the_browsers_language_can_be_chosen_again(built):
    app = open_link(SETTINGS, language="zh_CN")
    app.selectbox(key="language choice").select("").run()

    assert app.title[0].value == "Settings"
    assert "language" not in app.query_params


def test_a_language_of_a_link_without_texts_is_named(built):
    app = open_link(SETTINGS, language="tlh")

    assert app.title[0].value == "Settings"
    assert "The link says language = “tlh”, which cannot be used here. It is ignored." in [
        text.value for text in app.text
    ]
