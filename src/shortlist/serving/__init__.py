"""facts + bundle -> answers: the use cases, free of HTTP."""
