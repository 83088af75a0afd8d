"""A page whose optional package is missing says how to install it, in the usual box."""

import sys

from tests.pages.test_adapt import labels, open_adapt
from tests.pages.waiting import wait_for


def test_the_adapt_page_says_what_to_install(built, monkeypatch):
    monkeypatch.setitem(sys.modules, "peft", None)
    app = open_adapt()
    next(button for button in app.button if button.label == "Preview the training data").click().run()

    wait_for(app, "needs the package peft, which is not installed")
    wait_for(app, 'Install it: pip install "prodsim[adapt]"')
    assert "Start" not in labels(app)
