"""Named settings as JSON, and back, whatever version wrote them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any, get_args

from prodsim.errors import ProdsimError
from prodsim.index import Metric
from prodsim.similarity import PRESETS, Setting, Weights

MAX_NAME = 60


def check_name(name: str, named: str = "a setting") -> None:
    """Refuse what cannot name a setting, or a set of rules; raises ``ProdsimError``."""
    taken = {preset.casefold() for preset in PRESETS}
    if not name.strip() or name != name.strip() or len(name) > MAX_NAME or not name.isprintable():
        problem = f"{len(name)} characters" if len(name) > MAX_NAME else "empty, or has odd spaces or signs"
        raise ProdsimError(f'"{name}" cannot name {named}: it is {problem}.', f"Give 1 to {MAX_NAME} characters.")
    if named == "a setting" and name.casefold() in taken:
        raise ProdsimError(f'"{name}" is the name of a preset.', f"Give a name other than {', '.join(PRESETS)}.")


def setting_to_json(setting: Setting) -> str:
    """Weights of every part, and the metric."""
    return json.dumps(asdict(setting))


def setting_from_json(text: str) -> tuple[Setting | None, str]:
    """What was saved as far as it is understood, and what is not, in words.

    Parts that did not exist then count 0, as they did. Parts that no longer exist are left out; when nothing else
    counted, or the metric is unknown, there is no setting.

    Returns:
        The setting, or ``None`` if it cannot be used; and a sentence, empty when it is as it was saved.
    """
    try:
        saved: dict[str, Any] = dict(json.loads(text))
        weights = {str(part): float(weight) for part, weight in dict(saved.pop("weights")).items()}
        metric = saved.pop("metric")
    except (ValueError, TypeError, KeyError):
        return None, f"It cannot be read: {text[:80]}."
    known = [field.name for field in fields(Weights)]
    gone = [*(part for part, weight in weights.items() if part not in known and weight), *saved]
    if metric not in get_args(Metric):
        return None, f"It cannot be used: it compares vectors by {metric!r}, which does not exist here."
    try:
        kept = Weights(**{part: weight for part, weight in weights.items() if part in known})
    except ValueError as error:
        return None, f"It cannot be used: {error}{f', without {_listed(gone)}' if gone else ''}."
    told = f"It is changed: left out is what does not exist here, {_listed(gone)}." if gone else ""
    return Setting(kept, metric), told


def _listed(parts: Sequence[str]) -> str:
    return ", ".join(repr(part) for part in parts)
