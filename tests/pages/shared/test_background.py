"""Slow questions of one person are answered by jobs, for as long as that person is there."""

import gc
import threading

from streamlit.testing.v1 import AppTest

from pages.shared.state import job_runner


def ask_without_end():
    from pages.shared.background import answer
    from tests.pages.shared.test_background import work_until_cancelled

    answer("place", "question", "Counting", work_until_cancelled, 100)


def work_until_cancelled(job):
    while not threading.Event().wait(0.01):
        job.check()


def test_work_for_somebody_who_has_left_is_cancelled(home):
    app = AppTest.from_function(ask_without_end).run()
    (job,) = job_runner().jobs()
    assert job.state.is_active

    del app
    gc.collect()

    assert job.wait(10).status == "cancelled"
