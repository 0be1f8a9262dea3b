"""How well clicks are foreseen: every impression of the last part of a log, as it was shown.

Each impression is predicted from the log up to it. The sources that score it were fitted before
the window it lies in; counters and histories are as of its instant. Where the log was simulated
the true probabilities say how well anybody could do.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items, Query
from shortlist.core.errors import TooLittleData
from shortlist.core.times import HOUR
from shortlist.datasets.shown_lists import shown_lists
from shortlist.datasets.snapshot import Dataset
from shortlist.evaluation.pairs import ScoredPairs
from shortlist.features import ItemStats
from shortlist.pipeline.model import Retrieval
from shortlist.pipeline.retrieve import pool_of, score_all
from shortlist.ranking.booster import Labelled
from shortlist.ranking.calibration import Calibration
from shortlist.training.chance import fit_chance
from shortlist.training.examination import Relevance, learn_relevance
from shortlist.training.examination import Shown as ShownAt
from shortlist.training.progress import Progress, silent
from shortlist.training.rows import Lesson, joined, labelled
from shortlist.training.settings import TrainingSettings
from shortlist.training.train import fit_retrieval

WINDOWS = (0.3, 0.5, 0.7, 0.85, 1.0)
"""Shares of the choices: two windows to learn from, one to validate, one to test."""

PLACE = "shown.place"
"""The column that only what was shown has."""

MOST_LISTS = 4000
"""Lists of a window that are learned from at most."""

MEANING = (
    "Every impression of the last 15 % of the log is predicted from the log up to it and its place "
    "in the list; sources fitted before the test window, the head trained on earlier windows."
)

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Shown:
    """One list that was shown: its query, its items in catalogue order, and what was clicked."""

    query: Query
    items: Items
    clicked: npt.NDArray[np.bool_]
    positions: Positions
    """Where each impression stands in the log."""
    places: npt.NDArray[np.float32]
    """How far down the list each item stood; 0 is its head."""


@dataclass(frozen=True)
class Foreseen:
    """The test impressions with what was predicted for them."""

    popularity: ScoredPairs
    model: ScoredPairs
    positions: Positions
    """Where each impression stands in the log."""
    looked_at: npt.NDArray[np.float64]
    """How likely each place of a list is looked at, beside the first, told from clicks alone."""


@dataclass(frozen=True)
class ShownRows:
    """The impressions of a log, window after window; the last column is the place in the list."""

    train: Labelled
    valid: Labelled
    test: Labelled
    columns: Sequence[str]
    shown: Sequence[Shown]
    """The lists of the test window."""
    lines: Sequence[tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]]
    """By window: the click rate so far of each impression's item, and whether it was clicked."""


def has_impressions(data: Dataset) -> bool:
    """Whether a log says what was shown and what was clicked."""
    return {"impression", "click"} <= set(data.kinds) and data.timed


def foresee(
    data: Dataset, settings: TrainingSettings, seed: int = 0, progress: Progress = silent
) -> Foreseen:
    """Train the probability head on the impressions of earlier windows, and predict the last.

    Raises TooLittleData where a window holds no impressions.
    """
    asked = shown_rows(data, settings, seed, progress)
    valid, test = asked.valid, asked.test
    odd = np.repeat(np.arange(len(valid.groups)) % 2, valid.groups) == 1
    head = fit_chance(
        asked.train, _part(valid, ~odd), _part(valid, odd), asked.columns, settings.ranker
    )
    line = Calibration.fit(*asked.lines[-2])
    users = np.repeat([each.query.user for each in asked.shown], test.groups).astype(np.int32)
    rates, clicked = asked.lines[-1]
    return Foreseen(
        popularity=ScoredPairs(line.apply(rates), clicked, users),
        model=ScoredPairs(head.probability(test.matrix), clicked, users),
        positions=np.concatenate([each.positions for each in asked.shown]),
        looked_at=relevance_of(asked, settings).examination,
    )


def relevance_of(asked: ShownRows, settings: TrainingSettings) -> Relevance:
    """What clicks say of an item's worth, its place aside, from the windows before the last."""
    train, valid = (
        ShownAt(replace(rows, matrix=rows.matrix[:, :-1]), rows.matrix[:, -1].astype(np.int64))
        for rows in (asked.train, asked.valid)
    )
    return learn_relevance(train, valid, asked.columns[:-1], settings.ranker)


