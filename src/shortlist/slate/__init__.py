"""ordered candidates -> the list shown: diversity, rules, exploration."""

from shortlist.slate.filters import Filter, compile_filter
from shortlist.slate.placement import Pin, Placement, check_placement, complaints
from shortlist.slate.price import Price
from shortlist.slate.settings import PlacementSettings
from shortlist.slate.slate import Slate, assemble

__all__ = [
    "Filter",
    "Pin",
    "Placement",
    "PlacementSettings",
    "Price",
    "Slate",
    "assemble",
    "check_placement",
    "compile_filter",
    "complaints",
]
