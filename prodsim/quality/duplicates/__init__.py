"""Pairs of products that may be one: candidates, what they are, thresholds, groups."""
