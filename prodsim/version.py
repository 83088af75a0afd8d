"""The version of prodsim."""

__version__ = "0.2.0"
