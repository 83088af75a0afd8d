"""Faults of fields and attributes: missing values, prices out of range, values that contradict the title."""
