"""The Search page: what was found, judgements, why."""
