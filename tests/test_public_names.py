import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import prodsim

ROOT = Path(__file__).resolve().parent.parent
LIGHT = {"numpy", "pandas", "prodsim"}


def loaded_by(code):
    """Return the packages beyond Python's own that a new process has loaded after some lines."""
    code = f"{code}; import sys; print(*{{name.partition('.')[0] for name in sys.modules}} - sys.stdlib_module_names)"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.split()) - {"__mp_main__", "__main__"}


def test_the_public_names_are_sorted_and_importable():
    assert prodsim.__all__ == sorted(prodsim.__all__)
    for name in prodsim.__all__:
        assert getattr(prodsim, name) is not None


def test_the_public_names_are_all_there_are():
    tree = ast.parse(Path(prodsim.__file__).read_text(encoding="utf-8"))
    typed = {
        alias.name
        for block in tree.body
        if isinstance(block, ast.If)
        for line in block.body
        if isinstance(line, ast.ImportFrom)
        for alias in line.names
    }

    assert typed | {"__version__"} == set(prodsim.__all__)
    assert set(prodsim.__all__) <= set(dir(prodsim))


def test_editors_are_told_the_module_that_a_name_is_loaded_from():
    tree = ast.parse(Path(prodsim.__file__).read_text(encoding="utf-8"))
    block = next(block for block in tree.body if isinstance(block, ast.If))

    for line in block.body:
        module = __import__(line.module, fromlist=["*"])
        for alias in line.names:
            assert getattr(prodsim, alias.name) is getattr(module, alias.name)


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'prodsim' has no attribute 'Wrkspace'"):
        _ = prodsim.Wrkspace


def test_importing_prodsim_loads_no_other_package():
    assert loaded_by("import prodsim") <= LIGHT


def test_the_example_of_the_readme_needs_no_other_module():
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    imports = [node for block in blocks for node in ast.walk(ast.parse(block)) if isinstance(node, ast.ImportFrom)]
    modules = {node.module for node in imports if node.module.startswith("prodsim")}

    assert modules == {"prodsim"}
    assert {alias.name for node in imports if node.module == "prodsim" for alias in node.names} <= set(prodsim.__all__)


def test_the_sample_is_found():
    assert prodsim.sample_path("outdoor.csv").is_file()
