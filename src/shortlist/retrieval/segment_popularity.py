"""What people with the same mix of categories choose."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt
from pydantic import NonNegativeFloat
from scipy.sparse import csr_array

from shortlist.core.candidates import Items, Query, Scores
from shortlist.core.sparse import SparseRows, weighted_sum
from shortlist.datasets.arrivals import Arrivals
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.pair_sums import GRAIN, exact
from shortlist.retrieval.recency import recent
from shortlist.retrieval.source import Arrays, Learner, NewItems, Source, SourceModel
from shortlist.retrieval.sparse import pack, padded, unpack

Matrix = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Totals:
    """How much there was behind the shares of a training."""

    segments: Numbers
    """The choices of each segment."""
    categories: float
    """The categories of all choices."""


@dataclass(frozen=True)
class Since:
    """What was chosen since the training."""

    items: Items
    """The items that anything changed for, ascending."""
    counts: Matrix
    """items x categories: what each segment chose of them since."""
    kept: Scores
    """What is left of each segment's shares from the training: its choices then by those now."""
    each: Scores
    """What one choice is of all of each segment, until now."""


@dataclass(frozen=True)
class SegmentPopularityModel(SourceModel):
    categories: csr_array
    """items x categories."""
    usual: Matrix
    """The share of each category in everybody's choices."""
    shares: Matrix
    """categories x items: the share of a segment's choices that went to the item."""
    prior: float
    totals: Totals | None = None
    """None where that is not known."""
    since: Since | None = None

    def score(self, query: Query) -> Scores:
        items, weights = recent(query, None)
        profile = weighted_sum(self.categories, items, np.maximum(weights, 0))
        mix = profile + np.float32(self.prior) * self.usual
        share = mix / max(float(mix.sum()), 1e-9)
        since = self.since
        if since is None:
            return np.asarray(share @ self.shares, np.float32)
        scores = np.zeros(self.categories.shape[0], np.float32)
        scores[: self.shares.shape[1]] = (share * since.kept) @ self.shares
        scores[since.items] += since.counts @ (share * since.each)
        return scores

    def padded(self, n_items: int) -> Self:
        categories = padded(self.categories, n_items, self.categories.shape[1])
        shares = np.pad(self.shares, ((0, 0), (0, n_items - self.shares.shape[1])))
        return replace(self, categories=categories, shares=shares)

    def learner(self, catalogue: Catalogue) -> "SegmentPopularityLearner | None":
        if self.totals is None:
            return None
        return SegmentPopularityLearner(self._settled(), self.totals, catalogue.category_names)

    def _settled(self) -> Self:
        """The same in one table."""
        if self.since is None:
            return self
        longer = self.padded(self.categories.shape[0])
        shares = longer.shares * self.since.kept[:, None]
        shares[:, self.since.items] += self.since.counts.T * self.since.each[:, None]
        return replace(longer, shares=shares, since=None)

    def arrays(self) -> Arrays:
        packed = pack("categories", self.categories)
        prior = np.array([self.prior])
        found = {
            **packed,
            "usual": self.usual,
            "shares": self._settled().shares,
            "prior": prior,
        }
        if self.totals is not None:
            found["segment_totals"] = self.totals.segments
            found["category_total"] = np.array([self.totals.categories])
        return found

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        totals = None
        if "segment_totals" in arrays and "category_total" in arrays:
            segments = np.asarray(arrays["segment_totals"], np.float64)
            (categories,) = np.asarray(arrays["category_total"], np.float64).tolist()
            totals = Totals(segments, categories)
        return cls(
            categories=unpack("categories", arrays),
            usual=np.asarray(arrays["usual"], np.float32),
            shares=np.asarray(arrays["shares"], np.float32),
            prior=float(np.asarray(arrays["prior"], np.float64)[0]),
            totals=totals,
        )


