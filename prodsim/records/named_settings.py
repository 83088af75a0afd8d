"""Named settings as JSON, and back, whichever version wrote them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any, get_args

from prodsim.errors import ProdsimError
from prodsim.index import Metric
from prodsim.phrases import phrase
from prodsim.similarity import PRESETS, Setting, Weights

MAX_NAME = 60


def check_name(name: str, *, is_setting: bool = True) -> None:
    """Refuse a text that cannot name a setting, or a set of rules; raises ``ProdsimError``."""
    taken = {preset.casefold() for preset in PRESETS}
    if not name.strip() or name != name.strip() or len(name) > MAX_NAME or not name.isprintable():
        raise ProdsimError(
            phrase("“{name}” cannot be used as a name.", name=name),
            phrase("Use 1 to {limit} printable characters, without spaces at the ends.", limit=MAX_NAME),
        )
    if is_setting and name.casefold() in taken:
        raise ProdsimError(
            phrase("“{name}” is the name of a preset.", name=name),
            phrase("Use a name other than {names}.", names=", ".join(PRESETS)),
        )


def setting_to_json(setting: Setting) -> str:
    """Return the weights of every part, and the metric, as JSON."""
    return json.dumps(asdict(setting))


def setting_from_json(text: str) -> tuple[Setting | None, str]:
    """Read a saved setting as far as this version understands it, and describe what it does not.

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
        return None, phrase("It cannot be read: {text}.", text=text[:80])
    known = [field.name for field in fields(Weights)]
    unknown = [*(part for part, weight in weights.items() if part not in known and weight), *saved]
    if metric not in get_args(Metric):
        return None, phrase("It cannot be used, because this version has no metric {metric}.", metric=repr(metric))
    try:
        kept = Weights(**{part: weight for part, weight in weights.items() if part in known})
    except ValueError as error:
        if unknown:
            return None, phrase(
                "It cannot be used without {parts}, which this version does not have: {reason}.",
                parts=_listed(unknown),
                reason=error,
            )
        return None, phrase("It cannot be used: {reason}.", reason=error)
    problem = phrase("It was changed: this version has no {parts}.", parts=_listed(unknown)) if unknown else ""
    return Setting(kept, metric), problem


def _listed(parts: Sequence[str]) -> str:
    return ", ".join(repr(part) for part in parts)
