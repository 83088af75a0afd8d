"""The API for other programs: the functions of the workspace over HTTP, with keys, limits and metrics."""
