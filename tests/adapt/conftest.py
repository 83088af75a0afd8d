"""A shop in which two sellers offer the same tools under one code, in words of their own."""

import itertools
import random
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from prodsim.adapt import RunFolder, TrainingRecipe
from prodsim.encoders.adapted import Origin, load_base
from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, OpenCatalog, Workspace
from prodsim.workspace.adaptations import Adaptations

TOOLS = ["cordless drill", "angle grinder", "jig saw", "heat gun", "rotary hammer", "belt sander"]
WORDS = ["compact", "heavy duty", "with case", "for home", "professional", "brushless", "set", "quiet"]
N_TOOLS = 100
N = 2 * N_TOOLS
SMALL = TrainingRecipe("language", batches=3, batch=16, patience=20, held_out=0.1)
"""Trains a moment; see ``small``."""


def make_shop(folder: Path, n_tools: int = N_TOOLS) -> tuple[Path, Path]:
    """The catalog, and the pairs of offers of one tool; there are 180 tools at most."""
    draw = random.Random(0)
    rows, pairs = [], []
    codes = [f"{a}{b}{number}" for a, b in itertools.product("KXZ", "RTW") for number in range(310, 330)]
    for number, code in enumerate(codes[:n_tools]):
        tool = TOOLS[number % len(TOOLS)]
        mine, yours = draw.sample(WORDS, 2), draw.sample(WORDS, 2)
        rows.append((f"A{number}", f"{tool} {code} {mine[0]} {mine[1]}", "Tools", "north"))
        rows.append((f"B{number}", f"{yours[0]} {code} {yours[1]} {tool}", "Tools", "south"))
        pairs.append((f"A{number}", f"B{number}", 1))
    shop, truth = folder / "tools.csv", folder / "pairs.csv"
    pd.DataFrame(rows, columns=["sku", "title", "category", "source"]).to_csv(shop, index=False)
    pd.DataFrame(pairs, columns=["sku_a", "sku_b", "label"]).to_csv(truth, index=False)
    return shop, truth


def make_base(folder: Path) -> str:
    """The first two layers of the bundled model, saved as a base: it learns in a fraction of the time."""
    model = load_base(Origin("minilm", "full", (0, 1)), Settings(folder))
    model.save_pretrained(str(folder), create_model_card=False)
    return str(folder)


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> str:
    return make_base(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="session")
def small(base: str) -> TrainingRecipe:
    return replace(SMALL, base=base)


def make_tiny(folder: Path) -> str:
    """A transformer of one narrow layer that knows nothing, for what a run does whatever it learns."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel

    tokenizer = load_base(Origin("minilm", "full", (0,)), Settings(folder)).tokenizer
    shape = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}
    BertModel(BertConfig(vocab_size=len(tokenizer), **shape)).save_pretrained(folder / "bert")
    tokenizer.save_pretrained(folder / "bert")
    model = SentenceTransformer(modules=[Transformer(str(folder / "bert")), Pooling(32)], device="cpu")
    model.save_pretrained(str(folder / "tiny"), create_model_card=False)
    return str(folder / "tiny")


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> TrainingRecipe:
    """It takes the steps of any run, in a fraction of the time; see ``make_tiny``."""
    return replace(SMALL, base=make_tiny(tmp_path_factory.mktemp("tiny")))


@pytest.fixture(scope="session")
def good(small: TrainingRecipe) -> TrainingRecipe:
    """It helps."""
    return replace(small, batches=12, batch=32, learning_rate=2e-3, held_out=0.4)


@pytest.fixture(scope="session")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_shop(tmp_path_factory.mktemp("truth"))[1]


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory, base: str) -> Workspace:
    """With the catalog "tools"."""
    folder = tmp_path_factory.mktemp("adapt")
    made = Workspace(Settings(folder / "home"))
    made.build(BuildRequest(make_shop(folder)[0], encoder=base))
    return made


@pytest.fixture(scope="session")
def adaptations(workspace: Workspace) -> Adaptations:
    return Adaptations(workspace)


@pytest.fixture
def opened(workspace: Workspace) -> OpenCatalog:
    return workspace.open("tools")


@pytest.fixture(scope="session")
def run(workspace: Workspace, adaptations: Adaptations, truth: Path, good: TrainingRecipe) -> RunFolder:
    """A run without labels, measured by them."""
    return adaptations.adapt(workspace.open("tools"), "first", good, truth)
