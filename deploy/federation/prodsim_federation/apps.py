"""What Flower carries between machines: the common weights, and each catalog's changes of them."""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from flwr.app import Array, ArrayRecord, ConfigRecord, Context, Message, MetricRecord, RecordDict
from flwr.clientapp import ClientApp
from flwr.serverapp import Grid, ServerApp
from flwr.serverapp.strategy import FedAvg

from prodsim.adapt import TrainingRecipe, Update, open_common_model, weights_of
from prodsim.adapt.aggregation import Terms, join_updates
from prodsim.errors import TrainingError
from prodsim.settings import Settings
from prodsim.workspace import Workspace
from prodsim.workspace.adaptations import Adaptations

client_app = ClientApp()
server_app = ServerApp()


@client_app.train()
def train(message: Message, context: Context) -> Message:
    """Read a round's share of the catalog's pairs; answer how the weights changed, and nothing else."""
    recipe, number = _recipe(message, context), int(message.content["config"]["server-round"])
    _check_asked_once(context, recipe, number)
    update = _adaptations().learn_along(_catalog(context), recipe, _weights(message), number)
    told = ConfigRecord({"client": update.client, "round": number, "terms": json.dumps(asdict(update.terms))})
    records = {
        "change": ArrayRecord({"change": Array(update.change)}),
        "update": told,
        "metrics": MetricRecord({"num-examples": update.n}),
    }
    return Message(RecordDict(records), reply_to=message)


@client_app.evaluate()
def adopt(message: Message, context: Context) -> Message:
    """Keep the model as a run of the catalog here and measure it; what was measured stays here."""
    name = f"federated-{context.run_id}"
    _adaptations().adopt(_catalog(context), name, _recipe(message, context), _weights(message))
    return Message(RecordDict({"metrics": MetricRecord({"num-examples": 1})}), reply_to=message)


@server_app.main()
def main(grid: Grid, context: Context) -> None:
    """Train in rounds; the last one's model goes to every catalog."""
    recipe = TrainingRecipe.load(Path(str(context.run_config["recipe"])))
    model, terms = open_common_model(recipe, Settings.from_environment())
    weights, clients = weights_of(model), int(context.run_config["clients"])
    config = ConfigRecord({"recipe": json.dumps(asdict(recipe))})
    _Together(recipe, terms, weights, clients).start(
        grid,
        ArrayRecord({"weights": Array(weights)}),
        num_rounds=recipe.rounds,
        timeout=float(context.run_config["timeout-s"]),
        train_config=config,
        evaluate_config=config,
    )


class _Together(FedAvg):
    """Flower's rounds with our rules of what a round takes over; more than half of the catalogs must be there."""

    def __init__(self, recipe: TrainingRecipe, terms: Terms, weights: np.ndarray, clients: int) -> None:
        least = clients // 2 + 1
        super().__init__(min_train_nodes=least, min_evaluate_nodes=least, min_available_nodes=least)
        self._recipe, self._terms, self._weights, self._clients = recipe, terms, weights, clients

    def aggregate_train(self, server_round: int, replies: Iterable[Message]) -> tuple[ArrayRecord, MetricRecord]:
        """Join the updates that came in time; raises ``TrainingError`` where too few did."""
        updates = [_update(one) for one in replies if not one.has_error()]
        joined = join_updates(
            updates, server_round, self._terms, len(self._weights), self._clients, self._recipe.aggregation
        )
        self._weights = self._weights + joined.change
        taken = MetricRecord({"clients": len(joined.taken), "refused": len(joined.refused)})
        return ArrayRecord({"weights": Array(self._weights)}), taken

    def configure_evaluate(
        self, server_round: int, arrays: ArrayRecord, config: ConfigRecord, grid: Grid
    ) -> Iterable[Message]:
        """Send the model to every catalog after the last round."""
        return (
            super().configure_evaluate(server_round, arrays, config, grid)
            if server_round == self._recipe.rounds
            else []
        )


def _update(reply: Message) -> Update:
    told, change = reply.content["update"], reply.content["change"]["change"].numpy()
    terms = Terms(**json.loads(str(told["terms"])))
    n = int(reply.content["metrics"]["num-examples"])
    return Update(f"{told['client']} ({reply.metadata.src_node_id})", int(told["round"]), terms, change, n)


def _weights(message: Message) -> np.ndarray:
    return message.content["arrays"]["weights"].numpy()


def _recipe(message: Message, context: Context) -> TrainingRecipe:
    """The server's recipe, with the place of the base here; refused where it is less private than is allowed here."""
    saved = json.loads(str(message.content["config"]["recipe"]))
    recipe = TrainingRecipe(**{**saved, "partners": tuple(saved["partners"])})
    most = float(context.node_config.get("epsilon", 0))
    if most and not 0 < recipe.epsilon <= most:
        raise TrainingError(
            f"The recipe has ε = {recipe.epsilon:g}, and this catalog allows {most:g} at most.",
            "Use a recipe with a smaller epsilon.",
        )
    return replace(recipe, base=str(context.node_config.get("base", recipe.base)))


def _check_asked_once(context: Context, recipe: TrainingRecipe, number: int) -> None:
    """Refuse rounds that the limit of privacy does not count: one after the last, or one that was answered already."""
    done = int(context.state["rounds"]["done"]) if "rounds" in context.state else 0
    if not done < number <= recipe.rounds:
        raise TrainingError(
            f"Round {number} was asked for after round {done} of {recipe.rounds}.", "Start a new run of the federation."
        )
    context.state["rounds"] = ConfigRecord({"done": number})


def _catalog(context: Context) -> str:
    return str(context.node_config["catalog"])


def _adaptations() -> Adaptations:
    return Adaptations(Workspace(Settings.from_environment()))
