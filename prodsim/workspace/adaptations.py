"""Adapting encoders to a catalog: runs that resume where they stopped, and what came of them."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

from prodsim.adapt import (
    Client,
    ExcludedPairs,
    Labels,
    Option,
    Outcome,
    Plan,
    RunFolder,
    TrainingRecipe,
    Update,
    adopt_weights,
    estimate_run,
    help_training,
    make_plan,
    open_common_model,
    put_weights,
    run_smaller,
    run_training,
    write_card,
)
from prodsim.adapt.aggregation import Change
from prodsim.adapt.run_progress import RunProgress
from prodsim.adapt.runs import RECIPE, RESULT
from prodsim.adapt.training import processes
from prodsim.artifacts import fingerprint, storage_error
from prodsim.catalog import read_whole_table
from prodsim.encoders import find_spec
from prodsim.encoders.adapted import ADAPTED_PREFIX, BUILT_IN, SCRATCH, forget_conversions
from prodsim.encoders.text_recipe import TextRecipe, compose_texts, description_texts
from prodsim.encoders.transformer import choose_device
from prodsim.errors import QueryError, StorageError, TrainingError
from prodsim.evaluation.evaluate import truth_of_table
from prodsim.extras import require
from prodsim.phrases import phrase
from prodsim.progress import SILENT, Progress
from prodsim.recommend import interactions_of
from prodsim.roles import require_role
from prodsim.shipped import PACKAGE_FOLDER
from prodsim.workspace.build import BuildReport
from prodsim.workspace.catalog_info import CatalogInfo, head_before
from prodsim.workspace.checks import judged_pairs
from prodsim.workspace.encoder_switch import use_encoder
from prodsim.workspace.open_catalog import OpenCatalog
from prodsim.workspace.run_process import (
    already_running,
    held,
    is_at_work,
    is_coming,
    is_started_here,
    lower_priority,
    note_end,
    note_process,
)
from prodsim.workspace.workspace import Workspace

MIN_VOTERS = 3
"""Catalogs that a median or a vote needs."""
TRUTH = "truth.csv"
"""A run's own copy of the pairs that it was given."""


