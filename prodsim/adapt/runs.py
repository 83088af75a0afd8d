"""A training run on the disk: its recipe, data, progress and outcome."""

import json
import shutil
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self

import pandas as pd

from prodsim.adapt.measurement import Changed, Measured, ProbeComparison
from prodsim.adapt.recipes import TrainingRecipe
from prodsim.artifacts import seal, storage_error, unseal, write_text_atomically
from prodsim.errors import QueryError, StaleArtifact
from prodsim.phrases import SENTENCE_AFTER_SENTENCE, Text, joined, phrase
from prodsim.roles import actor, is_own

RUN_FORMAT = 1
State = Literal["running", "done", "failed", "stopped"]
RECIPE, STATUS, RESULT, LOG, STOP, CARD = (
    "recipe.yaml", "status.json", "result.json", "metrics.parquet", "stop", "card.md",
)  # fmt: skip
LIVE = "metrics.jsonl"
PLAN_FILE = "plan.txt"
TEACHER_FILE = "teacher.txt"
STARTED_BY = "who.txt"
WAY = "share_taken"
"""Key of a run's facts: the share of the training's change of weights that the model takes over."""
CLIENTS = "clients"
"""Key of a run's facts: each catalog that learned together to its pairs, its rounds and the limit of its privacy."""

PARTLY_TAKEN = Text("Only {share:.0%} of the change was kept, because more of it made “same product” worse.")
NOTHING_SMALLER = Text("No smaller model keeps the quality: each loses more than one point of recall@1 or nDCG@10.")
SMALLER = Text(
    "{option}: encodes {speed:.1f} times as fast and takes {size:.0%} of the space. With meaning alone, the right "
    "product comes first for {meaning:.1%} of the questions instead of {meaning_now:.1%}; with “same product”, for "
    "{same:.1%} instead of {same_now:.1%}. Measured with {n:,} questions, which is precise to a point or two."
)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Status:
    """How far a run is.

    Attributes:
        state: ``running`` also after its process died; ``Adaptations`` tells whether one is at work.
        step, total: batches read, and planned; 0 before training.
        doing: the step that is at work.
        error: what went wrong, and how to mend it.
        left_s: seconds of training that are left at the present rate; 0 while that is not known.
        started, told: ISO times in UTC: of its beginning, and of this.
        seconds: at work so far, over all sittings.
    """

    state: State
    doing: str = ""
    step: int = 0
    total: int = 0
    error: tuple[str, str] = ("", "")
    left_s: float = 0.0
    started: str = field(default_factory=_now)
    told: str = field(default_factory=_now)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Option:
    """One way to be smaller.

    Attributes:
        name: of its folder in the run; "" for the encoder as it is.
        told: what it is, in words.
        meaning, meaning_ndcg: recall@1 and nDCG@10 by meaning alone, on products kept out.
        same_product, same_product_ndcg: the same by *same product*.
        texts_per_s: encoded on this machine.
        model_mb: size of the model on the disk.
        dim: numbers per vector; the index and its memory grow with it.
        is_best: no other option is better in quality as well as in speed, size and length.
        is_offered: it loses at most ``MAX_LOSS`` of each, compared with the present encoder, and *same product* has no
            significant loss on any kind of question.
        encoder: its fingerprint.
    """

    name: str
    told: str
    meaning: float
    meaning_ndcg: float
    same_product: float
    same_product_ndcg: float
    texts_per_s: float
    model_mb: float
    dim: int
    is_best: bool = False
    is_offered: bool = False
    encoder: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of a run.

    Attributes:
        measured: before and after on products kept out.
        n_pairs: trained on, by source.
        steps, best_at: batches read, and after which of them the weights are that were kept; 0 for the base's own.
        facts: fingerprints, versions, seeds, sizes and times.
        options: of a run that makes an encoder smaller: what was tried, the encoder as it is first.
    """

    measured: Measured
    n_pairs: Mapping[str, int]
    steps: int
    best_at: int
    facts: Mapping[str, Any]
    options: tuple[Option, ...] = ()

    @property
    def is_better(self) -> bool:
        """Return whether the run offers a model to use."""
        return any(option.is_offered for option in self.options) if self.options else self.measured.is_better

    @property
    def verdict(self) -> str:
        """Return the outcome in a few sentences."""
        if not self.options:
            share = self.facts.get(WAY, 1.0)
            partly = [PARTLY_TAKEN(share=share)] if share < 1 else []
            return joined([self.measured.verdict, *partly], SENTENCE_AFTER_SENTENCE)
        offered = [option for option in self.options if option.is_offered]
        if not offered:
            return NOTHING_SMALLER()
        fast = max(offered, key=lambda option: option.texts_per_s)
        now = self.options[0]
        return SMALLER(
            option=fast.told,
            speed=fast.texts_per_s / now.texts_per_s,
            size=fast.model_mb / now.model_mb,
            meaning=fast.meaning,
            meaning_now=now.meaning,
            same=fast.same_product,
            same_now=now.same_product,
            n=self.measured.of("meaning", "recall@1").n,
        )

    def save(self, path: Path) -> None:
        """Write it, sealed."""
        write_text_atomically(path, seal({"format": RUN_FORMAT, **asdict(self)}))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what ``save`` wrote; raises ``StaleArtifact`` where it is absent, changed or of another format."""
        try:
            saved = unseal(path.read_text(encoding="utf-8"), RUN_FORMAT)
            measured = saved["measured"]
            return cls(
                Measured(
                    tuple(ProbeComparison(**one) for one in measured["compared"]),
                    {name: tuple(value) for name, value in measured["by_category"].items()},
                    tuple(
                        Changed(**{**one, "before": tuple(one["before"]), "after": tuple(one["after"])})
                        for one in measured["changed"]
                    ),
                    measured["n_kept_out"],
                ),
                saved["n_pairs"],
                saved["steps"],
                saved["best_at"],
                saved["facts"],
                tuple(Option(**one) for one in saved["options"]),
            )
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise StaleArtifact(
                phrase("The outcome of the run {run} cannot be read.", run=path.parent.name), phrase("Run it again.")
            ) from error


