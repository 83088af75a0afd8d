"""The options that several commands have, and how commands take groups of them."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from prodsim.cli.context import CommandContext
from prodsim.cli.parsing import parse_one_of, read_picture, read_rules
from prodsim.index import Metric
from prodsim.search import Arrangement, Query, RuleSet, lacking_note, lacking_parts
from prodsim.workspace import OpenCatalog, Workspace
from prodsim.workspace.chosen_setting import ChosenSetting, choose_setting

Home = Annotated[
    Path | None,
    typer.Option("--home", help="Folder of all catalogs. Default: PRODSIM_HOME, or else your user data folder."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else to standard output.")]
CatalogName = Annotated[str | None, typer.Option("--catalog", help="The catalog. Not needed where there is only one.")]
NameArgument = Annotated[
    str | None, typer.Argument(metavar="NAME", help="The catalog. Not needed where there is only one.")
]
Preset = Annotated[str | None, typer.Option("--preset", help="A preset of weights; a wrong name lists them all.")]
MetricName = Annotated[
    str | None, typer.Option("--metric", help="How vectors are compared: cosine, ip or l2. Default: as built.")
]
WeightList = Annotated[
    str | None, typer.Option("--weights", help='Weights of the parts of the score, such as "meaning=1,words=0.5".')
]
Across = Annotated[
    str | None, typer.Option("--across", help="Only neighbours with a different value in this column, such as source.")
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="FIELD=COLUMN",
        help="Column of user, sku, time, event, quantity, basket or rating; repeatable.",
    ),
]


def with_groups(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command take dataclasses: each field becomes an option of its own, and the command gets the whole.

    Typer reads one option from each parameter, so a search would have 22 of them.
    """
    signature = inspect.signature(command)
    annotations: dict[str, Any] = {name: one.annotation for name, one in signature.parameters.items()}
    groups: dict[str, Any] = {name: group for name, group in annotations.items() if is_dataclass(group)}

    @wraps(command)
    def spread(**values: Any) -> None:
        made = {name: group(**{f.name: values.pop(f.name) for f in fields(group)}) for name, group in groups.items()}
        command(**values, **made)

    parameters = [
        part.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for name, one in signature.parameters.items()
        for part in (inspect.signature(groups[name]).parameters.values() if name in groups else [one])
    ]
    spread.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    spread.__annotations__ = {part.name: part.annotation for part in parameters}
    return spread


@dataclass(frozen=True, slots=True)
class QueryOptions:
    """What to search for."""

    text: Annotated[str, typer.Argument(help="Words, a SKU or a model number.")] = ""
    sku: Annotated[list[str] | None, typer.Option("--sku", help="Find products similar to this one; repeatable.")] = (
        None
    )
    like: Annotated[list[str] | None, typer.Option("--like", help="Same as --sku.")] = None
    unlike: Annotated[
        list[str] | None, typer.Option("--unlike", help="Results should differ from this product; repeatable.")
    ] = None
    picture: Annotated[
        Path | None,
        typer.Option("--picture", help="Find products that look like this picture; words may stand beside it."),
    ] = None
    as_typed: Annotated[
        bool, typer.Option("--as-typed", help="Never read a word that the catalog lacks as another for the same.")
    ] = False

    def read(self, opened: OpenCatalog) -> OpenCatalog:
        """Return the catalog as these options search it."""
        return opened.as_typed() if self.as_typed else opened

    @property
    def query(self) -> Query:
        """Return the query that these options describe; raises ``QueryError`` where there is no such picture file."""
        picture = read_picture(self.picture) if self.picture else b""
        return Query(self.text, tuple([*(self.sku or []), *(self.like or [])]), tuple(self.unlike or []), picture)


@dataclass(frozen=True, slots=True)
class SettingOptions:
    """How similarity is measured."""

    setting: Annotated[
        str | None,
        typer.Option("--setting", help="A saved setting (`settings` lists them). Default: the catalog's default."),
    ] = None
    preset: Preset = None
    weights: WeightList = None
    metric: MetricName = None

    def choose(self, workspace: Workspace, catalog: str | None) -> ChosenSetting:
        """Return the setting that the options lead to; see ``choose_setting``."""
        if self.setting is not None and self.preset is not None:
            raise ValueError("give --setting or --preset, not both")
        weights = self.weights
        return choose_setting(
            workspace,
            catalog,
            saved=self.setting,
            preset=self.preset,
            change=None if weights is None else lambda base: base.parse(weights),
            metric=None if self.metric is None else parse_one_of("--metric", Metric, self.metric),
        )

    def open(self, context: CommandContext, catalog: str | None) -> tuple[OpenCatalog, ChosenSetting]:
        """Open the catalog with the setting; warns of weights that a person chose and that have no effect in it."""
        chosen = self.choose(context.workspace, catalog)
        opened = context.workspace.open(catalog, chosen.setting)
        note = lacking_note(lacking_parts(chosen.setting.weights, opened.parts))
        if note and chosen.setting.weights != opened.info.weights:
            context.warn(note)
        return opened, chosen


@dataclass(frozen=True, slots=True)
class ListOptions:
    """Which products may be in a list, and in what mix."""

    where: Annotated[
        str, typer.Option("--where", help="Only products that meet this SQL condition: \"price<100 and brand='Acme'\".")
    ] = ""
    rules: Annotated[
        str | None,
        typer.Option("--rules", help="A saved rule set or a YAML file. Of two limits the stricter one counts."),
    ] = None
    per_brand: Annotated[int | None, typer.Option("--per-brand", help="At most this many products of one brand.")] = (
        None
    )
    per_category: Annotated[
        int | None, typer.Option("--per-category", help="At most this many products of one category.")
    ] = None
    per_family: Annotated[
        int | None, typer.Option("--per-family", help="At most this many variants with one group_id.")
    ] = None
    diversity: Annotated[
        float, typer.Option("--diversity", help="From 0 (best match first) to 1 (as varied as possible).")
    ] = 0.0
    min_closeness: Annotated[
        float,
        typer.Option(
            "--min-closeness", help="Only matches closer than this share of random pairs: 0.99 for 99 of 100."
        ),
    ] = 0.0
    same_category: Annotated[
        bool, typer.Option("--same-category", help="Only the category of the query product, or of the last one viewed.")
    ] = False
    price_band: Annotated[
        float | None,
        typer.Option("--price-band", help="Only prices within this share of that product's price: 0.2 for ±20 %."),
    ] = None

    half_life: Annotated[
        float | None,
        typer.Option("--half-life", help="Days after which a product counts half as new; 0: age does not count."),
    ] = None

    @property
    def arrangement(self) -> Arrangement:
        """Return the limits, the diversity and what counts by age."""
        return Arrangement(
            self.per_brand, self.per_family, self.diversity, self.min_closeness, self.same_category, self.price_band,
            self.per_category, half_life=self.half_life,
        )  # fmt: skip

    def choose(self, workspace: Workspace, catalog: str | None) -> RuleSet:
        """Lay the options over the rule set; raises as ``choose_rules``."""
        return choose_rules(workspace, catalog, self.rules).over(self.where, self.arrangement)


def choose_rules(workspace: Workspace, catalog: str | None, rules: str | None) -> RuleSet:
    """Find the saved rules of that name, or read those of a YAML file; an empty set for ``None``.

    Raises:
        QueryError: there are no such rules.
        RulesError: the file cannot be read or understood.
    """
    if rules is None:
        return RuleSet()
    if Path(rules).suffix.lower() in (".yaml", ".yml"):
        return read_rules(Path(rules))
    return workspace.records(workspace.info(catalog).name).rules(rules).rules
