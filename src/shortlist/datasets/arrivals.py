"""Events on their way into what was learned: in the order of arrival, as columns."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items, Scores, Times
from shortlist.core.lazy import lazy

COLUMNS = ("user", "item", "time", "kind", "value", "weight", "liked", "sign", "told")
"""What arrivals have one entry an event of."""


@dataclass(frozen=True)
class Others:
    """Distinct items of several events, ascending, one event's after another's."""

    items: Items
    bounds: npt.NDArray[np.int64]
    """The n-th event's are `items[bounds[n] : bounds[n + 1]]`."""
    event: npt.NDArray[np.int64]
    """The event of each."""

    def of(self, event: int) -> Items:
        """Those of one event."""
        return self.items[self.bounds[event] : self.bounds[event + 1]]

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """How many each event has."""
        return self.bounds[1:] - self.bounds[:-1]


@dataclass(frozen=True)
class Arrivals:
    """Events that arrived one after another, with what their users had chosen before each.

    An event that is taken back (an undone like, a rating that was changed) comes once more with
    sign -1 and all else as it was; what takes it back comes right behind it, with sign 1. What is
    added up linearly is so put right by adding `sign` times the amount. Nothing else is ever
    unlearned.
    """

    user: npt.NDArray[np.int32]
    """A number for each user, the same for all their events in these arrivals; no index of a
    dataset."""
    item: Items
    """Catalogue indices; items that came since the training follow on those of the bundle."""
    time: Times
    """Microseconds since 1970 UTC; `EARLIEST` where nobody recorded it."""
    kind: npt.NDArray[np.int16]
    """The place of the event's kind among the `kinds`."""
    value: Scores
    """NaN where the event has none."""
    weight: Scores
    """What the event says of the user's interest, after its kind's setting."""
    liked: npt.NDArray[np.bool_]
    sign: npt.NDArray[np.int8]
    """1 for what happened, -1 for what is taken back."""
    told: Times
    """When it is told: the event's own instant; of what is taken back, when that is done."""
    kinds: tuple[str, ...]
    past: Items
    """What the users had chosen (positive events) before each event's instant, oldest first, each
    event's after another's: `past[bounds[n] : bounds[n + 1]]` are the n-th event's. Nothing, where
    the event does not speak for its item."""
    bounds: npt.NDArray[np.int64]
    """One entry more than events."""
    later: Items
    """What of the users' choices lies behind each event though it arrived before: nothing, but for
    events that come late and for what is taken back. Cut by `later_bounds` as `past` is."""
    later_bounds: npt.NDArray[np.int64]

    def stretch(self, which: slice) -> "Arrivals":
        """Some events that follow on each other; all, where there are no others."""
        if which.stop - which.start == len(self):
            return self
        return self.take(np.arange(which.start, which.stop))

    def take(self, which: npt.NDArray[np.intp]) -> "Arrivals":
        """Some of the events."""
        past, bounds = _parts(self.past, self.bounds, which)
        later, later_bounds = _parts(self.later, self.later_bounds, which)
        columns: dict[str, Any] = {name: getattr(self, name)[which] for name in COLUMNS}
        return replace(
            self,
            **columns,
            past=past,
            bounds=bounds,
            later=later,
            later_bounds=later_bounds,
        )

    def __len__(self) -> int:
        return len(self.item)

    def before(self, event: int) -> Items:
        """What the user of one event had chosen before it."""
        return self.past[self.bounds[event] : self.bounds[event + 1]]

    def near(self, most: int) -> "Arrivals":
        """The same with no more than so many of the choices nearest to each event, either side."""
        before, behind = np.diff(self.bounds), np.diff(self.later_bounds)
        if max(before.max(initial=0), behind.max(initial=0)) <= most:
            return self
        before, behind = np.minimum(before, most), np.minimum(behind, most)
        past, bounds = _ranges(self.past, self.bounds[1:] - before, before)
        later, later_bounds = _ranges(self.later, self.later_bounds[:-1], behind)
        return replace(self, past=past, bounds=bounds, later=later, later_bounds=later_bounds)

    @lazy
    def others(self) -> Others:
        """What else the user of each event has chosen, each item once."""
        n = len(self)
        event = np.concatenate(
            [
                np.arange(n).repeat(bounds[1:] - bounds[:-1])
                for bounds in (self.bounds, self.later_bounds)
            ]
        )
        keys = np.concatenate([self.past, self.later]) | (event << 32)
        keys.sort()
        keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])[: len(keys)]]
        bounds = keys.searchsorted(np.arange(n + 1) << 32)
        return Others((keys & 0xFFFFFFFF).astype(np.int32), bounds, keys >> 32)

    @lazy
    def chosen(self) -> "Arrivals":
        """The events that speak for their item."""
        positive = self.positive
        return self if positive.all() else self.take(np.flatnonzero(positive))

    @lazy
    def novel(self) -> "Arrivals":
        """The choices of items that their users choose at no other time."""
        chosen = self.chosen
        if not len(chosen):
            return chosen
        others, new = chosen.others, np.ones(len(chosen), bool)
        new[others.event[others.items == chosen.item[others.event]]] = False
        return chosen if new.all() else chosen.take(np.flatnonzero(new))

    @property
    def positive(self) -> npt.NDArray[np.bool_]:
        """Which events speak for their item."""
        positive: npt.NDArray[np.bool_] = self.weight > 0
        return positive


def _parts(
    items: Items, bounds: npt.NDArray[np.int64], which: npt.NDArray[np.intp]
) -> tuple[Items, npt.NDArray[np.int64]]:
    """Some of the parts that stand one after another."""
    return _ranges(items, bounds[:-1][which], (bounds[1:] - bounds[:-1])[which])


def _ranges(
    items: Items, begin: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]
) -> tuple[Items, npt.NDArray[np.int64]]:
    """Ranges of items one after another, and where each begins and ends."""
    ends = np.concatenate([[0], np.cumsum(lengths)])
    places = np.arange(ends[-1]) + (begin - ends[:-1]).repeat(lengths)
    return items[places], ends
