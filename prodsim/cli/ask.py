"""The command that answers shoppers' questions."""

import sys
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from prodsim.cli.context import CatalogName, CommandContext, Home, Json, Rules, app, open_door
from prodsim.cli.values import choose_rules, timed
from prodsim.search import Arrangement

if TYPE_CHECKING:
    from prodsim.ask import Answer


@app.command()
def ask(
    questions: Annotated[
        list[str],
        typer.Argument(metavar="QUESTION…", help="A question, and questions that follow it: cheaper, in blue."),
    ],
    k: Annotated[int, typer.Option("-k", min=1, help="How many products.")] = 5,
    where: Annotated[str, typer.Option("--where", help="A condition in SQL that every product meets.")] = "",
    rules: Rules = None,
    learn: Annotated[
        bool, typer.Option("--learn", help="Learn from what earlier askers chose, words of the catalog and SKUs only.")
    ] = False,
    chosen: Annotated[
        str | None, typer.Option("--chosen", metavar="SKU", help="Remember that this product was chosen after all.")
    ] = None,
    forget: Annotated[bool, typer.Option("--forget", help="Erase all that askers chose.")] = False,
    phrase: Annotated[
        bool,
        typer.Option("--phrase", help="Have the chat model at PRODSIM_CHAT_URL phrase it; tells first what leaves."),
    ] = False,
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Answer a shopper's question in English or Chinese with products, or with a sentence of the catalog."""
    with open_door(home, as_json) as door:
        opened = door.workspace.open(catalog)
        ruled = choose_rules(door.workspace, catalog, rules).over(where, Arrangement(per_family=1))
        records = door.workspace.records(opened.name)
        forgotten = {"forgotten": records.forget_choices()} if forget else {}
        choices = records.choices() if learn else ()
        answer: Answer | None = None
        wall_s = 0.0
        for question in questions:
            work = partial(opened.asker.ask, question, k, answer, ruled.filters, ruled.arrangement, choices)
            answer, wall_s = timed(work)
        assert answer is not None  # Typer wants one question at least
        found = answer
        if chosen is not None:
            from prodsim.ask import conversation_words  # loaded by now

            opened.engine.lookup.row(chosen)
            records.remember_choice(conversation_words(found.understood, opened.asker.vocabulary), chosen)
        phrased = {"phrased": _phrased(door, found)} if phrase else {}
        said = "\n".join([*phrased.values(), say_answer(found)])
        door.print({**as_facts(found), **phrased, "took_ms": wall_s * 1000, **forgotten}, lambda: said)


def _phrased(door: CommandContext, answer: "Answer") -> str:
    """The answer in a chat model's words; what is sent to it is told first."""
    from prodsim.ask.phrasing import outgoing_text, rephrase

    settings = door.workspace.settings
    if settings.chat_url:
        print(f"To {settings.chat_url} goes:\n{outgoing_text(answer)}", file=sys.stderr)
    return rephrase(answer, settings)


def as_facts(answer: "Answer") -> dict[str, Any]:
    """An answer for JSON."""
    understood = answer.understood
    prices = {chip.kind: chip.amount for chip in understood.chips if chip.amount is not None}
    chips = [{**asdict(chip), "label": chip.label} for chip in understood.chips]
    return {
        "answer": answer.text,
        "fits": answer.fits,
        "quote": answer.quote,
        "hits": [
            {**asdict(one.hit), "reason": one.reason, "differs": one.differs} for one in answer.suggestions
        ],
        "understood": {**asdict(understood), "chips": chips, "price_min": None, "price_max": None, **prices},
    }  # fmt: skip


def say_answer(answer: "Answer") -> str:
    """What was understood, and a line per product."""
    lines = [answer.text]
    for one in answer.suggestions if not answer.understood.about else ():
        differs = f"  ({one.differs})" if one.differs else ""
        lines.append(f"{one.hit.sku:<16}  {one.hit.title}  {one.reason}{differs}")
    return "\n".join(lines)
