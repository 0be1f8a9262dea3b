"""The log cut into folds: by time, by the share of each user, or at random.

Every split answers the same question for training (where do the ranker's labels come from?)
and for evaluation (where does the future begin?), so a model is trained as it is judged.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from shortlist.core.errors import TooLittleData
from shortlist.core.times import EARLIEST
from shortlist.datasets.folds import Fold, Question, question
from shortlist.datasets.shown_lists import asked_at, chosen_from, instants_of, shown_lists
from shortlist.datasets.snapshot import Dataset, Mask

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Band:
    """A stretch of a log between two shares of it: 0 is its beginning, 1 its end."""

    start: float
    end: float


def by_share(
    data: Dataset, band: Band, *, seed: int | None = None, asking: Mask | None = None
) -> Fold:
    """Learn each user's events before the band; ask for those within it.

    With `asking`, a mark a user, only those users are asked; what may be learned stays the same.

    The order is that of time. With a `seed` it is a random one: nobody knows when anything
    happened, and what lies after the band is learned like what lies before it. That is for logs
    without times, and for protocols that shuffle.

    A list that was shown is not cut in two: where a band begins in the middle of one, all that was
    chosen from it belongs to the band, and that it was shown is not known.
    """
    shuffled = seed is not None
    source = _untimed(data) if shuffled else data
    order = _ranks(data, seed)
    chosen = data.events.user[_speaking(data)]
    counts = np.bincount(chosen, minlength=data.n_users)[data.events.user]
    first, last = _edges(counts, band)
    before = order < first if shuffled else _before(data, order, first)
    until = order < last if shuffled else _before(data, order, last)
    within = until & ~before
    fit = source.where(~within if shuffled else before)
    answers = within & _answering(data)
    if asking is not None:
        answers &= asking[data.events.user]
    found: list[Question] = []
    for user, positions in _per_user(source, np.flatnonzero(answers)):
        own = fit.positions_of(user)
        time = int(fit.events.time[own[-1]]) + 1 if len(own) and fit.timed else None
        each = question(fit.query(user, time=time), source, positions)
        if each is not None:
            found.append(each)
    return Fold(fit, found)


def by_time(data: Dataset, start: int, end: int, *, horizon: int | None = None) -> Fold:
    """Learn what happened before `start`; ask each user once, there, for what came until `end`.

    With a `horizon` only the user's next so many events are the answer.
    """
    fit = data.before(start)
    times = data.events.time
    asked = np.flatnonzero((times >= start) & (times < end) & _answering(data))
    found: list[Question] = []
    for user, positions in _per_user(data, asked):
        each = question(fit.query(user, time=start), data, positions[:horizon])
        if each is not None:
            found.append(each)
    return Fold(fit, found)


def successive(
    data: Dataset,
    start: int,
    end: int,
    *,
    horizon: int = 1,
    per_user: int | None = None,
    lot: np.random.Generator | None = None,
    most: int | None = None,
) -> Fold:
    """Learn what happened before `start`; then ask before events of the window, as they come.

    A question knows the user's history up to its instant, also within the window, and its
    answer is the user's next `horizon` events. Where the event came from a list that was shown,
    its instant is that at which the list was asked for; a list asked for before the window is no
    part of it. With `per_user` so many questions are asked of a user at most, spread evenly over
    their events. With `most` and a `lot` so many of all these are tried at most, drawn at random;
    a few of them may be no question, as where the user has the item already.
    """
    fit = data.before(start)
    lists = shown_lists(data)
    came = chosen_from(data, lists)
    instants = instants_of(data, lists, came)
    asked = np.flatnonzero((instants >= start) & (data.events.time < end) & _answering(data))
    turns = [
        (user, positions, place)
        for user, positions in _per_user(data, asked)
        for place in _spread(len(positions), per_user)
    ]
    if lot is not None and most is not None and len(turns) > most:
        turns = [turns[each] for each in np.sort(lot.choice(len(turns), most, replace=False))]
    found: list[Question] = []
    for user, positions, place in turns:
        answer = positions[place : place + horizon]
        query = data.query(user, time=int(instants[answer[0]]))
        shown = lists.of(int(came[answer[0]])) if came[answer[0]] >= 0 else None
        each = question(query, data, answer, shown)
        if each is not None:
            found.append(each)
    return Fold(fit, found)


def _spread(events: int, most: int | None) -> list[int]:
    """At most so many places among some events, at even distances."""
    if most is None or events <= most:
        return [*range(events)]
    return sorted({int(each) for each in np.linspace(0, events - 1, most)})


def instant_at(data: Dataset, share: float) -> int:
    """The instant before which this share of the events lies.

    Raises TooLittleData where the log has no times, or all events have the same.
    """
    times = data.events.time[data.events.time > EARLIEST]
    if not len(times) or times[0] == times[-1]:
        raise TooLittleData(
            "The log cannot be split by time: its events have no times, or all the same. "
            "Import it with --time, or use a protocol that does not need them (last-share)."
        )
    place = min(len(times) - 1, int(len(times) * share))
    return int(times[place])


def _edges(counts: Positions, band: Band) -> tuple[Positions, Positions]:
    """First and last rank (exclusive) of the band for users of so many events.

    Rounded so that the part after a start has floor(share * n) events, and at least one; that
    after an end inside the log has one at least as well, so that no band reaches into what a
    later one asks for. A band has one event at least, where that leaves any.
    """
    first = counts - np.maximum(1, _part(counts, 1 - band.start))
    last = counts - np.maximum(int(band.end < 1), _part(counts, 1 - band.end))
    return np.maximum(0, np.minimum(first, last - 1)), last


def _part(counts: Positions, share: float) -> Positions:
    """A share of some counts, rounded down."""
    part: Positions = np.floor(counts * share + 1e-9).astype(np.int64)
    return part


def _before(data: Dataset, order: Positions, edge: Positions) -> Mask:
    """Which events lie before an edge of each user's; a list that it would cut lies after it."""
    events, instants = data.events, asked_at(data)
    after = order >= edge
    listed = np.flatnonzero(after & _telling(data) & (instants < events.time))
    begin = np.full(data.n_users, np.iinfo(np.int64).max)
    np.minimum.at(begin, events.user[listed], instants[listed])
    return ~after & (events.time < begin[events.user])


