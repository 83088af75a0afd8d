"""Measures of a checkout's code: ``python -m benchmarks.structure [FOLDER [FOLDER]] [--list] [--json]``.

Without a folder, of this checkout; with two, the one before and the one after. ``--list`` also prints what was counted.
Everything is read from the files, by ``ast``: nothing is imported, so any commit can be measured.
"""

import argparse
import ast
import collections
import io
import json
import re
import statistics
import tokenize
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.imports import (
    FACES,
    arrows_up,
    find_rings,
    module_files,
    read_arrows,
    read_layers,
    room_of,
    sideways_pairs,
)
from benchmarks.verbs import begins_with_verb

HERE = Path(__file__).resolve().parent.parent
SHORT = 4
"""Lines up to which a function that is called from one place makes its reader jump for little."""
NO_NOUNS = ("asked", "found", "looking", "said", "told")
"""Verbs of prose that name nothing."""
DIRECTIVE = re.compile(r"#\s*(noqa|type:|pragma|ruff|mypy|fmt:)")
"""Comments that are for tools."""
CONSTANT = re.compile(r"_*[A-Z][A-Z0-9_]*")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """A file of the package or the dashboard."""

    path: Path
    """Within the checkout."""
    text: str
    tree: ast.Module

    def functions(self) -> Iterator[Function]:
        """Yield all functions and methods, nested ones too."""
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def private_functions(self) -> Iterator[Function]:
        """Yield the functions of the module, no methods, whose name begins with an underscore."""
        return (node for node in self.tree.body if isinstance(node, Function) and re.match(r"_[^_]", node.name))

    def place(self, node: Function) -> str:
        """Return where a function stands, with its name."""
        return f"{self.path}:{node.lineno} {node.name}"


@dataclass(frozen=True)
class Measure:
    """One number, and what it counts where that can be listed."""

    name: str
    value: float | str
    items: Sequence[str] = ()


def main() -> None:
    """Print the measures of one checkout or of two side by side."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.structure", description=__doc__.partition("\n")[0])
    parser.add_argument("folders", metavar="FOLDER", nargs="*", type=Path, help="a checkout, or the earlier and later")
    parser.add_argument("--list", action="store_true", help="also print what was counted, of the last folder")
    parser.add_argument("--json", action="store_true", help="print one JSON object, with what was counted")
    options = parser.parse_args()
    folders = options.folders or [HERE]
    if len(folders) > 2:
        parser.error(f"one folder or two, not {len(folders)}")
    measured = [measure_checkout(folder) for folder in folders]
    if options.json:
        print(json.dumps([_as_json(folder, measures) for folder, measures in zip(folders, measured, strict=True)]))
        return
    print(table(measured))
    if options.list:
        print(listing(measured[-1]))


def measure_checkout(root: Path) -> list[Measure]:
    """Return all measures of a checkout, in the order in which they are printed."""
    sources = read_sources(root)
    if not sources:
        raise SystemExit(f"{root}: no prodsim/ and no pages/; give the folder of a checkout.")
    return [
        *size(sources),
        *private_functions(sources),
        *comments(sources),
        *repeated_names(sources),
        *forbidden_nouns(sources),
        *docstrings(sources),
        *rooms(root),
        *imports(root),
        *public_face(root),
    ]


def read_sources(root: Path) -> list[Source]:
    """Read the files of ``prodsim/``, ``pages/`` and ``app.py``."""
    texts = {path: path.read_text(encoding="utf-8") for path in module_files(root).values()}
    return [Source(path.relative_to(root), text, ast.parse(text)) for path, text in texts.items()]


def size(sources: Sequence[Source]) -> Iterator[Measure]:
    """Count modules, lines and functions, and yield the functions' lengths, from ``def`` to the last line."""
    lengths = {source.place(node): _length(node) for source in sources for node in source.functions()}
    ordered = sorted(lengths.values())
    longest = sorted(lengths, key=lengths.__getitem__, reverse=True)[:20]
    yield Measure("modules", len(sources))
    yield Measure("lines", sum(len(source.text.splitlines()) for source in sources))
    yield Measure("functions", len(lengths))
    yield Measure("function length, median", statistics.median(ordered))
    yield Measure("function length, p90", ordered[int(0.9 * len(ordered))])
    yield Measure("longest function", ordered[-1], [f"{place}: {lengths[place]} lines" for place in longest])


