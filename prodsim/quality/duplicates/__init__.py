"""Duplicates and variants: candidate pairs, what decides about them, their groups, and the threshold."""
