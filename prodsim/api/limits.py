"""What a request may ask for, and how many may be at work."""

from dataclasses import dataclass

MAX_RESULTS = 1000
"""Products of a list."""
MAX_QUERIES = 1000
"""Queries of a batch."""
MAX_HISTORY = 1000
"""Products of a shopper's history."""
MAX_QUESTIONS = 20
"""Questions of a conversation."""
MAX_FINDINGS = 1000
"""Findings of an answer; further ones have an offset."""


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """Limits of the server, whatever is asked.

    Attributes:
        body_bytes: of a request.
        short_threads, long_threads: that search, and that do what takes longer: batches, explanations, checks.
        waiting: requests that may wait for a thread of either kind; further ones are refused at once.
        per_minute: requests of one key; up to a tenth of them at once.
    """

    body_bytes: int = 1_000_000
    short_threads: int = 2
    long_threads: int = 1
    waiting: int = 200
    per_minute: int = 6000
