"""Waiting for a page's jobs."""

import time

from pages.shared import state


def wait_for(app, words, seconds=120):
    """Run the page each time its jobs have ended until one of its texts holds ``words``; a slow machine gets two minutes."""
    end = time.monotonic() + seconds
    while not any(words in text.value for text in app.text):
        assert time.monotonic() < end, [text.value for text in app.text]
        for job in state.job_runner().jobs():
            job.wait(end - time.monotonic())
        app.run()
