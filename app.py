"""The dashboard's frame; Streamlit runs it on every page."""

from pages.shared.frame import run

run()
