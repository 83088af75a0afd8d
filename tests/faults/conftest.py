"""Faults of the dashboard are tried on the small shop that its pages are tested with."""

from tests.pages.conftest import built as built
