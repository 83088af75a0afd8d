import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from prodsim import shipped
from prodsim.errors import StorageError
from prodsim.extras import EXTRAS

ROOT = Path(__file__).resolve().parents[1]
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = CONFIG["project"]
DASHBOARD = "prodsim/dashboard/"


def requirements(name):
    lines = (line.split("#")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("-")]


def package_of(requirement):
    return re.split(r"[<>=;]", requirement)[0].strip()


def forced():
    return CONFIG["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]


def files_under(source):
    path = ROOT / source
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return [file for file in files if "__pycache__" not in file.parts]


def test_core_and_extras_together_are_what_the_requirements_name():
    extras = PROJECT["optional-dependencies"]
    everything = PROJECT["dependencies"] + [line for name in EXTRAS for line in extras[name]]

    assert set(everything) == set(requirements("requirements.txt"))
    assert extras["all"] == [f"prodsim[{','.join(EXTRAS)}]"]
    assert set(extras) == {*EXTRAS, "all"}


def test_no_extra_repeats_the_core():
    core = {package_of(line) for line in PROJECT["dependencies"]}

    assert len(core) == len(PROJECT["dependencies"])
    assert core.isdisjoint(package for extra in EXTRAS.values() for package in extra.packages.values())


@pytest.mark.parametrize("name", EXTRAS)
def test_what_is_said_of_an_extra_is_what_it_installs(name):
    assert list(EXTRAS[name].packages.values()) == [package_of(line) for line in PROJECT["optional-dependencies"][name]]


def test_every_requirement_is_constrained_to_one_version():
    constrained = {line.partition("==")[0].lower() for line in requirements("constraints.txt")}
    named = requirements("requirements.txt") + requirements("requirements-dev.txt") + CONFIG["build-system"]["requires"]

    assert {package_of(line).lower() for line in named} <= constrained


def test_the_wheel_carries_what_the_dashboard_opens():
    from pages.shared.state import SAMPLES

    placed = {file for source in forced() for file in files_under(source)}

    assert placed >= {ROOT / "app.py", ROOT / ".streamlit" / "config.toml", *files_under("pages")}
    assert placed >= {sample.request.path for sample in SAMPLES}
    assert placed >= {shipped.sample_path("outdoor_histories.csv"), *files_under("sample_data/images")}
    assert all(place == DASHBOARD + source for source, place in forced().items())


@pytest.mark.skipif(find_spec("hatchling") is None, reason="hatchling is not installed; the table is tested above")
def test_the_wheel_is_built_with_the_dashboard(tmp_path):
    code = f"import sys; from hatchling.build import build_wheel; print(build_wheel({str(tmp_path)!r}))"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)

    (wheel,) = tmp_path.glob("prodsim-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    library = {file.relative_to(ROOT).as_posix() for file in files_under("prodsim")}
    dashboard = {DASHBOARD + file.relative_to(ROOT).as_posix() for source in forced() for file in files_under(source)}
    assert {name for name in names if name.startswith("prodsim/")} == library | dashboard


def test_the_dashboard_is_found_inside_an_installed_package(tmp_path, monkeypatch):
    monkeypatch.setattr(shipped, "PACKAGE_FOLDER", tmp_path / "prodsim")
    with pytest.raises(StorageError, match="The dashboard's files are not in"):
        shipped.dashboard_folder()

    inside = tmp_path / "prodsim" / "dashboard"
    (inside / "pages" / "shared").mkdir(parents=True)
    (inside / "app.py").touch()

    assert shipped.dashboard_folder() == inside
