"""Items that tend to follow what the user did last."""

from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt
from scipy.sparse import csr_array

from shortlist.core.candidates import Items, Query, Scores
from shortlist.core.sparse import weighted_sum
from shortlist.datasets.arrivals import Arrivals
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.pair_sums import GRAIN, Pairs, PairSums, exact, still_there
from shortlist.retrieval.recency import fading, recent
from shortlist.retrieval.source import Arrays, Learner, NewItems, Source, SourceModel
from shortlist.retrieval.sparse import column_of, largest_per_row, pack, padded, unpack

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Since:
    """What followed what since the training. Every row is renewed exactly by two factors."""

    counts: tuple[csr_array, ...]
    """items x items: how often the column followed the row since, by distance. Their sum counts."""
    kept: Scores
    """What is left of each row's shares from the training: what had followed by what has."""
    each: Scores
    """What one follower is of all that followed each item, until now."""


@dataclass(frozen=True)
class Steps:
    """What counts as following."""

    window: int
    decay: float
    shrinkage: float

    @property
    def weights(self) -> Numbers:
        """What a pair counts by its distance, from 1 on; at 0 and behind the window nothing."""
        steps = self.decay ** np.arange(self.window)
        return exact(np.concatenate([[0], steps, [0, 0]]))


@dataclass(frozen=True)
class TransitionsModel(SourceModel):
    follows: csr_array
    """items x items: how readily the column follows the row."""
    half_life: float
    totals: Numbers | None = None
    """All that followed each item, with the shrinkage; None where that is not known."""
    steps: Steps | None = None
    since: Since | None = None

    def score(self, query: Query) -> Scores:
        items, weights = recent(query, self.half_life)
        if self.since is None:
            return weighted_sum(self.follows, items, weights)
        since = self.since
        scores: Scores = weighted_sum(self.follows, items, weights * since.kept[items])
        for counts in since.counts:
            scores += weighted_sum(counts, items, weights * since.each[items])
        return scores

    def because(self, query: Query, item: int) -> Scores:
        history = query.history
        parts = column_of(self.follows, history, item)
        if self.since is not None:
            parts = parts * self.since.kept[history]
            for counts in self.since.counts:
                parts += column_of(counts, history, item) * self.since.each[history]
        return parts * fading(query, self.half_life)

    def padded(self, n_items: int) -> Self:
        return replace(self, follows=padded(self.follows, n_items, n_items))

    def learner(self, catalogue: Catalogue) -> "TransitionsLearner | None":  # noqa: ARG002
        if self.totals is None or self.steps is None:
            return None
        return TransitionsLearner(self._settled(), self.totals, self.steps)

    def _settled(self) -> Self:
        """The same in one table."""
        if self.since is None:
            return self
        kept, each = self.since.kept[:, None], self.since.each[:, None]
        table = csr_array(self.follows.multiply(kept))
        for counts in self.since.counts:
            table = csr_array(table + counts.multiply(each))
        return replace(self, follows=table, since=None)

    def arrays(self) -> Arrays:
        found: Arrays = pack("follows", self._settled().follows)
        found["half_life"] = np.array([self.half_life])
        if self.totals is not None and self.steps is not None:
            found["totals"] = self.totals
            found["steps"] = np.array([self.steps.window, self.steps.decay, self.steps.shrinkage])
        return found

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        (half_life,) = np.asarray(arrays["half_life"], np.float64).tolist()
        follows = unpack("follows", arrays)
        if "totals" not in arrays or "steps" not in arrays:
            return cls(follows, half_life)
        window, decay, shrinkage = np.asarray(arrays["steps"], np.float64).tolist()
        totals = np.asarray(arrays["totals"], np.float64)
        return cls(follows, half_life, totals, Steps(int(window), decay, shrinkage))


