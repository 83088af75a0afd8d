"""The model card of a run, in plain words, for whoever comes across the model later."""

from prodsim.adapt.measurement import PROBES
from prodsim.adapt.pairs import PAIR_SOURCES
from prodsim.adapt.private_steps import BLOCK
from prodsim.adapt.recipes import RECIPES, Kind
from prodsim.adapt.runs import CARD, CLIENTS, Outcome, RunFolder
from prodsim.encoders import find_spec
from prodsim.phrases import Text, phrase

CARD_TEXT = Text(
    """# {name}

{recipe}. Adapted to the catalog “{catalog}”; on other products it may be worse than its base.

**{verdict}**

Base: {base} (licence: {licence}). {contents}

## Training data

{data}
{together}
No text left the machine. The training read {steps:,} batches; the weights are those after batch {best_at:,}.

## Quality on held-out products

| questions | setting | metric | before | after | difference, 95 % interval | n |
|---|---|---|--:|--:|---|--:|
{rows}

## Details

{facts}
"""
)


LEARNED_TOGETHER = Text(
    """
## Learned together

Each catalog trained the model on its own pairs, and only changes of weights were joined, in {rounds:,} rounds.

| catalog | pairs | rounds | ε | δ |
|---|--:|--:|--:|--:|
{rows}

ε limits what the model tells about any one block of up to {block} families of products; it does not cover how the pairs
were chosen. Without an ε there is no limit: a model may reveal what it was trained on.
"""
)


def _together(outcome: Outcome) -> str:
    """Return who learned together, and the limits of privacy; "" for a run alone."""
    clients = outcome.facts.get(CLIENTS)
    if not clients:
        return ""
    rows = []
    for name, own in clients.items():
        epsilon, delta = (f"{own[key]:.2g}" if key in own else phrase("none") for key in ("epsilon", "delta"))
        rows.append(f"| {name} | {own['pairs']:,} | {own['rounds']:,} | {epsilon} | {delta} |")
    return LEARNED_TOGETHER(rounds=outcome.facts["rounds"], rows="\n".join(rows), block=2 * BLOCK - 1)


def _contents(kind: Kind) -> str:
    if kind == "smaller":
        return phrase("Each option has its own folder here; the int8 options run without the base.")
    return phrase("This folder holds only the changed weights; they run only with the same base.")


def write_card(run: RunFolder, outcome: Outcome) -> None:
    """Write the training data, the measurement and the outcome as Markdown."""
    recipe = run.recipe
    spec = find_spec(recipe.base)
    licence = spec.licence if spec else phrase("see its own model card")
    data = "\n".join(f"* {n:,} × {PAIR_SOURCES[name]()}" for name, n in outcome.n_pairs.items())
    data = data or phrase("The catalog's texts, and the vectors of the original encoder.")
    rows = "\n".join(
        f"| {PROBES[c.probe]()} | {c.setting} | {c.metric} | {c.before:.3f} | {c.after:.3f} "
        f"| {c.difference:+.3f} ({c.low:+.3f} to {c.high:+.3f}) | {c.n:,} |"
        for c in outcome.measured.compared
    )
    facts = "\n".join(f"* {name}: {value}" for name, value in outcome.facts.items() if name != CLIENTS)
    (run.path / CARD).write_text(
        CARD_TEXT(
            name=run.name,
            recipe=RECIPES[recipe.kind](),
            catalog=run.catalog,
            verdict=outcome.verdict,
            base=recipe.base,
            licence=licence,
            contents=_contents(recipe.kind),
            data=data,
            together=_together(outcome),
            steps=outcome.steps,
            best_at=outcome.best_at,
            rows=rows,
            facts=facts,
        ),
        encoding="utf-8",
    )
