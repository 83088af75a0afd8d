"""The layers of ARCHITECTURE.md, enforced."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

LAYERS = [
    {"errors", "settings", "progress", "text", "artifacts", "findings"},
    {"catalog", "encoders", "vectors", "recipe"},
    {"index", "graph", "layout", "projection", "clusters", "newcomers", "lexical", "similarity", "traits"},
    {
        "search",
        "selection",
        "evaluate",
        "compare",
        "trust",
        "failures",
        "explain",
        "records",
        "learn",
        "labelling",
        "quality",
        "recommend",
        "ask",
        "adapt",
    },
    {"workspace", "jobs", "charts", "export", "health", "marking", "pictures", "report", "tables", "doctor"},
    {"cli", "console", "__main__"},
]
HEAVY = (
    "torch",
    "sentence_transformers",
    "transformers",
    "umap",
    "numba",
    "plotly",
    "streamlit",
    "openvino",
    "jieba",
    "implicit",
    "rapidfuzz",
)


def module_files() -> list[Path]:
    return sorted((ROOT / "prodsim").rglob("*.py"))


def part_of(module: str) -> str:
    return module.split(".")[1]


def layer_of(part: str) -> int:
    return next(number for number, parts in enumerate(LAYERS) if part in parts)


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", module_files(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_imports_point_down_or_sideways(path):
    own = path.relative_to(ROOT / "prodsim").parts[0].removesuffix(".py")
    imported = {part_of(name) for name in imports_of(path) if name.startswith("prodsim.")}

    if own != "__init__":
        assert [p for p in imported if layer_of(p) > layer_of(own)] == []


@pytest.mark.parametrize("path", module_files(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_the_library_never_imports_streamlit(path):
    assert not any(name.split(".")[0] == "streamlit" for name in imports_of(path))


def test_parts_do_not_import_each_other_in_a_circle():
    arrows: dict[str, set[str]] = {}
    for path in module_files():
        own = path.relative_to(ROOT / "prodsim").parts[0].removesuffix(".py")
        arrows.setdefault(own, set()).update(
            part_of(n) for n in imports_of(path) if n.startswith("prodsim.") and part_of(n) != own
        )
    while leaves := {part for part, targets in arrows.items() if not targets & arrows.keys()}:
        arrows = {part: targets for part, targets in arrows.items() if part not in leaves}

    assert arrows == {}


def test_importing_prodsim_loads_nothing_heavy():
    code = f"import sys, prodsim.workspace, prodsim.jobs; print([m for m in {HEAVY!r} if m in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert done.stdout.strip() == "[]"


def test_a_search_waits_for_no_module_that_it_does_not_need():
    asked = (
        "import sys; import prodsim.cli.questions; print(*sorted(m for m in sys.modules if m.startswith('prodsim.')))"
    )
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT).stdout

    parts = {part_of(module) for module in loaded.split()}
    assert parts.isdisjoint({"adapt", "ask", "explain", "quality", "recommend"})


def test_commands_that_are_imported_alone_are_where_they_are_said_to_be():
    from prodsim.cli import ALONE
    from prodsim.cli.commands import app

    homes = {
        command.name or command.callback.__name__: command.callback.__module__ for command in app.registered_commands
    }
    assert {name: homes[name] for name in ALONE} == {name: f"prodsim.cli.{module}" for name, module in ALONE.items()}