class TransitionsLearner(Learner):
    """How often what followed what since the training."""

    def __init__(self, trained: TransitionsModel, totals: Numbers, steps: Steps) -> None:
        self._trained = trained
        self._totals = totals
        self._steps = steps
        self._weights = steps.weights
        self._counts = PairSums()
        self._lower: list[tuple[Pairs, tuple[csr_array, Numbers]]] = []
        """The lower layers of the counts, each as a table, and its rows' sums."""

    def extend(self, items: NewItems) -> None:
        if len(items) > len(self._totals):
            new = np.full(len(items) - len(self._totals), self._steps.shrinkage)
            self._totals = np.concatenate([self._totals, new])
            self._trained = self._trained.padded(len(items))
            self._lower = [
                (layer, (padded(counts, len(items), len(items)), np.pad(totals, (0, len(new)))))
                for layer, (counts, totals) in self._lower
            ]

    def learn(self, arrivals: Arrivals) -> None:
        chosen = arrivals.chosen
        if not len(chosen):
            return
        window = self._steps.window
        before, behind = (
            np.minimum(np.diff(bounds), window) for bounds in (chosen.bounds, chosen.later_bounds)
        )
        for stretch in self._counts.stretches(before + behind + before * behind):
            self._learn(chosen.stretch(stretch))

    def _learn(self, chosen: Arrivals) -> None:
        before = _nearest(chosen.bounds, self._steps.window, behind=False)
        behind = _nearest(chosen.later_bounds, self._steps.window, behind=True)
        self._follow(chosen, chosen.past[before.place], chosen.item[before.event], before)
        self._follow(chosen, chosen.item[behind.event], chosen.later[behind.place], behind)
        for event in np.flatnonzero(np.diff(chosen.later_bounds)):
            self._part(chosen, int(event))

    def _follow(self, chosen: Arrivals, first: Items, then: Items, near: "_Near") -> None:
        """Count that some items were followed by others."""
        other = first != then
        amounts = self._weights[near.distance[other]] * chosen.sign[near.event[other]]
        self._counts.add(first[other], then[other], amounts)

    def _part(self, chosen: Arrivals, event: int) -> None:
        """Put what lies before and behind an event that came between a step further apart."""
        start, end = chosen.bounds[event : event + 2]
        before = chosen.past[max(start, end - self._steps.window) : end][::-1]
        start, end = chosen.later_bounds[event : event + 2]
        behind = chosen.later[start : min(end, start + self._steps.window)]
        apart = np.add.outer(np.arange(len(before)), np.arange(len(behind))) + 1
        apart = np.minimum(apart, self._steps.window + 1)
        first, then = (
            each.ravel() for each in np.broadcast_arrays(before[:, None], behind[None, :])
        )
        change = (self._weights[apart + 1] - self._weights[apart]).ravel() * chosen.sign[event]
        other = (first != then) & (change != 0)
        self._counts.add(first[other], then[other], change[other])

    def model(self) -> TransitionsModel:
        layers, upper, n_items = self._counts.lower, self._counts.upper(), len(self._totals)
        lower = still_there(self._lower, layers)
        for layer in layers[len(lower) :]:
            table = layer.table(layer.total, (n_items, n_items))
            lower.append((table, layer.row_totals(n_items)))
        self._lower = list(zip(layers, lower, strict=True))
        totals = self._totals + upper.row_totals(n_items)
        for _, more in lower:
            totals += more
        since = Since(
            counts=(
                *(table for table, _ in lower),
                upper.table(upper.total, (n_items, n_items)),
            ),
            kept=(self._totals / np.maximum(totals, GRAIN)).astype(np.float32),
            each=(1 / np.maximum(totals, GRAIN)).astype(np.float32),
        )
        return replace(self._trained, totals=totals, since=since)

    def arrays(self) -> Arrays:
        return self._counts.arrays()

    def restore(self, arrays: Arrays) -> None:
        self._counts.restore(arrays)


@dataclass(frozen=True)
class _Near:
    """The items nearest to each event, on one side of it."""

    event: npt.NDArray[np.int64]
    distance: npt.NDArray[np.int64]
    """1 for the nearest."""
    place: npt.NDArray[np.int64]


def _nearest(bounds: npt.NDArray[np.int64], window: int, *, behind: bool) -> _Near:
    """The first of each part (what lies behind an event), or the last (what lies before it)."""
    lengths = np.minimum(bounds[1:] - bounds[:-1], window)
    event = np.arange(len(lengths)).repeat(lengths)
    ends = lengths.cumsum()
    distance = np.arange(len(event)) - (ends - lengths)[event] + 1
    place = bounds[:-1][event] + distance - 1 if behind else bounds[1:][event] - distance
    return _Near(event, distance, place)


class Transitions(Source):
    """Recommend what people chose within a few steps after the user's last choices.

    A pair counts by how close the second came after the first, and a row is divided by all
    that followed its item: a first-order Markov chain with skips (Rendle et al. 2010, section
    4; skips as in Garg et al. 2019). A log without times has no order and teaches nothing.
    """

    name: ClassVar[str] = "transitions"
    model: ClassVar[type[SourceModel]] = TransitionsModel

    window: PositiveInt = 20
    """How many steps after an item still count as following it."""

    decay: float = Field(default=0.9, gt=0, le=1)
    """What a pair one step further apart counts, relative to the nearer one."""

    shrinkage: NonNegativeFloat = 5.0
    """Followers an item is assumed to have had beside those seen."""

    half_life: PositiveFloat = 5.0
    """Events back in the history after which one counts half."""

    followers: PositiveInt = 1000
    """Following items kept per item."""

    def fit(self, data: Dataset) -> TransitionsModel:
        counts = self._counts(data)
        totals = np.asarray(counts.sum(axis=1), np.float64) + self.shrinkage
        lengths = np.diff(counts.indptr)
        shares = counts.data / np.repeat(totals, lengths)
        table = csr_array((shares.astype(np.float32), counts.indices, counts.indptr), counts.shape)
        follows = largest_per_row(table, self.followers)
        if not data.timed:
            return TransitionsModel(follows, self.half_life)
        steps = Steps(self.window, self.decay, self.shrinkage)
        return TransitionsModel(follows, self.half_life, totals, steps)

    def _counts(self, data: Dataset) -> csr_array:
        shape = (data.n_items, data.n_items)
        counts = csr_array(shape, dtype=np.float64)
        if not data.timed:
            return counts
        item, user = _sequences(data)
        for lag in range(1, min(self.window, len(item) - 1) + 1):
            together = user[lag:] == user[:-lag]
            first, then = item[:-lag][together], item[lag:][together]
            other = first != then
            weight = np.full(int(other.sum()), self.decay ** (lag - 1))
            counts = counts + csr_array((weight, (first[other], then[other])), shape=shape)
        return counts


def _sequences(data: Dataset) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Items and users of the positive events, user after user, oldest first."""
    order, _ = data.by_user
    order = order[data.positive[order]]
    return data.events.item[order], data.events.user[order]
