"""What clicks say of an item's worth, once it is known how likely its place was looked at.

A click needs two things: the place was looked at, which depends on the place alone, and the item
was worth a click to whoever looked (Craswell et al. 2008, "An experimental comparison of click
position-bias models", WSDM):

    P(click) = P(looked at | place) P(worth it | user, item, moment)

Neither is seen where nothing was clicked. They are told apart by expectation and maximisation, with
a forest in place of a table for the second (Wang et al. 2018, "Position bias estimation for
unbiased learning to rank in personal search", WSDM, section 4.2). The same items must have stood at
different places; the first place is looked at with probability 1 by convention, since only ratios
are seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from shortlist.ranking.booster import Booster, Labelled, grow
from shortlist.ranking.ranker import RankerSettings

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

ROUNDS: Final = 8
"""Rounds of expectation and maximisation; the curve changes little after half as many."""

LEAST: Final = 1e-6
"""No probability is nearer to 0, nor its opposite."""

STEPS: Final = 30
"""Steps of the shares of looks in each round."""

PSEUDO_LOOKS: Final = 20.0
"""Impressions at a place with the share of looks of the place before it, so that a place few lists
reach does not take on just any value."""


@dataclass(frozen=True)
class Shown:
    """Rows of what was shown, 1 where it was clicked, and the place of each, 0 at the head."""

    rows: Labelled
    places: Places


@dataclass(frozen=True)
class Relevance:
    """How likely an item is clicked by one who looks at it, wherever it stands."""

    booster: Booster
    examination: Numbers
    """How likely each place is looked at, beside the first."""

    def probability(self, matrix: npt.NDArray[np.float32]) -> Numbers:
        """How likely each row would be clicked at the first place."""
        return _likely(self.booster, matrix)

    def clicked(self, matrix: npt.NDArray[np.float32], places: Places) -> Numbers:
        """How likely each row is clicked at its place."""
        last = len(self.examination) - 1
        return self.probability(matrix) * self.examination[np.minimum(places, last)]


def learn_relevance(
    train: Shown, valid: Shown, columns: Sequence[str], settings: RankerSettings
) -> Relevance:
    """Tell worth and place apart; `valid` says when each forest stops growing."""
    examination = _guess(train)
    worth = [np.full(len(each.places), _rate(train)) for each in (train, valid)]
    parameters = settings.parameters("binary") | {"objective": "cross_entropy"}
    booster = None
    for _ in range(ROUNDS):
        taught, judged = (
            replace(each.rows, labels=_worth(each, examination, guess).astype(np.float32))
            for each, guess in zip((train, valid), worth, strict=True)
        )
        booster = grow(
            parameters,
            taught,
            judged,
            columns,
            trees=settings.trees,
            patience=settings.patience,
        )
        worth = [_likely(booster, each.rows.matrix) for each in (train, valid)]
        examination = _looks(train, examination, worth[0])
    assert booster is not None
    return Relevance(booster, examination)


def _worth(shown: Shown, examination: Numbers, worth: Numbers) -> Numbers:
    """How likely each item was worth a click, given whether it was clicked."""
    looked = examination[np.minimum(shown.places, len(examination) - 1)]
    unseen = worth * (1 - looked) / np.maximum(1 - worth * looked, LEAST)
    return np.asarray(np.where(shown.rows.labels > 0, 1.0, unseen), np.float64)


def _looks(shown: Shown, examination: Numbers, worth: Numbers) -> Numbers:
    """The share of looks at each place, given what was clicked, beside those at the first.

    Gone over again and again while the forest stands: that costs nothing beside the forest.
    """
    for _ in range(STEPS):
        looked = examination[shown.places]
        unseen = looked * (1 - worth) / np.maximum(1 - worth * looked, LEAST)
        examination = _by_place(shown.places, np.where(shown.rows.labels > 0, 1.0, unseen))
    return _beside_the_first(examination)


def _guess(shown: Shown) -> Numbers:
    """A first guess between two wrong ones: that all items are alike, and that all is looked at.

    The click rates of the places, beside the first, hold for the first of the two; their roots lie
    between.
    """
    rates = _by_place(shown.places, shown.rows.labels.astype(np.float64))
    return np.asarray(np.sqrt(_beside_the_first(rates)), np.float64)


def _beside_the_first(amounts: Numbers) -> Numbers:
    """As shares of the first place's; no place is looked at more than the first."""
    return np.asarray(np.minimum(amounts / max(amounts[0], LEAST), 1.0), np.float64)


def _by_place(places: Places, amounts: Numbers) -> Numbers:
    """The mean amount of each place, drawn to that of the place before."""
    total, number = np.bincount(places, amounts), np.bincount(places)
    means = np.empty(len(total))
    means[0] = total[0] / max(1, number[0])
    for place in range(1, len(total)):
        drawn = PSEUDO_LOOKS * means[place - 1]
        means[place] = (total[place] + drawn) / (number[place] + PSEUDO_LOOKS)
    return np.asarray(np.clip(means, LEAST, 1.0), np.float64)


def _rate(shown: Shown) -> float:
    return float(np.clip(shown.rows.labels.mean(), LEAST, 1 - LEAST))


def _likely(booster: Booster, matrix: npt.NDArray[np.float32]) -> Numbers:
    found = 1 / (1 + np.exp(-booster.predict(matrix)))
    return np.asarray(np.clip(found, LEAST, 1 - LEAST), np.float64)
