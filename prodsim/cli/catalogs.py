"""The command that lists the catalogs."""

from prodsim.cli.context import app, open_context
from prodsim.cli.options import Home, Json
from prodsim.cli.printing import when_text
from prodsim.output.facts import catalog_facts


@app.command(name="list")
def list_catalogs(home: Home = None, as_json: Json = False) -> None:
    """List all catalogs."""
    with open_context(home, as_json) as context:
        catalogs = [catalog_facts(context.workspace, info) for info in context.workspace.catalogs()]
        problems = {name: {"what": e.what, "fix": e.fix} for name, e in context.workspace.problems().items()}
        lines = [f"{c['name']}: {c['products']:,} products, built {when_text(c['built'])}" for c in catalogs]
        lines += [f"{name}: {problem['what']} {problem['fix']}" for name, problem in problems.items()]
        text = "\n".join(lines) or "There is no catalog yet; `prodsim build FILE` builds one."
        context.print({"catalogs": catalogs, "problems": problems}, lambda: text)
