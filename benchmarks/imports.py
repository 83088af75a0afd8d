"""The imports of a checkout file by file, and the layers that its ARCHITECTURE.md draws.

Every import counts: those at the top of a file, inside functions and under ``if TYPE_CHECKING``. A module that is
imported by a computed name (``importlib.import_module``) is not seen.
"""

import ast
import re
from collections.abc import Mapping, Set
from pathlib import Path

PACKAGES = ("prodsim", "pages")
FACES = {"prodsim", "__main__"}
"""``prodsim/__init__.py`` and ``__main__.py`` belong to no layer: the one holds the version that everybody may read."""

Arrows = Mapping[str, Set[str]]
"""Which modules each module imports."""


def module_files(root: Path) -> dict[str, Path]:
    """Return the dashboard's and the package's files by the dotted names of their modules."""
    paths = [path for package in PACKAGES for path in sorted((root / package).rglob("*.py"))]
    return {_module_of(path.relative_to(root)): path for path in (*paths, root / "app.py") if path.exists()}


def _module_of(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_names(module: str, path: Path) -> set[str]:
    """Return the dotted names that a file imports, other packages' too."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            names |= {f"{base}.{alias.name}" for alias in node.names}
    return names


def read_arrows(root: Path) -> dict[str, set[str]]:
    """Return which of a checkout's modules each of them imports.

    ``from package import name`` leads to the module of that name where there is one, else to the package's own file.
    """
    files = module_files(root)
    arrows = {}
    for module, path in files.items():
        targets = {_nearest_module(name, files) for name in imported_names(module, path)}
        arrows[module] = {target for target in targets if target and target != module}
    return arrows


def _nearest_module(name: str, modules: Mapping[str, Path]) -> str:
    while name and name not in modules:
        name = name.rpartition(".")[0]
    return name


def find_rings(arrows: Arrows) -> set[frozenset[str]]:
    """Return the sets of modules that import each other, directly or through others."""
    reached = {module: _reached_from(module, arrows) for module in arrows}
    return {
        frozenset(other for other in reached[module] if module in reached[other])
        for module in arrows
        if module in reached[module]
    }


def _reached_from(module: str, arrows: Arrows) -> set[str]:
    reached: set[str] = set()
    waiting = [module]
    while waiting:
        new = arrows[waiting.pop()] - reached
        reached |= new
        waiting += new
    return reached


def room_of(module: str) -> str:
    """Return the room of a module: a folder or file of ``prodsim/``, ``pages``, ``pages/shared`` or ``app``."""
    parts = module.split(".")
    if parts[:2] == ["pages", "shared"]:
        return "pages/shared"
    return parts[1] if parts[0] == "prodsim" and len(parts) > 1 else parts[0]


def read_layers(architecture: str) -> dict[str, set[str]]:
    """Return the rooms of each layer by its name, the lowest layer first, from the text of ARCHITECTURE.md.

    The picture is the fenced block under "The layers". A line has the layer's name, or nothing where it goes on with
    the line above, and rooms that stand two spaces or more apart. What is in brackets or has several words explains.
    """
    picture = re.search(r"^## The layers\n+```\n(.*?)^```", architecture, re.MULTILINE | re.DOTALL)
    if not picture:
        raise ValueError('no fenced block under "## The layers"')
    layers: dict[str, set[str]] = {}
    name = ""
    for line in picture[1].splitlines():
        first, *others = re.split(r"\s{2,}", re.sub(r"\(.*?\)", "", re.sub(r"^ ?\d? {1,2}", "", line)).rstrip())
        name = first or name
        layers.setdefault(name, set()).update(_room_drawn(text) for text in others if re.fullmatch(r"[\w/.*]+", text))
    return dict(reversed(layers.items()))


def _room_drawn(text: str) -> str:
    return text.removeprefix("prodsim/").removesuffix("/").removesuffix(".py").removesuffix("/*")


def arrows_up(arrows: Arrows, layers: Mapping[str, Set[str]]) -> list[str]:
    """Return the imports that lead from a layer to a higher one, as "importer → imported".

    A module whose room stands in no layer has no direction.
    """
    level = {room: number for number, rooms in enumerate(layers.values()) for room in rooms}
    return sorted(
        f"{module} → {target}"
        for module, targets in arrows.items()
        for target in targets
        if level.get(room_of(target), -1) > level.get(room_of(module), len(layers))
    )


def sideways_pairs(arrows: Arrows, rooms: Set[str]) -> set[tuple[str, str]]:
    """Return which of a layer's rooms imports which other of them."""
    pairs = {(room_of(module), room_of(target)) for module, targets in arrows.items() for target in targets}
    return {(room, other) for room, other in pairs if room != other and {room, other} <= rooms}
