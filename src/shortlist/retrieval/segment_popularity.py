"""What people with the same mix of categories choose."""

from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt
from pydantic import NonNegativeFloat
from scipy.sparse import csr_array

from shortlist.core.candidates import Query, Scores
from shortlist.core.sparse import weighted_sum
from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.recency import recent
from shortlist.retrieval.source import Arrays, Source, SourceModel
from shortlist.retrieval.sparse import pack, padded, unpack

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True)
class SegmentPopularityModel(SourceModel):
    categories: csr_array
    """items x categories."""
    usual: Matrix
    """The share of each category in everybody's choices."""
    shares: Matrix
    """categories x items: the share of a segment's choices that went to the item."""
    prior: float

    def score(self, query: Query) -> Scores:
        items, weights = recent(query, None)
        profile = weighted_sum(self.categories, items, np.maximum(weights, 0))
        mix = profile + np.float32(self.prior) * self.usual
        share = mix / max(float(mix.sum()), 1e-9)
        return np.asarray(share @ self.shares, np.float32)

    def padded(self, n_items: int) -> Self:
        categories = padded(self.categories, n_items, self.categories.shape[1])
        shares = np.pad(self.shares, ((0, 0), (0, n_items - self.shares.shape[1])))
        return replace(self, categories=categories, shares=shares)

    def arrays(self) -> Arrays:
        packed = pack("categories", self.categories)
        prior = np.array([self.prior])
        return {**packed, "usual": self.usual, "shares": self.shares, "prior": prior}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        return cls(
            categories=unpack("categories", arrays),
            usual=np.asarray(arrays["usual"], np.float32),
            shares=np.asarray(arrays["shares"], np.float32),
            prior=float(np.asarray(arrays["prior"], np.float64)[0]),
        )


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
        shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1e-9)
        return SegmentPopularityModel(
            categories=categories,
            usual=usual.astype(np.float32),
            shares=shares.astype(np.float32),
            prior=self.prior,
        )
