"""Work that is killed at one of its changes to the disk, and what is left then."""

import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from prodsim.progress import Silent
from tests.faults.disk import Disk, watched
from tests.faults.scenes import CHUNK, WORKS, Encoded, Leaving, answers, workspace_of


@dataclass
class Toll:
    """What kills of one kind of work did.

    Attributes:
        kills: how many there were.
        wrong: what was not right afterwards, a line each.
    """

    kills: int = 0
    wrong: list[str] = field(default_factory=list)


class Trial:
    """One kind of work, done in one folder as often as it is killed.

    Args:
        name: see ``WORKS``.
        folder: for the world and a copy of it.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self._work = WORKS[name]
        self._world, self._pristine = folder / "world", folder / "pristine"
        with patch("prodsim.workspace.build.N_TEXTS", CHUNK):
            self._work.make(self._world)
            shutil.copytree(self._world, self._pristine)
            self._allowed = [answers(self._world)]
            for stage in self._work.stages:
                with suppress(StopIteration):
                    self._do(Leaving(stage))
                self._allowed.append(answers(self._world))
                self._start_again()
            counted, disk = Encoded(), Disk(self._world)
            with watched(disk):
                self._do(counted)
        self.after = answers(self._world)
        self._allowed.append(self.after)
        self._texts = counted.texts
        self.changes = disk.changes

    def run(self, numbers: Iterable[int]) -> Toll:
        """Kill the work at each of the changes, by number from 1; look; and do it again."""
        toll = Toll()
        with patch("prodsim.workspace.build.N_TEXTS", CHUNK), patch("os.fsync"):  # the disk itself does not die here
            for number in numbers:
                wrong = self._kill(number)
                toll.kills += wrong is not None
                toll.wrong += [f"change {number}: {each}" for each in wrong or ()]
        return toll

    def _kill(self, number: int) -> list[str] | None:
        """Return what was wrong; ``None`` where the work made fewer changes this time, and was not killed."""
        self._start_again()
        counted, disk = Encoded(), Disk(self._world, number)
        with watched(disk):
            self._do(counted)
        if not disk.is_dead:
            return None
        wrong = [] if answers(self._world) in self._allowed else ["neither as before nor as after"]
        self._do(counted)
        wrong += [] if answers(self._world) == self.after else ["not as it should be after a second start"]
        extra = counted.texts - self._texts
        return [*wrong, f"{extra} texts were encoded again"] if extra > self._work.redone else wrong

    def _do(self, progress: Silent) -> None:
        self._work.do(workspace_of(self._world), self._world, progress)

    def _start_again(self) -> None:
        shutil.rmtree(self._world)
        shutil.copytree(self._pristine, self._world)
