"""Damage to every file that prodsim keeps, and what is answered then.

Run as a program it tries some of them and prints what came of each, a line of JSON each: a crash ends that program alone.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from prodsim.errors import ProdsimError
from prodsim.progress import SILENT
from tests.faults.scenes import NAME, answers, build, make_other_world, make_world, workspace_of

ROOT = Path(__file__).resolve().parents[2]
GOOD = ("unharmed", "said", "said and mended", "mended", "beyond telling")
"""What may come of damage."""


def _keep(n: int, of: int) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size * n // of])


def _flip(n: int, of: int) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        content = bytearray(path.read_bytes())
        if content:
            content[(len(content) - 1) * n // of] ^= 0x10
        path.write_bytes(content)

    return change


def _into_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, Callable[[Path], None]] = {
    "emptied": _keep(0, 1),
    "cut in half": _keep(1, 2),
    "cut near its end": _keep(99, 100),
    "first byte changed": _flip(0, 1),
    "byte changed at a quarter": _flip(1, 4),
    "byte changed in the middle": _flip(1, 2),
    "byte changed at three quarters": _flip(3, 4),
    "last byte changed": _flip(1, 1),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)) and None,
    "noise": lambda path: path.write_bytes(b"\xab" * path.stat().st_size) and None,
    "deleted": Path.unlink,
    "a folder in its place": _into_folder,
}
SWAP = "another catalog's"
SWAP_FOLDER = "another catalog's folder"


@dataclass(frozen=True)
class Case:
    """One damage.

    Attributes:
        file: below the world's home.
        damage: a name of ``DAMAGES``, ``SWAP`` or ``SWAP_FOLDER``.
    """

    file: Path
    damage: str

    @property
    def part(self) -> str:
        """Return which kind of thing is damaged: the step of an artefact, or the folder."""
        parts = self.file.parts
        return parts[2].partition("-")[0] if parts[0] == "catalogs" else parts[0]

    @property
    def is_beyond_telling(self) -> bool:
        """Return whether nothing could tell: SQLite keeps no checksums, and whole histories may be a backup put back."""
        return self.part == "decided" or (self.part == "histories" and self.damage == SWAP_FOLDER)


class Ward:
    """A world, the same world unharmed, and another whose files are swapped in.

    Args:
        folder: for all three; made if it is not there.
    """

    def __init__(self, folder: Path) -> None:
        self._world, self._pristine, self._other = (folder / name for name in ("world", "pristine", "other"))
        if not folder.exists():
            make_other_world(self._other)
            make_world(self._world)
            shutil.copytree(self._world, self._pristine)

    @cached_property
    def _right(self) -> dict[str, Any]:
        self._start_again()
        return self._look()

    def _look(self) -> dict[str, Any]:
        """Return what the world answers, a value per kind of answer."""
        findings = [str(finding) for finding in workspace_of(self._world).open().check().findings]
        return {**answers(self._world)[NAME], "findings": findings}

    def cases(self) -> list[Case]:
        """Return every damage of every file."""
        home = self._pristine / "home"
        files = sorted(path.relative_to(home) for path in home.rglob("*") if path.is_file() and path.suffix != ".lock")
        cases = [Case(file, damage) for file in files for damage in (*DAMAGES, SWAP)]
        return [*cases, *(Case(file, SWAP_FOLDER) for file in files if file.name == "manifest.json")]

    def try_out(self, case: Case) -> str:
        """Return what comes of a damage; one of ``GOOD``, or what went wrong."""
        right = self._right
        self._start_again()
        self._damage(case)
        if case.part == "vectors":  # only building reads them
            shutil.rmtree(self._world / "home" / "catalogs" / "shop")
            return self._mend("unharmed")
        try:
            wrong = _differing(right, self._look())
            outcome = f"silently wrong: {wrong}" if wrong else "unharmed"
            if outcome != "unharmed" and case.is_beyond_telling:
                outcome = "beyond telling"
        except ProdsimError as error:
            outcome = self._mend("said") if error.what and error.fix else "not said how to mend it"
        except Exception as error:
            outcome = f"{type(error).__name__}: {error}"
        return outcome

    def _mend(self, outcome: str) -> str:
        """Build again, which mends what a build makes; what people decided and histories are theirs to restore."""
        try:
            build(workspace_of(self._world), self._world, SILENT)
            wrong = _differing(self._right, self._look())
        except ProdsimError:
            return outcome
        except Exception as error:
            return f"while mending: {type(error).__name__}: {error}"
        return {"said": "said and mended"}.get(outcome, "mended") if not wrong else f"wrong after mending: {wrong}"

    def _damage(self, case: Case) -> None:
        path = self._world / "home" / case.file
        if case.damage not in (SWAP, SWAP_FOLDER):
            DAMAGES[case.damage](path)
            return
        other = self._counterpart(case.file)
        if case.damage == SWAP:
            shutil.copy(other, path)
        else:
            shutil.rmtree(path.parent)
            shutil.copytree(other.parent, path.parent)

    def _counterpart(self, file: Path) -> Path:
        """Return the file of the other world that has the same part in it."""
        here = self._other / "home"
        for part in file.parts:
            kind = part.partition("-")[0]
            exact = here / part
            here = (
                exact if exact.exists() else next(path for path in sorted(here.iterdir()) if path.name.startswith(kind))
            )
        return here

    def _start_again(self) -> None:
        shutil.rmtree(self._world, ignore_errors=True)
        shutil.copytree(self._pristine, self._world)


def _differing(right: dict[str, Any], seen: dict[str, Any]) -> str:
    return ", ".join(name for name, value in right.items() if seen.get(name) != value)


def outcomes(folder: Path, every: int) -> Iterator[tuple[Case, str]]:
    """Yield what came of every n-th damage; a crash of the process that tried it is an outcome, too."""
    cases = Ward(folder).cases()[::every]
    n = 0
    while n < len(cases):
        command = [sys.executable, "-m", "tests.faults.damages", str(folder), str(every), str(n)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
            assert process.stdout is not None
            for line in process.stdout:
                yield cases[n], json.loads(line)
                n += 1
        if process.returncode:
            yield cases[n], f"the process ended with {process.returncode}"
            n += 1


def _main(folder: str, every: str, first: str) -> None:
    ward = Ward(Path(folder))
    for case in ward.cases()[:: int(every)][int(first) :]:
        print(json.dumps(ward.try_out(case)), flush=True)


if __name__ == "__main__":
    _main(*sys.argv[1:])
