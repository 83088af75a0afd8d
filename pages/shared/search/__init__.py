"""The Search page: results, judgements, why a result is there."""
