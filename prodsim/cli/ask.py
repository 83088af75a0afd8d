"""The command that answers shoppers' questions."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from prodsim.cli.context import CommandContext, app, open_context
from prodsim.cli.options import CatalogName, Home, Json, choose_rules, with_groups
from prodsim.output.facts import answer_facts
from prodsim.progress import timed
from prodsim.search import Arrangement, RuleSet
from prodsim.workspace import OpenCatalog

if TYPE_CHECKING:
    from prodsim.ask import Answer
    from prodsim.records import Choice


@dataclass(frozen=True, slots=True)
class ChoiceOptions:
    """What earlier shoppers chose."""

    learn: Annotated[
        bool, typer.Option("--learn", help="Learn from earlier choices (words of the catalog and SKUs only).")
    ] = False
    chosen: Annotated[
        str | None, typer.Option("--chosen", metavar="SKU", help="Remember that this product was chosen in the end.")
    ] = None
    forget: Annotated[bool, typer.Option("--forget", help="Erase all remembered choices.")] = False


@app.command()
@with_groups
def ask(
    questions: Annotated[
        list[str],
        typer.Argument(metavar="QUESTION…", help="A question, and follow-up questions such as “cheaper” or “in blue”."),
    ],
    choices: ChoiceOptions,
    k: Annotated[int, typer.Option("-k", min=1, help="How many products.")] = 5,
    where: Annotated[str, typer.Option("--where", help="Only products that meet this SQL condition.")] = "",
    rules: Annotated[
        str | None,
        typer.Option("--rules", help="A saved rule set or a YAML file. Of two limits the stricter one counts."),
    ] = None,
    phrase: Annotated[
        bool,
        typer.Option(
            "--phrase", help="Let the chat model at PRODSIM_CHAT_URL write the answer; first shows what is sent."
        ),
    ] = False,
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Answer a shopper's question, in English, Chinese or German, with products or with a sentence from the catalog."""
    with open_context(home, as_json) as context:
        opened = context.workspace.open(catalog)
        ruled = choose_rules(context.workspace, catalog, rules).over(where, Arrangement(per_family=1))
        records = context.workspace.records(opened.name)
        forgotten = {"forgotten": records.forget_choices()} if choices.forget else {}
        answer, wall_s = _converse(opened, questions, k, ruled, records.choices() if choices.learn else ())
        if choices.chosen is not None:
            from prodsim.ask import conversation_words  # loaded by now

            opened.engine.lookup.row(choices.chosen)
            records.remember_choice(conversation_words(answer.understood, opened.asker.vocabulary), choices.chosen)
        phrased = {"phrased": _phrased(context, answer)} if phrase else {}
        text = "\n".join([*phrased.values(), answer_text(answer)])
        facts = {**answer_facts(answer), **phrased, "took_ms": wall_s * 1000, **forgotten}
        context.print(facts, lambda: text)


def _converse(
    opened: OpenCatalog, questions: Sequence[str], k: int, ruled: RuleSet, choices: "Sequence[Choice]"
) -> "tuple[Answer, float]":
    """Return the answer to the last question, each being understood after those before it, and the seconds it took."""
    answer: Answer | None = None
    wall_s = 0.0
    for question in questions:
        work = partial(opened.asker.ask, question, k, answer, ruled.filters, ruled.arrangement, choices)
        answer, wall_s = timed(work)
    assert answer is not None  # Typer wants one question at least
    return answer, wall_s


def _phrased(context: CommandContext, answer: "Answer") -> str:
    """Return the answer in a chat model's words; what is sent to it is printed first."""
    from prodsim.ask.phrasing import outgoing_text, rephrase

    settings = context.workspace.settings
    if settings.chat_url:
        print(f"This is sent to {settings.chat_url}:\n{outgoing_text(answer)}", file=sys.stderr)
    return rephrase(answer, settings)


def answer_text(answer: "Answer") -> str:
    """Return the answer's sentence, and a line per product."""
    lines = [answer.text]
    for suggestion in answer.suggestions if not answer.understood.about else ():
        differs = f"  ({suggestion.differs})" if suggestion.differs else ""
        lines.append(f"{suggestion.hit.sku:<16}  {suggestion.hit.title}  {suggestion.reason}{differs}")
    return "\n".join(lines)
