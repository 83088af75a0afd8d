"""The command for the keys that other programs ask with."""

from typing import Annotated, Literal

import typer

from prodsim.cli.context import CommandContext, app, open_context
from prodsim.cli.options import Home, Json
from prodsim.cli.parsing import parse_one_of
from prodsim.cli.printing import when_text
from prodsim.roles import Role

Task = Literal["add", "list", "remove"]


@app.command()
def keys(
    task: Annotated[str, typer.Argument(metavar="add|list|remove", help="What to do.")],
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="The program or person that has the key; not for list.")
    ] = "",
    role: Annotated[str, typer.Option("--role", help="With add: viewer, editor or admin.")] = "viewer",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Add, list or remove the keys with which other programs may ask `prodsim serve` and `prodsim mcp`."""
    with open_context(home, as_json) as context:
        chosen: Task = parse_one_of("the first word", Task, task)
        if bool(name) == (chosen == "list"):
            raise ValueError("keys add and keys remove take a NAME; keys list takes none")
        match chosen:
            case "add":
                _add(context, name, parse_one_of("--role", Role, role))
            case "remove":
                context.workspace.keys.remove(name)
                context.print(
                    {"removed": name}, lambda: f"Removed {name}. Whoever has this key is refused from now on."
                )
            case "list":
                _list(context)


def _add(context: CommandContext, name: str, role: Role) -> None:
    secret = context.workspace.keys.add(name, role)
    text = f"{secret}\nCopy it now: it is not kept here, only its hash is. {name} may use it as {role}."
    context.print({"name": name, "role": role, "key": secret}, lambda: text)


def _list(context: CommandContext) -> None:
    known = context.workspace.keys.all()
    facts = [{"name": key.name, "role": key.role, "id": key.id, "created": key.created} for key in known]
    lines = [f"{key.name}: {key.role}, made {when_text(key.created)}, {key.id} in logs" for key in known]
    context.print(
        {"keys": facts}, lambda: "\n".join(lines) or "There are no keys yet; `prodsim keys add NAME` adds one."
    )
