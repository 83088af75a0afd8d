"""prodsim finds similar products in a catalog, explains why, and keeps working offline."""

__version__ = "0.1.0"
