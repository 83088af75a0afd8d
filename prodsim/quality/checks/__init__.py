"""The checks: one file a check, and the registry that names them all."""
