"""Widgets that do what not everybody may do: greyed out where the role is not enough, with the reason as their help."""

from typing import TypedDict

from prodsim.roles import Action, why_not


class Permitted(TypedDict):
    """What a widget is told of itself, in Streamlit's words."""

    disabled: bool
    help: str | None


def permitted(action: Action, *, is_off: bool = False, help: str | None = None) -> Permitted:
    """Return what a widget that does ``action`` is told of itself.

    Args:
        action: what a press does.
        is_off: greyed out for everybody now.
        help: of the widget, shown to those who may.
    """
    why = why_not(action)
    return {"disabled": is_off or why is not None, "help": why or help}