def private_functions(sources: Sequence[Source]) -> Iterator[Measure]:
    """Count the private functions of modules, and those whose file uses their name once beside the ``def``."""
    private = [(source, node) for source in sources for node in source.private_functions()]
    uses = {source.path: collections.Counter(_names_used(source.tree)) for source in sources}
    once = [(source, node) for source, node in private if uses[source.path][node.name] == 1]
    short = [(source, node) for source, node in once if _length(node) <= SHORT]
    yield Measure("private functions", len(private))
    yield Measure("  called from one place", len(once), [source.place(node) for source, node in once])
    yield Measure(f"    of {SHORT} lines or fewer", len(short), [source.place(node) for source, node in short])


def comments(sources: Sequence[Source]) -> Iterator[Measure]:
    """Yield the share of comments, at the end of a line too, in the lines that are not blank."""
    tokens = (token for source in sources for token in tokenize.generate_tokens(io.StringIO(source.text).readline))
    texts = [token.string for token in tokens if token.type == tokenize.COMMENT]
    lines = sum(bool(line.strip()) for source in sources for line in source.text.splitlines())
    yield Measure("comments, % of non-blank lines", round(100 * len(texts) / lines, 1))
    for_readers = [text for text in texts if not DIRECTIVE.match(text)]
    yield Measure("  without those for tools", round(100 * len(for_readers) / lines, 1))


def repeated_names(sources: Sequence[Source]) -> Iterator[Measure]:
    """Count the names of classes, and of constants, that several files give at their top level.

    Texts (``Text(…)``, ``Plural(…)``) do not count: those of a page are a namespace of their own, ``texts.COUNT``.
    """
    classes = [(n.name, source) for source in sources for n in source.tree.body if isinstance(n, ast.ClassDef)]
    plain = [(name, source) for source in sources for name in _constants(source.tree, ast.Assign)]
    annotated = [(name, source) for source in sources for name in _constants(source.tree, ast.AnnAssign)]
    for name, pairs in (
        ("class names in several files", classes),
        ("constant names in several files", plain),
        ("  annotated constants included", plain + annotated),
    ):
        repeated = _repeated(pairs)
        yield Measure(name, len(repeated), repeated)


def forbidden_nouns(sources: Sequence[Source]) -> Iterator[Measure]:
    """Count the functions whose name has such a word, and the variables and parameters, wherever they are given."""
    functions = [source.place(node) for source in sources for node in source.functions() if _has_no_noun(node.name)]
    yield Measure("functions named told, found, …", len(functions), functions)
    bound = [(name, source.path) for source in sources for name in _names_bound(source.tree) if _has_no_noun(name)]
    per_file = collections.Counter(f"{path} {name}" for name, path in bound)
    yield Measure("variables named told, found, …", len(bound), [f"{n} × {name}" for name, n in per_file.most_common()])
    for word in NO_NOUNS:
        named = sum(word in name.split("_") for name, _ in bound)
        yield Measure(f"  {word}", named)


def docstrings(sources: Sequence[Source]) -> Iterator[Measure]:
    """Count the functions' docstrings, and about how many begin with no verb in the imperative."""
    texts = [
        (source.place(node), ast.get_docstring(node) or "")
        for source in sources
        for node in source.functions()
        if ast.get_docstring(node)
    ]
    wrong = [f"{place}: {text.splitlines()[0]}" for place, text in texts if not begins_with_verb(text)]
    yield Measure("docstrings of functions", len(texts))
    yield Measure("  beginning with no verb (approximate)", len(wrong), wrong)


def rooms(root: Path) -> Iterator[Measure]:
    """Count what stands at the top level of ``prodsim/`` and of ``pages/shared/``."""
    for folder in ("prodsim", "pages/shared"):
        loose = sorted(path.name for path in (root / folder).glob("*.py") if not path.name.startswith("__"))
        folders = sorted(f"{path.parent.name}/" for path in (root / folder).glob("*/__init__.py"))
        yield Measure(f"rooms in {folder}/", len(loose) + len(folders), [*folders, *loose])
        yield Measure(f"  modules lying loose in {folder}/", len(loose), loose)


