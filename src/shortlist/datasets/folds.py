"""A fold: what may be learned from, and the questions that come after it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shortlist.core.candidates import Items, Query, Scores
from shortlist.datasets.snapshot import Dataset


@dataclass(frozen=True)
class Question:
    """A query whose answer is known: the items the user chose next."""

    query: Query
    items: Items
    """Relevant items, each once, none of them excluded by the query."""
    gains: Scores
    """What each is worth, always positive."""
    liked: np.ndarray
    """Whether the user was content with each (bool)."""
    shown: Items | None = None
    """What was shown in the list that the first answer was chosen from, in its order; None where
    the log does not say."""


@dataclass(frozen=True)
class Fold:
    """One honest exercise: everything fitted comes from `fit`, and is asked the questions."""

    fit: Dataset
    questions: Sequence[Question]


def question(
    query: Query, later: Dataset, positions: np.ndarray, shown: Items | None = None
) -> Question | None:
    """The question whose answer is what happened at these positions of the log.

    Several events of one item are combined: their weights add up, so that a click after a
    purchase never takes away from it, and it is liked when any of them was. Items whose
    weights do not add up to more than nothing, or that the query excludes, are no answer.
    """
    events = later.events
    items, place = np.unique(events.item[positions], return_inverse=True)
    gains = np.bincount(place, events.weight[positions], minlength=len(items))
    liked = np.bincount(place, events.liked[positions], minlength=len(items)) > 0
    counts = (gains > 0) & ~np.isin(items, query.excluded)
    if not counts.any():
        return None
    return Question(
        query=query,
        items=items[counts].astype(np.int32),
        gains=gains[counts].astype(np.float32),
        liked=liked[counts],
        shown=shown,
    )
