import os
import time

from prodsim.workspace.cleanup import LEFT_OVER_S, sweep, sweep_left_over


def test_what_a_killed_process_left_is_swept_a_day_later(tmp_path):
    for name in (".segment-1.ab.tmp", ".map-2.cd.old", ".segment-3.ef.tmp", "segment-4"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "vectors.npy").write_bytes(b"half")
    (tmp_path / ".upload.tmp").write_bytes(b"half")
    old = time.time() - LEFT_OVER_S - 60
    for name in (".segment-1.ab.tmp", ".map-2.cd.old", "segment-4", ".upload.tmp"):
        os.utime(tmp_path / name, (old, old))

    sweep_left_over([tmp_path, tmp_path / "absent"])

    assert sorted(path.name for path in tmp_path.iterdir()) == [".segment-3.ef.tmp", "segment-4"]


def test_what_a_check_is_writing_outlives_the_end_of_a_build(tmp_path):
    for name in ("map-1", "map-2", ".map-3.ab.tmp", "check-1", "check-2", ".check-3.cd.tmp"):
        (tmp_path / name).mkdir()

    sweep(tmp_path, keep={"map-2", "check-2"})

    assert sorted(path.name for path in tmp_path.iterdir()) == [".check-3.cd.tmp", "check-2", "map-2"]
