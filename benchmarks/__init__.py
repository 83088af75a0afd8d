"""Timings, each next to what one would use instead, in the same run."""