class RunFolder:
    """One run. Once it is begun, only the process that works on it writes, but for the wish to stop.

    Args:
        path: the folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name
        self._began, self._before_s = time.monotonic(), 0.0  # of this sitting, and seconds of those before

    @property
    def is_whole(self) -> bool:
        """Return whether its recipe, catalog and status can be read."""
        try:
            return bool(self.recipe and self.catalog and self.status)
        except (QueryError, OSError):
            return False

    @property
    def is_shown(self) -> bool:
        """Return whether who acts now sees the run: it has ended, it is their own, or they are an admin."""
        path = self.path / STARTED_BY
        return (self.path / RESULT).is_file() or is_own(path.read_text(encoding="utf-8") if path.is_file() else "")

    def check_fits(self, recipe: TrainingRecipe, catalog: str) -> None:
        """Raise ``QueryError`` where there is a run of this name that ended, or that does something else."""
        if not self.is_whole:
            return
        if self.find_outcome() is not None:
            raise QueryError(
                phrase("The run “{run}” has ended.", run=self.name),
                phrase("Use another name, or discard that run first."),
            )
        if (self.recipe, self.catalog) != (recipe, catalog):
            raise QueryError(
                phrase(
                    "The run “{run}” has a different recipe or adapts to a different catalog: “{catalog}”.",
                    run=self.name,
                    catalog=self.catalog,
                ),
                phrase("Continue it with `adapt --recipe {recipe}`, or use another name.", recipe=self.path / RECIPE),
            )

    def fits(self, digest: str) -> bool:
        """Return whether a plan is that of the sitting before; delete what was trained where it is not."""
        path = self.path / PLAN_FILE
        before = path.read_text(encoding="utf-8") if path.is_file() else digest
        if before != digest:
            for name in ("training", "base"):
                shutil.rmtree(self.path / name, ignore_errors=True)
            (self.path / LIVE).unlink(missing_ok=True)
        write_text_atomically(path, digest)
        return before == digest

    @property
    def teacher(self) -> str:
        """Return the encoder whose copy it made smaller; "" for another kind of run."""
        path = self.path / TEACHER_FILE
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    def begin(self, recipe: TrainingRecipe, catalog: str, *, keeps_wish: bool = False) -> None:
        """Make the folder of a new run, or go on with one; a wish to stop it is forgotten, or kept."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            if not keeps_wish:
                (self.path / STOP).unlink(missing_ok=True)
            if not self.is_whole:
                write_text_atomically(self.path / "catalog.txt", catalog)
                write_text_atomically(self.path / STARTED_BY, actor().name)
                recipe.save(self.path / RECIPE)
        except OSError as error:
            raise storage_error(self.path, error) from error
        kept = self.status
        self._began = time.monotonic()
        self._before_s = kept.seconds if kept else 0.0
        self.tell("running", started=kept.started if kept else None)

    @property
    def catalog(self) -> str:
        """Return the name of the catalog that it adapts to."""
        return (self.path / "catalog.txt").read_text(encoding="utf-8")

    @property
    def recipe(self) -> TrainingRecipe:
        """Return the recipe."""
        return TrainingRecipe.load(self.path / RECIPE)

    @property
    def status(self) -> Status | None:
        """Return the status; ``None`` where it cannot be read."""
        try:
            saved = json.loads((self.path / STATUS).read_text(encoding="utf-8"))
            return Status(**{**saved, "error": tuple(saved["error"])})
        except (OSError, ValueError, TypeError, KeyError):
            return None

    @property
    def outcome(self) -> Outcome | None:
        """Return the outcome; ``None`` before the run has ended."""
        return Outcome.load(self.path / RESULT) if (self.path / RESULT).is_file() else None

    def find_outcome(self) -> Outcome | None:
        """Return the outcome; ``None`` also where it cannot be read any more."""
        try:
            return self.outcome
        except StaleArtifact:
            return None

    def tell(
        self, state: State, doing: str = "", step: int = 0, total: int = 0, *,
        error: tuple[str, str] = ("", ""), left_s: float = 0.0, started: str | None = None,
    ) -> None:  # fmt: skip
        """Write the status for other processes."""
        before = self.status
        status = Status(state, doing, step, total, error, left_s)
        begun = started or (before.started if before else status.started)
        seconds = self._before_s + time.monotonic() - self._began
        fields = {**asdict(status), "started": begun, "seconds": seconds}
        write_text_atomically(self.path / STATUS, json.dumps(fields))

    def log(self, step: int, numbers: Mapping[str, float]) -> None:
        """Keep numbers of a step."""
        with (self.path / LIVE).open("a", encoding="utf-8") as file:
            file.writelines(
                json.dumps({"step": step, "name": name, "value": value}) + "\n" for name, value in numbers.items()
            )

    def numbers(self) -> pd.DataFrame:
        """Return the logged numbers: step, name, value, the newest of each step and name, without cut lines."""
        with suppress(OSError, ValueError):  # a kill may have cut it short, or come before it
            return pd.read_parquet(self.path / LOG)
        rows = []
        live = self.path / LIVE
        for line in live.read_text(encoding="utf-8").splitlines() if live.is_file() else ():
            try:
                rows.append(json.loads(line))
            except ValueError:
                continue
        table = pd.DataFrame(rows, columns=["step", "name", "value"])
        return table.drop_duplicates(["step", "name"], keep="last").sort_values(
            "step", kind="stable", ignore_index=True
        )

    def exclude_pairs(self, struck: Collection[tuple[str, str, str]]) -> None:
        """Keep pairs that are not to be used: two SKUs and the source."""
        table = pd.DataFrame(sorted(struck), columns=["sku_a", "sku_b", "source"], dtype=str)
        table.to_parquet(self.path / "struck.parquet", index=False)

    @property
    def struck(self) -> set[tuple[str, str, str]]:
        """Return the pairs that ``exclude_pairs`` kept."""
        path = self.path / "struck.parquet"
        return set(pd.read_parquet(path).itertuples(index=False, name=None)) if path.is_file() else set()

    def close_log(self) -> None:
        """Turn what was logged into a table."""
        whole = self.path / f".{LOG}"
        self.numbers().to_parquet(whole, index=False)
        whole.replace(self.path / LOG)
        (self.path / LIVE).unlink(missing_ok=True)

    @property
    def is_stop_requested(self) -> bool:
        """Return whether a person wants the run to end."""
        return (self.path / STOP).exists()

    def ask_to_stop(self) -> None:
        """Ask the process at work to keep the best so far and measure it."""
        (self.path / STOP).touch()
