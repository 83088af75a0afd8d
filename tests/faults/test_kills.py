import os

import pytest

from tests.faults.kills import Trial
from tests.faults.record_kills import kill_records
from tests.faults.scenes import WORKS

SAMPLED = 2
"""Kills of each kind of work; ``make faults`` kills at every change."""


@pytest.mark.parametrize("work", [name for name, work in WORKS.items() if work.every == 1])
def test_work_that_is_killed_leaves_all_as_before_or_as_after(tmp_path, work):
    trial = Trial(work, tmp_path)

    step = trial.changes // (SAMPLED + 1) or 1
    toll = trial.run(range(step, trial.changes + 1, step)[:SAMPLED])

    assert (toll.wrong, toll.kills >= 1) == ([], True)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only a forked process dies within SQLite at will")
def test_decisions_are_kept_as_a_whole_or_not_at_all(tmp_path):
    kills, wrong = kill_records(tmp_path, every=100)

    assert (wrong, kills > 5) == ([], True)
