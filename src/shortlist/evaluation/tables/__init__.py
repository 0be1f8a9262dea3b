"""Results -> tables: the same cells for the terminal, for Markdown and for the page."""
