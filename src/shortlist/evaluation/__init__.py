"""A trained bundle and what came after it -> numbers, tables and a page."""
