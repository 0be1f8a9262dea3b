"""text -> tree -> mask: a small typed language that says which items may stand in a list."""

from shortlist.slate.filters.filter import Filter, compile_filter

__all__ = ["Filter", "compile_filter"]
