"""Slow questions of one person are answered by jobs, for as long as that person is there."""

import gc
import threading

from streamlit.testing.v1 import AppTest

from pages.shared.state import job_runner


def ask_without_end():
    from pages.shared.background import ask
    from tests.pages.shared.test_background import work_until_cancelled

    ask("place", "question", "Counting", work_until_cancelled)


def ask_for_everybody():
    from pages.shared.background import ask
    from tests.pages.shared.test_background import work_until_cancelled

    ask("place", "question", "Checking", work_until_cancelled, is_for_everybody=True)


def work_until_cancelled(job):
    while not threading.Event().wait(0.01):
        job.check()


def test_work_for_somebody_who_has_left_is_cancelled(home):
    app = AppTest.from_function(ask_without_end).run()
    (job,) = job_runner().jobs()
    assert job.state.is_active

    del app
    for _ in range(100):  # the thread of the page may hold its session for a moment
        gc.collect()
        if not job.wait(0.1).is_active:
            break

    assert job.state.status == "cancelled"


def test_work_that_is_saved_for_everybody_goes_on(home):
    app = AppTest.from_function(ask_for_everybody).run()
    (job,) = job_runner().jobs()

    del app
    gc.collect()

    assert not job.is_asked_to_stop
    job.cancel()
