"""Where the future begins: each protocol cuts a log into what is learned and what is asked."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from shortlist.core.errors import Invalid, TooLittleData
from shortlist.core.registry import Registry
from shortlist.core.times import EARLIEST, Instant
from shortlist.datasets.folds import Fold
from shortlist.datasets.snapshot import Dataset
from shortlist.datasets.splits import Band, by_share, by_time, instant_at, successive
from shortlist.training.curriculum import Cut

TEST_SHARE = 0.2


@dataclass(frozen=True)
class Protocol:
    """A way to ask a recommender about a future that it has not seen."""

    name: str
    meaning: str
    """What people read above the numbers."""
    cut: Cut
    """How the ranker's own exercises are cut, inside the training part."""
    split: Callable[[Dataset, int, Instant], Fold]
    """Data, seed and start -> what may be learned, and the questions."""
    start: Callable[[Dataset], Instant] | None = None
    """The instant at which the future begins for everybody; None where each has their own."""
    timed: bool = True
    """Whether the log must say when things happened."""
    one_by_one: bool = False
    """Whether the later events are asked about one after another, as a system meets them."""

    def catalogue_rule(self, least: int) -> str:
        """Which items are ranked, for people."""
        when = "" if self.start is None else " before the cut"
        return f"items with at least {least} events{when}"

    def part(self, data: Dataset, seed: int, *, least: int = 1) -> tuple[Dataset, Fold]:
        """The log about items with at least so many choices, and its past and future.

        Where the future begins for everybody at one instant, choices before it count alone: how
        often an item will be chosen is not known then.

        Raises TooLittleData where no item has so many.
        """
        if self.start is None:
            measured = frequent_items(data, least)
            return measured, self.split(measured, seed, EARLIEST)
        start = self.start(data)
        measured = frequent_items(data, least, before=start)
        return measured, self.split(measured, seed, start)


def _start(data: Dataset) -> Instant:
    return instant_at(data, 1 - TEST_SHARE)


def _global_time(data: Dataset, _: int, start: Instant) -> Fold:
    return by_time(data, start, data.last_time + 1)


def _last_share(data: Dataset, _: int, __: Instant) -> Fold:
    return by_share(data, Band(1 - TEST_SHARE, 1))


def _successive(data: Dataset, _: int, start: Instant) -> Fold:
    return successive(data, start, data.last_time + 1)


def _random_share(data: Dataset, seed: int, _: Instant) -> Fold:
    return by_share(data, Band(1 - TEST_SHARE, 1), seed=seed)


PROTOCOLS: Registry[Protocol] = Registry(
    (each.name, each)
    for each in (
        Protocol(
            "global-time",
            "Everything before one instant is learned (80 % of the events); each user active "
            "after it is asked once, at the instant, for all they chose later.",
            "time",
            _global_time,
            start=_start,
        ),
        Protocol(
            "last-share",
            "Of each user the first 80 % of the events by time are learned and the last 20 % "
            "are asked for. Other users' later events are known: kinder than a cut in time.",
            "share",
            _last_share,
        ),
        Protocol(
            "successive",
            "Everything before one instant is learned (80 % of the events); then every later "
            "event is predicted from its user's history up to it, which it joins afterwards.",
            "time",
            _successive,
            start=_start,
            one_by_one=True,
        ),
        Protocol(
            "random-share",
            "Of each user a random 20 % of the events are asked for. The log has no times, or "
            "they were not used: such a split lets the future explain the past.",
            "random",
            _random_share,
            timed=False,
        ),
    )
)
"""The ranked-list protocols by name."""


def default_protocol(data: Dataset) -> str:
    """The protocol used when nobody says: by each user's time, or at random without times."""
    return "last-share" if data.timed else "random-share"


def protocol_of(name: str | None, data: Dataset) -> Protocol:
    """The protocol of a name, or the default one. Raises Invalid for one that cannot be used."""
    wanted = name or default_protocol(data)
    if wanted not in PROTOCOLS:
        raise Invalid(f"No protocol is called {wanted!r}; there are {', '.join(PROTOCOLS)}.")
    protocol = PROTOCOLS[wanted]
    if protocol.timed and not data.timed:
        raise Invalid(
            f"Protocol {wanted} needs to know when things happened, and the log has no times: "
            "use --protocol random-share."
        )
    return protocol


def frequent_items(data: Dataset, least: int, *, before: Instant | None = None) -> Dataset:
    """The log about items with at least so many choices, over a catalogue of those alone.

    With `before` so many until that instant.

    Raises TooLittleData where no item has so many.
    """
    if least <= 1:
        return data
    chosen = data.positive if before is None else data.positive & (data.events.time < before)
    counts = np.bincount(data.events.item[chosen], minlength=data.n_items)
    kept = np.flatnonzero(counts >= least).astype(np.int32)
    if not len(kept):
        raise TooLittleData(
            f"No item has {least} events: lower --min-item-events (the most any has is "
            f"{int(counts.max(initial=0))})."
        )
    place = np.full(data.n_items, -1, np.int32)
    place[kept] = np.arange(len(kept), dtype=np.int32)
    events = data.events.take(place[data.events.item] >= 0)
    moved = replace(events, item=place[events.item])
    return replace(data, events=moved, catalogue=data.catalogue.take(kept))
