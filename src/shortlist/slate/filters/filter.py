"""A filter: text that was checked, ready to be asked of any columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from shortlist.datasets.columns import Kind, Mask
from shortlist.datasets.item_columns import ItemColumns
from shortlist.slate.filters.check import check
from shortlist.slate.filters.masks import Masks
from shortlist.slate.filters.parser import parse
from shortlist.slate.filters.tree import Condition, UserAttribute, operands

NOBODY: Mapping[str, object] = {}
"""The attributes of a user of whom nothing is known."""


@dataclass(frozen=True)
class Filter:
    """A condition on items, and on the user who asks."""

    text: str
    tree: Condition = field(repr=False)

    def mask(self, columns: ItemColumns, user: Mapping[str, object] = NOBODY) -> Mask:
        """One entry an item: whether it passes.

        `user` has the user's attributes, and their id under `id`. It never fails: an attribute
        that the columns no longer have, or have as another kind, is missing for every item.
        """
        return Masks(columns, user).of(self.tree)

    @cached_property
    def asks_user(self) -> bool:
        """Whether the answer depends on who asks."""
        return any(isinstance(each, UserAttribute) for each in operands(self.tree))


def compile_filter(text: str, schema: ItemColumns | Mapping[str, Kind] | None = None) -> Filter:
    """Read a filter and check it: its syntax, and with a schema its names and kinds as well.

    Raises BadFilter, which knows the position.

    >>> compile_filter("year >= 1990").tree
    Compare(left=ItemAttribute(name='year', at=0), operator='>=', right=Value(value=1990.0, at=8))
    """
    tree = parse(text)
    check(text, tree, schema.schema if isinstance(schema, ItemColumns) else schema)
    return Filter(text, tree)
