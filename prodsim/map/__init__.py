"""The map: where products stand in two dimensions, their clusters, and what a drawn shape selects."""
