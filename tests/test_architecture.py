"""The layers of ARCHITECTURE.md, enforced."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.imports import (
    FACES,
    arrows_up,
    find_rings,
    imported_names,
    module_files,
    read_arrows,
    read_layers,
    room_of,
    sideways_pairs,
)

ROOT = Path(__file__).resolve().parent.parent
FILES = module_files(ROOT)
ARROWS = read_arrows(ROOT)

LAYERS = {
    "ground": {
        "artifacts",
        "errors",
        "extras",
        "findings",
        "formats",
        "phrases",
        "plain_yaml",
        "profiles",
        "progress",
        "roles",
        "settings",
        "shipped",
        "spreadsheets",
        "text",
        "version",
    },
    "data": {"catalog", "encoders", "knowledge", "pictures", "sources", "vectors"},
    "geometry": {"graph", "index", "lexical", "look", "map", "similarity", "traits"},
    "questions": {
        "adapt",
        "ask",
        "evaluation",
        "explain",
        "learn",
        "match",
        "quality",
        "recommend",
        "records",
        "search",
    },
    "assembly": {"doctor", "jobs", "output", "workspace"},
    "screens": {"pages/shared"},
    "doors": {"api", "app", "cli", "pages"},
}
"""The rooms of each layer, the lowest first: the picture in ARCHITECTURE.md."""
OPEN_TO_QUESTIONS = "search"
"""The room of the questions whose values all the others may use."""
SIDEWAYS = {
    "adapt": {"evaluation"},
    "ask": {"records"},
    "evaluation": {"records"},
    "learn": {"records"},
    "recommend": {"evaluation"},
}
"""Which other rooms of the questions a room of the questions imports."""
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


def test_the_picture_shows_the_layers_of_this_test():
    drawn = read_layers((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))

    assert drawn == LAYERS
    assert list(drawn) == list(LAYERS)


def test_each_room_stands_in_one_layer():
    placed = [room for rooms in LAYERS.values() for room in rooms]

    assert sorted(placed) == sorted({room_of(module) for module in FILES} - FACES)


def test_imports_point_down_or_sideways():
    assert arrows_up(ARROWS, LAYERS) == []


def test_no_modules_import_each_other_in_a_ring():
    assert find_rings(ARROWS) == set()


def test_questions_import_only_the_questions_that_they_may():
    pairs = {pair for pair in sideways_pairs(ARROWS, LAYERS["questions"]) if pair[1] != OPEN_TO_QUESTIONS}

    assert pairs == {(room, other) for room, others in SIDEWAYS.items() for other in others}


def test_the_package_does_not_know_the_pages():
    ours = {module: targets for module, targets in ARROWS.items() if module.split(".")[0] == "prodsim"}

    assert [module for module, targets in ours.items() if any(t.split(".")[0] != "prodsim" for t in targets)] == []


def test_a_page_imports_no_other_page():
    pages = {module for module in FILES if room_of(module) == "pages"}

    assert {page: ARROWS[page] & pages for page in pages if ARROWS[page] & pages} == {}


def test_the_folder_of_a_page_serves_that_page():
    folders = {module: module.split(".")[2] for module in FILES if _in_folder_of_a_page(module)}
    lent = {
        (module, folders[target])
        for module, targets in ARROWS.items()
        for target in targets & folders.keys()
        if folders[target] not in (folders.get(module), module.removeprefix("pages."))
    }

    assert lent == set()


def _in_folder_of_a_page(module):
    path = FILES[module].relative_to(ROOT).parts
    return path[:2] == ("pages", "shared") and len(path) > 3


@pytest.mark.parametrize("module", [module for module in FILES if module.split(".")[0] == "prodsim"])
def test_the_library_never_imports_streamlit(module):
    assert not any(name.split(".")[0] == "streamlit" for name in imported_names(module, FILES[module]))


def test_a_ring_is_found_wherever_its_imports_stand(tmp_path):
    _write(tmp_path, "a", "from prodsim.b import B")
    _write(tmp_path, "b", "def late():\n    import prodsim.c.deep")
    _write(tmp_path, "c/deep", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from prodsim import a")
    _write(tmp_path, "c/__init__", "from . import deep")
    _write(tmp_path, "d", "import prodsim.a, json")

    assert find_rings(read_arrows(tmp_path)) == {frozenset({"prodsim.a", "prodsim.b", "prodsim.c.deep"})}


def test_an_import_from_a_lower_layer_is_found(tmp_path):
    _write(tmp_path, "text", "from prodsim.index.exact import ExactIndex")
    _write(tmp_path, "index/exact", "import prodsim.text")

    assert arrows_up(read_arrows(tmp_path), LAYERS) == ["prodsim.text → prodsim.index.exact"]


def test_a_picture_is_read_with_its_remarks():
    text = """# Architecture

## The layers

```
 1 upper       app.py   pages/*.py   prodsim/cli/
   middle      pages/shared/          what pages have in common
 0 ground      errors   output/ (charts, report)   text
               findings
```
"""

    assert read_layers(text) == {
        "ground": {"errors", "output", "text", "findings"},
        "middle": {"pages/shared"},
        "upper": {"app", "pages", "cli"},
    }


def _write(root, name, code):
    path = root / "prodsim" / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(code, encoding="utf-8")


def test_importing_prodsim_loads_nothing_heavy():
    code = f"import sys, prodsim.workspace, prodsim.jobs; print([m for m in {HEAVY!r} if m in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert done.stdout.strip() == "[]"


def test_a_search_waits_for_no_module_that_it_does_not_need():
    asked = "import sys; import prodsim.cli.search; print(*sorted(m for m in sys.modules if m.startswith('prodsim.')))"
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT).stdout

    rooms = {room_of(module) for module in loaded.split()}
    assert rooms.isdisjoint({"adapt", "ask", "explain", "quality", "recommend"})


def test_each_command_is_in_the_module_that_is_imported_for_it():
    from prodsim.cli import MODULES
    from prodsim.cli.commands import app

    homes = {
        command.name or command.callback.__name__: command.callback.__module__ for command in app.registered_commands
    }
    assert homes == {name: f"prodsim.cli.{module}" for name, module in MODULES.items()}
