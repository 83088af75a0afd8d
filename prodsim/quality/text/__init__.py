"""Faults that a text shows by itself."""
