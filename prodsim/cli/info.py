"""The command that shows what a catalog consists of."""

from dataclasses import asdict
from typing import Annotated

import typer

from prodsim.cli.context import app, open_context
from prodsim.cli.options import Home, Json, NameArgument
from prodsim.cli.printing import facts_lines
from prodsim.evaluation.index_recall import measure_index_recall, measure_search_recall
from prodsim.output.facts import catalog_facts


@app.command()
def info(
    name: NameArgument = None,
    recall: Annotated[
        bool,
        typer.Option("--recall", help="Measure what share of an exact search's results is found; takes a few seconds."),
    ] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show what a catalog consists of: columns, encoder, sizes, recall of the index."""
    with open_context(home, as_json) as context:
        facts = catalog_facts(context.workspace, context.workspace.info(name))
        lines = facts_lines(facts)
        if recall:
            opened = context.workspace.open(name)
            with context.progress as progress:
                search = measure_search_recall(opened.engine, opened.catalog, progress=progress)
                index = measure_index_recall(opened.index, opened.catalog, progress=progress)
            facts["trust"] = {"search": asdict(search), "index": asdict(index)}
            lines += [f"search returns {search.sentence}", f"index returns {index.overall.sentence}"]
        context.print(facts, lambda: "\n".join(lines))