class SegmentPopularityLearner(Learner):
    """What each segment chose since the training.

    With each choice of another item its user belongs a little more to some segments and less to
    others, and all that they chose with them.
    """

    def __init__(
        self, trained: SegmentPopularityModel, totals: Totals, names: Sequence[str]
    ) -> None:
        self._trained = trained
        self._totals = totals
        self._column = {name: place for place, name in enumerate(names)}
        self._categories = trained.categories
        n_items, segments = self._categories.shape
        self._counts = np.zeros((n_items, segments))
        self._touched = np.zeros(n_items, bool)
        self._usual = np.zeros(segments)

    def extend(self, items: NewItems) -> None:
        more = len(items) - len(self._touched)
        if more:
            self._touched = np.pad(self._touched, (0, more))
            self._counts = np.pad(self._counts, ((0, more), (0, 0)))
        self._categories = self._of(items)

    def _of(self, items: NewItems) -> csr_array:
        """items x categories: of the training, and of items that came since."""
        known = self._trained.categories
        came = items.catalogue.categories[known.shape[0] :]
        columns = [self._columns(names) for names in came]
        ends = known.indptr[-1] + np.cumsum([len(own) for own in columns], dtype=np.int64)
        added = np.array([column for own in columns for column in own], known.indices.dtype)
        parts = (
            np.concatenate([known.data, np.ones(len(added), np.float32)]),
            np.concatenate([known.indices, added]),
            np.concatenate([known.indptr, ends.astype(known.indptr.dtype)]),
        )
        return csr_array(parts, shape=(len(items), known.shape[1]))

    def _columns(self, names: Sequence[str]) -> list[int]:
        """The columns of some categories; a catalogue without any is one segment."""
        return (
            sorted({self._column[n] for n in names if n in self._column}) if self._column else [0]
        )

    def learn(self, arrivals: Arrivals) -> None:
        some = arrivals.novel
        if not len(some):
            return
        others, sign = some.others, some.sign.astype(np.float64)
        own = self._sums(some.item, np.arange(len(some)), len(some))
        before = self._sums(others.items, others.event, len(some))
        belonged, belongs = _belonging(before), _belonging(before + own)
        self._add(others.items, others.bounds, (belongs - belonged) * sign[:, None])
        self._add(some.item, np.arange(len(some) + 1), belongs * sign[:, None])
        self._usual += (own * sign[:, None]).sum(axis=0)

    def _sums(self, items: Items, event: Places, events: int) -> Numbers:
        """events x categories: how many of some items, each of an event, have each category."""
        found = SparseRows.of(self._categories, items)
        cells = event.repeat(np.diff(found.bounds)) * found.width + found.columns
        sums = np.bincount(cells, minlength=events * found.width)
        return sums.reshape(events, found.width).astype(np.float64)

    def _add(self, items: Items, bounds: Places, amounts: Numbers) -> None:
        """Count the same of several items of an event, for each event."""
        rows = SparseRows(bounds.astype(np.int32), items, np.ones(len(items)), len(self._counts))
        rows.add_totals(amounts, self._counts)
        self._touched[items] = True

    def model(self) -> SegmentPopularityModel:
        items = np.flatnonzero(self._touched).astype(np.int32)
        counts, totals = self._counts[items], self._totals
        segments = totals.segments + counts.sum(axis=0)
        categories = totals.categories + float(self._usual.sum())
        usual = self._trained.usual * totals.categories + self._usual
        since = Since(
            items=items,
            counts=counts.astype(np.float32),
            kept=(totals.segments / np.maximum(segments, GRAIN)).astype(np.float32),
            each=(1 / np.maximum(segments, GRAIN)).astype(np.float32),
        )
        return replace(
            self._trained,
            categories=self._categories,
            usual=(usual / max(1.0, categories)).astype(np.float32),
            totals=Totals(segments, categories),
            since=since,
        )

    def arrays(self) -> Arrays:
        items = np.flatnonzero(self._touched).astype(np.int32)
        return {"items": items, "counts": self._counts[items], "usual": self._usual.copy()}

    def restore(self, arrays: Arrays) -> None:
        items = np.asarray(arrays["items"], np.int32)
        self._counts[:], self._touched[:] = 0, False
        self._counts[items], self._touched[items] = arrays["counts"], True
        self._usual = np.array(arrays["usual"], np.float64)


def _belonging(profiles: Numbers) -> Numbers:
    """How much each profile belongs to each segment, in amounts whose sums are exact."""
    return exact(profiles / np.maximum(profiles.sum(axis=1, keepdims=True), 1e-9))


class SegmentPopularity(Source):
    """Recommend what is popular among people who choose the same categories.

    A segment is a category; a person belongs to each by the share of their choices in it. A
    newcomer has everybody's mix, and a catalogue without categories is one segment.
    """

    name: ClassVar[str] = "segment_popularity"
    model: ClassVar[type[SourceModel]] = SegmentPopularityModel

    prior: NonNegativeFloat = 5.0
    """Choices of the usual mix every history is taken to hold beside its own."""

    def fit(self, data: Dataset) -> SegmentPopularityModel:
        categories = data.catalogue.category_matrix
        if not data.catalogue.category_names:
            categories = csr_array(np.ones((data.n_items, 1), np.float32))
        chosen = data.interactions
        profiles = np.asarray((chosen @ categories).todense(), np.float64)
        usual = profiles.sum(axis=0) / max(1.0, profiles.sum())
        belongs = profiles / np.maximum(profiles.sum(axis=1, keepdims=True), 1e-9)
        counts = np.asarray(chosen.T @ belongs).T
        totals = counts.sum(axis=1)
        shares = counts / np.maximum(totals[:, None], 1e-9)
        return SegmentPopularityModel(
            categories=categories,
            usual=usual.astype(np.float32),
            shares=shares.astype(np.float32),
            prior=self.prior,
            totals=Totals(totals, float(profiles.sum())),
        )