class Adaptations:
    """All runs of a workspace.

    Args:
        workspace: whose catalogs are adapted to.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._folder = workspace.layout.adapted

    def runs(self, catalog: str | None = None) -> list[RunFolder]:
        """Return the runs of a catalog, or all; newest first."""
        whole = [run for run in map(RunFolder, self._folder.glob("*")) if run.is_whole]
        mine = [run for run in whole if catalog in (None, run.catalog)]
        return sorted(mine, key=lambda run: (run.status.started, run.name) if run.status else ("", ""), reverse=True)

    def run(self, name: str) -> RunFolder:
        """Find the run of that name.

        Raises:
            QueryError: there is none.
        """
        run = next((run for run in self.runs() if run.name == name), None)
        if run is None:
            raise QueryError(
                phrase("There is no run “{name}”.", name=name), phrase("`prodsim adapted` lists the runs.")
            )
        return run

    def state(self, run: RunFolder) -> str:
        """Return ``Status.state``, but ``interrupted`` where no process works on the run any more; it can be continued.

        A run that was killed between saving its outcome and noting its end is done; one whose outcome was damaged is
        not.
        """
        noted = run.status.state if run.status else "running"
        if noted in ("failed", "stopped") or (noted == "running" and (is_coming(run) or is_at_work(run))):
            return noted
        return "done" if run.find_outcome() is not None else "interrupted"

    def new_name(self, recipe: TrainingRecipe) -> str:
        """Make a name for a new run that no other has."""
        stem = f"{recipe.kind}-{datetime.now(UTC):%Y%m%d-%H%M%S}"
        return next(
            name
            for number in range(1000)
            if not (self._folder / (name := stem if not number else f"{stem}-{number}")).exists()
        )

    def base_of(self, opened: OpenCatalog) -> str:
        """Return the base that suits a catalog: its encoder's if that is a transformer, else one from scratch."""
        name = opened.info.encoder
        if name.startswith(ADAPTED_PREFIX):
            return self.run(name.removeprefix(ADAPTED_PREFIX).partition("/")[0]).recipe.base
        spec = find_spec(name)
        return name if spec is None or name in BUILT_IN else SCRATCH

    def throw_away(self, run: RunFolder) -> None:
        """Delete a run with its model.

        Raises:
            QueryError: it is at work, or its model is a catalog's encoder.
            StorageError: the disk refuses.
        """
        require_role("build")
        used = self._users(ADAPTED_PREFIX + run.name)
        if used:
            raise QueryError(
                phrase("The run “{name}” is or was the encoder of {users}.", name=run.name, users=", ".join(used)),
                phrase("First go back to the encoder before it, and discard the runs that start from it."),
            )
        if is_at_work(run) or self.state(run) == "running":
            raise QueryError(phrase("The run “{name}” is running.", name=run.name), phrase("Stop it first."))
        try:
            forget_conversions(self._workspace.settings, run.name)
            self._forget_vectors(run)
            shutil.rmtree(run.path)
        except OSError as error:
            raise storage_error(run.path, error) from error

    def _forget_vectors(self, run: RunFolder) -> None:
        """Delete what a run's models made of texts; no other encoder has their fingerprints."""
        outcome = run.find_outcome()
        made = (
            [outcome.facts.get("encoder", ""), *(one.encoder for one in outcome.options if one.name)] if outcome else []
        )
        for encoder in filter(None, made):
            shutil.rmtree(self._workspace.layout.vectors / encoder, ignore_errors=True)

    def _users(self, encoder: str) -> list[str]:
        """Return the catalogs that have, had or are built with an encoder or one of its options, and runs of it."""
        named = [(name, request.encoder) for name, request in self._workspace.begun().items()]
        for info in self._workspace.catalogs():
            before = self.before(info.name)
            named += [(info.name, one.encoder) for one in (info, before) if one is not None]
        named += [(run.name, run.teacher) for run in self.runs()]
        return sorted({name for name, used in named if used.partition("/")[0] == encoder})

    def start(
        self, opened: OpenCatalog, recipe: TrainingRecipe, truth: Path | None = None, struck: ExcludedPairs = ()
    ) -> RunFolder:
        """Begin a run in a process of its own, at a low priority; it goes on when this one ends.

        Args:
            opened: the catalog.
            recipe: what is done.
            truth: known pairs or clusters; copied into the run.
            struck: pairs that are not used.

        Raises:
            QueryError: another run of the catalog is at work, or see ``check_recipe``.
            CatalogError: the known pairs cannot be read.
            StorageError: the disk refuses; then nothing is left of the run.
        """
        require_role("build")
        check_recipe(recipe, truth)
        self._check_partners(opened.name, recipe)
        self._check_free(opened.name)
        if truth is not None:
            read_whole_table(truth)
        run = RunFolder(self._folder / self.new_name(recipe))
        try:
            run.begin(recipe, opened.name)
            if truth is not None:
                shutil.copy(truth, run.path / TRUTH)
            if struck:
                run.exclude_pairs(struck)
            return self._launch(run)
        except (OSError, StorageError) as error:
            shutil.rmtree(run.path, ignore_errors=True)
            raise storage_error(run.path, error) if isinstance(error, OSError) else error from error

    def go_on(self, run: RunFolder) -> RunFolder:
        """Start the process of a run; it goes on from its last checkpoint.

        Raises:
            MissingPackage: an optional package that trains is not installed.
            QueryError: it or another run of the catalog is at work, or its catalog is gone.
            StorageError: the disk refuses.
        """
        require_role("build")
        require("adapt")
        if is_at_work(run):
            raise already_running(run)
        self._check_free(run.catalog)
        self._workspace.info(run.catalog)
        run.begin(run.recipe, run.catalog)
        try:
            return self._launch(run)
        except OSError as error:
            raise storage_error(run.path, error) from error

    def _launch(self, run: RunFolder) -> RunFolder:
        """Start the process of a run that has begun."""
        home = self._workspace.settings.home
        options = ["--recipe", str(run.path / RECIPE), "--run", run.name, "--home", str(home), "--json"]
        root = PACKAGE_FOLDER.parent
        path = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH", "")]))
        with (run.path / "log.txt").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "prodsim", "adapt", *options, "--", run.catalog],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, "PYTHONPATH": path},
                start_new_session=True,
            )  # fmt: skip
        note_process(run, process.pid)
        lower_priority(process.pid)
        return run

    def _check_partners(self, catalog: str, recipe: TrainingRecipe) -> None:
        """Raise ``QueryError`` unless all partners are other catalogs of this workspace."""
        for name in recipe.partners:
            self._workspace.info(name)
        if catalog in recipe.partners or len({*recipe.partners}) < len(recipe.partners):
            raise QueryError(
                phrase("A catalog can learn together only with other catalogs, each named once."),
                phrase("Give other catalogs than “{name}”.", name=catalog),
            )

    @contextmanager
    def note_where_started(self, name: str | None) -> Iterator[None]:
        """Note errors in the run even before it is held, in the process that ``start`` or ``go_on`` made."""
        run = RunFolder(self._folder / (name or ""))
        with note_end(run) if name and run.is_whole and is_started_here(run) else nullcontext():
            yield

    def _check_free(self, catalog: str) -> None:
        """Raise ``QueryError`` where a run of the catalog is at work: two would only slow each other down."""
        busy = next((one for one in self.runs(catalog) if self.state(one) == "running"), None)
        if busy is not None:
            raise QueryError(
                phrase("The run “{name}” is running.", name=busy.name), phrase("Wait until it ends, or stop it.")
            )

    def use(self, run: RunFolder, option: str = "", progress: Progress = SILENT) -> BuildReport:
        """Make a run's model the encoder of its catalog; see ``use_encoder``.

        Args:
            run: that ended.
            option: which of its options, where it has several.
            progress: of the build.

        Raises:
            QueryError: it has no model, or its catalog is gone.
            CatalogError: the catalog's file is gone.
        """
        if run.outcome is None:
            raise QueryError(phrase("The run “{name}” is not finished.", name=run.name), phrase("Continue it first."))
        names = [one.name for one in run.outcome.options if one.name] or [""]
        if option not in names:
            raise QueryError(
                phrase("The run “{name}” has no option “{option}”.", name=run.name, option=option),
                phrase("Choose one of {options}.", options=", ".join(names)),
            )
        name = f"{ADAPTED_PREFIX}{run.name}" + (f"/{option}" if option else "")
        return use_encoder(self._workspace, run.catalog, name, progress)

    def before(self, catalog: str) -> CatalogInfo | None:
        """Return what a catalog was before it was adapted; ``None`` where it was not."""
        return head_before(self._workspace.layout.catalog(catalog))

    def labels(self, opened: OpenCatalog, recipe: TrainingRecipe, truth: Path | None = None) -> Labels:
        """Collect what is known about pairs of products.

        For ``shoppers`` these are products bought together; else a file of pairs or clusters where one is given,
        judgements, and decisions on findings.

        Raises:
            CatalogError: the file cannot be read.
            QueryError: there are no histories to learn from.
        """
        if recipe.kind == "shoppers":
            return self._bought_together(opened)
        row_of = opened.catalog.row_of
        records = self._workspace.records(opened.name)
        judged = [(one.sku_a, one.sku_b, one.grade) for one in records.judgements() if not one.query]
        same = [(a, b) for a, b, grade in judged if grade == 1]
        apart = [(a, b) for a, b, grade in judged if grade == 0]
        for a, b, is_one in judged_pairs(records.decisions().values(), opened.catalog, every=True):
            (same if is_one else apart).append((a, b))
        if truth is not None:
            known = truth_of_table(read_whole_table(truth), opened.catalog)
            same += [(a, b) for a, partners in known.gains.items() for b in partners]
            apart += [(a, b) for a, b, is_partner in known.listed if not is_partner]
        rows = (((row_of[a], row_of[b]) for a, b in pairs if a in row_of and b in row_of) for pairs in (same, apart))
        return Labels.of(*rows)

    def plan(
        self,
        opened: OpenCatalog,
        recipe: TrainingRecipe,
        truth: Path | None = None,
        struck: ExcludedPairs = (),
        progress: Progress = SILENT,
    ) -> Plan:
        """Return what a run would use; see ``prodsim.adapt.make_plan`` and ``check_recipe``."""
        check_recipe(recipe, truth)
        self._check_partners(opened.name, recipe)
        return self._made_plan(opened, recipe, truth, struck, progress)

    def _made_plan(
        self, opened: OpenCatalog, recipe: TrainingRecipe, truth: Path | None, struck: ExcludedPairs, progress: Progress
    ) -> Plan:
        catalog = opened.catalog
        texts = compose_texts(catalog, TextRecipe(**opened.info.recipe))
        labels = self.labels(opened, recipe, truth)
        return make_plan(
            catalog, opened.engine, opened.graph, texts, description_texts(catalog), recipe, labels,
            struck=struck, progress=progress,
        )  # fmt: skip

    def estimate_s(self, opened: OpenCatalog, recipe: TrainingRecipe, plan: Plan) -> float:
        """Estimate the seconds that a run takes on this machine from two of its batches and some texts; takes a while.

        Raises:
            EncoderError: the base cannot be trained.
        """
        encoder = self._workspace.encoders.open(opened.info.encoder) if "encoder" not in opened.info.artifacts else None
        return estimate_run(recipe, plan, encoder, self._workspace.settings)

    def adapt(
        self,
        opened: OpenCatalog,
        name: str,
        recipe: TrainingRecipe,
        truth: Path | None = None,
        struck: ExcludedPairs = (),
        trackers: tuple[str, ...] = ("tensorboard",),
        progress: Progress = SILENT,
    ) -> RunFolder:
        """Train, measure and save; resumes a run of that name. The catalog itself stays as it is.

        Under ``torchrun`` the first process does so, and the others read their share of each batch.

        Raises:
            TrainingError: see ``make_plan`` and ``train``.
            EncoderError: the base cannot be trained.
            QueryError: another process works on that run, it has ended or does something else, or see
                ``check_recipe``.
            CatalogError: the known pairs cannot be read.
            StorageError: the disk refuses.
            Cancelled: the progress asked to stop.
        """
        check_recipe(recipe, truth)
        if truth is not None:
            read_whole_table(truth)
        run = RunFolder(self._folder / checked_name(name))
        if processes()[1] > 0:
            plan = self._plan_of(opened, run, recipe, truth, struck)
            help_training(run, recipe, plan, opened.engine, self._workspace.settings)
            return run
        with held(run):
            run.check_fits(recipe, opened.name)
            run.begin(recipe, opened.name, keeps_wish=is_started_here(run))
            with note_end(run), redirect_stdout(sys.stderr):  # trackers print, and standard output is the caller's
                if truth is not None and truth.resolve() != (run.path / TRUTH).resolve():
                    shutil.copy(truth, run.path / TRUTH)
                run_progress = RunProgress(run, progress)
                plan = self._plan_of(opened, run, recipe, truth, struck, run_progress)
                partners = {name: self._plan_of_partner(name, recipe, run_progress) for name in recipe.partners}
                self._work(opened, run, plan, partners, trackers, progress)
        return run

    def _work(
        self,
        opened: OpenCatalog,
        run: RunFolder,
        plan: Plan,
        partners: Mapping[str, Plan],
        trackers: tuple[str, ...],
        progress: Progress,
    ) -> None:
        """Do what a run does from its plan to its outcome."""
        recipe = run.recipe
        digests = [plan.digest, *(one.digest for one in partners.values())]
        if not run.fits(fingerprint(*digests, opened.info.encoder_fingerprint)):
            progress.note(phrase("The catalog or its known pairs have changed, so training starts again."))
        about = (run, recipe, plan, opened.catalog, opened.engine)
        settings = self._workspace.settings
        if recipe.kind == "smaller":
            encoder = self._workspace.encoders.open(opened.info.encoder)
            outcome = run_smaller(*about, encoder, settings, trackers=trackers, progress=progress)
        else:
            outcome = run_training(*about, settings, trackers=trackers, progress=progress, partners=partners)
        self._end(run, outcome)

    def _end(self, run: RunFolder, outcome: Outcome) -> None:
        """Keep what came of a run, and delete what only one that goes on needs."""
        write_card(run, outcome)
        outcome.save(run.path / RESULT)
        run.close_log()
        shutil.rmtree(run.path / "training", ignore_errors=True)  # its checkpoints
        run.tell("done", step=outcome.steps, total=outcome.steps)

    def _plan_of(
        self,
        opened: OpenCatalog,
        run: RunFolder,
        recipe: TrainingRecipe,
        truth: Path | None,
        struck: ExcludedPairs,
        progress: Progress = SILENT,
    ) -> Plan:
        """Return the plan of a run, which keeps the known pairs and the excluded pairs that it was first given."""
        kept = run.path / TRUTH
        known = truth or (kept if kept.is_file() else None)
        return self.plan(opened, recipe, known, struck or run.struck, progress)

    def _plan_of_partner(self, name: str, recipe: TrainingRecipe, progress: Progress) -> Plan:
        """Return what a catalog that learns along would use.

        Raises:
            TrainingError: it cannot take part; says which it is.
        """
        try:
            return self._made_plan(self._workspace.open(name), recipe, None, (), progress)
        except TrainingError as error:
            what = phrase("The catalog “{name}” cannot learn along. {what}", name=name, what=error.what)
            raise TrainingError(what, phrase("{fix} Or leave this catalog out.", fix=error.fix)) from error

    def learn_along(self, name: str, recipe: TrainingRecipe, weights: Change, number: int) -> Update:
        """Train a round on a catalog here, for a server elsewhere; only the update is for it.

        Args:
            name: of the catalog.
            recipe: the server's.
            weights: the common ones, as the round begins.
            number: of the round, from 1.

        Raises:
            TrainingError: the catalog cannot take part, or the weights are of another model.
        """
        require_role("build")
        require("adapt")
        if recipe.epsilon:
            require("private")
        settings = self._workspace.settings
        model, terms = open_common_model(recipe, settings)
        put_weights(model, weights)
        client = Client(name, self._plan_of_partner(name, recipe, SILENT))
        return client.learn(model, recipe, number, terms, choose_device(settings))

    def adopt(self, catalog: str, name: str, recipe: TrainingRecipe, weights: Change) -> RunFolder:
        """Keep what a catalog has learned along as a run, and measure it on the catalog's held-out products.

        Raises:
            QueryError: there is a run of that name.
            TrainingError: the weights are of another model.
        """
        require_role("build")
        run, opened = RunFolder(self._folder / checked_name(name)), self._workspace.open(catalog)
        with held(run):
            run.check_fits(recipe, opened.name)
            run.begin(recipe, opened.name)
            with note_end(run):
                plan = self._plan_of_partner(opened.name, recipe, SILENT)
                about = (run, recipe, plan, opened.catalog, opened.engine, self._workspace.settings)
                self._end(run, adopt_weights(*about, weights, SILENT))
        return run

    def _bought_together(self, opened: OpenCatalog) -> Labels:
        """Return the pairs of products that enough shoppers bought."""
        interactions = interactions_of(self._workspace.shoppers(opened.name).histories(), opened.catalog)
        return Labels.of(interactions.frequent_pairs(len(opened.catalog)))


