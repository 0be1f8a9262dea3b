"""Covers for items that have no image: drawn from title, category and year, the same each time."""
