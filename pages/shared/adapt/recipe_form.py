"""The form of a recipe: what to learn from, the base model, how to train, and known pairs to measure with."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.shared import link, state
from pages.shared.adapt import texts
from pages.shared.adapt.run import adaptations
from pages.shared.server_paths import check_model
from prodsim.adapt import MIN_PAIRS, RECIPES, Kind, Method, TrainingRecipe
from prodsim.encoders.adapted import SCRATCH
from prodsim.encoders.transformer import MINILM
from prodsim.workspace import OpenCatalog

PERTURBATION = 0.1
"""Length of the step that adversarial training takes against the model."""


def choose_recipe(opened: OpenCatalog) -> tuple[TrainingRecipe, Path | None]:
    """Draw the form; return the recipe, and a file of known pairs if one is given."""
    kind: Kind = link.choose(
        st.radio,
        texts.RECIPE(),
        {kind: RECIPES[kind]() for kind in RECIPES},
        "kind",
        "language",
        captions=[texts.NEEDS[kind](n_pairs=MIN_PAIRS) for kind in RECIPES],
    )
    suggested = adaptations().base_of(opened)
    together = _choose_together(opened) if kind == "federated" else {}
    if together and suggested == SCRATCH:
        suggested = MINILM.name  # a model of the catalog's own is none that others have
    with st.expander(texts.MORE(), icon=":material/tune:"):
        recipe = _choose_options(opened, kind, suggested, together)
    truth = _upload_truth() if kind in ("language", "judgements", "federated") else None
    if kind != "smaller" and recipe.base == SCRATCH:
        st.caption(texts.STARTS_FROM_SCRATCH())
    else:
        st.caption(texts.STARTS_FROM(encoder=opened.info.encoder if kind == "smaller" else recipe.base))
    return recipe, truth


def _choose_together(opened: OpenCatalog) -> dict[str, Any]:
    """Draw which catalogs learn together, and what the model may tell of them."""
    others = [info.name for info in state.workspace().catalogs() if info.name != opened.name]
    if not others:
        st.info(texts.NO_PARTNERS(), icon=":material/group:")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        partners = st.multiselect(texts.PARTNERS(), others, key="partners", help=texts.PARTNERS_HELP(), width=420)
        epsilon = st.number_input(
            texts.EPSILON(), 0.0, 100.0, 0.0, step=1.0, key="epsilon", help=texts.EPSILON_HELP(), width=180
        )
    return {"partners": tuple(partners), "epsilon": epsilon}


def _choose_options(opened: OpenCatalog, kind: Kind, suggested: str, together: Mapping[str, Any]) -> TrainingRecipe:
    usual = TrainingRecipe(kind)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        base = st.selectbox(
            texts.BASE(),
            list(dict.fromkeys([suggested, MINILM.name, SCRATCH])),
            key=f"base {opened.name}",
            accept_new_options=True,
            width=180,
            format_func=lambda name: texts.BASE_SUGGESTED(encoder=name) if name == suggested else name,
            help=texts.BASE_HELP(),
        )
        if base != suggested:  # the catalog's own encoder is open already
            check_model(base)
        method: Method = "lora"
        if kind != "federated":
            method = st.segmented_control(
                texts.TRAIN(),
                get_args(Method),
                default="lora",
                key="method",
                required=True,
                format_func=lambda name: texts.METHODS[name](),
                help=texts.TRAIN_HELP(),
            )
        batches = st.number_input(
            texts.BATCHES(),
            5,
            5000,
            usual.batches,
            step=20,
            key="batches",
            help=texts.BATCHES_HELP(n_pairs=usual.batch),
        )
        rate = st.number_input(
            texts.LEARNING_RATE(),
            1e-6,
            1e-2,
            usual.learning_rate,
            step=1e-4,
            format="%.2e",
            key="learning rate",
            help=texts.LEARNING_RATE_HELP(),
        )
        seed = st.number_input(texts.SEED(), 0, 10_000, 0, key="seed", help=texts.SEED_HELP())
        adversarial = kind != "federated" and st.toggle(
            texts.ADVERSARIAL(), key="adversarial", help=texts.ADVERSARIAL_HELP()
        )
    return TrainingRecipe(
        kind,
        suggested if kind == "smaller" else base or suggested,
        method,
        batches=int(batches),
        learning_rate=rate,
        seed=int(seed),
        perturbation=PERTURBATION if adversarial else 0.0,
        **together,
    )


def _upload_truth() -> Path | None:
    uploaded = st.file_uploader(texts.KNOWN_PAIRS(), ("csv", "parquet"), key="truth", help=texts.KNOWN_PAIRS_HELP())
    return _kept(uploaded) if uploaded else None


def _kept(uploaded: UploadedFile) -> Path:
    """Return the uploaded file on the disk, written once."""
    key = f"kept {uploaded.file_id}"
    if key not in st.session_state:
        st.session_state[key] = state.workspace().keep_upload(uploaded.name, uploaded)
    path: Path = st.session_state[key]
    return path
