"""the clock in front of serving: refreshes, compares, trains again, prunes."""
