"""Runs from their beginning to the catalog that uses them, and back."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from prodsim.adapt import RunFolder, TrainingRecipe, from_scratch
from prodsim.adapt.training import _Watcher
from prodsim.encoders import open_encoder
from prodsim.errors import Cancelled, CatalogError, EncoderError, QueryError, StaleArtifact
from prodsim.progress import Silent
from prodsim.search import Query
from prodsim.workspace import BuildRequest, go_back
from prodsim.workspace.build import locked
from prodsim.workspace.request import forget_request, request_of, save_request
from prodsim.workspace.run_process import is_at_work, note_process
from tests.adapt.conftest import SMALL, N

ROOT = Path(__file__).resolve().parents[2]


def test_a_run_helps_and_harms_nothing(run):
    outcome = run.outcome

    gain = outcome.measured.of("meaning", "recall@1")
    assert gain.probe == "labels"
    assert gain.low > 0
    assert outcome.is_better
    assert outcome.n_pairs["twins"] > 40
    assert "The training helped" in (run.path / "card.md").read_text(encoding="utf-8")


def test_a_run_keeps_what_makes_it_again(run, good):
    assert run.recipe == good
    assert run.status.state == "done"
    assert {"loss", "quality"} == set(run.numbers()["name"])
    assert any((run.path / "tensorboard").iterdir())
    assert not (run.path / "training").exists()
    assert sum(path.stat().st_size for path in (run.path / "model").iterdir()) < 4e6


def test_the_same_seed_gives_the_same_model(adaptations, opened, truth, tiny):
    short = replace(tiny, batches=2)
    runs = [adaptations.adapt(opened, name, short, truth, trackers=()) for name in ("once", "again")]

    weights = [(one.path / "model" / "adapter_model.safetensors").read_bytes() for one in runs]
    assert weights[0] == weights[1]
    for one in runs:
        adaptations.throw_away(one)
        assert not one.path.exists()


def test_a_catalog_uses_it_and_goes_back_at_once(run, adaptations, workspace):
    before = workspace.open("tools")
    query = Query(like=("A3",))
    hits = [hit.sku for hit in before.search(query).hits]

    report = adaptations.use(run)
    used = workspace.open("tools")
    assert used.info.encoder == "adapted:first"
    assert report.encoded == N
    assert used.search(Query("cordless drill")).hits
    with pytest.raises(QueryError, match="is or was the encoder of tools"):
        adaptations.throw_away(run)

    assert adaptations.use(run).encoded == 0  # again changes nothing of the way back
    go_back(workspace, "tools")
    back = workspace.open("tools")
    assert back.info == before.info
    assert [hit.sku for hit in back.search(query).hits] == hits
    assert adaptations.before("tools") is None
    with pytest.raises(QueryError, match="still has its first encoder"):
        go_back(workspace, "tools")


def test_a_file_read_anew_meanwhile_is_not_lost_by_going_back(run, adaptations, workspace, tmp_path):
    info = workspace.info("tools")
    adaptations.use(run)
    longer = tmp_path / "tools.csv"
    text = (workspace.settings.home.parent / "tools.csv").read_text(encoding="utf-8")
    longer.write_text(text + "Z1,belt sander ZZ999,Tools,north\n", encoding="utf-8")
    workspace.build(BuildRequest(longer, "tools", encoder="adapted:first"))

    after = go_back(workspace, "tools")

    assert after.encoder == info.encoder
    assert after.products == info.products + 1
    workspace.build(BuildRequest(workspace.settings.home.parent / "tools.csv", encoder=info.encoder))


class StopsAt(Silent):
    """Progress that cancels in the middle of the training."""

    def __init__(self, n):
        self.left = n

    def advance(self, n=1):
        self.left -= n
        if self.left < 0:
            raise Cancelled


def test_a_stopped_run_goes_on_from_its_checkpoint(adaptations, opened, truth, tiny):
    class InTraining(StopsAt):
        is_training = False

        def step(self, name, total=None, unit=""):
            self.is_training = name == "train"

        def advance(self, n=1):
            if self.is_training:
                super().advance(n)

    with pytest.raises(Cancelled):
        adaptations.adapt(opened, "stopped", tiny, truth, trackers=(), progress=InTraining(2))
    halfway = adaptations.run("stopped")
    assert halfway.status.state == "stopped"
    assert halfway.outcome is None
    n_before = len(halfway.numbers())

    done = adaptations.adapt(opened, "stopped", tiny, truth, trackers=())

    assert done.outcome.steps == tiny.batches
    first_steps = done.numbers()["step"].value_counts()
    assert n_before > 0
    assert first_steps.max() <= 2
    adaptations.throw_away(done)


def test_a_wish_to_stop_keeps_the_best_so_far(adaptations, opened, truth, tiny):
    class Wishes(Silent):
        def step(self, name, total=None, unit=""):
            if name == "train":
                adaptations.run("wished").ask_to_stop()

    found = adaptations.adapt(opened, "wished", tiny, truth, trackers=(), progress=Wishes())

    assert found.status.state == "done"
    assert found.outcome.steps < tiny.batches
    adaptations.throw_away(found)


def test_two_processes_do_not_work_on_one_run(run, adaptations, opened):
    from filelock import FileLock

    with FileLock(run.path / ".lock"):
        assert is_at_work(run)
        with pytest.raises(QueryError, match="is already running"):
            adaptations.go_on(run)
        with pytest.raises(QueryError, match="running"):
            adaptations.throw_away(run)


def test_a_changed_model_is_not_opened(run, workspace, adaptations):
    path = run.path / "model" / "adapter_config.json"
    kept = path.read_bytes()
    path.write_bytes(kept.replace(b"16", b"17"))
    try:
        with pytest.raises(QueryError, match="missing or damaged"):
            open_encoder("adapted:first", workspace.settings)
    finally:
        path.write_bytes(kept)
    with pytest.raises(QueryError, match="missing or damaged"):
        open_encoder("adapted:nobody", workspace.settings)


def test_an_outcome_that_was_changed_is_told(run, adaptations):
    path = run.path / "result.json"
    kept = path.read_text(encoding="utf-8")
    path.write_text(kept.replace('"steps": ', '"steps": 9'), encoding="utf-8")
    try:
        with pytest.raises(StaleArtifact, match="outcome of the run first"):
            _ = run.outcome
        assert run.find_outcome() is None
        assert adaptations.state(run) == "interrupted"  # so that it can go on
    finally:
        path.write_text(kept, encoding="utf-8")
    assert adaptations.state(run) == "done"


def test_a_base_that_cannot_be_trained_is_told_and_noted(adaptations, opened):
    with pytest.raises(EncoderError, match="not a transformer that can be trained"):
        adaptations.adapt(opened, "no base", TrainingRecipe(base="lsa", batch=16), trackers=())
    failed = adaptations.run("no base")
    assert failed.status.state == "failed"
    assert "not a transformer" in failed.status.error[0]
    adaptations.throw_away(failed)


def test_a_loss_that_is_no_number_ends_the_training(tmp_path):
    watcher = _Watcher(tmp_path, SMALL, lambda model: 0.5, lambda *_: False, 8)

    class State:
        global_step, max_steps = 3, 8

    watcher.callback().on_log(None, State(), None, logs={"loss": float("nan")})

    assert watcher.broken
    assert watcher.stops


def test_a_perturbed_batch_teaches_too(adaptations, opened, truth, tiny):
    recipe = replace(tiny, batches=2, perturbation=0.1)
    found = adaptations.adapt(opened, "perturbed", recipe, truth, trackers=())

    assert found.outcome.steps == 2
    assert np.isfinite(found.numbers()["value"]).all()
    adaptations.throw_away(found)


def test_smaller_encoders_are_measured_and_can_be_used(adaptations, opened, truth, workspace, base):
    recipe = TrainingRecipe("smaller", base, batches=4, batch=16)
    found = adaptations.adapt(opened, "small", recipe, truth, trackers=())
    options = {one.name: one for one in found.outcome.options}

    assert set(options) == {"", "int8", "fewer-layers", "fewer-layers-int8", "int8-192", "int8-96"}
    assert options["int8"].model_mb < options[""].model_mb / 3
    assert options["int8-96"].dim == 96
    assert all(one.encoder for one in options.values())
    texts = opened.catalog.products["title"].tolist()[:40]
    whole, int8 = open_encoder(base, workspace.settings), open_encoder("adapted:small/int8", workspace.settings)
    assert (whole.encode(texts) * int8.encode(texts)).sum(axis=1).min() > 0.9
    report = adaptations.use(found, "int8-96")
    assert report.info.dim == 96
    go_back(workspace, "tools")
    with pytest.raises(QueryError, match="has no option “int4”"):
        adaptations.use(found, "int4")
    vectors = workspace.settings.home / "vectors" / options["int8-96"].encoder
    assert vectors.is_dir()
    adaptations.throw_away(found)
    assert not vectors.exists()


def test_two_processes_train_as_one_does(workspace, adaptations, opened, small, tmp_path):
    recipe = replace(small, batches=2, batch=32)
    recipe.save(tmp_path / "recipe.yaml")
    alone = adaptations.adapt(opened, "alone", recipe, trackers=())
    launched = ["-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2", "-m", "--", "prodsim"]
    home = str(workspace.settings.home)
    command = ["adapt", "tools", "--recipe", str(tmp_path / "recipe.yaml"), "--run", "both", "--home", home, "--json"]

    done = subprocess.run(
        [sys.executable, *launched, *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )

    assert done.returncode == 0, done.stdout + done.stderr[-9000:]
    assert json.loads(done.stdout)["run"] == "both"
    texts = opened.catalog.products["title"].tolist()
    one, both = (open_encoder(f"adapted:{name}", workspace.settings).encode(texts) for name in ("alone", "both"))
    assert (one * both).sum(axis=1).min() > 0.99  # dropout is drawn otherwise in two processes
    losses = [run.numbers().query("name == 'loss'")["value"].to_numpy() for run in (alone, adaptations.run("both"))]
    assert losses[1] == pytest.approx(losses[0], rel=0.15)
    adaptations.throw_away(alone)


@pytest.mark.parametrize("recipe", [TrainingRecipe("smaller"), TrainingRecipe(base="scratch")])
def test_what_one_process_makes_alone_is_refused_to_several(adaptations, opened, recipe, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    for rank in "01":
        monkeypatch.setenv("RANK", rank)
        with pytest.raises(QueryError, match="takes one process"):
            adaptations.adapt(opened, "several", recipe)
    assert "several" not in [one.name for one in adaptations.runs()]


@pytest.mark.parametrize("name", ["../escaped", "a/b", "", ".hidden", "a:b", "x" * 81])
def test_a_run_cannot_be_named_like_a_path(adaptations, opened, name, workspace):
    with pytest.raises(QueryError, match="A run cannot be named"):
        adaptations.adapt(opened, name, SMALL)
    assert not (workspace.settings.home / "escaped").exists()


def test_an_ended_run_is_not_overwritten(run, adaptations, opened):
    before = run.status

    with pytest.raises(QueryError, match="has ended"):
        adaptations.adapt(opened, "first", SMALL)

    assert run.status == before


def test_a_base_that_was_adapted_itself_is_refused(run, adaptations, opened):
    with pytest.raises(QueryError, match="is adapted already"):
        adaptations.adapt(opened, "second", replace(SMALL, base="adapted:first"))
    assert "second" not in [one.name for one in adaptations.runs()]


def test_what_a_catalog_is_being_built_with_is_not_thrown_away(run, adaptations, workspace):
    folder = workspace.layout.catalog("tools")
    save_request(folder, replace(request_of(workspace.info("tools")), encoder="adapted:first"))
    try:
        with locked(folder), pytest.raises(QueryError, match="is or was the encoder of tools"):
            adaptations.throw_away(run)
    finally:
        forget_request(folder)


def test_a_run_killed_after_its_outcome_is_done(run, adaptations):
    kept = (run.path / "status.json").read_text(encoding="utf-8")
    status = {**json.loads(kept), "state": "running", "told": "2020-01-01T00:00:00+00:00"}
    (run.path / "status.json").write_text(json.dumps(status), encoding="utf-8")
    try:
        assert adaptations.state(run) == "done"
    finally:
        (run.path / "status.json").write_text(kept, encoding="utf-8")


def test_a_wish_to_stop_before_the_training_ends_the_run(adaptations, opened, truth):
    class Wishes(Silent):
        def step(self, name, total=None, unit=""):
            if name == "counterexamples":
                adaptations.run("early").ask_to_stop()

    with pytest.raises(Cancelled):
        adaptations.adapt(opened, "early", SMALL, truth, trackers=(), progress=Wishes())

    assert adaptations.run("early").status.state == "stopped"
    adaptations.throw_away(adaptations.run("early"))


def test_a_catalog_of_its_own_words_gets_a_model_of_its_own_in_two_sittings(adaptations, opened, truth, monkeypatch):
    class Words(Silent):
        def __init__(self, most):
            self.is_guessing, self.seen, self.most = False, [], most

        def step(self, name, total=None, unit=""):
            self.is_guessing = name == "masked words"

        def advance(self, n=1):
            if self.is_guessing:
                self.seen.append(n)
                if len(self.seen) > self.most:
                    raise Cancelled

    for short in ("TAUGHT", "TAUGHT_LEAST"):
        monkeypatch.setattr(from_scratch, short, 1)
    recipe = TrainingRecipe(base="scratch", method="full", batches=2, batch=16)
    first, second = Words(15), Words(10_000)
    with pytest.raises(Cancelled):
        adaptations.adapt(opened, "guessing", recipe, truth, trackers=(), progress=first)

    found = adaptations.adapt(opened, "guessing", recipe, truth, trackers=(), progress=second)

    assert first.seen[0] == 0
    assert second.seen[0] > 5
    assert not (found.path / "base" / "masked").exists()
    assert found.outcome.measured.of("meaning", "recall@1").n > 0
    assert open_encoder("adapted:guessing", adaptations._workspace.settings).dim == 256
    adaptations.throw_away(found)


def test_a_run_that_goes_on_with_other_data_begins_anew(adaptations, opened, truth, tiny):
    class RunProgress(Silent):
        notes = []

        def note(self, message):
            self.notes.append(message)

    recipe = replace(tiny, batches=2)
    run = RunFolder(adaptations._folder / "moved")
    run.begin(recipe, "tools")
    assert run.fits("the plan of yesterday")
    (run.path / "training" / "checkpoint-1").mkdir(parents=True)

    done = adaptations.adapt(opened, "moved", recipe, truth, trackers=(), progress=RunProgress())

    assert any("training starts again" in note for note in RunProgress.notes)
    assert done.outcome.steps == 2
    adaptations.throw_away(done)


def test_a_damaged_run_does_not_hide_the_others(run, adaptations):
    broken = adaptations._folder / "broken"
    broken.mkdir()
    (broken / "recipe.yaml").write_text("kind: [", encoding="utf-8")

    assert "first" in [one.name for one in adaptations.runs()]


def test_a_run_whose_copy_another_made_smaller_stays(run, adaptations, workspace):
    later = RunFolder(adaptations._folder / "later")
    later.begin(TrainingRecipe("smaller"), "tools")
    (later.path / "teacher.txt").write_text("adapted:first", encoding="utf-8")

    with pytest.raises(QueryError, match="is or was the encoder of later"):
        adaptations.throw_away(run)
    adaptations.throw_away(later)


def test_a_run_that_is_starting_is_at_work_until_its_process_dies(adaptations, opened, monkeypatch):
    started, begin = [], subprocess.Popen

    def sleep(*_, **__):
        started.append(begin([sys.executable, "-c", "import time; time.sleep(600)"]))
        return started[0]

    monkeypatch.setattr(subprocess, "Popen", sleep)
    coming = adaptations.start(opened, SMALL)
    try:
        assert adaptations.state(coming) == "running"
        for refused in (
            lambda: adaptations.start(opened, SMALL),
            lambda: adaptations.go_on(coming),
            lambda: adaptations.throw_away(coming),
        ):
            with pytest.raises(QueryError, match="running"):
                refused()
    finally:
        started[0].kill()
        started[0].wait()
    assert adaptations.state(coming) == "interrupted"
    adaptations.throw_away(coming)


def test_a_wish_to_stop_while_a_run_is_starting_is_kept(adaptations, opened):
    coming = RunFolder(adaptations._folder / "coming")
    coming.begin(SMALL, "tools")
    note_process(coming, os.getpid())
    coming.ask_to_stop()

    with pytest.raises(Cancelled):
        adaptations.adapt(opened, "coming", SMALL, trackers=())

    assert coming.status.state == "stopped"
    adaptations.throw_away(coming)


def test_what_goes_wrong_before_a_started_run_is_held_is_told(adaptations):
    coming = RunFolder(adaptations._folder / "coming")
    coming.begin(SMALL, "tools")
    note_process(coming, os.getpid())

    with pytest.raises(QueryError), adaptations.note_where_started("coming"):
        raise QueryError("The catalog is gone.", "Build it again.")

    assert coming.status.error == ("The catalog is gone.", "Build it again.")
    adaptations.throw_away(coming)


def test_known_pairs_that_are_not_there_leave_no_run(adaptations, opened, tmp_path):
    for begin in (adaptations.start, lambda *given: adaptations.adapt(opened, "typo", *given[1:])):
        with pytest.raises(CatalogError, match="pairz"):
            begin(opened, SMALL, tmp_path / "pairz.csv")
    assert not {"typo"} & {one.name for one in adaptations.runs()}
    assert all(adaptations.state(one) != "running" for one in adaptations.runs())


def test_only_the_time_at_work_counts(tmp_path):
    run = RunFolder(tmp_path / "run")
    run.begin(SMALL, "tools")
    run._began -= 100  # a sitting that took so long
    run.tell("stopped")
    run._began -= 1000  # and was looked at a while before it goes on

    run.begin(SMALL, "tools")

    assert 100 <= run.status.seconds < 101


def test_numbers_that_a_kill_cut_short_are_read_from_before(tmp_path):
    kept = RunFolder(tmp_path / "cut")
    kept.begin(SMALL, "tools")
    kept.log(1, {"loss": 2.0})
    (kept.path / "metrics.parquet").write_bytes(b"PAR1")

    assert kept.numbers()["value"].tolist() == [2.0]
