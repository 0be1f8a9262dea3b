"""Events of the log -> questions about what somebody chose, as they could have been asked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from shortlist.core.times import HOUR, SECOND
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.folds import Question
from shortlist.datasets.history import History
from shortlist.datasets.kinds import DEFAULT_KIND, KindSettings
from shortlist.datasets.shown_lists import in_order
from shortlist.datasets.snapshot import IMPRESSION
from shortlist.storage.facts import EventRow

HORIZON: Final = 20
"""Events of a user that answer a question that is learned from, as in training."""

PER_USER: Final = 8
"""Questions of one user that are learned from at a time, spread evenly over their events."""

Kinds = Mapping[str, KindSettings]
Decided = Callable[[str], int | None]
"""The instant of a decision, by its id; None where it was forgotten."""


def weight_of(kinds: Kinds, kind: str, value: float | None) -> float:
    """What an event says of its user's interest."""
    settings = kinds.get(kind, DEFAULT_KIND)
    return float(settings.weigh(np.array([np.nan if value is None else value], np.float32))[0])


def question_of(
    rows: Sequence[EventRow],
    place: int,
    catalogue: Catalogue,
    kinds: Kinds,
    *,
    horizon: int = 1,
    limit: int = 500,
    user: int = -1,
    decided: Decided = lambda _: None,
) -> Question | None:
    """The question that an event of a user answers, and those after it up to the horizon.

    `rows` are the user's events in the order of arrival. Nothing is known that arrived later, or
    happened at the instant of the question or after it. None where the event is no choice, has no
    instant, or is of what the user had.
    """
    event = rows[place]
    if event.time is None or weight_of(kinds, event.kind, event.value) <= 0:
        return None
    before = rows[:place]
    instant = asked_at(before, event, decided)
    known = [each for each in before if each.time is None or each.time < instant]
    history = History.of(
        catalogue,
        kinds,
        [each.item for each in known],
        [each.kind for each in known],
        [each.value for each in known],
        [each.time for each in known],
    )
    query = history.query(instant, limit=limit)
    gains = _gains(rows[place:], catalogue, kinds, horizon)
    items = np.array(sorted(gains), np.int32)
    items = items[~np.isin(items, query.excluded)]
    if not len(items) or int(catalogue.ids.indices_of([event.item])[0]) not in items:
        return None
    worth = np.array([gains[each] for each in items.tolist()], np.float32)
    shown = catalogue.ids.indices_of(shown_with(before, event))
    return Question(
        query=replace(query, user=user),
        items=items,
        gains=worth,
        liked=np.ones(len(items), bool),
        shown=in_order(shown[shown >= 0]).astype(np.int32) if len(shown) else None,
    )


def questions_between(
    rows: Sequence[EventRow],
    after: int,
    until: int,
    catalogue: Catalogue,
    kinds: Kinds,
    *,
    user: int,
    limit: int = 500,
    decided: Decided = lambda _: None,
) -> Iterator[Question]:
    """The questions a user's events after a sequence number, and until one, answer."""
    places = [
        place
        for place, each in enumerate(rows)
        if after < each.sequence <= until and weight_of(kinds, each.kind, each.value) > 0
    ]
    if len(places) > PER_USER:
        spread = np.unique(np.linspace(0, len(places) - 1, PER_USER).astype(int))
        places = [places[each] for each in spread]
    for place in places:
        each = question_of(
            rows,
            place,
            catalogue,
            kinds,
            horizon=HORIZON,
            limit=limit,
            user=user,
            decided=decided,
        )
        if each is not None:
            yield each


def asked_at(before: Sequence[EventRow], event: EventRow, decided: Decided) -> int:
    """When the list was asked for that an event came from; its own instant where from none.

    That is when it was decided, where the event says by which decision; else when the impressions
    began among which its item was shown last, within an hour before.
    """
    own = event.time or 0
    if event.decision is not None and (instant := decided(event.decision)) is not None:
        return min(own, instant)
    shown = _shown_together(before, event)
    return shown[0][0] if shown else own


def shown_with(before: Sequence[EventRow], event: EventRow) -> Sequence[str]:
    """What was shown in the list that an event came from; empty where the log does not say.

    Those are the impressions of its decision, where it names one, else those among which its item
    was shown last, within an hour before.
    """
    if event.decision is not None:
        own = [each for each in before if each.decision == event.decision]
        found = [each.item for each in own if each.kind == IMPRESSION]
        if event.item in found:
            return found
    return [item for _, item in _shown_together(before, event)]


def _shown_together(before: Sequence[EventRow], event: EventRow) -> list[tuple[int, str]]:
    """The impressions less than a second apart among which an event's item was shown last."""
    own = event.time or 0
    shown = [
        (each.time, each.item)
        for each in before
        if each.kind == IMPRESSION and each.time is not None and own - HOUR < each.time <= own
    ]
    shown.sort()
    places = [place for place, (_, item) in enumerate(shown) if item == event.item]
    if not places:
        return []
    first = last = places[-1]
    while first and shown[first][0] - shown[first - 1][0] < SECOND:
        first -= 1
    while last + 1 < len(shown) and shown[last + 1][0] - shown[last][0] < SECOND:
        last += 1
    return shown[first : last + 1]


def _gains(
    rows: Sequence[EventRow], catalogue: Catalogue, kinds: Kinds, horizon: int
) -> dict[int, float]:
    """What each item chosen by the next telling events is worth."""
    gains: dict[int, float] = {}
    left = horizon
    for each in rows:
        weight = weight_of(kinds, each.kind, each.value)
        if weight == 0:
            continue
        item = int(catalogue.ids.indices_of([each.item])[0])
        if item >= 0:
            gains[item] = gains.get(item, 0.0) + weight
        left -= 1
        if not left:
            break
    return {item: gain for item, gain in gains.items() if gain > 0}
