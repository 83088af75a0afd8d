"""The command that tells why a product was found."""

from typing import Annotated

import typer

from prodsim.cli.context import CatalogName, Home, Json, MetricName, Preset, SettingName, WeightList, app, open_door
from prodsim.cli.values import choose_setting, open_chosen
from prodsim.explain import Explanation
from prodsim.search import Query


@app.command()
def explain(
    hit: Annotated[str, typer.Option("--hit", help="The product to explain, by its SKU.")],
    text: Annotated[str, typer.Argument(help="Words, a SKU or a model number.")] = "",
    sku: Annotated[list[str] | None, typer.Option("--sku", help="Searched by this product; repeatable.")] = None,
    like: Annotated[list[str] | None, typer.Option("--like", help="A product to be close to; repeatable.")] = None,
    unlike: Annotated[list[str] | None, typer.Option("--unlike", help="A product to be far from; repeatable.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, help="Among how many hits it is ranked.")] = 120,
    setting: SettingName = None,
    preset: Preset = None,
    weights: WeightList = None,
    metric: MetricName = None,
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Tell why a search gives a product its score, and what would have to differ."""
    with open_door(home, as_json) as door:
        chosen = choose_setting(door.workspace, catalog, setting, preset, weights, metric)
        opened = open_chosen(door, catalog, chosen)
        query = Query(text, tuple([*(sku or []), *(like or [])]), tuple(unlike or []))
        hits = opened.search(query, k).hits
        found = opened.explain(query, hit, by_meaning=True, hits=hits)
        door.print(found.as_dict(), lambda: say_explanation(found))


def say_explanation(found: Explanation) -> str:
    """The score, its parts with their sentences, the words that tell, and what would follow from a change."""
    lines = [f"{found.sku}  score {found.score:.3f}"]
    lines += [f"{part.contribution:+8.3f}  {part.name:12} {part.sentence}" for part in found.parts]
    lines += _said("By their spelling", found.spans)
    if found.meaning is not None:
        lines += [*_said("By their meaning", found.meaning.words), found.meaning.sentence]
    if found.what_if is not None:
        lines += [found.what_if.sentence(change) for change in found.what_if.changes]
    return "\n".join(lines)


def _said(head: str, amounts: tuple[tuple[str, float], ...]) -> list[str]:
    told = [f"{word} {amount:+.3f}" for word, amount in amounts if abs(amount) >= 0.0005]
    return [f"{head}: {', '.join(told)}"] if told else []
