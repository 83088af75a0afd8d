"""Write the reference of the command line into its page while MkDocs builds the site."""

import html

import typer
from typer.core import TyperGroup
from typer.main import get_command

from prodsim.cli.commands import app

PLACE = "<!-- commands -->"
"""Where a page wants the reference."""


def on_page_markdown(markdown: str, **_: object) -> str:
    """Return a page with its mark replaced by all commands; MkDocs calls this for every page."""
    return markdown.replace(PLACE, _reference()) if PLACE in markdown else markdown


def _reference() -> str:
    """Return all commands as Markdown, in alphabetical order."""
    program = get_command(app)
    assert isinstance(program, TyperGroup)
    context = typer.Context(program, info_name="prodsim")
    return "\n\n".join(_command(name, program, context) for name in sorted(program.commands))


def _command(name: str, program: TyperGroup, parent: typer.Context) -> str:
    """Return one command: what it does, how it is called, and a table of its options."""
    command = program.commands[name]
    context = typer.Context(command, info_name=name, parent=parent)
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    parameters = sorted(command.params, key=lambda each: each.param_type_name)  # arguments before options
    records = [record for each in parameters if (record := each.get_help_record(context))]
    rows = [f"<tr><td><code>{_cell(name)}</code></td><td>{_cell(text)}</td></tr>" for name, text in records if text]
    table = "\n".join(['<div class="options"><table>', *rows, "</table></div>"])
    return f"## {name}\n\n{command.help}\n\n```text\n{usage}\n```\n\n{table}"


def _cell(text: str) -> str:
    """Return a text for a cell of a table; names in backticks are set as code."""
    parts = html.escape(text).split("`")
    return "".join(f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts))
