"""The Overview page: what the catalog is, how it stands, what would gain most, what changed."""
