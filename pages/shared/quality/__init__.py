"""The Quality page: checks, the queue of findings, exchange, health."""
