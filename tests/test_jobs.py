import threading

import pytest

from prodsim.errors import AccessDenied, CatalogError
from prodsim.jobs import JobRunner
from prodsim.roles import Actor, acting_as, actor

WAIT_S = 10


def test_the_same_job_asked_twice_is_one_job():
    runner, go = JobRunner(), threading.Event()

    first = runner.submit("build shoes", "Shoes", lambda job: go.wait(WAIT_S))
    second = runner.submit("build shoes", "Shoes", lambda job: "another")
    go.set()

    assert second is first
    assert first.wait(WAIT_S).status == "done"


def test_a_finished_job_can_be_started_again():
    runner = JobRunner()
    runner.submit("a", "A", lambda job: 1).wait(WAIT_S)

    assert runner.submit("a", "A", lambda job: 2).wait(WAIT_S).result == 2


def test_progress_tells_step_rate_and_share_of_the_whole():
    def work(job):
        job.step("read")
        job.step("encode", 100, "texts")
        job.advance(50)
        seen.append(job.state)

    seen = []
    state = JobRunner().submit("a", "A", work, {"read": 0.2, "encode": 0.8}).wait(WAIT_S)

    assert (seen[0].step, seen[0].done, seen[0].total, seen[0].unit) == ("encode", 50, 100, "texts")
    assert abs(seen[0].fraction - 0.6) < 1e-9
    assert seen[0].rate > 0
    assert seen[0].left_s is not None
    assert state.fraction == 1.0


def test_cancel_stops_at_the_next_chunk_and_the_worker_lives_on():
    runner, running, go = JobRunner(), threading.Event(), threading.Event()

    def work(job):
        running.set()
        go.wait(WAIT_S)
        job.advance()
        return "never"

    job = runner.submit("a", "A", work)
    running.wait(WAIT_S)
    job.cancel()
    go.set()

    assert job.wait(WAIT_S).status == "cancelled"
    assert runner.submit("b", "B", lambda job: 3).wait(WAIT_S).result == 3


def test_a_waiting_job_is_cancelled_at_once():
    runner, go = JobRunner(), threading.Event()
    runner.submit("a", "A", lambda job: go.wait(WAIT_S))
    waiting = runner.submit("b", "B", lambda job: "never")

    waiting.cancel()

    assert waiting.wait(WAIT_S).status == "cancelled"
    go.set()


def test_a_job_that_only_waits_lets_others_go_first_and_is_next():
    runner, is_free, order = JobRunner(), threading.Event(), []

    def wait_outside(job):
        with job.waiting("Waiting for another process."):
            is_free.wait(WAIT_S)
        order.append("first")

    def go_first(job):
        seen.append(first.state.waits_for)
        is_free.set()
        order.append("second")

    seen = []
    first = runner.submit("a", "A", wait_outside)
    runner.submit("b", "B", go_first)
    third = runner.submit("c", "C", lambda job: order.append("third"))

    assert third.wait(WAIT_S).status == first.wait(WAIT_S).status == "done"
    assert seen == ["Waiting for another process."]
    assert order[0] == "second"
    assert sorted(order) == ["first", "second", "third"]
    assert first.state.waits_for == ""


def test_what_a_person_waits_for_does_not_wait_for_a_build_and_each_says_what_it_waits_for():
    runner, go = JobRunner(), threading.Event()
    build = runner.submit("build shoes", "Shoes", lambda job: go.wait(WAIT_S))
    other = runner.submit("build mugs", "Mugs", lambda job: None)

    check = runner.submit("check", "Checks", lambda job: other.state.waits_for, is_interactive=True)

    assert check.wait(WAIT_S).result == "Waiting for “Shoes”"
    assert build.state.is_active
    go.set()
    assert other.wait(WAIT_S).waits_for == ""


def test_a_job_that_is_not_kept_is_forgotten_at_its_end():
    runner = JobRunner()

    job = runner.submit("a", "A", lambda job: 1, is_kept=False)
    runner.submit("b", "B", lambda job: 2).wait(WAIT_S)

    assert job.wait(WAIT_S).result == 1
    assert [other.state.key for other in runner.jobs()] == ["b"]


def test_errors_keep_their_words_and_surprises_get_some():
    def fail(error):
        raise error

    runner = JobRunner()
    known = runner.submit("a", "A", lambda job: fail(CatalogError("No title.", "Map one."))).wait(WAIT_S)
    surprise = runner.submit("b", "B", lambda job: fail(ZeroDivisionError("oops"))).wait(WAIT_S)

    assert (known.status, known.error.what, known.error.fix) == ("failed", "No title.", "Map one.")
    assert surprise.status == "failed"
    assert "ZeroDivisionError: oops" in surprise.error.what


def test_a_job_acts_as_who_started_it_and_only_they_or_an_admin_stop_it():
    go_on = threading.Event()
    with acting_as(Actor("ed", "editor")):
        job = JobRunner().submit("k", "t", lambda job: (go_on.wait(), actor())[1])

    with acting_as(Actor("eve", "editor")), pytest.raises(AccessDenied, match="may not manage keys and roles"):
        job.cancel()
    go_on.set()
    assert job.wait().result == Actor("ed", "editor")
    with acting_as(Actor("ed", "viewer")):
        job.cancel()
    assert job.is_asked_to_stop


def test_a_job_is_shown_to_who_started_it_and_to_admins_and_ends_for_them_whoever_notices_that_they_left():
    go_on = threading.Event()
    with acting_as(Actor("ed", "editor")):
        job = JobRunner().submit("k", "t", lambda job: go_on.wait())

    shown = {}
    for who in (Actor("ed", "editor"), Actor("eve", "editor"), Actor("ann", "admin")):
        with acting_as(who):
            shown[who.name] = job.is_shown
    assert shown == {"ed": True, "eve": False, "ann": True}
    with acting_as(Actor("eve", "viewer")):
        job.abandon()
    assert job.is_asked_to_stop
    go_on.set()
    job.wait()
