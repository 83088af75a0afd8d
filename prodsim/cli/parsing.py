"""Texts of the command line, and files it names, as values."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from prodsim.errors import QueryError, RulesError, did_you_mean
from prodsim.phrases import phrase
from prodsim.profiles import profiles
from prodsim.search import RuleSet, rules_from_yaml
from prodsim.similarity import Weights
from prodsim.workspace import CatalogInfo


def parse_one_of(option: str, literal: Any, value: str) -> Any:
    """Return the value; raises ``ValueError`` where the ``Literal`` type does not allow it."""
    allowed = get_args(literal)
    if value not in allowed:
        raise ValueError(f"{option} must be one of {', '.join(allowed)}; got {value!r}")
    return value


def check_suffix(option: str, path: Path | None, suffixes: Sequence[str]) -> None:
    """Raise ``ValueError`` where a file to write has none of these endings, before any work is done for it."""
    if path is not None and path.suffix.lower() not in suffixes:
        listed = f"{', '.join(suffixes[:-1])} or {suffixes[-1]}"
        raise ValueError(f"{option} must end in {listed}, got {path.name!r}")


def parse_interval(option: str, text: str) -> float:
    """Return ``"30m"``, ``"12h"`` or ``"1d"`` in seconds; raises ``ValueError`` below a minute and for all else."""
    parts = re.fullmatch(r"(\d+(?:\.\d+)?)([mhdw])", text.strip().lower())
    seconds = float(parts[1]) * {"m": 60, "h": 3600, "d": 86400, "w": 604800}[parts[2]] if parts else 0.0
    if seconds < 60:
        raise ValueError(f"{option} takes minutes, hours, days or weeks, such as 30m, 12h or 1d; got {text!r}")
    return seconds


def parse_mapping(pairs: Sequence[str]) -> dict[str, str]:
    """Return ``["title=name"]`` as ``{"title": "name"}``; an empty column leaves the field out."""
    wrong = [pair for pair in pairs if "=" not in pair]
    if wrong:
        raise ValueError(f"--map takes FIELD=COLUMN, such as title=name; got {wrong[0]!r}")
    return dict(pair.split("=", 1) for pair in pairs)


def parse_profile(name: str) -> str:
    """Return the name of a kind of catalog, or ``""``; raises ``ValueError`` listing them for another."""
    if name and name not in profiles():
        listed = ", ".join(profiles())
        raise ValueError(f"--profile must be one of {listed}; got {name!r}. {did_you_mean(name, profiles())}".strip())
    return name


def parse_weights(preset: str | None, weights: str | None, default: Weights, info: CatalogInfo) -> Weights:
    """Return the weights of ``--preset``, as it suits the catalog, with ``--weights`` over it; else ``default``."""
    base = default if preset is None else info.preset(preset)
    return base if weights is None else base.parse(weights)


def read_picture(path: Path) -> bytes:
    """Return the bytes of a picture to search by; raises ``QueryError`` where they cannot be read or are too many."""
    from prodsim.pictures.decoding import MAX_PICTURE_BYTES, PictureError

    try:
        if path.stat().st_size > MAX_PICTURE_BYTES:
            raise PictureError("too large", path.name)
        return path.read_bytes()
    except OSError as error:
        raise QueryError(
            phrase("{path} cannot be read: {reason}.", path=path, reason=error.strerror),
            phrase("Give the path of a picture file."),
        ) from error


def read_rules(path: Path) -> RuleSet:
    """Read the rules of a YAML file; raises ``RulesError`` where it cannot be read."""
    from prodsim.plain_yaml import WrongYaml, read_yaml_text  # only rules pay for YAML

    try:
        return rules_from_yaml(read_yaml_text(path), path.name)
    except OSError as error:
        raise RulesError(
            phrase("{path} cannot be read: {reason}.", path=path, reason=error.strerror),
            phrase("Give the path of a YAML file."),
        ) from error
    except WrongYaml as error:
        raise RulesError(
            phrase("{file} cannot be read: {reason}.", file=path.name, reason=error),
            phrase("Save the rules as a YAML file in UTF-8, as `prodsim rules --export` writes it."),
        ) from error
