"""Where the future begins: each protocol cuts a log into what is learned and what is asked."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from shortlist.core.errors import Invalid, TooLittleData
from shortlist.core.registry import Registry
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
    split: Callable[[Dataset, int], Fold]
    """Data and seed -> what may be learned, and the questions."""
    timed: bool = True
    """Whether the log must say when things happened."""
    one_by_one: bool = False
    """Whether the later events are asked about one after another, as a system meets them."""


def _global_time(data: Dataset, _: int) -> Fold:
    start = instant_at(data, 1 - TEST_SHARE)
    return by_time(data, start, data.last_time + 1)


def _last_share(data: Dataset, _: int) -> Fold:
    return by_share(data, Band(1 - TEST_SHARE, 1))


def _successive(data: Dataset, _: int) -> Fold:
    start = instant_at(data, 1 - TEST_SHARE)
    return successive(data, start, data.last_time + 1)


def _random_share(data: Dataset, seed: int) -> Fold:
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


def frequent_items(data: Dataset, least: int) -> Dataset:
    """The log about items with at least so many choices, over a catalogue of those alone.

    Raises TooLittleData where no item has so many.
    """
    if least <= 1:
        return data
    counts = np.bincount(data.events.item[data.positive], minlength=data.n_items)
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
