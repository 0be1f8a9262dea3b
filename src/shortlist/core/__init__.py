"""The words every stage shares: ids, events, candidates, errors, registry."""
