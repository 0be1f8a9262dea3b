"""Items that people take when they see them, by what the items say of themselves.

Every other source learns from what was chosen; this one learns as much from what was passed over,
and so from impressions. It knows an item by its document alone: one that came a moment ago is
measured against a user's taste like any other.
"""

from dataclasses import dataclass, replace
from typing import ClassVar, Final, Self

import numpy as np
import numpy.typing as npt
from pydantic import NonNegativeInt, PositiveInt

from shortlist.core.candidates import Query, Scores
from shortlist.core.lazy import lazy
from shortlist.datasets.arrivals import Arrivals
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.item_axes import ItemAxes
from shortlist.retrieval.mixed_effects_fit import Looks, curvature, fit_effects
from shortlist.retrieval.one_thread import one_blas_thread
from shortlist.retrieval.source import Arrays, Learner, NewItems, Source, SourceModel

Matrix = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]

STEPS: Final = 6
"""Steps towards a user's slopes at a question; each halves the way that is left, or better."""

ROUNDS: Final = 15
"""Of expectation and maximisation at a training."""


@dataclass(frozen=True)
class MixedEffectsModel(SourceModel):
    axes: Matrix
    """items x axes; zeros for an item nobody described, ones in the first column elsewhere. No
    axes where the log did not say what people passed over."""
    offsets: Scores
    """One an item: log-odds beyond what its axes say."""
    mean: Scores
    """The slopes to expect of somebody nobody knows."""
    spread: Matrix
    """axes x axes: the covariance of slopes over people."""
    window: int
    reading: ItemAxes | None = None
    """How documents that come are read; None where that is not known."""

    def score(self, query: Query) -> Scores:
        """How likely the user is to take each item when they look at it (0 to 1)."""
        if not self.axes.shape[1]:
            return np.zeros(len(self.offsets), np.float32)
        slopes = self._slopes(looks_of(query, self.window))
        logit = self.axes @ slopes.astype(np.float32) + self.offsets
        return np.asarray(self.axes[:, 0] / (1 + np.exp(-logit)), np.float32)

    def because(self, query: Query, item: int) -> Scores:
        """What each event, or having seen its item, adds to the item's log-odds.

        At their best the slopes are `mean + spread * sum of axes * (taken - chance)`.
        """
        parts = np.zeros(len(query.history), np.float32)
        if not self.axes.shape[1] or not len(query.history):
            return parts
        looks = looks_of(query, self.window)
        seen = self.axes[looks.items]
        logit = seen @ self._slopes(looks) + self.offsets[looks.items]
        surprise = looks.taken - 1 / (1 + np.exp(-logit))
        effect = seen @ (self.spread @ self.axes[item])
        by_item = np.zeros(len(self.offsets))
        np.add.at(by_item, looks.items, effect * surprise)
        items, first, times = np.unique(query.history, return_inverse=True, return_counts=True)
        parts[:] = (by_item[items] / times)[first]
        return parts

    def _slopes(self, looks: Looks) -> Numbers:
        """The likeliest slopes of who took and passed over that."""
        slopes: Numbers = self.mean.astype(np.float64)
        if not len(looks):
            return slopes
        seen = self.axes[looks.items].astype(np.float64)
        offset, taken = self.offsets[looks.items].astype(np.float64), looks.taken
        pulled, precision = self._precision
        for _ in range(STEPS):
            steep = curvature(seen @ slopes + offset)
            system = (seen.T * steep) @ seen + precision
            wanted = seen.T @ (taken - 0.5 - steep * offset) + pulled
            slopes = np.asarray(np.linalg.solve(system, wanted), np.float64)
        return slopes

    @lazy
    def _precision(self) -> tuple[Numbers, Numbers]:
        """What the slopes are drawn by: precision times mean, and precision."""
        precision: Numbers = np.linalg.inv(self.spread.astype(np.float64))
        return precision @ self.mean, precision

    def padded(self, n_items: int) -> Self:
        more = n_items - len(self.offsets)
        axes = np.pad(self.axes, ((0, more), (0, 0)))
        return replace(self, axes=axes, offsets=np.pad(self.offsets, (0, more)))

    def learner(self, catalogue: Catalogue) -> "MixedEffectsLearner | None":  # noqa: ARG002
        return None if self.reading is None else MixedEffectsLearner(self, self.reading)

    def arrays(self) -> Arrays:
        found: Arrays = {
            "axes": self.axes,
            "offsets": self.offsets,
            "mean": self.mean,
            "spread": self.spread,
            "window": np.array([self.window]),
        }
        return found if self.reading is None else found | self.reading.arrays()

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        return cls(
            axes=np.asarray(arrays["axes"], np.float32),
            offsets=np.asarray(arrays["offsets"], np.float32),
            mean=np.asarray(arrays["mean"], np.float32),
            spread=np.asarray(arrays["spread"], np.float32),
            window=int(np.asarray(arrays["window"])[0]),
            reading=ItemAxes.from_arrays(arrays),
        )