def shown_rows(
    data: Dataset, settings: TrainingSettings, seed: int = 0, progress: Progress = silent
) -> ShownRows:
    """The impressions of the windows as rows: what was known at each, and where it stood.

    Raises TooLittleData where a window holds no impressions.
    """
    rng = np.random.default_rng(seed)
    choices = data.events.time[data.positive]
    last = len(choices) - 1
    instants = [int(choices[min(last, int(len(choices) * share))]) for share in WINDOWS]
    instants[-1] = data.last_time + 1
    stats = ItemStats.of(data)
    taught: list[Labelled] = []
    lines: list[tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]] = []
    for turn, (start, end) in enumerate(pairwise(instants)):
        progress("impressions", turn, len(WINDOWS) - 1)
        retrieval = replace(fit_retrieval(data.before(start), settings), stats=stats)
        shown = _lists(data, start, end)
        if not shown:
            raise TooLittleData("A part of the log holds no impressions to learn from.")
        if turn < len(WINDOWS) - 2 and len(shown) > MOST_LISTS:
            drawn = np.sort(rng.choice(len(shown), MOST_LISTS, replace=False))
            shown = [shown[place] for place in drawn]
        taught.append(_as_shown(retrieval, shown))
        lines.append(_click_rates(stats, shown))
    *train, valid, test = taught
    columns = [*retrieval.columns(), PLACE]
    return ShownRows(joined(train), valid, test, columns, shown, lines)


def _lists(data: Dataset, start: int, end: int) -> list[Shown]:
    """The lists shown in a window."""
    events, lists = data.events, shown_lists(data)
    groups = np.split(lists.impressions, np.flatnonzero(np.diff(lists.list_of)) + 1)
    clicked = _clicked(data)
    found = []
    for positions, time in zip(groups, lists.begins, strict=True):
        if not start <= time < end:
            continue
        user = int(events.user[positions[0]])
        query = replace(data.query(user, time=int(time)), excluded=np.empty(0, np.int32))
        items, first = np.unique(events.item[positions], return_index=True)
        at = positions[first]
        places = first.astype(np.float32)
        found.append(Shown(query, items.astype(np.int32), clicked[at], at, places))
    return found


def _clicked(data: Dataset) -> npt.NDArray[np.bool_]:
    """For every event: whether its user clicked its item within an hour from it on."""
    events = data.events
    cell = events.user.astype(np.int64) * data.n_items + events.item
    click = np.flatnonzero(events.kind == data.kinds.index("click"))
    order = np.lexsort((events.time[click], cell[click]))
    cells, times = cell[click][order], events.time[click][order]
    rank = np.searchsorted(events.time, times)
    key = cells * (len(events) + 1) + rank
    wanted = cell * (len(events) + 1) + np.searchsorted(events.time, events.time)
    place = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
    apart = times[place] - events.time
    found: npt.NDArray[np.bool_] = (cells[place] == cell) & (apart >= 0) & (apart < HOUR)
    return found


def _as_shown(retrieval: Retrieval, shown: Sequence[Shown]) -> Labelled:
    """The rows of some lists: what serving would know, and each item's place in its list.

    The place says how likely the item was looked at, which is no merit of its own
    (Craswell et al. 2008).
    """
    rows = labelled(retrieval, _lessons(retrieval, shown), "chosen")
    places = np.concatenate([each.places for each in shown])
    return replace(rows, matrix=np.column_stack([rows.matrix, places]))


def _lessons(retrieval: Retrieval, shown: Sequence[Shown]) -> list[Lesson]:
    found = []
    for each in shown:
        scores = score_all(retrieval.sources, each.query)
        pool = pool_of(scores, each.query.excluded, retrieval.settings, each.items)
        found.append(Lesson(each.query, pool, each.clicked.astype(np.float32)))
    return found


def _click_rates(
    stats: ItemStats, shown: Sequence[Shown]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """The smoothed click rate of each impression's item before it, and whether it was clicked."""
    items = np.concatenate([each.items for each in shown])
    times = np.concatenate([np.full(len(each.items), each.query.time) for each in shown])
    line = stats.lines(items, times)
    usual = stats.usual("clicks", "impressions", times)
    clicks, seen = stats.counters["clicks"][line], stats.counters["impressions"][line]
    return (clicks + 20 * usual) / (seen + 20), np.concatenate([each.clicked for each in shown])


def _part(rows: Labelled, which: npt.NDArray[np.bool_]) -> Labelled:
    """Some rows; their groups no longer matter to a pointwise head."""
    return Labelled(rows.matrix[which], rows.labels[which], np.array([int(which.sum())]))