def offered_options(outcome: Outcome) -> list[Option]:
    """Return the options of a run that can be used, the fastest last; none for a run that has no choice to offer."""
    return sorted((one for one in outcome.options if one.is_offered), key=lambda one: one.texts_per_s)


def check_recipe(recipe: TrainingRecipe, truth: Path | None = None) -> None:
    """Raise ``QueryError`` for a recipe that cannot be followed, ``MissingPackage`` where none can.

    Its base must not be adapted itself, under ``torchrun`` several processes must be able to share it, and known pairs
    must not be given where they are not read.
    """
    require("adapt")
    if recipe.base.startswith(ADAPTED_PREFIX):
        raise QueryError(
            phrase(
                "The encoder “{name}” is adapted already: it may have been trained on the products set aside now.",
                name=recipe.base,
            ),
            phrase("Start from the encoder before it. One run can learn from all kinds of pairs."),
        )
    if processes()[0] > 1 and (recipe.kind == "smaller" or recipe.base == SCRATCH):
        is_smaller = recipe.kind == "smaller"
        smaller, scratch = (
            phrase("Making an encoder smaller takes one process."),
            phrase("Training a model from scratch takes one process."),
        )
        raise QueryError(smaller if is_smaller else scratch, phrase("Run it without torchrun."))
    if recipe.kind == "federated":
        _check_federated(recipe)
    if recipe.kind == "shoppers" and truth is not None:
        raise QueryError(
            phrase("The recipe shoppers does not read {file}.", file=truth.name),
            phrase("Leave the file out, or choose the recipe judgements."),
        )


