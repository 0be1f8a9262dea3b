"""facts at rest: one folder a role, one file a back end, opened by URL."""
