"""Which list an event came from, where the log says what was shown.

A choice made from a list was shown a moment before. Whoever asks "what will be chosen?" at the
choice's own instant has been told: the answer is among what was just shown. The question belongs
to the instant at which the list was asked for.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items
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
    items: Items
    """The item of each impression."""

    def of(self, number: int) -> Items:
        """What was shown in a list, each item once, in its order."""
        begin, end = self.list_of.searchsorted([number, number + 1])
        return in_order(self.items[begin:end])


def in_order(items: Items) -> Items:
    """Each item once, where it stands first."""
    _, first = np.unique(items, return_index=True)
    return items[np.sort(first)]


def shown_lists(data: Dataset) -> ShownLists:
    """Put the impressions of a log together again."""
    events = data.events
    shown = np.zeros(0, np.int64)
    if IMPRESSION in data.kinds:
        shown = np.flatnonzero(events.kind == data.kinds.index(IMPRESSION))
        shown = shown[np.lexsort((events.time[shown], events.user[shown]))]
    apart = (np.diff(events.user[shown]) != 0) | (np.diff(events.time[shown]) >= SECOND)
    new = np.concatenate([[True], apart])[: len(shown)]
    return ShownLists(shown, np.cumsum(new) - 1, events.time[shown[new]], events.item[shown])


def chosen_from(data: Dataset, lists: ShownLists) -> Positions:
    """For every event the list that showed its item last, if within an hour before; else -1."""
    events = data.events
    if not len(lists.impressions):
        return np.full(len(events), -1)
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
    return np.where(known, lists.list_of[last], -1)


def asked_at(data: Dataset) -> Instants:
    """For every event the instant of the question it answers."""
    lists = shown_lists(data)
    return instants_of(data, lists, chosen_from(data, lists))


def instants_of(data: Dataset, lists: ShownLists, came: Positions) -> Instants:
    """The same, where it is known which list each event came from (`chosen_from`).

    That is when its list was asked for; where the log does not say, the event's own instant.
    """
    return np.where(came >= 0, np.append(lists.begins, 0)[came], data.events.time)


def share_from_lists(data: Dataset) -> float:
    """The share of the choices that came from lists that the log knows; 0 where there are none.

    Of all, or of the newest tenth where that is less: impressions may have ceased.
    """
    choices = np.flatnonzero(data.positive)
    if not len(choices):
        return 0.0
    came = chosen_from(data, shown_lists(data))[choices] >= 0
    return float(min(came.mean(), came[-(-9 * len(came) // 10) - 1 :].mean()))
