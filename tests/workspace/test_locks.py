import os
import threading

import pytest
from filelock import Timeout

from prodsim.errors import StorageError
from prodsim.jobs import JobRunner
from prodsim.workspace.locks import hold, holder_sentence, is_held

WAIT_S = 10


def enter(lock):
    """Work that holds the lock for a moment."""

    def work(job):
        with hold(lock, "it is building “mugs”", job):
            return "held"

    return work


def test_a_job_that_waits_for_a_lock_says_for_whom_lets_others_go_first_and_can_be_cancelled(tmp_path):
    runner, lock = JobRunner(), tmp_path / "mugs" / ".build.lock"
    with hold(lock, "it is building “shoes”"):
        waiting = runner.submit("a", "A", enter(lock))
        other = runner.submit("b", "B", lambda job: waiting.state.waits_for).wait(WAIT_S)
        waiting.cancel()
        ended = waiting.wait(WAIT_S)

    assert f"process {os.getpid()} on" in other.result
    assert "it is building “shoes”, since 20" in other.result
    assert ended.status == "cancelled"
    assert not is_held(lock)


def test_a_job_gets_the_lock_when_it_is_free(tmp_path):
    runner, lock = JobRunner(), tmp_path / ".build.lock"
    with hold(lock, "it is building “shoes”"):
        waiting = runner.submit("a", "A", enter(lock))
        runner.submit("b", "B", lambda job: None).wait(WAIT_S)

    assert waiting.wait(WAIT_S).result == "held"
    assert not is_held(lock)
    assert holder_sentence(lock) == "Waiting for another process to finish."


def test_who_cancels_while_others_work_does_not_keep_the_lock(tmp_path):
    runner, lock, go = JobRunner(), tmp_path / ".build.lock", threading.Event()
    with hold(lock):
        waiting = runner.submit("a", "A", enter(lock))
        busy = runner.submit("b", "B", lambda job: go.wait(WAIT_S))
        runner.submit("c", "C", lambda job: None)
    waiting.cancel()

    assert waiting.wait(WAIT_S).status in ("cancelled", "done")
    assert not is_held(lock)
    go.set()
    assert busy.wait(WAIT_S).status == "done"


def test_a_lock_is_waited_for_no_longer_than_said(tmp_path):
    lock = tmp_path / ".lock"

    with hold(lock), pytest.raises(Timeout), hold(lock, timeout_s=0):
        pass


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(StorageError, match="cannot be .*written"), hold(tmp_path / "file" / ".lock"):
        pass
