"""Two invented shops, and a generator that writes them and catalogs of any size."""
