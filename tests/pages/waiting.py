"""Waiting for a page's job."""

import time


def wait_for(app, words, seconds=120):
    """Run the page until one of its texts holds ``words``; a slow machine gets two minutes, a quick one loses none."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if any(words in text.value for text in app.text):
            return
        app.run()
    raise AssertionError([text.value for text in app.text])
