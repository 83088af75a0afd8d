"""What CONTRIBUTING.md shows works as it stands there."""

import re
import sys
import textwrap
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from prodsim.phrases import Text
from prodsim.quality import CheckSpec, run_checks
from tests.quality.conftest import subject_of

ROOT = Path(__file__).resolve().parent.parent


def shown_blocks() -> list[str]:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return [
        textwrap.dedent(block) for block in re.findall(r"^ *```python\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)
    ]


@pytest.fixture
def check(monkeypatch):
    module = ModuleType("prodsim.quality.checks.short")
    exec(shown_blocks()[0], module.__dict__)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module.check_short


def test_the_check_that_is_shown_passes_the_test_that_is_shown(check):
    test: dict[str, object] = {}
    exec(shown_blocks()[2], test)
    shown = test["test_a_title_of_one_character_is_found"]

    (mark,) = shown.pytestmark
    for titles in mark.args[1]:
        shown(subject_of, titles)
    with pytest.raises(AssertionError):
        shown(subject_of, ["Blue mug", "Tea", "x"])


def test_the_row_that_is_shown_makes_it_one_of_the_checks(check):
    rows = eval(f"({shown_blocks()[1]},)", {"CheckSpec": CheckSpec, "Text": Text, "check_short": check})
    subject = subject_of(pd.DataFrame({"title": ["Blue mug", "杯", "Red mug"]}))

    findings = run_checks(subject, ["short title"], checks=rows)

    assert [(finding.kind, finding.skus, finding.severity) for finding in findings] == [("short title", ("P1",), 0.5)]