def _telling(data: Dataset) -> npt.NDArray[np.bool_]:
    """Which events say something about the user's interest: impressions alone do not.

    What is taken back later is among them: where a log is cut must not depend on what comes after.
    """
    telling: Mask = data.events.weight != 0
    return telling


def _speaking(data: Dataset) -> Mask:
    """Which events spoke for their item when they happened."""
    speaking: Mask = data.events.weight > 0
    return speaking


def _answering(data: Dataset) -> Mask:
    """Which events may be the answer to a question: those that stand."""
    return _telling(data) & data.standing


def _ranks(data: Dataset, seed: int | None) -> Positions:
    """How many choices of the same user came before each event, in time or by lot."""
    events = data.events
    if seed is None:
        order = data.by_user[0]
    else:
        lot = np.random.default_rng(seed).permutation(len(events))
        order = np.lexsort((lot, events.user))
    chosen = _speaking(data)[order]
    before: Positions = np.cumsum(chosen) - chosen
    start = np.searchsorted(events.user[order], events.user[order])
    ranks = np.empty(len(events), np.int64)
    ranks[order] = before - before[start] if len(order) else before
    return ranks


def _per_user(data: Dataset, positions: Positions) -> Iterator[tuple[int, Positions]]:
    """Some positions of the log, user after user, each in the order of the log."""
    users = data.events.user[positions]
    order = np.argsort(users, kind="stable")
    found, starts = np.unique(users[order], return_index=True)
    ends = np.append(starts[1:], len(positions))
    for user, start, end in zip(found, starts, ends[: len(found)], strict=True):
        yield int(user), positions[order[start:end]]


def _untimed(data: Dataset) -> Dataset:
    hidden = np.full(len(data.events), EARLIEST, np.int64)
    return replace(data, events=replace(data.events, time=hidden))
