"""What somebody said of each item, from their own events: stars, a dislike, the watchlist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from shortlist.core.times import EARLIEST
from shortlist.datasets.kinds import DEFAULT_KIND, KindSettings
from shortlist.serving.shop_settings import ShopSettings
from shortlist.storage.facts import EventRow


@dataclass(frozen=True)
class Mark:
    """What somebody says of one item now; the last word of each kind counts."""

    stars: float | None = None
    disliked: bool = False
    saved: bool = False


NO_MARK = Mark()


@dataclass(frozen=True)
class Marks:
    """Every item somebody had to do with, in the order of their last event with it."""

    rows: Sequence[EventRow]
    """Their events that say something and were not taken back, oldest first."""
    settings: ShopSettings
    kinds: Mapping[str, KindSettings]

    @classmethod
    def of(
        cls, rows: Sequence[EventRow], settings: ShopSettings, kinds: Mapping[str, KindSettings]
    ) -> Self:
        """From events in the order of arrival; what is silent or was taken back is left out."""
        ordered = sorted(rows, key=lambda row: EARLIEST if row.time is None else row.time)
        return cls(_standing(ordered, kinds), settings, kinds)

    @cached_property
    def by_item(self) -> dict[str, list[EventRow]]:
        """The events with each item, the item touched last at the end."""
        found: dict[str, list[EventRow]] = {}
        for row in self.rows:
            events = found.pop(row.item, [])
            found[row.item] = [*events, row]
        return found

    def on(self, item: str) -> Mark:
        """What they say of an item."""
        return self._marks.get(item, NO_MARK)

    def has(self, item: str) -> bool:
        """Whether they had to do with an item, so that it is not news to them."""
        return item in self.by_item

    @cached_property
    def saved(self) -> list[str]:
        """The watchlist, what was put there last first."""
        return [item for item in reversed(self.by_item) if self.on(item).saved]

    @cached_property
    def liked(self) -> list[str]:
        """What they liked, the last first: stars enough, or any event that speaks for it."""
        return [item for item in reversed(self.by_item) if self._speaks_for(item)]

    @cached_property
    def _marks(self) -> Mapping[str, Mark]:
        return {item: self._mark(rows) for item, rows in self.by_item.items()}

    def _mark(self, rows: Sequence[EventRow]) -> Mark:
        stars = [row.value for row in rows if row.kind == self.settings.rating]
        return Mark(
            stars=stars[-1] if stars else None,
            disliked=any(row.kind == self.settings.dislike for row in rows),
            saved=any(row.kind == self.settings.save for row in rows),
        )

    def _speaks_for(self, item: str) -> bool:
        mark = self.on(item)
        if mark.stars is not None:
            return mark.stars >= self.settings.liked_from
        kinds = [self.kinds.get(row.kind, DEFAULT_KIND) for row in self.by_item[item]]
        return not mark.disliked and not mark.saved and any(each.weight > 0 for each in kinds)


def _standing(rows: Sequence[EventRow], kinds: Mapping[str, KindSettings]) -> list[EventRow]:
    """Events in the order of time without those that a later one takes back or replaces."""
    ended: dict[str, set[str]] = {}
    found: list[EventRow] = []
    for row in reversed(rows):
        kind, over = kinds.get(row.kind, DEFAULT_KIND), ended.setdefault(row.item, set())
        if kind.weight != 0 and row.kind not in over:
            found.append(row)
        over.update(kind.undoes)
        if kind.replaces:
            over.add(row.kind)
    return found[::-1]
