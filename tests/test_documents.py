"""The documents do what they say: every command and every Python block of README and guides runs."""

import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from prodsim import BuildRequest, Settings, Workspace
from prodsim.cli.commands import app
from tests.shortened import shorten

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "docs" / "start.md", *sorted((ROOT / "docs" / "guides").glob("*.md"))]
PAGES += [ROOT / "docs" / "reference" / "python.md"]
BLOCK = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^    python -m (prodsim .+)$", re.MULTILINE)
N_PRODUCTS = 600
ENDLESS = {"dashboard", "mcp", "serve"}
"""Commands that run until they are stopped; they have tests of their own."""
GLOSSARY = ROOT / "docs" / "glossary.md"
TERMS = [
    "PreparedQuery",
    "ScoreCalibration",
    "CollaborativeModel",
    "als_scores",
    "UserProfile",
    "SourceWeights",
    "bought_together",
    "RunProgress",
    "validation",
    "TrainingData",
    "ExcludedPairs",
    "text_fault",
    "statistics",
    "outliers",
    "thresholds",
    "title_conflicts",
    "neighbour_pairs",
    "fill_suggestions",
    "PairEvidence",
    "VariantAttributes",
    "KeeperCriteria",
    "DuplicateGroup",
    "ThresholdExplorer",
    "float16",
    "field_vectors",
    "placement",
    "EfPoint",
    "CommandContext",
    "counterfactual",
    "spans",
]
"""Names of the code that a newcomer may have to look up."""


@dataclass(frozen=True)
class Step:
    """Something that a reader does."""

    kind: str
    text: str
    file: str = ""


def steps_of(page: Path) -> list[Step]:
    """Return the files to write, the commands and the Python blocks of a page, in their order."""
    text = page.read_text(encoding="utf-8")
    steps = [(found.start(), Step("command", found[1])) for found in INDENTED.finditer(text)]
    for found in BLOCK.finditer(text):
        language, file, body = found.groups()
        if file:
            steps.append((found.start(), Step("file", body, file)))
        elif language == "console":
            steps += [(found.start() + number, Step("command", line)) for number, line in enumerate(body.splitlines())]
        elif language == "python":
            steps.append((found.start(), Step("python", body)))
    return [step for _, step in sorted(steps, key=lambda placed: placed[0])]


@pytest.fixture(scope="module")
def sample_data(tmp_path_factory):
    """The sample data, with the first products of the catalog and those that a page names; see ``shorten``."""
    folder = Path(shutil.copytree(ROOT / "sample_data", tmp_path_factory.mktemp("documents") / "sample_data"))
    named = {sku for page in PAGES for sku in re.findall(r"\bOH\d+", page.read_text(encoding="utf-8"))}
    shorten(folder / "outdoor.csv", N_PRODUCTS, named)
    return folder


@pytest.fixture(scope="module")
def sample_home(sample_data, tmp_path_factory):
    """A home with the sample that all guides begin with, and with another catalog, as after a visit to the dashboard."""
    home = tmp_path_factory.mktemp("built")
    workspace = Workspace(Settings(home))
    workspace.build(BuildRequest(sample_data / "outdoor.csv", name="outdoor"))
    other = home.parent / "other.csv"
    other.write_text("sku,title\n" + "".join(f"A{n},Blue mug number {n}\n" for n in range(12)), encoding="utf-8")
    workspace.build(BuildRequest(other, encoder="hashing"))
    CliRunner().invoke(
        app, ["check", "outdoor", "--home", str(home)]
    )  # kept, so that several guides take no time for it
    return home


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_document_says_can_be_done(page, tmp_path, monkeypatch, home, sample_data, sample_home):
    """A reader goes from the top to the bottom, in a folder with the sample data.

    Only training, which takes minutes, stands in an indented block: ``tests/cli/test_adapt.py`` does it on a small catalog.
    """
    shutil.copytree(sample_data, tmp_path / "sample_data")
    shutil.copytree(sample_home, home)
    monkeypatch.chdir(tmp_path)
    for step in steps_of(page):
        if step.kind == "file":
            Path(step.file).write_text(step.text, encoding="utf-8")
        elif step.kind == "python":
            exec(compile(step.text, page.name, "exec"), {"__name__": "__main__"})
        else:
            program, *arguments = shlex.split(step.text)
            assert program == "prodsim"
            if arguments[0] not in ENDLESS:
                done = CliRunner().invoke(app, arguments)
                assert done.exit_code == 0, f"{step.text}\n{done.output}"


def test_every_guide_shows_something_to_do():
    assert all(steps_of(page) for page in PAGES)


def test_each_command_is_in_a_guide():
    shown = " ".join(page.read_text(encoding="utf-8") for page in PAGES)
    commands = [command.name or command.callback.__name__ for command in app.registered_commands]

    assert [name for name in commands if f"prodsim {name}" not in shown] == []


def test_the_readme_has_its_two_lines():
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()

    assert "    pip install -r requirements.txt && streamlit run app.py" in lines
    assert "    pip install -r requirements-dev.txt && pytest" in lines


def test_the_readme_fits_a_screen_or_two():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 70


def test_the_glossary_has_each_name_that_a_newcomer_looks_up():
    listed = names_in_backticks(GLOSSARY)

    assert [name for name in TERMS if name not in listed] == []


def test_each_name_in_the_glossary_is_in_the_code():
    sources = [*(ROOT / "prodsim").rglob("*.py")]
    names = {word for path in sources for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}

    assert names_in_backticks(GLOSSARY) - names == set()
    assert [name for name in TERMS if not defines(sources, name)] == []


def names_in_backticks(page: Path) -> set[str]:
    """Return what a page sets as code."""
    return set(re.findall(r"`([^`]+)`", page.read_text(encoding="utf-8")))


def defines(sources: list[Path], name: str) -> bool:
    """Say whether there is a module, class, function or type of a name."""
    pattern = re.compile(rf"^\s*(?:class|def) {name}\b|^{name} = ", re.MULTILINE)
    return any(path.stem == name or pattern.search(path.read_text(encoding="utf-8")) for path in sources)
