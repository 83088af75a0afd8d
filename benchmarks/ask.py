"""How well questions are answered: ``python -m benchmarks.ask [all]``.

Each question of ``benchmarks.questions`` succeeds where a right product is among the first five; where nothing is
right, if the answer says that nothing fits. A condition that was understood is wrong where most right products do not
meet it. Plain search with the whole question is the peer. Every third question is held out; ``all`` prints failures.
"""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.questions import BEAUTY, FOLLOWED, OUTDOOR
from prodsim.ask import Answer
from prodsim.errors import ProdsimError
from prodsim.search import Arrangement, Query, SearchOptions
from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, OpenCatalog, Workspace

SAMPLE = Path(__file__).resolve().parent.parent / "sample_data"
CATALOGS = {"outdoor": "minilm", "beauty_zh": "auto"}
TOP = 5
VARIED = Arrangement(per_family=1)


@dataclass(frozen=True)
class Result:
    """One question, answered."""

    group: str
    question: str
    succeeded: bool
    searched: bool
    chips: int
    wrong: tuple[str, ...]
    told: str


def main() -> None:
    """Print shares by catalog and by what was held out."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Settings(Path(folder)))
        opened = {}
        for name, encoder in CATALOGS.items():
            workspace.build(BuildRequest(SAMPLE / f"{name}.csv", name=name, encoder=encoder))
            opened[name] = workspace.open(name)
        results = []
        for name, questions in (("outdoor", OUTDOOR), ("beauty_zh", BEAUTY)):
            for number, (question, right) in enumerate(questions):
                group = f"{name}, {'held out' if number % 3 == 2 else 'looked at'}"
                results.append(judged(opened[name], group, (question,), right))
        for name, questions, right in FOLLOWED:
            results.append(judged(opened[name], "follow-ups", questions, right))
    print(f"{len(results)} questions; a right product among the first {TOP}\n")
    print(f"{'':24}{'n':>5}{'ask':>8}{'search':>8}{'conditions':>12}{'wrong':>7}")
    for group in [*dict.fromkeys(one.group for one in results), "all"]:
        mine = [one for one in results if group in (one.group, "all")]
        n_chips, n_wrong = sum(one.chips for one in mine), sum(len(one.wrong) for one in mine)
        asked, searched = (np.mean([getattr(one, name) for one in mine]) for name in ("succeeded", "searched"))
        print(f"{group:24}{len(mine):5}{asked:8.3f}{searched:8.3f}{n_chips:12}{n_wrong / max(n_chips, 1):7.1%}")
    if "all" in sys.argv:
        for one in results:
            if not one.succeeded or one.wrong:
                print(f"{one.question!r}: {one.told} {'' if one.succeeded else 'FAILED'} wrong: {', '.join(one.wrong)}")


def judged(opened: OpenCatalog, group: str, questions: tuple[str, ...], right: str) -> Result:
    """Ask, and look what came."""
    answer: Answer | None = None
    for question in questions:
        answer = opened.asker.ask(question, TOP, answer, arrangement=VARIED)
    assert answer is not None
    meeting = set(opened.engine.targets.matching(right).tolist()) if right else set()
    if right and not meeting:
        raise ValueError(f"no product is right for {questions[-1]!r}: {right}")
    rows = {one.hit.row for one in answer.suggestions}
    succeeded = bool(rows & meeting) if right else not answer.fits
    wrong = []
    for chip in answer.understood.chips if right else ():
        met = set(opened.engine.targets.matching(chip.condition).tolist())
        if len(meeting & met) < len(meeting) / 2:
            wrong.append(chip.label)
    return Result(
        group,
        " → ".join(questions),
        succeeded,
        bool(_searched(opened, questions) & meeting) if right else False,
        len(answer.understood.chips),
        tuple(wrong),
        answer.text,
    )


def _searched(opened: OpenCatalog, questions: tuple[str, ...]) -> set[int]:
    try:
        found = opened.search(Query(" ".join(questions)), TOP, SearchOptions(arrangement=VARIED))
    except ProdsimError:
        return set()
    return {hit.row for hit in found.hits}


if __name__ == "__main__":
    main()