class MixedEffectsLearner(Learner):
    """Axes of documents that came or changed since the training. Events teach it nothing.

    What a user did counts at their next question, what all did at the next training.
    """

    def __init__(self, trained: MixedEffectsModel, reading: ItemAxes) -> None:
        self._trained = trained
        self._reading = reading
        self._model = trained

    def extend(self, items: NewItems) -> None:
        self._model = self._trained.padded(len(items))
        self._model.axes[items.told] = self._reading.numbers(items.catalogue.take(items.told))

    def learn(self, arrivals: Arrivals) -> None:
        pass

    def model(self) -> MixedEffectsModel:
        return self._model

    def arrays(self) -> Arrays:
        return {}

    def restore(self, arrays: Arrays) -> None:
        pass


class MixedEffects(Source):
    """Recommend what the user would take on seeing it (mixed-effects logistic regression).

    The model of Zhang et al. 2016 (GLMix): slopes of each user and an offset of each item, both
    drawn from what is learned of all. A user's slopes are solved anew from what they took and what
    they passed over at every question. It has nothing to say where the log has no impressions.
    """

    name: ClassVar[str] = "mixed_effects"
    model: ClassVar[type[SourceModel]] = MixedEffectsModel

    categories: NonNegativeInt = 24
    """Categories that have an axis of their own, the most frequent ones."""

    directions: NonNegativeInt = 16
    """Axes for the words, tags and attributes of the items."""

    window: PositiveInt = 200
    """What a user was shown last that tells of their taste; people change."""

    people: PositiveInt = 5000
    """Users learned from at most, drawn by lot; more teach little else and take longer."""

    seed: NonNegativeInt = 0
    """Of that lot."""

    def fit(self, data: Dataset) -> MixedEffectsModel:
        people = self._people(data)
        told = [each.taken for each in people]
        if not any(each.any() for each in told) or all(each.all() for each in told):
            return self._silent(data)
        reading = ItemAxes.of(data, self.categories, self.directions)
        axes = reading.numbers(data.catalogue)
        with one_blas_thread():
            found = fit_effects(axes.astype(np.float64), people, ROUNDS)
        return MixedEffectsModel(
            axes,
            found.offsets.astype(np.float32),
            found.mean.astype(np.float32),
            found.spread.astype(np.float32),
            self.window,
            reading,
        )

    def _people(self, data: Dataset) -> list[Looks]:
        """What some users took and passed over, of those who passed anything over."""
        users = np.flatnonzero(np.diff(data.ignored.indptr))
        if len(users) > self.people:
            lot = np.random.default_rng(self.seed)
            users = np.sort(lot.choice(users, self.people, replace=False))
        return [
            looks_of(data.query(user, limit=LEARNED_FROM), LEARNED_FROM) for user in users.tolist()
        ]

    def _silent(self, data: Dataset) -> MixedEffectsModel:
        return MixedEffectsModel(
            axes=np.zeros((data.n_items, 0), np.float32),
            offsets=np.zeros(data.n_items, np.float32),
            mean=np.zeros(0, np.float32),
            spread=np.zeros((0, 0), np.float32),
            window=self.window,
        )


LEARNED_FROM: Final = 500
"""Items shown to a user that are learned from at a training, the last ones."""


def looks_of(query: Query, window: int) -> Looks:
    """What the user took and passed over of the last `window` items that they were shown.

    An item is taken where it was shown last before it was chosen, or rather: of the times that a
    chosen item was shown, the last. What the user chose or disliked without having been shown it
    was looked at as well; where more was shown than the window holds, nobody knows of older things
    whether they were, and they are left out.
    """
    shown = query.shown[-window:]
    chosen = query.history[query.weights > 0]
    _, last = np.unique(shown[::-1], return_index=True)
    newest = np.zeros(len(shown), bool)
    newest[len(shown) - 1 - last] = True
    taken = newest & np.isin(shown, chosen)
    if len(query.shown) > window:
        return Looks(shown, taken)
    met, first = np.unique(query.history[::-1], return_index=True)
    unseen = ~np.isin(met, shown)
    met, liked = met[unseen], query.weights[::-1][first[unseen]] > 0
    return Looks(np.concatenate([met, shown]), np.concatenate([liked, taken]))
