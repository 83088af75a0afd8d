import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def requirements(name):
    lines = (line.split("#")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("-")]


def test_the_package_needs_what_the_requirements_name():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert project["dependencies"] == requirements("requirements.txt")


def test_every_requirement_is_constrained_to_one_version():
    constrained = {line.partition("==")[0].lower() for line in requirements("constraints.txt")}
    named = requirements("requirements.txt") + requirements("requirements-dev.txt")

    assert {line.replace("==", ">=").partition(">=")[0].lower() for line in named} <= constrained
