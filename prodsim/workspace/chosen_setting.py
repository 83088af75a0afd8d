"""The setting of a question: a saved one, a preset or the catalog's default, with what the question changes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from prodsim.index import Metric
from prodsim.similarity import Setting, Weights
from prodsim.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ChosenSetting:
    """The setting that a saved one, a preset, weights and a metric lead to.

    Attributes:
        setting: the weights and the metric to use.
        name: of the saved setting or preset that the others were laid over; ``None`` for the catalog's own weights.
    """

    setting: Setting
    name: str | None

    def as_dict(self) -> dict[str, Any]:
        """Return what is printed of it."""
        return {"weights": self.setting.weights.as_dict(), "metric": self.setting.metric, "name": self.name}


def choose_setting(
    workspace: Workspace,
    catalog: str | None,
    *,
    saved: str | None = None,
    preset: str | None = None,
    change: Callable[[Weights], Weights] | None = None,
    metric: Metric | None = None,
) -> ChosenSetting:
    """Take the saved setting or the preset, or else the catalog's default; lay changes and the metric over it.

    Args:
        workspace: that has the catalog.
        catalog: its name; not needed where there is only one.
        saved: name of a saved setting.
        preset: name of a preset, as it suits the catalog.
        change: lays other weights over those.
        metric: how vectors are compared; ``None`` as the setting has it.

    Raises:
        QueryError: there is no such catalog or setting.
        ValueError: both a setting and a preset, or there is no such preset or weight.
    """
    if saved is not None and preset is not None:
        raise ValueError("give a saved setting or a preset, not both")
    info = workspace.info(catalog)
    records = workspace.records(info.name)
    name = saved
    if name is None and preset is None and change is None:
        name = records.default_name()
    own = Setting(info.weights, cast(Metric, info.metric))  # that it was built with
    base = own if name is None else records.setting(name)
    weights = base.weights if preset is None else info.preset(preset)
    if change is not None:
        weights = change(weights)
    return ChosenSetting(Setting(weights, metric or base.metric), name or preset)
