"""arrays -> columns. One function a feature, the same for a log of millions and for one request.

To add a feature: write a function in one of the files below and decorate it with `@feature`.
Its name is the column and its docstring is what people read about it. The contract tests find
it in `FEATURES`.
"""

from shortlist.features import affinity, context, item, last_events, shown, user
from shortlist.features.feature import FEATURES, Feature, compute
from shortlist.features.stats import ItemStats
from shortlist.features.view import View

__all__ = [
    "FEATURES",
    "Feature",
    "ItemStats",
    "View",
    "affinity",
    "compute",
    "context",
    "item",
    "last_events",
    "shown",
    "user",
]