def imports(root: Path) -> Iterator[Measure]:
    """Count rings, arrows up and, among the questions, sideways ones, by the picture in ARCHITECTURE.md."""
    arrows = read_arrows(root)
    layers = read_layers((root / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    rings = [" ↔ ".join(sorted(ring)) for ring in find_rings(arrows)]
    up = arrows_up(arrows, layers)
    pairs = sideways_pairs(arrows, layers.get("questions", set()))
    sideways = sorted(f"{room} → {other}" for room, other in pairs if other != "search")
    undrawn = sorted({room_of(module) for module in arrows} - FACES - set().union(*layers.values()))
    yield Measure("import rings between files", len(rings), rings)
    yield Measure("arrows up between layers", len(up), up)
    yield Measure("sideways pairs of questions, but to search", len(sideways), sideways)
    yield Measure("rooms missing in the picture of layers", len(undrawn), undrawn)


def public_face(root: Path) -> Iterator[Measure]:
    """Count the package's public names, what it needs, and its extras."""
    tree = ast.parse((root / "prodsim" / "__init__.py").read_text(encoding="utf-8"))
    names = _public_names(tree)
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed, extras = project.get("dependencies", []), project.get("optional-dependencies", {})
    yield Measure("names in prodsim.__all__", "computed" if names is None else len(names), names or [])
    yield Measure("hard dependencies", len(needed), needed)
    yield Measure("extras", len(extras), list(extras))


def table(measured: Sequence[Sequence[Measure]]) -> str:
    """Return one line a measure, with a column a checkout and, for two, the difference."""
    values = [{measure.name: measure.value for measure in measures} for measures in measured]
    lines = [f"{'':46}{'before':>10}{'after':>10}{'change':>10}"] if len(values) == 2 else []
    for name in values[-1]:
        cells = "".join(f"{_shown(each.get(name, '–')):>10}" for each in values)
        lines.append(f"{name:46}{cells}{_change([each.get(name, '–') for each in values]):>10}".rstrip())
    return "\n".join(lines)


def listing(measures: Iterable[Measure]) -> str:
    """Return what each measure counted, under its name."""
    return "\n".join(
        f"\n{measure.name.strip()}: {_shown(measure.value)}\n" + "\n".join(f"  {item}" for item in measure.items)
        for measure in measures
        if measure.items
    )


def _as_json(folder: Path, measures: Iterable[Measure]) -> dict[str, object]:
    counted = {measure.name.strip(): {"value": measure.value, "items": list(measure.items)} for measure in measures}
    return {"folder": str(folder), "measures": counted}


def _shown(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,}"


def _change(values: Sequence[float | str]) -> str:
    numbers = [value for value in values if not isinstance(value, str)]
    difference = round(numbers[1] - numbers[0], 1) if len(numbers) == 2 else 0
    return f"{difference:+,g}" if difference else ""


def _length(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _names_used(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def _names_bound(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg


def _has_no_noun(name: str) -> bool:
    return not set(NO_NOUNS).isdisjoint(name.lower().split("_"))


def _constants(tree: ast.Module, kind: type[ast.Assign] | type[ast.AnnAssign]) -> Iterator[str]:
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, kind) and not _is_text(node.value):
            yield from (t.id for t in targets if isinstance(t, ast.Name) and CONSTANT.fullmatch(t.id))


def _is_text(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in {"Text", "Plural"}


def _repeated(pairs: Iterable[tuple[str, Source]]) -> list[str]:
    places: dict[str, set[str]] = collections.defaultdict(set)
    for name, source in pairs:
        places[name].add(str(source.path))
    several = {name: paths for name, paths in places.items() if len(paths) > 1}
    order = sorted(several, key=lambda name: (-len(several[name]), name))
    return [f"{name} × {len(several[name])}: {', '.join(sorted(several[name]))}" for name in order]


def _public_names(tree: ast.Module) -> list[str] | None:
    """Return the names in ``__all__``: none without one, ``None`` where they cannot be read off."""
    given = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    return _strings(given["__all__"], given) if "__all__" in given else []


def _strings(node: ast.expr, given: Mapping[str, ast.expr]) -> list[str] | None:
    """Return the strings of a list, of a table's keys, or of either ``sorted``, given in place or by its name."""
    match node:
        case ast.Name(id=name) if name in given:
            return _strings(given[name], given)
        case ast.Call(func=ast.Name(id="sorted" | "list" | "tuple"), args=[inner]):
            return _strings(inner, given)
        case ast.Dict(keys=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            lists = [_strings_of_part(part, given) for part in parts if part is not None]
            return None if None in lists else [text for each in lists for text in each or ()]
    return None


def _strings_of_part(part: ast.expr, given: Mapping[str, ast.expr]) -> list[str] | None:
    match part:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.Starred(value=inner):
            return _strings(inner, given)
    return None


if __name__ == "__main__":
    main()