def _check_federated(recipe: TrainingRecipe) -> None:
    """Raise ``QueryError`` where catalogs cannot learn together by a recipe."""
    if recipe.epsilon:
        require("private")
    if not recipe.partners:
        raise QueryError(
            phrase("Learning together needs at least one other catalog."),
            phrase("Name each with --with CATALOG, or choose the recipe language."),
        )
    if recipe.base == SCRATCH:
        raise QueryError(
            phrase("Catalogs can learn together only from a model that all of them have."),
            phrase("Start from minilm, e5-multilingual or another sentence-transformers model: --base minilm."),
        )
    if recipe.aggregation != "mean" and len(recipe.partners) < MIN_VOTERS - 1:
        raise QueryError(
            phrase("{name} needs at least {least} catalogs.", name=recipe.aggregation, least=MIN_VOTERS),
            phrase("Add another catalog, or use the aggregation mean."),
        )
    if processes()[0] > 1:
        raise QueryError(phrase("Learning together takes one process."), phrase("Run it without torchrun."))


def checked_name(name: str) -> str:
    """Return the name of a run if it can be a folder's; raises ``QueryError`` if not."""
    if not re.fullmatch(r"[\w][\w .-]{0,79}", name) or name.endswith((".", " ")):
        raise QueryError(
            phrase("A run cannot be named “{name}”.", name=name),
            phrase("Choose up to 80 letters, digits, spaces, dots and dashes."),
        )
    return name
