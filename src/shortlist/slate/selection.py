"""A filter asked of one set of columns, once and for all where it does not depend on the user."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from shortlist.datasets.columns import Mask
from shortlist.datasets.item_columns import ItemColumns
from shortlist.slate.filters import Filter, compile_filter


@dataclass(frozen=True)
class Selection:
    """The items that pass a filter."""

    filter: Filter
    columns: ItemColumns
    fixed: Mask | None
    """The mask, where it is the same for everybody."""

    @classmethod
    def of(cls, text: str, columns: ItemColumns) -> Self:
        """The selection by a filter. What its columns do not have is missing for every item."""
        found = compile_filter(text)
        if found.asks_user:
            return cls(found, columns, None)
        mask = found.mask(columns)
        mask.flags.writeable = False
        return cls(found, columns, mask)

    def mask(self, user: Mapping[str, object]) -> Mask:
        """One entry an item: whether it passes for this user. Not to be written to."""
        return self.filter.mask(self.columns, user) if self.fixed is None else self.fixed
