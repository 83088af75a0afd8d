"""Which files and models of the server the people of the dashboard may name."""

from pathlib import Path

import streamlit as st

from pages.shared import state
from prodsim.errors import EncoderError
from prodsim.phrases import phrase
from prodsim.roles import is_this_machine
from prodsim.shipped import dashboard_folder
from prodsim.sources.rules import is_within, where_instead


def readable_folders() -> tuple[Path, ...]:
    """Return the folders that may be named, with those of uploads and of the samples.

    They are what the operator set. Where nothing is set and only this machine is served, its person's home and the
    folder in which the server was started; otherwise none.
    """
    folders = state.workspace().settings.allowed_folders
    if folders is None:
        folders = (Path.home(), Path.cwd()) if serves_this_machine_alone() else ()
    return (*folders, state.workspace().layout.uploads, dashboard_folder() / "sample_data")


def check_model(name: str) -> None:
    """Refuse a model's folder that may not be named; other names are no folders.

    Raises:
        EncoderError: it lies in no folder that may be read.
    """
    folders = readable_folders()
    if Path(name).expanduser().exists() and not is_within(Path(name), folders):
        raise EncoderError(
            phrase("The model {name} is in no folder that this server may read.", name=name), where_instead(folders)
        )


def serves_this_machine_alone() -> bool:
    """Return whether nobody reaches the dashboard from elsewhere."""
    return is_this_machine(st.get_option("server.address") or "")
