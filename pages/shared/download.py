"""Tables to take away from a page."""

import pandas as pd
import streamlit as st

from prodsim.output.export import to_csv


def download_table(label: str, table: pd.DataFrame, file_name: str) -> None:
    """A button that saves the whole table as CSV."""
    st.download_button(
        label,
        lambda: to_csv(table),
        file_name,
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
    )
