"""Write the table of who may do what into its page while MkDocs builds the site; it is made from the code."""

import ast
from collections.abc import Iterator
from pathlib import Path

from prodsim.api.routes import ROUTES
from prodsim.cli import MODULES
from prodsim.roles import PERMISSIONS, ROLES, Action, Actor

PLACE = "<!-- roles -->"
"""Where the page wants the tables."""
ROOT = Path(__file__).resolve().parent.parent


def on_page_markdown(markdown: str, **_: object) -> str:
    """Return a page with its mark replaced by the tables; MkDocs calls this for every page."""
    return markdown.replace(PLACE, tables()) if PLACE in markdown else markdown


def tables() -> str:
    """Return what each role may do: by action, by what the code guards, by route and by command."""
    actions = [(permission.verb(), action) for action, permission in PERMISSIONS.items()]
    guarded = [(f"{what} (`{name}`)", action) for name, what, action in sorted(guarded_functions())]
    routes = [(f"`{route.method} {route.path}`", route.action) for route in ROUTES]
    commands = ", ".join(f"`{command}`" for command in MODULES)
    return "\n\n".join(
        [
            _table("action", actions),
            "What asks for a role, whichever page, route or tool it is called from:",
            _table("what", guarded),
            "Routes of the API:",
            _table("route", routes),
            f"Commands work on the files of whoever runs them, so no role applies: {commands}.",
        ]
    )


def guarded_functions() -> Iterator[tuple[str, str, Action]]:
    """Return each function that asks for a role: its name, the first line of its docstring, the action."""
    for path in (*(ROOT / "prodsim").rglob("*.py"), *(ROOT / "pages").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.parse(text).body if "require_role(" in text else ():
            owner = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
            for function in node.body if isinstance(node, ast.ClassDef) else [node]:
                if isinstance(function, ast.FunctionDef):
                    what = (ast.get_docstring(function) or function.name.strip("_")).partition("\n")[0].rstrip(".")
                    code = ast.unparse(function)
                    asked = [action for action in PERMISSIONS if f"require_role('{action}')" in code]
                    yield from ((owner + function.name, what, action) for action in asked)


def _table(heading: str, rows: list[tuple[str, Action | None]]) -> str:
    lines = [f"| {heading} | no key or login | {' | '.join(ROLES)} |", "|---" * (len(ROLES) + 2) + "|"]
    for what, action in rows:
        may = [action is None, *(action is None or Actor(role=role).may(action) for role in ROLES)]
        lines.append(f"| {what} | {' | '.join('yes' if each else '' for each in may)} |")
    return "\n".join(lines)
