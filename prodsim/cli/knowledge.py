"""The command for what prodsim knows beyond a catalog: thesauri and taxonomies."""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from prodsim.artifacts import write_text_atomically
from prodsim.cli.context import CommandContext, app, open_context
from prodsim.cli.options import CatalogName, Home, Json
from prodsim.knowledge import Suggestion, Thesaurus, built_in, read_knowledge, suggest_terms
from prodsim.workspace.knowledge import KnowledgeFile, add_knowledge, knowledge_files, notes_on, remove_knowledge
from prodsim.workspace.knowledge_trial import describe_trial, try_knowledge

SHOWN = 20
"""Suggestions that are printed; the table has all of them."""


class Action(StrEnum):
    """What to do with the knowledge of a workspace."""

    LIST = "list"
    ADD = "add"
    TRY = "try"
    REMOVE = "remove"
    SUGGEST = "suggest"


@app.command()
def knowledge(
    action: Annotated[Action, typer.Argument(help="What to do.")] = Action.LIST,
    what: Annotated[
        str | None, typer.Argument(metavar="[FILE|NAME]", help="The file to add or try, the name to remove.")
    ] = (None),
    name: Annotated[str, typer.Option("--name", help="With add: what results call it. Default: the file's name.")] = "",
    out: Annotated[
        Path | None, typer.Option("--out", help="With suggest: the table to write, .csv, to be read and then added.")
    ] = None,
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Add, list or remove words that mean the same and taxonomies; suggest words from the catalog.

    With a catalog, add and try tell what the file changes in it, measured on its own queries; try adds nothing.
    """
    with open_context(home, as_json) as context:
        if action == Action.SUGGEST:
            _suggest(context, catalog, out)
            return
        if action != Action.LIST and what is None:
            raise ValueError("add and try need a FILE, remove needs a NAME")
        layout, notes, trial = context.workspace.layout, list[str](), None
        if action in (Action.ADD, Action.TRY) and what is not None:
            path = Path(what).expanduser()
            opened = context.workspace.open(catalog) if catalog or len(context.workspace.catalogs()) == 1 else None
            read = read_knowledge(path, name)
            notes = notes_on(read, opened)
            if opened is not None and isinstance(read, Thesaurus):
                with context.progress as progress:
                    trial = try_knowledge(opened, read, progress)
                notes += describe_trial(trial)
            if action == Action.ADD:
                add_knowledge(layout, path, name)
        if action == Action.REMOVE and what is not None:
            remove_knowledge(layout, what)
        files = knowledge_files(layout)
        context.print(
            {
                "knowledge": [_facts(file) for file in files],
                "built_in": len(built_in().concepts),
                "notes": notes,
                "trial": None if trial is None else asdict(trial),
            },
            lambda: _text(files, notes),
        )


def _suggest(context: CommandContext, catalog: str | None, out: Path | None) -> None:
    titles = context.workspace.open(catalog).catalog.products["title"].tolist()
    suggestions = suggest_terms(titles)
    if out is not None:
        write_text_atomically(out, _table(suggestions))
    context.print(
        {"suggestions": [asdict(one) for one in suggestions], "out": None if out is None else str(out)},
        lambda: _suggestions_text(suggestions, out),
    )


def _facts(file: KnowledgeFile) -> dict[str, Any]:
    return {"name": file.name, "holds": file.holds, "entries": file.entries, "path": str(file.path)}


def _text(files: Sequence[KnowledgeFile], notes: Sequence[str]) -> str:
    lines = [f"{file.name}: {file.holds}, {file.entries:,} entries" for file in files]
    return "\n".join([*lines, f"{built_in().source}: thesaurus, {len(built_in().concepts):,} entries", *notes])


def _table(suggestions: Sequence[Suggestion]) -> str:
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(["term", "same", "certainty", "titles_term", "titles_same"])
    table.writerows([one.term, one.same, f"{one.certainty:.2f}", *one.titles] for one in suggestions)
    return written.getvalue()


def _suggestions_text(suggestions: Sequence[Suggestion], out: Path | None) -> str:
    lines = [
        f"{one.certainty:.2f}  {one.term} ({one.titles[0]:,}) = {one.same} ({one.titles[1]:,})"
        for one in suggestions[:SHOWN]
    ]
    if len(suggestions) > SHOWN and out is None:
        lines.append(f"and {len(suggestions) - SHOWN:,} more; --out FILE writes all of them.")
    if out is not None:
        lines.append(f"Wrote {len(suggestions):,} to {out}. Delete what is wrong, then: prodsim knowledge add {out}")
    return "\n".join(lines) or "No two words of the titles look like the same."
