"""HTTP in front of serving: application, errors, security, routes."""
