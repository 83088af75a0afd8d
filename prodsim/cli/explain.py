"""The command that explains a result."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from prodsim.cli.context import app, open_context
from prodsim.cli.options import CatalogName, Home, Json, QueryOptions, SettingOptions, with_groups
from prodsim.explain import Explanation

SHOWN_FROM = 0.0005
"""Words that change the score by less would be printed as 0.000."""


@app.command()
@with_groups
def explain(
    hit: Annotated[str, typer.Option("--hit", help="SKU of the product to explain.")],
    searched: QueryOptions,
    similarity: SettingOptions,
    k: Annotated[int, typer.Option("-k", min=1, help="Length of the result list in which it is ranked.")] = 120,
    black_box: Annotated[
        bool,
        typer.Option(
            "--black-box",
            help="Imitate the re-ranker, or else the encoder, by a sum over words, and test it by deleting them.",
        ),
    ] = False,
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Explain why a search gives a product its score, and what would change it."""
    with open_context(home, as_json) as context:
        opened = searched.read(similarity.open(context, catalog)[0])
        hits = opened.search(searched.query, k).hits
        explanation = opened.explain(searched.query, hit, by_meaning=True, hits=hits)
        facts, lines = explanation.as_dict(), explanation_text(explanation)
        if black_box:
            surrogate = opened.imitate(searched.query, hit)
            facts |= {"black_box": {**asdict(surrogate), "sentence": surrogate.sentence}}
            lines = "\n".join([lines, *_words("As a black box", surrogate.words), surrogate.sentence])
        context.print(facts, lambda: lines)


def explanation_text(explanation: Explanation) -> str:
    """Return the score, its parts with their sentences, the words that matter, and what a change would do."""
    lines = [f"{explanation.sku}  score {explanation.score:.3f}"]
    lines += [f"{part.contribution:+8.3f}  {part.name:12} {part.sentence}" for part in explanation.parts]
    lines += _words("By spelling", explanation.spans)
    if explanation.meaning is not None:
        lines += [*_words("By meaning", explanation.meaning.words), explanation.meaning.sentence]
    if explanation.what_if is not None:
        lines += [explanation.what_if.sentence(change) for change in explanation.what_if.changes]
    return "\n".join(lines)


def _words(label: str, amounts: Sequence[tuple[str, float]]) -> list[str]:
    shown = [f"{word} {amount:+.3f}" for word, amount in amounts if abs(amount) >= SHOWN_FROM]
    return [f"{label}: {', '.join(shown)}"] if shown else []
