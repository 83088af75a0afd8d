"""Recipes of training runs, as files that reproduce them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal, Self, get_args

import yaml

from prodsim.adapt.aggregation import Aggregation
from prodsim.artifacts import write_text_atomically
from prodsim.encoders.adapted import SCRATCH
from prodsim.errors import QueryError
from prodsim.phrases import Text, phrase
from prodsim.plain_yaml import parse_yaml, read_yaml_text
from prodsim.text import excerpt

Kind = Literal["language", "judgements", "shoppers", "federated", "smaller"]
Method = Literal["lora", "full"]

RECIPES: Mapping[Kind, Text] = {
    "language": Text("Learn the catalog's language: from its texts alone, without judgements"),
    "judgements": Text("Learn from judgements: pairs that people judged to be the same product or not"),
    "shoppers": Text("Learn from shoppers: products bought together or by the same shoppers"),
    "federated": Text("Learn together: several catalogs train one model, and only changes of its weights are shared"),
    "smaller": Text("Make the model smaller and faster: fewer layers, 8-bit weights (int8), shorter vectors"),
}
"""Kind of recipe to its description."""
AT_ONCE = 64
"""Texts that pass through the model at a time; of a larger batch the gradients are kept in parts (Gao et al. 2021)."""


@dataclass(frozen=True, slots=True)
class TrainingRecipe:
    """All that decides a run beside the catalog.

    Attributes:
        kind: see ``RECIPES``.
        base: the encoder to begin with: a name or folder that is a transformer, or ``scratch`` for a small one of the
            catalog's own; see ``Adaptations.base_of``.
        method: ``lora`` trains a few low-rank matrices beside the base's (Hu et al. 2022), ``full`` all of it.
        rank: of those matrices.
        batches: read at most; where they hold each pair several times, it is read another way each time.
        batch: pairs that compete with each other at a time; from ``AT_ONCE`` on memory does not grow with it.
        learning_rate: at its highest, after a tenth of the steps; it falls to 0.
        weight_decay: pull of the trained weights to 0 (AdamW).
        noise: share of a text's words that are dropped, misspelt or moved when it is read.
        perturbation: length of the step by which vectors of words are moved where it hurts most (FGM, Miyato et al.
            2017), as a share of their own; 0 for none, else a step takes twice the time and ``batch`` is at most
            ``AT_ONCE``.
        max_tokens: tokens read of a text while training.
        held_out: share of the families of products that are only measured on.
        patience: validations in a row without a better one, after which training stops.
        seed: of everything random; the same on the same machine gives the same result. The noise of ``epsilon`` has
            no seed.
        partners: other catalogs that learn together with the one that is adapted, for ``federated`` alone.
        rounds: after each of them the catalogs' changes of weights are joined; each reads ``batches / rounds`` in one.
        aggregation: how they are joined; see ``join_updates``.
        proximal: pull of each catalog's weights to the common ones (FedProx, Li et al. 2020); 0 for none (FedAvg).
        epsilon: limit of what the model tells about any block of training pairs (differential privacy, see
            ``PrivateSteps``); 0 for no limit.
    """

    kind: Kind = "language"
    base: str = "minilm"
    method: Method = "lora"
    rank: int = 16
    batches: int = 100
    batch: int = 64
    learning_rate: float = 5e-4
    weight_decay: float = 0.01
    noise: float = 0.15
    perturbation: float = 0.0
    max_tokens: int = 48
    held_out: float = 0.2
    patience: int = 3
    seed: int = 0
    partners: tuple[str, ...] = ()
    rounds: int = 5
    aggregation: Aggregation = "mean"
    proximal: float = 0.0
    epsilon: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in RECIPES:
            raise ValueError(f"kind must be one of {tuple(RECIPES)}, got {self.kind!r}")
        if self.method not in get_args(Method):
            raise ValueError(f"method must be one of {get_args(Method)}, got {self.method!r}")
        if not isinstance(self.base, str) or not self.base:
            raise ValueError(f"base must be the name of an encoder, got {self.base!r}")
        if self.aggregation not in get_args(Aggregation):
            raise ValueError(f"aggregation must be one of {get_args(Aggregation)}, got {self.aggregation!r}")
        self._check_partners()
        for name, low, high in _RANGES:
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int if isinstance(high, int) else (int, float)):
                raise ValueError(f"{name} must be a number{' without a point' * isinstance(high, int)}, got {value!r}")
            if not low <= value <= high:
                raise ValueError(f"{name} must be in [{low}, {high}], got {value!r}")
        if self.perturbation and self.batch > AT_ONCE:
            raise ValueError(f"batch must be at most {AT_ONCE} where perturbation is not 0, got {self.batch}")

    def _check_partners(self) -> None:
        """Raise ``ValueError`` where partners are wrong, or the recipe cannot have any."""
        if not isinstance(self.partners, tuple) or not all(isinstance(name, str) and name for name in self.partners):
            raise ValueError(f"partners must be names of catalogs, got {self.partners!r}")
        if self.kind != "federated":
            if self.partners or self.epsilon:
                raise ValueError(f"partners and epsilon belong to the recipe federated, not to {self.kind}")
            return
        if self.method != "lora" or self.perturbation:
            raise ValueError("federated trains with the method lora and the perturbation 0")
        if self.batch > AT_ONCE and not self.epsilon:  # with it, blocks are read one by one
            raise ValueError(f"batch must be at most {AT_ONCE} for federated without epsilon, got {self.batch}")

    def save(self, path: Path) -> None:
        """Write the recipe as YAML."""
        text = yaml.safe_dump({**asdict(self), "partners": list(self.partners)}, sort_keys=False, allow_unicode=True)
        write_text_atomically(path, text)

    @property
    def trains_all(self) -> bool:
        """Return whether all weights are trained; a model from scratch has no base weights worth keeping."""
        return self.method == "full" or self.base == SCRATCH

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what ``save`` wrote, or what a person did.

        Raises:
            QueryError: it cannot be read, or names or values are wrong; says which.
        """
        try:
            return cls(**_read(path, [field.name for field in fields(cls)]))
        except (OSError, TypeError, ValueError) as error:
            names = ", ".join(field.name for field in fields(cls))
            raise QueryError(
                phrase("{file} is not a valid recipe: {reason}.", file=path.name, reason=excerpt(str(error), 200)),
                phrase("A recipe is a YAML file with any of these fields: {names}.", names=names),
            ) from error


