"""A run told in plain words, for whoever meets the model later."""

from prodsim.adapt.measurement import PROBES
from prodsim.adapt.pairs import SOURCES
from prodsim.adapt.recipes import RECIPES, Kind
from prodsim.adapt.runs import CARD, Outcome, RunFolder
from prodsim.encoders import find_spec


def _kept(kind: Kind) -> str:
    if kind == "smaller":
        return "Each option has a folder here; those in whole numbers run without the base."
    return "Only what training changed is in this folder; it runs with the same base only."


def write_card(run: RunFolder, outcome: Outcome) -> None:
    """Write what was trained on what, how it was measured, and what came of it, as Markdown."""
    recipe = run.recipe
    spec = find_spec(recipe.base)
    licence = spec.licence if spec else "as its own model card says"
    used = "\n".join(f"* {n:,} × {SOURCES[name]}" for name, n in outcome.n_pairs.items())
    used = used or "The catalog's texts, and the vectors that the encoder as it was gives them."
    rows = "\n".join(
        f"| {PROBES[one.probe]} | {one.setting} | {one.metric} | {one.before:.3f} | {one.after:.3f} "
        f"| {one.difference:+.3f} ({one.low:+.3f} to {one.high:+.3f}) | {one.n:,} |"
        for one in outcome.measured.compared
    )
    facts = "\n".join(f"* {name}: {value}" for name, value in outcome.facts.items())
    (run.path / CARD).write_text(
        f"""# {run.name}

{RECIPES[recipe.kind]}. Adapted to the catalog "{run.catalog}"; for other products it may be worse than its base.

**{outcome.verdict}**

Base: {recipe.base}, licence {licence}. {_kept(recipe.kind)}

## Trained on

{used}

No text leaves the machine. {outcome.steps:,} batches were read; the weights kept are those after {outcome.best_at:,}.

## Measured on products kept out

| questions | setting | metric | before | after | difference, 95 % interval | n |
|---|---|---|--:|--:|---|--:|
{rows}

## Made with

{facts}
""",
        encoding="utf-8",
    )
