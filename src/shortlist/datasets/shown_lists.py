"""Which list an event came from, where the log says what was shown.

A choice made from a list was shown a moment before. Whoever asks "what will be chosen?" at the
choice's own instant has been told: the answer is among what was just shown. The question belongs
to the instant at which the list was asked for.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shortlist.core.times import HOUR, SECOND
from shortlist.datasets.snapshot import IMPRESSION, Dataset

Positions = npt.NDArray[np.int64]
Instants = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ShownLists:
    """The impressions of a log, list by list: those of one user less than a second apart."""

    impressions: Positions
    """Positions of the impressions in the log, by user and time."""
    list_of: Positions
    """The list of each impression."""
    begins: Instants
    """When each list was asked for."""


def shown_lists(data: Dataset) -> ShownLists:
    """Put the impressions of a log together again."""
    events = data.events
    shown = np.zeros(0, np.int64)
    if IMPRESSION in data.kinds:
        shown = np.flatnonzero(events.kind == data.kinds.index(IMPRESSION))
        shown = shown[np.lexsort((events.time[shown], events.user[shown]))]
    apart = (np.diff(events.user[shown]) != 0) | (np.diff(events.time[shown]) >= SECOND)
    new = np.concatenate([[True], apart])[: len(shown)]
    return ShownLists(shown, np.cumsum(new) - 1, events.time[shown[new]])


def asked_at(data: Dataset) -> Instants:
    """For every event the instant of the question it answers.

    That is when the list was asked for that showed the item last, if within an hour before;
    elsewhere the event's own instant.
    """
    events, lists = data.events, shown_lists(data)
    if not len(lists.impressions):
        return events.time
    width = len(events) + 1
    cell = events.user.astype(np.int64) * data.n_items + events.item
    rank = np.searchsorted(events.time, events.time, side="right")
    key = cell * width + rank
    order = np.argsort(key[lists.impressions], kind="stable")
    keys = key[lists.impressions][order]
    place = np.searchsorted(keys, key, side="right") - 1
    last = order[np.maximum(place, 0)]
    shown = lists.impressions[last]
    known = (place >= 0) & (cell[shown] == cell) & (events.time - events.time[shown] < HOUR)
    return np.where(known, lists.begins[lists.list_of[last]], events.time)