def _read(path: Path, known: list[str]) -> dict[str, Any]:
    """Return the fields of a recipe's file; raises ``OSError`` and ``ValueError``."""
    saved = parse_yaml(read_yaml_text(path))
    if not isinstance(saved, dict):
        raise ValueError(phrase("it has no fields with values"))
    for name, value in saved.items():
        if name not in known:
            raise ValueError(phrase("there is no field “{name}”", name=excerpt(str(name), 40)))
        if name == "partners" and isinstance(value, list):
            saved[name] = tuple(value)
        elif isinstance(value, list | dict) or value is None:
            raise ValueError(phrase("{name} must be a single value", name=name))
    return saved


_RANGES = (
    ("rank", 1, 256),
    ("batches", 1, 100_000),
    ("batch", 4, 4096),
    ("learning_rate", 1e-7, 1e-1),
    ("weight_decay", 0.0, 1.0),
    ("noise", 0.0, 0.9),
    ("perturbation", 0.0, 10.0),
    ("max_tokens", 8, 8192),
    ("held_out", 0.05, 0.8),
    ("patience", 1, 100),
    ("rounds", 1, 1000),
    ("proximal", 0.0, 100.0),
    ("epsilon", 0.0, 100.0),
    ("seed", 0, 2**32 - 1),
)
