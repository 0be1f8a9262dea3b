"""facts -> arrays: the log as of an instant, temporal splits, importers for outside formats."""
